"""How soon the sweep is at its former rate after PostgreSQL was away: the scenarios by which such queues are compared.

The server is restarted, all connections are cut once and over and over, the pool's connections are taken by others, and
the process is killed. The server is one of this benchmark alone, on a port of its own. Target (T3): 98 % of the former
rate within 30 s; nothing lost, nothing done twice.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import mkdtemp

from psycopg import Connection, OperationalError, connect
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlmodel import Session

from scheduling.sweep import Sweep
from storage.database import make_engine, transaction
from storage.nudges import Due
from storage.outbox import Outbox
from storage.people import Person
from storage.scope import own_authority
from storage.tables import all_tables
from tests.benchmarks.due import NOW
from tests.benchmarks.late_council import MORNING
from tests.benchmarks.many_nudges import put_due, service
from tests.benchmarks.method import Sheet, arguments, say, sheet
from tests.stories.programs import ROOT, free_port

CONNECTIONS = 20
WARM_SECONDS, BEFORE_SECONDS, LONGEST = 6, 6, 60
LASTS_SECONDS = 8
"""How long an outage lasts that has a length."""
OVER_SECONDS = 3
"""A rate is what was done in so many seconds."""
SHOWS_NOT = (
    "a server that loses what it had promised, nor one that another takes the place of.",
    "what the deed of a reminder costs: each writes one row, so that the outage weighs as much as it can.",
)
AUTHORITY = "la0"
DEED_SECONDS = 0.0003
"""What each takes besides its row, so that the rate is steady and the work does not run out."""


def main(asked: Sequence[str] | None = None) -> None:
    """Measure and print; or, as a process of its own, do the work."""
    if asked and asked[0] == "work":
        work(asked[1])
        return
    parser = arguments(__doc__ or "", rounds=1)
    parser.add_argument("--due", type=int, default=250_000, help="how many are due from the start")
    given = parser.parse_args(asked)
    with sheet("outages", given, shows_not=SHOWS_NOT) as found:
        if not binaries():
            say("PostgreSQL's own programs (initdb, pg_ctl) are not on this machine: not measured.")
            return
        for name, hurt in SCENARIOS.items():
            scenario(found, name, hurt, given)


def work(url: str) -> None:
    """Sweep until killed, as the loop does: whatever goes wrong is tried again a moment later."""
    sweep = Sweep(make_engine(url), written)
    while True:
        try:
            more = sweep.turn(NOW)
        except (DBAPIError, TimeoutError):
            more = False
        if not more:
            time.sleep(0.1)


def written(session: Session, due: Sequence[Due], now: datetime) -> Collection[Due]:
    """One row for each nudge, under a key that cannot be there twice."""
    rows = [
        {"key": one.subject, "kind": "done", "person_id": 1, "owed_at": now, "authority": own_authority(session)}
        for one in due
    ]
    session.execute(insert(Outbox), rows)
    time.sleep(DEED_SECONDS * len(due))
    return ()


def scenario(found: Sheet, name: str, hurt: "Hurt", given: Namespace) -> None:
    """One outage in the middle of the work."""
    with ExitStack() as stack:
        server = stack.enter_context(Server.started())
        engine = make_engine(server.url)
        stack.callback(engine.dispose)
        prepared(engine, given.due)
        worker = stack.enter_context(Worker.started(server.url))
        rates = Rates(engine)
        rates.watch(WARM_SECONDS)
        rates.watch(BEFORE_SECONDS)
        before = median(rates.of_last(BEFORE_SECONDS))
        began = time.monotonic()
        hurt(server, worker)
        ended = time.monotonic()
        back = rates.until(0.98 * before, ended)
        worker.stop()
        left, done, different = counted(engine)
    found.counted(
        name,
        rate_before=f"{before:,.0f} a second",
        outage=f"{ended - began:.1f} s",
        back_at_98_percent_after=f"{back:.1f} s" if back is not None else f"more than {LONGEST} s",
        lost=given.due - left - done,
        doubled=done - different,
        left_over=left,
    )


def prepared(engine: Engine, number: int) -> None:
    """Everything due from the start."""
    with engine.begin() as connection:
        all_tables().create_all(connection)
    service(engine, 1)
    with transaction(engine, AUTHORITY) as session:
        session.add(Person(email="one@council.example", name="One", welcomed_on=MORNING.date()))
    put_due(engine, number, AUTHORITY)


def counted(engine: Engine) -> tuple[int, int, int]:
    """How many are left, how many were done, and of how many different ones."""
    asked = ("count(*) FROM nudges", "count(*) FROM outbox", "count(DISTINCT key) FROM outbox")
    with engine.connect() as connection:
        left, done, different = (int(connection.scalar(text(f"SELECT {one}")) or 0) for one in asked)
    return left, done, different


class Rates:
    """How many were done in each second."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._seen: list[tuple[float, int]] = []

    def watch(self, seconds: float) -> None:
        """Look once a second for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._look()
            time.sleep(1)

    def of_last(self, seconds: int) -> list[float]:
        """The rates of the last seconds."""
        return [
            self._rate(one, other)
            for one, other in zip(self._seen[-seconds - 1 :], self._seen[-seconds:], strict=False)
        ]

    def until(self, rate: float, since: float) -> float | None:
        """How long after that moment the rate was there again; None where it was not in a minute."""
        while time.monotonic() - since < LONGEST:
            self._look()
            if self._seen and len(self._seen) > OVER_SECONDS:
                first, last = self._seen[-1 - OVER_SECONDS], self._seen[-1]
                if first[0] >= since and self._rate(first, last) >= rate:
                    return first[0] - since
            time.sleep(1)
        return None

    def _look(self) -> None:
        with suppress(DBAPIError, TimeoutError):
            self._seen.append((time.monotonic(), counted(self._engine)[1]))

    @staticmethod
    def _rate(one: tuple[float, int], other: tuple[float, int]) -> float:
        return (other[1] - one[1]) / max(other[0] - one[0], 1e-6)


class Worker:
    """The process that sweeps."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._process = self._begin()

    @classmethod
    @contextmanager
    def started(cls, url: str) -> "Iterator[Worker]":
        """One, killed at the end."""
        worker = cls(url)
        try:
            yield worker
        finally:
            worker.stop()

    def _begin(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-m", "tests.benchmarks.outages", "work", self._url], cwd=ROOT)

    def stop(self) -> None:
        """Kill it."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def again(self) -> None:
        """Kill it and begin another at once, as a supervisor does."""
        self.stop()
        self._process = self._begin()


class Server:
    """A PostgreSQL of this benchmark alone."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, port
        self.url = f"postgresql://postgres@127.0.0.1:{port}/postgres"

    @classmethod
    @contextmanager
    def started(cls) -> "Iterator[Server]":
        """One, gone afterwards with all it held."""
        folder = Path(mkdtemp(prefix="outages-"))
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        server = cls(folder, free_port())
        server.run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "postgres", "-E", "UTF8")
        server.control("start")
        try:
            yield server
        finally:
            server.control("stop")
            shutil.rmtree(folder, ignore_errors=True)

    def control(self, what: str) -> None:
        """Start, stop or restart it, breaking off what is at work."""
        options = f"-p {self._port} -k {self._folder} -c max_connections={CONNECTIONS}"
        log = str(self._folder / "log")
        self.run("pg_ctl", "-D", str(self._folder / "data"), "-l", log, "-o", options, "-m", "fast", "-w", what)

    def run(self, program: str, *words: str) -> None:
        """One of PostgreSQL's programs, as the user it wants."""
        asked = [str(Path(binaries()) / program), *words]
        as_user = ["runuser", "-u", "postgres", "--", *asked] if os.geteuid() == 0 else asked
        subprocess.run(as_user, check=True, stdout=subprocess.DEVNULL, cwd=self._folder)

    def cut_all(self) -> None:
        """End all connections but the one that says so."""
        engine = make_engine(self.url)
        with engine.connect() as connection:
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
            )
        engine.dispose()


