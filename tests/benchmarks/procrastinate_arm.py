"""A queue on PostgreSQL that keeps what it has handed out: procrastinate, where the group `bench` is installed.

Its fetch goes through the jobs in order of their ids, so that what lies later and was put in earlier is walked over:
the due ones are measured with the first ids, with ids at random, and with the last.
"""

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from functools import partial
from random import Random

import procrastinate
import psycopg
from sqlalchemy import make_url

from tests.benchmarks.method import interleaved
from tests.databases import SERVER, drop_scratch_database, make_scratch_database

NAME = f"iro_bot_bench_queue_{os.getpid()}"
Choice = Callable[[list[int]], list[int]]


def measured(pending: int, due: int, rounds: int) -> dict[str, list[float]]:
    """Microseconds a job, one at a time."""
    make_scratch_database(NAME)
    address = make_url(SERVER).set(drivername="postgresql", database=NAME).render_as_string(hide_password=False)
    try:
        queue = Queue(address, pending)
        arms = {f"due ids {name}": partial(_once, queue, choose, due) for name, choose in _CHOICES.items()}
        return interleaved(arms, rounds)
    finally:
        drop_scratch_database(NAME)


def _once(queue: "Queue", choose: Choice, due: int) -> float:
    return queue.run(choose(queue.left), due)


def _at_random(ids: list[int]) -> list[int]:
    mixed = [*ids]
    Random(len(ids)).shuffle(mixed)  # noqa: S311 - which jobs are due, not a secret
    return mixed


_CHOICES: dict[str, Choice] = {
    "first": lambda ids: ids,
    "at random": _at_random,
    "last": lambda ids: ids[::-1],
}


class Queue:
    """A queue with so many jobs that are due in a year."""

    def __init__(self, address: str, pending: int) -> None:
        self._address = address
        self._app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address))
        self._app.task(name="nothing")(_nothing)
        asyncio.run(self._begin())
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at) "
                "SELECT 'default', 'nothing', now() + interval '1 year' FROM generate_series(1, %s)",
                [pending],
            )
            connection.execute("VACUUM ANALYZE")
            self.left: list[int] = [
                row[0] for row in connection.execute("SELECT id FROM procrastinate_jobs ORDER BY id")
            ]

    async def _begin(self) -> None:
        async with self._app.open_async():
            await self._app.schema_manager.apply_schema_async()

    def run(self, chosen: Sequence[int], number: int) -> float:
        """Let the first so many of those chosen be due; microseconds each until none is left."""
        due = set(chosen[:number])
        self.left = [one for one in self.left if one not in due]
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(
                "UPDATE procrastinate_jobs SET scheduled_at = now() - interval '1 day' WHERE id = ANY(%s)", [list(due)]
            )
        took = asyncio.run(self._work())
        with psycopg.connect(self._address, autocommit=True) as connection:
            undone = connection.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE status <> 'succeeded' AND id = ANY(%s)", [list(due)]
            ).fetchone()
        assert len(due) == number, "too few jobs are pending for so many rounds"
        assert undone == (0,), "jobs were left"
        return 1e6 * took / number

    async def _work(self) -> float:
        async with self._app.open_async():
            began = time.perf_counter()
            await self._app.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)
            return time.perf_counter() - began


async def _nothing() -> None:
    """What a job does."""
