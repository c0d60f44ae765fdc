"""When a review is due, word for word."""

from datetime import date

import pytest

from scheduling.duration import parse_duration
from scheduling.procedures import load_procedures
from scheduling.procedures.review_values import review_values
from scheduling.review_wording import say_next_due, say_review_due
from scheduling.timetable import ReviewOrder, next_due
from scheduling.working_days import WorkingCalendar

CALENDAR = WorkingCalendar()
TODAY = date(2026, 12, 7)


def said(order: ReviewOrder, due_on: date, within: str, counted_from: date, today: date = TODAY) -> str:
    return say_review_due(
        due_on, order, within=parse_duration(within), counted_from=counted_from, today=today, calendar=CALENDAR
    )


@pytest.mark.parametrize(
    ("order", "due_on", "within", "counted_from", "words"),
    [
        (
            "first", date(2027, 1, 7), "20 working days", date(2026, 12, 7),
            "First review due by Thu 7 Jan 2027 (20 working days; 25 Dec, 28 Dec and 1 Jan not counted)",
        ),
        (
            "first", date(2027, 2, 5), "20 working days", date(2027, 1, 8),
            "First review due by Fri 5 Feb 2027 (20 working days)",
        ),
        (
            "second", date(2027, 3, 8), "3 months", date(2026, 12, 8),
            "Second review due by Mon 8 Mar 2027 (3 months from Tue 8 Dec 2026)",
        ),
        (
            "second", date(2027, 3, 7), "3 months", date(2026, 12, 7),
            "Second review due by Sun 7 Mar 2027 (3 months from Mon 7 Dec 2026), a Sunday: aim for Fri 5 Mar 2027",
        ),
        (
            "later", date(2027, 2, 27), "180 days", date(2026, 8, 31),
            "Next review due by Sat 27 Feb 2027 (180 days from Mon 31 Aug 2026), a Saturday: aim for Fri 26 Feb 2027",
        ),
        (
            "later", date(2027, 3, 29), "6 months", date(2026, 9, 29),
            "Next review due by Mon 29 Mar 2027 (6 months from Tue 29 Sep 2026), "
            "not a working day: aim for Thu 25 Mar 2027",
        ),
    ],
)  # fmt: skip
def test_a_review_due_is_said_so_that_nobody_has_to_count(
    order: ReviewOrder, due_on: date, within: str, counted_from: date, words: str
) -> None:
    assert said(order, due_on, within, counted_from) == words


def test_a_day_that_has_passed_was_due_and_nobody_is_asked_to_aim_for_a_day_gone() -> None:
    sunday, since = date(2027, 3, 7), date(2026, 12, 7)
    assert "due by Sun 7 Mar 2027 (3 months from Mon 7 Dec 2026), a Sunday: aim for Fri 5 Mar" in said(
        "second", sunday, "3 months", since, today=date(2027, 3, 5)
    )
    assert said("second", sunday, "3 months", since, today=date(2027, 3, 6)) == (
        "Second review due by Sun 7 Mar 2027 (3 months from Mon 7 Dec 2026)"
    )
    assert said("second", sunday, "3 months", since, today=sunday).startswith("Second review due by")
    assert said("second", sunday, "3 months", since, today=date(2027, 3, 8)) == (
        "Second review was due by Sun 7 Mar 2027 (3 months from Mon 7 Dec 2026)"
    )


def test_a_date_that_was_not_counted_is_said_alone() -> None:
    words = say_review_due(date(2026, 12, 16), "later", within=None, counted_from=None, today=TODAY, calendar=CALENDAR)
    assert words == "Next review due by Wed 16 Dec 2026"


def test_the_authoritys_closure_days_are_not_among_those_not_counted() -> None:
    shut = WorkingCalendar(closures=frozenset({date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31)}))
    law = review_values(load_procedures("handbook")).rules
    due = next_due(law, track="looked_after", track_from=TODAY, held=(), born=None, calendar=shut, on=TODAY)
    assert due is not None
    assert say_next_due(due, TODAY, shut) == (
        "First review due by Thu 7 Jan 2027 (20 working days; 25 Dec, 28 Dec and 1 Jan not counted)"
    )
