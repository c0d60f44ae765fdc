"""A table as lines to read in a form, where there is no room for columns: each row with its numbers named."""

import re
from datetime import date
from itertools import takewhile

from handlers.figures.columns import stage_name
from handlers.figures.tables import Cell, Column, Kind, PrintedTable, Row, Tone
from handlers.office import Scene

NOTHING = "Nothing in this period."
MARKS = {Tone.FRESH: "", Tone.AGEING: "\N{LARGE ORANGE CIRCLE} ", Tone.OLD: "\N{LARGE RED CIRCLE} "}
"""How the tone of age is shown where text has no colour; the words beside it say the same."""
_MONTH = re.compile(r"\d{4}-\d{2}")
_KEY = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")


def lines_of(scene: Scene, table: PrintedTable) -> list[str]:
    """One line a row."""
    return [_line(scene, table, place) for place in range(len(table.rows))] or [NOTHING]


def row_label(scene: Scene, table: PrintedTable, row: Row) -> str:
    """The words a row begins with: "Apr 2026", "Stage 2: Service manager", "North, 2025-26 Q1"."""
    label = ", ".join(filter(None, (_cell(scene, one, row[one.key]) for one in _names(table)))) or "All"
    return label[:1].upper() + label[1:]


def _names(table: PrintedTable) -> list[Column]:
    """The columns that say what a row is, which stand before its numbers."""
    return list(takewhile(lambda one: one.kind in (Kind.TEXT, Kind.MONTH), table.columns))


def _line(scene: Scene, table: PrintedTable, place: int) -> str:
    row = table.rows[place]
    numbers = [
        f"{MARKS[table.tones[place, one.key]] if (place, one.key) in table.tones else ''}{one.title} "
        f"{_cell(scene, one, row[one.key])}{_of(table, place, one)}"
        for one in table.columns[len(_names(table)) :]
        if row[one.key] is not None
    ]
    said = " \N{MIDDLE DOT} ".join(numbers) or "-"
    return f"{row_label(scene, table, row)}: {said}"


def _of(table: PrintedTable, place: int, column: Column) -> str:
    base = table.bases.get((place, column.key))
    return f" (of {base:,})" if base is not None else ""


def _cell(scene: Scene, column: Column, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _words(scene, column, cell)
    number = f"{cell:,g}" if isinstance(cell, float) else f"{cell:,}"
    return f"{number}%" if column.kind is Kind.SHARE else number


def _words(scene: Scene, column: Column, cell: str) -> str:
    """A cell of words; a code that is only the key of the words beside it is left out."""
    if column.kind is Kind.MONTH and _MONTH.fullmatch(cell):
        return f"{date.fromisoformat(f'{cell}-01'):%b %Y}"
    match column.key:
        case "stage":
            return stage_name(scene.rules, cell)
        case "role":
            return scene.rules.role_label(cell)
        case "code":
            return cell if cell.isupper() else ""
    return cell


def in_titles(line: str, table: PrintedTable) -> str:
    """A rule for people to read: columns called by their titles instead of their keys."""
    titles = {column.key: column.title for column in table.columns}

    def title(found: re.Match[str]) -> str:
        key = found.group()
        return f"\N{LEFT DOUBLE QUOTATION MARK}{titles[key]}\N{RIGHT DOUBLE QUOTATION MARK}" if key in titles else key

    return _KEY.sub(title, line)
