"""What the clock does: each nudge that falls due asks the rules again, and takes one step at most."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from handlers.calendar_changes import lengthen_limit
from handlers.concerns.case import Case, case_of
from handlers.concerns.starting import forget_run
from handlers.hearing import for_iro, iro_managers
from handlers.lifecycle import Act, advance
from handlers.messages.deciding import plan_due
from handlers.messages.informing import limit_passed, undecided
from handlers.messages.owing import about_concern, owe
from handlers.messages.subjects import DAY
from handlers.mornings import (
    begin_day,
    end_morning,
    morning_has_come,
    next_morning,
    overnight,
    owe_day,
    people_to_tell,
    whole_morning,
)
from handlers.next_nudges import LIMIT_OVER, NO_DECISION
from handlers.office import Scene, rules_in_force
from handlers.overdue import informal, no_reply, tell_next_senior
from handlers.places import settle
from handlers.reviews import clock as reviews_clock
from handlers.taking_up import take_up_concerns
from handlers.unseen import unseen
from scheduling.ladder import Rung, for_verdict
from storage import nudges
from storage.concerns import ConcernState
from storage.database import transaction
from storage.nudges import Due
from storage.scope import own_authority

READERS = 100
"""Owed their day in one transaction."""


def fire(session: Session, due: Sequence[Due], now: datetime) -> Collection[Due]:
    """Do what each nudge of a set asks, if it still applies: messages, next nudges and history, in one transaction.

    Gives those that are about something at which somebody else is at work: they stay due.
    """
    authority = own_authority(session)
    scene = Scene(session=session, now=now, authority=authority, rules=rules_in_force(session, authority))
    if due[0].subject == DAY:
        whole_morning(replace(scene, fell_due_at=due[0].since))
        return ()
    of_reviews = [one for one in due if reviews_clock.is_about_review(one)]
    of_concerns = [one for one in due if not reviews_clock.is_about_review(one)]
    return [*_about_concerns(scene, of_concerns), *reviews_clock.fire(scene, of_reviews)]


def morning(engine: Engine, authority: str, due: Due, now: datetime) -> None:
    """An authority's morning in pieces: looked at without a lock, written a few rows at a time.

    Done again after a stop, it tells nobody twice.
    """
    with _scene_of(engine, authority, now, writes=False) as scene:
        found = overnight(scene) if morning_has_come(scene) else None
    if found is not None:
        for write in begin_day(found):
            with _scene_of(engine, authority, now) as scene:
                write(scene)
        with _scene_of(engine, authority, now, writes=False) as scene:
            readers = people_to_tell(scene)
        for at in range(0, len(readers), READERS):
            with _scene_of(engine, authority, now) as scene:
                owe_day(replace(scene, fell_due_at=due.since), readers[at : at + READERS])
    with _scene_of(engine, authority, now) as scene:
        end_morning(scene)


@contextmanager
def _scene_of(engine: Engine, authority: str, now: datetime, *, writes: bool = True) -> Iterator[Scene]:
    with transaction(engine, authority, writes=writes) as session:
        yield Scene(session=session, now=now, authority=authority, rules=rules_in_force(session, authority))


def _about_concerns(scene: Scene, due: Sequence[Due]) -> list[Due]:
    taken, busy = take_up_concerns(scene, due)
    for nudge, concern in taken:
        case = case_of(replace(scene, fell_due_at=nudge.since), concern)
        settle(case.scene, concern, case.child, case.run)
        _RUNGS[Rung(nudge.rung)](case)
    return busy


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
