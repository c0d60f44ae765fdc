"""Proving a backup: the file is sound, no row is missing or altered, every word can be read, the history holds."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, Engine, Text, select, type_coerce
from sqlalchemy.exc import DBAPIError

from storage import audit, authorities
from storage.backup import BackupRefused, Show
from storage.backup.files import read_only_engine, reading
from storage.backup.stamp import SCHEMA, differences, measured, stamped
from storage.database import make_engine, transaction
from storage.encrypted import KeysWrong, encrypted_columns, keyring
from storage.migrating import LostReference, upgrade
from storage.revisions import head_revision, known_revisions

NAMED_AT_MOST = 10


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What a backup holds, and what is wrong with it, a sentence each."""

    revision: str
    rows: int
    stamped: bool
    problems: tuple[str, ...]

    def with_problems(self, more: list[str]) -> "Proof":
        """The same with these before its own."""
        return replace(self, problems=(*more, *self.problems))


def prove(path: Path, show: Show) -> Proof:
    """Look at the whole of a file without altering it.

    BackupRefused for what is no backup or a newer version's, KeysMissing where there are words to read and no keys.
    """
    try:
        with closing(reading(path, as_bytes=True)) as connection:
            revision = _revision(connection, path)
            measures, expected = measured(connection), stamped(connection)
            problems = _unsound(connection) + (differences(expected, measures) if expected is not None else [])
        if not problems:
            with _at_head(path, revision) as engine:
                problems = _unreadable(engine, show) or _altered(engine)
    except (sqlite3.DatabaseError, DBAPIError, LostReference) as fault:
        cause = getattr(fault, "orig", fault)
        raise BackupRefused(f"{path} is damaged, or no backup of iro-bot ({cause}).") from None
    rows = sum(measure.rows for name, measure in measures.items() if name != SCHEMA)
    return Proof(revision=revision, rows=rows, stamped=expected is not None, problems=tuple(problems))


def _revision(connection: sqlite3.Connection, path: Path) -> str:
    """The revision a file stands at, which must be one of ours."""
    there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone() if there else None
    if found is None:
        raise BackupRefused(f"{path} is no backup of iro-bot.")
    revision = bytes(found[0]).decode(errors="replace")
    if revision not in known_revisions():
        raise BackupRefused(f"{path} was made by a newer version of iro-bot (revision {revision}): use that version.")
    return revision


def _unsound(connection: sqlite3.Connection) -> list[str]:
    """What SQLite itself finds wrong with the file."""
    found = [bytes(line).decode(errors="replace") for (line,) in connection.execute("PRAGMA integrity_check(10)")]
    lost = connection.execute("PRAGMA foreign_key_check").fetchmany(NAMED_AT_MOST)
    referring = sorted({(bytes(row[0]).decode(), bytes(row[2]).decode()) for row in lost})
    return [f"The file is not sound: {line}." for line in found if line != "ok"] + [
        f"{table}: a row refers to one of {other} that is not there." for table, other in referring
    ]


@contextmanager
def _at_head(path: Path, revision: str) -> Iterator[Engine]:
    """The file as this version reads it: itself, or where it is older a copy brought up to date, gone afterwards."""
    if revision == head_revision():
        engine = read_only_engine(path)
        yield engine
        engine.dispose()
        return
    with TemporaryDirectory(prefix="iro-bot-") as folder:
        copy = Path(folder) / "copy.db"
        shutil.copyfile(path, copy)
        engine = make_engine(URL.create("sqlite", database=str(copy)))
        try:
            upgrade(engine)
            yield engine
        finally:
            engine.dispose()


def _unreadable(engine: Engine, show: Show) -> list[str]:
    """In which columns words cannot be read with the keys of this process."""
    columns, problems = encrypted_columns(), []
    with engine.connect() as connection:
        for done, (mapped, name) in enumerate(columns, start=1):
            column = getattr(mapped, name)
            tokens = connection.execute(select(type_coerce(column, Text)).where(column.is_not(None))).scalars()
            if closed := sum(not _opens(token) for token in tokens):
                what = f"{mapped.__tablename__}.{name}"
                problems.append(f"{what}: {closed} texts cannot be read with the keys of ENCRYPTION_KEYS.")
            show(done, len(columns))
    return problems


def _opens(token: str) -> bool:
    """Whether a key fits; KeysMissing where there are none."""
    try:
        keyring().unlock(token)
    except KeysWrong:
        return False
    return True


def _altered(engine: Engine) -> list[str]:
    """Where the history of any authority does not stand as it was written."""
    with transaction(engine, None, writes=False) as session:
        keys = authorities.every_key(session)
    problems = []
    for key in keys:
        with transaction(engine, key, writes=False) as session:
            problems += audit.verify_all(session)
    return problems
