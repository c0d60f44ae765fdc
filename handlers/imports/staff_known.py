"""The staff already known, loaded once: by address, by id, with the roles they hold today."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlmodel import Session, col, or_, select

from handlers.imports.staff_rows import PLATFORMS
from handlers.people.line import id_of
from storage import addresses, connections, people
from storage.addresses import UNBOUND, Accounts
from storage.people import Person, PersonRole


@dataclass(frozen=True, kw_only=True)
class KnownStaff:
    """Everyone in the database on one day. `workspaces` are those connected, by platform.

    `former`: addresses that this import replaces, by the new one.
    """

    today: date
    by_email: dict[str, Person]
    by_id: dict[int, Person]
    roles: dict[int, list[PersonRole]]
    accounts: Mapping[int, Accounts]
    workspaces: Mapping[str, tuple[str, ...]]
    former: dict[str, str] = field(default_factory=dict)

    def add(self, person: Person) -> None:
        """Know a person who was just stored."""
        self.by_email[person.email] = person
        self.by_id[id_of(person)] = person

    def readdressed(self, person: Person, email: str) -> None:
        """Know a person by another address from here on."""
        self.former[person.email] = email
        self.by_email[email] = self.by_email.pop(person.email)

    def manager_email(self, person: Person) -> str:
        """The address of the person's line manager; nothing where there is none."""
        return self.by_id[person.manager_id].email if person.manager_id is not None else ""

    def roles_of(self, person: Person) -> list[PersonRole]:
        """The rows of the roles the person holds today."""
        return self.roles.get(id_of(person), [])

    def in_service(self, person: Person) -> bool:
        """Whether the person has not left by today."""
        return not person.has_left(self.today)

    def workspace(self, platform: str) -> str | None:
        """The workspace that an id in a file is of: the only one, or the first that will be; None with several."""
        connected = self.workspaces.get(platform, ())
        return None if len(connected) > 1 else next(iter(connected), UNBOUND)

    def account(self, person: Person, platform: str) -> str:
        """The person's account in that workspace; nothing where none is known."""
        theirs = self.accounts.get(id_of(person), {})
        return theirs.get((platform, self.workspace(platform) or UNBOUND), "")

    def holder_of(self, platform: str, account: str) -> Person | None:
        """Whose account that is."""
        return self._holders_of_accounts.get((platform, account))

    @cached_property
    def _holders_of_accounts(self) -> dict[tuple[str, str], Person]:
        found = {}
        for person in self.by_id.values():
            for platform in PLATFORMS:
                if account := self.account(person, platform):
                    found[platform, account] = person
        return found

    def holders(self, role: str) -> set[int]:
        """Those in service who hold the role today, by id."""
        return {
            one
            for one, rows in self.roles.items()
            if self.in_service(self.by_id[one]) and any(row.role == role for row in rows)
        }

    def holds(self, person: Person, roles: Iterable[str]) -> bool:
        """Whether the person holds one of these roles today."""
        wanted = set(roles)
        return any(row.role in wanted for row in self.roles_of(person))

    def missing_from(self, emails: Iterable[str]) -> list[Person]:
        """Those in service whose address is not among these, by name."""
        named = set(emails)
        return [one for one in self.by_email.values() if self.in_service(one) and one.email not in named]


def known_staff(session: Session, today: date) -> KnownStaff:
    """Load everyone in a few queries."""
    everyone = people.everyone(session)
    roles: defaultdict[int, list[PersonRole]] = defaultdict(list)
    for row in session.exec(
        select(PersonRole).where(
            PersonRole.from_on <= today, or_(col(PersonRole.to_on).is_(None), col(PersonRole.to_on) >= today)
        )
    ):
        roles[row.person_id].append(row)
    workspaces: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for one in connections.in_use(session):
        workspaces[one.platform] += (one.workspace,)
    return KnownStaff(
        today=today,
        accounts=addresses.of_everyone(session),
        workspaces=workspaces,
        by_email={person.email: person for person in everyone},
        by_id={id_of(person): person for person in everyone},
        roles=dict(roles),
    )
