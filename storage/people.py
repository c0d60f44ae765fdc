"""Staff: who they are, the roles they hold and when, their line manager, their absences and cover."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import CheckConstraint, ColumnElement, UniqueConstraint
from sqlmodel import Field, Session, and_, col, or_, select

from storage.remembered import known, once
from storage.scope import Scoped


class Person(Scoped, table=True):
    """A member of staff. `email` is kept in lower case.

    `left_on` is the last day of service, `serves_until` one that is known beforehand. `works` are the weekdays worked
    ("Mon Tue Wed"), nothing for every working day. On `welcomed_on` they were told what this is.
    """

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("authority", "email"),)

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(max_length=254)
    name: str = Field(max_length=120)
    team: str = Field(default="", max_length=120)
    fte: float = 1.0
    manager_id: int | None = Field(default=None, foreign_key="people.id", index=True)
    prefers: str = Field(default="", max_length=20)
    left_on: date | None = None
    works: str | None = Field(default=None, max_length=40)
    serves_until: date | None = None
    welcomed_on: date | None = None

    def has_left(self, on: date) -> bool:
        """Whether the last day of service lies before that day."""
        return self.last_day is not None and self.last_day < on

    @property
    def last_day(self) -> date | None:
        """The last day of service, known beforehand or not."""
        return min((one for one in (self.left_on, self.serves_until) if one is not None), default=None)


class PersonRole(Scoped, table=True):
    """A role held from one day to another, both included; an open end means until further notice."""

    __tablename__ = "person_roles"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="people.id", index=True)
    role: str = Field(max_length=60, index=True)
    from_on: date
    to_on: date | None = None


class Absence(Scoped, table=True):
    """Days away, both included (an open end until "back"), and who covers."""

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ck_absences_in_order"),
        CheckConstraint("cover_id IS NULL OR cover_id <> person_id", name="ck_absences_cover_is_another"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="people.id", index=True)
    from_on: date
    to_on: date | None = None
    cover_id: int | None = Field(default=None, foreign_key="people.id", index=True)
    set_by_id: int | None = Field(default=None, foreign_key="people.id")


@dataclass(frozen=True, kw_only=True)
class StaffDay:
    """Everyone's roles, with their dates, and the absences of one day (of each person the one entered last first).

    `people` are those met so far, `managed` who has whom as line manager, once somebody has asked.
    """

    held: Mapping[int, Sequence[tuple[str, date, date | None]]]
    absences: Mapping[int, Sequence[Absence]]
    people: dict[int, Person | None] = field(default_factory=dict)
    managed: dict[int, list[int]] = field(default_factory=dict)

    def roles_on(self, person_id: int, on: date) -> set[str]:
        """The roles the person holds on any day."""
        held = self.held.get(person_id, ())
        return {role for role, first, last in held if first <= on and (last is None or last >= on)}


_DAY = "the day of everybody"
_NOT_WELCOMED = "not welcomed"


def know_day(session: Session, on: date) -> StaffDay:
    """Read everyone's roles and that day's absences at once: many questions follow. A change of staff forgets it."""
    day = once(session, (_DAY, on), lambda: _read_day(session, on))
    once(session, (_DAY,), lambda: day)
    return day


def know_everyone(session: Session, on: date) -> None:
    """Read all staff besides: what follows is asked of many people, and then of the database no more."""
    day = know_day(session, on)

    def ask() -> None:
        staff = everyone(session)
        day.people.update((one.id or 0, one) for one in staff)
        new = [one.id for one in staff if one.id and one.welcomed_on is None and not one.has_left(on)]
        once(session, (_NOT_WELCOMED, on), lambda: frozenset(new))

    once(session, (_DAY, on, "everyone"), ask)


def _read_day(session: Session, on: date) -> StaffDay:
    held: dict[int, list[tuple[str, date, date | None]]] = {}
    columns = select(PersonRole.person_id, PersonRole.role, col(PersonRole.from_on), col(PersonRole.to_on))
    for person_id, role, first, last in session.exec(columns):
        held.setdefault(person_id, []).append((role, first, last))
    absences: dict[int, list[Absence]] = {}
    for absence in session.exec(select(Absence).where(*_is_away(on)).order_by(col(Absence.id).desc())):
        absences.setdefault(absence.person_id, []).append(absence)
    return StaffDay(held=held, absences=absences)


def _known(session: Session, *on: date) -> StaffDay | None:
    """What is known of everybody on that day; of any day where none is given."""
    day = known(session, (_DAY, *on))
    return day if isinstance(day, StaffDay) else None


def _role_stands(on: date) -> tuple[ColumnElement[bool], ...]:
    return col(PersonRole.from_on) <= on, or_(col(PersonRole.to_on).is_(None), col(PersonRole.to_on) >= on)


def _is_away(on: date) -> tuple[ColumnElement[bool], ...]:
    return col(Absence.from_on) <= on, or_(col(Absence.to_on).is_(None), col(Absence.to_on) >= on)


def _serves(on: date) -> ColumnElement[bool]:
    return and_(*(or_(col(last).is_(None), col(last) >= on) for last in (Person.left_on, Person.serves_until)))


def get(session: Session, person_id: int) -> Person | None:
    """The person of that id."""
    day = _known(session)
    if day is None:
        return session.get(Person, person_id)
    if person_id not in day.people:
        day.people[person_id] = session.get(Person, person_id)
    return day.people[person_id]


def managed(session: Session) -> Mapping[int, Sequence[int]]:
    """Whom each person is the line manager of."""
    day = _known(session)
    if day is not None and day.managed:
        return day.managed
    found: dict[int, list[int]] = day.managed if day is not None else {}
    for person_id, manager_id in session.exec(select(Person.id, Person.manager_id)):
        if person_id is not None and manager_id is not None:
            found.setdefault(manager_id, []).append(person_id)
    return found


def by_email(session: Session, email: str) -> Person | None:
    """The person of that address, written in any case."""
    return session.exec(select(Person).where(Person.email == email.strip().lower())).one_or_none()


def everyone(session: Session) -> list[Person]:
    """All staff, by name."""
    return list(session.exec(select(Person).order_by(Person.name, col(Person.id))))


def in_service(session: Session, on: date) -> list[Person]:
    """All who have not left by that day, by name."""
    return list(session.exec(select(Person).where(_serves(on)).order_by(Person.name, col(Person.id))))


def roles_on(session: Session, person_id: int, on: date) -> set[str]:
    """The roles a person holds on that day."""
    day = _known(session)
    if day is not None:
        return day.roles_on(person_id, on)
    return set(once(session, ("roles", person_id, on), lambda: _roles(session, person_id, on)))


def _roles(session: Session, person_id: int, on: date) -> Sequence[str]:
    return session.exec(select(PersonRole.role).where(PersonRole.person_id == person_id, *_role_stands(on))).all()


def holders_of(session: Session, role: str, on: date) -> list[Person]:
    """Everyone in service who holds the role on that day, by name."""
    day = _known(session)
    if day is not None:
        found = [get(session, person_id) for person_id in day.held if role in day.roles_on(person_id, on)]
        serving = [one for one in found if one is not None and not one.has_left(on)]
        return sorted(serving, key=lambda one: (one.name, one.id))
    return list(
        session.exec(
            select(Person)
            .join(PersonRole, col(PersonRole.person_id) == col(Person.id))
            .where(
                PersonRole.role == role,
                *_role_stands(on),
                _serves(on),
            )
            .order_by(Person.name, col(Person.id))
            .distinct()
        )
    )


def absence_on(session: Session, person_id: int, on: date) -> Absence | None:
    """The absence a person has on that day; the one entered last where several overlap."""
    day = _known(session, on)
    if day is not None:
        return next(iter(day.absences.get(person_id, ())), None)
    return next(iter(once(session, ("away", person_id, on), lambda: _absences(session, person_id, on))), None)


def _absences(session: Session, person_id: int, on: date) -> Sequence[Absence]:
    query = select(Absence).where(Absence.person_id == person_id, *_is_away(on)).order_by(col(Absence.id).desc())
    return session.exec(query).all()


def absences_covered_by(session: Session, cover_id: int, on: date) -> Sequence[Absence]:
    """The absences on that day that name this person as cover; whether they may cover is not decided here."""
    day = _known(session, on)
    if day is not None:
        return [each for absences in day.absences.values() for each in absences if each.cover_id == cover_id]
    return once(session, ("covered", cover_id, on), lambda: _covered(session, cover_id, on))


def _covered(session: Session, cover_id: int, on: date) -> Sequence[Absence]:
    return session.exec(select(Absence).where(Absence.cover_id == cover_id, *_is_away(on))).all()


def absences_to_be_covered_by(session: Session, cover_id: int, on: date) -> Sequence[Absence]:
    """The absences that name this person as cover and are not over on that day, begun or not."""
    goes_on = or_(col(Absence.to_on).is_(None), col(Absence.to_on) >= on)
    return session.exec(select(Absence).where(Absence.cover_id == cover_id, goes_on)).all()


def managed_by(session: Session, manager_id: int) -> list[Person]:
    """The people whose line manager this person is, by name."""
    return list(session.exec(select(Person).where(Person.manager_id == manager_id).order_by(Person.name)))


def leaving_between(session: Session, first: date, last: date) -> list[Person]:
    """Those whose end, known beforehand, lies in these days, both included; the first to go comes first."""
    query = select(Person).where(col(Person.serves_until) >= first, col(Person.serves_until) <= last)
    return list(session.exec(query.order_by(col(Person.serves_until), Person.name)))


def absences_ended_between(session: Session, first: date, last: date) -> list[Absence]:
    """The absences whose last day is one of these, both included."""
    query = select(Absence).where(col(Absence.to_on) >= first, col(Absence.to_on) <= last)
    return list(session.exec(query.order_by(col(Absence.person_id), col(Absence.from_on))))


def away_on(session: Session, on: date) -> set[int]:
    """Everybody who is away on that day."""
    return set(session.exec(select(Absence.person_id).where(*_is_away(on))))


def part_week(session: Session) -> list[Person]:
    """Those who work on some weekdays alone."""
    return list(session.exec(select(Person).where(col(Person.works).is_not(None))))


def not_welcomed(session: Session, on: date) -> frozenset[int]:
    """Everybody in service on that day who was never told what this is: in a council at work hardly anybody."""
    return once(session, (_NOT_WELCOMED, on), lambda: _not_welcomed(session, on))


def _not_welcomed(session: Session, on: date) -> frozenset[int]:
    found: list[int | None] = list(
        session.exec(select(Person.id).where(col(Person.welcomed_on).is_(None), _serves(on)))
    )
    return frozenset(one for one in found if one is not None)


def welcomed(session: Session, person_ids: Collection[int], on: date) -> None:
    """Keep that these people have been told what this is."""
    for person in session.exec(select(Person).where(col(Person.id).in_(person_ids))):
        person.welcomed_on = on
        session.add(person)
    session.flush()


def anybody_part_week(session: Session) -> bool:
    """Whether anybody works on some weekdays alone."""
    return once(session, ("part week",), lambda: _anybody_part_week(session))


def _anybody_part_week(session: Session) -> bool:
    return session.exec(select(Person.id).where(col(Person.works).is_not(None)).limit(1)).first() is not None
