"""Tables of figures as printed grids: each cell in words, stages, roles and months by the names people know."""

import re
from datetime import date

from handlers.figures.columns import stage_name
from handlers.figures.public import NOTE
from handlers.figures.public_rows import HELD_BACK
from handlers.figures.reading import in_titles
from handlers.figures.tables import Cell, Column, Kind, PrintedTable
from handlers.paper import Grid, GridColumn
from handlers.report.sentences import number
from scheduling.procedures import Procedures

SHORT_NOTE = f"{HELD_BACK} is held back: see Data quality at the end."
NOTHING = "Nothing is recorded for this period."
HELD = "There is nothing to show: what there is, if anything, is held back."
UNBROKEN = "\N{NO-BREAK SPACE}"
EMPTY = "\N{EN DASH}"
_STAGE = re.compile(r"informal|stage_\d+")


def grid_of(table: PrintedTable, rules: Procedures, place: int) -> Grid:
    """The table as printed, numbered `place`, with its rule, base and notes below."""
    base = f" {table.base}" if table.base else ""
    some = any(row[column.key] for row in table.rows for column in table.columns if is_numeric(column))
    notes = (SHORT_NOTE if note == NOTE else note for note in table.notes)
    below = (f"How this is counted: {table.rule}{base}", *notes)
    return Grid(
        name=table.name.replace("_", "-"),
        number=place,
        title=table.title,
        columns=tuple(GridColumn(title=one.title, numeric=is_numeric(one)) for one in table.columns),
        rows=tuple(
            tuple(cell_text(rules, column, row.get(column.key)) for column in table.columns) for row in table.rows
        )
        if some
        else (),
        strong=frozenset(table.totals),
        below=tuple(in_titles(line, table) for line in below) if some else (),
        nothing=HELD if table.held_back else NOTHING,
    )


def is_numeric(column: Column) -> bool:
    """Whether a column holds numbers."""
    return column.kind not in (Kind.TEXT, Kind.MONTH)


def cell_text(rules: Procedures, column: Column, cell: Cell) -> str:
    """A cell in words; what is not known is a dash."""
    if cell is None or cell == "":
        return EMPTY
    if isinstance(cell, str):
        return _words(rules, column, cell)
    if column.kind is Kind.SHARE:
        return f"{cell:.1f}"
    return number(cell) if column.kind is not Kind.NUMBER else f"{cell:,.2f}".rstrip("0").rstrip(".")


def _words(rules: Procedures, column: Column, cell: str) -> str:
    if column.kind is Kind.MONTH and re.fullmatch(r"\d{4}-\d{2}", cell):
        return f"{date.fromisoformat(f'{cell}-01'):%B{UNBROKEN}%Y}"
    if column.key == "stage" and _STAGE.fullmatch(cell):
        return stage_name(rules, cell)
    if column.key == "role" and cell != "not recorded":
        return rules.role_label(cell)
    return cell[:1].upper() + cell[1:]
