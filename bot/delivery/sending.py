"""Sends one message of a lane, whatever it takes: look-up of doubtful ones, address, attempt, and what became of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.delivery import lease, recording
from bot.delivery.attaching import Attached, Attaching
from bot.delivery.finding import Finding
from bot.delivery.job import Job
from bot.delivery.lanes import Lane
from bot.delivery.lease import LeaseLost
from bot.delivery.pace import Pace
from bot.delivery.port import FileRefused, FindsFiles, Platform, Posted, Unanswered, Undeliverable
from bot.delivery.recording import Attempt
from bot.delivery.works import Broken, Works
from handlers.messages.of_reports import without_file
from storage.outbox import OutboxState

ANSWERED_NEVER = "The platform gave no answer twice: nobody knows whether the message arrived."


class LaneWaits(Exception):
    """Nothing can be posted to this workspace before `until`; `failure`: an administrator has to mend something."""

    def __init__(self, until: datetime, failure: str | None = None) -> None:
        super().__init__(until)
        self.until = until
        self.failure = failure


class Sending:
    """Sends under the lease that `token` names. `lanes` are all those of the authority."""

    def __init__(self, works: Works, lane: Lane, lanes: Sequence[Lane], token: str, pace: Pace) -> None:
        self._works = works
        self._lane = lane
        self._token = token
        self._pace = pace
        self._attaching = Attaching(works, lane)
        self._finding = Finding(works, lane, lanes)
        self._failures = 0
        self.mended = False  # the workspace was at fault before: the first message that arrives lifts that

    @property
    def elsewhere(self) -> bool:
        """Whether a message turned out to belong into another lane."""
        return self._finding.elsewhere

    async def send(self, job: Job) -> None:
        """Deal with one message. LaneWaits: none can go here for a while; LeaseLost: not by this sender."""
        going_on = await self._settled(job) if job.doubtful else job
        if going_on is None:
            return
        job = going_on
        if job.refusal is not None:
            await self._fail(job, None, job.refusal)
        elif job.is_mixed:
            self._works.counters.dropped += await self._works.writing(
                self._lane.authority, lambda session: recording.sorted_out(session, job)
            )
        elif job.broken:
            await self._postpone(job, None, "The message could not be written.")
        elif job.card is None:
            self._works.counters.dropped += await self._works.writing(
                self._lane.authority, lambda session: recording.dropped(session, job)
            )
        elif address := await self._address(job):
            await self._give(job, address)

    async def _settled(self, job: Job) -> Job | None:
        """Find out whether a message attempted before has arrived; the job to go on with if it has not."""
        platform = self._platform
        if job.attempted_here and job.address is not None and can_find(platform):
            try:
                posted = await self._found(platform, job, job.address)
                if posted is not None:
                    await self._finding.make_sure(job)
            except (Undeliverable, Unanswered) as unknown:
                await self._still_unknown(job, unknown)
                return None
            if posted is None:
                return job
            self._works.counters.found += 1
            assert job.attempted_at is not None
            await self._sent(job, None, posted, self._works.by_day(job.attempted_at))
            return None
        if job.repeated:
            await self._fail(job, None, ANSWERED_NEVER)
            return None
        return replace(job, repeated=True)

    async def _found(self, platform: Platform, job: Job, address: str) -> Posted | None:
        workspace = self._lane.workspace
        posted = await platform.find(workspace=workspace, address=address, key=job.key)
        if posted is None and job.file and isinstance(platform, FindsFiles):
            return await platform.find_file(workspace=workspace, address=address, name=job.file)
        return posted

    async def _still_unknown(self, job: Job, unknown: Undeliverable | Unanswered) -> None:
        """It cannot be looked up now. A fault of the workspace does not count against the message.

        Sent after all, to somebody linked anew, it is marked: it may have arrived before.
        """
        reason = f"Nobody can tell whether it arrived: {unknown}"
        refusal = unknown if isinstance(unknown, Undeliverable) else Undeliverable(str(unknown))
        if refusal.workspace:
            raise self.workspace_waits(refusal)
        if refusal.permanent or job.attempts + 1 >= self._works.timing.most_attempts:
            await self._fail(replace(job, repeated=True), None, reason, unreached=refusal.unreached)
            return
        until = self._later(job, refusal.retry_after)
        await self._works.writing(
            self._lane.authority, lambda session: recording.still_doubtful(session, job, until, reason)
        )

    async def _address(self, job: Job, gone: str | None = None) -> str | None:
        """Where the message goes, and not to the address that is gone; None where it is dealt with, or not ours."""
        finding = self._finding
        try:
            return await (finding.anew(job, gone) if gone is not None else finding.address(job))
        except Undeliverable as refusal:
            await self._not_found(job, refusal)
            return None

    async def _not_found(self, job: Job, refusal: Undeliverable) -> None:
        if refusal.permanent:
            await self._fail(job, None, refusal.reason, unreached=refusal.unreached)
        elif refusal.workspace:
            raise self.workspace_waits(refusal)
        else:
            await self._postpone(job, None, refusal.reason, refusal.retry_after)

    async def _give(self, job: Job, address: str) -> None:
        """Post the message, with its file where it has one."""
        try:
            ready = await self._attaching.ready(job)
        except Broken:
            await self._postpone(job, None, "The file could not be made.")
        except Undeliverable as refusal:
            if refusal.workspace:
                raise self.workspace_waits(refusal) from None
            await self._postpone(job, None, refusal.reason, refusal.retry_after)
        else:
            await self._post(replace(job, card=ready.card), address, ready.attached)

    async def _post(self, job: Job, address: str, attached: Attached | None) -> None:
        attempt = await self._begun(job)
        if attempt is None or job.card is None:
            return
        card = replace(job.card, title=f"{job.card.title} (repeated)") if job.repeated else job.card
        self._pace.count()
        try:
            posted = await self._attaching.post(address, card, job.key, attached)
        except FileRefused as refused:
            await self._works.writing(self._lane.authority, lambda session: recording.owed_again(session, job, attempt))
            bare = replace(job, card=without_file(job.card, refused.reason), state=OutboxState.OWED)
            await self._post(bare, address, None)
        except Undeliverable as refusal:
            await self._refused(job, attempt, refusal, address)
        except Unanswered as unanswered:
            self._works.counters.ambiguous += 1
            self._pace.posted_to(job.person_id)
            if unanswered.asks_again:
                await self._postpone(replace(job, repeated=True), attempt, str(unanswered))
            self._failed_again()
        else:
            self._pace.posted_to(job.person_id)
            self._failures = 0
            self._works.counters.repeated += job.repeated
            await self._sent(job, attempt, posted, self._works.day())

    async def _begun(self, job: Job) -> Attempt | None:
        """Mark the attempt and renew the lease; LeaseLost when that took so long that half of it is gone."""
        works, started = self._works, self._works.monotonic()
        attempt = await works.writing(
            self._lane.authority,
            lambda session: recording.begin(session, job, self._lane, self._token, works.clock(), works.timing),
        )
        if attempt is not None and works.monotonic() - started > works.timing.lease / 2:
            await works.writing(self._lane.authority, lambda session: recording.owed_again(session, job, attempt))
            raise LeaseLost
        return attempt

    async def _sent(self, job: Job, attempt: Attempt | None, posted: Posted, at: datetime) -> None:
        def write(session: Session) -> int:
            if self.mended:
                lease.wait(session, self._lane, None, None)
            return recording.sent(session, job, attempt, posted, at, self._works)

        self._works.counters.sent += await self._works.writing(self._lane.authority, write)
        self.mended = False

    async def _refused(self, job: Job, attempt: Attempt, refusal: Undeliverable, address: str) -> None:
        if refusal.gone and not job.renewed:
            await self._works.writing(self._lane.authority, lambda session: recording.owed_again(session, job, attempt))
            await self._renew(replace(job, state=OutboxState.OWED, renewed=True), address)
        elif refusal.permanent:
            await self._fail(job, attempt, refusal.reason, unreached=refusal.unreached)
        elif refusal.workspace or refusal.retry_after is not None:
            await self._works.writing(self._lane.authority, lambda session: recording.owed_again(session, job, attempt))
            raise self.workspace_waits(refusal)
        else:
            await self._postpone(job, attempt, refusal.reason)
            self._failed_again()

    async def _renew(self, job: Job, gone: str) -> None:
        """The one try more of a message that was certainly not posted: to where the person is found once more."""
        address = await self._address(job, gone)
        if address is not None:
            await self._give(job, address)

    async def _postpone(self, job: Job, attempt: Attempt | None, reason: str, seconds: float | None = None) -> None:
        if job.attempts + 1 >= self._works.timing.most_attempts:
            await self._fail(job, attempt, reason)
            return
        self._works.counters.postponed += 1
        until = self._later(job, seconds)
        await self._works.writing(
            self._lane.authority, lambda session: recording.postponed(session, job, attempt, until, reason)
        )

    async def _fail(self, job: Job, attempt: Attempt | None, reason: str, *, unreached: bool = False) -> None:
        self._works.counters.failed += await self._works.writing(
            self._lane.authority,
            lambda session: recording.failed(session, job, attempt, reason, self._works, unreached=unreached),
        )

    def _later(self, job: Job, seconds: float | None) -> datetime:
        if seconds is not None:
            return self._works.clock() + timedelta(seconds=seconds)
        return self._works.clock() + self._works.timing.retry_in(job.attempts + 1, self._works.chance())

    def _failed_again(self) -> None:
        self._failures += 1
        if self._failures >= self._works.timing.failures_in_a_row:
            raise LaneWaits(self._works.clock() + timedelta(seconds=self._works.timing.rest))

    def workspace_waits(self, refusal: Undeliverable) -> LaneWaits:
        """How long a refusal that concerns the whole workspace makes it wait."""
        seconds = refusal.retry_after
        if seconds is None:
            seconds = self._works.timing.workspace_retry
        until = self._works.clock() + timedelta(seconds=seconds)
        return LaneWaits(until, refusal.reason if refusal.workspace else None)

    @property
    def _platform(self) -> Platform:
        return self._works.platforms[self._lane.platform]


def can_find(platform: Platform) -> bool:
    """Whether the platform can look a message up by its key; one that cannot says `can_find = False`."""
    return bool(getattr(platform, "can_find", True))
