"""Lengths of time as procedures write them ("10 working days", "24 hours", "3 months")."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Unit(StrEnum):
    """What a duration is counted in; the value is the plural said on the screen."""

    WORKING_DAYS = "working days"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


# Ten years in each unit; a year has at most 253 working days in England and Wales.
_TEN_YEARS = {
    Unit.WORKING_DAYS: 2_530,
    Unit.HOURS: 87_600,
    Unit.DAYS: 3_650,
    Unit.WEEKS: 520,
    Unit.MONTHS: 120,
}

_WRITTEN = re.compile(r"\s*([0-9]{1,9})\s*(working\s*day|hour|day|week|month)s?\s*", re.IGNORECASE)
_UNIT_WRITTEN = {unit.value.replace(" ", "").removesuffix("s"): unit for unit in Unit}


@dataclass(frozen=True)
class Duration:
    """A whole number of one unit, from 1 to ten years' worth; anything else raises ValueError."""

    number: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.number < 1:
            raise ValueError(f'"{self}" is no length of time: the number must be 1 or more.')
        if self.number > _TEN_YEARS[self.unit]:
            raise ValueError(f'"{self}" is more than ten years: give a shorter time.')

    def __str__(self) -> str:
        """The words on the screen: "1 working day", "24 hours"."""
        return say_count(self.number, self.unit)


def say_count(number: int, unit: Unit) -> str:
    """Any number of a unit in words: "1 working day", "0 hours", "3500 days"."""
    return f"{number} {unit.removesuffix('s') if number == 1 else unit.value}"


def parse_duration(text: str) -> Duration:
    """Read "10 working days", "24 hours", "28 days", "4 weeks" or "3 months", in any case and spacing.

    Raises ValueError with one sentence that can be shown to the person who wrote the text.
    """
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise ValueError(
            f'"{text.strip()}" is no length of time: write it like '
            '"10 working days", "24 hours", "28 days", "4 weeks" or "3 months".'
        )
    number, unit = written.groups()
    return Duration(int(number), _UNIT_WRITTEN["".join(unit.lower().split())])


def add_months(day: date, months: int) -> date:
    """The same day number that many months later (earlier if negative), clamped to the month's end.

    31 August and six months is 28 or 29 February: a review's "within 6 months" (domain.md section 8).
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(day.day, last))
