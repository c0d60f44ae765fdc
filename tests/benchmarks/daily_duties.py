"""What the daily duties cost at 3,600 children and 10,000 open concerns: how long they keep a lock, and people waiting.

Run on SQLite. The target: no writing transaction over 100 ms, on the first day, on a day like any other, and on the day
after a holiday came to be known that lengthens every clock.
"""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from cryptography.fernet import Fernet
from sqlalchemy import Connection, Engine, event

from bot.housekeeping import Housekeeping
from scheduling.procedures import shipped_text
from storage import inbound
from storage.database import transaction
from storage.encrypted import Keyring, use_keyring
from storage.scope import WRITES
from tests.bench import Bench, utc
from tests.benchmarks.big_council import grow, how_many_open, staff_for
from tests.cast import AUTHORITY
from tests.databases import sqlite_engine
from tests.handlers.steps import put_in_force

CHILDREN, CONCERNS = 3_600, 10_000
MORNING = utc("2026-12-07", "08:00")


def main(children: int = CHILDREN, concerns: int = CONCERNS) -> None:
    """Measure and print."""
    use_keyring(Keyring(Fernet.generate_key().decode()))
    with TemporaryDirectory() as folder:
        for engine in sqlite_engine(Path(folder)):
            bench = Bench(engine, MORNING)
            with transaction(engine, AUTHORITY) as session:
                grow(session, staff_for(session, children), MORNING, children=children, concerns=concerns)
                say(f"{children} children, {how_many_open(session)} open concerns")
            day("the first day", bench, MORNING)
            day("the next day, nothing new", bench, MORNING + timedelta(days=1))
            closed = "closure_days = []"
            put_in_force(bench, shipped_text("handbook").replace(closed, 'closure_days = ["2026-12-10"]'))
            day("a holiday more", bench, MORNING + timedelta(days=2))


def day(name: str, bench: Bench, now: datetime) -> None:
    """One round of the duties: how long it took, and how long it kept a lock at a time."""
    bench.now, began = now, time.perf_counter()
    with locks(bench.engine) as kept, somebody_at_work(bench) as waited:
        Housekeeping(bench.engine).daily(now)
    longest = ", ".join(f"{1000 * one:.0f}" for one in sorted(kept, reverse=True)[:3])
    say(f"{name}: {time.perf_counter() - began:.1f} s in {len(kept)} writing transactions")
    say(f"  of {1000 * median(kept):.1f} ms in the middle, the longest {longest} ms")
    say(f"  somebody who writes meanwhile waits {1000 * median(waited):.0f} ms, at most {1000 * max(waited):.0f} ms")


@contextmanager
def somebody_at_work(bench: Bench) -> Iterator[list[float]]:
    """The seconds that an act takes which writes one row, tried over and over while it lasts."""
    waited: list[float] = []
    over = threading.Event()

    def work() -> None:
        while True:
            began = time.perf_counter()
            with transaction(bench.engine, AUTHORITY) as session:
                inbound.remember(session, f"at work {began}", None, bench.now)
            waited.append(time.perf_counter() - began)
            if over.wait(0.02):
                return

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield waited
    finally:
        over.set()
        thread.join()


@contextmanager
def locks(engine: Engine) -> Iterator[list[float]]:
    """The seconds of every writing transaction while it lasts."""
    kept: list[float] = []
    began: dict[int, float] = {}

    def start(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES):
            began[id(connection)] = time.perf_counter()

    def end(connection: Connection) -> None:
        if id(connection) in began:
            kept.append(time.perf_counter() - began.pop(id(connection)))

    event.listen(engine, "begin", start)
    event.listen(engine, "commit", end)
    yield kept
    event.remove(engine, "begin", start)
    event.remove(engine, "commit", end)


def say(words: str) -> None:
    """Print a line at once."""
    print(words, flush=True)  # noqa: T201 - a benchmark prints


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:]))
