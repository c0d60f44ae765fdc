"""When an urgent concern is not seen within the hour: the next senior person is asked, and so on up the line."""

from handlers.concerns.case import Case
from handlers.hearing import for_iro, iro_managers
from handlers.messages.owing import about_concern, owe
from handlers.messages.urgent import unseen as unseen_told
from handlers.messages.urgent import urgent
from handlers.overdue import above
from handlers.parts import add_person, seen_by
from scheduling.ladder import Rung
from storage import nudges, stage_runs
from storage.concerns import ConcernState
from storage.stage_runs import Addressee, Part

NOT_SEEN = "not seen in time"
"""What the history calls it."""


def unseen(case: Case) -> None:
    """The immediate route's hour is over: the next senior person is asked, the IRO and their manager are told.

    The person asked now has an hour too; then it goes on to the person above them.
    """
    run = case.present_run
    if case.concern.state is not ConcernState.WAITING or run.id is None or not run.kind.is_immediate:
        return
    asked = stage_runs.people_of(case.scene.session, run.id, Part.ADDRESSED)
    waiting = [part for part in asked if _is_late(case, part) and not _seen_above(case, part, asked)]
    if not waiting:
        return
    higher = [found for part in waiting if (found := above(case, part.person_id)) is not None]
    fresh = [found for found in higher if found.person.id not in {part.person_id for part in asked}]
    because = case.scene.now.isoformat()
    for found in fresh:
        part = add_person(case.scene, run, found, Part.ADDRESSED)
        owe(case.scene, urgent, part.person_id, about_concern(case.concern, "unseen"), unseen=1)
    if fresh:
        watch(case)
    case.record_by_clock(NOT_SEEN, stage=run.number)
    told = [*for_iro(case.scene, case.concern, case.child), *iro_managers(case.scene, case.concern, case.child)]
    owe(case.scene, unseen_told, told, about_concern(case.concern, because))


def watch(case: Case) -> None:
    """Look again when the person asked on the immediate route now has had their time to press Seen."""
    due = seen_by(case.scene, case.rules, case.scene.now)
    if due is not None:
        nudges.plan(case.scene.session, subject=case.subject, rung=Rung.UNSEEN, due_at=due, run_id=case.present_run.id)


def _is_late(case: Case, part: Addressee) -> bool:
    """Whether this person has had their time and has neither seen it, replied, nor passed it on."""
    if part.seen_at is not None or part.replied_at is not None or part.passed_to_id is not None:
        return False
    due = seen_by(case.scene, case.rules, part.added_at)
    return due is not None and due <= case.scene.now


def _seen_above(case: Case, part: Addressee, asked: list[Addressee]) -> bool:
    """Whether the person above, asked because this one had not seen it, has seen it: nobody is told of that twice."""
    found = above(case, part.person_id)
    return any(
        found is not None and one.person_id == found.person.id and one.added_at > part.added_at and one.seen_at
        for one in asked
    )
