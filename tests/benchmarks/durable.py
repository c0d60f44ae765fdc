"""Databases to measure on: empty, with every table, and set up as the product sets them up. They wait for the disk."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, make_url

from storage.database import make_engine
from storage.tables import all_tables
from tests.databases import SERVER, drop_scratch_database, empty_sqlite_file, make_scratch_database

_NUMBERS = count(1)


class NoServer(Exception):
    """No PostgreSQL answers, and one was asked for."""


@contextmanager
def durable(kind: str) -> Iterator[Engine]:
    """One that is gone afterwards; raises NoServer."""
    if kind == "sqlite":
        with TemporaryDirectory() as folder:
            file = Path(folder) / "bench.db"
            file.write_bytes(empty_sqlite_file())
            engine = make_engine(f"sqlite:///{file}")
            try:
                yield engine
            finally:
                engine.dispose()
        return
    name = f"iro_bot_bench_{os.getpid()}_{next(_NUMBERS)}"
    if not make_scratch_database(name):
        raise NoServer(f"No PostgreSQL answers at {make_url(SERVER).render_as_string(hide_password=True)}.")
    engine = make_engine(make_url(SERVER).set(database=name).render_as_string(hide_password=False))
    try:
        with engine.begin() as connection:
            all_tables().create_all(connection)
        yield engine
    finally:
        engine.dispose()
        drop_scratch_database(name)
