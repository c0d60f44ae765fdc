"""Around New Year every day that is not of the present year says its year, wherever anybody reads one.

Every story keeps to that (`Scene.beat` and all that people see are looked through); here the days are of three years.
"""

from datetime import date

import pytest

from tests.bench import utc
from tests.cast import CHILD, IRO, SOCIAL_WORKER, TEAM_MANAGER
from tests.screens import Filled
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.reviewing import in_care
from tests.stories.telling import closing, log, type_and_fill, words_of

NEWS: dict[str, Filled] = {"What changed?": "Missing from care"}


def test_a_review_late_since_last_year_says_so_in_the_morning_and_in_the_lists(begin_briefly: Begin) -> None:
    """As at going live: looked after since 18 Nov 2025, and the first review was never held."""
    world = begin_briefly(utc("2026-11-30", "08:30"))
    in_care(world, date(2025, 11, 18))
    world.go_to_day(date(2026, 11, 30))
    assert "the review that was due Tue 16 Dec 2025 is late" in words_of(world, IRO)
    assert "was due by Tue 16 Dec 2025" in world.command(IRO, "/review").text
    assert "Tue 16 Dec 2025" in world.command(IRO, f"/review {CHILD}").text


@pytest.mark.slow
@slowly_at_teams
def test_what_the_old_year_left_says_so_in_the_new_one(begin_briefly: Begin) -> None:
    """A review, news, a reply that is overdue and what is closed, read on either side of New Year."""
    world = begin_briefly(utc("2026-12-14"))
    in_care(world, date(2026, 12, 7))
    log(world, {"Start at": "Stage 1"})
    assert "If it is not settled, all stages end on Thu 14 Jan 2027." in words_of(world, TEAM_MANAGER)
    type_and_fill(world, SOCIAL_WORKER, f"/tell {CHILD}", {**NEWS, "Tell the IRO something changed": "A new home."})
    world.press(IRO, "Noted")
    world.go_to_day(date(2026, 12, 15))
    world.sleep_until(utc("2026-12-31"))
    world.sleep_until(utc("2027-01-05"))
    assert "your reply is 3 working days late (Wed 30 Dec 2026)" in words_of(world, TEAM_MANAGER)
    assert "no reply from Tess Hill by Wed 30 Dec 2026" in words_of(world, IRO)
    assert "overdue since Wed 30 Dec 2026" in world.command(IRO, "/concern list").text
    world.submit(IRO, world.command(IRO, "/concern C-1 close"), closing())
    assert "closed Tue 5 Jan: resolved" in world.command(IRO, "/concern list closed").text
    world.sleep_until(utc("2028-01-04"))
    assert "closed Tue 5 Jan 2027: resolved" in world.command(IRO, "/concern list closed").text
    assert "was due by Thu 7 Jan 2027" in world.command(IRO, f"/review {CHILD}").text
    world.command(IRO, "/iro away 29 Dec to 12 Jan")
