"""The messages of a lane that are on their way: several at a time, so that one without an answer holds up no other."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.delivery.attaching import Attached, Attaching
from bot.delivery.job import Job
from bot.delivery.lanes import Lane
from bot.delivery.pace import Pace
from bot.delivery.port import FileRefused, Posted, Unanswered, Undeliverable
from bot.delivery.recording import Attempt
from bot.delivery.works import Works

AT_A_TIME = 8
FOR_URGENT = 4
"""Urgent ones have places of their own, should all others wait for an answer."""

A_START = 0.04
"""Seconds that one has before the next. So they arrive in their order, and a refusal of all is heard in time."""

Outcome = Posted | Undeliverable | Unanswered | FileRefused


class LaneWaits(Exception):
    """Nothing can be posted to this workspace before `until`; `failure`: an administrator has to mend something."""

    def __init__(self, until: datetime, failure: str | None = None) -> None:
        super().__init__(until)
        self.until = until
        self.failure = failure


@dataclass(frozen=True, kw_only=True)
class Landing:
    """What became of an attempt."""

    job: Job
    attempt: Attempt
    address: str
    outcome: Outcome


class Flights:
    """Belongs to one turn. `waits`: what an answer said of the whole workspace, after which nothing more is posted."""

    def __init__(self, works: Works, lane: Lane, pace: Pace, attaching: Attaching) -> None:
        self._works = works
        self._lane = lane
        self._pace = pace
        self._attaching = attaching
        self._failures = 0
        self._tasks: dict[asyncio.Task[Landing], Job] = {}
        self._unwritten: dict[int, Landing] = {}  # by outbox id
        self.waits: LaneWaits | None = None

    @property
    def readers(self) -> set[int]:
        """The people to whom something is on its way, or was, and is not written down yet."""
        return {job.person_id for job in [*self._tasks.values(), *(one.job for one in self._unwritten.values())]}

    def check(self) -> None:
        """Raises LaneWaits where the workspace is to be left alone."""
        if self.waits is not None:
            raise self.waits

    async def place(self, *, urgent: bool, seconds: float) -> bool:
        """Whether there is a place for one more, within so many seconds."""
        most = AT_A_TIME + FOR_URGENT if urgent else AT_A_TIME
        if len(self._flying) >= most:
            await asyncio.wait(self._flying, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        return len(self._flying) < most

    async def launch(self, job: Job, attempt: Attempt, address: str, attached: Attached | None = None) -> None:
        """Begin to post it, and wait a moment: what is answered soon is heard before the next is begun."""
        task = asyncio.create_task(self._fly(job, attempt, address, attached))
        self._tasks[task] = job
        await asyncio.wait({task}, timeout=A_START)

    async def _fly(self, job: Job, attempt: Attempt, address: str, attached: Attached | None) -> Landing:
        """One attempt, and what it says of the workspace. What became of it is kept until that is `written`."""
        assert job.card is not None
        card = replace(job.card, title=f"{job.card.title} (repeated)") if job.repeated else job.card
        self._pace.posts.count()
        outcome: Outcome
        try:
            outcome = await self._attaching.post(address, card, job.key, attached)
        except (FileRefused, Undeliverable, Unanswered) as fault:
            outcome = fault
        if isinstance(outcome, Posted | Unanswered):
            self._pace.posted_to(job.person_id)
        self._heard(outcome)
        landing = Landing(job=job, attempt=attempt, address=address, outcome=outcome)
        self._unwritten[job.outbox_id] = landing
        return landing

    async def land(self, seconds: float | None) -> None:
        """Wait until all have an answer, for so many seconds at most where a bound is given."""
        if self._flying:
            await asyncio.wait(self._flying, timeout=seconds)

    def landed(self) -> Sequence[Landing]:
        """Those that have an answer and are not written down; an error of ours is raised once no other is left."""
        done = [task for task in self._tasks if task.done()]
        failed = [task for task in done if task.exception() is not None]
        for task in failed if not self._unwritten else set(done).difference(failed):
            self._tasks.pop(task)
        if not self._unwritten:
            for task in failed:
                task.result()
        return [*self._unwritten.values()]

    def written(self, *landings: Landing) -> None:
        """The rows of these say what became of them."""
        for landing in landings:
            if self._unwritten.get(landing.job.outbox_id) is landing:
                del self._unwritten[landing.job.outbox_id]

    def abandon(self) -> None:
        """Wait for none of them: whether they arrived is looked up later."""
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        self._unwritten.clear()

    def workspace_waits(self, refusal: Undeliverable) -> LaneWaits:
        """How long a refusal that concerns the whole workspace makes it wait; the longest such wait is kept."""
        seconds = refusal.retry_after
        if seconds is None:
            seconds = self._works.timing.workspace_retry
        return self._wait(seconds, refusal.reason if refusal.workspace else None)

    def _wait(self, seconds: float, failure: str | None = None) -> LaneWaits:
        until, before = self._works.clock() + timedelta(seconds=seconds), self.waits
        if before is not None:
            until, failure = max(until, before.until), failure or before.failure
        self.waits = LaneWaits(until, failure)
        return self.waits

    @property
    def _flying(self) -> list[asyncio.Task[Landing]]:
        return [task for task in self._tasks if not task.done()]

    def _heard(self, outcome: Outcome) -> None:
        self._works.faults.heard(self._lane.platform, outcome)
        if isinstance(outcome, Posted):
            self._failures = 0
        elif isinstance(outcome, Undeliverable) and (outcome.workspace or outcome.retry_after is not None):
            self.workspace_waits(outcome)
        elif isinstance(outcome, Unanswered) or (isinstance(outcome, Undeliverable) and not outcome.permanent):
            self._failures += 1
            if self._failures >= self._works.timing.failures_in_a_row:
                self._wait(self._works.timing.rest)
