"""What connecting a workspace or tenant brings with it on every platform."""

from sqlmodel import Session

from bot.delivery import lease
from bot.delivery.lanes import Lane
from storage import addresses, connections
from storage.scope import acting_for


def lift_wait(session: Session, lane: Lane) -> None:
    """What waited for something to be mended there need not wait any longer."""
    standing = lease.of(session, lane)
    if standing is not None and standing.failure is not None:
        standing.not_before = None
        session.add(standing)


def bind_addresses(session: Session, lane: Lane) -> None:
    """Ids that were told while the authority had no workspace are of the first one; the session acts for none yet."""
    with acting_for(session, lane.authority):
        connected = [one.workspace for one in connections.in_use(session) if one.platform == lane.platform]
        if connected == [lane.workspace]:
            addresses.bind(session, lane.platform, lane.workspace)
