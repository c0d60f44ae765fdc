"""What the service counts goes on when its database does not."""

from pathlib import Path

from bot.housekeeping import Housekeeping
from storage.database import make_engine
from tests.bench import utc
from tests.databases import sqlite_engine


def test_counts_of_a_database_that_answers(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        counts = Housekeeping(engine).counts(utc("2026-12-07"))
        assert counts["database_up"] == 1
        assert counts["outbox_failed"] == 0


def test_a_database_that_is_gone_is_said_and_is_no_error() -> None:
    engine = make_engine("postgresql+psycopg://postgres@127.0.0.1:1/nowhere")  # nothing listens there
    assert Housekeeping(engine).counts(utc("2026-12-07")) == {"database_up": 0}
