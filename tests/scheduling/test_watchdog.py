"""It is known how long the oldest nudge has waited."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from scheduling.watchdog import next_nudge, oldest_overdue
from storage import nudges
from storage.database import transaction

START = datetime(2026, 3, 28, 23, 50, tzinfo=UTC)


def test_the_oldest_overdue_nudge_of_all_authorities_is_known(engine: Engine) -> None:
    assert (next_nudge(engine), oldest_overdue(engine, START)) == (None, None)
    for authority, hours in (("northshire", 1), ("southmoor", -3), ("northshire", -2)):
        with transaction(engine, authority) as session:
            nudges.plan(session, subject="day", rung="day", due_at=START + timedelta(hours=hours))
    assert oldest_overdue(engine, START) == timedelta(hours=3)
    assert oldest_overdue(engine, START - timedelta(hours=4)) is None
    assert next_nudge(engine) == START - timedelta(hours=3)
