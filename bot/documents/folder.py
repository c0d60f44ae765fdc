"""Writing files into a folder: each appears whole or not at all, and its owner alone may read it."""

import os
import tempfile
from pathlib import Path

from handlers.refusals import Refused

OWNER_ONLY = 0o600


def make_folder(out: Path) -> None:
    """Make the folder. Refused where that is not allowed, or where it cannot be written to."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise Refused(_sentence(f"{out} cannot be used", problem)) from None
    if not os.access(out, os.W_OK | os.X_OK):
        raise Refused(f"{out} cannot be written to: give another folder with --out, or ask for the right to write.")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, so that nobody finds half of one. Refused where it fails."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as problem:
        raise Refused(_sentence(f"{path} cannot be written", problem)) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(OWNER_ONLY)
        Path(name).replace(path)
    except OSError as problem:
        Path(name).unlink(missing_ok=True)
        raise Refused(_sentence(f"{path} cannot be written", problem)) from None


def _sentence(what: str, problem: OSError) -> str:
    return f"{what}: {problem.strerror or problem}; give another folder with --out."
