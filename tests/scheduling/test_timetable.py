"""The timetable of reviews against dates worked out by hand, a plain day-by-day count, and the law all year."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.duration import parse_duration
from scheduling.procedures import load_procedures
from scheduling.procedures.review_values import review_values
from scheduling.timetable import (
    Adjournment,
    CountingRule,
    NextDue,
    NoLaw,
    ReviewRule,
    adjourn_until,
    aim_for,
    birthday_by,
    bring_forward,
    childhood_ends,
    in_time,
    last_day,
    law_days,
    may_adjourn,
    next_due,
)
from scheduling.working_days import WorkingCalendar
from tests.scheduling.bank_holidays import EVERY_BANK_HOLIDAY

CALENDAR = WorkingCalendar()
SHUT_BETWEEN_CHRISTMAS_AND_NEW_YEAR = WorkingCalendar(
    closures=frozenset({date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31)})
)
LAW = review_values(load_procedures("handbook")).rules
SOUTHWARK = review_values(load_procedures("southwark")).rules
ONE_DAY = timedelta(days=1)

days = st.dates(date(2022, 6, 1), date(2028, 3, 31))


def due(
    *held: date,
    since: date = date(2026, 1, 5),
    track: str = "looked_after",
    rules: tuple[ReviewRule, ...] = LAW,
    born: str | None = None,
    calendar: WorkingCalendar = CALENDAR,
) -> NextDue:
    found = next_due(
        rules, track=track, track_from=since, held=held, born=born, calendar=calendar, on=date(2026, 11, 21)
    )
    assert found is not None
    return found


def local(within: str, order: str = "later", **changes: object) -> ReviewRule:
    rule = next(r for r in LAW if r.track == "looked_after" and r.order == order)
    # Each is a field of a rule.
    return replace(rule, key="local", law=False, within=parse_duration(within), **changes)  # type: ignore[arg-type]


def nth_working_day(start: date, number: int) -> date:
    """Counted on the fingers, from the bank holidays typed by hand."""
    day = start
    while number:
        day += ONE_DAY
        number -= day.weekday() < 5 and day not in EVERY_BANK_HOLIDAY
    return day


@pytest.mark.parametrize(
    ("looked_after_from", "first_review_by"),
    [
        (date(2026, 12, 7), date(2027, 1, 7)),  # Christmas: 25 and 28 Dec, 1 Jan
        (date(2026, 12, 24), date(2027, 1, 26)),
        (date(2026, 3, 9), date(2026, 4, 8)),  # Easter: 3 and 6 Apr
        (date(2026, 6, 1), date(2026, 6, 29)),  # an ordinary month: 28 days
        (date(2026, 5, 30), date(2026, 6, 26)),  # came in on a Saturday
        (date(2026, 5, 31), date(2026, 6, 26)),  # and on a Sunday
        (date(2022, 9, 1), date(2022, 9, 30)),  # 19 Sep 2022, a single day by proclamation
        (date(2022, 5, 16), date(2022, 6, 15)),  # Jubilee: 2 and 3 Jun
        (date(2023, 4, 27), date(2023, 5, 30)),  # 1, 8 (Coronation) and 29 May
        (date(2027, 12, 10), date(2028, 1, 12)),  # 27 and 28 Dec for a weekend's Christmas, 3 Jan for 1 Jan
    ],
)
def test_the_first_review_is_due_in_twenty_working_days(looked_after_from: date, first_review_by: date) -> None:
    found = due(since=looked_after_from)
    assert (found.order, found.due_on, found.rule) == ("first", first_review_by, "first_review")
    assert (found.law_due_on, found.law_rule, found.counted_from) == (
        first_review_by, "first_review", looked_after_from,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("held_on", "second_by", "later_by"),
    [
        (date(2026, 12, 7), date(2027, 3, 7), date(2027, 6, 7)),
        (date(2026, 8, 31), date(2026, 11, 30), date(2027, 2, 28)),  # clamped, and due on that Sunday
        (date(2027, 8, 31), date(2027, 11, 30), date(2028, 2, 29)),  # a leap year's last day
        (date(2027, 11, 30), date(2028, 2, 29), date(2028, 5, 30)),
        (date(2028, 2, 29), date(2028, 5, 29), date(2028, 8, 29)),
        (date(2026, 9, 25), date(2026, 12, 25), date(2027, 3, 25)),  # due on Christmas Day stays due then
    ],
)
def test_later_reviews_count_from_the_last_actual_review_and_roll_nothing_forward(
    held_on: date, second_by: date, later_by: date
) -> None:
    second, later = due(held_on), due(date(2026, 1, 30), held_on)
    assert (second.order, second.due_on, second.rule) == ("second", second_by, "second_review")
    assert (later.order, later.due_on, later.rule) == ("later", later_by, "later_reviews")
    assert second.counted_from == later.counted_from == held_on


def test_a_review_held_early_moves_everything_after_it() -> None:
    assert due(date(2026, 12, 10), since=date(2026, 12, 7)).due_on == date(2027, 3, 10)
    assert due(date(2026, 12, 10), date(2027, 2, 1), since=date(2026, 12, 7)).due_on == date(2027, 8, 1)


def test_a_review_missed_and_caught_up_counts_from_the_day_it_was_held() -> None:
    assert due(date(2027, 2, 15), since=date(2026, 12, 7)).due_on == date(2027, 5, 15)


def test_the_last_review_counts_whatever_order_they_are_told_in() -> None:
    assert due(date(2026, 8, 31), date(2026, 2, 2)).due_on == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("track", "held", "order", "by"),
    [
        ("short_breaks", [], "first", date(2027, 3, 7)),
        ("short_breaks", [date(2027, 3, 1)], "later", date(2027, 9, 1)),
        ("adoption_authorised", [], "first", date(2027, 3, 7)),
        ("adoption_authorised", [date(2027, 3, 1)], "later", date(2027, 9, 1)),
        ("adoption_placed", [], "first", date(2027, 1, 4)),
        ("adoption_placed", [date(2027, 1, 4)], "second", date(2027, 4, 4)),
        ("adoption_placed", [date(2027, 1, 4), date(2027, 4, 2)], "later", date(2027, 10, 2)),
    ],
)
def test_every_track_has_its_own_times(track: str, held: list[date], order: str, by: date) -> None:
    found = due(*held, since=date(2026, 12, 7), track=track)
    assert (found.track, found.order, found.due_on) == (track, order, by)


def test_closure_days_of_the_authority_never_move_the_laws_date() -> None:
    found = due(since=date(2026, 12, 7), calendar=SHUT_BETWEEN_CHRISTMAS_AND_NEW_YEAR)
    assert found.due_on == date(2027, 1, 7)


def test_a_weekend_worked_never_moves_the_laws_date_and_a_mistaken_holiday_does() -> None:
    saturday, boxing_monday = date(2026, 12, 12), date(2026, 12, 28)
    assert law_days(WorkingCalendar(extra_working=frozenset({saturday}))) == CALENDAR
    mended = WorkingCalendar(extra_working=frozenset({saturday, boxing_monday}))
    assert due(since=date(2026, 12, 7), calendar=mended).due_on == date(2027, 1, 6)


# ---------------------------------------------------------------- local rules


def every_day_of_2026_27() -> list[date]:
    return [date(2026, 4, 1) + ONE_DAY * n for n in range(365)]


@pytest.mark.parametrize("number_held", [0, 1, 2])
def test_southwarks_times_are_never_later_than_the_law_on_any_day_of_a_year(number_held: int) -> None:
    earlier = later = 0
    for day in every_day_of_2026_27():
        held = [date(2026, 1, 30), day][-number_held:] if number_held else []
        found, law = (due(*held, since=day, rules=rules) for rules in (SOUTHWARK, LAW))
        written = day + timedelta(days=(28, 90, 180)[number_held])
        assert found.law_due_on == law.due_on
        assert found.due_on == min(written, law.due_on)
        assert found.rule.startswith("southwark") == (written < law.due_on)
        earlier, later = earlier + (written < law.due_on), later + (written > law.due_on)
    assert earlier
    assert (later > 0) == (number_held < 2)  # 180 days are always earlier than six months


def test_twenty_working_days_are_26_to_33_days_and_28_days_two_late_to_five_early() -> None:
    spans = [(due(since=day).due_on - day).days for day in every_day_of_2026_27()]
    assert (min(spans), max(spans)) == (26, 33)
    assert max(set(spans), key=spans.count) == 28


@given(start=days, within=st.integers(1, 60), order=st.sampled_from(["first", "second", "later"]))
def test_a_local_rule_makes_a_review_due_earlier_or_changes_nothing(start: date, within: int, order: str) -> None:
    held = {"first": [], "second": [start], "later": [start, start]}[order]
    law = due(*held, since=start)
    found = due(*held, since=start, rules=(*LAW, local(f"{within} working days", order)))
    assert found.due_on == min(law.due_on, nth_working_day(start, within))
    assert found.law_due_on == law.due_on


def test_of_two_local_rules_the_earlier_counts_and_equal_dates_are_the_laws() -> None:
    rules = (*LAW, local("5 months"), replace(local("20 weeks"), key="weeks"))
    assert due(date(2026, 5, 1), date(2026, 8, 3), rules=rules).rule == "weeks"
    assert due(date(2026, 5, 1), date(2026, 8, 3), rules=(local("6 months"), *LAW)).rule == "later_reviews"


def test_a_local_rule_for_the_second_review_counts_where_the_law_calls_it_a_later_one() -> None:
    rule = replace(local("4 months", "second"), track="short_breaks")
    found = due(date(2026, 12, 7), track="short_breaks", rules=(*LAW, rule))
    assert (found.order, found.rule, found.due_on) == ("later", "local", date(2027, 4, 7))
    assert found.law_due_on == date(2027, 6, 7)


def test_a_local_rule_may_count_the_second_review_from_becoming_looked_after() -> None:
    rule = local("4 months", "second", counted_from="becoming looked after")
    found = due(date(2027, 1, 7), since=date(2026, 12, 1), rules=(*LAW, rule))
    assert (found.due_on, found.counted_from) == (date(2027, 4, 1), date(2026, 12, 1))
    assert found.law_due_on == date(2027, 4, 7)


@pytest.mark.parametrize(
    ("born", "held_on", "by"),
    [
        ("2022-03", date(2027, 3, 16), date(2027, 6, 16)),
        (
            "2022-03",
            date(2027, 3, 31),
            date(2027, 6, 30),
        ),  # five in March: under five until its end
        ("2022-03", date(2027, 4, 1), date(2027, 10, 1)),
        ("2015-01", date(2027, 3, 16), date(2027, 9, 16)),
        (None, date(2027, 3, 16), date(2027, 9, 16)),  # an age that is not known
    ],
)
def test_under_fives_are_reviewed_three_monthly_where_switched_on(born: str | None, held_on: date, by: date) -> None:
    rules = (*LAW, local("3 months", under_age=5))
    assert due(date(2026, 12, 16), held_on, rules=rules, born=born).due_on == by


# ---------------------------------------------------------------- rules with dates


def dated(within: str, key: str, from_on: date, to_on: date | None) -> ReviewRule:
    return replace(local(within), key=key, law=True, from_on=from_on, to_on=to_on)


SUPERSEDED = (
    dated("6 months", "as_made", date(2011, 4, 1), date(2020, 4, 23)),
    dated("9 months", "pandemic", date(2020, 4, 24), date(2020, 9, 24)),
    dated("6 months", "restored", date(2020, 9, 25), None),
)


@pytest.mark.parametrize(
    ("held_on", "rule", "by"),
    [
        (date(2020, 4, 23), "as_made", date(2020, 10, 23)),
        (date(2020, 4, 24), "pandemic", date(2021, 1, 24)),
        (date(2020, 9, 24), "pandemic", date(2021, 6, 24)),
        (date(2020, 9, 25), "restored", date(2021, 3, 25)),
    ],
)
def test_the_rule_in_force_on_the_day_counted_from_is_used(held_on: date, rule: str, by: date) -> None:
    found = due(date(2020, 1, 6), held_on, rules=SUPERSEDED)
    assert (found.rule, found.law_rule, found.due_on) == (rule, rule, by)


def test_a_local_rule_counts_only_between_its_days() -> None:
    rules = (*LAW, local("2 months", from_on=date(2026, 4, 1), to_on=date(2026, 6, 30)))
    dues = [due(date(2026, 1, 6), held, rules=rules).rule for held in (date(2026, 3, 31), date(2026, 4, 1))]
    dues += [due(date(2026, 1, 6), held, rules=rules).rule for held in (date(2026, 6, 30), date(2026, 7, 1))]
    assert dues == ["later_reviews", "local", "local", "later_reviews"]


def test_of_two_laws_in_force_the_stricter_counts() -> None:
    rules = (*LAW, dated("5 months", "stricter", date(2026, 1, 1), None))
    found = due(date(2026, 1, 30), date(2026, 8, 3), rules=rules)
    assert (found.law_due_on, found.law_rule) == (date(2027, 1, 3), "stricter")


def test_where_no_law_was_in_force_then_todays_is_taken() -> None:
    assert due(date(2009, 1, 5), date(2010, 6, 1)).due_on == date(2010, 12, 1)


def test_a_second_review_of_a_rule_that_has_ended_is_a_later_one() -> None:
    ended = replace(local("1 month", "second"), key="ended", law=True, track="short_breaks", to_on=date(2020, 1, 1))
    found = due(date(2026, 12, 7), track="short_breaks", rules=(*LAW, ended))
    assert (found.order, found.law_rule) == ("later", "short_breaks_later_reviews")


def test_a_track_without_a_law_is_refused() -> None:
    with pytest.raises(NoLaw, match="first review"):
        due(track="looked_after", rules=SUPERSEDED)


# ---------------------------------------------------------------- eighteen


def test_no_review_is_due_after_the_month_of_the_eighteenth_birthday() -> None:
    def by(born: str) -> NextDue | None:
        held = [date(2026, 5, 1), date(2026, 8, 31)]
        return next_due(
            LAW, track="looked_after", track_from=date(2026, 1, 5), held=held, born=born, calendar=CALENDAR,
            on=date(2026, 11, 21),
        )  # fmt: skip

    assert by("2009-01") is None
    assert by("2009-02") == by("2019-02")


def test_birthdays_are_known_to_the_months_end() -> None:
    assert childhood_ends("2009-02") == date(2027, 2, 28)
    assert childhood_ends("2010-02") == date(2028, 2, 29)
    assert childhood_ends("2008-12") == date(2026, 12, 31)
    assert childhood_ends(None) is None
    assert birthday_by("2022-03", 5) == date(2027, 3, 31)
    with pytest.raises(ValueError, match="month"):
        birthday_by("2022-13", 5)


# ---------------------------------------------------------------- counting


@given(start=days, number=st.integers(1, 40))
def test_working_days_end_where_a_count_on_the_fingers_ends(start: date, number: int) -> None:
    assert last_day(start, parse_duration(f"{number} working days"), CALENDAR) == nth_working_day(start, number)


@given(start=days, number=st.integers(1, 12))
def test_months_keep_the_day_number_or_end_with_the_month(start: date, number: int) -> None:
    end = last_day(start, parse_duration(f"{number} months"), CALENDAR)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == number
    assert end.day == start.day or (end.day < start.day and (end + ONE_DAY).day == 1)


@pytest.mark.parametrize(
    ("within", "end"),
    [
        ("28 days", date(2026, 12, 26)),
        ("4 weeks", date(2026, 12, 26)),
        ("24 hours", date(2026, 11, 30)),
        ("25 hours", date(2026, 12, 1)),
        ("48 hours", date(2026, 12, 1)),
    ],
)
def test_other_lengths_from_a_saturday(within: str, end: date) -> None:
    assert last_day(date(2026, 11, 28), parse_duration(within), CALENDAR) == end


@pytest.mark.parametrize(
    ("due_on", "aim"),
    [
        (date(2027, 2, 28), date(2027, 2, 26)),  # Sunday
        (date(2026, 12, 25), date(2026, 12, 24)),
        (date(2027, 3, 29), date(2027, 3, 25)),  # Easter Monday, Good Friday before it
        (date(2027, 1, 7), date(2027, 1, 7)),
    ],
)
def test_aim_for_the_working_day_before(due_on: date, aim: date) -> None:
    assert aim_for(due_on, CALENDAR) == aim


def test_aim_for_a_day_on_which_the_authority_is_open() -> None:
    assert aim_for(date(2026, 12, 31), SHUT_BETWEEN_CHRISTMAS_AND_NEW_YEAR) == date(2026, 12, 24)


# ---------------------------------------------------------------- early, adjourned, in time


@given(due_on=days, wanted_on=days, today=days)
def test_bringing_forward_is_never_later_and_never_in_the_past(due_on: date, wanted_on: date, today: date) -> None:
    found = bring_forward(due_on, wanted_on=wanted_on, today=today)
    assert found <= due_on
    assert found >= today or found == due_on
    assert found == wanted_on or wanted_on < today or wanted_on > due_on


ONCE = Adjournment(times=1, within=parse_duration("20 working days"), from_on=date(2011, 4, 1))


def test_a_review_is_adjourned_once_for_twenty_working_days() -> None:
    assert adjourn_until(ONCE, date(2026, 12, 7), SHUT_BETWEEN_CHRISTMAS_AND_NEW_YEAR) == date(2027, 1, 7)
    assert may_adjourn(ONCE, on=date(2026, 12, 7), times=0)
    assert not may_adjourn(ONCE, on=date(2026, 12, 7), times=1)
    assert not may_adjourn(ONCE, on=date(2011, 3, 31), times=0)
    assert not may_adjourn(replace(ONCE, to_on=date(2026, 12, 6)), on=date(2026, 12, 7), times=0)


@pytest.mark.parametrize(
    ("counting", "held_on", "completed_on", "adjourned_until", "timely"),
    [
        ("start", 7, 7, None, True),
        ("start", 7, 20, None, True),  # a series begun in time
        ("start", 8, 8, None, False),
        ("start", 7, None, None, True),
        ("completion", 7, 7, None, True),
        ("completion", 6, 8, None, False),  # the same series, as Rotherham counted it from 2015/16
        ("completion", 6, None, None, False),
        ("completion", 8, 8, None, False),
        ("completion", 7, 25, 25, True),  # adjourned as the law allows
        ("completion", 7, 26, 25, False),
        ("completion", 8, 9, 25, False),  # begun late: an adjournment mends nothing
        ("completion", 5, 7, 6, True),  # an adjournment never shortens the time
    ],
)
def test_in_time_by_the_start_of_a_series_or_by_its_completion(
    counting: CountingRule, held_on: int, completed_on: int | None, adjourned_until: int | None, timely: bool
) -> None:
    def january(day: int | None) -> date | None:
        return date(2027, 1, day) if day else None

    assert timely is in_time(
        counting,
        due_on=date(2027, 1, 7),
        held_on=date(2027, 1, held_on),
        completed_on=january(completed_on),
        adjourned_until=january(adjourned_until),
    )
