"""A clock that leaps ahead is not believed at once, one that slept is, and one that goes back is followed."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduling.believed import BelievedClock

START = datetime(2026, 3, 28, 23, 50, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Clocks:
    """Both clocks, moved together or apart."""

    def __init__(self) -> None:
        self.wall = START
        self.seconds = 50.0
        self.believed = BelievedClock(lambda: self.wall, lambda: self.seconds)

    def after(self, *, wall: timedelta, monotonic: timedelta) -> datetime:
        self.wall += wall
        self.seconds += monotonic.total_seconds()
        return self.believed()


@pytest.mark.parametrize(("leap", "doubted"), [(0, False), (10, False), (11, True), (600, True)])
def test_more_than_ten_minutes_ahead_is_not_believed_and_time_goes_on(
    leap: int, doubted: bool, caplog: pytest.LogCaptureFixture
) -> None:
    clocks = Clocks()
    now = clocks.after(wall=MINUTE + leap * MINUTE, monotonic=MINUTE)
    assert now == START + (MINUTE if doubted else MINUTE + leap * MINUTE)
    assert clocks.believed.leaps_ahead == doubted
    assert (f"leapt ahead by {leap} minutes" in caplog.text) == doubted
    assert clocks.after(wall=MINUTE, monotonic=MINUTE) == now + MINUTE
    assert clocks.believed.leaps_ahead == doubted, "said once"


def test_twenty_minutes_ahead_for_twenty_five_seconds_change_nothing(caplog: pytest.LogCaptureFixture) -> None:
    clocks, moment = Clocks(), timedelta(seconds=25)
    assert clocks.after(wall=20 * MINUTE, monotonic=timedelta(0)) == START
    assert clocks.after(wall=moment - 20 * MINUTE, monotonic=moment) == START + moment
    assert clocks.believed.doubt() is None
    assert "is right again" in caplog.text


def test_a_leap_that_is_looked_into_and_believed_is_gone_by() -> None:
    clocks = Clocks()
    clocks.after(wall=61 * MINUTE, monotonic=MINUTE)
    clocks.after(wall=MINUTE, monotonic=MINUTE)
    doubt = clocks.believed.doubt()
    assert doubt is not None
    assert (doubt.leap, doubt.machine, doubt.counted) == (60 * MINUTE, START + 62 * MINUTE, START + 2 * MINUTE)
    assert doubt.seconds == 60
    clocks.believed.believe()
    assert clocks.believed() == START + 62 * MINUTE
    assert clocks.believed.doubt() is None


def test_a_machine_that_slept_has_not_leapt() -> None:
    night = timedelta(hours=9)
    clocks = Clocks()
    assert clocks.after(wall=night, monotonic=night) == START + night
    assert clocks.believed.doubt() is None


def test_a_clock_set_back_is_noted_and_followed(caplog: pytest.LogCaptureFixture) -> None:
    clocks = Clocks()
    assert clocks.after(wall=-29 * MINUTE, monotonic=MINUTE) == START - 29 * MINUTE
    assert clocks.believed.leaps_back == 1
    assert "went back by 30 minutes" in caplog.text
