"""Sentences name a command as the reader can type it: by name, by path, by the module, or by make."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.command_line import program

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose .venv holds the command, as the folder one stands in; no other `iro-bot` on the PATH."""
    folder = tmp_path / "project" / ".venv" / "bin"
    folder.mkdir(parents=True)
    script = folder / "iro-bot"
    script.write_text("#!/bin/sh\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.setenv("PATH", str(tmp_path))
    return folder


def test_a_command_that_is_on_the_path_is_named_plainly(bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(bin_folder))

    assert program(bin_folder / "iro-bot", bin_folder / "python") == "iro-bot"
    assert program(Path("bot/__main__.py"), bin_folder / "python") == "iro-bot"


def test_a_command_in_the_folder_of_the_project_is_named_from_there(bin_folder: Path) -> None:
    assert program(Path(".venv/bin/iro-bot"), bin_folder / "python") == ".venv/bin/iro-bot"
    assert program(Path("bot/__main__.py"), Path(".venv/bin/python")) == ".venv/bin/iro-bot"


def test_from_another_folder_the_whole_path_is_named(
    bin_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path / "project" / ".venv" / "bin" / "..")
    assert program(bin_folder / "iro-bot", bin_folder / "python") == "bin/iro-bot"
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert program(bin_folder / "iro-bot", bin_folder / "python") == str(bin_folder / "iro-bot")


def test_another_command_of_the_same_name_on_the_path_is_not_taken_for_this_one(
    bin_folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "iro-bot"
    other.write_text("#!/bin/sh\n", encoding="utf-8")
    other.chmod(0o755)

    assert program(bin_folder / "iro-bot", bin_folder / "python") == ".venv/bin/iro-bot"


def test_a_checkout_that_is_not_installed_is_called_by_its_module(bin_folder: Path) -> None:
    (bin_folder / "iro-bot").unlink()

    assert program(Path("bot/__main__.py"), Path("/usr/bin/python3")) == "/usr/bin/python3 -m bot"


@pytest.mark.parametrize(("by", "named"), [({"MAKELEVEL": "1"}, "try `make demo`,"), ({}, "iro-bot demo`,")])
def test_a_run_with_nothing_to_serve_names_a_demo_that_its_reader_can_start(
    tmp_path: Path, by: dict[str, str], named: str
) -> None:
    known = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "WORKSPACE": "false", **by}
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        cwd=tmp_path,
        env=known,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1
    assert named in ended.stderr
