"""The whole day of each role, of no line, one, thirty and two hundred, fits each platform as it is: nothing is cut."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from bot.slack import blocks, views
from bot.teams import cards
from handlers.cards import Card
from handlers.day.part import MOST
from handlers.starts import start
from handlers.terms import in_words
from scheduling.procedures import parse_procedures, shipped_text
from storage.database import transaction
from tests.bench import Bench, utc
from tests.cast import AUTHORITY, IRO, SOCIAL_WORKER, SUPPORT, TEAM_MANAGER
from tests.databases import sqlite_engine
from tests.handlers.reviews.steps import scene_of
from tests.handlers.test_whole_day import ROLES, as_many, late_and_near, parts_of, whole

DRAWN: Mapping[str, Callable[[Card], object]] = {
    "Slack": blocks.message,
    "Slack's Home": views.home,
    "Teams": cards.message,
}
CUT = ("more than fits", "does not fit")
RULES = parse_procedures(shipped_text("handbook"), "handbook.toml")


def days(bench: Bench) -> dict[str, Card]:
    """Everybody's whole day, read for what every day keeps to: no heading without lines, five of a part, counts."""
    found = {who: in_words(whole(bench, who), RULES) for who in ROLES}
    for who, card in found.items():
        parts = parts_of(card)
        last = [*parts][-1]
        for heading, lines in parts.items():
            counted = re.search(r"\((\d+)\)$", heading)
            below = heading == last and card.lines[-1].text == lines[-1] and not card.lines[-1].buttons
            assert 1 <= len(lines) <= MOST + below, (who, heading)
            assert counted is None or len(lines) - below <= min(int(counted[1]), MOST) <= len(lines), (who, heading)
    return found


def refuse_what_is_cut(found: Mapping[str, Card]) -> None:
    """Every line stands on every platform."""
    for who, card in found.items():
        for platform, draw in DRAWN.items():
            drawn = json.dumps(draw(card), ensure_ascii=False)
            assert not [one for one in CUT if one in drawn], (who, platform)
            lines = [json.dumps(one.text, ensure_ascii=False).strip('"') for one in card.lines]
            assert [one for one in lines if one not in drawn] == [], (who, platform)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A council with its team's start behind it, before which much was late."""
    for engine in sqlite_engine(tmp_path):
        yield Bench(engine, utc("2026-12-07"))


def test_without_a_line_each_day_says_that_nothing_waits(bench: Bench) -> None:
    nothing = days(bench)
    assert {card.lines[0].text for card in nothing.values()} == {"Nothing waits for you."}
    refuse_what_is_cut(nothing)


@pytest.mark.parametrize("number", [1, *(pytest.param(many, marks=pytest.mark.slow) for many in (30, 200))])
def test_each_day_fits_every_platform_whatever_its_length(bench: Bench, number: int) -> None:
    late_and_near(bench)
    as_many(bench, number)
    refuse_what_is_cut(days(bench))


@pytest.mark.slow
@pytest.mark.parametrize("number", [30, pytest.param(200, marks=pytest.mark.slow)])
def test_it_fits_with_the_one_list_of_what_was_late_before_a_start(bench: Bench, number: int) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        start(scene_of(bench, session), "", date(2027, 1, 11))
    late_and_near(bench)
    as_many(bench, number)
    bench.wake_on_day(date(2027, 1, 11))
    found = days(bench)
    assert {who for who, card in found.items() if "Before we started" in " ".join(parts_of(card))} >= {
        IRO,
        SOCIAL_WORKER,
        TEAM_MANAGER,
        SUPPORT,
    }
    refuse_what_is_cut(found)
