"""Tables as plain text, the same on a terminal and in a pipe: numbers to the right, words to the left."""

from collections.abc import Sequence

from handlers.figures.tables import Cell, Table

NOTHING = "-"


def plain_table(title: str, rows: Table) -> str:
    """The table under its title; a table without rows says so."""
    if not rows:
        return f"{title}\n  nothing in this period"
    columns = list(rows[0])
    written = [columns, *([_said(row[column]) for column in columns] for row in rows)]
    widths = [max(len(line[place]) for line in written) for place in range(len(columns))]
    numeric = [all(not isinstance(row[column], str) for row in rows) for column in columns]
    return "\n".join([title, *(_line(line, widths, numeric) for line in written)])


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    placed = (
        cell.rjust(width) if right else cell.ljust(width)
        for cell, width, right in zip(cells, widths, numeric, strict=True)
    )
    return f"  {'  '.join(placed)}".rstrip()


def _said(cell: Cell) -> str:
    if cell is None:
        return NOTHING
    return f"{cell:g}" if isinstance(cell, float) else str(cell)
