"""Reads a CSV file of past concerns: its columns first, then its rows, still as they were written."""

import csv
import io
import re
from collections.abc import Sequence

from handlers.imports.outcome import Findings
from handlers.imports.rows import Columns, Row, read_rows
from scheduling.procedures import Procedures

REQUIRED = ("reference", "child", "raised_on", "raised_by")
OPTIONAL = (
    "team", "main_reason", "other_reasons", "agency", "significant_harm", "informal_on", "cafcass_on",
    "replied_on", "closed_on", "outcome",
)  # fmt: skip
_STAGE = re.compile(r"stage_(\d{1,3})_on")


def stage_column(number: int) -> str:
    """The column that says when a concern came to a stage; 0 is informal."""
    return f"stage_{number}_on" if number else "informal_on"


def read_past(text: str, rules: Procedures, findings: Findings) -> list[Row]:
    """The rows of a file. ImportRefused where a column is missing, unknown or for a stage that does not exist."""
    stages = {stage_column(stage.number) for stage in rules.stages}
    for column in _stage_columns(text):
        if column not in stages:
            number = int(column.split("_")[1])
            findings.note(
                1,
                column,
                f"the procedures {rules.name} have no stage {number} (the last is {len(rules.stages)}): "
                "take the column out, or import under the procedures that have it",
            )
    findings.refuse_if_any()
    columns = Columns(required=REQUIRED, optional=(*OPTIONAL, *sorted(stages)), about_children=True)
    return read_rows(text, columns, findings)


def _stage_columns(text: str) -> Sequence[str]:
    """The columns of the header that name a formal stage."""
    first = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").partition("\n")[0]
    header = next(csv.reader(io.StringIO(first)), [])
    return [name for cell in header if _STAGE.fullmatch(name := cell.strip().lower().replace(" ", "_"))]
