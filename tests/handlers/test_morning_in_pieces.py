"""After a large handover a morning writes a few rows at a time, and goes on after a stop."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, event, update
from sqlmodel import col, select

from handlers import mornings
from handlers.tick import morning
from scheduling.ladder import Rung
from storage.database import transaction
from storage.nudges import Due, Nudge
from storage.people import Person
from storage.scope import WRITES
from storage.stage_runs import Addressee
from tests.bench import Bench, utc
from tests.benchmarks.big_council import grow, staff_for
from tests.cast import AUTHORITY

CONCERNS = 250
BEFORE, NOW = utc("2026-12-07", "09:00"), utc("2026-12-08", "09:30")
DUE = Due(due_at=NOW, id="x", subject="day", run_id=None, rung="day", first_due_at=None, failures=0)


@pytest.fixture
def council(bench: Bench) -> Bench:
    """All who are asked have left, and no longer have the children."""
    with transaction(bench.engine, AUTHORITY) as session:
        staff = staff_for(session, CONCERNS)
        grow(session, staff, BEFORE, children=CONCERNS, concerns=CONCERNS)
        session.execute(update(Addressee).values(lost_at=BEFORE))
        gone = col(Person.id).in_([*staff.workers, *staff.manager_of])
        session.execute(update(Person).where(gone).values(left_on=BEFORE.date()))
    return bench


def test_no_transaction_writes_more_than_a_few_rows(council: Bench) -> None:
    with written(council.engine) as rows:
        morning(council.engine, AUTHORITY, DUE, NOW)
    assert sum(rows) > 2 * CONCERNS
    assert max(rows) <= 2 * mornings.AT_A_TIME
    assert all_are_told(council)


def test_what_a_stop_left_is_done_when_it_begins_again(council: Bench) -> None:
    with pytest.raises(KeyboardInterrupt), written(council.engine, stops_after=5):
        morning(council.engine, AUTHORITY, DUE, NOW)
    assert not all_are_told(council)
    morning(council.engine, AUTHORITY, DUE, NOW)
    assert all_are_told(council)


def all_are_told(bench: Bench) -> bool:
    """Whether the morning tells of every place, and the clock sees to each."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        told = [one.lost_told_on for one in session.exec(select(Addressee))]
        planned = session.exec(select(Nudge.subject).where(Nudge.rung == Rung.PLACES)).all()
    return {*told} == {NOW.date()} and len({*planned}) == CONCERNS


@contextmanager
def written(engine: Engine, stops_after: int | None = None) -> Iterator[list[int]]:
    """How many rows each writing transaction changed; the process ends with the one after so many."""
    found: list[int] = []

    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES):
            if len(found) == stops_after:
                raise KeyboardInterrupt
            found.append(0)

    def note(_connection: Connection, cursor: object, said: str, *_: object) -> None:
        if not said.startswith(("SELECT", "BEGIN", "PRAGMA")):
            found[-1] += cursor.rowcount  # type: ignore[attr-defined]  # the driver's

    event.listen(engine, "begin", begin)
    event.listen(engine, "after_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "begin", begin)
        event.remove(engine, "after_cursor_execute", note)
