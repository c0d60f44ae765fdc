"""Where a person is reached: on which of the authority's workspaces, and under which address there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from sqlmodel import Session

from bot.called import Called
from bot.delivery.lanes import Lane
from scheduling.working_days import local
from storage import connections
from storage.addresses import Accounts
from storage.people import Person

Platforms = Mapping[str, Called]
"""How the platforms of some lanes are called, by their names."""


@runtime_checkable
class FindsAddresses(Protocol):
    """A platform that can say which account belongs to an e-mail address."""

    async def address_of(self, *, workspace: str, email: str) -> str | None:
        """The account's id, or None when there is none. Posts nothing, so it raises only Undeliverable."""
        ...


def known_address(person: Person, accounts: Accounts, lane: Lane, called: Called) -> str | None:
    """The person's account in that workspace; a platform without accounts knows people by e-mail address."""
    return accounts.get((lane.platform, lane.workspace)) if called.has_accounts else person.email


def lane_of(
    person: Person, accounts: Accounts, lanes: Sequence[Lane], platforms: Platforms, *, wanted: str = ""
) -> Lane:
    """The lane for a person: the preferred platform, one where their account is known, the oldest connection.

    `wanted`: the platform on which they asked for what is sent, which goes before the one they prefer.
    """

    def rank(lane: Lane) -> tuple[bool, bool, bool, bool]:
        called = platforms[lane.platform]
        known = known_address(person, accounts, lane, called) is not None
        preferred, has_accounts = lane.platform == (wanted or person.prefers), called.has_accounts
        return not (preferred and known), not (known and has_accounts), not preferred, not has_accounts

    return min(lanes, key=rank)


def unreachable(person: Person | None, now: datetime) -> str | None:
    """Why nothing can be sent to this person any more, whatever the platform."""
    if person is None:
        return "This person is not on the staff list."
    if person.has_left(local(now).date()):
        return "This person has left the service."
    return None


def believed(session: Session, lanes: Sequence[Lane], email: str) -> list[Lane]:
    """The lanes whose workspace may be asked, and is believed, whose account has that e-mail address."""
    return [lane for lane in lanes if _believed(session, lane, email)]


def _believed(session: Session, lane: Lane, email: str) -> bool:
    found = connections.of_workspace(session, lane.platform, lane.workspace)
    return found is not None and connections.recognises(found, email)


def no_account(called: Called) -> str:
    """What is said of a person whom the platform does not know."""
    return f"This person has no {called.label} account linked."


def not_believed(called: Called, email: str) -> str:
    """What is said of a person about whose address no connected workspace is believed."""
    domain = email.rpartition("@")[2]
    return f"{no_account(called)[:-1]}, and addresses at {domain} are not recognised there: ask your administrator."
