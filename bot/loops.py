"""The three loops, none of which waits for another: what fell due, what is owed, and the service's own duties.

Each has a cadence, is woken by what somebody committed for it, and leaves a stamp of its progress.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from bot.delivery.sender import Sender
from bot.housekeeping import Housekeeping
from bot.running import Running
from bot.second_clocks import SecondClocks
from bot.threads import WorkerThreads
from bot.watch.outside import Outside
from bot.watch.watch import Watch
from handlers.tick import fire, morning
from scheduling.clock import Clock
from scheduling.heartbeat import Beat, Heartbeat, NextDue
from scheduling.stamps import Stamp
from scheduling.sweep import Sweep
from scheduling.watchdog import next_nudge
from storage import committed
from storage.committed import Left


@dataclass(frozen=True, kw_only=True)
class Work:
    """What the loops do, and by which clocks.

    `day` is the service's; where it is moved by a platform, all that acts holds `turn`. `clock` is the machine's as far
    as it is believed, `scheduler` the one APScheduler goes by.
    """

    engine: Engine
    day: Clock
    clock: Clock
    scheduler: Clock
    monotonic: Callable[[], float]
    turn: asyncio.Lock
    sender: Sender
    running: Collection[Running]
    threads: WorkerThreads
    housekeeping: Housekeeping
    watch: Watch
    outside: Outside
    second_clocks: SecondClocks

    @property
    def day_is_moved(self) -> bool:
        """Whether a platform keeps the day."""
        return self.day is not self.clock


class Loops:
    """One for the process."""

    def __init__(self, work: Work, every_seconds: float) -> None:
        self._work = work
        self._sweeping = Sweep(work.engine, fire, morning=morning)
        self._every = every_seconds
        self._sweep = self._heart("what fell due", self._act_on_due, self._nudge_due)
        self._delivery = self._heart("what is owed", self._look_for_owed, work.sender.next_due)
        self._duties = self._heart("daily duties", self._do_duties, lambda: None)
        self._swept = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._halted = False

    @property
    def stamps(self) -> Sequence[Stamp]:
        """How far each has come: what fell due, what is owed, the duties."""
        return (self._sweep.stamp, self._delivery.stamp, self._duties.stamp)

    @property
    def begun(self) -> bool:
        """Whether all that was due at the start has been looked at."""
        return self._swept.is_set()

    def start(self) -> None:
        """Begin, on the running event loop."""
        self._loop = asyncio.get_running_loop()
        committed.listen(self._work.engine, self._committed)
        for heart in (self._sweep, self._delivery, self._duties):
            heart.start()

    def stop(self) -> None:
        """Begin nothing new; what runs goes on to the end of its piece."""
        self._halted = True
        for heart in (self._sweep, self._delivery, self._duties):
            heart.stop()

    def owed(self) -> None:
        """Something may go now that no transaction tells of; from any thread."""
        self._committed(Left(owes=True))

    def lane_ended(self) -> None:
        """A lane rests: what waits there may be due before the next beat. On the event loop."""
        if self._loop is not None:
            self._delivery.look_ahead(self._work.sender.next_due())

    async def in_order(self) -> None:
        """One turn of each, one after the other, for those that keep time themselves."""
        await self._work.second_clocks.look()
        for one in self._work.running:
            await one.beat(self._work.clock())
        with self._sweep.stamp.turn():
            await (self.step() if self._work.day_is_moved else self._fire_what_is_due(daily=True))
            self._swept.set()
        with self._delivery.stamp.turn():
            await self._deliver()
            for one in self._work.running:
                await one.refresh()
        with self._duties.stamp.turn():
            await self._look_after()

    async def step(self) -> None:
        """What is due by the moved day, with all that follows from it, before the day is moved on again."""
        async with self._work.turn:
            await self._fire_what_is_due(daily=True)
            await self._deliver()

    async def _act_on_due(self) -> None:
        await (self.step() if self._work.day_is_moved else self._fire_what_is_due(daily=False))
        self._swept.set()

    async def _fire_what_is_due(self, *, daily: bool) -> None:
        """One batch of each authority in turn, until nothing is left that was due at the beginning."""
        day = self._work.day()
        if daily:
            await asyncio.to_thread(self._work.housekeeping.daily, day)
        while not self._halted and await asyncio.to_thread(self._sweeping.turn, day):
            self._sweep.stamp.progress()

    async def _look_for_owed(self) -> None:
        """Lanes at work are only told to look again: nobody waits for them here."""
        if self._work.day_is_moved:
            async with self._work.turn:
                await self._deliver()
            return
        self._work.threads.keep(self._deliver(), what="delivery")
        for one in self._work.running:
            self._work.threads.keep(one.refresh(), what="homes")

    async def _deliver(self) -> None:
        while await self._work.sender.deliver_due() and not self._halted:
            pass

    async def _do_duties(self) -> None:
        """Never before the first sweep: what is due goes before what can wait. Whatever fails is looked at too."""
        await self._work.second_clocks.look()
        await self._swept.wait()
        try:
            now = self._work.clock()
            for one in self._work.running:
                await one.beat(now)
            if not self._work.day_is_moved:
                await asyncio.to_thread(self._work.housekeeping.daily, self._work.day())
        finally:
            await self._look_after()

    async def _look_after(self) -> None:
        """Look whether all goes well, and say so outside while nothing keeps the service from being ready."""
        found = await asyncio.to_thread(self._work.watch.round, self)
        if not any(one.keeps for one in found):
            await self._work.outside.tell()

    async def _nudge_due(self) -> datetime | None:
        """When the next nudge falls due, by the machine's clock as far as it is believed."""
        nudge = await asyncio.to_thread(next_nudge, self._work.engine)
        return nudge - self._ahead() if nudge is not None else None

    def _ahead(self) -> timedelta:
        """How far the service's day was moved on."""
        return self._work.day() - self._work.clock()

    def _committed(self, left: Left) -> None:
        """Called in the thread that committed."""
        if self._loop is None or self._halted:
            return
        if left.owes:
            self._loop.call_soon_threadsafe(self._delivery.poke)
        if left.due is not None:
            self._loop.call_soon_threadsafe(self._sweep.look_ahead, left.due - self._ahead())

    def _heart(self, loop: str, beat: Beat, next_due: NextDue) -> Heartbeat:
        work = self._work
        stamp = Stamp(loop, work.clock, work.monotonic)
        return Heartbeat(beat, self._every, next_due, clock=work.clock, machine=work.scheduler, stamp=stamp)
