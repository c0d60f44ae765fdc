"""The peer: APScheduler 3 with a job for each reminder, in a store of the same kind of database, set up the same way.

`misfire_grace_time=None`, without which it drops what fell due while it was down. It takes a job out of its store when
it has handed it to a thread, before the job has run: a crash loses what was handed out. The store takes one scheduler.
"""

import pickle
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from sqlalchemy import Engine, insert

from storage.scope import WRITES

Deed = Callable[[str], None]


@dataclass(kw_only=True)
class _Work:
    """What the jobs of this process do, and how many are left to be done."""

    deed: Deed = print
    left: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    done: threading.Event = field(default_factory=threading.Event)


_WORK = _Work()


def job(subject: str) -> None:
    """What each job calls, by name as a store keeps it."""
    _WORK.deed(subject)
    with _WORK.lock:
        _WORK.left -= 1
        if not _WORK.left:
            _WORK.done.set()


class Peer:
    """One scheduler at rest, its store on this engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(**{WRITES: True})
        self._store = SQLAlchemyJobStore(engine=self._engine)
        defaults = {"misfire_grace_time": None}
        self._scheduler = BackgroundScheduler(jobstores={"default": self._store}, job_defaults=defaults, timezone=UTC)
        self._scheduler.start(paused=True)
        one = self._scheduler.add_job(job, DateTrigger(datetime.now(UTC)), args=["none"], id="none")
        self._state: dict[str, Any] = one.__getstate__()
        self._scheduler.remove_job("none")

    def add(self, due: Sequence[tuple[str, datetime]]) -> None:
        """Jobs about these subjects, written as the store writes them, but many in one statement."""
        rows = [
            {"id": subject, "next_run_time": at.timestamp(), "job_state": self._pickled(subject, at)}
            for subject, at in due
        ]
        with self._engine.begin() as connection:
            connection.execute(insert(self._store.jobs_t), rows)

    def _pickled(self, subject: str, at: datetime) -> bytes:
        own = {"id": subject, "args": (subject,), "trigger": DateTrigger(at), "next_run_time": at}
        return pickle.dumps({**self._state, **own}, pickle.HIGHEST_PROTOCOL)

    def run(self, number: int, deed: Deed) -> float:
        """Seconds until so many due jobs have run and are out of the store."""
        _WORK.deed, _WORK.left = deed, number
        _WORK.done.clear()
        began = time.perf_counter()
        self._scheduler.resume()
        if not _WORK.done.wait(600):
            raise TimeoutError("The jobs did not run.")
        with self._scheduler._jobstores_lock:  # held while a round of due jobs is handed out
            took = time.perf_counter() - began
        self._scheduler.pause()
        return took

    def stop(self) -> None:
        """End its threads."""
        self._scheduler.shutdown()
