"""Counts of reviews and what belongs to them for reports, made by the database.

Days are given first and last, both included. A review counts on the day it began; only reviews held are counted,
but for those missed for good, which count against their child in the year they were due.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, extract, false, or_, true
from sqlalchemy import select as select_many
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from storage.began import EVER, Began
from storage.children import Child
from storage.contacts import Contact
from storage.decisions import Decision, DecisionState, shared
from storage.review_tasks import ReviewTask
from storage.reviews import OPEN_REVIEWS, Participation, Review, ReviewMove, ReviewState
from storage.whose import EVERYBODY, Whose

NOT_COUNTED = (Participation.PN0,)
"""Children too young to be counted: in no base of participation."""
DID_NOT_TAKE_PART = (Participation.PN4, Participation.PN7)


@dataclass(frozen=True, kw_only=True)
class Days:
    """The days a count covers, both included, and whose rows; `began`: since when they are in time or late."""

    first: date
    last: date
    whose: Whose = EVERYBODY
    began: Began = EVER

    def hold(self, day: date | None) -> ColumnElement[bool]:
        """Whether a column's day lies among them."""
        return col(day).between(self.first, self.last)


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def were_held(days: Days) -> ColumnElement[bool]:
    """Held on these days."""
    return and_(col(Review.state) == ReviewState.HELD, days.hold(Review.held_on), of_whose(days))


def of_whose(days: Days) -> ColumnElement[bool]:
    """Whether a review is theirs whose rows are counted."""
    return true() if days.whose.is_everybody else days.whose.reviews()


def held_or_missed(days: Days) -> ColumnElement[bool]:
    """Held on these days, or due on them and missed for good."""
    return or_(were_held(days), _missed(days))


def _missed(days: Days) -> ColumnElement[bool]:
    ended = and_(col(Review.state) == ReviewState.NOT_NEEDED, col(Review.in_time).is_(False))
    return and_(ended, days.hold(Review.due_on), ~days.began.is_before_of_review(Review.due_on), of_whose(days))


@dataclass(frozen=True, kw_only=True)
class HeldCounts:
    """Reviews held, those in time, the children with a review held or missed, and those of whom all were in time.

    `participated` is out of `participation_base`: reviews with a code other than PN0.
    """

    reviews: int
    in_time: int
    children: int
    children_in_time: int
    participated: int
    participation_base: int


def held(session: Session, days: Days) -> HeldCounts:
    """The reviews held on these days. A child whose review was missed for good counts as not in time."""
    of_held, timely = were_held(days), col(Review.in_time).is_(True)
    code = col(Review.participation)
    counted = and_(of_held, code.is_not(None), code.not_in(NOT_COUNTED))
    query = select_many(
        _count_if(of_held),
        _count_if(and_(of_held, timely)),
        func.count(func.distinct(col(Review.child_id))),
        func.count(func.distinct(case((~func.coalesce(timely, false()), col(Review.child_id))))),
        _count_if(and_(counted, code.not_in(DID_NOT_TAKE_PART))),
        _count_if(counted),
    ).where(held_or_missed(days))
    reviews, in_time, children, late_children, participated, base = session.execute(query).one()
    return HeldCounts(
        reviews=reviews,
        in_time=in_time,
        children=children,
        children_in_time=children - late_children,
        participated=participated,
        participation_base=base,
    )


def first_held_on(session: Session) -> date | None:
    """The day of the oldest review held."""
    query = select(func.min(col(Review.held_on))).where(Review.state == ReviewState.HELD)
    return session.exec(query).one()


def in_care_on(session: Session, day: date, whose: Whose = EVERYBODY) -> int:
    """The children known to have been in care at the end of that day."""
    still = or_(col(Child.left_care_on).is_(None), col(Child.left_care_on) > day)
    theirs = true() if whose.is_everybody else whose.children_on(day)
    in_care = and_(col(Child.looked_after_from) <= day, still, theirs)
    return session.exec(select(func.count()).select_from(Child).where(in_care)).one()


def reviewed_without_dates(session: Session, days: Days) -> int:
    """Children reviewed on these days of whom it is not known since when they were in care."""
    query = (
        select(func.count(func.distinct(col(Review.child_id))))
        .join(Child, col(Child.id) == col(Review.child_id))
        .where(were_held(days), col(Child.looked_after_from).is_(None))
    )
    return session.exec(query).one()


def late_reasons(session: Session, days: Days) -> Mapping[str | None, int]:
    """Reviews held late, by the reason given."""
    query = (
        select(col(Review.late_reason), func.count())
        .where(were_held(days), col(Review.in_time).is_(False))
        .group_by(col(Review.late_reason))
    )
    return dict(session.exec(query).all())


def moved_reasons(session: Session, days: Days) -> Mapping[str, int]:
    """Reviews held that had been moved within time, by the reason; once for each reason."""
    within = or_(col(Review.in_time).is_(True), col(ReviewMove.to_on) <= col(Review.due_on))
    query = (
        select(col(ReviewMove.reason), func.count(func.distinct(col(ReviewMove.review_id))))
        .join(Review, col(Review.id) == col(ReviewMove.review_id))
        .where(were_held(days), within)
        .group_by(col(ReviewMove.reason))
    )
    return dict(session.exec(query).all())


