"""Whose account an act comes from: by its id in its workspace, or at first by an address that is vouched for."""

from sqlalchemy import Engine

from bot.called import Called
from handlers.messages.unreached import reachable
from handlers.office import Office
from storage import addresses, connections, history, people
from storage.database import transaction


def person_of(engine: Engine, called: Called, authority: str, workspace: str, account: str) -> int | None:
    """The person of that account in that workspace; of that e-mail address, where the platform has no accounts."""
    with transaction(engine, authority, writes=False) as session:
        if called.has_accounts:
            found = addresses.person_at(session, called.name, workspace, account)
        else:
            found = people.by_email(session, account)
        return found.id if found is not None else None


def link_by_email(
    office: Office, called: Called, authority: str, workspace: str, account: str, email: str
) -> int | None:
    """Give the person of a confirmed address their account in that workspace.

    None where nobody is listed under it, where the workspace's word about such an address does not count, and where
    they or the account are linked there already, but not to each other.
    """
    with transaction(office.engine, authority) as session:
        connection = connections.of_workspace(session, called.name, workspace)
        if connection is None or not connections.recognises(connection, email):
            return None
        person = people.by_email(session, email)
        if person is None or person.id is None:
            return None
        session.refresh(person, with_for_update=True)  # their next act may be under way already
        known = addresses.account_of(session, person.id, called.name, workspace)
        if known is not None:
            return person.id if known == account else None
        if not addresses.link(session, person.id, called.name, workspace, account):
            return None
        history.record(
            session,
            chain="authority",
            at=office.clock(),
            actor_id=person.id,
            what=f"linked to {called.label}",
            details={"person": person.id, "workspace": workspace},
        )
        reachable(session, person, office.clock())
        return person.id
