"""When no reply came in time: the IRO is asked, the line manager told, and weeks later the next senior person."""

from datetime import datetime, timedelta

from handlers.calendar_changes import lengthen_reply
from handlers.concerns.case import Case
from handlers.concerns.starting import Start, begin
from handlers.hearing import for_iro, present, reached
from handlers.lifecycle import Act, advance
from handlers.messages.asking import overdue
from handlers.messages.dates import day_of
from handlers.messages.deciding import moved_by_clock, quiet
from handlers.messages.deciding import no_reply as no_reply_told
from handlers.messages.matter import Matter, next_stage
from handlers.messages.message import Message
from handlers.messages.owing import Cause, about_concern, owe
from handlers.messages.table import ASKING
from handlers.parts import add_person, worked_next
from handlers.people.addressees import Found, next_senior
from handlers.set_aside import set_aside
from handlers.standing import iro_of
from scheduling import ladder
from scheduling.ladder import Rung
from storage import nudges, outbox, stage_runs
from storage.concerns import ConcernState
from storage.stage_runs import Part, RunKind, StageRun

ASK_AGAIN = timedelta(hours=1)
SENIOR_TOLD = "the next senior person was told"
"""What the history calls it."""


def no_reply(case: Case) -> None:
    run = case.present_run
    if case.concern.state is not ConcernState.WAITING or run.due_at is None or _lengthened(case, run):
        return
    if run.due_at > case.scene.now:  # an extension came in between: its own nudge is planned
        return
    if _on_its_way(case, run):
        later = case.scene.now + ASK_AGAIN
        nudges.plan(case.scene.session, subject=case.subject, rung=Rung.DEADLINE, due_at=later, run_id=run.id)
        return
    run.deadline_told_at = case.scene.now
    case.scene.session.add(run)
    case.record_by_clock("no reply by the deadline", stage=run.number)
    following = next_stage(case.rules, run)
    if _escalates(case, run) and following is not None:
        _move_by_itself(case, run, following)
        return
    _ask_iro(case, no_reply_told)
    silent = _told_late(case, run)
    owe(case.scene, overdue, silent, _cause(case))
    _alert_manager(case, run)
    _plan_after_deadline(case)


def _move_by_itself(case: Case, run: StageRun, following: int) -> None:
    """The procedures let the stage end by itself: the next begins, and all of them read that nobody moved it."""
    assert run.due_at is not None
    silent = _told_late(case, run)
    owe(case.scene, overdue, silent, _cause(case), moved=following)
    begin(case, Start(number=following, kind=RunKind.ENTRY, told=frozenset(silent)))
    case.record_by_clock("moved by the clock", stage=following)
    readers = for_iro(case.scene, case.concern, case.child)
    owe(case.scene, moved_by_clock, readers, about_concern(case.concern), late=day_of(run.due_at))


def _on_its_way(case: Case, run: StageRun) -> bool:
    """Whether those asked have yet to get their message: day 0 is the day it is delivered."""
    assert run.id is not None
    if stage_runs.was_delivered(case.scene.session, run.id):
        return False
    return outbox.still_owed(case.scene.session, run.id, ASKING)


def _cause(case: Case) -> Cause:
    """The deadlines of one run, which extensions move, are told apart."""
    extensions = case.present_run.extensions
    return about_concern(case.concern, f"extended {extensions}" if extensions else "")


def _iro(case: Case) -> int:
    return iro_of(case.concern, case.child)


def _escalates(case: Case, run: StageRun) -> bool:
    return not run.kind.is_immediate and case.rules.stage(run.number).on_no_reply == "escalate"


def _lengthened(case: Case, run: StageRun) -> bool:
    """Give the run the time a holiday added since; True when the deadline has not come after all."""
    return lengthen_reply(case) and run.due_at is not None and run.due_at > case.scene.now


def _ask_iro(case: Case, asking: Message[Matter]) -> None:
    concern = case.concern
    concern.state = advance(case.ref, concern.state, Act.NO_REPLY)
    concern.state_since = case.scene.now
    case.scene.session.add(concern)
    owe(case.scene, asking, for_iro(case.scene, concern, case.child), _cause(case))


def _silent(case: Case, run: StageRun) -> list[int]:
    assert run.id is not None
    asked = stage_runs.people_of(case.scene.session, run.id, Part.ADDRESSED)
    return [part.person_id for part in asked if part.is_awaited]


def _told_late(case: Case, run: StageRun) -> list[int]:
    """Who is told that their reply is late: those asked, or who covers them. It is never owed to somebody gone."""
    told = (reached(case.scene, one, never=_iro(case)) for one in _silent(case, run))
    return [one for one in told if present(case.scene, one)]


def _alert_manager(case: Case, run: StageRun) -> None:
    """Tell the line manager of each silent addressee, who may from then on read what the concern says."""
    for person_id in _silent(case, run):
        found = above(case, person_id)
        if found is not None:
            _alert(case, run, found)


def _alert(case: Case, run: StageRun, found: Found) -> None:
    assert run.id is not None
    assert found.person.id is not None
    asked = stage_runs.people_of(case.scene.session, run.id, Part.ADDRESSED)
    if found.person.id in {one.person_id for one in asked if one.passed_to_id is None}:
        return
    add_person(case.scene, run, found, Part.ALERTED)
    owe(case.scene, overdue, found.person.id, _cause(case))


def _plan_after_deadline(case: Case) -> None:
    for planned in rungs_after_deadline(case, case.scene.now):
        nudges.plan(
            case.scene.session,
            subject=case.subject,
            rung=planned.rung,
            due_at=planned.at,
            run_id=case.concern.run_id,
        )


def rungs_after_deadline(case: Case, passed_at: datetime) -> list[ladder.Planned]:
    """What the clock asks once a deadline has passed unanswered, until the IRO has decided."""
    rules = case.rules.ladder
    return ladder.after_deadline(
        passed_at, rules.manager_again, rules.next_senior_after, rules.decision_within, case.scene.calendar
    )


def informal(case: Case) -> None:
    if case.concern.state is not ConcernState.WAITING or case.present_run.due_at is not None:
        return
    _ask_iro(case, quiet)
    case.record_by_clock("quiet for long", stage=case.present_run.number)
    asked = ladder.for_decision(case.scene.now, case.rules.ladder.decision_within, case.scene.calendar)
    run_id = case.concern.run_id
    nudges.plan(case.scene.session, subject=case.subject, rung=asked.rung, due_at=asked.at, run_id=run_id)


def tell_next_senior(case: Case) -> None:
    """Weeks after the deadline: the next senior person above those already told."""
    run = case.present_run
    if case.concern.state is not ConcernState.ASKED or run.id is None:
        return
    for found in next_seniors(case):
        _alert(case, run, found)
        case.record_by_clock(SENIOR_TOLD, person=found.person.id)


def next_seniors(case: Case) -> list[Found]:
    """Who is above those alerted already."""
    alerted = stage_runs.people_of(case.scene.session, case.present_run.id or 0, Part.ALERTED)
    higher = [above(case, part.person_id) for part in alerted]
    return [found for found in higher if found is not None]


def above(case: Case, person_id: int) -> Found | None:
    return next_senior(
        case.scene.session,
        case.scene.rules,
        person_id=person_id,
        child=case.child,
        iro_id=_iro(case),
        on=case.scene.today,
        aside=set_aside(case.scene, case.concern, case.child, case.present_run.number),
        worked=worked_next(case.scene) if case.present_run.kind.is_immediate else None,
    )
