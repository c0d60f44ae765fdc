"""The sample's days are counted from now, on any day of any year and at any hour."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sample.arranged import ARRANGED, due_on
from bot.sample.days import LAST_WEEKS, Days
from scheduling.working_days import WorkingCalendar

CALENDAR = WorkingCalendar()
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - with a zone


@settings(deadline=None)  # the first asks for every bank holiday there is
@given(MOMENTS)
def test_the_present_working_day_has_opened_and_the_last_weeks_lie_before_it(now: datetime) -> None:
    days = Days(now=now, calendar=CALENDAR)
    assert CALENDAR.is_working(days.present)
    assert CALENDAR.opening(days.present) <= now < CALENDAR.opening(days.on(1))
    assert days.offset(days.begins) == -LAST_WEEKS
    assert days.begins < now
    assert (days.year_before.month, days.year_before.day) == (4, 1)
    assert timedelta(days=320) < days.first - days.year_before < timedelta(days=2 * 366)


@settings(deadline=None)  # the first asks for every bank holiday there is
@given(MOMENTS, st.integers(1, 60))
def test_what_happened_lately_happened_while_people_were_at_work_and_in_the_same_order(
    now: datetime, minutes: int
) -> None:
    days = Days(now=now, calendar=CALENDAR)
    moment = days.lately(minutes)
    assert moment < now
    assert CALENDAR.is_open(moment)
    assert days.lately(60) - days.lately(minutes) == -timedelta(minutes=60 - minutes)
    assert days.at(-1, "12:00") < moment


@settings(deadline=None)  # the first asks for every bank holiday there is
@given(MOMENTS)
def test_the_reviews_that_are_arranged_fall_due_near_now(now: datetime) -> None:
    days = Days(now=now, calendar=CALENDAR)
    for one in ARRANGED.values():
        assert abs((due_on(one, days) - days.present).days) <= 100