def binaries() -> str:
    """The folder of PostgreSQL's programs; nothing where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return str(found[-1].parent) if found else str(Path(on_path).parent) if on_path else ""


Hurt = Callable[[Server, Worker], None]


def restarted(server: Server, _: Worker) -> None:
    """The server stops and starts."""
    server.control("restart")


def cut(server: Server, _: Worker) -> None:
    """All connections end."""
    server.cut_all()


def cut_over_and_over(server: Server, _: Worker) -> None:
    """The same, twice a second."""
    end = time.monotonic() + LASTS_SECONDS
    while time.monotonic() < end:
        server.cut_all()
        time.sleep(0.5)


def taken_by_others(server: Server, _: Worker) -> None:
    """Others take every connection there is, once those at work have been cut."""
    held: list[Connection] = []
    server.cut_all()
    end = time.monotonic() + LASTS_SECONDS
    while time.monotonic() < end:
        with suppress(OperationalError):
            held.append(connect(server.url))
        time.sleep(0.01)
    for one in held:
        one.close()


def killed(_: Server, worker: Worker) -> None:
    """The process is killed, and another begins."""
    worker.again()


SCENARIOS: dict[str, Hurt] = {
    "the server is restarted": restarted,
    "all connections are cut": cut,
    "all connections are cut, twice a second for 8 s": cut_over_and_over,
    "others hold the connections for 8 s": taken_by_others,
    "the process is killed, and another begins": killed,
}


if __name__ == "__main__":
    main(sys.argv[1:])
