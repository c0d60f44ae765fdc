"""Messages owed: written in the transaction of their cause, sent later by one sender per workspace."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Index, UniqueConstraint, text
from sqlmodel import Field, Session, SQLModel, col, func, or_, select

from storage.columns import named
from storage.scope import Scoped


class OutboxState(StrEnum):
    """Where a message stands."""

    OWED = "owed"
    ATTEMPTED = "attempted"  # handed to the platform, no answer known yet
    SENT = "sent"
    DROPPED = "dropped"  # no longer needed when its turn came
    FAILED = "failed"  # the platform refused it for good


class Outbox(Scoped, table=True):
    """One message to one person. `key` is permanent: the same cause never owes twice.

    `kind` names the wording; `details` holds ids, dates and numbers as JSON, never words about a child.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("authority", "key"),
        Index(
            "ix_outbox_waiting",
            "authority",
            "urgent",
            "id",
            sqlite_where=text("state IN ('owed', 'attempted')"),
            postgresql_where=text("state IN ('owed', 'attempted')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=160)
    kind: str = Field(max_length=40)
    person_id: int = Field(foreign_key="people.id", index=True)
    concern_id: int | None = Field(default=None, foreign_key="concerns.id", index=True)
    run_id: int | None = None
    review_id: int | None = Field(default=None, foreign_key="reviews.id", index=True)
    details: str = "{}"
    urgent: bool = False
    state: OutboxState = Field(default=OutboxState.OWED, sa_type=named(OutboxState))
    owed_at: datetime
    not_before: datetime | None = None
    attempts: int = 0
    attempted_at: datetime | None = None
    sent_at: datetime | None = None
    platform: str | None = Field(default=None, max_length=20)
    workspace: str | None = Field(default=None, max_length=80)
    channel: str | None = Field(default=None, max_length=250)
    message: str | None = Field(default=None, max_length=120)
    repeated: bool = False
    failure: str | None = Field(default=None, max_length=300)
    held_until: datetime | None = None  # by the service's day: it waits for working hours


class SenderLease(SQLModel, table=True):
    """Which sender may post to a workspace, until when; and until when the platform asked us to wait."""

    __tablename__ = "sender_leases"

    platform: str = Field(primary_key=True, max_length=20)
    workspace: str = Field(primary_key=True, max_length=80)
    token: str | None = Field(default=None, max_length=32)
    until: datetime | None = None
    not_before: datetime | None = None
    failure: str | None = Field(default=None, max_length=300)


def owe(session: Session, messages: Sequence[Outbox]) -> list[Outbox]:
    """Owe messages once each, in one statement; gives those whose key was not owed before."""
    keys = [one.key for one in messages]
    known = set(session.exec(select(Outbox.key).where(col(Outbox.key).in_(keys)))) if keys else set()
    fresh = list({one.key: one for one in messages if one.key not in known}.values())
    session.add_all(fresh)
    session.flush()
    return fresh


def waiting(session: Session, now: datetime, limit: int) -> list[Outbox]:
    """Messages to send now: urgent ones first, then in the order they were owed. For one clock that counts all."""
    return list(
        session.exec(
            select(Outbox)
            .where(
                col(Outbox.state).in_((OutboxState.OWED, OutboxState.ATTEMPTED)),
                or_(col(Outbox.not_before).is_(None), col(Outbox.not_before) <= now),
                not_held(now),
            )
            .order_by(col(Outbox.urgent).desc(), col(Outbox.id))
            .limit(limit)
        )
    )


def not_held(day: datetime) -> ColumnElement[bool]:
    """That a message does not wait for working hours, at a moment of the service's day."""
    return or_(col(Outbox.held_until).is_(None), col(Outbox.held_until) <= day)


def held(session: Session, concern_id: int, day: datetime) -> list[Outbox]:
    """What is owed about a concern and waits for working hours."""
    query = select(Outbox).where(
        Outbox.concern_id == concern_id, Outbox.state == OutboxState.OWED, col(Outbox.held_until) > day
    )
    return list(session.exec(query.order_by(col(Outbox.id))))


def still_owed(session: Session, run_id: int, kinds: tuple[str, ...]) -> bool:
    """Whether a message of these kinds about a stage run has neither been sent, dropped nor refused yet."""
    query = select(Outbox.id).where(
        Outbox.run_id == run_id,
        col(Outbox.kind).in_(kinds),
        col(Outbox.state).in_((OutboxState.OWED, OutboxState.ATTEMPTED)),
    )
    return session.exec(query.limit(1)).first() is not None


def to_person(session: Session, person_id: int, kind: str) -> list[Outbox]:
    """The messages of a kind to one person, the latest first."""
    query = select(Outbox).where(Outbox.person_id == person_id, Outbox.kind == kind)
    return list(session.exec(query.order_by(col(Outbox.id).desc())))


def get(session: Session, outbox_id: int) -> Outbox | None:
    """The message of that id."""
    return session.exec(select(Outbox).where(Outbox.id == outbox_id)).one_or_none()


def posted_as(
    session: Session, person_id: int, *, platform: str, workspace: str, channel: str, message: str
) -> Outbox | None:
    """The message to that person which stands there under the platform's own ids."""
    query = select(Outbox).where(
        Outbox.person_id == person_id,
        Outbox.message == message,
        Outbox.channel == channel,
        Outbox.platform == platform,
        Outbox.workspace == workspace,
    )
    return session.exec(query.order_by(col(Outbox.id).desc()).limit(1)).first()


def by_key(session: Session, key: str) -> Outbox | None:
    """The message with that permanent key."""
    return session.exec(select(Outbox).where(Outbox.key == key)).one_or_none()


def locked(session: Session, key: str) -> Outbox | None:
    """The same, its row locked until the transaction ends and read as it is now."""
    query = select(Outbox).where(Outbox.key == key).with_for_update().execution_options(populate_existing=True)
    return session.exec(query).one_or_none()


def how_many(session: Session, state: OutboxState) -> int:
    """How many messages stand so."""
    return session.exec(select(func.count()).select_from(Outbox).where(Outbox.state == state)).one()
