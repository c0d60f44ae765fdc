"""What the clock does: each nudge that falls due asks the rules again, and takes one step at most."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from handlers.calendar_changes import lengthen_limit
from handlers.concerns.case import Case, case_of
from handlers.concerns.starting import forget_run
from handlers.day import morning_has_come, next_morning, owe_mornings
from handlers.lifecycle import Act, advance
from handlers.messages.kinds import Kind
from handlers.messages.owing import owe
from handlers.messages.recipients import for_iro, iro_managers
from handlers.office import Scene, rules_in_force
from handlers.overdue import informal, no_reply, tell_next_senior
from handlers.reviews import clock as reviews_clock
from handlers.unseen import unseen
from scheduling.deadlines import deadline
from scheduling.ladder import Rung
from storage import concerns, nudges
from storage.concerns import ConcernState
from storage.nudges import Nudge


def fire(session: Session, nudge: Nudge, now: datetime) -> None:
    """Do what a due nudge asks, if it still applies: messages, next nudges and history in the caller's transaction."""
    scene = Scene(session=session, now=now, authority=nudge.authority, rules=rules_in_force(session, nudge.authority))
    rung = Rung(nudge.rung)
    if rung is Rung.DAY:
        if morning_has_come(scene):
            owe_mornings(scene)
        nudges.forget(session, "day")
        next_morning(scene)
        return
    if reviews_clock.is_about_review(nudge):
        reviews_clock.fire(scene, nudge)
        return
    concern = concerns.locked(session, int(nudge.subject.removeprefix("concern:")))
    if concern is None or concern.state is ConcernState.CLOSED:
        return
    if nudge.run_id is not None and nudge.run_id != concern.run_id:
        return
    _RUNGS[rung](case_of(scene, concern))


def _undecided(case: Case) -> None:
    """The IRO has had something to decide for long: the IRO manager is told."""
    if case.concern.state not in (ConcernState.ASKED, ConcernState.REPLIED):
        return
    case.record_by_clock("no decision by the IRO in time")
    for person_id in iro_managers(case.scene, case.concern, case.child):
        owe(case.scene, Kind.UNDECIDED, person_id, case.concern, because=case.concern.state_since.isoformat())


def _plan_due(case: Case) -> None:
    if case.concern.state is not ConcernState.PLANNED:
        return
    run = case.present_run
    case.concern.state = advance(case.ref, case.concern.state, Act.PLAN_DUE)
    case.concern.state_since = case.scene.now
    case.scene.session.add(case.concern)
    forget_run(case)
    due = deadline(case.scene.now, case.rules.ladder.verdict_within, case.scene.calendar).at
    nudges.plan(case.scene.session, subject=case.subject, rung=Rung.VERDICT, due_at=due, run_id=run.id)
    case.record_by_clock("the plan's date has come", until=run.plan_by.isoformat() if run.plan_by else None)
    for person_id in for_iro(case.scene, case.concern, case.child):
        owe(case.scene, Kind.PLAN_DUE, person_id, case.concern, because=str(run.plan_by))


def _limit(kind: Kind) -> Callable[[Case], None]:
    def tell(case: Case) -> None:
        concern = case.concern
        if concern.limit_at is None or concern.limit_from is None:
            return
        if kind is Kind.LIMIT_NEAR and concern.limit_at <= case.scene.now:
            return
        if kind is Kind.LIMIT_PASSED and lengthen_limit(case) and concern.limit_at > case.scene.now:
            return
        case.record_by_clock(kind.value)
        told = [*for_iro(case.scene, concern, case.child), *iro_managers(case.scene, concern, case.child)]
        for person_id in dict.fromkeys(told):
            owe(case.scene, kind, person_id, concern, because=f"cycle {concern.cycle}")

    return tell


_RUNGS: dict[Rung, Callable[[Case], None]] = {
    Rung.DEADLINE: no_reply,
    Rung.INFORMAL: informal,
    Rung.NEXT_SENIOR: tell_next_senior,
    Rung.UNSEEN: unseen,
    Rung.DECISION: _undecided,
    Rung.VERDICT: _undecided,
    Rung.PLAN: _plan_due,
    Rung.LIMIT_NEAR: _limit(Kind.LIMIT_NEAR),
    Rung.LIMIT_PASSED: _limit(Kind.LIMIT_PASSED),
}


def wake(session: Session, authority: str, now: datetime) -> None:
    """What an authority needs once at start: its next morning planned."""
    next_morning(Scene(session=session, now=now, authority=authority, rules=rules_in_force(session, authority)))
