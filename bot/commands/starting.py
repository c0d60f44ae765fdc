"""`golive`: the day on which a council, or a team, starts."""

from datetime import date

import typer

from bot.commands.opening import opened
from handlers.starts import start
from handlers.terms import in_words


def golive(on: date, team: str, authority: str) -> None:
    """Set the day, and print what follows from it."""
    with opened(authority) as data, data.scene() as scene:
        said = in_words(start(scene, team.strip(), on), scene.rules)
    typer.echo(said)
