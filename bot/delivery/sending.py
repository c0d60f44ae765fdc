"""Chooses what is done with the messages of a lane: what goes together at once, what is made ready first, and when."""

from collections.abc import Awaitable, Sequence
from dataclasses import replace

from bot.delivery.attaching import Attaching
from bot.delivery.beside import A_MOMENT, Beside
from bot.delivery.fates import Fates
from bot.delivery.finding import Finding
from bot.delivery.flights import AT_A_TIME, Flights, Landing
from bot.delivery.job import Job
from bot.delivery.lanes import Lane
from bot.delivery.looking_up import LookingUp, can_find
from bot.delivery.pace import Pace
from bot.delivery.port import FileRefused
from bot.delivery.posting import Posting
from bot.delivery.readying import Ready, Readying
from bot.delivery.works import Works
from handlers.messages.of_reports import without_file
from storage.outbox import OutboxState

TOGETHER = 20
"""So many messages are read, marked and written down together."""


class Sending:
    """Sends under the lease that `token` names. `lanes` are all those of the authority."""

    def __init__(self, works: Works, lane: Lane, lanes: Sequence[Lane], token: str, pace: Pace) -> None:
        self._works = works
        self._lane = lane
        attaching = Attaching(works, lane)
        self.flights = Flights(works, lane, pace, attaching)
        self.fates = Fates(works, lane, self.flights)
        self._finding = Finding(works, lane, lanes, pace)
        self._readying = Readying(
            self._finding, LookingUp(works, lane, self._finding, self.fates), attaching, self.fates
        )
        self._posting = Posting(works, lane, token, self.flights, self.fates)
        self._beside = Beside()
        self._pace = pace
        self._passed_over = False  # some had no time left: one of them goes first the next time

    @property
    def elsewhere(self) -> bool:
        """Whether a message turned out to belong into another lane."""
        return self._finding.elsewhere

    @property
    def aside(self) -> set[int]:
        """The outbox ids of messages about which something is being found out."""
        return self._beside.rows

    @property
    def finds_out_more(self) -> bool:
        """Whether about one more something may be found out."""
        return self._beside.has_place(urgent=False)

    @property
    def waits(self) -> bool:
        """Whether an answer is awaited: to a message, or about one."""
        return bool(self.flights.readers or self.aside)

    @property
    def most(self) -> int:
        """How many to read at once: where nothing can be looked up, no more than are on their way at once.

        What a process that dies has marked and not posted is then no more than that either.
        """
        return TOGETHER if can_find(self._works.platforms[self._lane.platform]) else AT_A_TIME

    async def send_all(self, jobs: Sequence[Job]) -> None:
        """Deal with messages that were just read, as long as that is fresh; the others are left for the next time.

        LaneWaits: none can go here for a while; LeaseLost: not by this sender.
        """
        read_at = self._works.monotonic()
        plain, others = [job for job in jobs if job.is_plain], [job for job in jobs if not job.is_plain]
        if others and self._passed_over and not any(job.urgent for job in plain) and await self._has_place(others[0]):
            await self._see_to(others.pop(0), read_at)
        for group in self._groups(plain):
            others += await self._post_open(group, read_at)
        while others and self._works.is_fresh(read_at) and await self._has_place(others[0]):
            if not await self._see_to(others.pop(0), read_at):
                break  # it takes long: first is looked whether something else may go
        self._passed_over = bool(others)
        await self.hear(A_MOMENT if self._passed_over and self.aside else 0)

    async def _has_place(self, job: Job) -> bool:
        """Whether one more may be made ready, and posted."""
        if self._works.halted.is_set() or not self._beside.has_place(urgent=job.urgent):
            return False
        return await self.flights.place(urgent=job.urgent, seconds=0)

    async def hear(self, seconds: float) -> None:
        """Post what is ready, and write down what has an answer, waiting so many seconds at most for the first."""
        if seconds and self.aside:
            await self._beside.wait(seconds)
        elif seconds:
            await self.flights.land(seconds)
        for ready, read_at in self._beside.take():
            if self._may_go(ready, read_at):
                await self._posting.post(ready)
        await self.write_down()
        self.flights.check()

    def _may_go(self, ready: Ready, read_at: float) -> bool:
        """Not what was read too long ago, or whose reader got something meanwhile: that is read anew."""
        resting = {*self.flights.readers, *self._pace.resting()}
        return not ready.is_read_anew or (self._works.is_fresh(read_at) and ready.job.person_id not in resting)

    async def settle(self) -> None:
        """At the end of a turn: wait for what is on its way, and write it down; what is found out for nobody ends."""
        self._beside.abandon()
        await self.flights.land(None)
        await self.fates.write_down(self.flights.landed())

    def abandon(self) -> None:
        """Wait for nothing any more."""
        self._beside.abandon()
        self.flights.abandon()

    def _groups(self, plain: Sequence[Job]) -> Sequence[Sequence[Job]]:
        """Those known to be open go first, then urgent ones: neither waits for an answer about others."""
        known = [job for job in plain if not self._finding.is_to_be_asked(job)]
        unknown = [job for job in plain if self._finding.is_to_be_asked(job)]
        return [known, [job for job in unknown if job.urgent], [job for job in unknown if not job.urgent]]

    async def _post_open(self, group: Sequence[Job], read_at: float) -> list[Job]:
        """Post those whose accounts are open; gives those that are not, to be seen to one by one."""
        asked = await self._finding.open_among(group, A_MOMENT)
        for job, answer in asked.awaited:
            await self._beside.begin(job, self._once_heard(job, answer), read_at, 0)
        if asked.open and self._works.is_fresh(read_at):
            await self._posting.post_all(asked.open)
            await self.write_down()
            self.flights.check()
        return [*asked.shut]

    async def _once_heard(self, job: Job, is_open: Awaitable[bool]) -> Ready | None:
        """Whether its reader's account is open is said late: one that is open is known to be when it is read anew."""
        if not await is_open:
            return await self._readying.ready(job)
        await self._finding.are_open([job])
        return None

    async def _see_to(self, job: Job, read_at: float) -> bool:
        """Have it made ready, and post it if that takes no longer than a moment; whether it did not."""
        is_done = await self._beside.begin(job, self._readying.ready(job), read_at)
        await self.hear(0)
        return is_done

    async def write_down(self) -> None:
        """What became of those that have an answer by now; what can go another way is tried once more."""
        for landing in await self.fates.write_down(self.flights.landed()):
            await self._once_more(landing)

    async def _once_more(self, landing: Landing) -> None:
        job, refusal = replace(landing.job, state=OutboxState.OWED), landing.outcome
        if isinstance(refusal, FileRefused) and job.card is not None:
            bare = replace(job, card=without_file(job.card, refusal.reason))
            await self._posting.post(Ready(job=bare, address=landing.address))
        else:
            renewed = replace(job, renewed=True)
            readying = self._readying.elsewhere(renewed, landing.address)
            await self._beside.begin(renewed, readying, self._works.monotonic())
