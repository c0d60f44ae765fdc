"""Lengths of time: read as procedures write them, said back, refused in one sentence."""

from datetime import date

import pytest

from scheduling.duration import Duration, Unit, add_months, parse_duration, say_count


@pytest.mark.parametrize(
    ("text", "number", "unit", "said"),
    [
        ("10 working days", 10, Unit.WORKING_DAYS, "10 working days"),
        ("1 working day", 1, Unit.WORKING_DAYS, "1 working day"),
        ("24 hours", 24, Unit.HOURS, "24 hours"),
        ("1 hour", 1, Unit.HOURS, "1 hour"),
        ("3 months", 3, Unit.MONTHS, "3 months"),
        ("4 weeks", 4, Unit.WEEKS, "4 weeks"),
        ("28 days", 28, Unit.DAYS, "28 days"),
        ("  5  Working   DAYS ", 5, Unit.WORKING_DAYS, "5 working days"),
        ("20\u00a0working\u00a0days", 20, Unit.WORKING_DAYS, "20 working days"),
        ("1 weeks", 1, Unit.WEEKS, "1 week"),
        ("120 months", 120, Unit.MONTHS, "120 months"),
    ],
)
def test_a_written_time_is_read_and_said_back(text: str, number: int, unit: Unit, said: str) -> None:
    duration = parse_duration(text)
    assert duration == Duration(number, unit)
    assert str(duration) == said
    assert parse_duration(str(duration)) == duration


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ten working days",
        "10",
        "working days",
        "-3 days",
        "1.5 days",
        "10 working hours",
        "10 school days",
        "3 years",
        "10 working days or so",
        "1 0 days",
        "٣ days",
    ],
)
def test_anything_else_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(ValueError, match='is no length of time: write it like "10 working days"') as refused:
        parse_duration(text)
    assert f'"{text}"' in str(refused.value)


@pytest.mark.parametrize("text", ["0 days", "0 working days", "00 hours"])
def test_nothing_is_no_length_of_time(text: str) -> None:
    with pytest.raises(ValueError, match="the number must be 1 or more"):
        parse_duration(text)


@pytest.mark.parametrize(
    "text", ["121 months", "521 weeks", "3651 days", "87601 hours", "2531 working days", "999999999 hours"]
)
def test_more_than_ten_years_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is more than ten years"):
        parse_duration(text)


def test_a_duration_cannot_be_made_wrong_by_hand_either() -> None:
    with pytest.raises(ValueError, match='"-1 days"'):
        Duration(-1, Unit.DAYS)


@pytest.mark.parametrize(("number", "said"), [(0, "0 working days"), (1, "1 working day"), (9999, "9999 working days")])
def test_a_count_may_be_any_number(number: int, said: str) -> None:
    assert say_count(number, Unit.WORKING_DAYS) == said


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),  # leap year
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 1, 15), 3, date(2026, 4, 15)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 10, 31), 13, date(2027, 11, 30)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_months_keep_the_day_number_and_clamp_to_the_months_end(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected
