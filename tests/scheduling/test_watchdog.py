"""It is known how long the oldest nudge has waited, and what is planned for later is not looked at for that."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, event

from scheduling.watchdog import next_nudge, oldest_overdue, overdue
from storage import nudges
from storage.database import transaction
from tests.databases import sqlite_engine

Statement = tuple[str, tuple[object, ...]]
START = datetime(2026, 3, 28, 23, 50, tzinfo=UTC)


def test_the_oldest_overdue_nudge_of_all_authorities_is_known(engine: Engine) -> None:
    assert (next_nudge(engine), oldest_overdue(engine, START)) == (None, None)
    for authority, hours in (("northshire", 1), ("southmoor", -3), ("northshire", -2)):
        with transaction(engine, authority) as session:
            nudges.plan(session, subject="day", rung="day", due_at=START + timedelta(hours=hours))
    assert oldest_overdue(engine, START) == timedelta(hours=3)
    assert oldest_overdue(engine, START - timedelta(hours=4)) is None
    assert next_nudge(engine) == START - timedelta(hours=3)


def test_what_is_late_is_found_by_what_is_due_and_what_fails(tmp_path: Path) -> None:
    """Asked every few seconds, it costs no more where 30,000 are planned for the months ahead."""
    for engine in sqlite_engine(tmp_path):
        with heard(engine) as sent:
            overdue(engine, START)
        assert [line for one in sent for line in how_read(engine, *one)] == [
            "SEARCH nudges USING PRIMARY KEY (due_at<?)",
            "SCAN nudges USING INDEX ix_nudges_failing",
        ]


def test_what_has_been_due_the_longest_is_found_without_all_that_is_planned_for_an_authority(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        with heard(engine) as sent, transaction(engine, "northshire", writes=False) as session:
            nudges.longest_due(session, START, 3)
        assert [line for one in sent for line in how_read(engine, *one)] == [
            "SEARCH nudges USING INDEX ix_nudges_failing (authority=? AND first_due_at>?)",
            "SEARCH nudges USING INDEX ix_nudges_of_authority (authority=? AND due_at<?)",
        ]


@contextmanager
def heard(engine: Engine) -> Iterator[list[Statement]]:
    """Every question to the database while it lasts."""
    found: list[Statement] = []

    def hear(_to: object, _cursor: object, said: str, given: tuple[object, ...], *_: object) -> None:
        if said.startswith("SELECT"):
            found.append((said, given))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def how_read(engine: Engine, said: str, given: tuple[object, ...]) -> list[str]:
    """By which key SQLite reads the nudges."""
    with engine.connect() as connection:
        plan = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", given)]
    return [line for line in plan if re.match(r"(SCAN|SEARCH) nudges\b", line)]
