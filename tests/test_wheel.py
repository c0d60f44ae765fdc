"""The wheel is whole and clean: every file of the four floors that git knows, nothing else, and it works by itself."""

import os
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("bot", "handlers", "scheduling", "storage")
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq")


def said(*command: str, folder: Path = ROOT, **variables: str) -> str:
    """What a command prints; it must end well."""
    known = {**os.environ, **variables}
    return subprocess.run(command, cwd=folder, env=known, check=True, capture_output=True, text=True).stdout


def files_of_the_floors() -> set[str]:
    """Every file under the four packages that is in git, or will be."""
    listed = said("git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *FLOORS).splitlines()
    return {name for name in listed if (ROOT / name).exists()}


def test_every_file_that_is_no_module_is_named_in_the_project_file() -> None:
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]
    named = {f"{floor}/{pattern.replace('**', '*')}" for floor, mine in patterns.items() for pattern in mine}
    others = {name for name in files_of_the_floors() if not name.endswith(".py")}
    assert {name for name in others if not any(fnmatch(name, pattern) for pattern in named)} == set()
    assert not any(fnmatch("storage/migrations/__pycache__/env.pyc", pattern) for pattern in named)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what git knows, so that no earlier build is in it."""
    copy, made = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in (*files_of_the_floors(), "pyproject.toml", "README.md", "LICENSE"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes((ROOT / name).read_bytes())
    compiled = copy / "storage" / "migrations" / "__pycache__"
    compiled.mkdir()
    (compiled / "env.cpython-311.pyc").write_bytes(b"compiled")  # as a folder that was used has it
    said(*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(made), ".", folder=copy)
    return next(made.glob("iro_bot-*.whl"))


@pytest.mark.slow
def test_the_wheel_holds_what_git_knows_and_nothing_else(wheel: Path) -> None:
    with ZipFile(wheel) as opened:
        held = {name for name in opened.namelist() if ".dist-info/" not in name}
    assert held == files_of_the_floors()
    assert {"bot/teams/color.png", "bot/teams/outline.png", "bot/slack/manifest.json"} < held


@pytest.mark.slow
def test_what_is_installed_from_the_wheel_works_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    home, folder = tmp_path / "installed", tmp_path / "elsewhere"
    folder.mkdir()
    said(*PIP, "install", "--no-deps", "--no-index", "--target", str(home), str(wheel))
    from_it = {"PYTHONPATH": str(home)}

    where = said(sys.executable, "-c", "import bot; print(bot.__file__)", folder=folder, **from_it)
    assert Path(where.strip()) == home / "bot" / "__init__.py"
    program = str(home / "bin" / "iro-bot")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert said(program, "--version", folder=folder, **from_it) == f"iro-bot {version}\n"
    assert "handbook: IRO Handbook" in said(program, "procedures", "list", folder=folder, **from_it)
    said(program, "migrate", folder=folder, **from_it)
    assert said(program, "audit", "verify", folder=folder, **from_it) == "The history stands as it was written.\n"
    teams = {"TEAMS_APP_ID": "0" * 8 + "-0000-4000-8000-" + "0" * 12, "PUBLIC_URL": "https://bot.anyshire.example"}
    package = said(
        sys.executable, "-m", "bot.teams.packaging", "app.zip", folder=folder, **from_it, **teams,
        TEAMS_APP_PASSWORD="made up", TEAMS_TENANT_ID=teams["TEAMS_APP_ID"],
    )  # fmt: skip
    assert package
    with ZipFile(folder / "app.zip") as app:
        assert {"color.png", "outline.png", "manifest.json"} <= set(app.namelist())
