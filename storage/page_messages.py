"""The chats of the built-in page: what was posted to whom, as it reads now, and the files that came with it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, Session, col, func, select

from storage.scope import Scoped


class PageMessage(Scoped, table=True):
    """One message in one person's chat. `account` is their address on the page.

    `card` is what it shows, as text (`handlers.answers`); it never holds what a concern says. `version` grows with
    every change of any message, so that a page can ask for what it has not shown yet. `posted_at` is by the service's
    day, `seen` tells whether the chat was open since.
    """

    __tablename__ = "page_messages"
    __table_args__ = (UniqueConstraint("authority", "account", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(max_length=254, index=True)
    key: str = Field(max_length=160)
    card: str
    version: int = Field(index=True)
    posted_at: datetime
    seen: bool = False
    shrunk: bool = False
    file_id: int | None = Field(default=None, foreign_key="page_files.id")


class PageFile(Scoped, table=True):
    """A file that came with a message. What is kept here quotes nobody."""

    __tablename__ = "page_files"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=200)
    media_type: str = Field(max_length=120)
    content: bytes = Field(sa_type=LargeBinary)


class ServiceDay(Scoped, table=True):
    """How far the service's day was moved on from the machine's clock, by the built-in page alone."""

    __tablename__ = "service_days"

    id: int | None = Field(default=None, primary_key=True)
    ahead_seconds: float = 0.0


def next_version(session: Session) -> int:
    """One more than any message has; the page's database has one writer at a time."""
    return (session.exec(select(func.max(PageMessage.version))).one() or 0) + 1


def last_number(session: Session) -> int:
    """The number of the message that was posted last."""
    return session.exec(select(func.max(PageMessage.id))).one() or 0


def of_key(session: Session, account: str, key: str) -> PageMessage | None:
    """The message that was posted to that account with that key."""
    query = select(PageMessage).where(PageMessage.account == account, PageMessage.key == key)
    return session.exec(query).one_or_none()


def latest(session: Session, account: str, limit: int) -> list[PageMessage]:
    """The last messages of a chat, oldest first."""
    query = select(PageMessage).where(PageMessage.account == account).order_by(col(PageMessage.id).desc()).limit(limit)
    return list(reversed(session.exec(query).all()))


def changed_since(
    session: Session, version: int, limit: int, accounts: Collection[str] | None = None
) -> list[PageMessage]:
    """What was posted or changed after that version, in the order of the changes; in those chats, where named."""
    query = select(PageMessage).where(PageMessage.version > version).order_by(col(PageMessage.version)).limit(limit)
    if accounts is not None:
        query = query.where(col(PageMessage.account).in_(accounts))
    return list(session.exec(query))


def unseen(session: Session) -> dict[str, int]:
    """How many messages of each chat nobody has looked at."""
    query = (
        select(PageMessage.account, func.count())
        .where(col(PageMessage.seen).is_(False), col(PageMessage.shrunk).is_(False))
        .group_by(col(PageMessage.account))
    )
    return dict(session.exec(query).all())


def mark_seen(session: Session, account: str) -> None:
    """The chat is open: everything in it counts as seen."""
    query = select(PageMessage).where(PageMessage.account == account, col(PageMessage.seen).is_(False))
    for message in session.exec(query):
        message.seen = True
        session.add(message)


def ahead(session: Session) -> float:
    """By how many seconds the service's day is ahead of the machine's clock."""
    row = session.exec(select(ServiceDay)).one_or_none()
    return row.ahead_seconds if row is not None else 0.0


def move_ahead(session: Session, seconds: float) -> None:
    """Keep by how much it is ahead."""
    row = session.exec(select(ServiceDay)).one_or_none() or ServiceDay()
    row.ahead_seconds = seconds
    session.add(row)
