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


AT_WORK = """
import sys
from cryptography.fernet import Fernet
from bot.clock import real_clock
from bot.compose import Service, prepared
from bot.settings import Settings
settings = Settings(encryption_keys=Fernet.generate_key().decode(), workspace=sys.argv[1])
Service(settings, prepared(settings, real_clock()))
print("loaded", *{name.partition(".")[0] for name in sys.modules})
"""
SOME_ID = "00000000-0000-0000-0000-000000000001"
CONNECTED = {
    "workspace": {},
    "slack": {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "made up"},
    "teams": {"TEAMS_APP_ID": SOME_ID, "TEAMS_APP_PASSWORD": "made up", "TEAMS_TENANT_ID": SOME_ID},
}


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without .env, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def loaded_by(*command: str) -> set[str]:
    """The packages in memory at the end of a command, which must end well."""
    return loaded(LOADED, *command)


def loaded(program: str, *words: str, **settings: str) -> set[str]:
    known = {**os.environ, "PYTHONPATH": str(ROOT), **settings}
    asked = [sys.executable, "-c", program, *words]
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


@pytest.mark.slow
@pytest.mark.parametrize("platform", CONNECTED)
def test_the_service_loads_the_library_of_teams_for_teams_alone_and_what_draws_files_for_none(platform: str) -> None:
    page = "true" if platform == "workspace" else "false"
    found = loaded(AT_WORK, page, **CONNECTED[platform])
    assert ("microsoft_teams" in found) == (platform == "teams")
    assert not found & {"docx", "matplotlib", "xlsxwriter"}
