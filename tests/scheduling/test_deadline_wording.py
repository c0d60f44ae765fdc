"""Deadlines in words: the style of the screen, and what is said early, on the day and late."""

import re
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from scheduling.deadline_wording import (
    say_day,
    say_deadline,
    say_first,
    say_left,
    say_list,
    say_not_counted,
    say_time,
    say_total_limit,
    with_its_year,
)
from scheduling.deadlines import HoursRule, agreed, deadline, total_limit
from scheduling.duration import Duration, Unit, parse_duration
from scheduling.working_days import LONDON, WorkingCalendar

CALENDAR = WorkingCalendar()
ROOT = Path(__file__).parents[2]


def london(year: int, month: int, day: int, hour: int = 11, minute: int = 0) -> datetime:
    """A time on a London clock, as UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def test_a_deadline_is_said_so_that_nobody_has_to_count() -> None:
    # Thu 24 Dec 2026 and 10 working days; on Wed 6 Jan: Thu 7, Fri 8, Mon 11, Tue 12 are left
    reached = deadline(london(2026, 12, 24), Duration(10, Unit.WORKING_DAYS), CALENDAR)
    limit = total_limit(london(2026, 12, 24), Duration(20, Unit.WORKING_DAYS), CALENDAR)
    said = (
        f"{say_deadline(reached, london(2027, 1, 6), CALENDAR)} "
        f"{say_total_limit(limit.at, Duration(20, Unit.WORKING_DAYS), london(2027, 1, 6))}"
    )
    assert said == (
        "Reply by 5 pm, Tue 12 Jan 2027 (10 working days; 25 Dec, 28 Dec and 1 Jan not counted). "
        "4 working days left. All stages: 20 working days, to Tue 26 Jan."
    )


@pytest.mark.parametrize(
    ("event", "within", "rule", "brackets"),
    [
        (london(2026, 11, 2), "10 working days", HoursRule.WORKING, "(10 working days)"),
        (london(2026, 11, 2), "1 working day", HoursRule.CLOCK, "(1 working day)"),
        (london(2026, 8, 28), "1 working day", HoursRule.WORKING, "(1 working day; 31 Aug not counted)"),
        (
            london(2026, 12, 24),
            "2 working days",
            HoursRule.WORKING,
            "(2 working days; 25 Dec and 28 Dec not counted)",
        ),
        (london(2027, 1, 8), "24 hours", HoursRule.WORKING, "(24 hours, working days only)"),
        (london(2027, 1, 8), "4 hours", HoursRule.WORKING, "(4 hours, working hours only)"),
        (london(2027, 1, 8), "24 hours", HoursRule.CLOCK, "(24 hours by the clock)"),
        (
            london(2026, 8, 28),
            "24 hours",
            HoursRule.WORKING,
            "(24 hours, working days only; 31 Aug not counted)",
        ),
        (london(2026, 11, 2), "3 months", HoursRule.WORKING, "(3 months)"),
    ],
)
def test_how_it_was_counted_is_said_in_brackets(event: datetime, within: str, rule: HoursRule, brackets: str) -> None:
    reached = deadline(event, parse_duration(within), CALENDAR, rule)
    assert f" {brackets}. " in say_deadline(reached, event, CALENDAR)


def test_hours_are_said_with_their_exact_time() -> None:
    reached = deadline(london(2027, 1, 8, 10, 30), Duration(24, Unit.HOURS), CALENDAR)
    assert say_deadline(reached, london(2027, 1, 8, 10, 30), CALENDAR) == (
        "Reply by 10:30 am, Mon 11 Jan 2027 (24 hours, working days only). 1 working day left."
    )


def test_an_agreed_date_is_said_as_agreed() -> None:
    said = say_deadline(agreed(date(2027, 1, 15), CALENDAR), london(2027, 1, 8), CALENDAR)
    assert said == "Reply by 5 pm, Fri 15 Jan 2027 (date agreed). 5 working days left."


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (london(2027, 1, 6, 9), "2 working days left."),
        (london(2027, 1, 7, 23), "1 working day left."),
        (london(2027, 1, 8, 0, 1), "Due today."),
        (london(2027, 1, 8, 16, 59), "Due today."),
        (london(2027, 1, 8, 17, 0), "Overdue since 5 pm today."),
        (london(2027, 1, 9, 10), "Overdue since 5 pm, Fri 8 Jan."),  # Saturday: no working day since
        (london(2027, 1, 11, 9), "1 working day overdue."),
        (london(2027, 1, 12, 9), "2 working days overdue."),
        (london(2041, 1, 8, 9), None),  # an old concern is not refused for its age
    ],
)
def test_what_is_left_is_told_in_working_days(now: datetime, said: str | None) -> None:
    friday = agreed(date(2027, 1, 8), CALENDAR)
    left = say_left(friday, now, CALENDAR)
    assert left == said if said else left.endswith(" working days overdue.")


def test_overdue_over_new_year_names_the_year() -> None:
    eve = agreed(date(2026, 12, 31), CALENDAR)
    assert say_left(eve, london(2027, 1, 1), CALENDAR) == "Overdue since 5 pm, Thu 31 Dec 2026."


def test_due_on_a_day_off_with_no_working_day_between() -> None:
    sunday = agreed(date(2027, 2, 28), CALENDAR)
    assert say_left(sunday, london(2027, 2, 27), CALENDAR) == "No working day left."


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (london(2027, 1, 9, 11, 0), "24 hours left."),
        (london(2027, 1, 10, 9, 30), "1 hour left."),
        (london(2027, 1, 10, 10, 30), "Less than an hour left."),
        (london(2027, 1, 10, 11, 0), "Less than an hour overdue."),
        (london(2027, 1, 10, 13, 5), "2 hours overdue."),
    ],
)
def test_clock_hours_are_told_in_hours(now: datetime, said: str) -> None:
    sunday = deadline(london(2027, 1, 9, 11, 0), Duration(24, Unit.HOURS), CALENDAR, HoursRule.CLOCK)
    assert say_left(sunday, now, CALENDAR) == said


def test_a_total_limit_that_has_passed_is_said_to_have_passed() -> None:
    at, twenty = london(2027, 1, 26, 17), Duration(20, Unit.WORKING_DAYS)
    assert say_total_limit(at, twenty, london(2027, 1, 26, 16, 59)) == ("All stages: 20 working days, to Tue 26 Jan.")
    assert say_total_limit(at, twenty, at) == "All stages: 20 working days, passed on Tue 26 Jan."
    assert say_total_limit(at, twenty, london(2026, 12, 31, 9)) == "All stages: 20 working days, to Tue 26 Jan 2027."


def test_days_not_counted_stand_beside_a_deadline_with_its_year_and_say_none() -> None:
    assert say_not_counted([date(2026, 12, 28), date(2027, 1, 1)]) == "28 Dec and 1 Jan not counted"
    assert say_not_counted([date(2026, 12, 28), date(2027, 12, 27)]) == "28 Dec 2026 and 27 Dec 2027 not counted"


def test_a_day_of_another_year_says_its_year() -> None:
    day = date(2027, 1, 12)
    assert say_day(day) == "Tue 12 Jan 2027"
    assert say_day(day, date(2027, 3, 1)) == "Tue 12 Jan"
    assert say_day(day, date(2026, 12, 24)) == "Tue 12 Jan 2027"


@pytest.mark.parametrize(
    ("wall", "said"),
    [
        (time(17), "5 pm"),
        (time(10, 30), "10:30 am"),
        (time(9, 5), "9:05 am"),
        (time(12), "12 noon"),
        (time(0), "12 midnight"),
        (time(0, 15), "12:15 am"),
        (time(12, 45), "12:45 pm"),
        (time(16, 59, 59), "4:59 pm"),
    ],
)
def test_times_are_said_as_people_say_them(wall: time, said: str) -> None:
    assert say_time(wall) == said


@pytest.mark.parametrize(
    ("words", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists_are_said_with_and(words: list[str], said: str) -> None:
    assert say_list(words) == said


def test_days_are_put_into_words_here_alone() -> None:
    """A day written by a format of its own sooner or later leaves out a year. Months stand in a report's year."""
    months = {"handlers/report/concern_charts.py", "handlers/report/cells.py", "handlers/figures/reading.py"}
    written = {
        str(path.relative_to(ROOT))
        for floor in ("bot", "handlers", "scheduling", "storage")
        for path in (ROOT / floor).rglob("*.py")
        if re.search(r"%[abBA]\b|%d/", path.read_text(encoding="utf-8"))
    }
    assert written - {"bot/cli.py"} == months  # cli.py reads what is typed


def test_what_is_read_in_a_later_year_has_the_year_beside_each_day_that_had_none() -> None:
    said = "No reply to C-1 by Wed 30 Dec. What next? All stages end on Thu 14 Jan 2027."
    assert with_its_year(said, date(2026, 12, 30)) == (
        "No reply to C-1 by Wed 30 Dec 2026. What next? All stages end on Thu 14 Jan 2027."
    )


def test_of_a_long_list_the_first_are_named_and_the_others_counted() -> None:
    assert say_first(["a", "b", "c"]) == "a, b and c"
    assert say_first([*"abcdefg"]) == "a, b, c, d, e and 2 more"
    assert say_first(["a", "b"], 2, of=1202) == "a, b and 1,200 more"
