"""The reviews held before the last weeks: two years of them, most in time, as a file to import."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random

from bot.sample.children import Child
from bot.sample.csv_text import as_csv
from scheduling.duration import add_months
from scheduling.procedures import Procedures
from scheduling.procedures.review_values import review_values
from scheduling.working_days import WorkingCalendar

LATE, IN_SERIES = 0.05, 0.03
"""The shares of reviews held late, and of those held in two meetings."""
PARTICIPATION = {"PN1": 44, "PN2": 4, "PN3": 6, "PN4": 1, "PN5": 5, "PN6": 31, "PN7": 9}
"""How children of four and over take part, out of a hundred."""
FIRST_WITHIN, SECOND_WITHIN, LATER_WITHIN = 20, 3, 6
"""Working days, months, months: what the law says (SI 2010/959, regulation 33)."""


def reviews_file(
    children: Sequence[Child], rules: Procedures, *, since: date, until: date, due: Mapping[str, date], chance: Random
) -> str:
    """Every review held from `since` to the day before `until`; `due` says when the next of a child is to fall due."""
    reasons = review_values(rules).late_reasons
    calendar = rules.calendar()
    rows = [
        row
        for child in children
        for row in (
            _rows_back_from(child, due[child.reference], since, calendar, reasons, chance)
            if child.reference in due
            else _rows(child, until, calendar, reasons, chance)
        )
    ]
    return as_csv(row for row in rows if row["held_on"] >= since.isoformat())


def _rows(
    child: Child, until: date, calendar: WorkingCalendar, reasons: Sequence[str], chance: Random
) -> Iterator[dict[str, str]]:
    """One after the other from the child's first, each counted from the one before."""
    until = min(until, child.left_on or until)
    kind, due = "first", calendar.add(child.since, FIRST_WITHIN)
    while child.since < (held := held_on(due, calendar, chance)) < until:
        yield _row(child, kind, due, held, until, reasons, chance)
        kind, months = ("second", SECOND_WITHIN) if kind == "first" else ("later", LATER_WITHIN)
        due = add_months(held, months)


def _rows_back_from(
    child: Child, due: date, since: date, calendar: WorkingCalendar, reasons: Sequence[str], chance: Random
) -> Iterator[dict[str, str]]:
    """From the one that the next is counted from, back as long as the child is in care."""
    held = calendar.previous_working(add_months(due, -LATER_WITHIN))
    while held > max(since, add_months(child.since, SECOND_WITHIN + 2)):
        was_due = held + timedelta(days=chance.randrange(0, 20))
        yield _row(child, "later", was_due, held, due, reasons, chance)
        held = calendar.previous_working(add_months(was_due, -LATER_WITHIN))


def held_on(due: date, calendar: WorkingCalendar, chance: Random) -> date:
    """A working day some time before a review is due; seldom after it."""
    if chance.random() < LATE:
        return calendar.add(due, chance.randrange(1, 9))
    return calendar.previous_working(due - timedelta(days=chance.randrange(0, 21)))


def _row(
    child: Child, kind: str, due: date, held: date, until: date, reasons: Sequence[str], chance: Random
) -> dict[str, str]:
    completed = held + timedelta(days=7) if chance.random() < IN_SERIES else held
    completed = completed if completed < until else held
    code = participation(child, held, chance)
    return {
        "child": child.reference,
        "kind": kind,
        "due_on": due.isoformat(),
        "held_on": held.isoformat(),
        "completed_on": completed.isoformat(),
        "participation": code,
        "chaired_by_child": chaired(code, chance),
        "late_reason": chance.choice([reasons[0], *reasons]) if completed > due and chance.random() < 0.9 else "",
    }


def participation(child: Child, on: date, chance: Random) -> str:
    """How the child took part."""
    if child.under_four(on):
        return "PN0"
    return chance.choices(list(PARTICIPATION), list(PARTICIPATION.values()))[0]


def chaired(code: str, chance: Random) -> str:
    """Whether the child led the review; only who is there can."""
    return "co-chaired" if code == "PN1" and chance.random() < 0.14 else "no"
