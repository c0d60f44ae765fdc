"""Gets one message ready that takes more than posting: whether it has arrived before, where it goes, its file.

Nothing is posted here, so that it may take its time beside others, and be broken off at any moment.
"""

from dataclasses import dataclass, replace

from bot.delivery.attaching import Attached, Attaching
from bot.delivery.fates import Fates
from bot.delivery.finding import Finding
from bot.delivery.job import Job
from bot.delivery.looking_up import LookingUp
from bot.delivery.port import Undeliverable
from bot.delivery.works import Broken


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A message with all that it takes to be posted."""

    job: Job
    address: str
    attached: Attached | None = None

    @property
    def is_read_anew(self) -> bool:
        """Whether it is as ready when it is read anew: no file would be lost by that, and no second try forgotten."""
        return self.attached is None and not self.job.renewed


class Readying:
    """For one turn. Each way gives nothing where the message is dealt with, and raises LaneWaits where none can go."""

    def __init__(self, finding: Finding, looking_up: LookingUp, attaching: Attaching, fates: Fates) -> None:
        self._finding = finding
        self._looking_up = looking_up
        self._attaching = attaching
        self._fates = fates

    async def ready(self, job: Job) -> Ready | None:
        """From its row to what is posted."""
        going_on = await self._looking_up.settled(job) if job.doubtful else job
        if going_on is None:
            return None
        job = going_on
        if job.refusal is not None:
            await self._fates.fail(job, None, job.refusal)
        elif job.broken and not job.is_mixed:
            await self._fates.postpone(job, None, "The message could not be written.")
        elif job.is_mixed or job.card is None:
            await self._fates.drop(job)
        elif address := await self._address(job):
            return await self._with_file(job, address)
        return None

    async def elsewhere(self, job: Job, gone: str) -> Ready | None:
        """For the one try more of a message that was certainly not posted: its reader's address is gone."""
        address = await self._address(job, gone)
        return await self._with_file(job, address) if address is not None else None

    async def _address(self, job: Job, gone: str | None = None) -> str | None:
        """Where the message goes, and not to the address that is gone; None where it is dealt with, or not ours."""
        finding = self._finding
        try:
            return await (finding.anew(job, gone) if gone is not None else finding.address(job))
        except Undeliverable as refusal:
            await self._fates.not_found(job, refusal)
            return None

    async def _with_file(self, job: Job, address: str) -> Ready | None:
        try:
            ready = await self._attaching.ready(job)
        except Broken:
            await self._fates.postpone(job, None, "The file could not be made.")
        except Undeliverable as refusal:
            await self._fates.not_now(job, refusal)
        else:
            return Ready(job=replace(job, card=ready.card), address=address, attached=ready.attached)
        return None
