"""A holiday that comes to be known lengthens what is open around reviews; one taken away shortens nothing."""

from datetime import date

import pytest

from handlers.calendar_changes import lengthen_open_clocks
from scheduling.procedures import shipped_text
from tests.bench import Bench, button, utc
from tests.cast import AUTHORITY, IRO, TEAM_MANAGER
from tests.handlers.reviews.conftest import MakeBench
from tests.handlers.reviews.decided import decide, held_review, send, sent
from tests.handlers.reviews.steps import (
    do,
    in_care,
    last_held_of,
    open_review_of,
    plan_everyone,
    story,
    tasks_of,
)
from tests.handlers.steps import put_in_force

HANDBOOK = shipped_text("handbook")
WORKED = {"extra_working_days = []": 'extra_working_days = ["2026-12-28"]'}
"""The substitute for Boxing Day is thought a working day at first."""
HELD = {"held_how": "in person", "participation": "PN1"}


def lengthen(bench: Bench) -> int:
    """What the day's duties do about the calendar."""
    return lengthen_open_clocks(bench.engine, AUTHORITY, bench.now)


def lengthened(bench: Bench) -> list[str]:
    """The entries in the child's history."""
    return [one.details for one in story(bench) if one.what == "lengthened by the calendar"]


@pytest.mark.parametrize("booked", [False, True])
def test_a_first_review_counted_in_working_days_is_lengthened_booked_or_not(under: MakeBench, booked: bool) -> None:
    bench = under(**WORKED)
    in_care(bench, "2026-12-07")
    assert open_review_of(bench).due_on == date(2027, 1, 6)
    if booked:
        do(bench, "Book", booked_for="2027-01-05")
    put_in_force(bench, HANDBOOK)
    assert lengthen(bench) >= 1
    review = open_review_of(bench)
    assert (review.due_on, review.law_due_on) == (date(2027, 1, 7), date(2027, 1, 7))
    assert any('"until":"2027-01-07"' in one for one in lengthened(bench))
    assert lengthen(bench) == 0
    assert plan_everyone(bench) == 0


def test_a_review_brought_forward_keeps_the_day_it_was_brought_to(under: MakeBench) -> None:
    bench = under(**WORKED)
    in_care(bench, "2026-12-07")
    do(bench, "Bring forward", reason="iro_requests", due_on="2026-12-30")
    put_in_force(bench, HANDBOOK)
    lengthen(bench)
    assert open_review_of(bench).due_on == date(2026, 12, 30)


def test_tasks_after_a_review_are_lengthened_and_the_papers_before_one_never_brought_forward(under: MakeBench) -> None:
    bench = under(**WORKED)
    in_care(bench, "2026-11-23")
    bench.wake_on_day(date(2026, 12, 21))
    do(bench, "Record as held", **HELD)
    before = {key: row.due_on for key, row in tasks_of(bench, last_held_of(bench)).items()}
    coming = {key: row.due_on for key, row in tasks_of(bench, open_review_of(bench)).items()}
    put_in_force(bench, HANDBOOK)
    assert lengthen(bench) == 3
    after = {key: row.due_on for key, row in tasks_of(bench, last_held_of(bench)).items()}
    moved = {key: (before[key], after[key]) for key in after if before[key] != after[key]}
    assert moved == {
        "decisions": (date(2026, 12, 29), date(2026, 12, 30)),
        "record_written": (date(2027, 1, 13), date(2027, 1, 14)),
        "record_sent": (date(2027, 1, 20), date(2027, 1, 21)),
    }
    assert {key: row.due_on for key, row in tasks_of(bench, open_review_of(bench)).items()} == coming
    assert len(lengthened(bench)) == 3


@pytest.mark.slow
def test_the_managers_five_days_are_lengthened_at_once_and_the_message_is_still_good(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)
    assert last_held_of(bench).decisions_answer_due_at == utc("2026-12-14", "17:00")
    put_in_force(bench, HANDBOOK.replace("closure_days = []", 'closure_days = ["2026-12-11"]'))
    assert lengthen(bench) == 1
    assert last_held_of(bench).decisions_answer_due_at == utc("2026-12-15", "17:00")
    assert any('"until":"2026-12-15"' in one for one in lengthened(bench))
    put_in_force(bench, HANDBOOK)
    assert lengthen(bench) == 0, "what was given is not taken back"
    bench.go_to(utc("2026-12-15", "16:59"))
    assert last_held_of(bench).decisions_answer is None
    assert button(sent(bench, TEAM_MANAGER), "Agree").subject.startswith("AB-1042@")
    bench.go_to(utc("2026-12-15", "17:00"))
    assert last_held_of(bench).decisions_answer == "silence"


def test_a_holiday_taken_away_shortens_no_booked_review_and_no_task(under: MakeBench) -> None:
    bench = under()
    in_care(bench, "2026-12-07")
    do(bench, "Book", booked_for="2027-01-05")
    put_in_force(bench, HANDBOOK.replace(*next(iter(WORKED.items()))))
    assert lengthen(bench) == 0
    assert open_review_of(bench).due_on == date(2027, 1, 7)


def test_who_is_asked_and_the_iro_read_the_new_day_of_the_answer(under: MakeBench) -> None:
    bench = under(**{"closure_days = []": "closure_days = []"})
    held_review(bench)
    decide(bench)
    send(bench)
    put_in_force(bench, HANDBOOK.replace("closure_days = []", 'closure_days = ["2026-12-10"]'))
    assert lengthen(bench) >= 1
    bench.forget()
    bench.go_to_day(date(2026, 12, 8))
    moved = "The answer to the decisions about AB-1042 is due by Tue 15 Dec, not Mon 14 Dec: the calendar has changed."
    for who in (TEAM_MANAGER, IRO):
        assert [one.text for each in bench.inbox(who) for one in each.card.lines].count(moved) == 1
    bench.forget()
    bench.go_to_day(date(2026, 12, 9))
    assert not [one for each in bench.told for one in each.card.lines if "calendar" in one.text]
