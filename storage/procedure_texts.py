"""Every procedures text that ever governed a concern, kept by its digest, which concerns hold."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, select

from storage.scope import Scoped


class ProcedureText(Scoped, table=True):
    """One text as it was read from the file."""

    __tablename__ = "procedure_texts"
    __table_args__ = (UniqueConstraint("authority", "digest"),)

    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(max_length=64)
    name: str = Field(max_length=80)
    text: str
    stored_at: datetime


def keep(session: Session, *, name: str, text: str, digest: str, at: datetime) -> None:
    """Store a text once; the same digest again changes nothing."""
    if text_of(session, digest) is None:
        session.add(ProcedureText(name=name, text=text, digest=digest, stored_at=at))
        session.flush()


def text_of(session: Session, digest: str) -> str | None:
    """The text with that digest, None when it was never stored."""
    return session.exec(select(ProcedureText.text).where(ProcedureText.digest == digest)).first()