def participation(session: Session, days: Days) -> list[tuple[int, Participation | None, int]]:
    """Reviews held by the month (1 to 12) they began in and how the child took part; None where not recorded."""
    month, code = extract("month", col(Review.held_on)), col(Review.participation)
    query = select_many(month, code, func.count()).where(were_held(days)).group_by(month, code)
    return [(int(number), found, reviews) for number, found, reviews in session.execute(query)]


def took_part(session: Session, days: Days) -> list[tuple[int, str, int]]:
    """Reviews held by month and which parents and carers took part; imported ones are left out: files do not say."""
    month, who = extract("month", col(Review.held_on)), col(Review.took_part)
    here = and_(were_held(days), col(Review.imported).is_(False))
    query = select_many(month, who, func.count()).where(here).group_by(month, who)
    return [(int(number), together, reviews) for number, together, reviews in session.execute(query)]


@dataclass(frozen=True, kw_only=True)
class DoneCounts:
    """How much was to be done, and how much of it was done."""

    due: int
    done: int


def tasks(session: Session, days: Days, task: str, *, before_review: bool) -> DoneCounts:
    """A task due on these days, and how often it was done."""
    counted = task_counts(days, task, before_review=before_review)
    return _due_and_done(session, counted, col(ReviewTask.done_on).is_not(None))


def task_counts(days: Days, task: str, *, before_review: bool) -> ColumnElement[bool]:
    """Whether a task due on these days is counted.

    One closed without being done was missed where its review was held (`before_review`), or else the review after
    it; otherwise it had become needless.
    """
    later = aliased(Review)
    next_held = select(later.id).where(
        col(later.child_id) == col(ReviewTask.child_id),
        col(later.state) == ReviewState.HELD,
        col(later.held_on) > col(Review.held_on),
    )
    missed = col(Review.state) == ReviewState.HELD if before_review else next_held.exists()
    return and_(task_due(days, task), or_(col(ReviewTask.not_needed).is_(False), missed))


def records_sent(session: Session, days: Days, task: str) -> DoneCounts:
    """Records to be sent out on or before these days, and those sent by their day."""
    return _due_and_done(session, task_due(days, task), sent_in_time())


def sent_in_time() -> ColumnElement[bool]:
    """Whether the record of a task's review was sent out by the task's day."""
    return col(Review.record_sent_on) <= col(ReviewTask.due_on)


def task_due(days: Days, task: str) -> ColumnElement[bool]:
    """Whether a task was due on these days, since the start, and its review was not dropped."""
    return and_(
        col(ReviewTask.task) == task,
        days.hold(ReviewTask.due_on),
        ~days.began.is_before_of_review(ReviewTask.due_on),
        col(Review.state) != ReviewState.NOT_NEEDED,
        of_whose(days),
    )


def _due_and_done(session: Session, due: ColumnElement[bool], done: ColumnElement[bool]) -> DoneCounts:
    query = (
        select_many(func.count(), _count_if(done))
        .select_from(ReviewTask)
        .join(Review, col(Review.id) == col(ReviewTask.review_id))
        .where(due)
    )
    all_due, of_them_done = session.execute(query).one()
    return DoneCounts(due=all_due, done=of_them_done)


def decisions_settled(session: Session, days: Days) -> DoneCounts:
    """Decisions that were sent, and found done, or not done by the next review, on these days."""
    query = (
        select_many(func.count(), _count_if(col(Decision.state) == DecisionState.DONE))
        .join(Review, col(Review.id) == col(Decision.review_id))
        .where(col(Decision.state).in_((DecisionState.DONE, DecisionState.NOT_DONE)), was_settled(days))
    )
    due, done = session.execute(query).one()
    return DoneCounts(due=due, done=done)


def was_settled(days: Days) -> ColumnElement[bool]:
    """Whether a decision that was sent was found done, or not, on these days and since the start."""
    early = days.began.is_before_of_review(Decision.settled_on)
    return and_(shared(), days.hold(Decision.settled_on), ~early, of_whose(days))


def contacts(session: Session, days: Days) -> list[tuple[str, int, int, int]]:
    """Contacts by team, year and month."""
    year, month = extract("year", col(Contact.happened_on)), extract("month", col(Contact.happened_on))
    query = (
        select_many(col(Contact.team), year, month, func.count())
        .where(days.hold(Contact.happened_on), true() if days.whose.is_everybody else days.whose.contacts())
        .group_by(col(Contact.team), year, month)
    )
    return [(team, int(of_year), int(of_month), number) for team, of_year, of_month, number in session.execute(query)]


def not_held(session: Session, days: Days) -> int:
    """Reviews due on these days, since the start, that are still open."""
    since = ~days.began.is_before_of_review(Review.due_on)
    query = (
        select(func.count())
        .select_from(Review)
        .where(col(Review.state).in_(OPEN_REVIEWS), days.hold(Review.due_on), since, of_whose(days))
    )
    return session.exec(query).one()
