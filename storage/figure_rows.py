"""The rows behind a number: concerns by their number, reviews and contacts by the child's id and their day.

Each condition is the one its number is counted by.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, extract, or_, true
from sqlalchemy import select as select_many
from sqlmodel import Session, col, select

from storage.concerns import OPEN_STATES, ChildTold, Concern, ConcernReason, ConcernState, Lasted, Outcome
from storage.contacts import Contact
from storage.counted import ENTRIES, Within, asked_as, closed, logged, nobody_recorded, put_on_record, raised
from storage.decisions import Decision, DecisionState
from storage.praise import Praise
from storage.referrals import Referral, ReferralKind
from storage.replies import Extension, Reply
from storage.review_statistics import DID_NOT_TAKE_PART, NOT_COUNTED, Days, held_or_missed, was_settled, were_held
from storage.review_tasks import ReviewTask
from storage.reviews import Participation, Review, ReviewMove
from storage.stage_runs import Addressee, StageRun, rightly_asked

BATCH = 1000


@dataclass(frozen=True, kw_only=True)
class AboutChild:
    """Something about a child on a day."""

    child_id: int
    on: date | None


def concerns(session: Session, condition: ColumnElement[bool]) -> Iterator[int]:
    """The numbers of the concerns for which the condition holds, lowest first."""
    query = select(Concern.number).where(condition).order_by(col(Concern.number))
    yield from session.exec(query.execution_options(yield_per=BATCH))


def entries(within: Within, stage: int) -> ColumnElement[bool]:
    """Concerns that came to that stage within."""
    runs = select(StageRun.id).where(
        col(StageRun.concern_id) == col(Concern.id),
        within.holds(StageRun.started_at),
        col(StageRun.kind).in_(ENTRIES),
        col(StageRun.number) == stage,
    )
    return and_(logged(within.whose), runs.exists())


def referred(within: Within, days: Days) -> ColumnElement[bool]:
    """Concerns referred to Cafcass on these days."""
    to_cafcass = select(Referral.id).where(
        col(Referral.concern_id) == col(Concern.id),
        Referral.kind == ReferralKind.CAFCASS_REFERRAL,
        days.hold(Referral.happened_on),
    )
    return and_(logged(within.whose), to_cafcass.exists())


def at_highest_stage(within: Within, stage: int | None) -> Mapping[str, ColumnElement[bool]]:
    """By the column: concerns raised within whose highest stage that is; of any stage where none is named."""
    those = raised(within) if stage is None else and_(raised(within), col(Concern.highest_stage) == stage)
    return {
        "concerns": those,
        "completed": and_(those, col(Concern.state) == ConcernState.CLOSED),
        "open": and_(those, col(Concern.state).in_(OPEN_STATES)),
        "agencies": and_(those, col(Concern.agency).is_not(None), col(Concern.agency) != ""),
    }


def naming(within: Within, reason: str, *, formal: bool, main: bool) -> ColumnElement[bool]:
    """Concerns raised within that name the reason, as the main one where asked."""
    named = select(ConcernReason.id).where(
        col(ConcernReason.concern_id) == col(Concern.id), col(ConcernReason.reason) == reason
    )
    if main:
        named = named.where(col(ConcernReason.main).is_(True))
    stage = col(Concern.highest_stage)
    return and_(raised(within), stage >= 1 if formal else stage < 1, named.exists())


def asked_at(within: Within, stage: int, role: str, column: str) -> ColumnElement[bool]:
    """Concerns in which someone was asked in that role at a stage begun within; narrowed by the column."""
    part = (
        select(Addressee.id)
        .join(StageRun, col(StageRun.id) == col(Addressee.run_id))
        .where(
            col(StageRun.concern_id) == col(Concern.id),
            within.holds(StageRun.started_at),
            col(StageRun.number) == stage,
            rightly_asked(),
            asked_as(within) == role,
        )
    )
    narrowed = {
        "replied": col(Addressee.replied_at).is_not(None),
        "in_time": col(Addressee.replied_at) <= col(StageRun.due_at),
        "substitutions": or_(col(Addressee.standing_for_id).is_not(None), col(Addressee.standing_why) != ""),
        "extensions": select(Extension.id).where(col(Extension.run_id) == col(StageRun.id)).exists(),
    }.get(column, true())
    return and_(logged(within.whose), part.where(narrowed).exists())


def imported_at(within: Within, stage: int, *, replied: bool) -> ColumnElement[bool]:
    """Imported concerns that came to a stage within, of which nobody recorded who was asked."""
    run = select(StageRun.id).where(
        col(StageRun.concern_id) == col(Concern.id),
        within.holds(StageRun.started_at),
        col(StageRun.number) == stage,
        nobody_recorded(),
    )
    if replied:
        run = run.where(select(Reply.id).where(col(Reply.run_id) == col(StageRun.id)).exists())
    return and_(logged(within.whose), run.exists())


def ended(within: Within, outcome: Outcome | None, column: str) -> ColumnElement[bool]:
    """Concerns closed within with that outcome; narrowed by the column."""
    narrowed = {
        "change_recorded": col(Concern.change_recorded).is_(True),
        "lasted": col(Concern.lasted) == Lasted.YES,
        "child_told": col(Concern.child_told) == ChildTold.YES,
        "on_record": put_on_record(within),
    }.get(column, true())
    same = col(Concern.outcome).is_(None) if outcome is None else col(Concern.outcome) == outcome
    return and_(closed(within), same, narrowed)


def reviews(session: Session, condition: ColumnElement[bool]) -> Iterator[AboutChild]:
    """The reviews for which the condition holds, oldest first."""
    query = select_many(col(Review.child_id), col(Review.held_on)).where(condition)
    query = query.order_by(col(Review.held_on), col(Review.id)).execution_options(yield_per=BATCH)
    yield from (AboutChild(child_id=child_id, on=on) for child_id, on in session.execute(query))


def held(days: Days, column: str) -> ColumnElement[bool]:
    """Reviews held on these days, narrowed by the column of the years; its children are also those whose was missed."""
    if column == "children":
        return held_or_missed(days)
    code = col(Review.participation)
    narrowed = {
        "in_time": col(Review.in_time).is_(True),
        "participated": and_(code.is_not(None), code.not_in((*NOT_COUNTED, *DID_NOT_TAKE_PART))),
    }.get(column, true())
    return and_(were_held(days), narrowed)


def late_for(days: Days, reason: str | None) -> ColumnElement[bool]:
    """Reviews held late for that reason."""
    same = col(Review.late_reason).is_(None) if reason is None else col(Review.late_reason) == reason
    return and_(were_held(days), col(Review.in_time).is_(False), same)


def moved_for(days: Days, reason: str) -> ColumnElement[bool]:
    """Reviews held that had been moved within time for that reason."""
    within = or_(col(Review.in_time).is_(True), col(ReviewMove.to_on) <= col(Review.due_on))
    moves = select(ReviewMove.id).where(
        col(ReviewMove.review_id) == col(Review.id), col(ReviewMove.reason) == reason, within
    )
    return and_(were_held(days), moves.exists())


def coded(days: Days, codes: tuple[Participation, ...] | None, months: tuple[int, ...] | None) -> ColumnElement[bool]:
    """Reviews held with one of these codes (None: without any), in these months of the year where they are given."""
    code = col(Review.participation)
    same = code.is_(None) if codes is None else code.in_(codes)
    in_months = extract("month", col(Review.held_on)).in_(months) if months is not None else true()
    return and_(were_held(days), same, in_months)


def tasks(session: Session, due: ColumnElement[bool], done: ColumnElement[bool]) -> Iterator[AboutChild]:
    """Tasks around reviews for which both conditions hold, by the day they were due."""
    query = (
        select_many(col(ReviewTask.child_id), col(ReviewTask.due_on))
        .join(Review, col(Review.id) == col(ReviewTask.review_id))
        .where(due, done)
        .order_by(col(ReviewTask.due_on), col(ReviewTask.id))
    )
    yield from (AboutChild(child_id=child_id, on=on) for child_id, on in session.execute(query))


def decisions(session: Session, days: Days, *, done: bool) -> Iterator[AboutChild]:
    """Decisions that were sent, settled on these days; those found done alone where asked."""
    states = (DecisionState.DONE,) if done else (DecisionState.DONE, DecisionState.NOT_DONE)
    query = (
        select_many(col(Decision.child_id), col(Decision.settled_on))
        .join(Review, col(Review.id) == col(Decision.review_id))
        .where(col(Decision.state).in_(states), was_settled(days))
        .order_by(col(Decision.settled_on), col(Decision.id))
    )
    yield from (AboutChild(child_id=child_id, on=on) for child_id, on in session.execute(query))


def contacts(session: Session, days: Days, team: str) -> Iterator[AboutChild]:
    """Contacts on these days recorded with that team."""
    theirs = true() if days.whose.is_everybody else days.whose.contacts()
    query = select_many(col(Contact.child_id), col(Contact.happened_on)).where(
        days.hold(Contact.happened_on), col(Contact.team) == team, theirs
    )
    query = query.order_by(col(Contact.happened_on), col(Contact.id))
    yield from (AboutChild(child_id=child_id, on=on) for child_id, on in session.execute(query))


def praised(session: Session, within: Within, team: str) -> list[Praise]:
    """Recognitions sent within for that team."""
    theirs = true() if within.whose.is_everybody else within.whose.praise()
    query = select(Praise).where(within.holds(Praise.sent_at), col(Praise.team) == team, theirs)
    return list(session.exec(query.order_by(col(Praise.sent_at), col(Praise.id))))
