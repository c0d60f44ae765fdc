"""Whose account an act comes from: by its id in its workspace, or at first by an address that is vouched for."""

from sqlalchemy import Engine

from bot.delivery.addresses import CALLED
from handlers.office import Office
from storage import addresses, connections, history, people
from storage.database import transaction


def person_of(engine: Engine, authority: str, platform: str, workspace: str, account: str) -> int | None:
    """The person of that account in that workspace."""
    with transaction(engine, authority, writes=False) as session:
        found = addresses.person_at(session, platform, workspace, account)
        return found.id if found is not None else None


def link_by_email(
    office: Office, authority: str, platform: str, workspace: str, account: str, email: str
) -> int | None:
    """Give the person of a confirmed address their account in that workspace.

    None where nobody is listed under it, where the workspace's word about such an address does not count, and where
    they or the account are linked there already, but not to each other.
    """
    with transaction(office.engine, authority) as session:
        connection = connections.of_workspace(session, platform, workspace)
        if connection is None or not connections.recognises(connection, email):
            return None
        person = people.by_email(session, email)
        if person is None or person.id is None:
            return None
        session.refresh(person, with_for_update=True)  # their next act may be under way already
        known = addresses.account_of(session, person.id, platform, workspace)
        if known is not None:
            return person.id if known == account else None
        if not addresses.link(session, person.id, platform, workspace, account):
            return None
        history.record(
            session,
            chain="authority",
            at=office.clock(),
            actor_id=person.id,
            what=f"linked to {CALLED[platform]}",
            details={"person": person.id, "workspace": workspace},
        )
        return person.id
