"""Tables as people read them: titles, rules, totals, and the number that each share is of."""

from collections.abc import Mapping, Sequence

from handlers.figures.columns import columns_of
from handlers.figures.counting_rules import COUNTING
from handlers.figures.tables import Cell, Kind, Place, PrintedTable, Row, Table, Tone
from scheduling.procedures import Procedures

ADDED_UP: Mapping[str, tuple[str, ...]] = {
    "concerns_by_highest_stage": ("concerns", "completed", "open", "agencies"),
    "outcomes": ("concerns", "change_recorded", "lasted", "child_told", "on_record"),
    "review_late_reasons": ("reviews",),
    "caseload": ("children", "fte", "changes_of_iro"),
    "good_practice": ("number",),
    "contacts": ("number",),
    "open_by_age": ("within_time", "overdue", "over_limit", "no_clock", "open"),
}
"""The columns whose rows add up to something: these tables get a row of totals in print."""
TOTAL = "total"
_BASE_COLUMNS = {
    "in_time_share": "reviews",
    "children_in_time_share": "children",
    "share": "due",
}


def described(
    name: str,
    rows: Table,
    rules: Procedures,
    *,
    bases: Mapping[Place, int] | None = None,
    notes: tuple[str, ...] = (),
    tones: Mapping[Place, Tone] | None = None,
) -> PrintedTable:
    """The table with everything that is printed around it; `bases` are those its own cells do not hold."""
    counting = COUNTING[name]
    present = tuple(rows[0]) if rows else ()
    columns = columns_of(name, rules, present)
    added = _total_row(name, rows)
    printed = [*rows, *added]
    return PrintedTable(
        name=name,
        title=counting.title,
        columns=columns,
        rows=tuple(printed),
        rule=counting.rule,
        base=counting.base,
        notes=(*((counting.no_sum,) if counting.no_sum else ()), *notes),
        totals=tuple(place for place, row in enumerate(printed) if _is_total(row)),
        added=len(added),
        bases={**own_bases(name, printed), **(bases or {})},
        tones=tones or {},
    )


def _total_row(name: str, rows: Sequence[Row]) -> list[Row]:
    """The totals of the rows; a column that cannot be added up stays empty.

    Children for each full-time equivalent are of those whose working time is recorded: the others' would be added to
    what these have.
    """
    added = ADDED_UP.get(name)
    if added is None or not rows:
        return []
    first = next(iter(rows[0]))
    total: dict[str, Cell] = dict.fromkeys(rows[0])
    total |= {key: sum_of(rows, key) for key in added if any(row[key] is not None for row in rows)}
    total[first] = TOTAL
    if name == "caseload":
        measured = [row for row in rows if row["fte"]]
        total["children_per_fte"] = for_each(sum_of(measured, "children"), sum_of(measured, "fte"))
        total["range"] = rows[0]["range"]
    return [total]


def sum_of(rows: Sequence[Row], key: str) -> int | float:
    """The column added up; a whole number where every cell is one."""
    numbers = [cell for row in rows if isinstance(cell := row[key], int | float)]
    added = sum(numbers)
    return added if all(isinstance(one, int) for one in numbers) else round(added, 2)


def for_each(children: Cell, fte: Cell) -> float | None:
    """Children for each full-time equivalent, with one decimal; None where nobody works."""
    if not isinstance(children, int) or not isinstance(fte, int | float) or not fte:
        return None
    return round(children / fte + 1e-9, 1)


def _is_total(row: Row) -> bool:
    return next(iter(row.values())) in (TOTAL, "base")


def own_bases(name: str, rows: Sequence[Row]) -> dict[Place, int]:
    """The bases that stand in the same row, or in the row "base" of the same column."""
    if name in ("participation", "parents_and_carers"):
        return _bases_by_column(rows)
    bases: dict[Place, int] = {}
    for place, row in enumerate(rows):
        for key in row:
            base = row.get(_BASE_COLUMNS.get(key, ""))
            if isinstance(base, int) and row[key] is not None:
                bases[place, key] = base
    return bases


def _bases_by_column(rows: Sequence[Row]) -> dict[Place, int]:
    base_row = next(row for row in rows if row["code"] == "base")
    return {
        (place, key): base
        for place, row in enumerate(rows)
        for key, cell in row.items()
        if key.startswith("share_") and cell is not None and isinstance(base := base_row[key[6:]], int)
    }


def shares_of(table: PrintedTable) -> list[tuple[Place, str]]:
    """Every share that is printed, by its place, with the words for its base."""
    kinds = {one.key: one for one in table.columns if one.kind is Kind.SHARE}
    return [
        ((place, key), kinds[key].base)
        for place, row in enumerate(table.rows)
        for key, cell in row.items()
        if key in kinds and cell is not None
    ]
