"""What planning reviews costs: one child's year, and the nightly round over growing numbers of children, on SQLite.

Processor time, since the machine may be busy. Targets: a child's year under 20 ms, a round in proportion to the
children, and no reminder planned twice.
"""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from cryptography.fernet import Fernet
from sqlalchemy import Engine, func, insert
from sqlmodel import col, select

from handlers.reviews.daily import plan_daily
from handlers.reviews.planning import plan_review
from storage import reviews
from storage.children import Child
from storage.database import transaction
from storage.encrypted import Keyring, use_keyring
from storage.review_tasks import ReviewTask
from storage.reviews import ReviewState
from tests.bench import Bench, utc
from tests.cast import AUTHORITY
from tests.databases import sqlite_engine
from tests.handlers.reviews.steps import scene_of

SIZES = (1_000, 10_000, 84_000)
ROUNDS = 5
MORNING = utc("2027-01-04")
HELD_ON = (date(2027, 1, 29), date(2027, 4, 29), date(2027, 10, 29))


def main() -> None:
    """Measure and print both."""
    use_keyring(Keyring(Fernet.generate_key().decode()))
    say(f"one child's year, the first review and three after it with their tasks: {span(years())}")
    for size in SIZES:
        nightly(size)


def years() -> list[float]:
    """Seconds for one child's year, for each of fifty children: four reviews planned; holding them is not counted."""
    with bench_of_its_own() as bench:
        put_in(bench, 50, newly=True)
        with transaction(bench.engine, AUTHORITY, writes=False) as session:
            ids = [one for one in session.exec(select(Child.id).where(col(Child.reference).startswith("CH-"))) if one]
        return [sum(plan_after(bench, child_id, held) for held in (None, *HELD_ON)) for child_id in ids]


def plan_after(bench: Bench, child_id: int, held: date | None) -> float:
    """Seconds of planning once the review to come was held on that day."""
    with transaction(bench.engine, AUTHORITY) as session:
        child = session.get_one(Child, child_id)
        review = reviews.open_of(session, child_id)
        if review is not None:
            review.state, review.held_on, review.in_time = ReviewState.HELD, held, True
            session.add(review)
        session.flush()
        began = time.process_time()
        plan_review(scene_of(bench, session), child)
        session.flush()
        return time.process_time() - began


def nightly(size: int) -> None:
    """The first round plans everybody; the rounds after it find next to nothing to do, and plan nothing twice."""
    with bench_of_its_own() as bench:
        put_in(bench, size)
        planned, first = timed_round(bench)
        before = tasks(bench.engine)
        rounds = []
        for _ in range(ROUNDS):
            again, seconds = timed_round(bench)
            rounds.append(seconds)
            assert again == 0, "the same day planned twice"
        assert tasks(bench.engine) == before, "a reminder planned twice"
        bench.now += timedelta(days=1)
        next_day, seconds = timed_round(bench)
        say(
            f"{size:>6} children: first round {first:.1f} s for {planned} of them ({1000 * first / size:.2f} ms each); "
            f"a round with nothing to do {span(rounds)}, {1e6 * median(rounds) / size:.0f} us a child; "
            f"the next day {seconds:.2f} s for {next_day}"
        )


def put_in(bench: Bench, size: int, *, newly: bool = False) -> None:
    """That many children, in care for up to two years, reviewed within the last five months; or all in care today."""
    chance = random.Random(size)  # noqa: S311 - the same children each time
    today = MORNING.date()
    rows = [
        {
            "reference": f"CH-{number:06}",
            "looked_after_from": today if newly else today - timedelta(days=chance.randrange(200, 700)),
            "last_review_on": None if newly else today - timedelta(days=chance.randrange(1, 150)),
            "iro_id": bench.cast.people["ann.lee"],
            "holder_id": bench.cast.people["sam.okoro"],
        }
        for number in range(size)
    ]
    with transaction(bench.engine, AUTHORITY) as session:
        session.execute(insert(Child), rows)


def timed_round(bench: Bench) -> tuple[int, float]:
    """How many children were planned, and the seconds it took."""
    began = time.process_time()
    planned = plan_daily(bench.engine, AUTHORITY, bench.now)
    return planned, time.process_time() - began


def tasks(engine: Engine) -> int:
    """How many reminders stand."""
    with transaction(engine, AUTHORITY, writes=False) as session:
        return session.exec(select(func.count()).select_from(ReviewTask)).one()


@contextmanager
def bench_of_its_own() -> Iterator[Bench]:
    """The cast on an empty database."""
    with TemporaryDirectory() as folder:
        for engine in sqlite_engine(Path(folder)):
            yield Bench(engine, MORNING)


def span(seconds: list[float]) -> str:
    """Least, median and most, in milliseconds."""
    low, middle, high = min(seconds), median(seconds), max(seconds)
    return f"{1000 * low:.1f} / {1000 * middle:.1f} / {1000 * high:.1f} ms (least, median, most of {len(seconds)})"


def say(words: str) -> None:
    """Print a line at once."""
    print(words, flush=True)  # noqa: T201 - a benchmark prints


if __name__ == "__main__":
    main()
