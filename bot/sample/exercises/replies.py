"""Exercises in answering: whether the person asked has replied to the concern, and in time."""

from datetime import datetime

from sqlmodel import Session, select

from bot.sample.exercises.exercise import DONE, NOT_YET, Result, Task, otherwise
from bot.sample.looking import person
from scheduling.deadline_wording import say_day, say_time
from scheduling.working_days import local
from storage.concerns import Concern, ConcernState
from storage.stage_runs import Addressee, Part, StageRun


def to_answer(text: str, concern: Concern, run: StageRun, email: str, now: datetime) -> Task:
    """A task about one concern; `text` has room for its reference and its moment: {ref}, {by}."""
    facts = {"concern": str(concern.id), "run": str(run.id), "email": email, "ref": concern.reference}
    return Task(text=text.format(ref=concern.reference, by=said(run.due_at, now)), facts=facts)


def said(moment: datetime | None, now: datetime) -> str:
    """ "5 pm today", or with its day: "5 pm, Wed 25 Nov"; "then" where there is no moment."""
    if moment is None:
        return "then"
    here, today = local(moment), local(now).date()
    day = " today" if here.date() == today else f", {say_day(here.date(), today)}"
    return f"{say_time(here.time())}{day}"


def replied(session: Session, task: Task) -> Result:
    """Whether they have, and whether it was in time."""
    result = answered(session, task)
    run, part = session.get(StageRun, int(task.facts["run"])), part_of(session, task)
    if run is None or run.due_at is None or part is None or part.replied_at is None:
        return result
    late = part.replied_at > run.due_at
    return otherwise(f"{task.facts['ref']} was answered, and after its time.", done=True) if late else result


def answered(session: Session, task: Task) -> Result:
    """Whether they have, in time or not."""
    part, ref = part_of(session, task), task.facts["ref"]
    if part is None:
        return NOT_YET
    if part.replied_at is not None:
        return DONE
    if part.passed_to_id is not None:
        return otherwise(f"You passed {ref} on: somebody else is asked in your place.")
    concern = session.get(Concern, int(task.facts["concern"]))
    if concern is not None and concern.state is ConcernState.CLOSED:
        return otherwise(f"{ref} was closed without your answer.")
    if concern is not None and concern.run_id != int(task.facts["run"]):
        return otherwise(f"The IRO has taken {ref} further without your answer.")
    return NOT_YET


def seen(session: Session, task: Task) -> Result:
    """Whether they have pressed Seen, or done more than that."""
    part = part_of(session, task)
    if part is None or part.seen_at is None:
        return NOT_YET
    return DONE


def part_of(session: Session, task: Task) -> Addressee | None:
    """The person's part in the stage run."""
    who = person(session, task.facts["email"])
    query = select(Addressee).where(
        Addressee.run_id == int(task.facts["run"]), Addressee.person_id == who.id, Addressee.part == Part.ADDRESSED
    )
    return session.exec(query).first()
