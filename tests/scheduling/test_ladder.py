"""The ladder: which rungs a stage plans, and on which mornings a reply is named."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.duration import Duration, Unit
from scheduling.ladder import (
    Rung,
    after_deadline,
    for_stage,
    manager_named_today,
    named_today,
    working_days_before,
)
from scheduling.working_days import WorkingCalendar, local
from tests.bench import utc

CALENDAR = WorkingCalendar()
TWO, FIVE, TEN = (Duration(number=number, unit=Unit.WORKING_DAYS) for number in (2, 5, 10))
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def _stage(*, due: str = "", seen: str = "", informal: bool = False) -> list[tuple[Rung, str]]:
    planned = for_stage(
        started_at=utc("2026-12-07"),
        due_at=utc(due, "17:00") if due else None,
        seen_due_at=utc(seen, "10:30") if seen else None,
        informal_asked_after=TEN,
        informal=informal,
        calendar=CALENDAR,
    )
    return [(one.rung, local(one.at).date().isoformat()) for one in planned]


def test_a_stage_with_a_clock_plans_its_deadline() -> None:
    assert _stage(due="2026-12-21") == [(Rung.DEADLINE, "2026-12-21")]
    assert _stage(due="2026-12-21", informal=True) == [(Rung.DEADLINE, "2026-12-21")]


def test_an_informal_stage_without_a_clock_plans_the_question() -> None:
    assert _stage(informal=True) == [(Rung.INFORMAL, "2026-12-21")]


def test_a_formal_stage_without_a_clock_plans_nothing() -> None:
    assert _stage() == []


def test_the_immediate_route_plans_its_hour_beside_the_deadline() -> None:
    assert _stage(due="2026-12-08", seen="2026-12-07") == [
        (Rung.DEADLINE, "2026-12-08"),
        (Rung.UNSEEN, "2026-12-07"),
    ]


def test_after_a_deadline_come_the_iro_manager_and_then_the_next_senior() -> None:
    planned = after_deadline(utc("2026-12-21", "17:00"), FIVE, 2, FIVE, CALENDAR)
    assert [(one.rung, one.at) for one in planned] == [
        (Rung.DECISION, utc("2026-12-30", "17:00")),
        (Rung.NEXT_SENIOR, utc("2027-01-07", "09:00")),
    ]


def test_after_downtime_the_next_steps_count_from_waking() -> None:
    woken = utc("2027-02-15", "11:00")
    assert all(one.at > woken + timedelta(days=6) for one in after_deadline(woken, FIVE, 2, FIVE, CALENDAR))


@pytest.mark.parametrize(
    ("today", "named"),
    [
        ("2026-12-16", False),
        ("2026-12-17", True),
        ("2026-12-18", False),
        ("2026-12-21", True),
        ("2026-12-22", True),
        ("2027-01-04", True),
    ],
)
def test_an_addressee_is_named_two_working_days_before_on_the_day_and_after(today: str, named: bool) -> None:
    assert named_today(date(2026, 12, 21), date.fromisoformat(today), TWO, CALENDAR) is named


def test_what_falls_due_on_a_day_off_is_named_on_the_working_day_before() -> None:
    sunday = date(2026, 12, 13)
    named = [day for day in range(7, 14) if named_today(sunday, date(2026, 12, day), TWO, CALENDAR)]
    assert named == [9, 11, 13]


def test_the_line_manager_is_named_weekly_on_working_days() -> None:
    due = date(2026, 12, 21)
    week = [due + timedelta(days=number) for number in range(-3, 26)]
    named = [day for day in week if manager_named_today(due, day, FIVE, CALENDAR)]
    assert named == [date(2026, 12, 30), date(2027, 1, 7), date(2027, 1, 14)]


@given(day=days, number=st.integers(0, 15))
def test_so_many_working_days_are_left_until_the_day(day: date, number: int) -> None:
    before = working_days_before(day, number, CALENDAR)
    assert CALENDAR.is_working(before)
    assert CALENDAR.count(before, CALENDAR.previous_working(day)) == number


@given(due=days, gap=st.integers(1, 20))
def test_nobody_is_named_between_the_first_reminder_and_the_day(due: date, gap: int) -> None:
    first = working_days_before(due, TWO.number, CALENDAR)
    assert not named_today(due, first - timedelta(days=gap), TWO, CALENDAR)
    assert named_today(due, first, TWO, CALENDAR)
    assert named_today(due, due + timedelta(days=gap), TWO, CALENDAR)
