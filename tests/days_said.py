"""Finds days said without their year though it is not the present one, in anything that people read."""

import re
from datetime import date

from scheduling.deadline_wording import say_day

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = re.compile(rf"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d{{1,2}}) ({'|'.join(_MONTHS)})\b(?! \d{{4}})")


def without_their_year(text: str, today: date) -> list[str]:
    """The days of a text that say no year and have to: those whose weekday is not that of the day in this year.

    From one year to the next a day moves on by one weekday or two, so none of a year near by goes unnoticed.
    """
    return [found[0] for found in _DAY.finditer(text) if found[0] != _this_year(found, today)]


def _this_year(found: re.Match[str], today: date) -> str:
    try:
        return say_day(date(today.year, _MONTHS.index(found[2]) + 1, int(found[1])), today)
    except ValueError:  # 29 Feb, and this is no leap year
        return ""
