"""What a transaction leaves for the loops is told once it is committed, and nothing is told of what was undone."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from storage import committed, homes, nudges, outbox
from storage.committed import Left
from storage.database import transaction
from storage.outbox import Outbox, OutboxState
from storage.people import Person

NOW = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
AUTHORITY = "northshire"


@pytest.fixture
def told(engine: Engine) -> list[Left]:
    heard: list[Left] = []
    committed.listen(engine, heard.append)
    return heard


def somebody(session: Session) -> int:
    person = Person(name="Ann Lee", email="ann@anyshire.example")
    session.add(person)
    session.flush()
    return person.id or 0


def message(person: int) -> Outbox:
    return Outbox(key="one", kind="asked", person_id=person, owed_at=NOW)


class Undone(Exception):
    """What goes wrong after something was owed."""


def owed_and_undone(engine: Engine, person: int) -> None:
    with transaction(engine, AUTHORITY) as session:
        outbox.add(session, [message(person)])
        raise Undone


def test_a_message_owed_is_told_after_the_commit_and_its_delivery_is_not(engine: Engine, told: list[Left]) -> None:
    with transaction(engine, AUTHORITY) as session:
        outbox.add(session, [message(somebody(session))])
        assert told == []
    assert told == [Left(owes=True)]
    with transaction(engine, AUTHORITY) as session:
        row = outbox.by_key(session, "one")
        assert row is not None
        row.state = OutboxState.SENT
    assert len(told) == 1


def test_the_soonest_nudge_that_was_planned_is_told(engine: Engine, told: list[Left]) -> None:
    with transaction(engine, AUTHORITY) as session:
        for hours in (3, 1, 2):
            nudges.plan(session, subject="day", rung="day", due_at=NOW + timedelta(hours=hours))
    assert told == [Left(due=NOW + timedelta(hours=1))]


def test_what_was_undone_and_what_only_read_tell_nothing(engine: Engine, told: list[Left]) -> None:
    with transaction(engine, AUTHORITY) as session:
        person = somebody(session)
    with pytest.raises(Undone):
        owed_and_undone(engine, person)
    with transaction(engine, AUTHORITY, writes=False) as session:
        nudges.next_due(session)
    assert told == []


def test_a_home_is_told_where_it_stands_open(engine: Engine, told: list[Left]) -> None:
    with transaction(engine, AUTHORITY) as session:
        person = somebody(session)
        homes.mark(session, [person], on=NOW.date(), at=NOW, by_act=True)
    assert told == [], "nobody has opened it"
    with transaction(engine, AUTHORITY) as session:
        homes.opened(session, person_id=person, platform="slack", workspace="T1", on=NOW.date())
        session.flush()
        homes.mark(session, [person], on=NOW.date(), at=NOW, by_act=True)
    assert told == [Left(owes=True)]
