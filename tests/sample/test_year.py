"""The year of messages: what the page shows is what a year came to, and living it again is possible."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.sample.people import IRO, IRO_MANAGER, SOCIAL_WORKER, SUPPORT, TEAM_MANAGER
from bot.sample.year import FIRST, WORKING_DAYS, YEAR, Year, live
from bot.workspace.doors import THE_YEAR
from handlers.cards import Card
from handlers.dispatch import DEEDS
from handlers.messages.table import MESSAGES
from tests.first_lines import undated
from tests.test_docs import is_on_the_screen

BUDGET = {IRO: (2, 4), SOCIAL_WORKER: (1, 2), TEAM_MANAGER: (2, 4), IRO_MANAGER: (2, 4), SUPPORT: (1, 1)}
"""Messages a working day, in the middle and on 95 of a hundred days: what a person can be asked to read."""


def beyond_budget(year: Year) -> list[str]:
    """Who got more in the year, and how much."""
    assert [one.name for one in year.people] == list(BUDGET)
    return [
        f"{one.name}: {one.together.middle:g}/{one.together.most_days:g} for {BUDGET[one.name]}"
        for one in year.people
        if one.together.middle > BUDGET[one.name][0] or one.together.most_days > BUDGET[one.name][1]
    ]


def kept_year() -> Year:
    return YEAR.validate_json(THE_YEAR.read_bytes())


def test_the_year_that_is_shown_is_whole_and_keeps_to_its_budget() -> None:
    year = kept_year()
    assert (year.working_days, year.first) == (WORKING_DAYS, FIRST)
    assert beyond_budget(year) == []
    for one in year.people:
        assert one.budget == BUDGET[one.name]
        assert len(one.worst) == one.together.most
        assert one.singles.most + one.mornings.most >= one.together.most


def shape(title: str) -> str:
    """A first line without its days, references, names and numbers: as a declaration's example has it."""
    line = re.sub(r"\b(AB|C)-\d+", r"\1", undated(title))
    line = re.sub(r"\b[A-Z]\w+ [A-Z]\w+(?=('s)? (has|is|reply|asks|could|acted|says|disputes|for|:))", "Somebody", line)
    return re.sub(r"\d+ decisions?", "decisions", line)


def test_the_year_that_is_shown_was_told_in_the_words_of_today() -> None:
    """A title or a deed that the code no longer knows: the messages changed since, and `make year` lives it again."""
    cards = [card for one in kept_year().people for _, card in one.worst]
    declared = {shape(one.title) for one in MESSAGES.values()}
    titles = [card.title for card in cards]
    assert [one for one in titles if shape(one) not in declared and not is_on_the_screen(one)] == []
    assert {one.deed for card in cards for one in card.buttons} <= set(DEEDS)


def test_a_year_beyond_the_budget_is_noticed() -> None:
    first, *others = kept_year().people
    much = replace(first, together=replace(first.together, middle=1, most_days=4.5))
    assert beyond_budget(replace(kept_year(), people=(much, *others))) == [f"{IRO}: 1/4.5 for (2, 4)"]


@pytest.mark.slow
def test_a_year_that_is_lived_keeps_to_the_budget(tmp_path: Path) -> None:
    assert beyond_budget(live(tmp_path)) == []


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
