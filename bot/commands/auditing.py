"""`audit verify`: whether the history stands as it was written."""

import typer

from bot.commands.opening import opened
from storage import audit
from storage.database import transaction


def verify(authority: str) -> None:
    """Verify every chain and anchor; exit 1 naming each break."""
    with opened(authority) as data, transaction(data.engine, data.authority, writes=False) as session:
        problems = audit.verify_all(session)
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        typer.echo("The history was altered: keep the database as it is and restore from a backup.", err=True)
        raise typer.Exit(1)
    typer.echo("The history stands as it was written.")
