"""What an IRO says of a plan after a review, to the team manager: what was good, what was missing, and a grade."""

from datetime import datetime

from sqlmodel import Field, Session, select

from storage.encrypted import EncryptedText
from storage.scope import Scoped


class Feedback(Scoped, table=True):
    """Feedback on one review."""

    __tablename__ = "feedback"

    id: int | None = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="reviews.id", index=True)
    good: str | None = Field(default=None, sa_type=EncryptedText)
    missing: str | None = Field(default=None, sa_type=EncryptedText)
    grade: str = Field(default="", max_length=40)
    to_id: int | None = Field(default=None, foreign_key="people.id")
    by_id: int = Field(foreign_key="people.id")
    given_at: datetime


def of_review(session: Session, review_id: int) -> Feedback | None:
    """The feedback on a review."""
    return session.exec(select(Feedback).where(Feedback.review_id == review_id)).one_or_none()
