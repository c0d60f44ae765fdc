"""Stories are told over real HTTP, on SQLite and on PostgreSQL; the smaller ones on SQLite alone."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.databases import sqlite_engine
from tests.world import World, world

Begin = Callable[..., World]


def _beginning(engine: Engine) -> Iterator[Begin]:
    with ExitStack() as stack:

        def started(now: datetime, procedures: str = "handbook") -> World:
            return stack.enter_context(world(engine, now, procedures))

        yield started


@pytest.fixture
def begin(engine: Engine) -> Iterator[Begin]:
    """Begin a story at a moment, under the procedures named."""
    yield from _beginning(engine)


@pytest.fixture
def begin_briefly(tmp_path: Path) -> Iterator[Begin]:
    """Begin a small story, on SQLite alone."""
    for engine in sqlite_engine(tmp_path):
        yield from _beginning(engine)
