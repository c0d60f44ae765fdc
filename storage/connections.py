"""Which installed workspace or tenant of a platform speaks for which authority."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, col, select

from storage.encrypted import EncryptedSecret
from storage.scope import Scoped


class Connection(Scoped, table=True):
    """One installation. The token is kept encrypted; a removed installation keeps its row and loses its token.

    `link_domains`: those of the link it was connected by, nothing where it was by none; `set_domains`: those the
    settings bind to it. Both are separated by spaces.
    """

    __tablename__ = "connections"
    __table_args__ = (UniqueConstraint("platform", "workspace"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str = Field(max_length=20)
    workspace: str = Field(max_length=80)
    bot_token: str | None = Field(default=None, sa_type=EncryptedSecret)
    installed_at: datetime
    removed_at: datetime | None = None
    link_domains: str | None = Field(default=None, max_length=1000)
    set_domains: str | None = Field(default=None, max_length=1000)


ANY_DOMAIN = "*"
"""Among the domains the settings bind: whatever address stands on the staff list."""


def recognises(found: Connection, email: str) -> bool:
    """Whether the workspace's word counts about whose account has that e-mail address."""
    return is_of(f"{found.link_domains or ''} {found.set_domains or ''}", email)


def is_of(domains: str, email: str) -> bool:
    """Whether the address is at one of these domains; one below them is another."""
    bound = domains.split()
    return ANY_DOMAIN in bound or email.strip().lower().rpartition("@")[2] in bound


def of_workspace(session: Session, platform: str, workspace: str) -> Connection | None:
    """The connection of an installed workspace; asked before the authority is known."""
    return session.exec(
        select(Connection).where(Connection.platform == platform, Connection.workspace == workspace)
    ).one_or_none()


def in_use(session: Session) -> list[Connection]:
    """The connections that still stand."""
    return list(
        session.exec(select(Connection).where(col(Connection.removed_at).is_(None)).order_by(col(Connection.id)))
    )
