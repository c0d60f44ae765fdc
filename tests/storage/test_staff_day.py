"""What is read of everybody on a day answers every question about staff as the tables do."""

from datetime import date

from sqlalchemy import Engine
from sqlmodel import Session

from storage import people
from storage.database import transaction
from storage.people import Absence, Person, PersonRole

DAY = date(2026, 12, 9)
ROLES = ("iro", "social_worker", "team_manager")


def test_it_answers_as_the_tables_do_on_its_day_and_leaves_other_days_alone(engine: Engine) -> None:
    with transaction(engine, "northshire") as session:
        _staff(session)
    with transaction(engine, "northshire", writes=False) as session:
        plain = _told(session, DAY)
        people.know_day(session, DAY)
        assert _told(session, DAY) == plain
        assert _told(session, date(2026, 12, 1)) != plain
        assert _told(session, DAY) == plain


def test_only_the_own_authority_is_on_it(engine: Engine) -> None:
    with transaction(engine, "northshire") as session:
        _staff(session)
    with transaction(engine, "southshire", writes=False) as session:
        people.know_day(session, DAY)
        assert people.holders_of(session, "iro", DAY) == []
        assert people.get(session, 1) is None


def _staff(session: Session) -> None:
    for number, name in enumerate(("Ann", "Ben", "Cat", "Dan"), start=1):
        session.add(Person(id=number, email=f"{name}@x.example", name=name))
    session.flush()
    leaver = people.get(session, 4)
    assert leaver is not None
    leaver.left_on = date(2026, 12, 8)
    session.add_all(
        [
            leaver,
            PersonRole(person_id=1, role="iro", from_on=date(2026, 1, 1)),
            PersonRole(person_id=2, role="team_manager", from_on=date(2026, 12, 9), to_on=date(2026, 12, 9)),
            PersonRole(person_id=2, role="social_worker", from_on=date(2026, 1, 1), to_on=date(2026, 12, 8)),
            PersonRole(person_id=3, role="iro", from_on=date(2026, 1, 1)),
            PersonRole(person_id=4, role="iro", from_on=date(2026, 1, 1)),
            Absence(person_id=1, from_on=date(2026, 12, 1), to_on=date(2026, 12, 31), cover_id=2),
            Absence(person_id=1, from_on=date(2026, 12, 9), to_on=date(2026, 12, 9), cover_id=3),
            Absence(person_id=3, from_on=date(2026, 12, 10), cover_id=1),
        ]
    )


def _told(session: Session, on: date) -> list[object]:
    told: list[object] = [[one.name for one in people.holders_of(session, role, on)] for role in ROLES]
    for number in (1, 2, 3, 4, 5):
        absence = people.absence_on(session, number, on)
        told += [
            people.roles_on(session, number, on),
            absence.id if absence else None,
            sorted(one.person_id for one in people.absences_covered_by(session, number, on)),
        ]
    return told


def test_a_change_of_staff_forgets_the_day(engine: Engine) -> None:
    with transaction(engine, "northshire") as session:
        _staff(session)
        people.know_day(session, DAY)
        assert people.roles_on(session, 3, DAY) == {"iro"}
        session.add(PersonRole(person_id=3, role="admin", from_on=DAY))
        assert people.roles_on(session, 3, DAY) == {"iro", "admin"}
