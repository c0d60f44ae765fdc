"""Draws a table for publication: what may not be shown is replaced, and rows with nothing to show are left out."""

from collections.abc import Mapping
from dataclasses import replace

from handlers.figures.outcome_table import NOT_RECORDED
from handlers.figures.suppression import FEWEST, Spot
from handlers.figures.tables import Cell, Column, Kind, Place, PrintedTable, Row

HELD_BACK = "*"
"""Stands in the place of a count that is held back, and of what is derived from it."""
_TELLING = {
    "reasons": "any",
    "replies": "asked",
    "review_late_reasons": "reviews",
    "review_moved_reasons": "reviews",
    "good_practice": "number",
    "contacts": "number",
}
"""Tables whose rows are there because something happened; a row whose telling count is held back is left out."""
_LEFT_OUT = {
    "outcomes": ("child_told", "on_record"),
    "reasons": ("main",),
    "participation": ("share_q1", "share_q2", "share_q3", "share_q4"),
    "parents_and_carers": ("share_q1", "share_q2", "share_q3", "share_q4"),
}
"""Columns that, beside the others, would tell: the main reason beside any mention, bases of single quarters, and more
parts of few concerns closed. Whether copies are on the record is the service's own business.
"""
_QUARTERS = ("q1", "q2", "q3", "q4")
_BASE_OF_SHARE = {"in_time_share": "reviews", "children_in_time_share": "children", "share": "due"}


def publish_table(table: PrintedTable, shown: set[Spot]) -> PrintedTable:
    """The table with every count that is not among those to be shown held back, and all that is derived from it."""
    rows: list[Row] = []
    bases: dict[Place, int] = {}
    totals: list[int] = []
    for place, row in enumerate(table.rows):
        if _tells_nothing(table, place, row, shown):
            continue
        if place in table.totals:
            totals.append(len(rows))
        made = {
            column.key: _cell(table, place, column, shown)
            for column in table.columns
            if column.key not in _LEFT_OUT.get(table.name, ())
        }
        for key, cell in made.items():
            base = table.bases.get((place, key))
            if base is not None and cell not in (HELD_BACK, None):
                bases[len(rows), key] = base
        rows.append(made)
    left_out = _LEFT_OUT.get(table.name, ())
    return replace(
        table,
        columns=tuple(one for one in table.columns if one.key not in left_out),
        rows=tuple(rows),
        totals=tuple(totals),
        bases=bases,
        tones={},
        held_back=True,
    )


def _tells_nothing(table: PrintedTable, place: int, row: Row, shown: set[Spot]) -> bool:
    telling = _TELLING.get(table.name)
    if telling is not None:
        return (table.name, place, telling) not in shown and place not in table.totals
    if table.name == "outcomes":
        return row["outcome"] == NOT_RECORDED and (table.name, place, "concerns") not in shown
    return row.get("code") == "none" and (table.name, place, "total") not in shown


def _cell(table: PrintedTable, place: int, column: Column, shown: set[Spot]) -> Cell:
    """The cell as it may be printed; a cell that nobody has said may be shown is held back."""
    cell = table.rows[place][column.key]
    if cell is None or column.kind in (Kind.TEXT, Kind.MONTH):
        return cell
    if _has_no_place(table, place, column):
        return None
    needed = _needed(table, place, column)
    return cell if all(spot in shown for spot in needed) else HELD_BACK


def _has_no_place(table: PrintedTable, place: int, column: Column) -> bool:
    """Sums of columns whose parts are also summed by rows: public tables add up one way only."""
    if table.name in ("participation", "parents_and_carers"):
        return place in table.totals and column.key in _QUARTERS
    return table.name == "outcomes" and place in table.totals and column.key in ("change_recorded", "lasted")


def _needed(table: PrintedTable, place: int, column: Column) -> list[Spot]:
    """The counts that must be shown for this cell to be shown."""
    if column.kind is Kind.DAYS:
        return [(table.name, place, "replied")]
    if column.kind is Kind.SHARE:
        return [(table.name, place, column.part), _base_of(table, place, column)]
    return [(table.name, place, column.key)]


def _base_of(table: PrintedTable, place: int, column: Column) -> Spot:
    if column.key == "participated_share":
        return (table.name, place, "participation_base")
    if column.key in _BASE_OF_SHARE:
        return (table.name, place, _BASE_OF_SHARE[column.key])
    base = next(at for at, row in enumerate(table.rows) if row["code"] == "base")
    return (table.name, base, column.part)


def caseload_of_all(table: PrintedTable) -> PrintedTable:
    """One row for the service: no officer is named, and the children for each are said in whole numbers."""
    kept = ("iro", "children_per_fte", "range", "changes_of_iro")
    rows: Mapping[str, Cell] = table.rows[-1] if table.rows else {}
    made: dict[str, Cell] = {key: rows.get(key) for key in kept}
    each, changes = made["children_per_fte"], made["changes_of_iro"]
    made["iro"] = "All"
    made["children_per_fte"] = round(each) if isinstance(each, float) and round(each) >= FEWEST else HELD_BACK
    made["changes_of_iro"] = changes if isinstance(changes, int) and changes >= FEWEST else HELD_BACK
    columns = tuple(one for one in table.columns if one.key in kept)
    return replace(
        table, columns=columns, rows=(made,) if rows else (), totals=(), added=0, bases={}, tones={}, held_back=True
    )
