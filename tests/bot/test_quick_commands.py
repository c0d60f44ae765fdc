"""A command loads what it needs and no more: help and rules no database library, none of them a platform's."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.commands.refusing import FORESEEN
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
PLATFORMS = {"slack_bolt", "slack_sdk", "microsoft_teams", "aiohttp", "httpx", "starlette", "uvicorn", "apscheduler"}
DRAWN_WITH = {"docx", "matplotlib", "numpy", "PIL", "xlsxwriter", "rich"}
SCHEMA = {"alembic", "mako"}
DATABASE = {"sqlalchemy", "sqlmodel", "psycopg", "cryptography"}
RULES = {"pydantic", "holidays"}
LOADED = """
import atexit, sys
atexit.register(lambda: print("loaded", *{name.partition(".")[0] for name in sys.modules}))
sys.argv = ["iro-bot", *sys.argv[1:]]
from bot.cli import main
main()
"""


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without .env, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def loaded_by(*command: str) -> set[str]:
    """The packages in memory at the end of a command, which must end well."""
    known = {**os.environ, "PYTHONPATH": str(ROOT)}
    asked = [sys.executable, "-c", LOADED, *command]
    ended = subprocess.run(asked, env=known, capture_output=True, text=True, check=True)
    return set(ended.stdout.splitlines()[-1].split())


def test_help_loads_nothing_but_the_command_line() -> None:
    assert not loaded_by("--help") & {*PLATFORMS, *DRAWN_WITH, *SCHEMA, *DATABASE, *RULES}


def test_the_rules_are_told_without_a_database_library() -> None:
    assert not loaded_by("procedures", "list") & {*PLATFORMS, *DRAWN_WITH, *SCHEMA, *DATABASE}


def test_a_command_on_a_database_of_this_version_loads_neither_alembic_nor_a_platform() -> None:
    assert CliRunner().invoke(app, ["audit", "verify"]).exit_code == 0  # brings the new database up to date

    assert not loaded_by("audit", "verify") & {*PLATFORMS, *DRAWN_WITH, *SCHEMA}


@pytest.mark.parametrize("module", FORESEEN)
def test_every_fault_that_is_foreseen_stands_where_it_is_looked_for(module: str) -> None:
    assert all(issubclass(getattr(import_module(module), name), Exception) for name in FORESEEN[module])
