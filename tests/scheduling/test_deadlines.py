"""Deadlines: worked by hand from printed calendars, then properties that hold for every event."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.deadlines import (
    Deadline,
    HoursRule,
    agreed,
    close_of,
    deadline,
    lengthened,
    total_limit,
)
from scheduling.duration import Duration, Unit, parse_duration
from scheduling.working_days import LONDON, WorkingCalendar, local

CALENDAR = WorkingCalendar()


def london(year: int, month: int, day: int, hour: int = 11, minute: int = 0) -> datetime:
    """A time on a London clock, as UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def due(event: datetime, within: str, rule: HoursRule = HoursRule.WORKING) -> datetime:
    """When it is due, by a London clock."""
    return local(deadline(event, parse_duration(within), CALENDAR, rule).at)


@pytest.mark.parametrize(
    ("event", "within", "expected"),
    [
        # Christmas 2026: Fri 25 and Mon 28 Dec (for Sat 26) and Fri 1 Jan do not count.
        # Thu 24 Dec: 25 off, 26-27 weekend, 28 off, 29 (1)
        (date(2026, 12, 24), "1 working day", date(2026, 12, 29)),
        # 29 (1), 30, 31 (3), 1 Jan off, Mon 4 (4), Tue 5 (5)
        (date(2026, 12, 24), "5 working days", date(2027, 1, 5)),
        # Tue 5 (5), 6, 7, 8 (8), Mon 11 (9), Tue 12 (10)
        (date(2026, 12, 24), "10 working days", date(2027, 1, 12)),
        # Tue 12 (10), 13-15 (13), 18-22 (18), Mon 25 (19), Tue 26 (20)
        (date(2026, 12, 24), "20 working days", date(2027, 1, 26)),
        # Looked after Mon 7 Dec: 8-11 (4), 14-18 (9), 21-24 (13), 29-31 (16), 4-7 Jan (20)
        (date(2026, 12, 7), "20 working days", date(2027, 1, 7)),
        # Boxing Day is a Saturday, day 0 all the same: 27 weekend, 28 off, 29 (1)
        (date(2026, 12, 26), "1 working day", date(2026, 12, 29)),
        # Christmas 2027 falls on Saturday: Mon 27 and Tue 28 off, Wed 29 (1)
        (date(2027, 12, 24), "1 working day", date(2027, 12, 29)),
        # New Year 2028 falls on Saturday: Mon 3 Jan off, Tue 4 (1)
        (date(2027, 12, 31), "1 working day", date(2028, 1, 4)),
        # Easter 2026: Fri 3 and Mon 6 Apr off. Thu 2 (1), Tue 7 (2)
        (date(2026, 4, 1), "2 working days", date(2026, 4, 7)),
        # 10-13 Mar (4), 16-20 (9), 23-27 (14), 30 Mar-2 Apr (18), Tue 7 (19), Wed 8 (20)
        (date(2026, 3, 9), "20 working days", date(2026, 4, 8)),
        # Jubilee 2022: Thu 2 and Fri 3 Jun off; Mon 6 (1)
        (date(2022, 6, 1), "1 working day", date(2022, 6, 6)),
        # Mon 30 May was worked that year: 30, 31 May, 1 Jun (3), Mon 6 (4), Tue 7 (5)
        (date(2022, 5, 27), "5 working days", date(2022, 6, 7)),
        # State Funeral Mon 19 Sep 2022: Tue 20 (1)
        (date(2022, 9, 16), "1 working day", date(2022, 9, 20)),
        # Thu 15, Fri 16 (2), Mon 19 off, 20, 21, 22 (5)
        (date(2022, 9, 14), "5 working days", date(2022, 9, 22)),
        # Coronation Mon 8 May 2023: 9-12 (4), Mon 15 (5)
        (date(2023, 5, 5), "5 working days", date(2023, 5, 15)),
        # Both May Mondays: Fri 28 Apr (1), 1 May off, 2-5 (5), 8 off, 9-12 (9), Mon 15 (10)
        (date(2023, 4, 27), "10 working days", date(2023, 5, 15)),
        # Clocks go forward on Sun 29 Mar 2026: Mon 30 (1)
        (date(2026, 3, 27), "1 working day", date(2026, 3, 30)),
        # Clocks go back on Sun 25 Oct 2026: Mon 26 (1)
        (date(2026, 10, 23), "1 working day", date(2026, 10, 26)),
    ],
)
@pytest.mark.parametrize("hour", [0, 9, 16, 23])
def test_working_days_end_at_five_on_the_nth_working_day_after_the_date_of_the_event(
    event: date, within: str, expected: date, hour: int
) -> None:
    reached = due(london(event.year, event.month, event.day, hour, 30), within)
    assert (reached.date(), reached.time()) == (expected, time(17))


