"""The heartbeat of a loop: at a steady cadence, at once when poked, and at the next due moment.

The one module that knows APScheduler, which keeps no jobs here: what is due lies in the database (decision 1).
"""

import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from inspect import isawaitable

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from scheduling.clock import Clock
from scheduling.stamps import Stamp
from scheduling.troubles import Troubles

logger = logging.getLogger(__name__)

Beat = Callable[[], Awaitable[None] | None]
NextDue = Callable[[], Awaitable[datetime | None] | datetime | None]

JOB = "beat"
# What stays overdue after a beat has failed in it: it must not make the heart race.
SHORTEST_WAIT = timedelta(seconds=1)
OUT_OF_THE_WAY = timedelta(days=1)


class _FromNow(BaseTrigger):  # type: ignore[misc] # APScheduler 3 ships no types
    """Again after a cadence from now. APScheduler's own would be walked through every beat missed since the last."""

    def __init__(self, every: timedelta) -> None:
        self._every = every

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        return now + self._every


class _Scheduler(AsyncIOScheduler):  # type: ignore[misc] # APScheduler 3 ships no types
    """Looks at its job at least once a cadence, so that a wall clock set back cannot silence it."""

    def __init__(self, longest_seconds: float, before_looking: Callable[[], None]) -> None:
        super().__init__(timezone=UTC)
        self._longest_seconds = longest_seconds
        self._before_looking = before_looking

    def _process_jobs(self) -> float | None:
        self._before_looking()
        wait: float | None = super()._process_jobs()
        return None if wait is None else min(wait, self._longest_seconds)


class Heartbeat:
    """Calls `beat` every `every_seconds`, when `next_due` says so, and after `poke`; never two beats at once.

    A beat that fails is counted and said by its kind, once while it lasts, and the next one comes. `next_due` is asked
    after each beat. Both may be plain functions that do not block, or give something to await. Due moments are by
    `clock`, APScheduler goes by the `machine`'s; the two may differ.
    """

    def __init__(
        self, beat: Beat, every_seconds: float, next_due: NextDue, *, clock: Clock, machine: Clock, stamp: Stamp
    ) -> None:
        self.stamp = stamp
        self._troubles = Troubles(time.monotonic, logger)
        self._beat = beat
        self._every = timedelta(seconds=every_seconds)
        self._next_due = next_due
        self._clock = clock
        self._machine = machine
        self._scheduler = _Scheduler(every_seconds, self._pull_in)
        self._beating = False
        self._poked = False
        self._sooner: datetime | None = None

    def start(self) -> None:
        """Begin with a beat at once; call it on the running event loop."""
        self._scheduler.add_job(
            self._run,
            _FromNow(self._every),
            id=JOB,
            next_run_time=self._machine(),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()

    def stop(self) -> None:
        """No further beat begins; one that runs goes on to its end."""
        if not self._scheduler.running:
            return
        if self._beating:
            self._scheduler.pause()  # shutting down would cancel the beat
        else:
            self._scheduler.shutdown(wait=False)

    def poke(self) -> None:
        """Beat at once, or once more when the beat that runs has ended; from any thread."""
        self._poked = True
        if not self._beating:
            self._in(timedelta())

    def look_ahead(self, due: datetime | None) -> None:
        """Something falls due at that moment: beat then, if not sooner. On the event loop."""
        if due is None:
            return
        if self._beating:
            self._sooner = min(due, self._sooner or due)
            return
        job = self._scheduler.get_job(JOB)
        wait = max(due - self._clock(), timedelta())
        if job is not None and self._machine() + wait < job.next_run_time:
            self._in(wait)

    async def _run(self) -> None:
        self._beating, self._poked, self._sooner = True, True, None
        self._in(OUT_OF_THE_WAY)
        due: datetime | None = None
        try:
            while self._poked:
                self._poked = False
                due = await self._beat_once()
        finally:
            self._beating = False
            self._plan([at for at in (due, self._sooner) if at is not None])

    async def _beat_once(self) -> datetime | None:
        """One beat; when something falls due next."""
        try:
            with self.stamp.turn():
                done = self._beat()
                if isawaitable(done):
                    await done
                due = self._next_due()
                soonest = await due if isawaitable(due) else due
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in a beat, the clock must go on
            kind = type(error).__name__
            self._troubles.look({kind: f"A beat of the loop for {self.stamp.loop} failed with {kind}"})
            return None
        self._troubles.look({})
        return soonest

    def _plan(self, dues: list[datetime]) -> None:
        """The next beat: after a cadence, or sooner if something falls due before."""
        now = self._clock()
        soonest = min([self._every, *(due - now for due in dues)])
        self._in(timedelta() if self._poked else max(soonest, min(SHORTEST_WAIT, self._every)))

    def _pull_in(self) -> None:
        """A next beat further off than the cadence means that the wall clock was set back: beat now."""
        job = None if self._beating else self._scheduler.get_job(JOB)
        if job is not None and job.next_run_time > self._machine() + 2 * self._every:
            self._in(timedelta())

    def _in(self, wait: timedelta) -> None:
        if self._scheduler.running:
            self._scheduler.modify_job(JOB, next_run_time=self._machine() + wait)
