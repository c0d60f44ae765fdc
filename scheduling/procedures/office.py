"""Reads when the authority is open and on which days it is shut."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from scheduling.procedures.stages import from_handbook, source_of
from scheduling.procedures.table import Table
from scheduling.procedures.types import Closure, Source

_DAY = r"(?:(\d{4})-)?(\d{2})-(\d{2})"
_CLOSURE = re.compile(rf"{_DAY}(?:\s+to\s+{_DAY})?")
_LEAP_YEAR = 2024
_RIGHT = 'Write "2026-12-24" for one day, "12-29 to 12-31" for the same days every year.'
LONGEST_CLOSURE = 31
HOURS_KEYS = ("opens", "closes", "your_day_at", "closure_days", "extra_working_days")


@dataclass(frozen=True, kw_only=True)
class OfficeHours:
    """What [hours] says."""

    opens: time
    closes: time
    your_day_at: time
    one_off: frozenset[date]
    yearly: tuple[Closure, ...]
    extra_working: frozenset[date]
    source: Source


def read_hours(top: Table) -> OfficeHours:
    """The working hours; a file may state one of them and inherit the others."""
    table = top.table("hours")
    closures = list(_closures(table, "closure_days"))
    extra = list(_closures(table, "extra_working_days"))
    for closure in extra:
        if closure.yearly:
            table.note("extra_working_days", "A day worked is a single day of one year.", 'Write "2026-12-24".')
    hours = OfficeHours(
        opens=table.clock("opens", time(9)),
        closes=table.clock("closes", time(17)),
        your_day_at=table.clock("your_day_at", time(9)),
        one_off=_days(closure for closure in closures if not closure.yearly),
        yearly=tuple(closure for closure in closures if closure.yearly),
        extra_working=_days(closure for closure in extra if not closure.yearly),
        source=source_of(table, from_handbook(table, HOURS_KEYS), HOURS_KEYS),
    )
    if hours.opens >= hours.closes:
        table.note("closes", f"The office closes ({hours.closes:%H:%M}) before it opens.", 'closes = "17:00"')
    table.close()
    return hours


def _days(closures: Iterable[Closure]) -> frozenset[date]:
    return frozenset(day for closure in closures for day in closure.days(()))


def _closures(table: Table, key: str) -> Iterable[Closure]:
    entries = table.take(key)
    if not isinstance(entries, list):
        if entries is not None:
            table.note(key, f'"{key}" must be a list.', f'{key} = ["2026-12-24"]')
        return
    for entry in entries:
        closure = Closure(first=entry, last=entry) if type(entry) is date else _written(str(entry)[:60])
        if closure is None:
            table.note(key, f'"{str(entry)[:60]}" in "{key}" is no day.', _RIGHT)
        elif (closure.last - closure.first).days >= LONGEST_CLOSURE:
            table.note(key, f'"{entry}" is longer than a month.', "Give the days of one closure at a time.")
        else:
            yield closure


def _written(text: str) -> Closure | None:
    """A day or a range of days; ranges without years come every year, and may run over New Year."""
    found = _CLOSURE.fullmatch(text.strip())
    if found is None:
        return None
    first, last = found.groups()[:3], found.groups()[3:]
    yearly = first[0] is None
    if last[1] is None:
        last = first
    if (last[0] is None) is not yearly:
        return None
    try:
        start = date(int(first[0] or _LEAP_YEAR), int(first[1]), int(first[2]))
        end = date(int(last[0] or _LEAP_YEAR), int(last[1]), int(last[2]))
        if yearly and end < start:
            end = end.replace(year=_LEAP_YEAR + 1)
    except ValueError:
        return None
    return Closure(first=start, last=end, yearly=yearly) if start <= end else None
