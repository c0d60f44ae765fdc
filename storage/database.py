"""The database: how it is opened, and the one way to work in it, `transaction()`."""

import fcntl
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

import storage.ids  # noqa: F401 - many rows get their ids at once
from storage import committed
from storage.scope import AUTHORITY, WRITES, GuardedSession

SQLITE_BUSY_MILLISECONDS = 5000
FOLDING_MILLISECONDS = 500
"""The end of a run does not wait longer for another program that reads the file."""

_writers: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
_writing: ContextVar[bool] = ContextVar("writing", default=False)


class Misconfigured(Exception):
    """The database cannot be used as set; the message is one sentence for the operator."""


class AlreadyRunning(Exception):
    """Another `run` holds this SQLite database."""


def database_url(url: str | URL) -> URL:
    """The address, understood; raises Misconfigured for one that cannot be used."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise Misconfigured(
            "DATABASE_URL is not an address like sqlite:///iro-bot.db or postgresql+psycopg://user@host/name."
        ) from None
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise Misconfigured(f"DATABASE_URL names {parsed.drivername}; it must be sqlite or postgresql+psycopg.")
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise Misconfigured("DATABASE_URL must name a file: a SQLite database in memory would forget the deadlines.")
    return parsed


def make_engine(url: str | URL) -> Engine:
    """An engine set up as measured best; nothing is opened yet, but a missing folder is made.

    Its errors never show parameters: those are what people wrote.
    """
    parsed = database_url(url)
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(parsed, pool_size=10, max_overflow=0, pool_pre_ping=True, hide_parameters=True)
        event.listen(engine, "connect", _prepare_postgres)
        return engine
    make_folder(parsed)
    engine = create_engine(parsed, pool_size=8, max_overflow=0, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def is_there(url: str | URL) -> bool:
    """Whether there may be a database at the address: a SQLite file that is not there would be made by looking."""
    parsed = database_url(url)
    return parsed.get_backend_name() != "sqlite" or Path(str(parsed.database)).exists()


def make_folder(url: URL) -> None:
    """Make the folder of a SQLite file; raises Misconfigured where that is not allowed."""
    folder = Path(str(url.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise Misconfigured(f"The folder {folder} of DATABASE_URL cannot be made: {problem.strerror}.") from None


def check_reach(engine: Engine) -> None:
    """Open one connection; raises Misconfigured when the database does not answer."""
    try:
        with engine.connect():
            return
    except DBAPIError as problem:
        place = engine.url.render_as_string(hide_password=True)
        cause = str(problem.orig).strip().splitlines()[0].rstrip(".")
        raise Misconfigured(f"The database {place} does not open: {cause}.") from None


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Leave BEGIN to us: the driver's own deferred one loses writers to "database is locked"."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={SQLITE_BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_postgres(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("SET TIME ZONE 'UTC'")
    cursor.close()
    connection.commit()


@contextmanager
def transaction(engine: Engine, authority: str | None, *, writes: bool = True) -> Iterator[Session]:
    """Work for one authority, committed at the end, rolled back on any exception.

    Rows stay readable afterwards. Without an authority, owned tables open only through `every_authority` and
    `acting_for`. On SQLite the writers of this process wait for each other here; one opened inside another is
    a RuntimeError.
    """
    options = {WRITES: writes}
    if engine.dialect.name == "postgresql" and not writes:
        options["postgresql_readonly"] = True
    info = {AUTHORITY: authority, WRITES: writes}
    turn = _turn(engine) if writes and engine.dialect.name == "sqlite" else nullcontext()
    bound = engine.execution_options(**options)
    with turn, GuardedSession(bound, expire_on_commit=False, info=info) as session, session.begin():
        yield session
    if writes:
        committed.tell(engine, session)


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Hold the process-wide lock of this database's writers."""
    if _writing.get():
        raise RuntimeError("A writing transaction was opened inside another one of the same thread.")
    with _writers[str(Path(str(engine.url.database)).resolve())]:
        token = _writing.set(True)
        try:
            yield
        finally:
            _writing.reset(token)


@contextmanager
def single_run_lock(url: str) -> Iterator[None]:
    """Refuse a second `run` on one SQLite database with AlreadyRunning; PostgreSQL has room for several."""
    parsed = database_url(url)
    if parsed.get_backend_name() != "sqlite":
        yield
        return
    make_folder(parsed)
    path = Path(f"{parsed.database}.lock")
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                f"Another iro-bot is running on {parsed.database} (it holds {path}): stop it first."
            ) from None
        yield


def clock_skew(engine: Engine, now: datetime) -> timedelta:
    """How far PostgreSQL's clock is ahead of `now`; SQLite has no clock of its own."""
    if engine.dialect.name != "postgresql":
        return timedelta()
    with engine.connect() as connection:
        theirs: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    return theirs - now


def fold_log_in(engine: Engine) -> None:
    """Fold SQLite's write-ahead log into the file at the end of a run, so that a copy of the file is whole.

    While another program reads the file, such as a backup, it stays as it is: the next that opens it takes it in.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={FOLDING_MILLISECONDS}")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
