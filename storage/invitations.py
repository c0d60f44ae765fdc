"""One-time links by which a workspace may be connected; only a digest of their secret is kept."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlmodel import Field, Session, col, select

from storage.scope import Scoped

VALID_FOR = timedelta(days=7)


class Invitation(Scoped, table=True):
    """One link. `team` is the only workspace it is for, where one was named; `domains` are separated by spaces.

    `used_at` set: it connected `workspace` and works no more.
    """

    __tablename__ = "invitations"

    digest: str = Field(primary_key=True, max_length=64)
    platform: str = Field(max_length=20)
    team: str = Field(default="", max_length=80)
    domains: str = Field(default="", max_length=1000)
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    workspace: str | None = Field(default=None, max_length=80)

    def waits(self, now: datetime) -> bool:
        """Whether it still works."""
        return self.used_at is None and now < self.expires_at


def digest_of(secret: str) -> str:
    """What is kept of a link's secret."""
    return sha256(secret.encode()).hexdigest()


def of_secret(session: Session, secret: str) -> Invitation | None:
    """The invitation of that secret; asked before the authority is known."""
    return session.exec(select(Invitation).where(col(Invitation.digest) == digest_of(secret))).one_or_none()


def locked(session: Session, secret: str) -> Invitation | None:
    """The same, its row locked until the transaction ends."""
    query = select(Invitation).where(col(Invitation.digest) == digest_of(secret)).with_for_update()
    return session.exec(query).one_or_none()
