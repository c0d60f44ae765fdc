"""A clock that leaps ahead stops one tick, a machine that slept stops none, and silence can be measured."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from scheduling.watchdog import Verdict, Watchdog, next_nudge, oldest_overdue
from storage import nudges
from storage.database import transaction

START = datetime(2026, 3, 28, 23, 50, tzinfo=UTC)


class Clocks:
    """Both clocks, moved together or apart."""

    def __init__(self) -> None:
        self.now = START
        self.seconds = 50.0
        self.dog = Watchdog(lambda: self.seconds)
        self.dog.tick(self.now)

    def after(self, *, wall: timedelta, monotonic: timedelta) -> Verdict:
        self.now += wall
        self.seconds += monotonic.total_seconds()
        return self.dog.tick(self.now)


def test_the_first_tick_goes() -> None:
    assert Watchdog(lambda: 0.0).tick(START) is Verdict.GO


@pytest.mark.parametrize(
    ("minutes_of_jump", "verdict"), [(0, Verdict.GO), (10, Verdict.GO), (11, Verdict.SKIP), (600, Verdict.SKIP)]
)
def test_more_than_ten_minutes_ahead_skips_one_tick(
    minutes_of_jump: int, verdict: Verdict, caplog: pytest.LogCaptureFixture
) -> None:
    clocks, minute = Clocks(), timedelta(minutes=1)
    assert clocks.after(wall=minute + minutes_of_jump * minute, monotonic=minute) is verdict
    assert clocks.dog.jumps_ahead == (verdict is Verdict.SKIP)
    assert (f"leapt ahead by {minutes_of_jump} minutes" in caplog.text) == (verdict is Verdict.SKIP)
    assert clocks.after(wall=minute, monotonic=minute) is Verdict.GO


def test_a_machine_that_slept_has_no_jump() -> None:
    night = timedelta(hours=9)
    assert Clocks().after(wall=night, monotonic=night) is Verdict.GO


def test_a_clock_set_back_is_noted_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    clocks = Clocks()
    assert clocks.after(wall=timedelta(minutes=-29), monotonic=timedelta(minutes=1)) is Verdict.GO
    assert clocks.dog.jumps_back == 1
    assert "went back by 30 minutes" in caplog.text


def test_the_last_tick_and_the_silence_since_are_known() -> None:
    clocks = Clocks()
    assert clocks.dog.last_tick == START
    clocks.seconds += 95
    assert clocks.dog.silent_for() == 95
    fresh = Watchdog(lambda: 0.0)
    assert (fresh.last_tick, fresh.silent_for()) == (None, None)


def test_the_oldest_overdue_nudge_of_all_authorities_is_known(engine: Engine) -> None:
    assert (next_nudge(engine), oldest_overdue(engine, START)) == (None, None)
    for authority, hours in (("northshire", 1), ("southmoor", -3), ("northshire", -2)):
        with transaction(engine, authority) as session:
            nudges.plan(session, subject="day", rung="day", due_at=START + timedelta(hours=hours))
    assert oldest_overdue(engine, START) == timedelta(hours=3)
    assert oldest_overdue(engine, START - timedelta(hours=4)) is None
    assert next_nudge(engine) == START - timedelta(hours=3)
