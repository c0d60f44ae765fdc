"""The tables as one XLSX workbook: a sheet each with typed cells, and a first sheet that says how they are counted."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from handlers.figures.reading import in_titles
from handlers.figures.tables import Cell, Column, Kind, PrintedTable
from handlers.report.cells import cell_text
from scheduling.procedures import Procedures

NAME_LIMIT = 31
"""Characters of a sheet's name, by the format."""
DEFINITIONS = "definitions"
HEADER, WIDEST, NARROWEST = 2, 60, 9
HUNDRED = 100.0


def as_workbook(
    tables: Mapping[str, PrintedTable], rules: Procedures, facts: Sequence[tuple[str, str]], made_at: datetime
) -> bytes:
    """The workbook, dated `made_at` (UTC). Text never becomes a formula or a link."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(file, options)
    book.set_properties(
        {"created": made_at.astimezone(UTC).replace(tzinfo=None), "title": facts[0][1] if facts else ""}
    )
    looks = Looks(book)
    _definitions(book.add_worksheet(DEFINITIONS), tables, facts, looks)
    for name, table in tables.items():
        _sheet(book.add_worksheet(name[:NAME_LIMIT]), table, rules, looks)
    book.close()
    return file.getvalue()


class Looks:
    """The formats of the cells, by kind and by whether the row is set bold."""

    def __init__(self, book: Workbook) -> None:
        """Make them in a workbook."""
        self.title = book.add_format({"bold": True, "font_size": 14, "font_color": "#12436D"})
        self.header = book.add_format(
            {"bold": True, "bg_color": "#EEF3F6", "bottom": 2, "text_wrap": True, "valign": "bottom"}
        )
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.strong = book.add_format({"bold": True, "valign": "top"})
        numbers = {Kind.SHARE: "0.0%", Kind.COUNT: "#,##0", Kind.DAYS: "#,##0.0", Kind.NUMBER: "#,##0.00",
                   Kind.MONTH: "mmmm yyyy", Kind.TEXT: "General"}  # fmt: skip
        self._kinds: dict[tuple[Kind, bool], Format] = {
            (kind, bold): book.add_format({"num_format": shown, "bold": bold, "align": _side(kind)})
            for kind, shown in numbers.items()
            for bold in (False, True)
        }

    def of(self, kind: Kind, *, bold: bool) -> Format:
        """The format of a cell."""
        return self._kinds[kind, bold]


def _side(kind: Kind) -> str:
    return "left" if kind in (Kind.TEXT, Kind.MONTH) else "right"


def _definitions(
    sheet: Worksheet, tables: Mapping[str, PrintedTable], facts: Sequence[tuple[str, str]], looks: Looks
) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 34)
    sheet.set_column(2, 2, 110)
    sheet.write_string(0, 0, "How the tables are counted", looks.title)
    for place, (name, value) in enumerate(facts, start=1):
        sheet.write_string(place, 0, name)
        sheet.write_string(place, 1, value)
    top = len(facts) + 2
    for place, title in enumerate(("Sheet", "Table", "How it is counted")):
        sheet.write_string(top, place, title, looks.header)
    for line, (name, table) in enumerate(tables.items(), start=top + 1):
        rule = " ".join(filter(None, (table.rule, table.base, *table.notes)))
        sheet.write_string(line, 0, name[:NAME_LIMIT], looks.wrapped)
        sheet.write_string(line, 1, table.title, looks.wrapped)
        sheet.write_string(line, 2, in_titles(rule, table), looks.wrapped)
    sheet.freeze_panes(top + 1, 0)


def _sheet(sheet: Worksheet, table: PrintedTable, rules: Procedures, looks: Looks) -> None:
    sheet.write_string(0, 0, table.title, looks.title)
    for place, column in enumerate(table.columns):
        sheet.write_string(HEADER, place, column.title, looks.header)
        texts = [cell_text(rules, column, row.get(column.key)) for row in table.rows]
        longest = max((len(text) for text in texts), default=0)
        words = max(len(word) for word in column.title.split())
        sheet.set_column(place, place, min(WIDEST, max(NARROWEST, longest, words) + 2))
    for line, row in enumerate(table.rows):
        bold = line in table.totals
        for place, column in enumerate(table.columns):
            _write(sheet, (HEADER + 1 + line, place), row.get(column.key), column, rules, looks, bold=bold)
    sheet.freeze_panes(HEADER + 1, 1)
    sheet.repeat_rows(HEADER)
    sheet.fit_to_pages(1, 0)
    sheet.set_landscape()


def _write(
    sheet: Worksheet, at: tuple[int, int], cell: Cell, column: Column, rules: Procedures, looks: Looks, *, bold: bool
) -> None:
    """Shares as per cent of one, months as dates, counts as numbers; an empty cell stays empty."""
    look = looks.of(column.kind, bold=bold)
    if cell is None or cell == "":
        sheet.write_blank(*at, None, look)
    elif isinstance(cell, int | float):
        sheet.write_number(*at, cell / HUNDRED if column.kind is Kind.SHARE else cell, look)
    elif column.kind is Kind.MONTH and (day := _first_day(cell)) is not None:
        sheet.write_datetime(*at, day, look)
    else:
        sheet.write_string(*at, cell_text(rules, column, cell), looks.of(Kind.TEXT, bold=bold))


def _first_day(month: str) -> datetime | None:
    try:
        day = date.fromisoformat(f"{month}-01")
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a day in a spreadsheet has no zone
