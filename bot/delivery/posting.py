"""Marks messages as attempted and posts them: many that need no more than that, or one that was made ready."""

from collections.abc import Mapping, Sequence

from bot.delivery import recording
from bot.delivery.fates import Fates
from bot.delivery.flights import Flights
from bot.delivery.job import Job
from bot.delivery.lanes import Lane
from bot.delivery.lease import LeaseLost
from bot.delivery.readying import Ready
from bot.delivery.recording import Attempt
from bot.delivery.works import Works


class Posting:
    """Of one turn, under the lease that `token` names. LeaseLost where it may be another sender's by now."""

    def __init__(self, works: Works, lane: Lane, token: str, flights: Flights, fates: Fates) -> None:
        self._works = works
        self._lane = lane
        self._token = token
        self._flights = flights
        self._fates = fates

    async def post_all(self, jobs: Sequence[Job]) -> None:
        """Mark all, and post what can be begun in time; the others are owed again."""
        works, started = self._works, self._works.monotonic()
        begun = await works.writing(
            self._lane.authority,
            lambda session: recording.begin_all(session, jobs, self._lane, self._token, works.clock(), works.timing),
        )
        await self._make_sure(_pairs(jobs, begun), started)
        back = [one for one in _pairs(jobs, begun) if not await self._launched(*one, started)]
        await self._flights.land(works.left(started))
        if back:
            await self._fates.give_back(back)

    async def _launched(self, job: Job, attempt: Attempt, started: float) -> bool:
        """Whether it is on its way: not where time is up, the workspace is to be left alone, or all is to stop."""
        if not await self._flights.place(urgent=job.urgent, seconds=self._works.left(started)):
            return False
        if self._works.halted.is_set() or self._flights.waits is not None or not self._works.is_fresh(started):
            return False
        assert job.address is not None
        await self._flights.launch(job, attempt, job.address)
        return True

    async def post(self, ready: Ready) -> None:
        """Mark one, and begin to post it. LaneWaits where the workspace is to be left alone by now."""
        self._flights.check()
        works, started, job = self._works, self._works.monotonic(), ready.job
        if works.halted.is_set():
            return
        attempt = await works.writing(
            self._lane.authority,
            lambda session: recording.begin(session, job, self._lane, self._token, works.clock(), works.timing),
        )
        if attempt is not None:
            await self._make_sure([(job, attempt)], started)
            await self._flights.launch(job, attempt, ready.address, ready.attached)

    async def _make_sure(self, begun: Sequence[tuple[Job, Attempt]], started: float) -> None:
        """Marking has renewed the lease: nothing is posted where that took so long that half of it is gone."""
        if self._works.monotonic() - started > self._works.timing.lease / 2:
            await self._fates.give_back(begun)
            raise LeaseLost


def _pairs(jobs: Sequence[Job], begun: Mapping[int, Attempt]) -> list[tuple[Job, Attempt]]:
    return [(job, begun[job.outbox_id]) for job in jobs if job.outbox_id in begun]
