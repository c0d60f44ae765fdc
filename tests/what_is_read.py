"""What nothing that people read may say, each fault with its reason.

Dates in figures, days that have to be guessed, the time that is left in a message that stands, and the private
characters of terms that nobody put into words.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from scheduling.deadline_wording import say_day

LEFT_IS_LOOKED_FOR = True
"""Whether a message that stands may not say how many days are left: it is read on other days too."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})(?:uary|ruary|ch|il|e|y|ust|tember|ober|ember)?"
_DAY = re.compile(
    rf"(?:\b(?P<weekday>Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]* )?\b(?P<day>\d{{1,2}}) {_MONTH}\b(?: (?P<year>\d{{4}})\b)?"
)
_BARE = rf"\d{{1,2}} (?:{'|'.join(_MONTHS)})(?: \d{{4}})?"
_WITHOUT_WEEKDAY = re.compile(
    rf"(?:{_BARE}(?:, | and )?)+ not counted|\bnot counting (?:{_BARE}(?:, | and )?)+"
    rf"|{_BARE} to {_BARE} every year|/iro \w+ [^.;\n]*"
)
"""The clauses whose days have none: beside a deadline that says its own, of no year, and in a command that is typed."""
_FIGURES = re.compile(r"(?<!such as )(?<!for example )\b(?:\d{1,2}/\d{1,2}/\d{2,4}|\d{4}-\d{2}-\d{2})\b")
"""But where one is told how to type a day."""
_LEFT = re.compile(r"\b(?:\w+ (?:working )?(?:days?|hours?)|less than an hour) left\b", re.IGNORECASE)
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")


def faults(text: str, today: date, *, stands: bool = False) -> list[str]:
    """What is wrong with a text that somebody reads on that day; `stands`: it is a message that stays in the chat."""
    found = [f"{one[0]} is a date in figures" for one in _FIGURES.finditer(text)]
    found += _wrong_days(text, today)
    found += [f"{one[0]!a} is a term that was not put into words" for one in _PRIVATE.finditer(text)]
    if stands and LEFT_IS_LOOKED_FOR:
        found += [f"{one[0]!r} is true on one day alone" for one in _LEFT.finditer(text)]
    return found


def _wrong_days(text: str, today: date) -> Iterator[str]:
    for found in _DAY.finditer(_WITHOUT_WEEKDAY.sub("", text)):
        if reason := _wrong_with(found, int(found["year"] or today.year)):
            yield f"{found[0]!r} {reason}"


def _wrong_with(found: re.Match[str], year: int) -> str:
    """Why that is no day of the year said, or of the present one where none is; empty where it is.

    From one year to the next a day moves on by one weekday or two, so no other year near by goes unnoticed.
    """
    if found["weekday"] is None:
        return "has no weekday"
    try:
        day = date(year, _MONTHS.index(found["month"]) + 1, int(found["day"]))
    except ValueError:  # 29 Feb, and that is no leap year
        return f"is no day of {year}"
    right = say_day(day)[:3]
    return "" if found["weekday"] == right else f"is a {right} in {year}: say its year, or the weekday it has"


def refuse_faults(texts: Iterable[str], today: date, *, stands: bool = False) -> None:
    """Fail with the text that somebody read, and why nobody should have."""
    text = "\n".join(filter(None, texts))
    found = faults(text, today, stands=stands)
    assert not found, f"read on {say_day(today)}: {'; '.join(found)}\n\n{text}"
