"""The service's day: it can be asked while it is being moved, and from inside what is being written."""

import threading
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from bot.sample.seed import SAMPLE
from bot.workspace.day import ServiceDay
from storage.database import transaction
from tests.bench import utc
from tests.databases import sqlite_engine

NOW = utc("2026-12-07")
LATER = NOW + timedelta(hours=1)


def test_who_is_writing_may_ask_what_day_it_is_while_somebody_waits_to_move_it(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        day = ServiceDay(engine, SAMPLE, lambda: NOW)
        assert _asked_while_writing(engine, day) == [NOW]
        assert day() == LATER


def _asked_while_writing(engine: Engine, day: ServiceDay) -> list[datetime]:
    asked: list[datetime] = []
    moving = threading.Thread(target=day.move_to, args=(LATER,), daemon=True)
    with transaction(engine, SAMPLE):
        moving.start()
        moving.join(0.2)  # it waits for this writer
        asking = threading.Thread(target=lambda: asked.append(day()), daemon=True)
        asking.start()
        asking.join(5)
    moving.join(5)
    assert not moving.is_alive()
    return asked
