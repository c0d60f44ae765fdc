"""A leap of the clock that stands for a minute is believed, unless the database or a platform knows better."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.second_clocks import SecondClocks
from scheduling.believed import BelievedClock
from tests.databases import postgres_engine, sqlite_engine
from tests.slack_standin import SlackStandIn

LEAP = timedelta(minutes=20)
NOBODY = "http://127.0.0.1:1/"


class Clocks:
    """A machine whose clock can leap, though no time passes, and those who may know better."""

    def __init__(self, engine: Engine, *dated_at: str, wrong_by: timedelta = timedelta()) -> None:
        self.wall = datetime.now(UTC) + wrong_by
        self.seconds = 0.0
        self.believed = BelievedClock(lambda: self.wall, lambda: self.seconds)
        self.others = SecondClocks(self.believed, engine, dated_at, lambda: self.seconds)

    def leap(self) -> None:
        self.wall += LEAP
        self.look_after(0)

    def look_after(self, seconds: float) -> None:
        self.seconds += seconds
        self.wall += timedelta(seconds=seconds)
        asyncio.run(self.others.look())

    def goes_by_the_machine(self) -> bool:
        return self.believed() == self.wall


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Engine]:
    """A database without a clock of its own."""
    yield from sqlite_engine(tmp_path)


@pytest.fixture
def pg() -> Iterator[Engine]:
    """One with."""
    yield from postgres_engine()


@pytest.fixture(scope="module")
def slack() -> Iterator[str]:
    with SlackStandIn() as standin:
        yield standin.base_url


def test_with_no_other_clock_it_is_believed_after_a_minute(lite: Engine) -> None:
    clocks = Clocks(lite, NOBODY)
    clocks.leap()
    clocks.look_after(59)
    assert not clocks.goes_by_the_machine()
    clocks.look_after(1)
    assert clocks.goes_by_the_machine()


@pytest.mark.postgres
def test_the_database_knows_better(pg: Engine) -> None:
    knows_better(Clocks(pg))


def test_a_platform_knows_better(lite: Engine, slack: str) -> None:
    knows_better(Clocks(lite, NOBODY, slack))


def knows_better(clocks: Clocks) -> None:
    """It is not believed as long as it stands, and the operator is told; set right, all is well."""
    clocks.leap()
    clocks.look_after(60)
    clocks.look_after(60)
    assert not clocks.goes_by_the_machine()
    (told,) = clocks.others.warnings
    assert told.startswith("The clock of this machine leapt ahead by 20 minutes and others did not: set it right.")
    clocks.wall -= LEAP
    clocks.look_after(1)
    assert clocks.goes_by_the_machine()
    assert clocks.others.warnings == ()


def test_a_clock_that_was_wrong_and_is_set_right_is_believed(lite: Engine, slack: str) -> None:
    clocks = Clocks(lite, slack, wrong_by=-LEAP)
    clocks.leap()
    clocks.look_after(60)
    assert clocks.goes_by_the_machine()
    assert clocks.others.warnings == ()
