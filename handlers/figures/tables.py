"""The shape of a table of figures, and how its stages are named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Cell = str | int | float | None
Row = Mapping[str, Cell]
Table = Sequence[Row]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The tables by name, each a list of rows with the same columns, and notes on how they were counted."""

    tables: Mapping[str, Table]
    notes: tuple[str, ...]


def stage_column(number: int) -> str:
    """ "informal" or "stage_2": how a stage is named in columns and rows."""
    return f"stage_{number}" if number else "informal"
