"""The year of messages: what the page shows is what a year came to, and living it again is possible."""

from datetime import date
from pathlib import Path

import pytest

from bot.sample.people import IRO, IRO_MANAGER, SOCIAL_WORKER, SUPPORT, TEAM_MANAGER
from bot.sample.year import FIRST, WORKING_DAYS, YEAR, live
from bot.workspace.doors import THE_YEAR
from handlers.cards import Card


def test_the_year_that_is_shown_is_whole_and_keeps_to_its_budget() -> None:
    year = YEAR.validate_json(THE_YEAR.read_bytes())
    assert (year.working_days, year.first) == (WORKING_DAYS, FIRST)
    assert [one.name for one in year.people] == [IRO, SOCIAL_WORKER, TEAM_MANAGER, IRO_MANAGER, SUPPORT]
    for one in year.people:
        assert one.kept, one.name
        assert len(one.worst) == one.together.most
        assert one.singles.most + one.mornings.most >= one.together.most


@pytest.mark.slow
def test_a_short_year_is_lived_by_the_engine(tmp_path: Path) -> None:
    shares: list[float] = []
    year = live(tmp_path, working_days=8, progress=lambda _, share: shares.append(share))
    assert (year.first, year.last, year.working_days) == (FIRST, date(2027, 1, 13), 8)
    assert year.messages > 20
    assert shares[-1] == 1.0
    iro = year.people[0]
    assert iro.mornings.most == 1
    assert all(isinstance(card, Card) for _, card in iro.worst)
