"""Counts of who was asked for a reply, and when they gave it, made by the database: long lists are read in batches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_
from sqlalchemy import select as select_many
from sqlmodel import Session, col, func, select

from storage.concerns import Concern
from storage.counted import Within, asked_as, count_if, logged, nobody_recorded
from storage.replies import Extension, Reply
from storage.stage_runs import Addressee, StageRun, rightly_asked

BATCH = 1000


@dataclass(frozen=True, kw_only=True)
class AskedCounts:
    """How people in one role answered at one stage; `timed` counts those who were given a deadline."""

    stage: int
    role: str
    asked: int
    timed: int
    in_time: int
    substitutions: int


def asked(session: Session, within: Within) -> list[AskedCounts]:
    """Everyone addressed (not copied) in stage runs that started within, by stage and role."""
    stands_in = or_(col(Addressee.standing_for_id).is_not(None), col(Addressee.standing_why) != "")
    role, early = asked_as(within), within.began.is_before_of_concern(StageRun.due_at)
    query = (
        select_many(
            col(StageRun.number),
            role,
            func.count(),
            count_if(and_(col(StageRun.due_at).is_not(None), ~early)),
            count_if(col(Addressee.replied_at) <= col(StageRun.due_at)),
            count_if(stands_in),
        )
        .join(Addressee, col(Addressee.run_id) == col(StageRun.id))
        .join(Concern, col(Concern.id) == col(StageRun.concern_id))
        .where(within.holds(StageRun.started_at), rightly_asked(), logged(within.whose))
        .group_by(col(StageRun.number), role)
    )
    return [
        AskedCounts(
            stage=stage,
            role=role,
            asked=number,
            timed=timed,
            in_time=in_time,
            substitutions=substitutions,
        )
        for stage, role, number, timed, in_time, substitutions in session.execute(query)
    ]


def reply_times(session: Session, within: Within) -> Iterator[tuple[int, str, datetime, datetime]]:
    """Stage, role, start of the run and moment of the reply, for each reply of someone asked within."""
    query = (
        select(col(StageRun.number), asked_as(within), col(StageRun.started_at), Addressee.replied_at)
        .join(Addressee, col(Addressee.run_id) == col(StageRun.id))
        .join(Concern, col(Concern.id) == col(StageRun.concern_id))
        .where(
            within.holds(StageRun.started_at),
            rightly_asked(),
            col(Addressee.replied_at).is_not(None),
            logged(within.whose),
        )
        .execution_options(yield_per=BATCH)
    )
    for stage, role, started_at, replied_at in session.exec(query):
        assert replied_at is not None
        yield stage, role, started_at, replied_at


def extensions(session: Session, within: Within) -> Mapping[tuple[int, str], int]:
    """Extensions agreed in stage runs that started within, by stage and by each role asked in the run.

    An agreed date that was brought back is put right, and is no extension.
    """
    role = asked_as(within)
    query = (
        select(col(StageRun.number), role, func.count(func.distinct(col(Extension.id))))
        .join(Extension, col(Extension.run_id) == col(StageRun.id))
        .join(Addressee, col(Addressee.run_id) == col(StageRun.id))
        .join(Concern, col(Concern.id) == col(StageRun.concern_id))
        .where(within.holds(StageRun.started_at), rightly_asked(), logged(within.whose))
        .where(col(Extension.after_at) >= col(Extension.before_at))
        .group_by(col(StageRun.number), role)
    )
    return {(stage, role): number for stage, role, number in session.exec(query)}


def imported_runs(session: Session, within: Within) -> Mapping[int, int]:
    """Stage runs of imported concerns that started within: nobody recorded who was asked."""
    query = (
        select(col(StageRun.number), func.count())
        .join(Concern, col(Concern.id) == col(StageRun.concern_id))
        .where(within.holds(StageRun.started_at), nobody_recorded(), logged(within.whose))
        .group_by(col(StageRun.number))
    )
    return dict(session.exec(query).all())


def imported_reply_times(session: Session, within: Within) -> Iterator[tuple[int, datetime, datetime]]:
    """Stage, start and reply for each reply that came by import."""
    query = (
        select(col(StageRun.number), col(StageRun.started_at), Reply.given_at)
        .join(Reply, col(Reply.run_id) == col(StageRun.id))
        .join(Concern, col(Concern.id) == col(StageRun.concern_id))
        .where(within.holds(StageRun.started_at), nobody_recorded(), logged(within.whose))
        .execution_options(yield_per=BATCH)
    )
    yield from session.exec(query)
