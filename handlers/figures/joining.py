"""One table out of the tables of several parts, each row saying which part it belongs to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from handlers.figures.columns import columns_of
from handlers.figures.counting_rules import COUNTING
from handlers.figures.describing import TOTAL, own_bases
from handlers.figures.splitting import NO_OFFICER, NO_TEAM, REST, By
from handlers.figures.tables import Cell, Column, Kind, Place, PrintedTable, Row, Table, Tone
from scheduling.procedures import Procedures
from scheduling.procedures.terms import CONCERNS

NAMED_OTHERWISE = {"concerns_by_month": "month", "reviews_by_year": "year"}
"""Tables with a row for each part of their own: split, they have one row for a part, under the part's name."""
NOW_ONLY = ("open_by_age",)
OVERLAPPING: Mapping[tuple[By, str], str] = {
    (
        By.TEAM,
        "concerns_and_children",
    ): f"A child with {CONCERNS} in two of them counts in each: children do not add up.",
    (
        By.IRO,
        "concerns_and_children",
    ): f"A child with {CONCERNS} of two of them counts with each: children do not add up.",
    (By.IRO, "reviews_by_year"): "A child reviewed by two of them counts with each: children do not add up.",
    (
        By.IRO,
        "good_practice",
    ): "What one sent for another counts with both: rows may come to more than the total.",
    (By.IRO, "contacts"): "What one did for another counts with both: rows may come to more than the total.",
    **{
        (by, "caseload"): "Children are those at the end of each part: parts of time are never added up."
        for by in (By.MONTH, By.QUARTER, By.YEAR)
    },
}
"""Why the parts of a split do not come to the whole, where a table's own note does not say it."""

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class Counted:
    """The tables of one period, with the bases and tones that their rows do not hold."""

    tables: Mapping[str, Table]
    bases: Mapping[str, Mapping[Place, int]] = field(default_factory=dict)
    tones: Mapping[str, Mapping[Place, Tone]] = field(default_factory=dict)


def joined(name: str, blocks: Sequence[tuple[str, Counted]], by: By, rules: Procedures) -> PrintedTable:
    """The table of that name for every part; the last block is the whole, counted anew and never added up."""
    rows: list[Row] = []
    bases: dict[Place, int] = {}
    tones: dict[Place, Tone] = {}
    totals: list[int] = []
    wanted = _wanted(name, blocks, by)
    for label, made in wanted:
        begins = len(rows)
        rows += _rows_of(name, label, made.tables[name], by)
        bases |= _moved(own_bases(name, made.tables[name]), begins) | _moved(made.bases.get(name, {}), begins)
        tones |= _moved(made.tones.get(name, {}), begins)
        totals += range(begins, len(rows)) if label == TOTAL else ()
    filled = _with_every_column(rows)
    counting = COUNTING[name]
    return PrintedTable(
        name=name,
        title=counting.title,
        columns=_columns(name, by, rules, tuple(filled[0]) if filled else ()),
        rows=tuple(filled),
        rule=counting.rule,
        base=counting.base,
        notes=tuple(filter(None, (counting.no_sum, *_notes(name, by, [label for label, _ in wanted], rules)))),
        totals=tuple(totals),
        bases=bases,
        tones=tones,
    )


def _wanted(name: str, blocks: Sequence[tuple[str, Counted]], by: By) -> Sequence[tuple[str, Counted]]:
    """What is counted as it stands now is the same for every part of time; some tables have the parts anyway."""
    if name in NOW_ONLY and by.is_time:
        return blocks[-1:]
    native = any(by.value in row for _, made in blocks for row in made.tables[name]) and name not in NAMED_OTHERWISE
    if native:
        return blocks[-1:]
    return [one for one in blocks if one[0] not in REST or _counts_anything(one[1].tables[name])]


def _counts_anything(rows: Table) -> bool:
    return any(cell for row in rows for cell in row.values() if isinstance(cell, int | float))


def _notes(name: str, by: By, labels: Sequence[str], rules: Procedures) -> Iterator[str]:
    """What has no part of its own, and why parts overlap."""
    iro = rules.role_label("iro")
    if NO_TEAM in labels:
        yield f"{NO_TEAM}: what no team is recorded with, and children whose holder has none."
    if NO_OFFICER in labels:
        yield f"{NO_OFFICER}: those who are no {iro} at the end of the period, such as leavers; children without one."
    if len(labels) > 1:
        yield OVERLAPPING.get((by, name), "")


def _rows_of(name: str, label: str, rows: Table, by: By) -> list[Row]:
    own = NAMED_OTHERWISE.get(name)
    if own is None:
        return [row if by.value in row else {by.value: label, **row} for row in rows]
    return [{by.value: label, **{key: cell for key, cell in row.items() if key != own}} for row in rows[-1:]]


def _moved(cells: Mapping[Place, Value], by: int) -> dict[Place, Value]:
    return {(place + by, key): value for (place, key), value in cells.items()}


def _with_every_column(rows: Sequence[Row]) -> list[Row]:
    """A stage that only one part's procedures know is zero in the others."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    stages = [key for key in keys if key == "informal" or key.startswith("stage_")]
    ordered = [key for key in keys if key not in stages]
    first = ordered[:1]
    present = [*first, *sorted(stages, key=lambda key: (key != "informal", key)), *ordered[1:]]
    missing: dict[str, Cell] = dict.fromkeys(present, 0)
    return [{**missing, **row} for row in rows]


def _columns(name: str, by: By, rules: Procedures, present: tuple[str, ...]) -> tuple[Column, ...]:
    own = NAMED_OTHERWISE.get(name)
    found = {one.key: one for one in columns_of(name, rules, tuple(key for key in present if key != by.value))}
    kind = Kind.MONTH if by is By.MONTH else Kind.TEXT
    first = Column(key=by.value, title=rules.role_label("iro") if by is By.IRO else by.value.capitalize(), kind=kind)
    found = {by.value: first} | {key: one for key, one in found.items() if key != own or key == by.value}
    return tuple(found[key] for key in present) if present else tuple(found.values())
