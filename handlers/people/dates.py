"""Dates as people write them: in files (2026-12-21 or 21/12/2026) and after a command ("21 Dec to 4 Jan")."""

import re
from contextlib import suppress
from datetime import date, timedelta

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_BRITISH = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_SHORT = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})(?:[/.]([0-9]{2}))?")
_WORDS = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?(?:\s+of)?\s*-?([a-z]{3,9})\.?-?,?(?:\s*([0-9]{4}|[0-9]{2}))?")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s([0-9]{1,2})(?:st|nd|rd|th)?(?:\s([0-9]{4}))?")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def written_day(text: str) -> date | None:
    """The day of a field or a file's cell, written 2026-12-21 or 21/12/2026, of any year; None for anything else.

    Whether such a day can be is asked of `handlers.day_windows`.
    """
    if found := _ISO.fullmatch(text):
        return _day(found[1], found[2], found[3])
    if found := _BRITISH.fullmatch(text):
        return _day(found[3], found[2], found[1])
    return None


def typed_day(text: str, today: date, *, not_before: date | None = None) -> date | None:
    """The day someone typed, seen from today; None when it is no day.

    A day without a year is the first that is not before `not_before` (without it: not before today).
    """
    with suppress(OverflowError):  # a weekday after the last day that there is
        return _typed(text, today, not_before)
    return None


def _typed(text: str, today: date, not_before: date | None) -> date | None:
    words = " ".join(text.lower().replace(",", " ").split())
    earliest = not_before or today
    if words in ("today", "now", "tomorrow"):
        return today + timedelta(days=words == "tomorrow")
    if written := written_day(words):
        return written
    weekday = words.removeprefix("next ").removeprefix("on ")
    matching = [place for place, name in enumerate(_DAYS) if len(weekday) > 2 and name.startswith(weekday)]
    if matching:
        return earliest + timedelta(days=(matching[0] - earliest.weekday()) % 7 or (0 if not_before else 7))
    return _with_month(_without_weekday(words), earliest)


def _without_weekday(words: str) -> str:
    first, _, rest = words.partition(" ")
    return rest if rest and len(first) > 2 and any(name.startswith(first) for name in _DAYS) else words


def _with_month(words: str, earliest: date) -> date | None:
    if found := _SHORT.fullmatch(words):
        day, month, year = found[1], found[2], found[3]
    elif found := _WORDS.fullmatch(words):
        number = _month(found[2])
        if number is None:
            return None
        day, month, year = found[1], str(number), found[3]
    elif (found := _MONTH_FIRST.fullmatch(words)) and (number := _month(found[1])):
        day, month, year = found[2], str(number), found[3]
    else:
        return None
    if year:
        return _day(year if len(year) == 4 else f"20{year}", month, day)
    return _coming(earliest, month, day)


def _coming(earliest: date, month: str, day: str) -> date | None:
    """The first such day that is not before the earliest; 29 February may be years ahead."""
    for year in range(earliest.year, earliest.year + 9):
        found = _day(str(year), month, day)
        if found is not None and found >= earliest:
            return found
    return None


def _month(name: str) -> int | None:
    found = [place for place, month in enumerate(_MONTHS, start=1) if month.startswith(name)]
    if name == "sept":
        return 9
    return found[0] if len(found) == 1 else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
