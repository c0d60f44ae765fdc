"""The data-quality page: what was found, with the rows it is about; every row stands in the table of its own file."""

from collections.abc import Iterable

from handlers.figures.quality import Finding
from handlers.figures.tables import Column, Kind, PrintedTable
from handlers.paper import Grid, GridColumn, Part, Points
from handlers.report.sentences import number
from scheduling.deadline_wording import say_first

NAME = "data_quality"
NAMED_AT_MOST = 40
WHERE_NAMED = "/iro figures names them."
RULE = "Each row that is incomplete or disagrees, under what is the matter with it."


def quality_parts(found: Iterable[Finding]) -> list[Part]:
    """A sentence for each thing found, and a grid of the rows that are incomplete or disagree."""
    findings = list(found)
    said = tuple(one.what for one in findings if not one.rows)
    rows = tuple((one.what, number(len(one.rows)), _named(one.rows)) for one in findings if one.rows)
    parts: list[Part] = [Points(items=said)] if said else []
    if rows:
        parts.append(
            Grid(
                name="data-quality",
                number=0,
                title="Rows that are incomplete or disagree",
                columns=(GridColumn(title="What"), GridColumn(title="Rows", numeric=True), GridColumn(title="Which")),
                rows=rows,
            )
        )
    return parts


def _named(rows: tuple[str, ...]) -> str:
    named = say_first(rows, NAMED_AT_MOST)
    return f"{named}, all in the file {NAME}" if len(rows) > NAMED_AT_MOST else named


def unnamed(one: Finding) -> Finding:
    """The finding as a chat may keep it: how many rows it is about, and not which."""
    return Finding(what=f"{one.what}: {number(len(one.rows))}. {WHERE_NAMED}") if one.rows else one


def quality_table(found: Iterable[Finding]) -> PrintedTable:
    """Every row found, as a table like the others, for the files that hold tables alone."""
    rows = [{"what": one.what, "row": row} for one in found for row in one.rows or ("",)]
    return PrintedTable(
        name=NAME,
        title="Data quality",
        columns=(Column(key="what", title="What", kind=Kind.TEXT), Column(key="row", title="Row", kind=Kind.TEXT)),
        rows=tuple(rows),
        rule=RULE,
    )
