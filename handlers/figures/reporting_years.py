"""Reporting years, April to March, and their quarters."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from handlers.figures.period import Period, refused_years
from storage.review_statistics import Days

QUARTERS = (1, 2, 3, 4)
AT_MOST = 5


@dataclass(frozen=True, kw_only=True)
class ReportingYear:
    """A year from 1 April, by the calendar year it begins in. Refused where the calendar has no such year."""

    begins: int

    def __post_init__(self) -> None:
        if not date.min.year <= self.begins < date.max.year:
            raise refused_years()

    @property
    def name(self) -> str:
        """ "2025-26"."""
        return f"{self.begins}-{(self.begins + 1) % 100:02}"

    @property
    def days(self) -> Days:
        """All its days."""
        return Days(first=date(self.begins, 4, 1), last=self.end)

    @property
    def end(self) -> date:
        """Its 31 March."""
        return date(self.begins + 1, 3, 31)


def year_of(day: date) -> ReportingYear:
    """The reporting year a day lies in."""
    return ReportingYear(begins=day.year if day.month >= 4 else day.year - 1)


def years_to(period: Period, since: date | None) -> Iterator[tuple[ReportingYear, Days]]:
    """Up to five years, the last being that in which the period ends; none before the one that holds `since`.

    With each the days that count: the last year ends with the period.
    """
    last = year_of(period.last).begins
    first = max(last - AT_MOST + 1, min(last, year_of(since).begins) if since is not None else last)
    for begins in range(first, last + 1):
        year = ReportingYear(begins=begins)
        yield year, replace(period.days, first=year.days.first, last=min(year.end, period.last))


def quarter_of_month(month: int) -> int:
    """1 for April to June, 4 for January to March."""
    return (month - 4) % 12 // 3 + 1


def quarter_name(year: int, month: int) -> str:
    """ "2025-26 Q1", of the month of a calendar year."""
    return f"{year_of(date(year, month, 1)).name} Q{quarter_of_month(month)}"
