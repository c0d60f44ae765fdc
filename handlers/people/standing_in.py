"""Who can be reached on a day: the person, their cover while they are away, or nobody, and why."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from handlers.people.covering import cover_of
from handlers.people.days_worked import off_words, works_on
from handlers.people.line import id_of
from scheduling.deadline_wording import say_day
from scheduling.procedures import Procedures
from storage import people
from storage.people import Absence, Person


@dataclass(frozen=True, kw_only=True)
class Reached:
    """Whom to tell, or nobody; `why` says why it is not the person meant (empty when it is)."""

    person: Person | None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """One day and those who may not be asked on it: the child's IRO, and the IRO's cover.

    A person who is set `aside` is asked in their own place and stands in for nobody. Who does not work on the day
    `worked`, where one is given, counts as away without cover: what is asked cannot wait.
    """

    session: Session
    rules: Procedures
    on: date
    barred: frozenset[int] = frozenset()
    aside: frozenset[int] = frozenset()
    worked: date | None = None

    def of(self, person: Person) -> Reached:
        """The person, or their cover; nobody where they have left, are away uncovered or may not be asked."""
        if person.has_left(self.on):
            return Reached(person=None, why=f"{person.name} has left")
        absence = people.absence_on(self.session, id_of(person), self.on)
        if person.id in self.barred:
            return Reached(person=None, why=f"{person.name} may not be asked")
        if absence is None and self.worked is not None and not works_on(person, self.worked):
            return Reached(person=None, why=off_words(person, self.worked))
        if absence is None:
            return Reached(person=person)
        cover = self._cover(absence)
        if cover is None:
            return Reached(person=None, why=f"{person.name} is away without cover")
        return Reached(person=cover, why=f"covers for {person.name}, {away_words(absence)}")

    def roles(self, person: Person) -> set[str]:
        """The roles on the day, or on a leaver's last day."""
        on = min(self.on, person.left_on) if person.left_on is not None else self.on
        return people.roles_on(self.session, id_of(person), on)

    def _cover(self, absence: Absence) -> Person | None:
        cover_id = cover_of(self.session, self.rules, absence, self.on)
        cover = people.get(self.session, cover_id) if cover_id is not None else None
        if cover is None or cover.id in self.barred | self.aside:
            return None
        if self.worked is not None and not works_on(cover, self.worked):
            return None
        return cover if people.absence_on(self.session, id_of(cover), self.on) is None else None


def reach_about(
    session: Session,
    rules: Procedures,
    iro_id: int,
    on: date,
    aside: Collection[int] = (),
    worked: date | None = None,
) -> Reach:
    """The reach on that day for what concerns this IRO: never the IRO, nor their cover."""
    absence = people.absence_on(session, iro_id, on)
    cover_id = cover_of(session, rules, absence, on) if absence is not None else None
    barred = frozenset({iro_id} if cover_id is None else {iro_id, cover_id})
    return Reach(session=session, rules=rules, on=on, barred=barred, aside=frozenset(aside), worked=worked)


def away_words(absence: Absence) -> str:
    """ "away until Mon 4 Jan 2027", or "away" where the end is open. It is kept, and may be read in another year."""
    if absence.to_on is None:
        return "away"
    return f"away until {say_day(absence.to_on)}"


def joined(reasons: Iterable[str]) -> str:
    """Several reasons as one phrase."""
    return "; ".join(filter(None, reasons))
