"""`figures`: the tables of a period, to read or as JSON."""

import json
from datetime import date

import typer

from bot.commands.opening import opened
from bot.commands.plain_tables import plain_table
from handlers.figures.making import figures
from handlers.figures.period import Period


def show_figures(first: date, last: date, *, as_json: bool, authority: str) -> None:
    """Print every table; notes come last."""
    period = Period(first=first, last=last)
    with opened(authority) as data, data.scene(writes=False) as scene:
        made = figures(scene, period)
    if as_json:
        typer.echo(json.dumps({"tables": made.tables, "notes": made.notes}, indent=2, ensure_ascii=False))
        return
    for name, rows in made.tables.items():
        typer.echo(f"{plain_table(name, rows)}\n")
    for note in made.notes:
        typer.echo(f"- {note}")
