"""The command line `iro-bot` (surface 10): 0 done, 1 refused or failed with one sentence, 2 wrong usage."""

import atexit
import gc
import os
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.command_line import started_as
from bot.commands.refusing import Sentences

SELDOM = (50_000, 20, 20)
"""How often Python looks for garbage: its usual 700 costs a tenth of a command, most of which loads what stays."""


def _day(text: str) -> date:
    """A day as files write it; wrong usage for anything else."""
    from handlers.people.dates import written_day

    day = written_day(text.strip())
    if day is None:
        raise typer.BadParameter(f"“{text}” is no date: write 2026-12-21 or 21/12/2026.")
    return day


def _group(words: str) -> typer.Typer:
    return typer.Typer(
        help=words,
        cls=Sentences,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )


app = _group("A bot for Independent Reviewing Officers: concerns, their stages and their dates.")
imports = _group("Bring in staff, children, absences, past concerns or past reviews from a CSV file.")
exports = _group("Write a file for the case record.")
reports = _group("The annual report.")
rules = _group("The authority's rules: which there are, whether they are right, what they say.")
people = _group("Members of staff.")
keys = _group("The keys that encrypt what people write.")
slack = _group("Workspaces of Slack.")
audits = _group("Proof that nothing was altered.")
app.add_typer(imports, name="import")
app.add_typer(exports, name="export")
app.add_typer(reports, name="report")
app.add_typer(rules, name="procedures")
app.add_typer(people, name="people")
app.add_typer(keys, name="keys")
app.add_typer(audits, name="audit")
app.add_typer(slack, name="slack")


def _version(asked: bool) -> None:
    if asked:
        from bot.version import version

        typer.echo(f"iro-bot {version()}")
        raise typer.Exit


@app.callback()
def about(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version.")] = False,
) -> None:
    """What stands before every command."""


Authority = Annotated[
    str, typer.Option("--authority", metavar="KEY", help="The authority, where more than one exists.")
]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file in UTF-8 with a header row.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check the file and say what would change.")]


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


@app.command()
def run() -> None:
    """Start the bot and connect it as the settings say."""
    from bot.commands.running import ready

    settings = ready()
    from bot.compose import run as start

    start(settings)


@app.command()
def demo() -> None:
    """Tell a whole case in the terminal, in under a minute."""
    from bot.demo import main as tell

    tell()


@app.command()
def migrate() -> None:
    """Bring the database to the schema of this version."""
    from bot.commands.migrating import bring_up

    bring_up()


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


@app.command()
def figures(
    first: Annotated[date, typer.Option("--from", parser=_day, metavar="DATE", help="The first day.")],
    last: Annotated[date, typer.Option("--to", parser=_day, metavar="DATE", help="The last day.")],
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
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files go.")],
    public: Annotated[bool, typer.Option("--public", help="For publication: no counts under five, no words.")] = False,
    authority: Authority = "",
) -> None:
    """The year's report as DOCX and HTML, and every table as CSV and in one XLSX."""
    from bot.commands.reporting import annual

    annual(year, out, public=public, authority=authority)


@exports.command("concern")
def export_concern(
    reference: Annotated[str, typer.Argument(metavar="C-12", help="The concern.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files go.")],
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
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files go.")],
    email: Annotated[str, typer.Option("--as", metavar="EMAIL", help="Whose entitlement is checked.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why: it is recorded.")],
    shape: Annotated[Shape, typer.Option("--format", help="DOCX, Markdown, JSON or all.")] = Shape.ALL,
    authority: Authority = "",
) -> None:
    """A child's file: a timeline of reviews, tasks, decisions, contacts and concerns; never drafts or legal notes."""
    from bot.commands.exporting import child

    child(reference, out, email=email, reason=reason, shapes=shape.each, authority=authority)


Named = Annotated[str, typer.Argument(metavar="[NAME|FILE]", help="A shipped name or a file; else those in use.")]


@rules.command("list")
def procedures_list() -> None:
    """The shipped procedures, and which are in use."""
    from bot.commands.procedures import list_procedures

    list_procedures()


@rules.command("check")
def procedures_check(name: Named = "") -> None:
    """Everything wrong with a procedures file, line by line."""
    from bot.commands.procedures import check

    check(name)


@rules.command("explain")
def procedures_explain(name: Named = "") -> None:
    """The rules in plain words."""
    from bot.commands.procedures import say

    say(name)


@people.command("show")
def people_show(email: Annotated[str, typer.Argument(metavar="EMAIL")], authority: Authority = "") -> None:
    """What is known of a member of staff."""
    from bot.commands.people import show

    show(email, authority)


@people.command("admin")
def people_admin(
    email: Annotated[str, typer.Argument(metavar="EMAIL")],
    new: Annotated[bool, typer.Option("--new", help="Add a person whom nobody knows yet.")] = False,
    authority: Authority = "",
) -> None:
    """Make someone an administrator (the first one is made here)."""
    from bot.commands.people import admin

    admin(email, authority, new=new)


@people.command("rename")
def people_rename(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The address they are known under.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Their address from now on.")],
    authority: Authority = "",
) -> None:
    """Give somebody another e-mail address; all that is theirs stays theirs."""
    from bot.commands.people import rename

    rename(old, new, authority)


@keys.command("make")
def keys_make() -> None:
    """Make a new key, as the line for .env; nothing is changed."""
    from bot.commands.keys import make

    make()


@app.command()
def upcoming(
    until: Annotated[date | None, typer.Option("--until", parser=_day, metavar="DATE", help="Up to that day.")] = None,
    authority: Authority = "",
) -> None:
    """What would be sent, to whom and when, as things stand now; nothing is sent."""
    from bot.commands.upcoming import show_upcoming

    show_upcoming(until, authority)


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder for the backup: not one beside the keys.")],
) -> None:
    """Keep the whole database in one proved file, beside a running bot."""
    from bot.commands.keeping import back_up

    back_up(folder)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    check: Annotated[bool, typer.Option("--check", help="Only prove the backup; nothing is changed.")] = False,
) -> None:
    """Put a backup into DATABASE_URL, which must hold nothing yet; or only prove it."""
    from bot.commands import keeping

    if check:
        keeping.check(file)
    else:
        keeping.bring_back(file)


@slack.command("invite")
def slack_invite(
    domain: Annotated[
        list[str] | None,
        typer.Option("--domain", metavar="DOMAIN", help="Addresses at it are recognised there; may be given again."),
    ] = None,
    team: Annotated[str, typer.Option("--team", metavar="T...", help="The only workspace it may be used for.")] = "",
    authority: Authority = "",
) -> None:
    """A link by which one workspace may be connected, once, within seven days."""
    from bot.commands.inviting import invite

    invite(domain or (), team, authority)


@audits.command("verify")
def audit_verify(authority: Authority = "") -> None:
    """Verify that the history stands as it was written."""
    from bot.commands.auditing import verify

    verify(authority)


@app.command()
def doctor(authority: Authority = "") -> None:
    """Check settings, keys, database, platforms, people and clock; each failure says its mend."""
    from bot.doctor import examine

    examine(authority)


def main() -> None:
    """Run the command line. Whatever it writes is for the account it runs under alone."""
    os.umask(0o077)
    started_as(sys.argv[0], sys.executable)
    gc.set_threshold(*SELDOM)
    atexit.register(gc.freeze)  # the end of the process frees its memory faster than a last look through it
    app(prog_name="iro-bot")
