"""What is asked of one child, review or person reads an index, never a whole table: 84,000 children stay quick."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session

from handlers.office import Scene
from handlers.people.handover import follow_the_iro, handover_of
from handlers.timetable.tasks import drop_tasks
from scheduling.procedures import parse_procedures, shipped_text
from storage import children, contacts, decisions, news, quality, review_tasks, reviews
from storage.counted import Within
from storage.database import transaction
from tests.cast import AUTHORITY, CHILD, Cast, settle
from tests.databases import sqlite_engine

NOW = datetime(2026, 12, 7, 9, tzinfo=UTC)
GROWING = ("review_tasks", "reviews", "decisions", "concerns", "contacts", "news", "stage_runs")
"""Tables that grow with the children, and are never read whole for one of them."""

Query = Callable[[Session, Cast], object]


@pytest.fixture
def known(tmp_path: Path) -> Iterator[tuple[Engine, Cast]]:
    """A SQLite database with the cast in it."""
    for engine in sqlite_engine(tmp_path):
        yield engine, settle(engine)


def _scene(session: Session) -> Scene:
    return Scene(session=session, now=NOW, authority=AUTHORITY, rules=parse_procedures(shipped_text("handbook"), "h"))


def _drop(session: Session, cast: Cast) -> None:
    child = children.by_reference(session, CHILD)
    assert child is not None
    drop_tasks(_scene(session), child, since=date(2026, 12, 7))


def _follow(session: Session, cast: Cast) -> None:
    child = children.by_reference(session, CHILD)
    assert child is not None
    follow_the_iro(session, child, NOW, None)


def _hand_over(session: Session, cast: Cast) -> None:
    child = children.by_reference(session, CHILD)
    assert child is not None
    handover_of(session, child)


QUERIES: dict[str, tuple[Query, str]] = {
    "the tasks of a child to be dropped": (_drop, "child_id=?"),
    "the open decisions of a child": (
        lambda session, cast: decisions.open_of_child(session, cast.children[CHILD]),
        "child_id=?",
    ),
    "the decisions of a review": (lambda session, cast: decisions.of_review(session, 1), "review_id=?"),
    "the tasks of a review": (lambda session, cast: review_tasks.of_review(session, 1), "review_id=?"),
    "the reviews of a child": (lambda session, cast: reviews.of_child(session, cast.children[CHILD]), "child_id=?"),
    "the contacts about a child": (
        lambda session, cast: contacts.of_child(session, cast.children[CHILD]),
        "child_id=?",
    ),
    "the news about a child": (lambda session, cast: news.of_child(session, cast.children[CHILD]), "child_id=?"),
    "the concerns that follow the IRO": (_follow, "child_id=?"),
    "what is handed over": (_hand_over, "child_id=?"),
}


YEAR = Within(start=datetime(2026, 3, 31, 23, tzinfo=UTC), end=datetime(2027, 3, 31, 23, tzinfo=UTC))
OF_STAGES: dict[str, Query] = {
    "stages before the concern was raised": lambda session, _: list(quality.stage_before_raised(session, YEAR)),
    "stages after the concern was closed": lambda session, _: list(quality.closed_too_early(session, YEAR)),
    "highest stages": lambda session, _: list(quality.highest_stage_disagrees(session, YEAR)),
}


@contextmanager
def _heard(engine: Engine) -> Iterator[list[tuple[str, tuple[object, ...]]]]:
    """Every statement sent while it lasts, with its parameters."""
    found: list[tuple[str, tuple[object, ...]]] = []

    def hear(_connection: object, _cursor: object, statement: str, parameters: tuple[object, ...], *_: object) -> None:
        found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def _plans(engine: Engine, query: Query, cast: Cast) -> list[str]:
    """What SQLite says it would read, for each growing table that the query asks."""
    with transaction(engine, AUTHORITY) as session, _heard(engine) as sent:
        query(session, cast)
    lines: list[str] = []
    with engine.connect() as connection:
        for statement, parameters in sent:
            if not statement.startswith("SELECT"):
                continue
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            lines += [str(row[3]) for row in rows]
    return [line for line in lines if re.match(rf"(SCAN|SEARCH) ({'|'.join(GROWING)})\b", line)]


def test_one_childs_rows_are_found_by_the_child(known: tuple[Engine, Cast]) -> None:
    engine, cast = known
    for name, (query, by) in QUERIES.items():
        plans = _plans(engine, query, cast)
        assert plans, f"{name}: the query was not seen"
        assert not [line for line in plans if line.startswith("SCAN")], (name, plans)
        assert by in plans[0], (name, plans)


def test_one_concerns_stages_are_found_by_the_concern(known: tuple[Engine, Cast]) -> None:
    """Else looking through a year grows with the square of its concerns."""
    engine, cast = known
    for name, query in OF_STAGES.items():
        plans = [line for line in _plans(engine, query, cast) if "stage_runs" in line]
        assert plans, f"{name}: the query was not seen"
        assert not [line for line in plans if "concern_id=?" not in line], (name, plans)
