"""Bringing in files."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.typed.options import Authority, group

imports = group("Bring in staff, children, absences, past concerns or past reviews from a CSV file.")

File = Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file in UTF-8 with a header row.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check the file and say what would change.")]


@imports.command("staff")
def import_staff(
    file: File,
    dry_run: DryRun = False,
    leavers: Annotated[bool, typer.Option("--leavers", help="Mark those not in the file as left.")] = False,
    authority: Authority = "",
) -> None:
    """Staff: email,name,roles,manager_email,team,fte,slack_id,teams_id,prefers,previous_email."""
    from bot.commands.importing import staff

    staff(file, dry_run=dry_run, leavers=leavers, authority=authority)


@imports.command("children")
def import_children(file: File, dry_run: DryRun = False, authority: Authority = "") -> None:
    """Children: reference,looked_after_from,iro_email,holder_email,track,... and no names, ever."""
    from bot.commands.importing import children

    children(file, dry_run=dry_run, authority=authority)


@imports.command("absences")
def import_absences(file: File, dry_run: DryRun = False, authority: Authority = "") -> None:
    """Absences: email,from,to,cover_email."""
    from bot.commands.importing import absences

    absences(file, dry_run=dry_run, authority=authority)


@imports.command("concerns")
def import_concerns(file: File, dry_run: DryRun = False, authority: Authority = "") -> None:
    """Past concerns: reference,child,raised_on,raised_by,...,stage_1_on,...,closed_on,outcome."""
    from bot.commands.importing import concerns

    concerns(file, dry_run=dry_run, authority=authority)


@imports.command("reviews")
def import_reviews(file: File, dry_run: DryRun = False, authority: Authority = "") -> None:
    """Past reviews: child,kind,due_on,held_on,completed_on,participation,chaired_by_child,late_reason."""
    from bot.commands.importing import reviews

    reviews(file, dry_run=dry_run, authority=authority)


@imports.command("printed")
def import_printed(file: File, dry_run: DryRun = False, authority: Authority = "") -> None:
    """Totals an earlier report printed: from,to,table,row,column,printed,source. Figures say where the rows differ."""
    from bot.commands.importing import printed

    printed(file, dry_run=dry_run, authority=authority)
