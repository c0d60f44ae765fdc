"""The tables as CSV files: UTF-8 with a byte order mark, column names as in the JSON, guarded against formulas."""

import csv
import io

from handlers.figures.tables import Cell, PrintedTable

GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet would take text that begins so for a formula."""


def as_csv(table: PrintedTable) -> bytes:
    """The table, a header row first; numbers with a full stop, an empty cell where nothing is known."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.key for column in table.columns)
    for row in table.rows:
        writer.writerow(_cell(row.get(column.key)) for column in table.columns)
    return text.getvalue().encode("utf-8-sig")


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(GUARDED) else cell
    return str(cell)
