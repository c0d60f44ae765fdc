"""Reviews of children in care: when each is due, booked and held, who took part, and what moved it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, Session, col, func, select

from storage.children import Child
from storage.columns import named
from storage.encrypted import EncryptedText
from storage.scope import Scoped


class ReviewState(StrEnum):
    """Where a review stands."""

    DUE = "due"  # not booked yet
    BOOKED = "booked"
    ADJOURNED = "adjourned"  # begun, and to be completed within the time the law gives
    IN_SERIES = "in series"  # begun as a series of meetings
    HELD = "held"
    NOT_NEEDED = "not needed"  # the child left care, or another track's review replaced it


OPEN_REVIEWS = (ReviewState.DUE, ReviewState.BOOKED, ReviewState.ADJOURNED, ReviewState.IN_SERIES)
BEGUN = (ReviewState.ADJOURNED, ReviewState.IN_SERIES)
"""Reviews that have met and are still to be completed."""


class Order(StrEnum):
    """Which review of its track it is."""

    FIRST = "first"
    SECOND = "second"
    LATER = "later"


class Participation(StrEnum):
    """The Department for Education's codes (SSDA903)."""

    PN0 = "PN0"
    PN1 = "PN1"
    PN2 = "PN2"
    PN3 = "PN3"
    PN4 = "PN4"
    PN5 = "PN5"
    PN6 = "PN6"
    PN7 = "PN7"


class Chaired(StrEnum):
    """Whether the child led their own review."""

    NO = "no"
    CHAIRED = "chaired"
    CO_CHAIRED = "co-chaired"


class Review(Scoped, table=True):
    """One review. `due_on` is the earlier of law and local rule; `law_due_on` what the law alone says.

    `held_on` is the day it began, `completed_on` the day it ended; one meeting has both alike. Reasons are labels
    of the procedures. `counts_from` is the date the due date was counted from, by the rule `rule`.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        Index("ix_reviews_standing", "authority", "state", "due_on"),
        Index("ix_reviews_of_child", "child_id", "authority", "due_on"),
        CheckConstraint("completed_on IS NULL OR completed_on >= held_on", name="ck_reviews_completed_after_held"),
    )

    id: int | None = Field(default=None, primary_key=True)
    child_id: int = Field(foreign_key="children.id")
    state: ReviewState = Field(sa_type=named(ReviewState))
    track: str = Field(max_length=40)
    order: Order = Field(sa_type=named(Order))
    rule: str = Field(max_length=60)
    counts_from: date | None = None
    due_on: date
    law_due_on: date | None = None
    brought_forward_from: date | None = None
    early_reason: str | None = Field(default=None, max_length=120)
    asked_for_by: str | None = Field(default=None, max_length=40)  # "child" or "iro"
    created_at: datetime

    booked_for: date | None = Field(default=None, index=True)
    booked_time: str = Field(default="", max_length=20)
    place_kind: str = Field(default="", max_length=60)  # the kind of place, never where
    childs_wish: str | None = Field(default=None, sa_type=EncryptedText)
    booked_by_id: int | None = Field(default=None, foreign_key="people.id")
    booked_at: datetime | None = None

    adjourned_on: date | None = None
    adjourned_reason: str | None = Field(default=None, max_length=120)
    series: bool = False
    held_on: date | None = Field(default=None, index=True)
    completed_on: date | None = None
    held_how: str = Field(default="", max_length=40)
    in_time: bool | None = None
    late_reason: str | None = Field(default=None, max_length=120)
    participation: Participation | None = Field(default=None, sa_type=named(Participation))
    chaired: Chaired | None = Field(default=None, sa_type=named(Chaired))
    took_part: str = Field(default="", max_length=200)  # mother, father, carers, others: keys, comma between
    offered: str = Field(default="", max_length=80)  # advocate, visitor
    iro_id: int | None = Field(default=None, foreign_key="people.id", index=True)

    papers_in_on: date | None = None
    midway_on: date | None = None
    decisions_sent_at: datetime | None = None
    decisions_to_id: int | None = Field(default=None, foreign_key="people.id")
    decisions_delivered_at: datetime | None = None
    decisions_answer_due_at: datetime | None = None
    decisions_answer: str | None = Field(default=None, max_length=20)  # agreed, disputed, silence
    decisions_answered_at: datetime | None = None
    decisions_answered_by_id: int | None = Field(default=None, foreign_key="people.id")  # nobody where silence agreed
    decisions_dispute: str | None = Field(default=None, sa_type=EncryptedText)
    record_written_on: date | None = None
    record_sent_on: date | None = None
    imported: bool = False


class ReviewMove(Scoped, table=True):
    """A booked review moved to another day, with the reason; counted when the review is held."""

    __tablename__ = "review_moves"

    id: int | None = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="reviews.id", index=True)
    from_on: date
    to_on: date
    reason: str = Field(max_length=120)
    by_id: int | None = Field(default=None, foreign_key="people.id")
    moved_at: datetime


class Meeting(Scoped, table=True):
    """One meeting of a series."""

    __tablename__ = "review_meetings"

    id: int | None = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="reviews.id", index=True)
    held_on: date


def get(session: Session, review_id: int, *, for_change: bool = False) -> Review | None:
    """The review of that id; with `for_change` its row is locked until the transaction ends."""
    if not for_change:
        return session.get(Review, review_id)
    query = select(Review).where(Review.id == review_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


def free_of(session: Session, review_ids: Collection[int]) -> dict[int, Review]:
    """Those of these reviews at which nobody is at work, as they are now, their rows locked until this one ends."""
    query = select(Review).where(col(Review.id).in_(review_ids)).order_by(col(Review.id))
    query = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return {one.id: one for one in session.exec(query) if one.id is not None}


def there(session: Session, review_ids: Collection[int]) -> set[int]:
    """Those of these ids that are reviews."""
    found = session.exec(select(Review.id).where(col(Review.id).in_(review_ids))) if review_ids else ()
    return {one for one in found if one is not None}


def of_child(session: Session, child_id: int) -> list[Review]:
    """All reviews of a child, oldest due first."""
    return list(
        session.exec(select(Review).where(Review.child_id == child_id).order_by(col(Review.due_on), col(Review.id)))
    )


def open_of(session: Session, child_id: int) -> Review | None:
    """The child's next review: the open one that falls due first."""
    return next_among(of_child(session, child_id))


