"""What waits to be sent, for the sender, `doctor` and /readyz."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.delivery.lanes import lanes_in_use
from bot.delivery.queue import WAITING
from storage.live_messages import LiveMessage
from storage.outbox import Outbox, OutboxState, SenderLease, not_held


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


def oldest_undelivered(session: Session, day: datetime) -> datetime | None:
    """Since when the message has waited that might have gone first; by the service's day. Inside `every_authority`.

    What is held for working hours, or for its hour to end, waits for nobody before that.
    """
    might_go = func.min(func.coalesce(col(Outbox.held_until), col(Outbox.owed_at)))
    return session.exec(select(might_go).where(col(Outbox.state).in_(WAITING), not_held(day))).one()


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
