"""Finds out whether a message that was attempted and got no answer has arrived, before it is sent again."""

from dataclasses import replace
from datetime import datetime

from bot.delivery.fates import ANSWERED_NEVER, Fates
from bot.delivery.finding import Finding
from bot.delivery.job import Job
from bot.delivery.lanes import Lane
from bot.delivery.port import FindsFiles, Platform, Posted, Unanswered, Undeliverable
from bot.delivery.works import Works


class LookingUp:
    """For one turn, in which it remembers what has not arrived: an attempt that has settled never arrives later."""

    def __init__(self, works: Works, lane: Lane, finding: Finding, fates: Fates) -> None:
        self._works = works
        self._lane = lane
        self._finding = finding
        self._fates = fates
        self._not_there: dict[int, tuple[int, datetime | None]] = {}  # by outbox id, of which attempt

    async def settled(self, job: Job) -> Job | None:
        """The message to go on with if it has not arrived; else what is known is written down. May raise LaneWaits."""
        if job.attempted_here and job.address is not None and can_find(self._platform):
            return job if self._is_known_not_there(job) or await self._is_not_there(job, job.address) else None
        if job.repeated:
            await self._fates.fail(job, None, ANSWERED_NEVER)
            return None
        return replace(job, repeated=True)

    def _is_known_not_there(self, job: Job) -> bool:
        return self._not_there.get(job.outbox_id) == (job.attempts, job.attempted_at)

    async def _is_not_there(self, job: Job, address: str) -> bool:
        try:
            posted = await self._found(job, address)
            if posted is not None:
                await self._finding.make_sure(job)
        except (Undeliverable, Unanswered) as unknown:
            await self._fates.still_unknown(job, unknown)
            return False
        if posted is None:
            self._not_there[job.outbox_id] = (job.attempts, job.attempted_at)
            return True
        self._works.counters.found += 1
        assert job.attempted_at is not None
        await self._fates.sent(job, None, posted, self._works.by_day(job.attempted_at))
        return False

    async def _found(self, job: Job, address: str) -> Posted | None:
        platform, workspace = self._platform, self._lane.workspace
        posted = await platform.find(workspace=workspace, address=address, key=job.key)
        if posted is None and job.file and isinstance(platform, FindsFiles):
            return await platform.find_file(workspace=workspace, address=address, name=job.file)
        return posted

    @property
    def _platform(self) -> Platform:
        return self._works.platforms[self._lane.platform]


def can_find(platform: Platform) -> bool:
    """Whether the platform can look a message up by its key; one that cannot says `can_find = False`."""
    return bool(getattr(platform, "can_find", True))
