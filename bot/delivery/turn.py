"""One lane's turn: under the lease of its workspace it sends what waits, some messages at a time."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlmodel import Session

from bot.delivery import lease, recording
from bot.delivery.beside import A_MOMENT
from bot.delivery.flights import LaneWaits
from bot.delivery.job import Job, job_of, jobs_of
from bot.delivery.lanes import Lane
from bot.delivery.lease import LeaseLost
from bot.delivery.pace import Pace
from bot.delivery.port import Undeliverable
from bot.delivery.queue import Passed, Queue
from bot.delivery.sending import Sending
from bot.delivery.shrinking import Shrinking
from bot.delivery.works import Works
from storage.outbox import Outbox

KEPT_FOR = timedelta(seconds=3)
"""How long after the moment at which a message has its room the lease is still kept for the turn that sends it."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a turn ended: whether more could be sent at once, and when something may go next."""

    more: bool = False
    wake_at: datetime | None = None


class Turn:
    """`lanes` are all those of the authority, this one among them; `token` is the lane's in this process."""

    def __init__(
        self, works: Works, lane: Lane, lanes: Sequence[Lane], token: str, shrinking: Shrinking, pace: Pace
    ) -> None:
        self._works = works
        self._lane = lane
        self._lanes = lanes
        self._shrinking = shrinking
        self._queue = Queue(
            lane, lanes, {one.platform: works.called(one) for one in lanes}, works.day() - works.clock()
        )
        self._token = token
        self._sending = Sending(works, lane, lanes, token, pace)
        self._pace = pace
        self._kept_until: datetime | None = None

    async def run(self) -> Ended:
        """Send until nothing waits that may go now, or the workspace has to wait, or the lease is lost."""
        works, lane = self._works, self._lane
        if held := await works.writing(lane.authority, self._take):
            return held
        try:
            ended = await self._send_all()
        except LaneWaits:
            ended = Ended()
        except LeaseLost:
            ended = Ended(more=True)
        finally:
            await self._end()
        waits = self._sending.flights.waits
        return Ended(wake_at=waits.until) if waits is not None else ended

    async def _end(self) -> None:
        """Give the lease back, with nothing on its way; what is on its way when all breaks off is looked up later."""
        task, lane = asyncio.current_task(), self._lane
        if task is not None and task.cancelling():
            self._sending.abandon()
        try:
            with suppress(LaneWaits):  # kept by the flights, with what was heard before
                await self._sending.settle()
        finally:
            self._sending.abandon()
            await self._works.writing(lane.authority, self._leave)

    def _leave(self, session: Session) -> None:
        """The last thing: what was heard of the whole workspace, up to now, holds for those who come next.

        While messages wait for room the lease stays ours, so that the one that has begun goes on.
        """
        waits = self._sending.flights.waits
        posts = lease.posts_left(self._token, self._works.clock(), self._pace.posts.ages())
        if waits is not None:
            lease.wait(session, self._lane, waits.until, waits.failure)
        if waits is None and self._kept_until is not None and not self._works.halted.is_set():
            lease.keep(session, self._lane, self._token, self._kept_until, posts)
        else:
            lease.release(session, self._lane, self._token, posts)

    def _take(self, session: Session) -> Ended | None:
        """None: the lease is ours."""
        now, timing = self._works.clock(), self._works.timing
        standing = lease.of(session, self._lane)
        if standing is not None and standing.not_before is not None and standing.not_before > now:
            return Ended(wake_at=standing.not_before)
        self._sending.fates.mended = standing is not None and standing.failure is not None
        if lease.take(session, self._lane, self._token, now, timing.lease):
            posts = lease.posts_of_another(session, self._lane, self._token, now)
            if posts is not None:
                self._pace.posts.take_over(posts)
            recording.look_again(session, self._works.day())
            return None
        return Ended(wake_at=standing.until if standing else now)

    async def _send_all(self) -> Ended:
        while not self._works.halted.is_set():
            jobs = await self._read()
            if jobs:
                await self._sending.send_all(jobs)
            elif self._sending.waits:
                await self._sending.hear(A_MOMENT)
            elif not await self._shrunk_one():
                return await self._works.reading(self._lane.authority, self._ended)
        return Ended(more=True)

    async def _read(self) -> list[Job]:
        """The next messages, read and rendered together; where one fails, each by itself."""
        try:
            return await self._works.reading(self._lane.authority, self._together)
        except Exception as error:  # noqa: BLE001 - whatever it was, each is read alone, and says what failed
            self._works.troubles.met(f"delivery: messages are read one by one ({type(error).__name__})")
            return await self._works.reading(self._lane.authority, self._alone)

    def _together(self, session: Session) -> list[Job]:
        rows = self._next(session)
        if len(rows) <= 1:
            return self._rendered(session, rows)
        return jobs_of(session, rows, self._lane, self._works, self._works.day())

    def _alone(self, session: Session) -> list[Job]:
        return self._rendered(session, self._next(session))

    def _rendered(self, session: Session, rows: Sequence[Outbox]) -> list[Job]:
        return [job_of(session, row, self._lane, self._works, self._works.day()) for row in rows]

    def _next(self, session: Session) -> list[Outbox]:
        now, pace, most = self._works.clock(), self._pace, self._sending.most
        sending = self._sending
        resting = {*pace.resting(), *sending.flights.readers}
        passed = Passed(people=resting, rows=sending.aside, doubtful=not sending.finds_out_more)
        urgent, others = (min(pace.posts.room(urgent=one), most) for one in (True, False))
        return self._queue.next(session, now, passed, urgent=urgent, others=others)

    def _ended(self, session: Session) -> Ended:
        now = self._works.clock()
        moments = [self._queue.soonest(session, now), self._shrinking.paused_until]
        if self._sending.elsewhere:
            moments.append(now)
        paced = self._paced(session, now)
        if paced:
            self._kept_until = min(*paced, now + timedelta(seconds=self._works.timing.lease / 2)) + KEPT_FOR
        return Ended(wake_at=min((at for at in [*moments, *paced] if at is not None), default=None))

    def _paced(self, session: Session, now: datetime) -> list[datetime]:
        """When there is room for what might go now but for the pace; nothing where none waits for that."""
        moments = list[datetime]()
        for resting, rested_in in ((self._pace.resting(), 0.0), ((), self._pace.rested_in())):
            for row in self._queue.next(session, now, Passed(people=resting), urgent=1, others=1):
                pause = max(rested_in, self._pace.posts.room_in(urgent=row.urgent))
                moments.append(now + timedelta(microseconds=ceil(pause * 1e6)))
        return moments

    async def _shrunk_one(self) -> bool:
        try:
            return await self._shrinking.one()
        except Undeliverable as refusal:
            raise self._sending.flights.workspace_waits(refusal) from None
