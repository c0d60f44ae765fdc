"""The heart beats at its cadence, when something falls due and when poked, whatever goes wrong in a beat."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from scheduling.heartbeat import JOB, Beat, Heartbeat, NextDue
from scheduling.stamps import Stamp

LONG = 600.0
PATIENCE = 5.0


def real_clock() -> datetime:
    return datetime.now(UTC)


class Counted:
    """A beat that counts, and lets a test wait for a number of beats."""

    def __init__(self, during: Callable[[int], Awaitable[None]] | None = None) -> None:
        self.count = 0
        self._during = during
        self._beaten = asyncio.Condition()

    async def __call__(self) -> None:
        self.count += 1
        count = self.count
        async with self._beaten:
            self._beaten.notify_all()
        if self._during is not None:
            await self._during(count)

    async def reaches(self, count: int) -> None:
        async with self._beaten:
            await asyncio.wait_for(self._beaten.wait_for(lambda: self.count >= count), PATIENCE)


def heart(beat: Beat, every_seconds: float, next_due: NextDue) -> Heartbeat:
    stamp = Stamp("tests", real_clock, time.monotonic)
    return Heartbeat(beat, every_seconds, next_due, clock=real_clock, machine=real_clock, stamp=stamp)


async def settled(heartbeat: Heartbeat) -> None:
    """Wait until no beat runs."""
    async with asyncio.timeout(PATIENCE):
        while heartbeat._beating:
            await asyncio.to_thread(int)


def test_it_beats_at_once_and_then_at_its_cadence() -> None:
    async def story() -> None:
        beat = Counted()
        heartbeat = heart(beat, 0.02, lambda: None)
        heartbeat.start()
        await beat.reaches(4)
        heartbeat.stop()

    asyncio.run(story())


def test_a_plain_function_may_be_the_beat() -> None:
    async def story() -> None:
        beaten = asyncio.Event()
        heartbeat = heart(beaten.set, LONG, lambda: None)
        heartbeat.start()
        await asyncio.wait_for(beaten.wait(), PATIENCE)
        heartbeat.stop()

    asyncio.run(story())


@pytest.mark.parametrize("awaited", [False, True])
def test_it_wakes_for_the_next_due_moment(awaited: bool) -> None:
    async def story() -> None:
        beat = Counted()
        dues = iter([real_clock() + timedelta(seconds=1.0)])

        async def from_the_database() -> datetime | None:
            return next(dues, None)

        heartbeat = heart(beat, LONG, from_the_database if awaited else lambda: next(dues, None))
        heartbeat.start()
        await beat.reaches(2)
        await settled(heartbeat)
        assert heartbeat.stamp.turns == 2
        heartbeat.stop()

    asyncio.run(story())


def test_what_stays_overdue_does_not_make_it_race() -> None:
    async def story() -> None:
        beat = Counted()
        heartbeat = heart(beat, LONG, lambda: real_clock() - timedelta(hours=1))
        heartbeat.start()
        await beat.reaches(1)
        await settled(heartbeat)
        wait = heartbeat._scheduler.get_job(JOB).next_run_time - real_clock()
        assert timedelta(seconds=0.8) < wait <= timedelta(seconds=1)
        heartbeat.stop()

    asyncio.run(story())


def test_a_poke_from_another_thread_beats_at_once() -> None:
    async def story() -> None:
        beat = Counted()
        heartbeat = heart(beat, LONG, lambda: None)
        heartbeat.start()
        await beat.reaches(1)
        await settled(heartbeat)
        await asyncio.to_thread(heartbeat.poke)
        await beat.reaches(2)
        heartbeat.stop()

    asyncio.run(story())


def test_pokes_during_a_beat_make_one_more_and_never_two_at_once(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        running: set[int] = set()
        may_end = asyncio.Event()

        async def slow(count: int) -> None:
            assert not running
            running.add(count)
            if count == 1:
                await may_end.wait()
            running.discard(count)

        beat = Counted(slow)
        heartbeat = heart(beat, LONG, lambda: None)
        heartbeat.start()
        await beat.reaches(1)
        for _ in range(3):
            await asyncio.to_thread(heartbeat.poke)
        assert beat.count == 1
        may_end.set()
        await beat.reaches(2)
        await settled(heartbeat)
        assert (beat.count, heartbeat.stamp.failures) == (2, 0)
        heartbeat.stop()

    with caplog.at_level(logging.WARNING):
        asyncio.run(story())
    assert caplog.text == ""


def test_a_beat_that_fails_is_told_by_its_kind_and_the_next_one_comes(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        async def fail(count: int) -> None:
            if count == 1:
                raise ValueError("words nobody may read in a log")

        beat = Counted(fail)
        heartbeat = heart(beat, 0.02, lambda: None)
        heartbeat.start()
        await beat.reaches(3)
        assert heartbeat.stamp.failures == 1
        heartbeat.stop()

    asyncio.run(story())
    assert "ValueError" in caplog.text
    assert "words" not in caplog.text


def test_a_wall_clock_set_back_does_not_silence_it() -> None:
    """After the clock was set back by an hour, the next beat is planned for an hour ahead."""

    async def story() -> None:
        beat = Counted()
        heartbeat = heart(beat, 0.05, lambda: None)
        heartbeat.start()
        await beat.reaches(1)
        await settled(heartbeat)
        heartbeat._scheduler.modify_job(JOB, next_run_time=real_clock() + timedelta(hours=1))
        before = beat.count
        await beat.reaches(before + 2)
        heartbeat.stop()

    asyncio.run(story())


def test_something_due_sooner_can_be_announced_between_beats() -> None:
    async def story() -> None:
        beat = Counted()
        heartbeat = heart(beat, LONG, lambda: None)
        heartbeat.start()
        await beat.reaches(1)
        await settled(heartbeat)
        heartbeat.look_ahead(real_clock() + timedelta(seconds=0.05))
        await beat.reaches(2)
        heartbeat.stop()

    asyncio.run(story())


def test_stopping_lets_a_running_beat_end_and_begins_no_other() -> None:
    async def story() -> None:
        may_end, ended = asyncio.Event(), asyncio.Event()

        async def slow(_: int) -> None:
            await may_end.wait()
            ended.set()

        beat = Counted(slow)
        heartbeat = heart(beat, 0.01, lambda: None)
        heartbeat.start()
        await beat.reaches(1)
        heartbeat.stop()
        may_end.set()
        await asyncio.wait_for(ended.wait(), PATIENCE)
        await settled(heartbeat)
        heartbeat.poke()
        for _turn in range(5):
            await asyncio.to_thread(int)
        assert beat.count == 1

    asyncio.run(story())


def test_a_wall_clock_a_day_ahead_is_no_walk_through_what_was_missed() -> None:
    """After the clock was set a day ahead, the next beat is a day late: it comes once, and at once."""

    async def story() -> None:
        beat = Counted()
        heartbeat = heart(beat, 0.05, lambda: None)
        heartbeat.start()
        await beat.reaches(1)
        await settled(heartbeat)
        heartbeat._scheduler.modify_job(JOB, next_run_time=real_clock() - timedelta(days=1))
        before = beat.count
        began = time.process_time()
        await beat.reaches(before + 2)
        assert time.process_time() - began < 1, "it walked"
        heartbeat.stop()

    asyncio.run(story())
