"""News about a child told to the IRO by `/tell`, and what the IRO made of it."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Session, col, select

from storage.columns import named
from storage.encrypted import EncryptedText
from storage.scope import Scoped


class NewsKind(StrEnum):
    """What changed."""

    MISSING = "missing"
    MOVE = "move"
    PLAN = "plan"
    SCHOOL = "school"
    WORKER = "worker"
    COMPLAINT = "complaint"
    OTHER = "other"


class NewsAnswer(StrEnum):
    """What the IRO made of it."""

    BRING_FORWARD = "bring the review forward"
    NOTED = "noted"


class News(Scoped, table=True):
    """One piece of news about a child."""

    __tablename__ = "news"

    id: int | None = Field(default=None, primary_key=True)
    child_id: int = Field(foreign_key="children.id", index=True)
    kind: NewsKind = Field(sa_type=named(NewsKind))
    words: str | None = Field(default=None, sa_type=EncryptedText)
    told_by_id: int = Field(foreign_key="people.id", index=True)
    told_at: datetime
    answer: NewsAnswer | None = Field(default=None, sa_type=named(NewsAnswer))
    answered_by_id: int | None = Field(default=None, foreign_key="people.id")
    answered_at: datetime | None = None
    review_first: bool | None = None  # a review is needed before it happens

    @property
    def cannot_wait(self) -> bool:
        """Whether the IRO is told at once, and not in the morning."""
        return self.kind is NewsKind.MISSING or bool(self.review_first)


def get(session: Session, news_id: int) -> News | None:
    """The news of that id."""
    return session.get(News, news_id)


def of_child(session: Session, child_id: int) -> list[News]:
    """The news about a child, oldest first."""
    return list(session.exec(select(News).where(News.child_id == child_id).order_by(col(News.id))))
