"""Starting the bot, and looking at how it stands."""

from datetime import date
from typing import Annotated

import typer

from bot.commands.typed.options import Authority, day


def run() -> None:
    """Start the bot and connect it as the settings say."""
    from bot.commands.running import ready

    settings = ready()
    from bot.compose import run as start

    start(settings)


def demo() -> None:
    """Tell a whole case in the terminal, in under a minute."""
    from bot.demo import main as tell

    tell()


def migrate() -> None:
    """Bring the database to the schema of this version."""
    from bot.commands.migrating import bring_up

    bring_up()


def upcoming(
    until: Annotated[date | None, typer.Option("--until", parser=day, metavar="DATE", help="Up to that day.")] = None,
    authority: Authority = "",
) -> None:
    """What would be sent, to whom and when, as things stand now; nothing is sent."""
    from bot.commands.upcoming import show_upcoming

    show_upcoming(until, authority)


def golive(
    on: Annotated[date, typer.Argument(parser=day, metavar="DATE")],
    team: Annotated[str, typer.Option("--team", metavar="T", help="One team; without it everybody else.")] = "",
    authority: Authority = "",
) -> None:
    """Set the day on which the council, or a team, starts; before it nothing is sent but what people ask for."""
    from bot.commands.starting import golive as begin

    begin(on, team, authority)


def doctor(authority: Authority = "") -> None:
    """Check settings, keys, database, platforms, people and clock; each failure says its mend."""
    from bot.doctor import examine

    examine(authority)
