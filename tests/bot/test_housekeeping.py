"""What the service counts goes on when its database does not."""

from pathlib import Path

from bot.housekeeping import Housekeeping
from storage.database import make_engine
from storage.outbox import OutboxState
from tests.databases import sqlite_engine


def test_messages_are_counted_by_how_they_stand(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        assert Housekeeping(engine).messages() == dict.fromkeys(OutboxState, 0)


def test_a_database_that_is_gone_counts_nothing_and_is_no_error() -> None:
    engine = make_engine("postgresql+psycopg://postgres@127.0.0.1:1/nowhere")  # nothing listens there
    assert Housekeeping(engine).messages() is None
