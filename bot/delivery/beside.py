"""What is asked and made ready beside the messages that go: what takes long here holds up no other message."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from bot.delivery.job import Job
from bot.delivery.readying import Ready

AT_A_TIME = 4
FOR_URGENT = 2
"""Urgent ones have places of their own, should all others take long."""

A_MOMENT = 0.25
"""Seconds for which others wait for an answer: most come within it, and so messages keep their order."""


Making = Coroutine[Any, Any, Ready | None]
"""Makes one message ready; nothing where it is dealt with, or is read anew."""


@dataclass(frozen=True, kw_only=True)
class _Begun:
    job: Job
    read_at: float


class Beside:
    """Belongs to one turn. Nothing that is begun here posts."""

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[Ready | None], _Begun] = {}

    @property
    def rows(self) -> set[int]:
        """The outbox ids of those that are not to be read meanwhile."""
        return {begun.job.outbox_id for begun in self._tasks.values()}

    def has_place(self, *, urgent: bool) -> bool:
        """Whether one more may be begun."""
        return len(self._tasks) < (AT_A_TIME + FOR_URGENT if urgent else AT_A_TIME)

    async def begin(self, job: Job, readying: Making, read_at: float, seconds: float = A_MOMENT) -> bool:
        """Begin, and wait so long at most; whether it is done."""
        task = asyncio.create_task(readying)
        task.add_done_callback(_is_heard)
        self._tasks[task] = _Begun(job=job, read_at=read_at)
        await asyncio.wait({task}, timeout=seconds)
        return task.done()

    def take(self) -> list[tuple[Ready, float]]:
        """Those that are ready by now, each with the moment it was read at; the first error is raised."""
        found = list[tuple[Ready, float]]()
        for task in [task for task in self._tasks if task.done()]:
            ready, begun = task.result(), self._tasks.pop(task)
            if ready is not None:
                found.append((ready, begun.read_at))
        return found

    async def wait(self, seconds: float) -> None:
        """Until one more is done, for so many seconds at most."""
        await asyncio.wait(self._tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)

    def abandon(self) -> None:
        """Break them off: what was not found out is asked again."""
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()


def _is_heard(task: asyncio.Task[Ready | None]) -> None:
    """An error of one that nobody takes any more is not logged with all it says."""
    if not task.cancelled():
        task.exception()
