"""The council behind the page: one situation is made at a time, and making one can be broken off."""

import asyncio
from pathlib import Path

from sqlalchemy import Engine

from bot.sample.seed import SAMPLE
from bot.sample.situations import SITUATIONS
from bot.workspace.council import TODAY, Council
from bot.workspace.day import ServiceDay
from tests.bench import utc
from tests.databases import sqlite_engine

NOW = utc("2026-12-07")
BREAKS_OFF_WITHIN_SECONDS = 5


def half_made(folder: Path) -> set[str]:
    return {one.name for one in folder.glob("*.kept/*.part")}


def test_of_two_who_begin_at_once_the_second_waits_and_both_are_broken_off_at_the_stop(tmp_path: Path) -> None:
    told: list[str] = []

    async def begun(engine: Engine) -> set[str]:
        day = ServiceDay(engine, SAMPLE, lambda: NOW)
        council = Council(
            engine, SAMPLE, day, lambda: NOW, turn=asyncio.Lock(), started_over=lambda: told.append("started over")
        )
        both = asyncio.gather(council.begin(TODAY), council.begin(SITUATIONS[0].key))
        await asyncio.sleep(0.4)
        halves = await asyncio.to_thread(half_made, tmp_path)
        council.stop()
        async with asyncio.timeout(BREAKS_OFF_WITHIN_SECONDS):
            await both
        return halves

    for engine in sqlite_engine(tmp_path):
        assert len(asyncio.run(begun(engine))) == 1
    assert list(tmp_path.glob("*.kept/*.db")) == []
    assert told == []
