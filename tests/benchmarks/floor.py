"""What this machine can do at best, printed beside every result: flushes, commits and requests in a second."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from sqlalchemy import make_url

from tests.databases import SERVER, drop_scratch_database, make_scratch_database

SECONDS = 0.3
SCRATCH = f"iro_bot_floor_{os.getpid()}"


@dataclass(frozen=True, kw_only=True)
class Floor:
    """In a second: appends flushed to disk, commits of one row, requests over one connection. None: not there."""

    flushes: float
    sqlite_commits: float
    postgresql_commits: float | None
    requests: float

    def written(self) -> dict[str, float | None]:
        """As JSON has it."""
        return asdict(self)

    def __str__(self) -> str:
        server = "no PostgreSQL" if self.postgresql_commits is None else f"{self.postgresql_commits:,.0f} in PostgreSQL"
        commits = f"{self.sqlite_commits:,.0f} commits in SQLite, {server}"
        return f"{self.flushes:,.0f} flushes, {commits}, {self.requests:,.0f} HTTP requests a second"


def floor(databases: Sequence[str]) -> Floor:
    """Measured anew each time, in about a second."""
    with TemporaryDirectory() as folder:
        return Floor(
            flushes=_flushes(Path(folder)),
            sqlite_commits=_sqlite(Path(folder)),
            postgresql_commits=_postgresql() if "postgresql" in databases else None,
            requests=_requests(),
        )


def _in_a_second(once: Callable[[], object]) -> float:
    number, began = 0, time.perf_counter()
    while (took := time.perf_counter() - began) < SECONDS:
        once()
        number += 1
    return number / took


def _flushes(folder: Path) -> float:
    with (folder / "flushed").open("wb", buffering=0) as file:

        def once() -> None:
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())

        return _in_a_second(once)


def _sqlite(folder: Path) -> float:
    with closing(sqlite3.connect(folder / "floor.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE one (at REAL)")
        return _in_a_second(lambda: connection.execute("INSERT INTO one VALUES (1)"))


def _postgresql() -> float | None:
    if not make_scratch_database(SCRATCH):
        return None
    address = make_url(SERVER).set(drivername="postgresql", database=SCRATCH).render_as_string(hide_password=False)
    try:
        with closing(psycopg.connect(address, autocommit=True)) as connection:
            connection.execute("CREATE TABLE one (at REAL)")
            return _in_a_second(lambda: connection.execute("INSERT INTO one VALUES (1)"))
    finally:
        drop_scratch_database(SCRATCH)


class _Yes(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _requests() -> float:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Yes)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with closing(HTTPConnection("127.0.0.1", server.server_address[1])) as connection:

            def once() -> None:
                connection.request("GET", "/")
                connection.getresponse().read()

            return _in_a_second(once)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
