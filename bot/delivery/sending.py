"""Sends messages of a lane, whatever each takes: look-up of doubtful ones, address, attempt, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.delivery import lease, recording
from bot.delivery.attaching import Attached, Attaching
from bot.delivery.finding import Finding
from bot.delivery.flights import AT_A_TIME, Flights, Landing
from bot.delivery.job import Job
from bot.delivery.lanes import Lane
from bot.delivery.lease import LeaseLost
from bot.delivery.pace import Pace
from bot.delivery.port import FileRefused, FindsFiles, Platform, Posted, Unanswered, Undeliverable
from bot.delivery.recording import Attempt
from bot.delivery.works import Broken, Works
from handlers.messages.of_reports import without_file
from storage.outbox import OutboxState

TOGETHER = 20
"""So many messages are read, marked and written down together."""
ANSWERED_NEVER = "The platform gave no answer twice: nobody knows whether the message arrived."


class Sending:
    """Sends under the lease that `token` names. `lanes` are all those of the authority."""

    def __init__(self, works: Works, lane: Lane, lanes: Sequence[Lane], token: str, pace: Pace) -> None:
        self._works = works
        self._lane = lane
        self._token = token
        self._attaching = Attaching(works, lane)
        self._finding = Finding(works, lane, lanes, pace)
        self.flights = Flights(works, lane, pace, self._attaching)
        self._passed_over = False  # some had no time left: one of them goes first the next time
        self.mended = False  # the workspace was at fault before: the first message that arrives lifts that

    @property
    def elsewhere(self) -> bool:
        """Whether a message turned out to belong into another lane."""
        return self._finding.elsewhere

    @property
    def most(self) -> int:
        """How many to read at once: where nothing can be looked up, no more than are on their way at once.

        What a process that dies has marked and not posted is then no more than that either.
        """
        return TOGETHER if can_find(self._platform) else AT_A_TIME

    async def send_all(self, jobs: Sequence[Job]) -> None:
        """Deal with messages that were just read, as long as that is fresh; the others are left for the next time.

        LaneWaits: none can go here for a while; LeaseLost: not by this sender.
        """
        read_at = self._works.monotonic()
        plain, others = [job for job in jobs if job.is_plain], [job for job in jobs if not job.is_plain]
        if others and self._passed_over and not any(job.urgent for job in plain):
            await self.send(others.pop(0))
        for group in self._groups(plain):
            are_open = await self._finding.open_among(group)
            others += [job for job in group if are_open[job.outbox_id] is False]
            are_to_go = [job for job in group if are_open[job.outbox_id]]
            if are_to_go and self._is_fresh(read_at):
                await self._post_all(are_to_go)
        while others and self._is_fresh(read_at) and not self._works.halted.is_set():
            await self.send(others.pop(0))
        self._passed_over = bool(others)

    def _groups(self, plain: Sequence[Job]) -> Sequence[Sequence[Job]]:
        """Those known to be open go first, then urgent ones: neither waits for an answer about others."""
        known = [job for job in plain if not self._finding.is_to_be_asked(job)]
        unknown = [job for job in plain if self._finding.is_to_be_asked(job)]
        return [known, [job for job in unknown if job.urgent], [job for job in unknown if not job.urgent]]

    async def _post_all(self, jobs: Sequence[Job]) -> None:
        """Mark all, post what can be begun in time, and write down what has an answer by then."""
        works, started = self._works, self._works.monotonic()
        begun = await works.writing(
            self._lane.authority,
            lambda session: recording.begin_all(session, jobs, self._lane, self._token, works.clock(), works.timing),
        )
        if works.monotonic() - started > works.timing.lease / 2:
            await self._give_back(_pairs(jobs, begun))
            raise LeaseLost
        back = [one for one in _pairs(jobs, begun) if not await self._launched(*one, started)]
        await self.flights.land(self._left(started))
        if back:
            await self._give_back(back)
        await self.write_down()
        self.flights.check()

    async def _launched(self, job: Job, attempt: Attempt, started: float) -> bool:
        """Whether it is on its way: not where time is up, the workspace is to be left alone, or all is to stop."""
        if not await self.flights.place(urgent=job.urgent, seconds=self._left(started)):
            return False
        if self._works.halted.is_set() or self.flights.waits is not None or not self._is_fresh(started):
            return False
        assert job.address is not None
        await self.flights.launch(job, attempt, job.address)
        return True

    def _is_fresh(self, since: float) -> bool:
        return self._works.monotonic() - since <= min(self._works.timing.together, self._works.timing.lease / 2)

    def _left(self, since: float) -> float:
        return max(since + self._works.timing.together - self._works.monotonic(), 0.0)

    async def write_down(self) -> None:
        """What became of those that have an answer by now. One that fails keeps no other from being written down.

        It stays in `flights`, to be tried again; the first error is raised at the end.
        """
        landed = self.flights.landed()
        posted = [one for one in landed if isinstance(one.outcome, Posted)]
        one_by_one = [one for one in landed if not isinstance(one.outcome, Posted)]
        if posted and not await self._all_sent(posted):
            one_by_one = [*landed]
        errors = [error for one in one_by_one if (error := await self._tried(one)) is not None]
        if errors:
            raise errors[0]

    async def _tried(self, landing: Landing) -> Exception | None:
        """Write it down; the error where that failed."""
        try:
            await self._put_down(landing)
        except Exception as error:  # noqa: BLE001 - whatever it was, the others are written down first
            return error
        return None

    async def _all_sent(self, landed: Sequence[Landing]) -> bool:
        """False where something failed over one of them: then nothing is written down."""
        at, mended = self._works.day(), self.mended
        posted = [(one.job, one.attempt, one.outcome) for one in landed if isinstance(one.outcome, Posted)]

        def write(session: Session) -> list[timedelta]:
            if mended:
                lease.wait(session, self._lane, None, None)
            return recording.all_sent(session, posted, at, self._works)

        try:
            late = await self._works.writing(self._lane.authority, write)
        except Exception as error:  # noqa: BLE001 - whatever it was, each is tried alone, and says what failed
            kind = type(error).__name__
            self._works.troubles.met(f"delivery: answers are written down one by one ({kind})")
            return False
        self.flights.written(*landed)
        self._stand(late)
        for job, _, _ in posted:
            self._works.counters.repeated += job.repeated
        return True

    async def _give_back(self, begun: Sequence[tuple[Job, Attempt]]) -> None:
        await self._works.writing(self._lane.authority, lambda session: recording.owed_again(session, *begun))

    async def settle(self) -> None:
        """At the end of a turn: wait for what is on its way, and write it down."""
        await self.flights.land(None)
        await self.write_down()

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
        self._works.faults.heard(self._lane.platform, unknown)
        reason = f"Nobody can tell whether it arrived: {unknown}"
        refusal = unknown if isinstance(unknown, Undeliverable) else Undeliverable(str(unknown))
        if refusal.workspace:
            raise self.flights.workspace_waits(refusal)
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
        self._works.faults.heard(self._lane.platform, refusal)
        if refusal.permanent:
            await self._fail(job, None, refusal.reason, unreached=refusal.unreached)
        elif refusal.workspace:
            raise self.flights.workspace_waits(refusal)
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
                raise self.flights.workspace_waits(refusal) from None
            await self._postpone(job, None, refusal.reason, refusal.retry_after)
        else:
            await self._post(replace(job, card=ready.card), address, ready.attached)

    async def _post(self, job: Job, address: str, attached: Attached | None) -> None:
        attempt = await self._begun(job)
        if attempt is None or job.card is None:
            return
        landing = await self.flights.fly(job, attempt, address, attached)
        if isinstance(landing.outcome, FileRefused):
            await self._give_back([(job, attempt)])
            self.flights.written(landing)
            bare = replace(job, card=without_file(job.card, landing.outcome.reason), state=OutboxState.OWED)
            await self._post(bare, address, None)
            return
        await self._put_down(landing)
        self.flights.check()

    async def _put_down(self, landing: Landing) -> None:
        """Write down what became of one attempt. One whose address is gone is then tried once more."""
        job, attempt = landing.job, landing.attempt
        match landing.outcome:
            case Posted() as posted:
                at = self._works.day()
                await self._sent(job, attempt, posted, at)
                self._works.counters.repeated += job.repeated
            case Unanswered() as unanswered:
                if unanswered.asks_again:
                    await self._postpone(replace(job, repeated=True), attempt, str(unanswered))
                self._works.counters.ambiguous += 1
            case Undeliverable() as refusal:
                await self._refused(job, attempt, refusal)
        self.flights.written(landing)
        if isinstance(landing.outcome, Undeliverable) and _is_renewed(job, landing.outcome):
            await self._renew(replace(job, state=OutboxState.OWED, renewed=True), landing.address)

    async def _begun(self, job: Job) -> Attempt | None:
        """Mark the attempt and renew the lease; LeaseLost when that took so long that half of it is gone."""
        works, started = self._works, self._works.monotonic()
        attempt = await works.writing(
            self._lane.authority,
            lambda session: recording.begin(session, job, self._lane, self._token, works.clock(), works.timing),
        )
        if attempt is not None and works.monotonic() - started > works.timing.lease / 2:
            await self._give_back([(job, attempt)])
            raise LeaseLost
        return attempt

    async def _sent(self, job: Job, attempt: Attempt | None, posted: Posted, at: datetime) -> None:
        def write(session: Session) -> list[timedelta]:
            if self.mended:
                lease.wait(session, self._lane, None, None)
            return recording.sent(session, job, attempt, posted, at, self._works)

        self._stand(await self._works.writing(self._lane.authority, write))

    def _stand(self, late: Sequence[timedelta]) -> None:
        """So many are written down as sent, each so late."""
        self.mended = False
        self._works.counters.sent += len(late)
        for one in late:
            self._works.late(one)

    async def _refused(self, job: Job, attempt: Attempt, refusal: Undeliverable) -> None:
        if _is_renewed(job, refusal):
            await self._give_back([(job, attempt)])
        elif refusal.permanent:
            await self._fail(job, attempt, refusal.reason, unreached=refusal.unreached)
        elif refusal.workspace or refusal.retry_after is not None:
            await self._give_back([(job, attempt)])
        else:
            await self._postpone(job, attempt, refusal.reason)

    async def _renew(self, job: Job, gone: str) -> None:
        """The one try more of a message that was certainly not posted: to where the person is found once more."""
        address = await self._address(job, gone)
        if address is not None:
            await self._give(job, address)

    async def _postpone(self, job: Job, attempt: Attempt | None, reason: str, seconds: float | None = None) -> None:
        if job.attempts + 1 >= self._works.timing.most_attempts:
            await self._fail(job, attempt, reason)
            return
        until = self._later(job, seconds)
        await self._works.writing(
            self._lane.authority, lambda session: recording.postponed(session, job, attempt, until, reason)
        )
        self._works.counters.postponed += 1

    async def _fail(self, job: Job, attempt: Attempt | None, reason: str, *, unreached: bool = False) -> None:
        self._works.counters.failed += await self._works.writing(
            self._lane.authority,
            lambda session: recording.failed(session, job, attempt, reason, self._works, unreached=unreached),
        )

    def _later(self, job: Job, seconds: float | None) -> datetime:
        if seconds is not None:
            return self._works.clock() + timedelta(seconds=seconds)
        return self._works.clock() + self._works.timing.retry_in(job.attempts + 1, self._works.chance())

    @property
    def _platform(self) -> Platform:
        return self._works.platforms[self._lane.platform]


def _pairs(jobs: Sequence[Job], begun: Mapping[int, Attempt]) -> list[tuple[Job, Attempt]]:
    return [(job, begun[job.outbox_id]) for job in jobs if job.outbox_id in begun]


def _is_renewed(job: Job, refusal: Undeliverable) -> bool:
    """Whether its reader is found once more, and the message tried once more."""
    return refusal.gone and not job.renewed


def can_find(platform: Platform) -> bool:
    """Whether the platform can look a message up by its key; one that cannot says `can_find = False`."""
    return bool(getattr(platform, "can_find", True))
