"""What IROs do between reviews: monitoring contacts (the "footprint"), children seen, children spoken to.

Seen and spoken to are kept apart.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, Session, col, select

from storage.columns import named
from storage.encrypted import EncryptedText
from storage.scope import Scoped


class ContactKind(StrEnum):
    """What was done."""

    SEEN = "child seen"
    SPOKEN_TO = "child spoken to"
    MONITORING = "monitoring contact"
    MIDWAY = "midway check"


class Contact(Scoped, table=True):
    """One contact about a child. `refused`: it was offered, and the child did not want it."""

    __tablename__ = "contacts"
    __table_args__ = (Index("ix_contacts_of_child", "child_id", "authority", "happened_on"),)

    id: int | None = Field(default=None, primary_key=True)
    child_id: int = Field(foreign_key="children.id")
    review_id: int | None = Field(default=None, foreign_key="reviews.id", index=True)
    kind: ContactKind = Field(sa_type=named(ContactKind))
    happened_on: date = Field(index=True)
    refused: bool = False
    words: str | None = Field(default=None, sa_type=EncryptedText)
    by_id: int = Field(foreign_key="people.id", index=True)
    for_id: int | None = Field(default=None, foreign_key="people.id")
    team: str = Field(default="", max_length=120)
    recorded_at: datetime


def of_child(session: Session, child_id: int) -> list[Contact]:
    """The contacts about a child, oldest first."""
    return list(
        session.exec(
            select(Contact).where(Contact.child_id == child_id).order_by(col(Contact.happened_on), col(Contact.id))
        )
    )
