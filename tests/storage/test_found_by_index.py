"""What is asked again and again is found by an index, and never by looking through all that was ever sent."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import Session

from storage import live_messages, outbox
from storage.database import transaction
from tests.databases import sqlite_engine

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
Ask = Callable[[Session], object]

OF_FEW = ("ix_live_messages_to_shrink", "ix_outbox_waiting")

ASKED: dict[str, Ask] = {
    "what waits for some readers": lambda session: outbox.joinable(session, "overdue", {7, 8}, NOW - HOUR, NOW, 7),
    "what they were sent in an hour": lambda session: outbox.sent_since(session, "overdue", {7, 8}, NOW - HOUR),
    "what is owed of a stage run": lambda session: outbox.still_owed(session, 5, ("a", "b")),
    "what stands before some people": lambda session: live_messages.standing_of(session, {1, 2}),
    "what is to be shrunk": lambda session: live_messages.to_shrink(session, 200),
    "what is live of a subject": lambda session: live_messages.people_with(session, "concern:1"),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED.keys())
def test_sqlite_looks_through_nothing(tmp_path: Path, ask: Ask) -> None:
    (engine,) = sqlite_engine(tmp_path)
    plans: list[str] = []

    def explain(connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("SELECT"):
            found = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[attr-defined]  # the driver's
            plans.extend(str(row[3]) for row in found)

    event.listen(engine, "before_cursor_execute", explain)
    with transaction(engine, "anyshire") as session:
        ask(session)
    assert plans
    assert not [one for one in plans if one.startswith("SCAN") or is_everything(one)], plans


def is_everything(plan: str) -> bool:
    """Whether it goes through all rows of an authority; an index of some rows alone has few of them."""
    return plan.endswith("(authority=?)") and not any(one in plan for one in OF_FEW)
