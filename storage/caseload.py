"""Who has how many children, and how old what is open has become, for caseloads and summaries."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, true
from sqlalchemy import select as select_many
from sqlmodel import Session, col, select

from storage.children import Allocation, Capacity, Child
from storage.concerns import OPEN_STATES, Concern, ConcernState
from storage.counted import Within, logged
from storage.people import Person
from storage.praise import Praise
from storage.stage_runs import StageRun
from storage.whose import EVERYBODY, Whose

BATCH = 1000


def in_care_and_allocated(
    session: Session, day: date, whose: Whose = EVERYBODY
) -> Iterator[tuple[int, int, date, date | None]]:
    """Child, IRO, from and to, for every IRO that each child in care on that day has had, child by child in order."""
    still = or_(col(Child.left_care_on).is_(None), col(Child.left_care_on) > day)
    begun = or_(col(Child.looked_after_from).is_(None), col(Child.looked_after_from) <= day)
    held = whose.holder_ids is not None or whose.team is not None
    query = (
        select_many(col(Allocation.child_id), col(Allocation.person_id), col(Allocation.from_on), col(Allocation.to_on))
        .join(Child, col(Child.id) == col(Allocation.child_id))
        .where(col(Allocation.capacity) == Capacity.IRO, still, begun, col(Child.historical).is_(False))
        .where(whose.children() if held else true())
        .order_by(col(Allocation.child_id), col(Allocation.from_on), col(Allocation.id))
        .execution_options(yield_per=BATCH)
    )
    yield from ((one.child_id, one.person_id, one.from_on, one.to_on) for one in session.execute(query))


@dataclass(frozen=True, kw_only=True)
class OpenConcern:
    """What tells the age of an open concern: where it stands and since when, and what it has until when."""

    number: int
    stage: int
    state: ConcernState
    first_raised_at: datetime
    due_at: datetime | None
    plan_by: date | None
    limit_at: datetime | None


def open_concerns(session: Session, whose: Whose = EVERYBODY) -> Iterator[OpenConcern]:
    """Every concern that is open now, oldest number first."""
    theirs = true() if whose.is_everybody else whose.concerns_now()
    query = (
        select_many(
            col(Concern.number),
            col(StageRun.number),
            col(Concern.state),
            func.coalesce(col(Concern.first_raised_at), col(Concern.raised_at)),
            col(StageRun.due_at),
            col(StageRun.plan_by),
            col(Concern.limit_at),
        )
        .join(StageRun, col(StageRun.id) == col(Concern.run_id))
        .where(and_(col(Concern.state).in_(OPEN_STATES), theirs))
        .order_by(col(Concern.number))
        .execution_options(yield_per=BATCH)
    )
    for number, stage, state, first_raised_at, due_at, plan_by, limit_at in session.execute(query):
        yield OpenConcern(
            number=number,
            stage=stage,
            state=state,
            first_raised_at=first_raised_at,
            due_at=due_at,
            plan_by=plan_by,
            limit_at=limit_at,
        )


def anything_in(session: Session, within: Within, whose: Whose) -> bool:
    """Whether anything of theirs is open now, or was raised, closed or recognised within."""
    concerns = or_(
        and_(col(Concern.state).in_(OPEN_STATES), whose.concerns_now()),
        and_(logged(whose), or_(within.holds(Concern.raised_at), within.holds(Concern.closed_at))),
    )
    if session.exec(select(Concern.id).where(concerns).limit(1)).first() is not None:
        return True
    praised = select(Praise.id).where(within.holds(Praise.sent_at), whose.praise())
    return session.exec(praised.limit(1)).first() is not None


def teams(session: Session) -> list[str]:
    """Every team of people or of concerns, in the order of the alphabet."""
    of_people = set(session.exec(select(Person.team).distinct()))
    return sorted((of_people | set(session.exec(select(Concern.team).distinct()))) - {""})
