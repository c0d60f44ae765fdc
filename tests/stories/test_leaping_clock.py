"""The machine's clock leaps ahead and comes back: nobody hears anything early, and what is said meanwhile goes out."""

from datetime import timedelta

import pytest

from tests.bench import utc
from tests.cast import IRO, TEAM_MANAGER
from tests.stories.conftest import Begin, BeginAtSlack
from tests.stories.repeats import REPLY, log_at_stage_1
from tests.world import AnyWorld


def heard(world: AnyWorld) -> list[str]:
    """Every first line that anybody got."""
    return [title for who in world.people for title in world.titles(who)]


def test_twenty_minutes_ahead_for_twenty_five_seconds_fire_nothing_early(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(utc("2026-11-30"))
    log_at_stage_1(world)
    world.go_to(utc("2026-12-14", "16:50"))  # the reply is due by 5 pm
    before = heard(world)
    world.leap = timedelta(minutes=20)
    world.beat()
    world.now += timedelta(seconds=25)
    world.beat()
    assert heard(world) == before

    reply = world.press(TEAM_MANAGER, "Reply")
    assert "is with the IRO" in world.submit(TEAM_MANAGER, reply, REPLY).text
    assert world.titles(IRO)[-1] == "Tess Hill has replied to C-1", "told at once, and in time"
    world.leap = timedelta()
    world.wait(timedelta(minutes=30))
    assert len(heard(world)) == len(before) + 1


@pytest.mark.slow
@pytest.mark.parametrize("platform", ["page"])  # no other clock is asked there
def test_one_that_stays_is_gone_by_after_a_minute(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-11-30"))
    log_at_stage_1(world)
    world.go_to(utc("2026-12-14", "16:45"))
    before = heard(world)
    world.leap = timedelta(minutes=20, seconds=5)
    world.beat()
    world.now += timedelta(seconds=70)
    world.beat()
    assert "No reply to C-1 by Mon 14 Dec. What next?" in heard(world)[len(before) :]
