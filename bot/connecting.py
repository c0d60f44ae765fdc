"""Connecting an installed workspace or tenant to its authority: who asked for it, and what comes with it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from bot.called import Called
from bot.delivery import lease
from bot.delivery.lanes import Lane
from storage import addresses, connections, history, invitations
from storage.connections import Connection
from storage.database import transaction
from storage.invitations import Invitation
from storage.scope import acting_for, every_authority


class ConnectedElsewhere(Exception):
    """The workspace is connected to another authority; nothing was changed."""


class NotInvited(Exception):
    """Nobody asked for this workspace; nothing was changed."""


@dataclass(frozen=True, kw_only=True)
class Connected:
    """The authority that a workspace speaks for, and the token with which it is spoken to, where it has one."""

    authority: str
    token: str = field(default="", repr=False)


def connect(engine: Engine, lane: Lane, now: datetime, token: str | None = None) -> None:
    """Connect what the settings name, or refresh its token. ConnectedElsewhere where another authority has it.

    One whose app was removed on the platform is free again.
    """
    _again(lambda: _connected(engine, lane, now, token))


def connect_by_link(engine: Engine, lane: Lane, now: datetime, token: str, secret: str) -> None:
    """Connect the workspace that came with a link to the authority that made it, and use the link up.

    NotInvited where the link does not wait any more, or is for another workspace.
    """
    _again(lambda: _invited(engine, lane, now, token, secret))


def link_waits(engine: Engine, secret: str, now: datetime) -> bool:
    """Whether a link still works; looking does not use it up."""
    with transaction(engine, None, writes=False) as session, every_authority(session):
        found = invitations.of_secret(session, secret)
        return found is not None and found.waits(now)


def connection_of(engine: Engine, called: Called, workspace: str) -> Connected | None:
    """The connection of an installed workspace; asked before the authority is known."""
    with transaction(engine, None, writes=False) as session, every_authority(session):
        found = connections.of_workspace(session, called.name, workspace)
        if found is None or found.removed_at is not None or (called.has_tokens and found.bot_token is None):
            return None
        return Connected(authority=found.authority, token=found.bot_token or "")


def forget(engine: Engine, called: Called, workspace: str, now: datetime) -> None:
    """The workspace took the bot out: its token is dropped, its messages wait, and it comes back by a new link."""
    with transaction(engine, None) as session, every_authority(session):
        found = connections.of_workspace(session, called.name, workspace)
        if found is not None and found.removed_at is None:
            found.removed_at, found.bot_token, found.link_domains = now, None, None
            session.add(found)


def is_connected(engine: Engine, lane: Lane) -> bool:
    """Whether the workspace is connected, to whichever authority."""
    with transaction(engine, None, writes=False) as session, every_authority(session):
        found = connections.of_workspace(session, lane.platform, lane.workspace)
        return found is not None and found.removed_at is None


def lift_wait(session: Session, lane: Lane) -> None:
    """What waited for something to be mended there need not wait any longer."""
    standing = lease.of(session, lane)
    if standing is not None and standing.failure is not None:
        standing.not_before = None
        session.add(standing)


def _again(connected: Callable[[], None]) -> None:
    try:
        connected()
    except IntegrityError:  # connected by another process between our look and our write
        connected()


def _connected(engine: Engine, lane: Lane, now: datetime, token: str | None) -> None:
    with transaction(engine, None) as session, every_authority(session):
        _keep(session, lane, now, token, None)


def _invited(engine: Engine, lane: Lane, now: datetime, token: str, secret: str) -> None:
    with transaction(engine, None) as session, every_authority(session):
        invitation = invitations.locked(session, secret)
        if invitation is None or not invitation.waits(now) or invitation.team not in ("", lane.workspace):
            raise NotInvited
        theirs = Lane(authority=invitation.authority, platform=lane.platform, workspace=lane.workspace)
        _keep(session, theirs, now, token, invitation)
        invitation.used_at, invitation.workspace = now, lane.workspace
        session.add(invitation)


def _keep(session: Session, lane: Lane, now: datetime, token: str | None, invitation: Invitation | None) -> None:
    found = connections.of_workspace(session, lane.platform, lane.workspace)
    if found is not None and found.authority != lane.authority:
        if found.removed_at is None:
            raise ConnectedElsewhere
        session.delete(found)
        session.flush()
        found = None
    lift_wait(session, lane)
    known = found is not None and found.removed_at is None
    found = found or Connection(
        authority=lane.authority, platform=lane.platform, workspace=lane.workspace, installed_at=now
    )
    found.removed_at = None
    if found.bot_token != token:
        found.bot_token = token
    if invitation is not None:
        found.link_domains = invitation.domains or found.link_domains or ""
    session.add(found)
    with acting_for(session, lane.authority):
        _bind_addresses(session, lane)
        if not known or invitation is not None:
            _record(session, lane, now, invitation)


def _bind_addresses(session: Session, lane: Lane) -> None:
    """Ids that were told while the authority had no workspace are of the first one."""
    connected = [one.workspace for one in connections.in_use(session) if one.platform == lane.platform]
    if connected == [lane.workspace]:
        addresses.bind(session, lane.platform, lane.workspace)


def _record(session: Session, lane: Lane, now: datetime, invitation: Invitation | None) -> None:
    details: dict[str, str | int | None] = {"platform": lane.platform, "workspace": lane.workspace}
    if invitation is not None:
        details |= {"by": "link", "domains": invitation.domains}
    history.record(session, chain="authority", at=now, actor_id=None, what="workspace connected", details=details)
