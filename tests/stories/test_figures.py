"""Figures, caseload and good practice over real HTTP: drawn within the platforms' limits, for those alone who may."""

from datetime import date

import pytest

from tests.bench import utc
from tests.cast import (
    ADMIN,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_MANAGER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from tests.screens import plain_text_of
from tests.stories.canaries import CANARY, Canaries, outside_of_forms
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import log, press_in, type_and_fill, words_of
from tests.world import AnyWorld

pytestmark = slowly_at_teams

MONDAY = utc("2026-12-07")
TITLES = (
    "Concerns by month: entries to each stage",
    "Concerns by the highest stage they reached",
    "Concerns and children",
    "What concerns were about",
    "How people replied",
    "How concerns ended",
    "Open concerns by age",
    "Reviews year by year",
    "Why reviews were late",
    "Why reviews were moved within time",
    "How children took part",
    "Which parents and carers took part",
    "The work around reviews",
    "Caseload",
    "Good practice recognised",
    "Contacts between reviews",
    "Data quality",
)


def some_work(world: AnyWorld) -> None:
    """Two concerns about children of two teams."""
    log(world)
    log(world, {"Start at": "Stage 2", "Reason for starting here": "It is late."}, child=OTHER_CHILD)


@pytest.mark.slow
def test_every_table_opens_as_a_form_even_in_twelve_parts(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    some_work(world)
    for title in TITLES:
        table = press_in(world, IRO_MANAGER, world.command(IRO_MANAGER, "/iro figures this year by month"), title)
        assert table.view is not None, title
        assert "2026-27" in table.text, title


@pytest.mark.slow
def test_the_rows_behind_a_number_are_chosen_in_the_form(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    some_work(world)
    table = press_in(world, IRO_MANAGER, world.command(IRO_MANAGER, "/iro figures"), TITLES[0])
    rows = world.submit(IRO_MANAGER, table, {"Row": "Dec 2026", "Number": "Stage 2"})
    assert f"C-2 ({OTHER_CHILD})" in rows.text
    assert CHILD not in rows.text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("who", "load", "open_ones"),
    [
        (IRO, "Ann Lee: 2 children", "Open concerns: 2."),
        (IRO_MANAGER, "Together: 2 children", "Open concerns: 2."),
        (TEAM_MANAGER, "1 child in care", "Open concerns: 1."),
        (OTHER_MANAGER, "1 child in care", "Open concerns: 1."),
        (SERVICE_MANAGER, "2 children in care", "Open concerns: 2."),
    ],
)
def test_the_caseload_is_one_screen_of_one_s_own_part(
    begin_briefly: Begin, who: str, load: str, open_ones: str
) -> None:
    world = begin_briefly(MONDAY)
    some_work(world)
    text = world.command(who, "/caseload").text
    assert load in text
    assert open_ones in text


@pytest.mark.slow
def test_nothing_of_what_is_praised_or_worried_about_leaves_a_form(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    say = Canaries()
    log(world, {"What are we worried about?": say("worry")})
    typed = {
        "Member of staff": "Sam Okoro",
        "What was done well, and what it changed": say("praise"),
    }
    type_and_fill(world, IRO, "/praise", typed)
    assert "Good practice recognised" in words_of(world, SOCIAL_WORKER)
    for who in (SOCIAL_WORKER, TEAM_MANAGER):
        read = world.press(who, "Open", world.last(who))
        assert say.of["praise"] in read.text
    world.go_to_day(date(2027, 1, 4))
    card = next(one for one in reversed(world.inbox(SERVICE_MANAGER)) if "summary of" in plain_text_of(one))
    summary = world.press(SERVICE_MANAGER, "Open", card)
    assert "What concerns were about" in summary.text
    assert [where for where, text in outside_of_forms(world) if CANARY.search(text)] == []


def test_others_are_refused_in_one_sentence(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    for who in (SOCIAL_WORKER, ADMIN):
        for line in ("/iro figures", "/iro report 2025-26", "/caseload"):
            seen = world.command(who, line)
            assert seen.view is None
            assert "Figures are for IROs" in seen.text