def next_among(found: Sequence[Review]) -> Review | None:
    """Of a child's reviews, oldest due first, the open one that falls due first."""
    return next((one for one in found if one.state in OPEN_REVIEWS), None)


def last_held(session: Session, child_id: int) -> Review | None:
    """The child's last review that has been held.

    Picked from the child's few reviews: asked for the state too, SQLite would read all of the authority's.
    """
    return last_held_among(of_child(session, child_id))


def last_held_among(found: Sequence[Review]) -> Review | None:
    """Of a child's reviews, the last that has been held."""
    held = [one for one in found if one.state is ReviewState.HELD]
    return max(held, key=lambda one: (one.held_on or date.min, one.id or 0), default=None)


def last_held_days(session: Session) -> dict[int, date]:
    """The day the last review of each child was completed, by the child's id."""
    day = func.max(func.coalesce(col(Review.completed_on), col(Review.held_on)))
    query = select(Review.child_id, day).where(Review.state == ReviewState.HELD, col(Review.held_on).is_not(None))
    return dict(session.exec(query.group_by(col(Review.child_id))).all())


def moves_of(session: Session, review_id: int) -> list[ReviewMove]:
    """How often a review was moved, oldest first."""
    return list(session.exec(select(ReviewMove).where(ReviewMove.review_id == review_id).order_by(col(ReviewMove.id))))


def open_due_by(session: Session, last: date, iro_ids: list[int] | None = None) -> list[Review]:
    """Open reviews due by that day, soonest first; of these IROs' children where given."""
    query = (
        select(Review)
        .join(Child, col(Child.id) == col(Review.child_id))
        .where(col(Review.state).in_(OPEN_REVIEWS), Review.due_on <= last, col(Child.left_care_on).is_(None))
    )
    if iro_ids is not None:
        query = query.where(col(Child.iro_id).in_(iro_ids))
    return list(session.exec(query.order_by(col(Review.due_on), col(Review.id))))


def unanswered(session: Session) -> list[Review]:
    """Those whose decisions were sent and have no answer."""
    query = select(Review).where(col(Review.decisions_sent_at).is_not(None), col(Review.decisions_answer).is_(None))
    return list(session.exec(query.order_by(col(Review.id))))
