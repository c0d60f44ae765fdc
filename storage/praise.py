"""Good practice recognised by an IRO: to a worker, a carer's service or a partner. No child is named or linked."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement
from sqlmodel import Field, Session, col, select

from storage.columns import named
from storage.encrypted import EncryptedText
from storage.scope import Scoped


class PraiseTo(StrEnum):
    """Who is recognised."""

    WORKER = "worker"
    CARERS_SERVICE = "carer's service"
    PARTNER = "partner"


class Praise(Scoped, table=True):
    """One recognition. `person_id` is the member of staff recognised, or told in the place of those who are not staff.

    `to_name` names a carer's service or a partner. `team` is the team it is counted for. `quotable`: those recognised
    agreed that it may be quoted. `manager_id` is the manager who was told.
    """

    __tablename__ = "praise"
    __table_args__ = (
        CheckConstraint("person_id IS NOT NULL OR to_name <> ''", name="ck_praise_to_somebody"),
        CheckConstraint("person_id IS NOT NULL OR recipient <> 'worker'", name="ck_praise_worker_is_staff"),
    )

    id: int | None = Field(default=None, primary_key=True)
    recipient: PraiseTo = Field(sa_type=named(PraiseTo))
    person_id: int | None = Field(default=None, foreign_key="people.id", index=True)
    manager_id: int | None = Field(default=None, foreign_key="people.id")
    to_name: str = Field(default="", max_length=120)
    team: str = Field(default="", max_length=120)
    words: str | None = Field(default=None, sa_type=EncryptedText)
    quotable: bool = False
    by_id: int = Field(foreign_key="people.id", index=True)
    for_id: int | None = Field(default=None, foreign_key="people.id")
    sent_at: datetime = Field(index=True)


def get(session: Session, praise_id: int) -> Praise | None:
    """The recognition of that id."""
    return session.get(Praise, praise_id)


def quotable(session: Session, start: datetime, end: datetime) -> list[Praise]:
    """What may be quoted of those sent from the first moment up to but not including the last, oldest first."""
    query = select(Praise).where(
        col(Praise.sent_at) >= start, col(Praise.sent_at) < end, col(Praise.quotable).is_(True)
    )
    return list(session.exec(query.order_by(col(Praise.sent_at), col(Praise.id))))


def sent(
    session: Session, start: datetime, end: datetime, theirs: ColumnElement[bool]
) -> Iterator[tuple[str, datetime]]:
    """Team and moment of each recognition sent from the first moment up to but not including the last."""
    query = select(Praise.team, Praise.sent_at).where(col(Praise.sent_at) >= start, col(Praise.sent_at) < end, theirs)
    yield from session.exec(query.execution_options(yield_per=1000))


def received_by(session: Session, person_id: int, start: datetime) -> list[Praise]:
    """What somebody was recognised for, by name, from that moment on; the latest first."""
    query = select(Praise).where(
        Praise.recipient == PraiseTo.WORKER, Praise.person_id == person_id, col(Praise.sent_at) >= start
    )
    return list(session.exec(query.order_by(col(Praise.sent_at).desc())))
