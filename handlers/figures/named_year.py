"""The year a report is asked for, as people write it."""

import re
from datetime import date, timedelta

from handlers.figures.period import Period
from handlers.figures.reporting_years import ReportingYear, year_of
from handlers.refusals import Refused
from handlers.typed import DASHES

_YEAR = re.compile(r"(\d{4})\s*[-/]\s*(?:\d{2})?(\d{2})")


def year_named(words: str, today: date) -> ReportingYear:
    """The reporting year of "2025-26", "2025/26" or "2025-2026". Refused for any other, and for one not begun."""
    latest = year_of(today)
    found = _YEAR.fullmatch(words.translate(DASHES).strip())
    if found is None or (int(found[1]) + 1) % 100 != int(found[2]):
        raise Refused(
            f"\N{LEFT DOUBLE QUOTATION MARK}{words.strip()}\N{RIGHT DOUBLE QUOTATION MARK} is no reporting year: "
            f"write it like {latest.name}, for April {latest.begins} to March {latest.begins + 1}."
        )
    year = ReportingYear(begins=int(found[1]))
    if year.days.first > today:
        raise Refused(f"The year {year.name} has not begun: the latest there is is {latest.name}.")
    return year


def period_of(year: ReportingYear) -> Period:
    """All its days. Refused for a year too far off to count."""
    return Period(first=year.days.first, last=year.end)


def refuse_too_early(year: ReportingYear, today: date) -> None:
    """Refuse publication while the year runs: two editions of it could be taken from one another."""
    if year.end >= today:
        raise Refused(f"The year {year.name} is not over: it can be published from {year.end + timedelta(days=1)}.")
