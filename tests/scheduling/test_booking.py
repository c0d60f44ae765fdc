"""Booking early, and what puts a review at risk, by the day."""

from datetime import date

import pytest

from scheduling.booking import Risk, at_risk, book_by
from scheduling.duration import parse_duration
from scheduling.procedures import load_procedures
from scheduling.procedures.review_values import review_values
from scheduling.timetable import NextDue, next_due
from scheduling.working_days import WorkingCalendar

CALENDAR = WorkingCalendar()
ROTHERHAM = review_values(load_procedures("rotherham"))
NEW_YEAR = date(2027, 1, 7)  # a Thursday; ten working days before it is Mon 21 Dec 2026


def due(*held: date, track: str = "looked_after") -> NextDue:
    found = next_due(
        ROTHERHAM.rules, track=track, track_from=date(2026, 1, 5), held=held, born=None, calendar=CALENDAR,
        on=date(2026, 11, 21),
    )  # fmt: skip
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("held", "key", "on"),
    [
        ([date(2026, 12, 7)], "book_second_review", date(2027, 2, 15)),  # ten weeks
        ([date(2026, 2, 2), date(2026, 8, 31)], "book_later_reviews", date(2027, 1, 29)),  # Sun 31 Jan, so Friday
        ([date(2026, 2, 2), date(2026, 9, 30)], "book_later_reviews", date(2027, 2, 26)),  # Sun 28 Feb: clamped
    ],
)
def test_rotherham_books_at_ten_weeks_and_at_five_months(held: list[date], key: str, on: date) -> None:
    (target,) = book_by(ROTHERHAM.targets, due(*held), CALENDAR)
    assert (target.key, target.on) == (key, on)


def test_a_target_is_for_its_own_review_track_and_time() -> None:
    assert book_by(ROTHERHAM.targets, due(), CALENDAR) == ()
    assert book_by(ROTHERHAM.targets, due(date(2026, 8, 3), track="short_breaks"), CALENDAR) == ()
    assert book_by(ROTHERHAM.targets, due(date(2015, 3, 31)), CALENDAR) == ()
    assert book_by(ROTHERHAM.targets, due(date(2015, 4, 1)), CALENDAR) != ()


def test_a_target_is_never_later_than_the_review_is_due() -> None:
    (target,) = [t for t in ROTHERHAM.targets if t.key == "book_second_review"]
    later = type(target)(
        key="late", label="Late", order="second", within=parse_duration("5 months"), from_on=date(2015, 4, 1)
    )
    found = book_by([later, target], due(date(2026, 12, 7)), CALENDAR)
    assert [(t.key, t.on) for t in found] == [
        ("book_second_review", date(2027, 2, 15)),
        ("late", date(2027, 3, 5)),  # due on Sun 7 Mar
    ]


def risks(today: date, booked_for: date | None = None, papers_in: bool = True) -> tuple[Risk, ...]:
    return at_risk(due_on=NEW_YEAR, booked_for=booked_for, papers_in=papers_in, today=today, calendar=CALENDAR)


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (date(2026, 12, 18), ()),
        (date(2026, 12, 20), ()),  # Sunday: eleven working days lie ahead
        (date(2026, 12, 21), (Risk.NOT_BOOKED,)),
        (date(2027, 1, 7), (Risk.NOT_BOOKED,)),
        (date(2027, 2, 1), (Risk.NOT_BOOKED,)),
    ],
)
def test_at_risk_when_due_within_ten_working_days_and_not_booked(today: date, found: tuple[Risk, ...]) -> None:
    assert risks(today) == found
    assert risks(today, booked_for=date(2027, 1, 6)) == ()


def test_at_risk_however_early_when_booked_after_the_due_date() -> None:
    assert risks(date(2026, 12, 8), booked_for=date(2027, 1, 8)) == (Risk.BOOKED_LATE,)
    assert risks(date(2026, 12, 8), booked_for=NEW_YEAR) == ()


@pytest.mark.parametrize(
    ("today", "booked_for", "missing"),
    [
        (date(2026, 12, 31), NEW_YEAR, False),
        (date(2027, 1, 4), NEW_YEAR, True),  # three working days before
        (date(2026, 12, 29), date(2027, 1, 5), False),
        (date(2026, 12, 30), date(2027, 1, 5), True),  # 4 Jan, 31 and 30 Dec
    ],
)
def test_at_risk_when_papers_are_not_in_three_working_days_before(today: date, booked_for: date, missing: bool) -> None:
    assert risks(today, booked_for, papers_in=False) == ((Risk.PAPERS_MISSING,) if missing else ())
    assert risks(today, booked_for, papers_in=True) == ()


def test_every_reason_is_named() -> None:
    assert risks(date(2027, 1, 6), papers_in=False) == (Risk.NOT_BOOKED, Risk.PAPERS_MISSING)
    assert risks(date(2027, 1, 6), date(2027, 1, 8), papers_in=False) == (Risk.BOOKED_LATE, Risk.PAPERS_MISSING)


def test_an_authority_may_look_further_ahead() -> None:
    found = at_risk(
        due_on=NEW_YEAR, booked_for=None, papers_in=True, today=date(2026, 12, 14), calendar=CALENDAR,
        within=parse_duration("15 working days"),
    )  # fmt: skip
    assert found == (Risk.NOT_BOOKED,)