def test_close_of_business_is_five_by_the_london_clock_on_both_sides_of_a_clock_change() -> None:
    spring = deadline(london(2026, 3, 27), Duration(1, Unit.WORKING_DAYS), CALENDAR)
    autumn = deadline(london(2026, 10, 23), Duration(1, Unit.WORKING_DAYS), CALENDAR)
    assert spring.at == datetime(2026, 3, 30, 16, tzinfo=UTC)
    assert autumn.at == datetime(2026, 10, 26, 17, tzinfo=UTC)


def test_day_0_is_the_london_date_and_not_the_utc_date() -> None:
    half_past_midnight_on_wednesday = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert due(half_past_midnight_on_wednesday, "1 working day").date() == date(2026, 7, 2)


@pytest.mark.parametrize(
    ("event", "within", "expected"),
    [
        # Mon 1 Jun 2026 and 28 days: Mon 29 Jun
        (london(2026, 6, 1), "28 days", london(2026, 6, 29, 17)),
        (london(2026, 6, 1), "4 weeks", london(2026, 6, 29, 17)),
        # Three months from 25 Sep is Christmas Day, and stays there
        (london(2026, 9, 25), "3 months", london(2026, 12, 25, 17)),
        # 31 Aug and six months: clamped to Sun 28 Feb, not rolled forward
        (london(2026, 8, 31), "6 months", london(2027, 2, 28, 17)),
        (london(2027, 8, 31), "6 months", london(2028, 2, 29, 17)),
    ],
)
def test_days_weeks_and_months_end_at_five_on_that_date_and_are_not_rolled_forward(
    event: datetime, within: str, expected: datetime
) -> None:
    reached = deadline(event, parse_duration(within), CALENDAR)
    assert reached.at == expected
    assert reached.not_counted == ()


@pytest.mark.parametrize(
    ("event", "within", "expected"),
    [
        # Friday morning: Monday, same time
        (london(2027, 1, 8, 10, 30), "24 hours", london(2027, 1, 11, 10, 30)),
        (london(2027, 1, 8, 16, 59), "24 hours", london(2027, 1, 11, 16, 59)),
        # At close on Friday: counts as given at 9 on Monday, so Tuesday at 9
        (london(2027, 1, 8, 17, 0), "24 hours", london(2027, 1, 12, 9, 0)),
        (london(2027, 1, 9, 12, 0), "24 hours", london(2027, 1, 12, 9, 0)),  # Saturday: the same
        # Before opening on Monday: from 9 on Monday
        (london(2027, 1, 11, 7, 30), "24 hours", london(2027, 1, 12, 9, 0)),
        # Christmas Eve, Thursday: 25 off, weekend, 28 off, Tue 29
        (london(2026, 12, 24, 10, 30), "24 hours", london(2026, 12, 29, 10, 30)),
        # Christmas Day: given at 9 on Tue 29, so Wed 30 at 9
        (london(2026, 12, 25, 10, 30), "24 hours", london(2026, 12, 30, 9, 0)),
        (london(2027, 1, 8, 10, 30), "48 hours", london(2027, 1, 12, 10, 30)),
        # Same London time though the clocks went forward (Sun 29 Mar) or back (Sun 25 Oct)
        (london(2026, 3, 27, 10, 30), "24 hours", datetime(2026, 3, 30, 9, 30, tzinfo=UTC)),
        (london(2026, 10, 23, 10, 30), "24 hours", datetime(2026, 10, 26, 10, 30, tzinfo=UTC)),
        # Hours that make no whole day run while the office is open: 2 on Thu 24 Dec, 6 on Tue 29
        (london(2026, 12, 24, 15, 0), "8 hours", london(2026, 12, 29, 15, 0)),
        (london(2027, 1, 8, 9, 0), "8 hours", london(2027, 1, 8, 17, 0)),  # a full day ends at its close
        (london(2027, 1, 8, 16, 30), "1 hour", london(2027, 1, 11, 9, 30)),  # half an hour each side
        (london(2027, 1, 9, 12, 0), "4 hours", london(2027, 1, 11, 13, 0)),  # Saturday: from 9 on Monday
        # 20 hours: 7 on Fri 8 from 10, 8 on Mon 11, 5 on Tue 12
        (london(2027, 1, 8, 10, 0), "20 hours", london(2027, 1, 12, 14, 0)),
    ],
)
def test_hours_run_on_working_days_alone_by_default(event: datetime, within: str, expected: datetime) -> None:
    assert deadline(event, parse_duration(within), CALENDAR).at == expected


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        # Sat 28 Mar 2026 noon GMT; the night has 23 hours, so 1 pm BST
        (london(2026, 3, 28, 12), london(2026, 3, 29, 13)),
        # Sat 24 Oct 2026 noon BST; the night has 25 hours, so 11 am GMT
        (london(2026, 10, 24, 12), london(2026, 10, 25, 11)),
        (london(2026, 12, 24, 16), london(2026, 12, 25, 16)),
    ],
)
def test_clock_hours_are_elapsed_time_at_any_hour_of_any_day(event: datetime, expected: datetime) -> None:
    reached = deadline(event, Duration(24, Unit.HOURS), CALENDAR, HoursRule.CLOCK)
    assert reached.at == expected
    assert reached.not_counted == ()


