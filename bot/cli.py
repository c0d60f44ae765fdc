"""The command line `iro-bot` (surface 10): 0 done, 1 refused or failed with one sentence, 2 wrong usage."""

import atexit
import gc
import os
import sys
from typing import Annotated

import typer

from bot.command_line import started_as
from bot.commands.typed import bringing_in, keeping, rules, running, staff, taking_out
from bot.commands.typed.options import group

SELDOM = (50_000, 20, 20)
"""How often Python looks for garbage: its usual 700 costs a tenth of a command, most of which loads what stays."""

COMMANDS = (
    running.run,
    running.demo,
    running.migrate,
    taking_out.figures,
    running.upcoming,
    running.golive,
    keeping.backup,
    keeping.restore,
    running.doctor,
)
GROUPS = {
    "import": bringing_in.imports,
    "export": taking_out.exports,
    "report": taking_out.reports,
    "procedures": rules.rules,
    "people": staff.people,
    "keys": keeping.keys,
    "audit": keeping.audits,
    "slack": staff.slack,
}

app = group("A bot for Independent Reviewing Officers: concerns, their stages and their dates.")
for one in COMMANDS:
    app.command()(one)
for name, commands in GROUPS.items():
    app.add_typer(commands, name=name)


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


def main() -> None:
    """Run the command line. Whatever it writes is for the account it runs under alone."""
    os.umask(0o077)
    started_as(sys.argv[0], sys.executable)
    gc.set_threshold(*SELDOM)
    atexit.register(gc.freeze)  # the end of the process frees its memory faster than a last look through it
    app(prog_name="iro-bot")
