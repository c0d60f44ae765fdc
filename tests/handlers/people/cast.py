"""A small service: a line of four above a social worker, and an IRO with their own manager."""

from datetime import UTC, date, datetime

from sqlmodel import Session

from handlers.office import Desk, parsed
from handlers.requests import Request, Value
from scheduling.procedures import Procedures, shipped_text
from storage import people
from storage.children import Capacity, Child, allocate
from storage.people import Absence, Person, PersonRole

TODAY = date(2026, 12, 15)
NOW = datetime(2026, 12, 15, 10, 0, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)


def rules() -> Procedures:
    """The handbook's procedures."""
    return parsed(shipped_text("handbook"))


class Cast:
    """People by first name; everything is flushed at once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.director = self.hire("Dora Director", "director")
        self.assistant = self.hire("Alan Assistant", "assistant_director", manager=self.director)
        self.service = self.hire("Sue Service", "service_manager", manager=self.assistant)
        self.team = self.hire("Tom Team", "team_manager", manager=self.service)
        self.worker = self.hire("Wendy Worker", "social_worker", manager=self.team)
        self.iro_manager = self.hire("Mia Manager", "iro_manager", manager=self.director)
        self.iro = self.hire("Ivy Iro", "iro", manager=self.iro_manager)
        self.child = self.place("AB-1042")

    def hire(self, name: str, *roles: str, manager: Person | None = None) -> Person:
        """A new member of staff holding these roles since long ago."""
        email = f"{name.lower().replace(' ', '.')}@authority.example"
        person = Person(email=email, name=name, manager_id=manager.id if manager else None)
        self.session.add(person)
        self.session.flush()
        for role in roles:
            self.session.add(PersonRole(person_id=ident(person), role=role, from_on=LONG_AGO))
        self.session.flush()
        return person

    def place(self, reference: str, holder: Person | None = None, iro: Person | None = None) -> Child:
        """A child in care with its holder and IRO."""
        child = Child(reference=reference, looked_after_from=LONG_AGO)
        self.session.add(child)
        self.session.flush()
        allocate(self.session, child, Capacity.HOLDER, ident(holder or self.worker), LONG_AGO)
        allocate(self.session, child, Capacity.IRO, ident(iro or self.iro), LONG_AGO)
        self.session.flush()
        return child

    def send_away(self, person: Person, cover: Person | None = None, until: date | None = None) -> Absence:
        """An absence from the day before."""
        absence = Absence(
            person_id=ident(person),
            from_on=date(2026, 12, 14),
            to_on=until,
            cover_id=cover.id if cover else None,
            set_by_id=person.id,
        )
        self.session.add(absence)
        self.session.flush()
        return absence

    def leave(self, person: Person, on: date = date(2026, 12, 1)) -> None:
        """The person's last day of service."""
        person.left_on = on
        self.session.add(person)
        self.session.flush()

    def desk(self, actor: Person, now: datetime = NOW) -> Desk:
        """The person's desk."""
        return Desk(session=self.session, now=now, authority="local", rules=rules(), actor=actor)


def ident(person: Person) -> int:
    """A stored person's id."""
    assert person.id is not None
    return person.id


def asks(actor: Person, deed: str, *, words: str = "", subject: str = "", **values: Value) -> Request:
    """A request of this person."""
    return Request(
        authority="local",
        person_id=ident(actor),
        platform="page",
        key="k1",
        deed=deed,
        words=words,
        subject=subject,
        values=values,
    )


def named(session: Session, email: str) -> Person:
    """The person of that address, who must exist."""
    found = people.by_email(session, email)
    assert found is not None
    return found
