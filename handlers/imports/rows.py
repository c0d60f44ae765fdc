"""Reads a CSV file: its header first, then its rows, each with the line it starts on."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from handlers.day_windows import WINDOWS, DayOf, outside
from handlers.imports.outcome import Findings
from handlers.people.dates import written_day
from handlers.typed import line as line_of
from scheduling.working_days import FIRST_YEAR, LAST_YEAR, is_known

_NEVER_ABOUT_A_CHILD = (
    "name", "surname", "forename", "initial", "birth", "dob", "address", "postcode", "nhs", "upn", "school",
    "placement", "phone", "ethnic", "gender",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Columns:
    """What a file's header must and may name; `about_children`: columns that tell who a child is are refused."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    about_children: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: the line it starts on and its cells, without surrounding space."""

    line: int
    cells: Mapping[str, str]
    findings: Findings

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def has(self, column: str) -> bool:
        """Whether the file has that column."""
        return column in self.cells

    def wrong(self, column: str, reason: str) -> None:
        """Keep what is wrong with a cell of this row."""
        self.findings.note(self.line, column, reason)

    def needed(self, column: str) -> str:
        """The cell, which must not be empty."""
        if not self[column]:
            self.wrong(column, "is empty: it is needed")
        return self[column]

    def day(self, column: str, means: DayOf, today: date, *, no_date: str = "", to_come: str = "") -> date | None:
        """The cell as a day of its kind; None where it is empty, no date, or outside the years that are known.

        `no_date` and `to_come` are a file's own words for a cell that is no date, or lies in the future.
        """
        text = self[column]
        if not text:
            return None
        day = _as_day(text)
        if day is None:
            self.wrong(column, no_date or f"{shown(text)} is no date: write 2026-12-21 or 21/12/2026")
        elif is_known(day) and day > today and WINDOWS[means].ahead == 0:
            self.wrong(column, to_come or f"{day} is still to come: leave it empty until then")
        elif outside(means, day, today):
            self.wrong(column, f"{shown(text)} {_why_outside(day)}: check the year")
        return day if day is not None and is_known(day) else None

    def short(self, column: str, most: int) -> str:
        """The cell, which must not be longer than the database keeps."""
        if len(self[column]) > most:
            self.wrong(column, f"is {len(self[column])} characters long; {most} are kept")
        return self[column]


@lru_cache(maxsize=20_000)
def _as_day(text: str) -> date | None:
    return written_day(text)


def _why_outside(day: date) -> str:
    if is_known(day):
        return "is too far from today"
    empty = ", which a spreadsheet writes for an empty cell" if day.year == 1900 else ""
    return f"is outside {FIRST_YEAR} to {LAST_YEAR}{empty}"


def read_rows(text: str, columns: Columns, findings: Findings) -> list[Row]:
    """The rows of a file, empty lines left out. A wrong header, or no CSV at all, is refused at once."""
    records = list(_records(text, findings))
    findings.refuse_if_any()
    if not records:
        findings.note(1, "", f"The file is empty: its first line names the columns {', '.join(columns.required)}.")
        findings.refuse_if_any()
    line, cells = records[0]
    header = [cell.lower().replace(" ", "_") for cell in cells]
    _check_header(line, header, columns, findings)
    findings.refuse_if_any()
    return [row for line, cells in records[1:] if (row := _row(line, cells, header, findings)) is not None]


def _records(text: str, findings: Findings) -> Iterator[tuple[int, list[str]]]:
    """Every line that holds anything, with the number of its first line."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            tidy = [line_of(cell) for cell in cells]
            if any(tidy):
                yield line, tidy
            line = reader.line_num + 1
    except csv.Error as broken:
        findings.note(line, "", f"is no CSV: {broken}. A value with a comma or a quote in it stands in double quotes.")


def _row(line: int, cells: list[str], header: Sequence[str], findings: Findings) -> Row | None:
    if len(cells) != len(header):
        reason = f"has {_values(len(cells))}, the header {len(header)}: a value with a comma stands in double quotes"
        findings.note(line, "", reason)
        return None
    return Row(line=line, cells=dict(zip(header, cells, strict=True)), findings=findings)


def _values(number: int) -> str:
    return "1 value" if number == 1 else f"{number} values"


def _check_header(line: int, header: Sequence[str], columns: Columns, findings: Findings) -> None:
    if len(header) == 1 and any(sign in header[0] for sign in ";\t"):
        findings.note(line, "", "The columns are not separated by commas: save the file as CSV with commas.")
        return
    known = (*columns.required, *columns.optional)
    missing = [name for name in columns.required if name not in header]
    unknown = [name for name in header if name not in known]
    for place, name in enumerate(header):
        if name in unknown:
            findings.note(line, name or f"column {place + 1}", _unknown(name, columns, missing or list(known)))
        elif name in header[:place]:
            findings.note(line, name, "is there twice: keep one")
    for name in missing:
        near = get_close_matches(name, unknown, n=1)
        hint = f"; is it what you call {near[0]}?" if near else ""
        findings.note(line, name, f"is missing: the file needs {', '.join(columns.required)}{hint}")


def _unknown(name: str, columns: Columns, candidates: Sequence[str]) -> str:
    if not name:
        return "has no name in the header"
    if columns.about_children and any(word in name for word in _NEVER_ABOUT_A_CHILD):
        return "is never kept: a child is known here by reference alone, so take this column out of the file"
    near = get_close_matches(name, candidates, n=1)
    every = ", ".join((*columns.required, *columns.optional))
    return f"is no column of this file; did you mean {near[0]}?" if near else f"is no column of this file: {every}"


def shown(text: str) -> str:
    """A cell as a problem quotes it: never more than forty characters."""
    return f'"{text}"' if len(text) <= 40 else f'"{text[:37]}..."'
