"""A backup as a file: opened without altering it, and laid down so that a power cut loses none of it."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from storage.backup import BackupRefused

OWNER_ALONE = 0o600
NO_ROOM = ("No space", "is full", "disk I/O", "quota")
"""How the system and SQLite say that a disk is full, or takes no more of this account."""


def reading(path: Path, *, as_bytes: bool = False) -> sqlite3.Connection:
    """The file, to be read alone; `as_bytes` gives texts as they lie there, also where they are damaged.

    BackupRefused where there is no such file.
    """
    try:
        path.open("rb").close()
    except OSError as problem:
        raise BackupRefused(f"{path} cannot be read: {problem.strerror}.") from None
    alone = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"  # else SQLite lays files beside it
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{alone}", uri=True, isolation_level=None)
    if as_bytes:
        connection.text_factory = bytes
    return connection


def read_only_engine(path: Path) -> Engine:
    """An engine on the file that cannot write; nothing is set in it, so that it stays byte by byte what it is."""
    return create_engine("sqlite://", creator=lambda: reading(path), poolclass=NullPool, hide_parameters=True)


@contextmanager
def told(outcome: str) -> Iterator[None]:
    """Say in one sentence what the disk or the database refused, after what that means for the backup."""
    try:
        yield
    except (OSError, sqlite3.Error, DBAPIError) as problem:
        cause = getattr(problem, "orig", None) or getattr(problem, "strerror", None) or problem
        said = str(cause).strip().splitlines()[0].rstrip(".")
        room = " Make room there and try again." if any(word in said for word in NO_ROOM) else ""
        raise BackupRefused(f"{outcome}: {said}.{room}") from None


def settle(path: Path) -> None:
    """Have the whole file on the disk, readable by its owner alone."""
    path.chmod(OWNER_ALONE)
    _to_the_disk(path)


def put_in_place(made: Path, final: Path) -> None:
    """Give a settled file its name, whole or not at all."""
    made.replace(final)
    try:
        _to_the_disk(final.parent)
    except OSError as problem:
        if problem.errno not in (errno.EINVAL, errno.ENOTSUP):  # network shares that know no such thing for a folder
            raise


def _to_the_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
