"""Decisions of reviews: what was decided, who sees to it and by when, and whether it was done by the next review."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Index, and_
from sqlmodel import Field, Session, col, or_, select

from storage.children import Child
from storage.columns import named
from storage.encrypted import EncryptedText
from storage.scope import Scoped


class DecisionState(StrEnum):
    """Where a decision stands."""

    OPEN = "open"
    DONE = "done"
    NOT_DONE = "not done"  # by the next review
    NO_LONGER_NEEDED = "no longer needed"


class Decision(Scoped, table=True):
    """One decision. `repeats_id` names the undone decision of an earlier review that it takes up again.

    `times_undone` counts the reviews that found it not done, through all its repeats. Until `sent_at` it is the IRO's
    alone; what was sent stands as it is until a change of it is sent, at `changed_at`, or it is taken out.
    """

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_of_child", "child_id", "authority", "state"),)

    id: int | None = Field(default=None, primary_key=True)
    child_id: int = Field(foreign_key="children.id")
    review_id: int = Field(foreign_key="reviews.id", index=True)
    words: str | None = Field(default=None, sa_type=EncryptedText)
    owner_id: int | None = Field(default=None, foreign_key="people.id", index=True)
    owner_role: str = Field(default="", max_length=60)
    due_on: date | None = None
    state: DecisionState = Field(sa_type=named(DecisionState))
    settled_on: date | None = None
    settled_at_review_id: int | None = Field(default=None, foreign_key="reviews.id")
    repeats_id: int | None = Field(default=None, foreign_key="decisions.id")
    times_undone: int = 0
    concern_id: int | None = Field(default=None, foreign_key="concerns.id")  # the draft it readied
    made_at: datetime
    sent_at: datetime | None = None  # when it first went to the manager
    changed_at: datetime | None = None
    taken_out_at: datetime | None = None


class DecisionChange(Scoped, table=True):
    """What the IRO made of a decision that had been sent: other words, or out with it; in force once it is sent too."""

    __tablename__ = "decision_changes"

    id: int | None = Field(default=None, primary_key=True)
    decision_id: int = Field(foreign_key="decisions.id", index=True)
    words: str | None = Field(default=None, sa_type=EncryptedText)
    owner_id: int | None = Field(default=None, foreign_key="people.id")
    owner_role: str = Field(default="", max_length=60)
    due_on: date | None = None
    takes_out: bool = False
    because: str | None = Field(default=None, sa_type=EncryptedText)  # why it is taken out
    made_by_id: int = Field(foreign_key="people.id")
    made_at: datetime
    sent_at: datetime | None = None


def get(session: Session, decision_id: int) -> Decision | None:
    """The decision of that id."""
    return session.get(Decision, decision_id)


def shared() -> ColumnElement[bool]:
    """Whether others than the IRO may know of a decision: it was sent, and not taken out since."""
    return and_(col(Decision.sent_at).is_not(None), col(Decision.taken_out_at).is_(None))


def of_review(session: Session, review_id: int) -> list[Decision]:
    """The decisions of a review that were sent and stand, in the order they were made."""
    query = select(Decision).where(Decision.review_id == review_id, shared())
    return list(session.exec(query.order_by(col(Decision.id))))


def in_hand(session: Session, review_id: int) -> list[Decision]:
    """The decisions of a review as its IRO has them, those not sent yet among them."""
    query = select(Decision).where(Decision.review_id == review_id, col(Decision.taken_out_at).is_(None))
    return list(session.exec(query.order_by(col(Decision.id))))


def ever_sent(session: Session, review_id: int) -> list[Decision]:
    """The decisions of a review that were ever sent, those taken out since among them."""
    query = select(Decision).where(Decision.review_id == review_id, col(Decision.sent_at).is_not(None))
    return list(session.exec(query.order_by(col(Decision.id))))


def open_of_child(session: Session, child_id: int) -> list[Decision]:
    """The decisions about a child that are still open, oldest first; those not sent yet among them."""
    return list(
        session.exec(
            select(Decision)
            .where(
                Decision.child_id == child_id,
                Decision.state == DecisionState.OPEN,
                col(Decision.taken_out_at).is_(None),
            )
            .order_by(col(Decision.id))
        )
    )


def changes_to_send(session: Session, review_id: int) -> dict[int, DecisionChange]:
    """By the decision's id: the changes of a review's open decisions that have not been sent yet."""
    query = (
        select(DecisionChange)
        .join(Decision, col(Decision.id) == col(DecisionChange.decision_id))
        .where(
            Decision.review_id == review_id,
            Decision.state == DecisionState.OPEN,
            col(Decision.taken_out_at).is_(None),
            col(DecisionChange.sent_at).is_(None),
        )
    )
    return {one.decision_id: one for one in session.exec(query)}


def owners_of_open(session: Session, child_id: int) -> list[int]:
    """The people who see to an open decision about a child."""
    query = select(Decision.owner_id).where(Decision.child_id == child_id, Decision.state == DecisionState.OPEN)
    return [one for one in session.exec(query.distinct()) if one is not None]


def open_for(session: Session, person_id: int, *, is_iro: bool) -> list[Decision]:
    """The decisions sent and still open that somebody sees to, by name or by role; due first on top."""
    own = col(Child.iro_id) if is_iro else col(Child.holder_id)
    role = "iro" if is_iro else "social_worker"
    by_role = and_(col(Decision.owner_id).is_(None), col(Decision.owner_role) == role, own == person_id)
    query = (
        select(Decision)
        .join(Child, col(Child.id) == col(Decision.child_id))
        .where(
            Decision.state == DecisionState.OPEN,
            shared(),
            col(Child.left_care_on).is_(None),
            or_(col(Decision.owner_id) == person_id, by_role),
        )
    )
    return list(session.exec(query.order_by(col(Decision.due_on).is_(None), col(Decision.due_on), col(Decision.id))))
