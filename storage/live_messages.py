"""The one message with live buttons that each person has of each subject, and the earlier ones still to be shrunk."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Index, text
from sqlalchemy.orm import Session as PlainSession
from sqlmodel import Field, Session, col, select

from storage.behind import kept
from storage.scope import Scoped


class LiveMessage(Scoped, table=True):
    """A posted message with buttons. The subject names what it is about: "concern:12", "decisions:3", "news:5".

    `overtaken_at` set: shrink it to a line; `shrunk_at` set: done, or refused by the platform.
    """

    __tablename__ = "live_messages"
    __table_args__ = (
        Index("ix_live_messages_of", "authority", "subject", "person_id"),
        Index(
            "ix_live_messages_standing",
            "authority",
            "person_id",
            sqlite_where=text("overtaken_at IS NULL"),
            postgresql_where=text("overtaken_at IS NULL"),
        ),
        Index(
            "ix_live_messages_to_shrink",
            "authority",
            "id",
            sqlite_where=text("overtaken_at IS NOT NULL AND shrunk_at IS NULL"),
            postgresql_where=text("overtaken_at IS NOT NULL AND shrunk_at IS NULL"),
        ),
    )

    authority: str = Field(default="", max_length=40)  # each index begins with it: by itself it would be looked through
    id: int | None = Field(default=None, primary_key=True)
    subject: str = Field(max_length=60)
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

    def leaves(self) -> tuple[bool, datetime | None]:
        """It is to be shrunk."""
        return self.overtaken_at is not None and self.shrunk_at is None, None


def post(session: Session, message: LiveMessage, *, overtaking: bool = True) -> None:
    """Remember a posted message; `overtaking` marks the person's earlier ones of that subject as overtaken."""
    if overtaking:
        overtake(session, message.subject, message.posted_at, message.person_id)
    _events(session).append(message)
    session.add(message)


def post_among(
    session: Session, message: LiveMessage, standing: dict[tuple[str, int], list[LiveMessage]], *, overtaking: bool
) -> None:
    """The same where what stands was read with that of others (`standing_by`), among which it stands from now on."""
    among = standing.setdefault((message.subject, message.person_id), [])
    for live in among if overtaking else ():
        live.overtaken_at = live.overtaken_at or message.posted_at
        session.add(live)
    _events(session).append(message)
    session.add(message)
    among.append(message)


def people_with(session: Session, subject: str) -> set[int]:
    """Everybody who has something live of a subject."""
    query = select(LiveMessage.person_id).where(LiveMessage.subject == subject, col(LiveMessage.overtaken_at).is_(None))
    return set(session.exec(query))


def standing(session: Session, subject: str, person_id: int) -> list[LiveMessage]:
    """What a person has of a subject with its buttons, oldest first."""
    query = select(LiveMessage).where(
        LiveMessage.subject == subject, LiveMessage.person_id == person_id, col(LiveMessage.overtaken_at).is_(None)
    )
    return list(session.exec(query.order_by(col(LiveMessage.id))))


def in_one(session: Session, message: LiveMessage) -> list[LiveMessage]:
    """All that stand in the same message on the platform, in their order: it may be about several things."""
    query = select(LiveMessage).where(
        LiveMessage.person_id == message.person_id,
        LiveMessage.platform == message.platform,
        LiveMessage.workspace == message.workspace,
        LiveMessage.channel == message.channel,
        LiveMessage.message == message.message,
    )
    return list(session.exec(query.order_by(col(LiveMessage.id))))


def standing_of(session: Session, person_ids: Collection[int]) -> list[LiveMessage]:
    """What these people have with its buttons, of any subject, oldest first."""
    query = select(LiveMessage).where(
        col(LiveMessage.person_id).in_(person_ids), col(LiveMessage.overtaken_at).is_(None)
    )
    return list(session.exec(query.order_by(col(LiveMessage.id))))


def standing_by(session: Session, person_ids: Collection[int]) -> dict[tuple[str, int], list[LiveMessage]]:
    """The same by subject and person."""
    found: dict[tuple[str, int], list[LiveMessage]] = {}
    for live in standing_of(session, person_ids):
        found.setdefault((live.subject, live.person_id), []).append(live)
    return found


def posted_after(session: Session, message: LiveMessage) -> list[LiveMessage]:
    """What the person got of the same subject later than this message."""
    query = select(LiveMessage).where(
        LiveMessage.subject == message.subject,
        LiveMessage.person_id == message.person_id,
        col(LiveMessage.posted_at) > message.posted_at,
    )
    return list(session.exec(query.order_by(col(LiveMessage.id))))


def overtake(session: Session, subject: str, at: datetime, person_id: int | None = None) -> None:
    """Mark what is live of a subject as overtaken: one person's messages, or everybody's where none is given."""
    _events(session).append(Overtaking(subject, person_id, at))


class Overtaking(NamedTuple):
    """What was live of a subject is overtaken at a moment: one person's, or everybody's."""

    subject: str
    person_id: int | None
    at: datetime

    def reaches(self, live: LiveMessage) -> bool:
        """Whether the message is among them."""
        return self.subject == live.subject and self.person_id in (None, live.person_id)


def _events(session: Session) -> list[Overtaking | LiveMessage]:
    """What a transaction overtook and posted, in order: it is written at once, and reaches nothing posted later."""
    return kept(session, LiveMessage.__tablename__, list[Overtaking | LiveMessage], _overtake)


def _overtake(session: PlainSession, events: list[Overtaking | LiveMessage]) -> None:
    subjects = {one.subject for one in events if isinstance(one, Overtaking)}
    if not subjects:
        return
    query = select(LiveMessage).where(col(LiveMessage.subject).in_(subjects), col(LiveMessage.overtaken_at).is_(None))
    posted = {id(one): at for at, one in enumerate(events) if isinstance(one, LiveMessage)}
    for live in session.execute(query).scalars():
        later = (one for one in events[posted.get(id(live), -1) + 1 :] if isinstance(one, Overtaking))
        live.overtaken_at = next((one.at for one in later if one.reaches(live)), None)


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
