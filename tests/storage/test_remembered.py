"""What is asked about staff is remembered within a transaction, and never past a change."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, event
from sqlmodel import col, update

from storage import people
from storage.database import transaction
from storage.people import Absence, PersonRole
from tests.cast import AUTHORITY, IRO, OTHER_IRO, settle

DAY = date(2026, 12, 7)


def test_a_question_is_asked_once_in_a_transaction_and_again_in_the_next(engine: Engine) -> None:
    ann = settle(engine, now=datetime(2026, 1, 5, tzinfo=UTC)).people[IRO]
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for _ in range(2):
        asked.clear()
        with transaction(engine, AUTHORITY, writes=False) as session:
            for _ in range(3):
                assert people.roles_on(session, ann, DAY) == {"iro"}
                assert people.absence_on(session, ann, DAY) is None
                assert people.absences_covered_by(session, ann, DAY) == []
        assert len([one for one in asked if one.startswith("SELECT")]) == 3


@pytest.mark.parametrize("flushed", [False, True])
def test_a_change_is_seen_at_once(engine: Engine, flushed: bool) -> None:
    cast = settle(engine)
    ann, olu = cast.people[IRO], cast.people[OTHER_IRO]
    with transaction(engine, AUTHORITY) as session:
        assert people.absence_on(session, ann, DAY) is None
        assert people.absences_covered_by(session, olu, DAY) == []
        away = Absence(person_id=ann, from_on=DAY, cover_id=olu)
        session.add(away)
        if flushed:
            session.flush()
        assert people.absence_on(session, ann, DAY) is away
        assert people.absences_covered_by(session, olu, DAY) == [away]
        away.from_on = date(2026, 12, 8)
        assert people.absence_on(session, ann, DAY) is None
        away.from_on = DAY
        session.flush()
        session.delete(away)
        assert people.absences_covered_by(session, olu, DAY) == []


def test_a_change_by_statement_and_one_undone_are_seen_too(engine: Engine) -> None:
    ann = settle(engine).people[IRO]
    with transaction(engine, AUTHORITY) as session:
        assert people.roles_on(session, ann, DAY) == {"iro"}
        try:
            with session.begin_nested():
                session.add(PersonRole(person_id=ann, role="admin", from_on=DAY))
                assert people.roles_on(session, ann, DAY) == {"iro", "admin"}
                raise InterruptedError
        except InterruptedError:
            pass
        assert people.roles_on(session, ann, DAY) == {"iro"}
        session.exec(update(PersonRole).where(col(PersonRole.person_id) == ann).values(to_on=date(2026, 12, 6)))
        assert people.roles_on(session, ann, DAY) == set()
