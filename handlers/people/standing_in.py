"""Who can be reached on a day: the person, their cover while they are away, or nobody, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from handlers.people.line import id_of
from scheduling.deadline_wording import say_day_long
from storage import people
from storage.people import Absence, Person


@dataclass(frozen=True, kw_only=True)
class Reached:
    """Whom to tell, or nobody; `why` says why it is not the person meant (empty when it is)."""

    person: Person | None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """One day and those who may not be asked on it: the child's IRO, and whoever covers the IRO."""

    session: Session
    on: date
    barred: frozenset[int] = frozenset()

    def of(self, person: Person) -> Reached:
        """The person, or their cover; nobody where they have left, are away uncovered or may not be asked."""
        if self.has_left(person):
            return Reached(person=None, why=f"{person.name} has left")
        absence = people.absence_on(self.session, id_of(person), self.on)
        if person.id in self.barred:
            return Reached(person=None, why=f"{person.name} may not be asked")
        if absence is None:
            return Reached(person=person)
        cover = self._cover(absence)
        if cover is None:
            return Reached(person=None, why=f"{person.name} is away without cover")
        return Reached(person=cover, why=f"covers for {person.name}, {away_words(absence)}")

    def has_left(self, person: Person) -> bool:
        """Whether the person's last day of service has passed."""
        return person.left_on is not None and person.left_on < self.on

    def roles(self, person: Person) -> set[str]:
        """The roles on the day, or on a leaver's last day."""
        on = min(self.on, person.left_on) if person.left_on is not None else self.on
        return people.roles_on(self.session, id_of(person), on)

    def _cover(self, absence: Absence) -> Person | None:
        cover = self.session.get(Person, absence.cover_id) if absence.cover_id is not None else None
        if cover is None or cover.id in self.barred or self.has_left(cover):
            return None
        return cover if people.absence_on(self.session, id_of(cover), self.on) is None else None


def reach_about(session: Session, iro_id: int, on: date) -> Reach:
    """The reach on that day for what concerns this IRO: never the IRO, nor their cover."""
    return Reach(session=session, on=on, barred=frozenset({iro_id, *people.covers_on(session, iro_id, on)}))


def away_words(absence: Absence) -> str:
    """ "away until Mon 4 Jan 2027", or "away" where the end is open. It is kept, and may be read in another year."""
    if absence.to_on is None:
        return "away"
    return f"away until {say_day_long(absence.to_on)}"


def joined(reasons: Iterable[str]) -> str:
    """Several reasons as one phrase."""
    return "; ".join(filter(None, reasons))
