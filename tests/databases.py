"""Databases for tests: a SQLite file for each test, one real PostgreSQL database for each test worker."""

import os
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import pytest
from sqlalchemy import Dialect, Engine, PoolProxiedConnection, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.util import LRUCache

from storage.database import make_engine
from storage.tables import all_tables

SERVER = os.environ.get("TEST_DATABASE_URL_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
COMPILED: LRUCache[object, object] = LRUCache(4000)
"""Statements compiled for SQLite, shared by the engines of all tests: compiling them anew costs a fifth of the time."""
DIALECTS: list[Dialect] = []
"""The dialect of the first engine, which all others take over: a compiled statement is found again by its dialect."""
WORKER = f"iro_bot_test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{os.getpid()}"


def sqlite_engine(folder: Path) -> Iterator[Engine]:
    """A new SQLite file with every table: a copy of one made once, since making them takes longer than most tests.

    Nothing waits for the disk: a killed process loses nothing by that, only a machine that stops would.
    """
    (folder / "test.db").write_bytes(empty_sqlite_file())
    yield from eased(make_engine(f"sqlite:///{folder}/test.db"))


def eased(engine: Engine) -> Iterator[Engine]:
    """The same, of a file that is there."""
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    engine.update_execution_options(compiled_cache=COMPILED)
    share_dialect(engine)
    yield engine
    engine.dispose()


def share_dialect(engine: Engine) -> None:
    """Let the engine use the dialect of the first, so that what was compiled for one test serves the next."""
    if not DIALECTS:
        with engine.connect():  # makes the dialect ask the database what it can do
            DIALECTS.append(engine.dialect)
    engine.dialect = engine.pool._dialect = DIALECTS[0]


def copied(engine: Engine) -> sqlite3.Connection:
    """The whole database as it is, in memory."""
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    raw = engine.raw_connection()
    try:
        _driver(raw).backup(copy)
    finally:
        raw.close()
    return copy


def paste(copy: sqlite3.Connection, engine: Engine) -> None:
    """Make a database the same as the copy."""
    raw = engine.raw_connection()
    try:
        copy.backup(_driver(raw))
    finally:
        raw.close()


def _driver(raw: PoolProxiedConnection) -> sqlite3.Connection:
    assert isinstance(raw.driver_connection, sqlite3.Connection)
    return raw.driver_connection


@cache
def empty_sqlite_file() -> bytes:
    """The bytes of a SQLite file with every table and no rows."""
    with TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/empty.db")
        with engine.execution_options(writes=True).begin() as connection:
            all_tables().create_all(connection)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        return (Path(folder) / "empty.db").read_bytes()


def postgres_engine() -> Iterator[Engine]:
    """This worker's PostgreSQL database, empty; without a server: a skip, or a failure when required."""
    engine = worker_database()
    if engine is None:
        without_server()
    yield engine
    empty(engine)


def without_server() -> NoReturn:
    """Skip the test, or fail it when a server is required."""
    missing = f"no PostgreSQL answers at {make_url(SERVER).render_as_string(hide_password=True)}"
    if os.environ.get("REQUIRE_POSTGRES") == "1":
        pytest.fail(missing)
    pytest.skip(missing)


@cache
def worker_database() -> Engine | None:
    """Create this worker's database once, one that waits for no disk; None when no server answers."""
    if not make_scratch_database(WORKER):
        return None
    administer(f'ALTER DATABASE "{WORKER}" SET synchronous_commit = off')
    engine = make_engine(make_url(SERVER).set(database=WORKER).render_as_string(hide_password=False))
    with engine.begin() as connection:
        all_tables().create_all(connection)
    return engine


def make_scratch_database(name: str) -> bool:
    """Create an empty database on the test server; False when no server answers."""
    return administer(f'CREATE DATABASE "{name}"')


def drop_scratch_database(name: str) -> None:
    """Drop it again, whoever is still connected."""
    administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def administer(statement: str, *, server: str = SERVER) -> bool:
    """Execute one statement outside transactions on the test server; False when none answers."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
    except OperationalError:
        return False
    finally:
        engine.dispose()
    return True


def empty(engine: Engine) -> None:
    """Take every row out of the worker's database and count from 1 again; ten times as fast as TRUNCATE."""
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # no triggers, no foreign keys
        connection.exec_driver_sql(_emptying())


@cache
def _emptying() -> str:
    tables = all_tables().sorted_tables
    counted = [table for table in tables if table.autoincrement_column is not None]
    restart = ", ".join(f"setval(pg_get_serial_sequence('{table.name}', 'id'), 1, false)" for table in counted)
    return "; ".join([*(str(table.delete()) for table in tables), f"SELECT {restart}"])


def drop_worker_database() -> None:
    """Leave nothing on the server; called when the worker ends."""
    if worker_database.cache_info().currsize and (engine := worker_database()):
        engine.dispose()
        drop_scratch_database(WORKER)
