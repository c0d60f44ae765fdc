"""The command line as tests type it: whatever a command prints is read by people."""

from typer.testing import CliRunner, Result

from bot.cli import app
from tests.terms_left import terms_left


def iro_bot(*arguments: str) -> Result:
    """What a command prints and how it ends."""
    result = CliRunner().invoke(app, list(arguments), prog_name="iro-bot")
    assert terms_left(result.output) == [], result.output
    return result
