"""Sends what is owed: every connected workspace in its own lane, so that none waits for another."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from sqlmodel import Session

from bot.delivery.backlog import authorities_with_work
from bot.delivery.counters import Counters
from bot.delivery.faults import Faults
from bot.delivery.lanes import Lane, lanes_in_use
from bot.delivery.pace import Pace
from bot.delivery.shrinking import Shrinking
from bot.delivery.turn import Ended, Turn
from bot.delivery.works import Works
from storage.scope import every_authority


class Sender:
    """Delivery of one process. Several may run on one database: leases keep them apart.

    `lane_ended` is called on the event loop whenever a lane has come to rest: `next_due` may have changed.
    """

    def __init__(self, works: Works, *, lane_ended: Callable[[], None] = lambda: None) -> None:
        self._works = works
        self._lane_ended = lane_ended
        self._shrinking: dict[Lane, Shrinking] = {}
        self._pace: dict[Lane, Pace] = {}
        self._tokens: dict[Lane, str] = {}
        self._busy: set[Lane] = set()
        self._again: set[Lane] = set()
        self._wake: dict[Lane, datetime] = {}

    @property
    def counters(self) -> Counters:
        """What has been done so far."""
        return self._works.counters

    @property
    def faults(self) -> Faults:
        """How the platforms failed us so far."""
        return self._works.faults

    @property
    def busy(self) -> int:
        """How many lanes are at work."""
        return len(self._busy)

    def next_due(self) -> datetime | None:
        """The next moment at which something that waits may go; asked without touching the database."""
        return min(self._wake.values(), default=None)

    def stop(self) -> None:
        """Let each lane end after the message it is at; what still waits stays owed."""
        self._works.halted.set()

    async def deliver_due(self) -> bool:
        """Send all that may go now. True when more waits that a repeated call could send at once.

        May be called while an earlier call is at work: lanes at work are told to look again, the others start.
        """
        lanes = await self._works.reading(None, self._with_work)
        self._again.update(lane for lane in lanes if lane in self._busy)
        self._wake = {lane: at for lane, at in self._wake.items() if lane in lanes}
        started = [lane for lane in lanes if lane not in self._busy]
        self._busy.update(started)
        ended = await asyncio.gather(
            *(self._take_turns(lane, [one for one in lanes if one.authority == lane.authority]) for lane in started),
            return_exceptions=True,
        )
        for lane, end in zip(started, ended, strict=True):
            self._report(lane, end)
        return any(isinstance(end, Ended) and end.more for end in ended)

    def _with_work(self, session: Session) -> list[Lane]:
        with every_authority(session):
            wanted = authorities_with_work(session, self._works.day())
            return [lane for lane in lanes_in_use(session, self._works.platforms) if lane.authority in wanted]

    async def _take_turns(self, lane: Lane, lanes: list[Lane]) -> Ended:
        """One turn, and another for each call that came meanwhile."""
        shrinking = self._shrinking.setdefault(lane, Shrinking(self._works, lane))
        pace = self._pace.setdefault(lane, self._new_pace(lane))
        token = self._tokens.setdefault(lane, uuid4().hex)
        self._wake.pop(lane, None)
        try:
            while True:
                self._again.discard(lane)
                ended = await Turn(self._works, lane, lanes, token, shrinking, pace).run()
                if lane not in self._again or self._works.halted.is_set():
                    break
            if ended.wake_at is not None:
                self._wake[lane] = ended.wake_at
            return ended
        finally:
            self._busy.discard(lane)
            self._lane_ended()

    def _new_pace(self, lane: Lane) -> Pace:
        return Pace(self._works.monotonic, self._works.timing.pace, self._works.called(lane))

    def _report(self, lane: Lane, ended: Ended | BaseException) -> None:
        """An error of ours is logged by its kind and leaves the other lanes alone."""
        if isinstance(ended, Ended):
            return
        if not isinstance(ended, Exception):
            raise ended
        self._works.counters.broken += 1
        self._works.troubles.met(f"delivery: a lane of {lane.platform} broke off with {type(ended).__name__}")
