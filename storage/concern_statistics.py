"""Counts of concerns for reports, made by the database: nothing here holds more rows than a table has lines."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, or_
from sqlalchemy import select as select_many
from sqlmodel import Session, col, func, select

from storage.concerns import OPEN_STATES, ChildTold, Concern, ConcernReason, ConcernState, Lasted, Outcome
from storage.counted import ENTRIES, Within, closed, count_if, logged, put_on_record, raised
from storage.referrals import Referral, ReferralKind
from storage.stage_runs import Addressee, StageRun, ever_asked
from storage.whose import EVERYBODY, Whose


def entries_by_stage(session: Session, within: Within) -> Mapping[int, int]:
    """How often each stage was entered; asked again and reopened are no entries."""
    query = (
        select(col(StageRun.number), func.count())
        .join(Concern, col(Concern.id) == col(StageRun.concern_id))
        .where(within.holds(StageRun.started_at), col(StageRun.kind).in_(ENTRIES), logged(within.whose))
        .group_by(col(StageRun.number))
    )
    return dict(session.exec(query).all())


def cafcass_referrals(session: Session, first: date, last: date, whose: Whose = EVERYBODY) -> int:
    """Referrals to Cafcass (no mere contacts) that happened from the first to the last day, both included."""
    query = (
        select(func.count())
        .select_from(Referral)
        .join(Concern, col(Concern.id) == col(Referral.concern_id))
        .where(
            Referral.kind == ReferralKind.CAFCASS_REFERRAL,
            col(Referral.happened_on).between(first, last),
            logged(whose),
        )
    )
    return session.exec(query).one()


@dataclass(frozen=True, kw_only=True)
class StageCounts:
    """Concerns raised in a period that reached a stage and none above it."""

    concerns: int
    completed: int
    still_open: int
    agencies: int


def by_highest_stage(session: Session, within: Within) -> Mapping[int, StageCounts]:
    """Concerns raised within, by the highest stage they have reached by now."""
    query = (
        select_many(
            col(Concern.highest_stage),
            func.count(),
            count_if(col(Concern.state) == ConcernState.CLOSED),
            count_if(col(Concern.state).in_(OPEN_STATES)),
            count_if(func.coalesce(col(Concern.agency), "") != ""),
        )
        .where(raised(within))
        .group_by(col(Concern.highest_stage))
    )
    return {
        stage: StageCounts(concerns=concerns, completed=completed, still_open=still_open, agencies=agencies)
        for stage, concerns, completed, still_open, agencies in session.execute(query)
    }


def concerns_raised(session: Session, within: Within) -> tuple[int, int, int]:
    """Concerns raised within, the different children they are about, and how many are about the service."""
    query = select(
        func.count(),
        func.count(func.distinct(col(Concern.child_id))),
        count_if(col(Concern.about_service).is_(True)),
    ).where(raised(within))
    concerns, children, service = session.exec(query.select_from(Concern)).one()
    return concerns, children, service


def procedures_of(session: Session, within: Within) -> list[str]:
    """The digests of the procedures that concerns raised within were begun under."""
    query = select(Concern.procedures_digest).where(raised(within)).distinct()
    return sorted(session.exec(query))


def reached_seniors(session: Session, within: Within, from_stage: Mapping[str, int], roles: tuple[str, ...]) -> int:
    """Concerns raised within that came before someone senior.

    That is anyone asked in one of the roles, or the stage `from_stage` (by digest) or one above.
    """
    query = select(func.count()).select_from(Concern).where(raised(within), came_before(from_stage, roles))
    return session.exec(query).one()


def came_before(from_stage: Mapping[str, int], roles: tuple[str, ...]) -> ColumnElement[bool]:
    """Whether anyone in one of the roles was asked, or the stage (by digest) or one above was reached."""
    senior_asked = (
        select(Addressee.id)
        .where(
            col(Addressee.concern_id) == col(Concern.id),
            ever_asked(),
            col(Addressee.role).in_(roles),
        )
        .exists()
    )
    by_stage = [
        and_(col(Concern.procedures_digest) == digest, col(Concern.highest_stage) >= stage)
        for digest, stage in from_stage.items()
    ]
    return or_(senior_asked, *by_stage)


@dataclass(frozen=True, kw_only=True)
class ReasonCounts:
    """How often a reason was the main one of a concern, and how often it was named at all."""

    reason: str
    formal: bool
    main: int
    named: int


def reasons(session: Session, within: Within) -> list[ReasonCounts]:
    """The reasons of concerns raised within, formal ones (stage 1 or above reached) apart."""
    formal = case((col(Concern.highest_stage) >= 1, 1), else_=0)
    query = (
        select(formal, col(ConcernReason.reason), count_if(col(ConcernReason.main).is_(True)), func.count())
        .join(Concern, col(Concern.id) == col(ConcernReason.concern_id))
        .where(raised(within))
        .group_by(formal, col(ConcernReason.reason))
    )
    return [
        ReasonCounts(reason=reason, formal=bool(kind), main=main, named=named)
        for kind, reason, main, named in session.exec(query)
    ]


@dataclass(frozen=True, kw_only=True)
class OutcomeCounts:
    """Concerns closed with one outcome."""

    outcome: Outcome | None
    concerns: int
    change_recorded: int
    lasted: int
    child_told: int
    on_record: int


def outcomes(session: Session, within: Within) -> list[OutcomeCounts]:
    """Concerns that were closed within and still are, by outcome."""
    query = (
        select_many(
            col(Concern.outcome),
            func.count(),
            count_if(col(Concern.change_recorded).is_(True)),
            count_if(col(Concern.lasted) == Lasted.YES),
            count_if(col(Concern.child_told) == ChildTold.YES),
            count_if(put_on_record(within)),
        )
        .where(closed(within))
        .group_by(col(Concern.outcome))
    )
    return [
        OutcomeCounts(
            outcome=outcome,
            concerns=concerns,
            change_recorded=recorded,
            lasted=lasted,
            child_told=told,
            on_record=filed,
        )
        for outcome, concerns, recorded, lasted, told, filed in session.execute(query)
    ]


def withdrawn_among(session: Session, within: Within) -> int:
    """Concerns raised within that were withdrawn later; they stay counted."""
    query = select(func.count()).select_from(Concern).where(raised(within), Concern.outcome == Outcome.WITHDRAWN)
    return session.exec(query).one()


def without_reason(session: Session, within: Within, name: int) -> tuple[int, list[int]]:
    """How many concerns raised within name no reason, and the numbers of the first `name` of them."""
    named = select(ConcernReason.id).where(col(ConcernReason.concern_id) == col(Concern.id)).exists()
    return _first_few(session, and_(raised(within), ~named), name)


def begun_under(session: Session, within: Within, digests: Collection[str], name: int) -> tuple[int, list[int]]:
    """How many concerns raised within began under these procedures, and the numbers of the first `name` of them."""
    if not digests:
        return 0, []
    return _first_few(session, and_(raised(within), col(Concern.procedures_digest).in_(digests)), name)


def without_outcome(session: Session, within: Within, name: int) -> tuple[int, list[int]]:
    """How many concerns closed within have no outcome, and the numbers of the first `name` of them."""
    return _first_few(session, and_(closed(within), col(Concern.outcome).is_(None)), name)


def _first_few(session: Session, condition: ColumnElement[bool], name: int) -> tuple[int, list[int]]:
    number = session.exec(select(func.count()).select_from(Concern).where(condition)).one()
    few = select(Concern.number).where(condition).order_by(col(Concern.number)).limit(name)
    return number, list(session.exec(few))
