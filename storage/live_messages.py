"""The one message with live buttons that each person has of each concern, and the earlier ones still to be shrunk."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, Session, col, select

from storage.scope import Scoped


class LiveMessage(Scoped, table=True):
    """A posted message with buttons.

    `overtaken_at` set: shrink it to a line; `shrunk_at` set: done, or refused by the platform.
    """

    __tablename__ = "live_messages"
    __table_args__ = (Index("ix_live_messages_of", "authority", "concern_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    concern_id: int = Field(foreign_key="concerns.id", index=True)
    person_id: int = Field(foreign_key="people.id", index=True)
    outbox_id: int = Field(foreign_key="outbox.id")
    platform: str = Field(max_length=20)
    workspace: str = Field(max_length=80)
    channel: str = Field(max_length=250)
    message: str = Field(max_length=120)
    title: str = Field(max_length=300)
    posted_at: datetime
    overtaken_at: datetime | None = None
    shrunk_at: datetime | None = None


def post(session: Session, message: LiveMessage) -> None:
    """Remember a posted message and mark the person's earlier ones of that concern as overtaken."""
    for earlier in session.exec(
        select(LiveMessage).where(
            LiveMessage.concern_id == message.concern_id,
            LiveMessage.person_id == message.person_id,
            col(LiveMessage.overtaken_at).is_(None),
        )
    ):
        earlier.overtaken_at = message.posted_at
        session.add(earlier)
    session.add(message)


def overtake(session: Session, concern_id: int, person_id: int, at: datetime) -> None:
    """Mark what a person has live of a concern as overtaken, without a new message."""
    for live in session.exec(
        select(LiveMessage).where(
            LiveMessage.concern_id == concern_id,
            LiveMessage.person_id == person_id,
            col(LiveMessage.overtaken_at).is_(None),
        )
    ):
        live.overtaken_at = at
        session.add(live)


def to_shrink(session: Session, limit: int) -> list[LiveMessage]:
    """Overtaken messages that have not been shrunk yet, oldest first."""
    return list(
        session.exec(
            select(LiveMessage)
            .where(col(LiveMessage.overtaken_at).is_not(None), col(LiveMessage.shrunk_at).is_(None))
            .order_by(col(LiveMessage.id))
            .limit(limit)
        )
    )
