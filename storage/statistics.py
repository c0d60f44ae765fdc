"""Counts for reports, made by the database: nothing here holds more rows than a table has lines.

Periods of moments are UTC, from the first moment up to but not including the last. Drafts are never counted.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, or_
from sqlalchemy import select as select_many
from sqlmodel import Session, col, func, select

from storage.began import EVER, Began
from storage.concerns import OPEN_STATES, ChildTold, Concern, ConcernReason, ConcernState, Lasted, Outcome
from storage.referrals import Referral, ReferralKind
from storage.replies import Extension, Reply
from storage.stage_runs import Addressee, RunKind, StageRun, ever_asked, rightly_asked
from storage.whose import EVERYBODY, Whose

ENTRIES = (RunKind.ENTRY, RunKind.IMMEDIATE)
BATCH = 1000
BEFORE_THE_START = "before the start"
"""Stands in the place of the role, where a reply fell due before the team began: nobody counted then who was late."""


@dataclass(frozen=True, kw_only=True)
class Within:
    """The moments a count covers, and whose rows; `began`: since when they are in time or late."""

    start: datetime
    end: datetime
    whose: Whose = EVERYBODY
    began: Began = EVER

    def holds(self, moment: datetime | None) -> ColumnElement[bool]:
        """Whether a column's moment lies within."""
        return and_(col(moment) >= self.start, col(moment) < self.end)


def logged(whose: Whose) -> ColumnElement[bool]:
    """Concerns of these people that are no drafts."""
    no_draft = col(Concern.state).not_in((ConcernState.DRAFT, ConcernState.DISCARDED))
    return no_draft if whose.is_everybody else and_(no_draft, whose.concerns())


def raised(within: Within) -> ColumnElement[bool]:
    """Raised within."""
    return and_(logged(within.whose), within.holds(Concern.raised_at))


def closed(within: Within) -> ColumnElement[bool]:
    """Closed within and not reopened since."""
    is_closed = col(Concern.state) == ConcernState.CLOSED
    return and_(logged(within.whose), within.holds(Concern.closed_at), is_closed)


def asked_as(within: Within) -> ColumnElement[str]:
    """In which role somebody was asked, or that the reply fell due before the start."""
    early = within.began.is_before_of_concern(StageRun.due_at)
    return case((early, BEFORE_THE_START), else_=col(Addressee.role))


def put_on_record(within: Within) -> ColumnElement[bool]:
    """Whether the copy is noted as on the child's record, of a concern that was closed since the start."""
    here = ~within.began.is_before_of_concern(Concern.closed_at)
    return and_(col(Concern.on_record_on).is_not(None), here)


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


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
            _count_if(col(Concern.state) == ConcernState.CLOSED),
            _count_if(col(Concern.state).in_(OPEN_STATES)),
            _count_if(func.coalesce(col(Concern.agency), "") != ""),
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
        _count_if(col(Concern.about_service).is_(True)),
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
        select(formal, col(ConcernReason.reason), _count_if(col(ConcernReason.main).is_(True)), func.count())
        .join(Concern, col(Concern.id) == col(ConcernReason.concern_id))
        .where(raised(within))
        .group_by(formal, col(ConcernReason.reason))
    )
    return [
        ReasonCounts(reason=reason, formal=bool(kind), main=main, named=named)
        for kind, reason, main, named in session.exec(query)
    ]


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
            _count_if(and_(col(StageRun.due_at).is_not(None), ~early)),
            _count_if(col(Addressee.replied_at) <= col(StageRun.due_at)),
            _count_if(stands_in),
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


def nobody_recorded() -> ColumnElement[bool]:
    """Of imported stage runs without anyone asked."""
    people = select(Addressee.id).where(col(Addressee.run_id) == col(StageRun.id)).exists()
    return and_(col(Concern.imported).is_(True), ~people)


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
            _count_if(col(Concern.change_recorded).is_(True)),
            _count_if(col(Concern.lasted) == Lasted.YES),
            _count_if(col(Concern.child_told) == ChildTold.YES),
            _count_if(put_on_record(within)),
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
