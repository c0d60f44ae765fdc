"""Runs handlers in a bounded number of worker threads, answers in time, and loses no late answer."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from bot import incidents
from handlers.cards import Answer, Notice

T = TypeVar("T")

# Slack gives up after 3 s: 2.3 s leaves the answer time to travel (decision 2). Teams has a patience of its own.
ANSWER_WITHIN_SECONDS = 2.3
# A late result waits this long, so that the platform has taken in "still working" before it is replaced.
SETTLE_SECONDS = 0.7

STILL_WORKING = Notice(text="Still working on it: the answer follows.")
OVERLOADED = Notice(
    text="The service is very busy just now and nothing was done. Please try again in a minute.", refused=True
)


class Overloaded(Exception):
    """The queue is full: the work was not started, and nothing was done."""


class WorkerThreads:
    """At most `limit` handlers at once and `waiting` behind them; an answer is late after `patience` seconds.

    Belongs to one event loop; `drain` waits for everything begun and then closes the threads.
    """

    def __init__(
        self,
        limit: int = 6,
        *,
        waiting: int = 200,
        patience: float = ANSWER_WITHIN_SECONDS,
        settle: float = SETTLE_SECONDS,
    ) -> None:
        self._threads = ThreadPoolExecutor(max_workers=limit, thread_name_prefix="handler")
        self._most = limit + waiting
        self.patience = patience
        self._settle = settle
        self._begun = 0
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def busy(self) -> int:
        """How many pieces of work run or wait."""
        return self._begun

    async def run(self, work: Callable[[], T]) -> T:
        """The result of a plain function, run in a thread. Raises Overloaded, and what the work raises."""
        if self._begun >= self._most:
            raise Overloaded
        self._begun += 1
        running = asyncio.get_running_loop().run_in_executor(self._threads, work)
        running.add_done_callback(self._finished)
        return await running

    async def within(
        self,
        work: Callable[[], Coroutine[Any, Any, T]],
        *,
        late: Callable[[T], Awaitable[None]],
        failed: Callable[[BaseException], T],
        seconds: float | None = None,
    ) -> T | None:
        """The result if it is there in time, else nothing: then `late` receives it when it is.

        What the work raises is turned into a result by `failed`; a timeout never stops the work.
        """
        task = self._hold(work())
        await asyncio.wait({task}, timeout=self.patience if seconds is None else seconds)
        if task.done():
            return _result(task, failed)
        self.keep(self._afterwards(task, late, failed), what="late answer")
        return None

    async def answered(
        self,
        work: Callable[[], Answer],
        *,
        late: Callable[[Answer], Awaitable[None]],
        failed: Callable[[BaseException], Answer],
        seconds: float | None = None,
    ) -> Answer:
        """The handler's answer, or "Still working on it" with the answer handed to `late` afterwards."""

        def refused(error: BaseException) -> Answer:
            return OVERLOADED if isinstance(error, Overloaded) else failed(error)

        answer = await self.within(lambda: self.run(work), late=late, failed=refused, seconds=seconds)
        return STILL_WORKING if answer is None else answer

    def keep(self, work: Coroutine[Any, Any, T], *, what: str) -> "asyncio.Task[T]":
        """Start it and hold it until it ends, so that `drain` can wait; a failure is logged as `what`."""
        task = self._hold(work)
        task.add_done_callback(lambda ended: _reported(ended, what))
        return task

    async def drain(self, seconds: float = 20.0) -> int:
        """Wait for everything begun, at most so long; returns how many pieces were left behind."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while self._tasks and loop.time() < end:
            await asyncio.wait(set(self._tasks), timeout=end - loop.time())
        left = len(self._tasks)
        self._threads.shutdown(wait=left == 0, cancel_futures=True)
        return left

    def _hold(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _afterwards(
        self,
        task: "asyncio.Task[T]",
        late: Callable[[T], Awaitable[None]],
        failed: Callable[[BaseException], T],
    ) -> None:
        await asyncio.gather(asyncio.wait({task}), asyncio.sleep(self._settle))
        await late(_result(task, failed))

    def _finished(self, _: "asyncio.Future[Any]") -> None:
        self._begun -= 1


def _result(task: "asyncio.Task[T]", failed: Callable[[BaseException], T]) -> T:
    error = task.exception()
    return task.result() if error is None else failed(error)


def _reported(task: "asyncio.Task[Any]", what: str) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        incidents.report(error, platform="any", deed=what)
