"""The period and the split that someone types: "this quarter", "2025-26 by team", "1 Apr 2026 to 30 Jun 2026"."""

import re
from dataclasses import dataclass
from datetime import date

from handlers.figures.period import Period
from handlers.figures.reporting_years import ReportingYear, quarter_name, year_of
from handlers.figures.splitting import By
from handlers.people.dates import typed_day
from handlers.refusals import Refused
from handlers.typed import DASHES
from scheduling.deadline_wording import say_day
from scheduling.duration import add_months
from scheduling.procedures.terms import IRO

_BY = re.compile(r"(?:^|\s)by\s+(month|quarter|year|team|iro)s?$")
_YEAR = re.compile(r"(\d{4})\s*[-/]\s*(?:\d{2})?(\d{2})")
_QUARTER = re.compile(r"(\d{4}\s*[-/]\s*\d{2,4})\s*q([1-4])")
_BETWEEN = re.compile(r"(?:from\s+)?(.+?)\s+(?:to|until|till|-)\s+(.+)")
THIS_QUARTER, LAST_QUARTER, THIS_YEAR, LAST_YEAR = "this quarter", "last quarter", "this year", "last year"
CHOICES = (THIS_QUARTER, LAST_QUARTER, THIS_YEAR, LAST_YEAR)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What figures are asked for."""

    period: Period
    by: By | None

    @property
    def words(self) -> str:
        """The same once more, as it can be typed and as a button keeps it: dates and a split, nothing else."""
        split = f" by {self.by.value}" if self.by is not None else ""
        return f"{self.period.first.isoformat()} to {self.period.last.isoformat()}{split}"

    @property
    def named(self) -> str:
        """What they are of, for people to read: "2025-26", or "2025-26, by team"."""
        return f"{named(self.period)}, {said(self.by)}" if self.by is not None else named(self.period)


def asked_for(words: str, today: date) -> Asked:
    """The period in these words; this quarter where there are none. Refused with examples where they say no period."""
    text = " ".join(words.translate(DASHES).lower().split())
    split = _BY.search(text)
    if split is not None:
        text = text[: split.start()].strip()
    period = _period(text or THIS_QUARTER, today)
    if period.first > today:
        raise Refused(f"That begins on {say_day(period.first)}, which is still to come: choose an earlier period.")
    return Asked(period=period, by=By(split.group(1)) if split is not None else None)


def _period(text: str, today: date) -> Period:
    named = {
        THIS_QUARTER: lambda: quarter_of(today),
        LAST_QUARTER: lambda: quarter_of(add_months(quarter_of(today).first, -1)),
        THIS_YEAR: lambda: _whole(year_of(today)),
        LAST_YEAR: lambda: _whole(ReportingYear(begins=year_of(today).begins - 1)),
    }.get(text.removeprefix("the "))
    if named is not None:
        return named()
    if quarter := _QUARTER.fullmatch(text):
        year = ReportingYear(begins=_begins(quarter.group(1)))
        return quarter_of(add_months(year.days.first, 3 * (int(quarter.group(2)) - 1)))
    if _YEAR.fullmatch(text):
        return _whole(ReportingYear(begins=_begins(text)))
    return _between(text, today)


def _between(text: str, today: date) -> Period:
    found = _BETWEEN.fullmatch(text)
    long_ago = date(today.year - 1, today.month, min(today.day, 28))
    first = typed_day(found.group(1), today, not_before=long_ago) if found is not None else None
    last = typed_day(found.group(2), today, not_before=first) if found is not None and first is not None else None
    if first is None or last is None:
        year = year_of(today).name
        raise Refused(
            f"Which period? Write /iro figures this quarter, last quarter, {year}, {year} Q1, or 1 Apr 2026 to "
            "30 Jun 2026; add by month, by quarter, by team or by IRO to split it."
        )
    return Period(first=first, last=last)


def _begins(text: str) -> int:
    found = _YEAR.fullmatch(text.strip())
    assert found is not None
    begins = int(found.group(1))
    if (begins + 1) % 100 != int(found.group(2)):
        raise Refused(f"A reporting year runs from April to March: write {begins}-{(begins + 1) % 100:02}.")
    return begins


def _whole(year: ReportingYear) -> Period:
    return Period(first=year.days.first, last=year.end)


def quarter_of(day: date) -> Period:
    """The quarter a day lies in: April to June is the first."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    following = add_months(first, 3)
    return Period(first=first, last=date.fromordinal(following.toordinal() - 1))


def said(by: By) -> str:
    """ "by team", "by IRO"."""
    return f"by {by.value if by is not By.IRO else IRO}"


def named(period: Period) -> str:
    """ "2025-26", "2025-26 Q1", or the days."""
    year = year_of(period.first)
    if (period.first, period.last) == (year.days.first, year.end):
        return year.name
    if (period.first, period.last) == (quarter_of(period.first).first, quarter_of(period.first).last):
        return quarter_name(period.first.year, period.first.month)
    return f"{say_day(period.first)} to {say_day(period.last)}"
