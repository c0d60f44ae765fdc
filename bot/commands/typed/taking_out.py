"""Taking out: figures, the annual report, files for the case record."""

from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from bot.commands.typed.options import Authority, Out, day, group

exports = group("Write a file for the case record.")
reports = group("The annual report.")


class Split(StrEnum):
    """What figures are split by."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    TEAM = "team"
    IRO = "iro"


class Shape(StrEnum):
    """In which shape a file is written."""

    DOCX = "docx"
    MARKDOWN = "md"
    JSON = "json"
    ALL = "all"

    @property
    def each(self) -> tuple[str, ...]:
        """The shapes to write."""
        return ("docx", "md", "json") if self is Shape.ALL else (self.value,)


def figures(
    first: Annotated[date, typer.Option("--from", parser=day, metavar="DATE", help="The first day.")],
    last: Annotated[date, typer.Option("--to", parser=day, metavar="DATE", help="The last day.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    by: Annotated[Split | None, typer.Option("--by", help="Split by parts of time, by team or by IRO.")] = None,
    team: Annotated[str, typer.Option("--team", metavar="NAME", help="One team's figures.")] = "",
    authority: Authority = "",
) -> None:
    """The year's (or any period's) figures about concerns and reviews."""
    from bot.commands.figures import show_figures

    if last < first:
        raise typer.BadParameter("--to lies before --from: swap the two dates.")
    split = by.value if by is not None else ""
    show_figures(first, last, as_json=as_json, authority=authority, by=split, team=team)


@reports.command("annual")
def report_annual(
    year: Annotated[str, typer.Option("--year", metavar="2025-26", help="April to March.")],
    out: Out,
    public: Annotated[bool, typer.Option("--public", help="For publication: no counts under five, no words.")] = False,
    authority: Authority = "",
) -> None:
    """The year's report as DOCX and HTML, and every table as CSV and in one XLSX."""
    from bot.commands.reporting import annual

    annual(year, out, public=public, authority=authority)


@exports.command("concern")
def export_concern(
    reference: Annotated[str, typer.Argument(metavar="C-12", help="The concern.")],
    out: Out,
    email: Annotated[str, typer.Option("--as", metavar="EMAIL", help="Whose entitlement is checked.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why: it is recorded.")],
    shape: Annotated[Shape, typer.Option("--format", help="DOCX, Markdown, JSON or all.")] = Shape.ALL,
    authority: Authority = "",
) -> None:
    """A concern's file for the case record; drafts and legal notes are never in it."""
    from bot.commands.exporting import concern

    concern(reference, out, email=email, reason=reason, shapes=shape.each, authority=authority)


@exports.command("child")
def export_child(
    reference: Annotated[str, typer.Argument(metavar="AB-1042", help="The child.")],
    out: Out,
    email: Annotated[str, typer.Option("--as", metavar="EMAIL", help="Whose entitlement is checked.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why: it is recorded.")],
    shape: Annotated[Shape, typer.Option("--format", help="DOCX, Markdown, JSON or all.")] = Shape.ALL,
    authority: Authority = "",
) -> None:
    """A child's file: a timeline of reviews, tasks, decisions, contacts and concerns; never drafts or legal notes."""
    from bot.commands.exporting import child

    child(reference, out, email=email, reason=reason, shapes=shape.each, authority=authority)
