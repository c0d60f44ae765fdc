"""The shape of a table of figures: its columns in plain words, its rows, the rule it is counted by, its bases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

Cell = str | int | float | None
Row = Mapping[str, Cell]
Table = Sequence[Row]
Place = tuple[int, str]
"""A cell: the row's place from 0 and the column's key."""


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    MONTH = "month"  # "2025-04", or the name of a total
    COUNT = "count"
    SHARE = "share"  # per cent with one decimal
    DAYS = "days"  # working days
    NUMBER = "number"  # with decimals: full-time equivalents, children for each


class Tone(StrEnum):
    """How pressing something is by its age; counts never have a tone."""

    FRESH = "fresh"
    AGEING = "ageing"
    OLD = "old"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. Of a share, `part` is the column it is the share of and `base` says in words of what."""

    key: str
    title: str
    kind: Kind = Kind.COUNT
    part: str = ""
    base: str = ""


@dataclass(frozen=True, kw_only=True)
class PrintedTable:
    """A table as people read it: whatever prints it prints the rule, the base and the notes under it.

    `totals` are the places of rows that add up or repeat others; the last `added` rows stand only in print. `bases`
    gives the number each share is of.
    `tones` colours cells by age. `held_back`: counts under five, and what would give them away, are left out.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    rule: str
    base: str = ""
    notes: tuple[str, ...] = ()
    totals: tuple[int, ...] = ()
    added: int = 0
    bases: Mapping[Place, int] = field(default_factory=dict)
    tones: Mapping[Place, Tone] = field(default_factory=dict)
    held_back: bool = False

    def column(self, key: str) -> Column:
        """The column of that key; KeyError where there is none."""
        for one in self.columns:
            if one.key == key:
                return one
        raise KeyError(key)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The tables by name, each a list of rows with the same columns, and notes on how they were counted.

    `printed` holds the same tables as people read them, with a row of totals where rows can be added up; `beginning`
    says from which day they are counted, where the period begins before it.
    """

    tables: Mapping[str, Table]
    notes: tuple[str, ...]
    printed: Mapping[str, PrintedTable] = field(default_factory=dict)
    beginning: str = ""


def stage_column(number: int) -> str:
    """ "informal" or "stage_2": how a stage is named in columns and rows."""
    return f"stage_{number}" if number else "informal"
