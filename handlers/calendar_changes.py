"""When the calendar changes: a new holiday lengthens the clocks that are open, never shortens one, and is recorded.

What it changes is looked for without a lock and by sets, and is nearly always nothing. What is found is written a few
at a time.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from sqlalchemy import Engine
from sqlmodel import Session

from handlers.concerns.case import Case, case_of
from handlers.lengthened import LENGTHENED, LIMIT_LENGTHENED, days_kept
from handlers.office import Scene, rules_in_force
from handlers.reviews.lengthening import lengthen_review, reviews_to_lengthen
from handlers.undrawn import drawn
from handlers.wording import allowed
from scheduling.deadlines import lengthened, total_limit
from scheduling.ladder import Rung
from scheduling.procedures import Procedures
from storage import concern_pages, concerns, nudges
from storage.concerns import OPEN_STATES, Concern, ConcernState
from storage.database import transaction
from storage.stage_runs import StageRun

BATCH = 5
"""Clocks written in one transaction, so that nobody waits long for the lock."""


def lengthen_open_clocks(engine: Engine, authority: str, now: datetime) -> int:
    """Give every open clock the time that holidays added since it started; returns how many changed."""
    with transaction(engine, authority, writes=False) as session:
        scene = _scene(session, authority, now)
        late = [*_concerns_to_lengthen(scene)]
        of_reviews = reviews_to_lengthen(scene)
    changed = 0
    for doing, ids in ((_lengthen, late), (lengthen_review, of_reviews)):
        for start in range(0, len(ids), BATCH):
            with transaction(engine, authority) as session:
                scene = _scene(session, authority, now)
                changed += sum(doing(scene, one) for one in ids[start : start + BATCH])
    return changed


def _scene(session: Session, authority: str, now: datetime) -> Scene:
    return Scene(session=session, now=now, authority=authority, rules=rules_in_force(session, authority))


def _concerns_to_lengthen(scene: Scene) -> Iterator[int]:
    """The ids of those with a clock that is longer by today's calendar; one that cannot be counted stops no other."""
    for concern, run in concern_pages.clocks(scene.session, OPEN_STATES):
        if drawn(scene, concern.reference, partial(_is_short, scene, concern, run), lambda: False):
            assert concern.id is not None
            yield concern.id


def _is_short(scene: Scene, concern: Concern, run: StageRun | None) -> bool:
    rules = scene.frozen_rules(concern.procedures_digest)
    waits = run is not None and concern.state is ConcernState.WAITING
    if waits and run is not None and later_due(scene, rules, run) is not None:
        return True
    return _later_limit(scene, rules, concern) is not None


def _lengthen(scene: Scene, concern_id: int) -> int:
    """Both clocks of one, as it stands by now."""
    concern = concerns.locked(scene.session, concern_id)
    if concern is None or concern.state not in OPEN_STATES:
        return 0
    case = case_of(scene, concern)
    return lengthen_reply(case) + (lengthen_limit(case) if _is_ahead(scene, concern) else False)


def _is_ahead(scene: Scene, concern: Concern) -> bool:
    return concern.limit_at is not None and concern.limit_at > scene.now


def lengthen_reply(case: Case) -> bool:
    """The time to reply of a stage still waiting; a date that was agreed stays as agreed."""
    run, scene = case.run, case.scene
    if run is None or case.concern.state is not ConcernState.WAITING:
        return False
    due = later_due(scene, case.rules, run)
    if due is None:
        return False
    days = days_kept(run.due_at or due, due)
    run.due_at = due
    scene.session.add(run)
    nudges.forget(scene.session, case.subject, Rung.DEADLINE)
    nudges.plan(scene.session, subject=case.subject, rung=Rung.DEADLINE, due_at=due, run_id=run.id)
    case.record_by_clock(LENGTHENED, stage=run.number, **days)
    return True


def later_due(scene: Scene, rules: Procedures, run: StageRun) -> datetime | None:
    """When the reply is due by today's calendar, where that is later than it stands; else None."""
    within, hours_rule = allowed(rules, run)
    if within is None or run.is_by_date or run.due_at is None:
        return None
    due = lengthened(run.due_at, run.counted_from, within, scene.calendar, hours_rule).at
    return due if due > run.due_at else None


def _later_limit(scene: Scene, rules: Procedures, concern: Concern) -> datetime | None:
    """When all stages end by today's calendar, where that is later and still ahead; else None."""
    if concern.limit_at is None or concern.limit_from is None or not _is_ahead(scene, concern):
        return None
    limit_at = total_limit(concern.limit_from, rules.total_limit, scene.calendar).at
    return limit_at if limit_at > concern.limit_at else None


def lengthen_limit(case: Case) -> bool:
    """The limit of all stages together."""
    concern, scene = case.concern, case.scene
    if concern.limit_at is None or concern.limit_from is None:
        return False
    limit_at = total_limit(concern.limit_from, case.rules.total_limit, scene.calendar).at
    if limit_at <= concern.limit_at:
        return False
    days = days_kept(concern.limit_at, limit_at)
    concern.limit_at = limit_at
    scene.session.add(concern)
    nudges.forget(scene.session, case.subject, Rung.LIMIT_NEAR, Rung.LIMIT_PASSED)
    nudges.plan(scene.session, subject=case.subject, rung=Rung.LIMIT_PASSED, due_at=limit_at)
    case.record_by_clock(LIMIT_LENGTHENED, **days)
    return True
