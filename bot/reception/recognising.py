"""Whose account an act comes from: by its id in its workspace, or at first by an address that is vouched for."""

from enum import Enum, auto

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


class Linking(Enum):
    """What came of a confirmed address."""

    DONE = auto()
    ANOTHER = auto()  # its person is linked there already, to another account
    NOBODY = auto()  # nobody is listed under it, or the workspace's word about it does not count


def link_by_email(
    office: Office, called: Called, authority: str, workspace: str, account: str, email: str, *, anew: bool = False
) -> Linking:
    """Give the person of a confirmed address their account in that workspace, on record.

    `anew`: even where they had another there, which the platform vouches has that address no more. An account that is
    somebody's already is given to nobody else.
    """
    with transaction(office.engine, authority) as session:
        connection = connections.of_workspace(session, called.name, workspace)
        if connection is None or not connections.recognises(connection, email):
            return Linking.NOBODY
        person = people.by_email(session, email)
        if person is None or person.id is None:
            return Linking.NOBODY
        session.refresh(person, with_for_update=True)  # their next act may be under way already
        known = addresses.account_of(session, person.id, called.name, workspace)
        if known == account:
            return Linking.DONE
        if known is not None and not anew:
            return Linking.ANOTHER
        give = addresses.link if known is None else addresses.link_anew
        if not give(session, person.id, called.name, workspace, account):
            return Linking.NOBODY
        before = {"account": account, "before": known} if known is not None else {}
        history.record(
            session,
            chain="authority",
            at=office.clock(),
            actor_id=person.id,
            what=f"linked {'anew ' if known is not None else ''}to {called.label}",
            details={"person": person.id, "workspace": workspace, **before},
        )
        reachable(session, person, office.clock())
        return Linking.DONE
