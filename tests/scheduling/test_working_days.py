"""The calendar: against gov.uk's printed days and a plain count by hand, with closures and one-off days."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.working_days import WorkingCalendar, bank_holidays, local
from tests.scheduling.bank_holidays import EVERY_BANK_HOLIDAY, GOV_UK

CALENDAR = WorkingCalendar()
ONE_DAY = timedelta(days=1)
NO_DAYS: frozenset[date] = frozenset()

# Starts leave room for 60 working days and closures on either side inside the years typed by hand.
days = st.dates(date(2022, 6, 1), date(2028, 6, 30))
some_days = st.frozensets(st.dates(date(2022, 1, 1), date(2028, 12, 31)), max_size=40)


def works(day: date, closures: frozenset[date] = NO_DAYS, extra: frozenset[date] = NO_DAYS) -> bool:
    """The rule in one line, from the days typed by hand."""
    return day in extra or (day.weekday() < 5 and day not in EVERY_BANK_HOLIDAY and day not in closures)


def days_between(start: date, end: date) -> list[date]:
    """After the start, up to and including the end."""
    return [start + ONE_DAY * n for n in range(1, (end - start).days + 1)]


@pytest.mark.parametrize("year", sorted(GOV_UK))
def test_the_library_knows_the_bank_holidays_gov_uk_printed(year: int) -> None:
    known = {day for day in bank_holidays() if day.year == year and day.weekday() < 5}
    assert known == GOV_UK[year]


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(1995, 5, 8), "VE Day, fifty years on: early May holiday moved"),
        (date(1999, 12, 31), "Millennium"),
        (date(2002, 6, 3), "Golden Jubilee"),
        (date(2002, 6, 4), "spring holiday moved for the Golden Jubilee"),
        (date(2011, 4, 29), "Royal Wedding"),
        (date(2012, 6, 4), "spring holiday moved for the Diamond Jubilee"),
        (date(2012, 6, 5), "Diamond Jubilee"),
        (date(2022, 6, 2), "spring holiday moved for the Platinum Jubilee"),
        (date(2022, 6, 3), "Platinum Jubilee"),
        (date(2022, 9, 19), "State Funeral of Queen Elizabeth II"),
        (date(2023, 5, 8), "Coronation of King Charles III"),
    ],
)
def test_one_off_bank_holidays_are_not_working_days(day: date, why: str) -> None:
    assert not CALENDAR.is_working(day), why


@pytest.mark.parametrize("day", [date(2022, 5, 30), date(2020, 5, 4), date(2026, 3, 17), date(2026, 12, 24)])
def test_a_moved_holiday_leaves_its_day_worked_and_other_nations_days_are_worked(day: date) -> None:
    assert CALENDAR.is_working(day)


@given(day=days, number=st.integers(1, 60), closures=some_days, extra=some_days)
@settings(deadline=None)
def test_the_nth_working_day_is_the_one_a_plain_count_reaches(
    day: date, number: int, closures: frozenset[date], extra: frozenset[date]
) -> None:
    calendar = WorkingCalendar(closures=closures, extra_working=extra)
    reached, left = day, number
    while left:
        reached += ONE_DAY
        left -= works(reached, closures, extra)
    assert calendar.add(day, number) == reached
    assert calendar.count(day, reached) == number


@given(day=days, number=st.integers(1, 60), closures=some_days)
@settings(deadline=None)
def test_the_nth_working_day_before_is_the_one_a_plain_count_back_reaches(
    day: date, number: int, closures: frozenset[date]
) -> None:
    reached, left = day, number
    while left:
        reached -= ONE_DAY
        left -= works(reached, closures)
    assert WorkingCalendar(closures=closures).add(day, -number) == reached


@given(start=days, length=st.integers(-90, 90), closures=some_days, extra=some_days)
@settings(deadline=None)
def test_days_counted_and_days_not_counted_are_every_weekday_between(
    start: date, length: int, closures: frozenset[date], extra: frozenset[date]
) -> None:
    calendar = WorkingCalendar(closures=closures, extra_working=extra)
    end = start + ONE_DAY * length
    between = days_between(start, end)
    worked = [day for day in between if works(day, closures, extra)]
    assert [day for day in between if calendar.is_working(day)] == worked
    assert calendar.count(start, end) == len(worked)
    assert calendar.not_counted(start, end) == tuple(day for day in between if day.weekday() < 5 and day not in worked)
    assert calendar.signed_count(end, start) == -calendar.signed_count(start, end)


def test_the_nearest_working_days_around_christmas() -> None:
    thursday, saturday = date(2026, 12, 24), date(2026, 12, 26)
    assert CALENDAR.next_working(thursday) == thursday
    assert CALENDAR.previous_working(thursday) == thursday
    assert CALENDAR.following(thursday) == date(2026, 12, 29)
    assert CALENDAR.next_working(saturday) == date(2026, 12, 29)
    assert CALENDAR.following(saturday) == date(2026, 12, 29)
    assert CALENDAR.previous_working(saturday) == thursday
    assert CALENDAR.add(date(2026, 12, 29), -1) == thursday


def test_no_working_days_after_a_day_is_the_day_itself() -> None:
    assert CALENDAR.add(date(2026, 12, 26), 0) == date(2026, 12, 26)


def test_the_end_before_the_start_counts_nothing_unless_the_sign_is_asked_for() -> None:
    assert CALENDAR.count(date(2026, 11, 9), date(2026, 11, 6)) == 0
    assert CALENDAR.signed_count(date(2026, 11, 9), date(2026, 11, 5)) == -2  # Fri 6, Mon 9


def test_an_authoritys_closure_days_are_not_counted() -> None:
    shut = frozenset({date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31)})
    calendar = WorkingCalendar(closures=shut)
    assert calendar.add(date(2026, 12, 24), 1) == date(2027, 1, 4)
    assert calendar.not_counted(date(2026, 12, 24), date(2027, 1, 4)) == (
        date(2026, 12, 25),
        date(2026, 12, 28),
        date(2026, 12, 29),
        date(2026, 12, 30),
        date(2026, 12, 31),
        date(2027, 1, 1),
    )
    assert CALENDAR.add(date(2026, 12, 24), 1) == date(2026, 12, 29), "another authority is not affected"


def test_a_one_off_day_the_library_does_not_know_can_be_added() -> None:
    funeral = date(2027, 9, 20)
    assert CALENDAR.is_working(funeral)
    assert WorkingCalendar(closures=frozenset({funeral})).add(date(2027, 9, 17), 1) == date(2027, 9, 21)


def test_a_day_the_library_wrongly_calls_a_holiday_can_be_removed() -> None:
    moved = date(2027, 5, 3)
    assert not CALENDAR.is_working(moved)
    assert WorkingCalendar(extra_working=frozenset({moved})).is_working(moved)


def test_a_day_both_closed_and_worked_is_worked() -> None:
    day = frozenset({date(2026, 11, 21)})  # a Saturday
    assert WorkingCalendar(closures=day, extra_working=day).is_working(date(2026, 11, 21))


def test_equal_calendars_are_equal_and_usable_as_keys() -> None:
    day = frozenset({date(2026, 12, 29)})
    assert WorkingCalendar(closures=day) == WorkingCalendar(closures=day)
    assert len({WorkingCalendar(), WorkingCalendar(), WorkingCalendar(closures=day)}) == 2


def test_opening_and_closing_are_london_times_in_summer_and_winter() -> None:
    assert CALENDAR.closing(date(2026, 3, 27)) == datetime(2026, 3, 27, 17, tzinfo=UTC)  # GMT
    assert CALENDAR.closing(date(2026, 3, 30)) == datetime(2026, 3, 30, 16, tzinfo=UTC)  # BST
    assert CALENDAR.opening(date(2026, 10, 23)) == datetime(2026, 10, 23, 8, tzinfo=UTC)  # BST
    assert CALENDAR.opening(date(2026, 10, 26)) == datetime(2026, 10, 26, 9, tzinfo=UTC)  # GMT
    assert CALENDAR.closing(date(2026, 3, 30)).tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "is_open", "next_opening"),
    [
        # Fri 8 Jan 2027, winter: London and UTC agree
        (datetime(2027, 1, 8, 8, 59, tzinfo=UTC), False, datetime(2027, 1, 8, 9, tzinfo=UTC)),
        (datetime(2027, 1, 8, 9, tzinfo=UTC), True, datetime(2027, 1, 8, 9, tzinfo=UTC)),
        (datetime(2027, 1, 8, 16, 59, 59, tzinfo=UTC), True, datetime(2027, 1, 11, 9, tzinfo=UTC)),
        (datetime(2027, 1, 8, 17, tzinfo=UTC), False, datetime(2027, 1, 11, 9, tzinfo=UTC)),
        (datetime(2027, 1, 9, 12, tzinfo=UTC), False, datetime(2027, 1, 11, 9, tzinfo=UTC)),
        # Wed 1 Jul 2026, summer: 8 am UTC is 9 am in London
        (datetime(2026, 7, 1, 7, 59, tzinfo=UTC), False, datetime(2026, 7, 1, 8, tzinfo=UTC)),
        (datetime(2026, 7, 1, 8, tzinfo=UTC), True, datetime(2026, 7, 1, 8, tzinfo=UTC)),
        (datetime(2026, 7, 1, 16, tzinfo=UTC), False, datetime(2026, 7, 2, 8, tzinfo=UTC)),
        # Good Friday 2026 at noon: closed until Tuesday
        (datetime(2026, 4, 3, 11, tzinfo=UTC), False, datetime(2026, 4, 7, 8, tzinfo=UTC)),
    ],
)
def test_open_from_nine_until_before_five(moment: datetime, is_open: bool, next_opening: datetime) -> None:
    assert CALENDAR.is_open(moment) is is_open
    assert CALENDAR.next_opening(moment) == next_opening


def test_an_authority_keeps_its_own_hours() -> None:
    early = WorkingCalendar(opens=time(8, 30), closes=time(16, 45))
    assert early.opening(date(2027, 1, 8)) == datetime(2027, 1, 8, 8, 30, tzinfo=UTC)
    assert early.closing(date(2027, 1, 8)) == datetime(2027, 1, 8, 16, 45, tzinfo=UTC)


def test_hours_that_close_before_they_open_are_refused() -> None:
    with pytest.raises(ValueError, match="open before they close"):
        WorkingCalendar(opens=time(17), closes=time(9))


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        local(datetime(2027, 1, 8, 9))  # noqa: DTZ001 - the refusal of exactly this is what is tested


@pytest.mark.parametrize("day", [date(1989, 12, 31), date(2101, 1, 1)])
def test_a_day_outside_the_years_known_is_refused_and_never_guessed(day: date) -> None:
    with pytest.raises(ValueError, match="known from 1990 to 2100"):
        CALENDAR.is_working(day)
    with pytest.raises(ValueError, match="1990 to 2100"):
        CALENDAR.add(day, 1)


@pytest.mark.parametrize(("day", "number"), [(date(2100, 12, 20), 40), (date(1990, 1, 10), -40)])
def test_a_count_that_runs_out_of_the_years_known_is_refused(day: date, number: int) -> None:
    with pytest.raises(ValueError, match="outside 1990 to 2100"):
        CALENDAR.add(day, number)
