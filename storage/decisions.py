"""Decisions of reviews: what was decided, who sees to it and by when, and whether it was done by the next review."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, Session, col, select

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

    `times_undone` counts the reviews that found it not done, through all its repeats.
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


def of_review(session: Session, review_id: int) -> list[Decision]:
    """The decisions of a review, in the order they were made."""
    return list(session.exec(select(Decision).where(Decision.review_id == review_id).order_by(col(Decision.id))))


def open_of_child(session: Session, child_id: int) -> list[Decision]:
    """The decisions about a child that are still open, oldest first."""
    return list(
        session.exec(
            select(Decision)
            .where(Decision.child_id == child_id, Decision.state == DecisionState.OPEN)
            .order_by(col(Decision.id))
        )
    )
