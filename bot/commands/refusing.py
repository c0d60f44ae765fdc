"""How a command says no: one clear sentence on stderr and exit 1 for every fault that is foreseen."""

import typer
from sqlalchemy.exc import OperationalError
from typer.core import TyperGroup

from handlers.people.imports import ImportRefused
from handlers.refusals import Refused
from scheduling.procedures import ProceduresInvalid
from storage.database import AlreadyRunning, Misconfigured
from storage.encrypted import KeysMissing, KeysWrong

FORESEEN = (
    Refused,
    Misconfigured,
    AlreadyRunning,
    KeysMissing,
    KeysWrong,
    ProceduresInvalid,
    OperationalError,
)
SHOWN = 100


class Sentences(TyperGroup):
    """The commands, whose refusals are said instead of traced."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        """Run the command; a foreseen fault ends it with exit code 1."""
        try:
            return super().invoke(ctx)
        except FORESEEN as fault:
            for line in said(fault):
                typer.echo(line, err=True)
            raise typer.Exit(1) from None


def said(fault: Exception) -> list[str]:
    """The fault in plain lines, the sentence that matters last."""
    if isinstance(fault, OperationalError):
        cause = str(fault.orig).strip().splitlines()[0].rstrip(".")
        return [f"The database cannot be used ({cause}): check DATABASE_URL and try again, or run doctor."]
    if isinstance(fault, KeysMissing):
        return [f"{fault} Set it in .env to the keys the data was written with (see .env.example)."]
    if isinstance(fault, ImportRefused):
        more = len(fault.problems) - SHOWN
        listed = [str(problem) for problem in fault.problems[:SHOWN]]
        return [*listed, *([f"... and {more} more."] if more > 0 else []), fault.sentence]
    return str(fault).splitlines()
