"""What becomes of the messages of a lane, each written down in a short transaction and counted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.delivery import lease, recording
from bot.delivery.flights import Flights, Landing
from bot.delivery.job import Job
from bot.delivery.lanes import Lane
from bot.delivery.port import FileRefused, Posted, Unanswered, Undeliverable
from bot.delivery.recording import Attempt
from bot.delivery.works import Works

ANSWERED_NEVER = "The platform gave no answer twice: nobody knows whether the message arrived."


class Fates:
    """Of one turn. `mended`: the workspace was at fault before, and the first message that arrives lifts that."""

    def __init__(self, works: Works, lane: Lane, flights: Flights) -> None:
        self._works = works
        self._lane = lane
        self._flights = flights
        self.mended = False

    async def write_down(self, landed: Sequence[Landing]) -> list[Landing]:
        """What became of these; gives those owed again that may be tried once more at once, another way.

        One that fails keeps no other from being written down. It stays in the flights, to be tried again; the first
        error is raised at the end.
        """
        posted = [one for one in landed if isinstance(one.outcome, Posted)]
        one_by_one = [one for one in landed if not isinstance(one.outcome, Posted)]
        if posted and not await self._all_sent(posted):
            one_by_one = [*landed]
        errors = [error for one in one_by_one if (error := await self._tried(one)) is not None]
        if errors:
            raise errors[0]
        return [one for one in one_by_one if _goes_another_way(one)]

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
        self._flights.written(*landed)
        self._stand(late)
        for job, _, _ in posted:
            self._works.counters.repeated += job.repeated
        return True

    async def _put_down(self, landing: Landing) -> None:
        job, attempt = landing.job, landing.attempt
        match landing.outcome:
            case Posted() as posted:
                await self.sent(job, attempt, posted, self._works.day())
                self._works.counters.repeated += job.repeated
            case Unanswered(asks_again=asks_again) as unanswered:
                if asks_again:
                    await self.postpone(job, attempt, str(unanswered), repeated=True)
                self._works.counters.ambiguous += 1
            case Undeliverable() as refusal:
                await self._refused(landing, refusal)
            case FileRefused():
                await self.give_back([(job, attempt)])
        self._flights.written(landing)

    async def _refused(self, landing: Landing, refusal: Undeliverable) -> None:
        job, attempt = landing.job, landing.attempt
        if _goes_another_way(landing):
            await self.give_back([(job, attempt)])
        elif refusal.permanent:
            await self.fail(job, attempt, refusal.reason, unreached=refusal.unreached)
        elif refusal.workspace or refusal.retry_after is not None:
            await self.give_back([(job, attempt)])
        else:
            await self.postpone(job, attempt, refusal.reason)

    async def sent(self, job: Job, attempt: Attempt | None, posted: Posted, at: datetime) -> None:
        """It stands since `at`; without an attempt it was found."""

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

    async def give_back(self, begun: Sequence[tuple[Job, Attempt]]) -> None:
        """They were certainly not posted, through no fault of theirs: owed as before."""
        await self._works.writing(self._lane.authority, lambda session: recording.owed_again(session, *begun))

    async def not_found(self, job: Job, refusal: Undeliverable) -> None:
        """Its reader was not found, or cannot be looked for now. LaneWaits where that is the workspace's fault."""
        self._works.faults.heard(self._lane.platform, refusal)
        if refusal.permanent:
            await self.fail(job, None, refusal.reason, unreached=refusal.unreached)
        else:
            await self.not_now(job, refusal)

    async def not_now(self, job: Job, refusal: Undeliverable) -> None:
        """It cannot go just now. LaneWaits where that is the workspace's fault."""
        if refusal.workspace:
            raise self._flights.workspace_waits(refusal)
        await self.postpone(job, None, refusal.reason, refusal.retry_after)

    async def still_unknown(self, job: Job, unknown: Undeliverable | Unanswered) -> None:
        """It cannot be looked up now. A fault of the workspace does not count against the message: LaneWaits.

        Sent after all, to somebody linked anew, it is marked: it may have arrived before.
        """
        self._works.faults.heard(self._lane.platform, unknown)
        reason = f"Nobody can tell whether it arrived: {unknown}"
        refusal = unknown if isinstance(unknown, Undeliverable) else Undeliverable(str(unknown))
        if refusal.workspace:
            raise self._flights.workspace_waits(refusal)
        if refusal.permanent or job.attempts + 1 >= self._works.timing.most_attempts:
            await self.fail(job, None, reason, unreached=refusal.unreached, repeated=True)
            return
        until = self._later(job, refusal.retry_after)
        await self._works.writing(
            self._lane.authority, lambda session: recording.still_doubtful(session, job, until, reason)
        )

    async def postpone(
        self, job: Job, attempt: Attempt | None, reason: str, seconds: float | None = None, *, repeated: bool = False
    ) -> None:
        """Try it again later; given up after so many tries."""
        job = replace(job, repeated=job.repeated or repeated)
        if job.attempts + 1 >= self._works.timing.most_attempts:
            await self.fail(job, attempt, reason)
            return
        until = self._later(job, seconds)
        await self._works.writing(
            self._lane.authority, lambda session: recording.postponed(session, job, attempt, until, reason)
        )
        self._works.counters.postponed += 1

    async def fail(
        self, job: Job, attempt: Attempt | None, reason: str, *, unreached: bool = False, repeated: bool = False
    ) -> None:
        """Give it up, and tell those who have to know."""
        job = replace(job, repeated=job.repeated or repeated)
        self._works.counters.failed += await self._works.writing(
            self._lane.authority,
            lambda session: recording.failed(session, job, attempt, reason, self._works, unreached=unreached),
        )

    async def drop(self, job: Job) -> None:
        """It is no longer needed, or some of what would go with it is not: the rest may go next."""
        gone = recording.sorted_out if job.is_mixed else recording.dropped
        self._works.counters.dropped += await self._works.writing(
            self._lane.authority, lambda session: gone(session, job)
        )

    def _later(self, job: Job, seconds: float | None) -> datetime:
        if seconds is not None:
            return self._works.clock() + timedelta(seconds=seconds)
        return self._works.clock() + self._works.timing.retry_in(job.attempts + 1, self._works.chance())


def _goes_another_way(landing: Landing) -> bool:
    """Whether it is tried once more at once: without its file, or where its reader is found once more."""
    if isinstance(landing.outcome, Undeliverable):
        return landing.outcome.gone and not landing.job.renewed
    return isinstance(landing.outcome, FileRefused)
