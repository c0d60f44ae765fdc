"""One lane's turn: under the lease of its workspace it sends what waits, one message at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlmodel import Session

from bot.delivery import lease, recording
from bot.delivery.job import Job, job_of
from bot.delivery.lanes import Lane
from bot.delivery.lease import LeaseLost
from bot.delivery.pace import Pace
from bot.delivery.port import Undeliverable
from bot.delivery.queue import Queue
from bot.delivery.sending import LaneWaits, Sending
from bot.delivery.shrinking import Shrinking
from bot.delivery.works import Works


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a turn ended: whether more could be sent at once, and when something may go next."""

    more: bool = False
    wake_at: datetime | None = None


class Turn:
    """`lanes` are all those of the authority, this one among them."""

    def __init__(self, works: Works, lane: Lane, lanes: Sequence[Lane], shrinking: Shrinking, pace: Pace) -> None:
        self._works = works
        self._lane = lane
        self._lanes = lanes
        self._shrinking = shrinking
        self._queue = Queue(
            lane, lanes, {one.platform: works.called(one) for one in lanes}, works.day() - works.clock()
        )
        self._token = uuid4().hex
        self._sending = Sending(works, lane, lanes, self._token, pace)
        self._pace = pace

    async def run(self) -> Ended:
        """Send until nothing waits that may go now, or the workspace has to wait, or the lease is lost."""
        works, lane = self._works, self._lane
        if held := await works.writing(lane.authority, self._take):
            return held
        try:
            return await self._send_all()
        except LaneWaits as waits:
            until, failure = waits.until, waits.failure
            await works.writing(lane.authority, lambda session: lease.wait(session, lane, until, failure))
            return Ended(wake_at=until)
        except LeaseLost:
            return Ended(more=True)
        finally:
            await works.writing(lane.authority, lambda session: lease.release(session, lane, self._token))

    def _take(self, session: Session) -> Ended | None:
        """None: the lease is ours."""
        now, timing = self._works.clock(), self._works.timing
        standing = lease.of(session, self._lane)
        if standing is not None and standing.not_before is not None and standing.not_before > now:
            return Ended(wake_at=standing.not_before)
        self._sending.mended = standing is not None and standing.failure is not None
        if lease.take(session, self._lane, self._token, now, timing.lease):
            recording.look_again(session, self._works.day())
            return None
        return Ended(wake_at=standing.until if standing else now)

    async def _send_all(self) -> Ended:
        while not self._works.halted.is_set():
            job = await self._works.reading(self._lane.authority, self._next)
            if job is not None:
                await self._sending.send(job)
            elif not await self._shrunk_one():
                return await self._works.reading(self._lane.authority, self._ended)
        return Ended(more=True)

    def _next(self, session: Session) -> Job | None:
        now, pace = self._works.clock(), self._pace
        if not pace.room(urgent=True):
            return None
        row = self._queue.next(session, now, pace.resting(), only_urgent=not pace.room(urgent=False))
        return None if row is None else job_of(session, row, self._lane, self._works, self._works.day())

    def _ended(self, session: Session) -> Ended:
        now = self._works.clock()
        moments = [self._queue.soonest(session, now), self._shrinking.paused_until]
        if self._sending.elsewhere:
            moments.append(now)
        for resting, rested_in in ((self._pace.resting(), 0.0), ((), self._pace.rested_in())):
            row = self._queue.next(session, now, resting)
            if row is not None:
                pause = max(rested_in, self._pace.room_in(urgent=row.urgent))
                moments.append(now + timedelta(seconds=pause))
        return Ended(wake_at=min((at for at in moments if at is not None), default=None))

    async def _shrunk_one(self) -> bool:
        try:
            return await self._shrinking.one()
        except Undeliverable as refusal:
            raise self._sending.workspace_waits(refusal) from None
