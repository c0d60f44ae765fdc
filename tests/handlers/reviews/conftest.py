"""Benches for review stories: SQLite for single deeds, both databases where two people act at once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from scheduling.procedures import shipped_text
from tests.bench import Bench, utc
from tests.databases import sqlite_engine

MakeBench = Callable[..., Bench]


@pytest.fixture
def under(tmp_path: Path) -> MakeBench:
    """A bench under other rules: a shipped file, with some of its text replaced, on a day."""
    made = []

    def make(procedures: str = "handbook", day: str = "2026-12-07", **replaced: str) -> Bench:
        text = shipped_text(procedures)
        for old, new in replaced.items():
            assert old in text, old
            text = text.replace(old, new)
        made.append(sqlite_engine(tmp_path))
        return Bench(next(made[-1]), utc(day), text)

    return make


@pytest.fixture
def on_both(engine: Engine) -> Bench:
    """A bench on each database in turn."""
    return Bench(engine, utc("2026-12-07"))
