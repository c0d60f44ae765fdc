"""What the clock does: each nudge that falls due asks the rules again, and takes one step at most."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from handlers.calendar_changes import lengthen_limit
from handlers.concerns.case import Case, case_of
from handlers.concerns.starting import forget_run
from handlers.hearing import for_iro, iro_managers
from handlers.lifecycle import Act, advance
from handlers.messages.deciding import plan_due
from handlers.messages.informing import limit_passed, undecided
from handlers.messages.owing import about_concern, owe
from handlers.messages.subjects import DAY, number_in
from handlers.mornings import morning_has_come, next_morning, owe_mornings
from handlers.next_nudges import LIMIT_OVER, NO_DECISION
from handlers.office import Scene, rules_in_force
from handlers.overdue import informal, no_reply, tell_next_senior
from handlers.places import look_at_all, settle
from handlers.reviews import clock as reviews_clock
from handlers.unseen import unseen
from scheduling.ladder import Rung, for_verdict
from storage import concerns, nudges, people
from storage.concerns import ConcernState
from storage.nudges import Nudge


def fire(session: Session, nudge: Nudge, now: datetime) -> None:
    """Do what a due nudge asks, if it still applies: messages, next nudges and history in the caller's transaction."""
    scene = Scene(
        session=session,
        now=now,
        authority=nudge.authority,
        rules=rules_in_force(session, nudge.authority),
        fell_due_at=nudge.fell_due_at,
    )
    rung = Rung(nudge.rung)
    if rung is Rung.DAY:
        if morning_has_come(scene):
            look_at_all(scene)
            owe_mornings(scene)
        nudges.forget(session, DAY)
        next_morning(scene)
        return
    if reviews_clock.is_about_review(nudge):
        reviews_clock.fire(scene, nudge)
        return
    concern = concerns.locked(session, number_in(nudge.subject))
    if concern is None or concern.state is ConcernState.CLOSED:
        return
    if nudge.run_id is not None and nudge.run_id != concern.run_id:
        return
    if rung is Rung.PLACES:  # these come many together, after a morning's look or somebody's leaving
        people.know_everyone(session, scene.today)
    case = case_of(scene, concern)
    settle(scene, concern, case.child, case.run)
    _RUNGS[rung](case)


def _undecided(case: Case) -> None:
    """The IRO has had something to decide for long: the IRO manager is told."""
    if case.concern.state not in (ConcernState.ASKED, ConcernState.REPLIED):
        return
    case.record_by_clock(NO_DECISION)
    cause = about_concern(case.concern, case.concern.state_since.isoformat())
    owe(case.scene, undecided, iro_managers(case.scene, case.concern, case.child), cause)


def _plan_due(case: Case) -> None:
    if case.concern.state is not ConcernState.PLANNED:
        return
    run = case.present_run
    case.concern.state = advance(case.ref, case.concern.state, Act.PLAN_DUE)
    case.concern.state_since = case.scene.now
    case.scene.session.add(case.concern)
    forget_run(case)
    verdict = for_verdict(case.scene.now, case.rules.ladder.verdict_within, case.scene.calendar)
    nudges.plan(case.scene.session, subject=case.subject, rung=verdict.rung, due_at=verdict.at, run_id=run.id)
    case.record_by_clock("the plan's date has come", until=run.plan_by.isoformat() if run.plan_by else None)
    readers = for_iro(case.scene, case.concern, case.child)
    owe(case.scene, plan_due, readers, about_concern(case.concern, str(run.plan_by)))


def _asks_nothing(_case: Case) -> None:
    """The end of all stages that is near stands in "Your day": what an earlier version planned for it passes by."""


def _limit_passed(case: Case) -> None:
    """The time for all stages is over: the IRO and the IRO managers are told."""
    concern = case.concern
    if concern.limit_at is None or concern.limit_from is None:
        return
    if lengthen_limit(case) and concern.limit_at > case.scene.now:
        return
    case.record_by_clock(LIMIT_OVER)
    told = [*for_iro(case.scene, concern, case.child), *iro_managers(case.scene, concern, case.child)]
    owe(case.scene, limit_passed, told, about_concern(concern, f"cycle {concern.cycle}"))


def _settled(_case: Case) -> None:
    """Who fills the places is asked before whatever falls due; here nothing else does."""


_RUNGS: dict[Rung, Callable[[Case], None]] = {
    Rung.PLACES: _settled,
    Rung.DEADLINE: no_reply,
    Rung.INFORMAL: informal,
    Rung.NEXT_SENIOR: tell_next_senior,
    Rung.UNSEEN: unseen,
    Rung.DECISION: _undecided,
    Rung.VERDICT: _undecided,
    Rung.PLAN: _plan_due,
    Rung.LIMIT_NEAR: _asks_nothing,
    Rung.LIMIT_PASSED: _limit_passed,
}


def wake(session: Session, authority: str, now: datetime) -> None:
    """What an authority needs once at start: its next morning planned."""
    next_morning(Scene(session=session, now=now, authority=authority, rules=rules_in_force(session, authority)))
