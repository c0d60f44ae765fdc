"""Lists of concerns: those a person has a part in, those of a team, those of the whole service."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, and_, col, func, or_, select

from storage.children import Child
from storage.concerns import OPEN_STATES, Concern, ConcernState
from storage.stage_runs import Addressee, RunKind, StageRun, holds


def drafts_of(session: Session, person_ids: list[int]) -> list[tuple[Concern, Child | None]]:
    """The drafts of these people, each with its child, oldest first."""
    query = (
        select(Concern, Child)
        .outerjoin(Child, col(Child.id) == col(Concern.child_id))
        .where(
            Concern.state == ConcernState.DRAFT,
            or_(col(Concern.iro_id).in_(person_ids), col(Concern.drafted_by_id).in_(person_ids)),
        )
    )
    return list(session.exec(query.order_by(col(Concern.drafted_at))))


def shared_drafts(session: Session) -> list[Concern]:
    """The drafts that were shared with the IRO managers, oldest first."""
    query = select(Concern).where(Concern.state == ConcernState.DRAFT, col(Concern.notes_shared).is_(True))
    return list(session.exec(query.order_by(col(Concern.drafted_at))))


def near(session: Session, person_ids: Collection[int]) -> set[int]:
    """The ids of all concerns in which these people have or had a part, or whose IRO they are."""
    parts = select(Addressee.concern_id).where(col(Addressee.person_id).in_(person_ids))
    theirs = select(Concern.id).join(Child, col(Child.id) == col(Concern.child_id), isouter=True)
    theirs = theirs.where(col(Concern.iro_id).in_(person_ids) | col(Child.iro_id).in_(person_ids))
    return {one for one in (*session.exec(parts), *session.exec(theirs)) if one is not None}


def open_with_runs(session: Session, child_ids: Collection[int]) -> list[tuple[Concern, StageRun]]:
    """The open concerns about these children, each with the stage run it stands at, oldest first."""
    query = select(Concern, StageRun).join(StageRun, col(StageRun.id) == col(Concern.run_id))
    query = query.where(col(Concern.child_id).in_(child_ids), col(Concern.state).in_(OPEN_STATES))
    return list(session.exec(query.order_by(col(Concern.number))))


def with_their_runs(session: Session, states: tuple[ConcernState, ...]) -> list[tuple[Concern, StageRun | None]]:
    """All concerns in these states, each with the stage run it stands at."""
    query = select(Concern, StageRun).outerjoin(StageRun, col(StageRun.id) == col(Concern.run_id))
    return list(session.exec(query.where(col(Concern.state).in_(states)).order_by(col(Concern.number))))


def waiting_beyond(session: Session, moment: datetime) -> list[tuple[Concern, StageRun]]:
    """The concerns that wait for a reply due, or for a plan to be done, after the moment."""
    query = (
        select(Concern, StageRun)
        .join(StageRun, col(StageRun.id) == col(Concern.run_id))
        .where(
            or_(
                and_(col(Concern.state) == ConcernState.WAITING, col(StageRun.due_at) > moment),
                and_(col(Concern.state) == ConcernState.PLANNED, col(StageRun.plan_by) > moment.date()),
            )
        )
    )
    return list(session.exec(query.order_by(col(Concern.number))))


def closed_since(session: Session, iro_id: int, moment: datetime) -> list[Concern]:
    """The concerns of an IRO that stand closed, and were closed at that moment or later."""
    query = select(Concern).where(
        Concern.state == ConcernState.CLOSED, Concern.iro_id == iro_id, col(Concern.closed_at) >= moment
    )
    return list(session.exec(query.order_by(col(Concern.number))))


Standing = tuple[Concern, Child | None, StageRun]
"""A concern, its child, and the stage run at which it stands."""


def standing_at(
    session: Session,
    states: Collection[ConcernState],
    *,
    iro_ids: Collection[int] | None = None,
    asked: Collection[int] | None = None,
    held_by: Collection[int] | None = None,
) -> list[Standing]:
    """The concerns in these states: of these IROs, with a part of these people, or about children of these holders."""
    query = (
        select(Concern, Child, StageRun)
        .outerjoin(Child, col(Child.id) == col(Concern.child_id))
        .join(StageRun, col(StageRun.id) == col(Concern.run_id))
        .where(col(Concern.state).in_(states))
    )
    if iro_ids is not None:
        query = query.where(func.coalesce(col(Child.iro_id), col(Concern.iro_id)).in_(iro_ids))
    if asked is not None:
        parts = select(Addressee.concern_id).where(col(Addressee.person_id).in_(asked), *holds())
        query = query.where(col(Concern.id).in_(parts))
    if held_by is not None:
        query = query.where(col(Child.holder_id).in_(held_by))
    return [(concern, child, run) for concern, child, run in session.exec(query.order_by(col(Concern.number)))]


def to_be_carried_on(
    session: Session, *, iro_ids: Collection[int] | None = None, concern_id: int | None = None
) -> list[Standing]:
    """The open concerns from a history file without a clock: nobody was asked here, by no day. The oldest come first.

    Of these IROs, where any are named; or the one of that id.
    """
    asked = select(Addressee.id).where(col(Addressee.run_id) == col(StageRun.id)).exists()
    query = (
        select(Concern, Child, StageRun)
        .join(StageRun, col(StageRun.id) == col(Concern.run_id))
        .outerjoin(Child, col(Child.id) == col(Concern.child_id))
        .where(
            col(Concern.imported).is_(True),
            Concern.state == ConcernState.WAITING,
            StageRun.kind == RunKind.ENTRY,
            col(StageRun.due_at).is_(None),
            ~asked,
        )
    )
    if iro_ids is not None:
        query = query.where(func.coalesce(col(Child.iro_id), col(Concern.iro_id)).in_(iro_ids))
    if concern_id is not None:
        query = query.where(Concern.id == concern_id)
    found = session.exec(query.order_by(col(StageRun.started_at), col(Concern.number)))
    return [(concern, child, run) for concern, child, run in found]


def at_stages(session: Session, ids: Collection[int] | None = None) -> list[tuple[Concern, Child | None, StageRun]]:
    """The open concerns (of these, where some are given), each with its child and the run it stands at."""
    query = (
        select(Concern, Child, StageRun)
        .join(StageRun, col(StageRun.id) == col(Concern.run_id))
        .outerjoin(Child, col(Child.id) == col(Concern.child_id))
        .where(col(Concern.state).in_(OPEN_STATES))
    )
    if ids is not None:
        query = query.where(col(Concern.id).in_(ids))
    return list(session.exec(query.order_by(col(Concern.number))))
