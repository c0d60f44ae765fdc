"""What several commands take, and how a group of them is made."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.refusing import Sentences

Authority = Annotated[
    str, typer.Option("--authority", metavar="KEY", help="The authority, where more than one exists.")
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files go.")]


def group(words: str) -> typer.Typer:
    """A group of commands whose refusals are said in a sentence."""
    return typer.Typer(
        help=words,
        cls=Sentences,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )


def day(text: str) -> date:
    """A day as files write it; wrong usage for anything else."""
    from handlers.people.dates import written_day

    found = written_day(text.strip())
    if found is None:
        raise typer.BadParameter(f"“{text}” is no date: write 2026-12-21 or 21/12/2026.")
    return found
