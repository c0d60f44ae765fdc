"""How a command says no: one clear sentence on stderr and exit 1 for every fault that is foreseen.

Faults are named and not imported: help and the rules would wait for the database library. What a command has not
loaded it cannot raise.
"""

import sys
from collections.abc import Mapping

import typer
from typer.core import TyperGroup

from bot.command_line import command

FORESEEN: Mapping[str, tuple[str, ...]] = {
    "handlers.refusals": ("Refused",),
    "bot.settings": ("WrongSetting",),
    "storage.database": ("Misconfigured", "AlreadyRunning"),
    "storage.backup": ("BackupRefused",),
    "storage.encrypted": ("KeysMissing", "KeysWrong"),
    "scheduling.procedures": ("ProceduresInvalid",),
    "sqlalchemy.exc": ("OperationalError",),
}
"""The faults by the module that makes them."""
SHOWN = 100


class Sentences(TyperGroup):
    """The commands, whose refusals are said instead of traced."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]  # typer hands over its own
        """Run the command; a foreseen fault ends it with exit code 1."""
        try:
            return super().invoke(ctx)
        except foreseen() as fault:
            for line in said(fault):
                typer.echo(line, err=True)
            raise typer.Exit(1) from None


def foreseen() -> tuple[type[Exception], ...]:
    """The faults that this command can raise by now."""
    return tuple(one for module, names in FORESEEN.items() for one in _loaded(module, *names))


def _loaded(module: str, *names: str) -> tuple[type[Exception], ...]:
    """The classes, where their module is loaded."""
    return tuple(getattr(sys.modules[module], name) for name in names) if module in sys.modules else ()


def set_keys() -> str:
    """What to do where ENCRYPTION_KEYS is missing."""
    return f"Set it in .env to the keys the data was written with; `{command('keys make')}` makes one for new data."


def said(fault: Exception) -> list[str]:
    """The fault in plain lines, the sentence that matters last."""
    if isinstance(fault, _loaded("sqlalchemy.exc", "OperationalError")):
        cause = str(getattr(fault, "orig", fault)).strip().splitlines()[0].rstrip(".")
        return [
            f"The database cannot be used ({cause}): check DATABASE_URL and try again, or run `{command('doctor')}`."
        ]
    if isinstance(fault, _loaded("storage.encrypted", "KeysMissing")):
        return [f"{fault} {set_keys()}"]
    if isinstance(fault, _loaded("handlers.imports.outcome", "ImportRefused")):
        problems = getattr(fault, "problems", ())
        more = len(problems) - SHOWN
        listed = [str(problem) for problem in problems[:SHOWN]]
        return [*listed, *([f"... and {more} more."] if more > 0 else []), str(fault)]
    return str(fault).splitlines()
