"""Days away as people type them."""

from datetime import date

import pytest

from handlers.absences.words import understood
from handlers.people.dates import typed_day

TODAY = date(2026, 12, 15)  # a Tuesday
DEC_21, JAN_4 = date(2026, 12, 21), date(2027, 1, 4)


@pytest.mark.parametrize(
    "words",
    [
        "21 Dec to 4 Jan",
        "21 december until 4 january",
        "from 21st Dec to 4th Jan",
        "21/12 to 4/1",
        "21/12-4/1",
        "21/12/2026 - 04/01/2027",
        "21/12/26 to 4/1/27",
        "2026-12-21 to 2027-01-04",
        "21 Dec 2026 to 4 Jan 2027",
        "21 Dec - 4 Jan",
        "21 Dec-4 Jan",
        "21 Dec \u2013 4 Jan",
        "Mon 21 Dec to Mon 4 Jan",
        "Dec 21 to Jan 4",
        "21st of December till 4 Jan.",
    ],
)
def test_the_same_days_in_many_plain_forms(words: str) -> None:
    for cover in ("", " cover @ann"):
        said = understood(words + cover, TODAY)
        assert (said.from_on, said.to_on, said.wrong) == (DEC_21, JAN_4, "")
        assert said.cover == cover.removeprefix(" cover ")


@pytest.mark.parametrize(
    ("words", "from_on", "to_on"),
    [
        ("today", TODAY, TODAY),
        ("tomorrow", date(2026, 12, 16), date(2026, 12, 16)),
        ("until 4 Jan", TODAY, JAN_4),
        ("today to 4 Jan", TODAY, JAN_4),
        ("21 Dec", DEC_21, DEC_21),
        ("21-28 Dec", DEC_21, date(2026, 12, 28)),
        ("21 to 28 December", DEC_21, date(2026, 12, 28)),
        ("Friday", date(2026, 12, 18), date(2026, 12, 18)),
        ("Friday to Monday", date(2026, 12, 18), date(2026, 12, 21)),
        ("until Friday", TODAY, date(2026, 12, 18)),
        ("1 Feb to 1 Mar", date(2027, 2, 1), date(2027, 3, 1)),
        ("1 Nov to 20 Dec", date(2026, 11, 1), date(2026, 12, 20)),
        ("from 21 Dec", DEC_21, None),
        ("until further notice", TODAY, None),
        ("21 Dec until further notice", DEC_21, None),
    ],
)
def test_days_are_understood_from_today(words: str, from_on: date, to_on: date | None) -> None:
    said = understood(words, TODAY)
    assert (said.from_on, said.to_on, said.wrong) == (from_on, to_on, "")


def test_typed_late_the_days_are_this_winters() -> None:
    said = understood("21 Dec to 4 Jan", date(2026, 12, 28))
    assert (said.from_on, said.to_on) == (DEC_21, JAN_4)


@pytest.mark.parametrize(
    ("words", "cover"),
    [
        ("today cover <@U123|ann lee>", "<@U123|ann lee>"),
        ("today, covered by Ann Lee.", "Ann Lee"),
        ("today cover: ann@a.example", "ann@a.example"),
        ("cover @ann", "@ann"),
    ],
)
def test_the_cover_is_taken_as_written(words: str, cover: str) -> None:
    assert understood(words, TODAY).cover == cover


def test_nothing_typed_is_nothing_wrong() -> None:
    said = understood("", TODAY)
    assert (said.from_on, said.wrong) == (None, "")


@pytest.mark.parametrize("words", ["soon", "31 Feb to 3 Mar", "the day after the review", "21 Dec to later", "32/12"])
def test_what_is_no_date_is_said(words: str) -> None:
    assert (
        understood(words, TODAY).wrong == "I did not understand the dates: write them like /iro away 21 Dec to 4 Jan."
    )


def test_days_in_the_wrong_order_or_years_apart_are_questioned() -> None:
    assert understood("2027-01-04 to 2026-12-21", TODAY).wrong == "The last day lies before the first: check the dates."
    assert understood("2026-12-21 to 2028-12-21", TODAY).wrong == "That is more than a year: check the years."


def test_a_leap_day_without_year_is_the_next_there_is() -> None:
    assert typed_day("29 Feb", TODAY) == date(2028, 2, 29)
