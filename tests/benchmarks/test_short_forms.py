"""The benchmarks of crashes, clocks apart and growth in a short form: what they are to find is found each time.

What the watchdog says has its tests in `tests/stories/test_watchdog.py`, once the short form of honesty.
"""

from argparse import Namespace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.benchmarks import crash, growth, skew
from tests.benchmarks.method import Sheet

pytestmark = pytest.mark.slow
SMALL, LARGE = 5_000, 100_000
FAR_LESS = 5.0
"""Twenty times as many would take twenty times as long, if it went by their number. The machine may be busy."""


@pytest.fixture
def sheet() -> Sheet:
    """Where it is written down, for nobody."""
    return Sheet(name="short", shows_not=())


def test_killed_three_times_the_product_loses_nothing_and_says_nothing_twice(sheet: Sheet) -> None:
    came = crash.beside_naive_ones(sheet, "sqlite", Namespace(kills=3, ahead=120.0))
    ours = came["the product"]
    assert ours.messages > 0
    assert (ours.lost, ours.doubled) == (0, 0)


@pytest.mark.parametrize("ahead", [timedelta(hours=2), timedelta(hours=-2)], ids=["ahead", "behind"])
def test_with_clocks_two_hours_apart_it_finds_what_was_not_answered(engine: Engine, ahead: timedelta) -> None:
    ours = skew.lived(engine, ahead, 5)
    assert ours.unanswered >= 1
    assert (ours.lost, ours.doubled) == (0, 0)
    assert skew.naive(ahead, 10, looks=False).doubled == 2


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_turn_does_not_grow_with_what_is_planned(sheet: Sheet, kind: str) -> None:
    for times in growth.grown(sheet, kind, [SMALL, LARGE], rounds=3).values():
        assert times < FAR_LESS
