"""How the people who run the bot call its commands, so that each sentence they read names one that exists for them.

Who reads elsewhere, in the chat or on a page, is told the plain name: where the bot lies is not for them.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

MADE = ("run", "demo")
"""Commands that have a target of their own in the Makefile."""


class _Process:
    """How this process was started; the plain name until `started_as` says otherwise."""

    program = "iro-bot"
    by_make = False


def started_as(first_word: str, interpreter: str, environment: Mapping[str, str] = os.environ) -> None:
    """Take from `sys.argv[0]` and `sys.executable` how this process was started: by name, by path or by make."""
    _Process.program = program(Path(first_word), Path(interpreter))
    _Process.by_make = "MAKELEVEL" in environment


def command(words: str) -> str:
    """A command as its reader can type it where the bot was started: `iro-bot doctor`, `make demo` and so on."""
    if _Process.by_make and words in MADE:
        return f"make {words}"
    return f"{_Process.program} {words}"


def program(first_word: Path, interpreter: Path) -> str:
    """The shortest call that works in this folder: the name where it is on the PATH, else a path, else the module."""
    script = first_word if first_word.name == "iro-bot" else interpreter.with_name("iro-bot")
    if not script.is_file():
        return f"{_from_here(interpreter)} -m bot"
    found = shutil.which("iro-bot")
    if found is not None and Path(found).samefile(script):
        return "iro-bot"
    return _from_here(script)


def _from_here(path: Path) -> str:
    """The path as it is typed in this folder; it is not resolved, since a Python of a .venv is a link to another."""
    here, absolute = Path.cwd(), path.absolute()
    return str(absolute.relative_to(here)) if absolute.is_relative_to(here) else str(absolute)
