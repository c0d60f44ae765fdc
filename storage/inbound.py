"""What was already handled, by the platform's own key, with the answer that was given."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, col, delete, select

from storage.encrypted import EncryptedSecret
from storage.scope import Scoped


class AlreadyHandled(Exception):
    """Another transaction handled this key first: roll back and give its stored answer."""


class Inbound(Scoped, table=True):
    """One request that had its effect; `answer` is JSON, or None while there is none to repeat."""

    __tablename__ = "inbound"
    __table_args__ = (UniqueConstraint("authority", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=200)
    received_at: datetime = Field(index=True)
    answer: str | None = Field(default=None, sa_type=EncryptedSecret)


def handled(session: Session, key: str) -> bool:
    """Whether a request with this key has had its effect."""
    return session.exec(select(Inbound.id).where(Inbound.key == key)).first() is not None


def stored_answer(session: Session, key: str, since: datetime | None = None) -> str | None:
    """The answer given to this key, since that moment if one is named; None when there is none."""
    query = select(Inbound.answer).where(Inbound.key == key)
    return session.exec(query if since is None else query.where(Inbound.received_at >= since)).first()


def remember(session: Session, key: str, answer: str | None, at: datetime) -> None:
    """Insert the key in the transaction of its effect; on AlreadyHandled all of that must roll back."""
    session.flush()
    session.add(Inbound(key=key, answer=answer, received_at=at))
    try:
        session.flush()
    except IntegrityError:
        raise AlreadyHandled from None


def forget_older_than(session: Session, moment: datetime, most: int = 1_000) -> int:
    """Drop so many keys of requests received before the moment; returns how many. Platforms repeat within the hour."""
    old = select(Inbound.id).where(col(Inbound.received_at) < moment).limit(most)
    ids = [one for one in session.exec(old) if one is not None]
    if ids:
        session.exec(delete(Inbound).where(col(Inbound.id).in_(ids)))
    return len(ids)
