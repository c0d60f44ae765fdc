"""A bench on SQLite for tests of single deeds; the `engine` fixture runs both databases where that matters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import Bench, utc
from tests.databases import sqlite_engine


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """An authority under the handbook's rules, on the morning of Monday 7 December 2026."""
    for engine in sqlite_engine(tmp_path):
        yield Bench(engine, utc("2026-12-07"))