def test_a_deadline_remembers_what_was_not_counted() -> None:
    reached = deadline(london(2026, 12, 24), Duration(10, Unit.WORKING_DAYS), CALENDAR)
    assert reached.not_counted == (date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1))
    hours = deadline(london(2026, 12, 24), Duration(24, Unit.HOURS), CALENDAR)
    assert hours.not_counted == (date(2026, 12, 25), date(2026, 12, 28))


def test_closure_days_and_one_off_days_move_a_deadline() -> None:
    ten = Duration(10, Unit.WORKING_DAYS)
    shut = WorkingCalendar(closures=frozenset({date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31)}))
    # without 29-31 Dec: Mon 4 (1) to Fri 8 (5), Mon 11 (6) to Fri 15 (10)
    assert deadline(london(2026, 12, 24), ten, shut).at == london(2027, 1, 15, 17)
    worked = WorkingCalendar(extra_working=frozenset({date(2026, 12, 28)}))
    # Mon 28 Dec (1) to Thu 31 (4), Mon 4 (5) to Fri 8 (9), Mon 11 (10)
    assert deadline(london(2026, 12, 24), ten, worked).at == london(2027, 1, 11, 17)


def test_the_hours_of_the_authority_close_its_deadlines() -> None:
    early = WorkingCalendar(opens=time(8, 30), closes=time(16, 30))
    assert deadline(london(2027, 1, 8), Duration(1, Unit.WORKING_DAYS), early).at == london(2027, 1, 11, 16, 30)
    assert deadline(london(2027, 1, 8, 16, 45), Duration(24, Unit.HOURS), early).at == london(2027, 1, 12, 8, 30)


def test_an_event_without_a_time_zone_is_refused() -> None:
    naive = datetime(2027, 1, 8, 9)  # noqa: DTZ001 - the refusal of exactly this is what is tested
    with pytest.raises(ValueError, match="without a time zone"):
        deadline(naive, Duration(1, Unit.DAYS), CALENDAR)


def test_the_total_limit_counts_as_a_deadline_does() -> None:
    assert total_limit(london(2026, 12, 24), Duration(20, Unit.WORKING_DAYS), CALENDAR).at == london(2027, 1, 26, 17)


def test_an_agreed_date_ends_at_its_close_of_business() -> None:
    assert close_of(date(2026, 7, 1), CALENDAR) == datetime(2026, 7, 1, 16, tzinfo=UTC)
    assert agreed(date(2026, 7, 1), CALENDAR) == Deadline(
        at=datetime(2026, 7, 1, 16, tzinfo=UTC), not_counted=(), counted=None
    )


