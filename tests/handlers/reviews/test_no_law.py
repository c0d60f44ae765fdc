"""A child for whom the procedures hold no law stops nobody: the others are planned, and it is said where it is seen."""

import logging
from datetime import date

import pytest

from handlers.figures.making import figures
from handlers.figures.period import Period
from storage import children
from storage.database import transaction
from tests.bench import Bench, words
from tests.cast import AUTHORITY, CHILD, OTHER_CHILD, SUPPORT
from tests.handlers.reviews.conftest import MakeBench
from tests.handlers.reviews.steps import (
    all_reviews,
    do,
    in_care,
    last_held_of,
    open_review_of,
    plan_everyone,
    scene_of,
    shown,
)
from tests.handlers.steps import said

HELD = {"held_how": "in person", "participation": "PN1"}
LAW = 'from = 2011-04-01\nlaw = true\nsource = "SI 2010/959, regulation 48(3)"'
REPEALED = {LAW: LAW.replace("law = true", "to = 2020-01-01\nlaw = true")}
FAULT = "No law says when the first review of this track is due, neither then nor on Mon 7 Dec 2026."


@pytest.fixture
def lawless(under: MakeBench) -> Bench:
    """Short breaks are without a law since 2020: one child is on that track, another is looked after."""
    bench = under(**REPEALED)
    in_care(bench, "2026-12-01", track="short_breaks", track_from=date(2026, 12, 1))
    return bench


def test_the_daily_round_goes_on_and_names_the_child_by_the_rows_id(
    lawless: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    with transaction(lawless.engine, AUTHORITY) as session:
        other = children.by_reference(session, OTHER_CHILD)
        assert other is not None
        other.looked_after_from = date(2026, 12, 7)
        session.add(other)
    with caplog.at_level(logging.ERROR):
        assert plan_everyone(lawless) == 1
    assert open_review_of(lawless, OTHER_CHILD).due_on == date(2027, 1, 7)
    (line,) = [one.getMessage() for one in caplog.records]
    child_id = lawless.cast.children[CHILD]
    assert line == f"authority={AUTHORITY} child={child_id} The next review cannot be counted: {FAULT}"
    assert all_reviews(lawless) == []


def test_the_childs_form_says_so(lawless: Bench) -> None:
    assert f"The next review cannot be counted: {FAULT} Ask your administrator" in words(shown(lawless))


def test_a_review_held_and_a_change_of_track_are_kept_all_the_same(under: MakeBench) -> None:
    bench = under(**REPEALED)
    in_care(bench, "2026-11-23")
    changed = said(do(bench, "Change of track", SUPPORT, track="short_breaks", on="2026-12-07"))
    assert "is now on the track: short breaks" in changed
    assert open_review_of(bench).due_on == date(2026, 12, 21), "what was counted before stands"
    held = said(do(bench, "Record as held", **HELD))
    assert "recorded as held on Mon 7 Dec 2026, in time. The next review cannot be counted: No law says" in held
    assert last_held_of(bench).held_on == date(2026, 12, 7)


def test_the_data_quality_notes_name_the_child(lawless: Bench) -> None:
    with transaction(lawless.engine, AUTHORITY, writes=False) as session:
        notes = figures(scene_of(lawless, session), Period(first=date(2026, 4, 1), last=date(2027, 3, 31))).notes
    assert f"In care, and no review can be counted for them: 1 ({CHILD})." in notes
