"""Links to a file that work once, for ten minutes, for one person; only a digest of the secret is kept."""

from datetime import datetime

from sqlmodel import Field, Session, col, select

from storage.scope import Scoped


class FileLink(Scoped, table=True):
    """One link. `used_at` set: it has been opened and works no more.

    It leads to the concern's file, in the shape that `report` names, or without a concern to the report that it names
    (year and kind, no words).
    """

    __tablename__ = "file_links"

    digest: str = Field(primary_key=True, max_length=64)
    concern_id: int | None = Field(default=None, foreign_key="concerns.id")
    report: str = Field(default="", max_length=40)
    person_id: int = Field(foreign_key="people.id")
    expires_at: datetime
    used_at: datetime | None = None


def locked(session: Session, digest: str) -> FileLink | None:
    """The link of that digest, its row locked until the transaction ends."""
    return session.exec(select(FileLink).where(col(FileLink.digest) == digest).with_for_update()).one_or_none()


def by_digest(session: Session, digest: str) -> FileLink | None:
    """The link of that digest; asked before the authority is known."""
    return session.exec(select(FileLink).where(col(FileLink.digest) == digest)).one_or_none()
