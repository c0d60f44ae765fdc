"""`figures`: the tables of a period, to read or as JSON."""

import json
from datetime import date

import typer

from bot.commands.opening import opened
from bot.commands.plain_tables import plain_table
from handlers.figures.making import figures
from handlers.figures.period import Period
from handlers.figures.quality import Finding, data_quality
from handlers.figures.splitting import By, of_team
from handlers.figures.tables import PrintedTable
from handlers.terms import in_words


def show_figures(first: date, last: date, *, as_json: bool, authority: str, by: str = "", team: str = "") -> None:
    """Print every table, under each its rule; other notes come last."""
    period = Period(first=first, last=last)
    with opened(authority) as data, data.scene(writes=False) as scene:
        if team:
            period = of_team(scene, period, team)
        made = figures(scene, period, By(by) if by else None)
        found = data_quality(scene, period, made if not by else figures(scene, period))
        made, found = in_words((made, found), scene.rules)
    quality = [_said(one) for one in found]
    if as_json:
        notes = [*made.notes, *(f"Data quality: {one}" for one in quality)]
        typer.echo(json.dumps({"tables": made.tables, "notes": notes}, indent=2, ensure_ascii=False))
        return
    for one in made.printed.values():
        typer.echo(f"{plain_table(one.name, one.rows)}\n{_under(one)}\n")
    said = {line for one in made.printed.values() for line in (one.rule, *one.notes)}
    for note in made.notes:
        if not any(line in note for line in said):
            typer.echo(f"- {note}")
    if quality:
        typer.echo("\nData quality")
        for line in quality:
            typer.echo(f"- {line}")


def _said(one: Finding) -> str:
    return f"{one.what}: {len(one.rows)} ({', '.join(one.rows)})." if one.rows else one.what


def _under(table: PrintedTable) -> str:
    return "\n".join(f"  {line}" for line in (table.rule, table.base, *table.notes) if line)
