"""Deadlines: none may differ from dates that no library gave; and how long one takes beside a plain loop.

The dates come from the bank holidays as gov.uk prints them, typed by hand, and from counting day by day.
"""

import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall
from functools import partial
from zoneinfo import ZoneInfo

from scheduling.deadlines import deadline
from scheduling.duration import parse_duration
from scheduling.working_days import WorkingCalendar
from tests.benchmarks.method import arguments, interleaved, sheet
from tests.scheduling.bank_holidays import EVERY_BANK_HOLIDAY

FIRST, LAST = date(2015, 1, 2), date(2028, 9, 30)
NUMBERS = (1, 2, 3, 5, 7, 10, 15, 20)
_WITHIN = {number: parse_duration(f"{number} working days") for number in NUMBERS}
LONDON = ZoneInfo("Europe/London")
SHOWS_NOT = ("that the dates of years are right which gov.uk has not printed: those come from the holidays library.",)


def main(asked: Sequence[str] | None = None) -> None:
    """Measure and print."""
    given = arguments(__doc__ or "").parse_args(asked)
    calendar = WorkingCalendar()
    days = [FIRST + timedelta(days=at) for at in range((LAST - FIRST).days + 1)]
    with sheet("deadlines", given, shows_not=SHOWS_NOT) as found:
        differ = sum(ours(calendar, day, number) != counted(day, number) for day in days for number in NUMBERS)
        found.counted("deadlines", compared=len(days) * len(NUMBERS), differ=differ)
        arms = {
            "a plain loop": partial(each, days, counted),
            "the product's": partial(each, days, partial(ours, calendar)),
        }
        title = f"a deadline in {min(NUMBERS)} to {max(NUMBERS)} working days"
        found.times(title, "us", interleaved(arms, given.rounds), against="a plain loop")


def ours(calendar: WorkingCalendar, day: date, number: int) -> datetime:
    """By the product."""
    return deadline(datetime.combine(day, wall(11), LONDON), _WITHIN[number], calendar).at


def counted(day: date, number: int) -> datetime:
    """Day by day: five o'clock in London on the nth day after it that is no weekend and no bank holiday."""
    left = number
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in EVERY_BANK_HOLIDAY
    return datetime.combine(day, wall(17), LONDON).astimezone(UTC)


def each(days: Sequence[date], reckon: Callable[[date, int], datetime]) -> float:
    """Microseconds for one deadline."""
    began = time.perf_counter()
    for day in days[::5]:
        for number in NUMBERS:
            reckon(day, number)
    return 1e6 * (time.perf_counter() - began) / (len(days[::5]) * len(NUMBERS))


if __name__ == "__main__":
    main(sys.argv[1:])
