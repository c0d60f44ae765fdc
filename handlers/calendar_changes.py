"""When the calendar changes: a new holiday lengthens the clocks that are open, never shortens one, and is recorded."""

from datetime import datetime
from functools import partial

from sqlmodel import col, select

from handlers.concerns.case import Case, case_of
from handlers.lengthened import LENGTHENED, LIMIT_LENGTHENED, days_kept
from handlers.office import Scene
from handlers.reviews.lengthening import lengthen_reviews
from handlers.undrawn import drawn
from handlers.wording import allowed
from scheduling.deadlines import lengthened, total_limit
from scheduling.ladder import Rung
from storage import nudges
from storage.concerns import OPEN_STATES, Concern, ConcernState
from storage.stage_runs import StageRun


def lengthen_open_clocks(scene: Scene) -> int:
    """Give every open clock the time that holidays added since it started; returns how many changed."""
    changed = 0
    query = select(Concern).where(col(Concern.state).in_(OPEN_STATES))
    for concern in scene.session.exec(query.order_by(col(Concern.id))):
        case = drawn(scene, concern.reference, partial(_countable, scene, concern), lambda: None)
        if case is None:
            continue
        changed += lengthen_reply(case)
        if concern.limit_at is not None and concern.limit_at > scene.now:
            changed += lengthen_limit(case)
    return changed + lengthen_reviews(scene)


def _countable(scene: Scene, concern: Concern) -> Case:
    """The case with both clocks counted once before anything is written: one that cannot be counted stops no other."""
    case = case_of(scene, concern)
    if case.run is not None:
        later_due(case, case.run)
    return case


def lengthen_reply(case: Case) -> bool:
    """The time to reply of a stage still waiting; a date that was agreed stays as agreed."""
    run, scene = case.run, case.scene
    if run is None or case.concern.state is not ConcernState.WAITING:
        return False
    due = later_due(case, run)
    if due is None:
        return False
    days = days_kept(run.due_at or due, due)
    run.due_at = due
    scene.session.add(run)
    nudges.forget(scene.session, case.subject, Rung.DEADLINE)
    nudges.plan(scene.session, subject=case.subject, rung=Rung.DEADLINE, due_at=due, run_id=run.id)
    case.record_by_clock(LENGTHENED, stage=run.number, **days)
    return True


def later_due(case: Case, run: StageRun) -> datetime | None:
    """When the reply is due by today's calendar, where that is later than it stands; else None."""
    within, hours_rule = allowed(case.rules, run)
    if within is None or run.is_by_date or run.due_at is None:
        return None
    due = lengthened(run.due_at, run.counted_from, within, case.scene.calendar, hours_rule).at
    return due if due > run.due_at else None


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
