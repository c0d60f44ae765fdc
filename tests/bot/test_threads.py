"""Answers come in time, late ones are not lost, and too many are refused in a sentence."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from bot.threads import OVERLOADED, STILL_WORKING, Overloaded, WorkerThreads
from handlers.cards import Answer, Notice

DONE = Notice(text="Done.")
SORRY = Notice(text="Sorry.")


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Work that must not end yet waits here; it opens at the end whatever happens."""
    opened = threading.Event()
    yield opened
    opened.set()


@asynccontextmanager
async def working(gate: threading.Event, limit: int = 2, waiting: int = 5) -> AsyncIterator[WorkerThreads]:
    threads = WorkerThreads(limit, waiting=waiting, patience=0.05, settle=0.0)
    yield threads
    gate.set()
    assert await threads.drain() == 0


def sorry(_: BaseException) -> Answer:
    return SORRY


async def nobody(answer: Answer) -> None:
    raise AssertionError(f"{answer} was not late")


def test_an_answer_in_time_is_given_at_once(gate: threading.Event) -> None:
    async def story() -> None:
        async with working(gate) as threads:
            assert await threads.answered(lambda: DONE, late=nobody, failed=sorry, seconds=5) == DONE

    asyncio.run(story())


def test_a_slow_answer_is_promised_and_then_delivered(gate: threading.Event) -> None:
    late: asyncio.Queue[Answer] = asyncio.Queue()

    def slow() -> Answer:
        gate.wait(10)
        return DONE

    async def story() -> None:
        async with working(gate) as threads:
            assert await threads.answered(slow, late=late.put, failed=sorry) == STILL_WORKING
            assert late.empty()
            gate.set()
            assert await asyncio.wait_for(late.get(), 5) == DONE

    asyncio.run(story())


def test_what_fails_becomes_an_apology_in_time_or_late(gate: threading.Event) -> None:
    late: asyncio.Queue[Answer] = asyncio.Queue()

    def broken() -> Answer:
        raise RuntimeError

    def broken_slowly() -> Answer:
        gate.wait(10)
        raise RuntimeError

    async def story() -> None:
        async with working(gate) as threads:
            assert await threads.answered(broken, late=nobody, failed=sorry, seconds=5) == SORRY
            assert await threads.answered(broken_slowly, late=late.put, failed=sorry) == STILL_WORKING
            gate.set()
            assert await asyncio.wait_for(late.get(), 5) == SORRY

    asyncio.run(story())


def test_more_than_the_queue_holds_is_refused_and_not_begun(gate: threading.Event) -> None:
    begun: list[int] = []

    def slow(number: int) -> Answer:
        begun.append(number)
        gate.wait(10)
        return DONE

    async def ignore(_: Answer) -> None:
        return None

    async def story() -> None:
        async with working(gate, limit=1, waiting=1) as threads:
            for number in (1, 2):
                # Mypy infers no type for a lambda with a default.
                await threads.answered(lambda number=number: slow(number), late=ignore, failed=sorry)  # type: ignore[misc]
            assert threads.busy == 2
            assert await threads.answered(lambda: slow(3), late=nobody, failed=sorry) == OVERLOADED
            with pytest.raises(Overloaded):
                await threads.run(lambda: slow(4))
        assert begun == [1, 2]

    asyncio.run(story())


def test_there_is_room_again_when_work_has_ended(gate: threading.Event) -> None:
    async def story() -> None:
        async with working(gate, limit=1, waiting=0) as threads:
            assert await threads.run(lambda: 1) == 1
            assert await threads.run(lambda: 2) == 2

    asyncio.run(story())


def test_no_more_than_the_limit_run_at_once(gate: threading.Event) -> None:
    running = threading.Semaphore(2)
    crowded: list[bool] = []

    def work() -> None:
        crowded.append(not running.acquire(blocking=False))
        running.release()

    async def story() -> None:
        async with working(gate, limit=2, waiting=100) as threads:
            await asyncio.gather(*(threads.run(work) for _ in range(50)))

    asyncio.run(story())
    assert crowded == [False] * 50


def test_stopping_waits_for_what_was_begun(gate: threading.Event) -> None:
    delivered: list[Answer] = []

    def slow() -> Answer:
        gate.wait(10)
        return DONE

    async def keep(answer: Answer) -> None:
        delivered.append(answer)

    async def story() -> None:
        threads = WorkerThreads(1, patience=0.01, settle=0.0)
        assert await threads.answered(slow, late=keep, failed=sorry) == STILL_WORKING
        asyncio.get_running_loop().call_later(0.05, gate.set)
        assert await threads.drain() == 0

    asyncio.run(story())
    assert delivered == [DONE]


def test_stopping_says_how_much_it_left_behind(gate: threading.Event) -> None:
    async def story() -> int:
        threads = WorkerThreads(1, patience=0.01, settle=0.0)
        task = threads.keep(threads.run(lambda: gate.wait(10)), what="slow work")
        left = await threads.drain(seconds=0.05)
        gate.set()
        await task
        return left

    assert asyncio.run(story()) == 1


def test_a_late_answer_nobody_could_be_given_is_logged(gate: threading.Event, caplog: pytest.LogCaptureFixture) -> None:
    def slow() -> Answer:
        gate.wait(10)
        return DONE

    async def lost(_: Answer) -> None:
        raise ConnectionError("a private word")

    async def story() -> None:
        async with working(gate) as threads:
            assert await threads.answered(slow, late=lost, failed=sorry) == STILL_WORKING

    asyncio.run(story())
    assert "late answer" in caplog.text
    assert "a private word" not in caplog.text
