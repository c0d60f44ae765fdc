"""Where people and teams are reached on a platform that cannot be asked for it: the conversations it told us of."""

from datetime import datetime

from sqlalchemy import UniqueConstraint, or_
from sqlmodel import Field, Session, col, select

from storage.scope import Scoped


class Conversation(Scoped, table=True):
    """One conversation with the bot. `account` is the person's id on the platform; for a team's conversation, nothing.

    `bot` and `member` are the ids under which the two take part. A conversation the app was taken out of keeps its
    row with `removed_at`. The service URL was proved when it was told. Of somebody who is not on the staff list (yet),
    `sign_in` and `mail` are digests of the addresses the platform vouches for.
    """

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("platform", "workspace", "conversation"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str = Field(max_length=20)
    workspace: str = Field(max_length=80)
    account: str = Field(default="", max_length=120, index=True)
    conversation: str = Field(max_length=250)
    service_url: str = Field(max_length=250)
    bot: str = Field(default="", max_length=120)
    member: str = Field(default="", max_length=250)
    sign_in: str = Field(default="", max_length=64, index=True)
    mail: str = Field(default="", max_length=64, index=True)
    told_at: datetime
    removed_at: datetime | None = None


def keep(session: Session, told: Conversation) -> bool:
    """Remember a conversation, or bring it to what was told now; whether that changed anything."""
    known = of_id(session, told.platform, told.workspace, told.conversation)
    if known is None:
        session.add(told)
        session.flush()
        return True
    names = ("account", "service_url", "bot", "member")
    fresh = {name: value for name in names if (value := getattr(told, name)) and value != getattr(known, name)}
    if not fresh and known.removed_at is None:
        return False
    for name, value in fresh.items():
        setattr(known, name, value)
    known.told_at, known.removed_at = told.told_at, None
    session.add(known)
    return True


def of_id(session: Session, platform: str, workspace: str, conversation: str) -> Conversation | None:
    """The conversation of that id, removed or not."""
    return session.exec(
        select(Conversation).where(
            Conversation.platform == platform,
            Conversation.workspace == workspace,
            Conversation.conversation == conversation,
        )
    ).one_or_none()


def with_account(session: Session, platform: str, workspace: str, account: str) -> Conversation | None:
    """The conversation with one person that still stands, the one told of last."""
    return session.exec(
        select(Conversation)
        .where(
            Conversation.platform == platform,
            Conversation.workspace == workspace,
            Conversation.account == account,
            col(Conversation.removed_at).is_(None),
        )
        .order_by(col(Conversation.told_at).desc(), col(Conversation.id).desc())
    ).first()


def with_address(session: Session, platform: str, workspace: str, digest: str) -> Conversation | None:
    """The conversation that still stands with the person who has the address of that digest."""
    return session.exec(
        select(Conversation)
        .where(
            Conversation.platform == platform,
            Conversation.workspace == workspace,
            or_(col(Conversation.sign_in) == digest, col(Conversation.mail) == digest),
            col(Conversation.removed_at).is_(None),
        )
        .order_by(col(Conversation.told_at).desc(), col(Conversation.id).desc())
    ).first()


def latest(session: Session, platform: str, workspace: str) -> Conversation | None:
    """The conversation told of last, removed or not: it says under which address a workspace is served."""
    return session.exec(
        select(Conversation)
        .where(Conversation.platform == platform, Conversation.workspace == workspace)
        .order_by(col(Conversation.told_at).desc(), col(Conversation.id).desc())
    ).first()


def shared(session: Session, platform: str, workspace: str, limit: int) -> list[Conversation]:
    """Conversations of teams and groups that still stand, the latest first: their members can be looked up there."""
    return list(
        session.exec(
            select(Conversation)
            .where(
                Conversation.platform == platform,
                Conversation.workspace == workspace,
                Conversation.account == "",
                col(Conversation.removed_at).is_(None),
            )
            .order_by(col(Conversation.told_at).desc(), col(Conversation.id).desc())
            .limit(limit)
        )
    )


def remove(session: Session, platform: str, workspace: str, conversation: str, at: datetime) -> None:
    """The app was taken out of that conversation."""
    known = of_id(session, platform, workspace, conversation)
    if known is not None and known.removed_at is None:
        known.removed_at = at
        session.add(known)


def reached(session: Session, platform: str, workspace: str) -> set[str]:
    """The accounts of everyone with a conversation that still stands."""
    return set(
        session.exec(
            select(Conversation.account).where(
                Conversation.platform == platform,
                Conversation.workspace == workspace,
                Conversation.account != "",
                col(Conversation.removed_at).is_(None),
            )
        )
    )
