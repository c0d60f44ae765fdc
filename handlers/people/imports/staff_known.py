"""The staff already known, loaded once: by address, by id, with the roles they hold today."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlmodel import Session, col, or_, select

from handlers.people.line import id_of
from storage import people
from storage.people import Person, PersonRole


@dataclass(frozen=True, kw_only=True)
class KnownStaff:
    """Everyone in the database on one day."""

    today: date
    by_email: dict[str, Person]
    by_id: dict[int, Person]
    roles: dict[int, list[PersonRole]]

    def add(self, person: Person) -> None:
        """Know a person who was just stored."""
        self.by_email[person.email] = person
        self.by_id[id_of(person)] = person

    def roles_of(self, person: Person) -> list[PersonRole]:
        """The rows of the roles the person holds today."""
        return self.roles.get(id_of(person), [])

    def in_service(self, person: Person) -> bool:
        """Whether the person has not left by today."""
        return person.left_on is None or person.left_on >= self.today

    @cached_property
    def _by_platform_id(self) -> dict[str, dict[str, str]]:
        return {
            "slack_id": {one.slack_id: one.email for one in self.by_id.values() if one.slack_id},
            "teams_id": {one.teams_id: one.email for one in self.by_id.values() if one.teams_id},
        }

    def by_platform_id(self, column: str) -> dict[str, str]:
        """The address of whoever has each id of that column."""
        return self._by_platform_id[column]

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
    """Load everyone in two queries."""
    everyone = people.everyone(session)
    roles: defaultdict[int, list[PersonRole]] = defaultdict(list)
    for row in session.exec(
        select(PersonRole).where(
            PersonRole.from_on <= today, or_(col(PersonRole.to_on).is_(None), col(PersonRole.to_on) >= today)
        )
    ):
        roles[row.person_id].append(row)
    return KnownStaff(
        today=today,
        by_email={person.email: person for person in everyone},
        by_id={id_of(person): person for person in everyone},
        roles=dict(roles),
    )
