"""Exercises of the person who decides on a concern: taken further, judged, or left."""

from sqlmodel import Session

from bot.sample.exercises.exercise import DONE, NOT_YET, Result, Task, otherwise
from storage import stage_runs
from storage.concerns import Concern, ConcernState
from storage.stage_runs import StageRun


def to_decide(text: str, concern: Concern) -> Task:
    """A task about one concern as it stands; `text` has room for its reference: {ref}."""
    facts = {"concern": str(concern.id), "run": str(concern.run_id), "ref": concern.reference}
    return Task(text=text.format(ref=concern.reference), facts=facts)


def moved_up(session: Session, task: Task) -> Result:
    """Whether it stands at a higher stage now."""
    concern, before, run = _now(session, task)
    ref = task.facts["ref"]
    if run.number > before.number:
        return DONE
    if concern.state is ConcernState.CLOSED:
        return otherwise(f"{ref} is closed: nobody more senior has been asked.")
    if run.id != before.id:
        return otherwise(f"{ref} has been asked again and stays where it was.")
    if concern.state is ConcernState.WAITING:
        return otherwise(f"There is more time for {ref} now: it stays where it was.")
    if concern.state is not ConcernState.ASKED:
        return otherwise(f"A reply to {ref} came first: now it is to be judged.")
    return NOT_YET


def judged(session: Session, task: Task) -> Result:
    """Whether the IRO has said that the reply will do, or taken it further."""
    concern, before, run = _now(session, task)
    if concern.state is ConcernState.CLOSED or run.number > before.number:
        return DONE
    if run.id != before.id:
        return otherwise(
            f"{task.facts['ref']} has been asked again: you were not satisfied, and it stays there.", done=True
        )
    return NOT_YET


def _now(session: Session, task: Task) -> tuple[Concern, StageRun, StageRun]:
    """The concern, the run it stood at, and the one it stands at."""
    concern = session.get(Concern, int(task.facts["concern"]))
    before = stage_runs.get(session, int(task.facts["run"]))
    assert concern is not None
    assert before is not None
    run = stage_runs.get(session, concern.run_id or 0)
    assert run is not None
    return concern, before, run
