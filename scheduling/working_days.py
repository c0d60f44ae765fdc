"""Working days in England and Wales, and the hours within them, for one authority.

Bank holidays come from the holidays library, which was compared with gov.uk for 2015 to 2028
(tests/scheduling/test_working_days.py); what it does not know is added or removed by hand.
"""

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
FIRST_YEAR = 1990
LAST_YEAR = 2100

_FIRST = date(FIRST_YEAR, 1, 1).toordinal()
_LAST = date(LAST_YEAR, 12, 31).toordinal()
_LENGTH = _LAST - _FIRST + 1


class _Table(NamedTuple):
    """Every day of the years covered, counted once, so that a question is an index and not a loop."""

    until: "array[int]"
    """until[i]: working days before the day with ordinal _FIRST + i."""
    working: "array[int]"
    """The ordinals of all working days, in order."""
    idle: "array[int]"
    """The ordinals of the weekdays (Monday to Friday) that are not working days, in order."""


@lru_cache(maxsize=1)
def bank_holidays() -> frozenset[date]:
    """The bank holidays of England and Wales, 1990 to 2100, substitutes and one-off days included.

    Banking and Financial Dealings Act 1971 and proclamations under it; England and Wales have the same days.
    """
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=years))


@lru_cache(maxsize=256)
def _table(closures: frozenset[date], extra_working: frozenset[date]) -> _Table:
    closed = {day.toordinal() for day in bank_holidays() | closures}
    extra = {ordinal for ordinal in map(date.toordinal, extra_working) if _FIRST <= ordinal <= _LAST}
    weekdays = [o for o in range(_FIRST, _LAST + 1) if (o - 1) % 7 < 5]  # ordinal 1 was a Monday
    working = sorted((set(weekdays) - closed) | extra)
    flags = bytearray(_LENGTH)
    for ordinal in working:
        flags[ordinal - _FIRST] = 1
    return _Table(
        until=array("i", accumulate(flags, initial=0)),
        working=array("i", working),
        idle=array("i", (o for o in weekdays if not flags[o - _FIRST])),
    )


def is_known(day: date) -> bool:
    """Whether the day lies in the years whose working days are known."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def _index(day: date) -> int:
    index = day.toordinal() - _FIRST
    if 0 <= index < _LENGTH:
        return index
    raise ValueError(f"Working days are known from {FIRST_YEAR} to {LAST_YEAR}, and {day} is outside.")


def local(moment: datetime) -> datetime:
    """The moment on a London clock; a moment without a time zone raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone cannot be placed on the London clock.")
    return moment.astimezone(LONDON)


def at_local(day: date, wall: time) -> datetime:
    """The UTC moment at which London clocks show that time on that day."""
    return datetime.combine(day, wall, LONDON).astimezone(UTC)


@dataclass(frozen=True, kw_only=True)
class WorkingCalendar:
    """One authority's working days and London opening hours.

    Monday to Friday but for bank holidays and `closures` (the authority's own and one-off days), besides
    `extra_working`: a day the library wrongly calls a holiday, or a weekend day worked, which wins over
    closures. The nth working day is found by index, not by walking: a few tens of kilobytes a calendar.
    A question outside 1990 to 2100 raises ValueError.
    """

    opens: time = time(9)
    closes: time = time(17)
    closures: frozenset[date] = frozenset()
    extra_working: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.opens < self.closes:
            raise ValueError(f"Working hours must open before they close, not {self.opens} to {self.closes}.")

    @cached_property
    def _days(self) -> _Table:
        return _table(self.closures, self.extra_working)

    def is_working(self, day: date) -> bool:
        """Whether the day counts."""
        index, until = _index(day), self._days.until
        return until[index + 1] > until[index]

    def add(self, day: date, number: int) -> date:
        """The nth working day after the day, which need not be one itself; 0 is the day itself.

        A negative number gives the nth working day before it.
        """
        if number == 0:
            return day
        until, working, _ = self._days
        place = until[_index(day) + 1] + number - 1 if number > 0 else until[_index(day)] + number
        if 0 <= place < len(working):
            return date.fromordinal(working[place])
        raise ValueError(f"{number} working days from {day} is outside {FIRST_YEAR} to {LAST_YEAR}.")

    def next_working(self, day: date) -> date:
        """The day itself if it is a working day, else the first one after it."""
        return day if self.is_working(day) else self.add(day, 1)

    def following(self, day: date) -> date:
        """The first working day strictly after the day."""
        return self.add(day, 1)

    def previous_working(self, day: date) -> date:
        """The day itself if it is a working day, else the last one before it."""
        return day if self.is_working(day) else self.add(day, -1)

    def count(self, start: date, end: date) -> int:
        """Working days after the start, up to and including the end; 0 when the end is not later."""
        return max(0, self.signed_count(start, end))

    def signed_count(self, start: date, end: date) -> int:
        """As count, but negative when the end is earlier: minus the count from end to start."""
        until = self._days.until
        return until[_index(end) + 1] - until[_index(start) + 1]

    def not_counted(self, start: date, end: date) -> tuple[date, ...]:
        """The weekdays after the start, up to and including the end, that are no working days."""
        idle = self._days.idle
        first = bisect_right(idle, start.toordinal())
        last = bisect_right(idle, end.toordinal(), lo=first)
        return tuple(map(date.fromordinal, idle[first:last])) if last > first else ()

    def opening(self, day: date) -> datetime:
        """When that day opens, UTC, whether or not it is a working day."""
        return at_local(day, self.opens)

    def closing(self, day: date) -> datetime:
        """Close of business on that day, UTC, whether or not it is a working day."""
        return at_local(day, self.closes)

    def is_open(self, moment: datetime) -> bool:
        """Whether the moment is within opening hours; the closing time itself is not."""
        here = local(moment)
        return self.opens <= here.time() < self.closes and self.is_working(here.date())

    def next_opening(self, moment: datetime) -> datetime:
        """The first opening at or after the moment, UTC."""
        here = local(moment)
        today = here.date()
        if here.time() <= self.opens and self.is_working(today):
            return self.opening(today)
        return self.opening(self.following(today))
