"""The made-up service of the demo. Nobody in it is real."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from storage import children
from storage.children import Capacity, Child
from storage.connections import Connection
from storage.people import Person, PersonRole

CHILD = "RO-1042"
SINCE = date(2020, 1, 1)

# name, role, manager, team
STAFF = (
    ("Dora King", "director", "", ""),
    ("Ada Frost", "assistant_director", "Dora King", ""),
    ("Sunil Rao", "service_manager", "Ada Frost", "Children in care"),
    ("Tess Hill", "team_manager", "Sunil Rao", "North team"),
    ("Sam Okoro", "social_worker", "Tess Hill", "North team"),
    ("Iris Moss", "iro_manager", "Dora King", "IRO service"),
    ("Ann Lee", "iro", "Iris Moss", "IRO service"),
)


@dataclass(frozen=True)
class Service:
    """The ids of the people by name."""

    ids: dict[str, int]

    def name(self, person_id: int) -> str:
        """The person's name."""
        return next(name for name, one in self.ids.items() if one == person_id)


def email_of(name: str) -> str:
    """The made-up address of a member of staff."""
    return f"{name.lower().replace(' ', '.')}@service.example"


def populate(session: Session, authority: str, platform: str, now: datetime) -> Service:
    """Put the staff, one child and the terminal's connection into an empty database."""
    ids: dict[str, int] = {}
    for name, role, manager, team in STAFF:
        person = Person(authority=authority, email=email_of(name), name=name, team=team, manager_id=ids.get(manager))
        session.add(person)
        session.flush()
        assert person.id is not None
        ids[name] = person.id
        session.add(PersonRole(authority=authority, person_id=person.id, role=role, from_on=SINCE))
    child = Child(authority=authority, reference=CHILD)
    session.add(child)
    session.flush()
    children.allocate(session, child, Capacity.IRO, ids["Ann Lee"], SINCE)
    children.allocate(session, child, Capacity.HOLDER, ids["Sam Okoro"], SINCE)
    session.add(Connection(authority=authority, platform=platform, workspace="demo", installed_at=now))
    return Service(ids=ids)