def test_a_new_holiday_lengthens_an_open_clock_and_is_named() -> None:
    event, ten = london(2026, 11, 2), Duration(10, Unit.WORKING_DAYS)
    before = deadline(event, ten, CALENDAR).at
    mourning = WorkingCalendar(closures=frozenset({date(2026, 11, 9)}))
    after = lengthened(before, event, ten, mourning)
    assert (before, after.at) == (london(2026, 11, 16, 17), london(2026, 11, 17, 17))
    assert after.not_counted == (date(2026, 11, 9),)


def test_a_holiday_taken_back_does_not_shorten_an_open_clock() -> None:
    event, ten = london(2026, 12, 24), Duration(10, Unit.WORKING_DAYS)
    before = deadline(event, ten, CALENDAR).at
    worked = WorkingCalendar(extra_working=frozenset({date(2026, 12, 28)}))
    assert lengthened(before, event, ten, worked).at == before


# The zone is added to each.
moments = st.datetimes(datetime(2022, 1, 1), datetime(2028, 6, 30), timezones=st.just(UTC))  # noqa: DTZ001
durations = st.one_of(
    st.builds(Duration, st.integers(1, 45), st.just(Unit.WORKING_DAYS)),
    st.builds(Duration, st.integers(1, 120), st.just(Unit.HOURS)),
    st.builds(Duration, st.sampled_from([24, 48, 72]), st.just(Unit.HOURS)),
    st.builds(Duration, st.integers(1, 6), st.sampled_from([Unit.DAYS, Unit.WEEKS, Unit.MONTHS])),
)
rules = st.sampled_from(list(HoursRule))
some_days = st.frozensets(st.dates(date(2022, 1, 1), date(2028, 12, 31)), max_size=30)
calendars = st.builds(
    WorkingCalendar,
    opens=st.sampled_from([time(8), time(9)]),
    closes=st.sampled_from([time(16, 30), time(17), time(18, 15)]),
    closures=some_days,
    extra_working=some_days,
)


@given(moments, st.timedeltas(timedelta(0), timedelta(days=6)), durations, calendars, rules)
@settings(deadline=None)
def test_a_later_event_is_never_due_earlier(
    event: datetime, gap: timedelta, within: Duration, calendar: WorkingCalendar, rule: HoursRule
) -> None:
    earlier = deadline(event, within, calendar, rule)
    later = deadline(event + gap, within, calendar, rule)
    assert event < earlier.at <= later.at


@given(moments, durations, calendars, some_days, some_days, rules)
@settings(deadline=None)
def test_a_changed_calendar_never_shortens_an_open_clock(
    event: datetime,
    within: Duration,
    calendar: WorkingCalendar,
    closed: frozenset[date],
    worked: frozenset[date],
    rule: HoursRule,
) -> None:
    before = deadline(event, within, calendar, rule).at
    changed = replace(calendar, closures=calendar.closures | closed, extra_working=worked)
    after = lengthened(before, event, within, changed, rule)
    assert after.at == max(before, deadline(event, within, changed, rule).at)


@given(moments, durations, calendars, some_days, rules)
@settings(deadline=None)
def test_more_closures_never_make_a_deadline_earlier(
    event: datetime, within: Duration, calendar: WorkingCalendar, closed: frozenset[date], rule: HoursRule
) -> None:
    more = replace(calendar, closures=calendar.closures | closed)
    assert deadline(event, within, more, rule).at >= deadline(event, within, calendar, rule).at


@given(moments, durations, calendars)
@settings(deadline=None)
def test_under_working_hours_nothing_is_due_outside_them_but_calendar_dates(
    event: datetime, within: Duration, calendar: WorkingCalendar
) -> None:
    at = local(deadline(event, within, calendar).at)
    if within.unit in (Unit.WORKING_DAYS, Unit.HOURS):
        assert calendar.is_working(at.date())
    if within.unit is Unit.HOURS:
        assert calendar.opens <= at.time() <= calendar.closes
    else:
        assert at.time() == calendar.closes
