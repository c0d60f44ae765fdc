"""The days a report covers, and the London months within them."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from handlers.refusals import Refused
from scheduling.working_days import FIRST_YEAR, LAST_YEAR, at_local
from storage.began import EVER, Began
from storage.counted import Within
from storage.review_statistics import Days
from storage.whose import EVERYBODY, Whose


def refused_years() -> Refused:
    """What to raise for years too far off to count."""
    return Refused(f"Figures can be made for {FIRST_YEAR + 1} to {LAST_YEAR - 1}: choose other dates.")


@dataclass(frozen=True, kw_only=True)
class Period:
    """From the first day to the last, both included, by the London calendar, and whose rows are counted.

    `began`: since when as in time or late; `beginning.since_the_start` fills it in.
    """

    first: date
    last: date
    whose: Whose = EVERYBODY
    began: Began = EVER

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Refused(f"The period ends ({self.last}) before it begins ({self.first}): swap the two dates.")
        if not FIRST_YEAR < self.first.year <= self.last.year < LAST_YEAR:
            raise refused_years()

    @property
    def within(self) -> Within:
        """The moments of the period, UTC."""
        midnight = time(0)
        return Within(
            start=at_local(self.first, midnight),
            end=at_local(self.last + timedelta(days=1), midnight),
            whose=self.whose,
            began=self.began,
        )

    @property
    def days(self) -> Days:
        """Its days, for counts of reviews."""
        return Days(first=self.first, last=self.last, whose=self.whose, began=self.began)

    def months(self) -> Iterator[tuple[str, "Period"]]:
        """Each month as "2026-04" with those of its days that lie within."""
        day = self.first
        while day <= self.last:
            end = min(self.last, day.replace(day=monthrange(day.year, day.month)[1]))
            yield f"{day:%Y-%m}", replace(self, first=day, last=end)
            day = end + timedelta(days=1)

    def __str__(self) -> str:
        """The period in words."""
        return f"{self.first.isoformat()} to {self.last.isoformat()}"
