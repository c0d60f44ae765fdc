"""The work around a review over Christmas 2026, task by task and by the day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.duration import parse_duration
from scheduling.procedures import load_procedures, shipped_names
from scheduling.procedures.review_values import review_values
from scheduling.review_tasks import COUNTED_FROM, ReviewDays, TaskRule, day_before, halfway, tasks_for
from scheduling.working_days import WorkingCalendar

CALENDAR = WorkingCalendar()
HANDBOOK = review_values(load_procedures("handbook")).tasks
NOTTINGHAMSHIRE = review_values(load_procedures("nottinghamshire")).tasks
EVERYTHING = tuple(replace(task, on=True) for task in HANDBOOK)

NOT_BOOKED = ReviewDays(due_on=date(2027, 1, 7))
BOOKED = replace(NOT_BOOKED, booked_for=date(2027, 1, 5))
HELD = ReviewDays(
    due_on=date(2027, 1, 7),
    booked_for=date(2027, 1, 7),
    held_on=date(2027, 1, 7),
    completed_on=date(2027, 1, 7),
    next_due_on=date(2027, 4, 7),
)


def planned(days: ReviewDays, rules: tuple[TaskRule, ...] = HANDBOOK) -> dict[str, date]:
    return {task.key: task.due_on for task in tasks_for(rules, days, CALENDAR)}


def test_before_a_review_is_booked_there_is_booking_it_and_its_papers() -> None:
    assert planned(NOT_BOOKED) == {"book": date(2026, 12, 14), "papers_in": date(2027, 1, 4)}


def test_the_papers_move_with_the_booking_and_booking_does_not() -> None:
    assert planned(BOOKED) == {"book": date(2026, 12, 14), "papers_in": date(2026, 12, 30)}


def test_a_review_held_sets_off_what_is_due_after_it() -> None:
    assert planned(HELD) == {
        "book": date(2026, 12, 14),
        "papers_in": date(2027, 1, 4),
        "decisions": date(2027, 1, 14),
        "record_written": date(2027, 1, 28),
        "record_sent": date(2027, 2, 4),
        "midway": date(2027, 2, 19),  # halfway is Sun 21 Feb
    }


def test_each_task_has_its_owner_and_its_words_and_the_soonest_comes_first() -> None:
    found = tasks_for(HANDBOOK, HELD, CALENDAR)
    assert [(task.label, task.owner) for task in found] == [
        ("Book the review", "support"),
        ("Papers to the IRO", "social_worker"),
        ("Decisions to the manager", "iro"),
        ("Full record written", "iro"),
        ("Full record sent out", "support"),
        ("Midway check", "iro"),
    ]


def test_decisions_are_agreed_within_five_working_days_of_their_delivery() -> None:
    delivered = replace(HELD, delivered_on=date(2027, 3, 23))  # over Easter
    assert planned(delivered)["decisions_agreed"] == date(2027, 4, 1)


def test_a_series_still_running_owes_no_record_yet() -> None:
    running = replace(HELD, completed_on=None)
    assert set(planned(running)) == {"book", "papers_in", "midway"}
    ended = replace(HELD, completed_on=date(2027, 1, 21))
    assert planned(ended)["decisions"] == date(2027, 1, 28)
    assert planned(ended)["midway"] == date(2027, 2, 19)  # the next date counts from the start


def test_a_last_review_has_no_midway() -> None:
    assert "midway" not in planned(replace(HELD, next_due_on=None))


def test_seen_and_spoken_to_are_tasks_apart_in_nottinghamshire() -> None:
    found = planned(HELD, NOTTINGHAMSHIRE)
    assert found["child_spoken_to"] == date(2026, 12, 24)  # fourteen days before
    assert found["child_seen"] == date(2027, 4, 7)  # once, by the next review
    assert not {"child_seen", "child_spoken_to"} & set(planned(HELD))


def test_all_that_can_be_switched_on() -> None:
    first = replace(HELD, looked_after_from=date(2026, 12, 7), delivered_on=date(2027, 1, 14))
    found = planned(first, EVERYTHING)
    assert {key: found[key] for key in set(found) - set(planned(first))} == {
        "social_worker_talk": date(2026, 12, 14),
        "child_spoken_to": date(2026, 12, 24),
        "child_seen": date(2027, 4, 7),
        "informal_in_writing": date(2027, 1, 8),  # "24 working hours": the next working day
        "plan_updated": date(2027, 1, 21),
        "education_plan": date(2026, 12, 21),
        "health_assessment": date(2027, 1, 7),
        "statutory_visits": date(2027, 1, 18),
        "dental_check": date(2027, 1, 7),
        "strengths_and_difficulties": date(2027, 1, 7),
        "letter_to_child": date(2027, 1, 21),
        "feedback_to_team_manager": date(2027, 1, 14),
    }


def test_what_counts_from_becoming_looked_after_belongs_to_the_first_review() -> None:
    assert not {"education_plan", "health_assessment", "statutory_visits"} & set(planned(HELD, EVERYTHING))
    visited = replace(HELD, visited_on=date(2027, 1, 11))
    assert planned(visited, EVERYTHING)["statutory_visits"] == date(2027, 2, 22)


def test_a_task_is_asked_for_only_between_its_days() -> None:
    (letter,) = [task for task in EVERYTHING if task.key == "letter_to_child"]
    assert planned(HELD, (replace(letter, from_on=date(2027, 1, 7), to_on=date(2027, 1, 7)),))
    assert not planned(HELD, (replace(letter, from_on=date(2027, 1, 8)),))
    assert not planned(HELD, (replace(letter, to_on=date(2027, 1, 6)),))


def test_a_day_that_is_not_worked_is_brought_forward() -> None:
    (letter,) = [task for task in EVERYTHING if task.key == "letter_to_child"]
    christmas = replace(HELD, completed_on=date(2026, 12, 11))
    assert planned(christmas, (letter,)) == {"letter_to_child": date(2026, 12, 24)}


def test_closure_days_make_nothing_later() -> None:
    shut = WorkingCalendar(closures=frozenset(date(2026, 12, 29) + timedelta(days=n) for n in range(3)))
    days = ReviewDays(due_on=date(2027, 1, 5), completed_on=date(2026, 12, 22))
    found = {task.key: task.due_on for task in tasks_for(HANDBOOK, days, shut)}
    assert found["decisions"] == date(2026, 12, 24)  # the law's fifth day is 31 Dec, and nobody is there
    assert found["papers_in"] == date(2026, 12, 23)  # 4 Jan, 24 and 23 Dec


@given(held=st.dates(date(2022, 6, 1), date(2028, 3, 1)), length=st.integers(1, 184))
def test_midway_is_a_working_day_not_past_the_middle_and_at_most_five_days_before(held: date, length: int) -> None:
    found = halfway(held, held + timedelta(days=length), CALENDAR)
    middle = held + timedelta(days=length // 2)
    assert CALENDAR.is_working(found)
    assert found <= middle <= found + timedelta(days=5)


@pytest.mark.parametrize(
    ("before", "day"),
    [
        ("3 working days", date(2027, 1, 4)),
        ("24 hours", date(2027, 1, 6)),
        ("30 hours", date(2027, 1, 5)),
        ("14 days", date(2026, 12, 24)),
        ("2 weeks", date(2026, 12, 24)),
        ("2 months", date(2026, 11, 7)),
    ],
)
def test_so_long_before(before: str, day: date) -> None:
    assert day_before(date(2027, 1, 7), parse_duration(before), CALENDAR) == day


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_task_can_be_planned(name: str) -> None:
    tasks = review_values(load_procedures(name)).tasks
    assert {task.counted_from for task in tasks} <= set(COUNTED_FROM)
    everything = tuple(replace(task, on=True) for task in tasks)
    whole = replace(HELD, looked_after_from=date(2026, 12, 7), delivered_on=date(2027, 1, 14))
    assert set(planned(whole, everything)) == {task.key for task in tasks}
