"""Pages of a list of concerns: whose they are, their order and the cut are the database's, however many there are."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case
from sqlalchemy.orm import defer, load_only
from sqlmodel import Session, and_, col, func, or_, select, true
from sqlmodel.sql.expression import SelectOfScalar

from storage.children import Child
from storage.concerns import Concern, ConcernState
from storage.scope import hold
from storage.stage_runs import Addressee, StageRun, holds

AT_A_TIME = 5_000
"""Ids in one statement."""

Row = tuple[Concern, Child | None, StageRun | None]
"""A concern, its child, and the stage run at which it stands."""


def of_everybody() -> ColumnElement[bool]:
    """All of them."""
    return true()


def held_by(holder_ids: Collection[int]) -> ColumnElement[bool]:
    """About children of these holders."""
    return col(Concern.child_id).in_(select(Child.id).where(col(Child.holder_id).in_(holder_ids)))


def with_part_of(
    person_ids: Collection[int], *, iro_ids: Collection[int], holder_ids: Collection[int] = ()
) -> ColumnElement[bool]:
    """One of these people rightly has a part, or it is about a child of these IROs or holders."""
    own_children = select(Child.id).where(or_(col(Child.iro_id).in_(iro_ids), col(Child.holder_id).in_(holder_ids)))
    parts = select(Addressee.concern_id).where(col(Addressee.person_id).in_(person_ids), *holds())
    return or_(
        col(Concern.child_id).in_(own_children),
        and_(col(Concern.child_id).is_(None), col(Concern.iro_id).in_(iro_ids)),
        col(Concern.id).in_(parts),
    )


def overdue_at(moment: datetime) -> ColumnElement[bool]:
    """A reply is waited for that was due by then."""
    return and_(col(Concern.state).in_((ConcernState.WAITING, ConcernState.ASKED)), col(StageRun.due_at) <= moment)


def of_ids(ids: Collection[int]) -> ColumnElement[bool]:
    """These."""
    return col(Concern.id).in_(ids)


def page(
    session: Session,
    states: Collection[ConcernState],
    *which: ColumnElement[bool],
    start: int,
    size: int,
    closed_last_first: bool = False,
) -> tuple[list[Row], int]:
    """Those from `start` on, and how many in all: on top whose clock runs out first, or what was closed last."""
    among = (col(Concern.state).in_(states), *which)
    count = select(func.count(col(Concern.id))).outerjoin(StageRun, col(StageRun.id) == col(Concern.run_id))
    total = session.exec(count.where(*among)).one()
    order = (col(Concern.closed_at).desc().nulls_first(),) if closed_last_first else _by_clock()
    query = _rows().where(*among).order_by(*order, col(Concern.number))
    return list(session.exec(query.offset(start).limit(size))), total


def every(session: Session, states: Collection[ConcernState], *which: ColumnElement[bool]) -> list[Row]:
    """All of them, the oldest first."""
    return list(session.exec(_rows().where(col(Concern.state).in_(states), *which).order_by(col(Concern.number))))


def clocks(session: Session, states: Collection[ConcernState]) -> Iterator[tuple[Concern, StageRun | None]]:
    """All of them with their stage runs, of both only what counts time: none of their words is read."""
    query = select(Concern, StageRun).outerjoin(StageRun, col(StageRun.id) == col(Concern.run_id))
    query = query.where(col(Concern.state).in_(states)).order_by(col(Concern.number))
    # SQLAlchemy wants attributes where SQLModel types columns as what they hold.
    counted = load_only(
        Concern.number,  # type: ignore[arg-type]
        Concern.state,  # type: ignore[arg-type]
        Concern.state_since,  # type: ignore[arg-type]
        Concern.run_id,  # type: ignore[arg-type]
        Concern.imported,  # type: ignore[arg-type]
        Concern.procedures_digest,  # type: ignore[arg-type]
        Concern.limit_from,  # type: ignore[arg-type]
        Concern.limit_at,  # type: ignore[arg-type]
    )
    yield from session.exec(query.options(counted, defer(StageRun.reason)))  # type: ignore[arg-type]


def know(session: Session, concern_ids: Iterable[int | None]) -> None:
    """Read these with their children and stage runs at once: what gets one of them by its id needs no query."""
    wanted = sorted({one for one in concern_ids if one is not None})
    for at in range(0, len(wanted), AT_A_TIME):
        query = _rows().where(col(Concern.id).in_(wanted[at : at + AT_A_TIME]))
        hold(session, (one for row in session.exec(query) for one in row))


def _rows() -> SelectOfScalar[Row]:
    query = select(Concern, Child, StageRun).outerjoin(Child, col(Child.id) == col(Concern.child_id))
    # Rows of three classes: SQLModel loses them in a second join.
    return query.outerjoin(StageRun, col(StageRun.id) == col(Concern.run_id))  # type: ignore[return-value]


def _by_clock() -> tuple[ColumnElement[Any], ...]:
    """By what is waited for: the end of the plan's day where there is a plan, else the reply; without a day last."""
    planned = and_(col(Concern.state) == ConcernState.PLANNED, col(StageRun.plan_by).is_not(None))
    day = case((planned, col(StageRun.plan_by)), else_=func.date(col(StageRun.due_at)))
    return day.asc().nulls_last(), case((planned, 1), else_=0), col(StageRun.due_at).asc().nulls_last()
