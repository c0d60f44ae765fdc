"""What waits to be sent, for the sender, `doctor` and /readyz."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case
from sqlmodel import Session, and_, col, func, or_, select

from bot.delivery.lanes import lanes_in_use
from bot.delivery.queue import WAITING
from storage import outbox
from storage.connections import Connection
from storage.live_messages import LiveMessage
from storage.outbox import Outbox, OutboxState, SenderLease


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """Messages waiting in all authorities together.

    `stranded` are those of authorities without a connected workspace; `failures` says by platform and workspace
    what an administrator has to mend.
    """

    waiting: int
    stranded: int
    oldest_owed_at: datetime | None
    failures: dict[tuple[str, str], str]


def authorities_with_work(session: Session, day: datetime) -> set[str]:
    """The authorities with something to send, now or later, or to shrink, or somebody to look for again by that moment.

    Inside `every_authority`.
    """
    waiting = session.exec(select(Outbox.authority).where(col(Outbox.state).in_(WAITING)).distinct())
    overtaken = session.exec(
        select(LiveMessage.authority)
        .where(col(LiveMessage.overtaken_at).is_not(None), col(LiveMessage.shrunk_at).is_(None))
        .distinct()
    )
    missed = session.exec(
        select(Outbox.authority).where(Outbox.state == OutboxState.FAILED, col(Outbox.look_again_at) <= day).distinct()
    )
    return {*waiting, *overtaken, *missed}


def backlog(session: Session, platforms: Collection[str]) -> Backlog:
    """How much waits. Inside `every_authority`."""
    counted = session.exec(
        select(Outbox.authority, func.count(), func.min(Outbox.owed_at))
        .where(col(Outbox.state).in_(WAITING))
        .group_by(Outbox.authority)
    ).all()
    connected = {lane.authority for lane in lanes_in_use(session, platforms)}
    failing = session.exec(select(SenderLease).where(col(SenderLease.failure).is_not(None)))
    return Backlog(
        waiting=sum(count for _, count, _ in counted),
        stranded=sum(count for authority, count, _ in counted if authority not in connected),
        oldest_owed_at=min((oldest for _, _, oldest in counted), default=None),
        failures={(held.platform, held.workspace): held.failure or "" for held in failing},
    )


@dataclass(frozen=True, kw_only=True)
class Unsent:
    """What an authority's people have not been sent though it may go: since when the first could go, and how many.

    `connected`: whether there is a workspace into which it could go. `reasons`: what keeps it, in plain sentences.
    """

    authority: str
    since: datetime
    count: int
    connected: bool
    reasons: Sequence[str] = ()


def unsent(session: Session, platforms: Collection[str], now: datetime, day: datetime) -> list[Unsent]:
    """Of each authority that has some, the longest waiting first. Inside `every_authority`.

    What was tried and is put off waits as much as what was not. What is held for working hours waits from then on.
    """
    since = _could_go(session)
    counted = session.exec(
        select(Outbox.authority, func.count(), func.min(since))
        .where(
            col(Outbox.state).in_(WAITING),
            col(Outbox.bundle_id).is_(None),
            outbox.not_held(day),
            or_(col(Outbox.attempts) > 0, col(Outbox.not_before).is_(None), col(Outbox.not_before) <= now),
        )
        .group_by(Outbox.authority)
    ).all()
    connected = {lane.authority for lane in lanes_in_use(session, platforms)} if counted else set()
    found = [
        Unsent(authority=authority, since=oldest, count=count, connected=authority in connected)
        for authority, count, oldest in counted
    ]
    return sorted(found, key=lambda one: one.since)


def reasons(session: Session, authority: str) -> list[str]:
    """What keeps an authority's messages: what is wrong with its workspaces, else what the oldest met last."""
    failing = (
        select(SenderLease.failure)
        .join(
            Connection,
            and_(
                col(Connection.platform) == col(SenderLease.platform),
                col(Connection.workspace) == col(SenderLease.workspace),
            ),
        )
        .where(Connection.authority == authority, col(SenderLease.failure).is_not(None))
    )
    met = (
        select(Outbox.failure)
        .where(Outbox.authority == authority, col(Outbox.state).in_(WAITING), col(Outbox.failure).is_not(None))
        .order_by(col(Outbox.id))
        .limit(1)
    )
    found = [*session.exec(failing)] or [*session.exec(met)]
    return [one for one in dict.fromkeys(found) if one]


_OWED_AT = Outbox.metadata.tables["outbox"].columns["owed_at"].type


def _could_go(session: Session) -> ColumnElement[datetime]:
    """Since when a message may go: it was owed then, its working hours began, its reader was to be looked for again."""
    owed = col(Outbox.owed_at)
    moments = (
        owed,
        func.coalesce(col(Outbox.held_until), owed),
        func.coalesce(col(Outbox.look_again_at), owed),
        case((col(Outbox.attempts) == 0, func.coalesce(col(Outbox.not_before), owed)), else_=owed),
    )
    latest = func.greatest if session.get_bind().dialect.name == "postgresql" else func.max
    found: ColumnElement[datetime] = latest(*moments, type_=_OWED_AT)
    return found
