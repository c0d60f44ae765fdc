"""Making a backup beside a running bot: one snapshot, proved before it gets the name of a backup."""

import shlex
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Engine
from sqlmodel import select

from storage.backup import BackupRefused, Show
from storage.backup.files import put_in_place, reading, settle, told
from storage.backup.proving import Proof, prove
from storage.backup.rows import copy_rows, not_the_same, tallied
from storage.backup.stamp import measured, set_stamp, tables
from storage.database import is_there, make_engine, transaction
from storage.encrypted import KeyCheck
from storage.migrating import upgrade
from storage.revisions import current_revision, known_revisions

PAGES = 100  # of SQLite, copied between two looks at the progress


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Where the backup stands, and its proof; with problems it has another name, and is no backup."""

    path: Path
    proof: Proof


def take(engine: Engine, folder: Path, now: datetime, show: Show) -> Taken:
    """Back the database up into the folder under a name with the time and the revision, and prove it.

    What does not stand the proof is kept as `.unproved`, since it may be all there is. BackupRefused with nothing kept
    where there is no database, or no room.
    """
    revision = _revision(engine)
    name = f"iro-bot-{now:%Y%m%dT%H%M%SZ}-{revision}.db"
    _read_the_canary(engine)
    with _work_folder(folder, name) as work, told(f"No backup was made in {folder}"):
        copy = work / name
        lost = _copied(engine, copy, revision, show)
        with closing(sqlite3.connect(copy)) as made, closing(reading(copy, as_bytes=True)) as there:
            set_stamp(made, measured(there))
        settle(copy)
        proof = prove(copy, show).with_problems(lost)
        final = folder / (f"{name}.unproved" if proof.problems else name)
        put_in_place(copy, final)
    return Taken(path=final, proof=proof)


def _revision(engine: Engine) -> str:
    """The revision the database stands at; one that is not there is not made by looking."""
    place = engine.url.render_as_string(hide_password=True)
    revision = None
    if is_there(engine.url):
        with engine.connect() as connection:
            revision = current_revision(connection)
    if revision is None:
        raise BackupRefused(f"There is nothing to back up at {place}: no data was ever written there.")
    if revision not in known_revisions():
        raise BackupRefused("A newer version of iro-bot has changed the database: back it up with that version.")
    return revision


def _read_the_canary(engine: Engine) -> None:
    """KeysMissing or KeysWrong before anything is copied: without keys that fit no proof can succeed."""
    with transaction(engine, None, writes=False) as session:
        session.exec(select(KeyCheck.canary)).first()


@contextmanager
def _work_folder(folder: Path, name: str) -> Iterator[Path]:
    """A folder of this backup's own beside its place, gone again afterwards; its name keeps others from this one."""
    if folder.exists() and not folder.is_dir():
        raise BackupRefused(f"{folder} is a file: give the folder that backups go into.")
    if not folder.is_dir():
        make = f"mkdir -m 700 {shlex.quote(str(folder))}"
        raise BackupRefused(f"There is no folder {folder}: make it first, with `{make}`.")
    work = folder / f"{name}.part"
    taken = f"Another backup of this second stands in {folder}: try again."
    try:
        work.mkdir(mode=0o700)
    except FileExistsError:
        raise BackupRefused(taken) from None
    except OSError as problem:
        raise BackupRefused(f"Nothing can be written into {folder}: {problem.strerror}.") from None
    try:
        if (folder / name).exists() or (folder / f"{name}.unproved").exists():
            raise BackupRefused(taken)
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)  # whatever is left of it has no backup's name


def _copied(engine: Engine, copy: Path, revision: str, show: Show) -> list[str]:
    """Copy the whole of one snapshot; in which tables it is not what was read, a sentence each."""
    if engine.dialect.name == "sqlite":
        return _copied_sqlite(engine, copy, show)
    return _copied_rows(engine, copy, revision, show)


def _copied_sqlite(engine: Engine, copy: Path, show: Show) -> list[str]:
    """By SQLite's own means. What was deleted stays in a file's free pages, so the copy is written once more."""
    whole = copy.with_name("whole.db")
    with closing(engine.raw_connection()) as pooled, closing(sqlite3.connect(whole)) as pages:
        source = pooled.driver_connection
        assert isinstance(source, sqlite3.Connection)
        source.execute("BEGIN")  # held to the end: else each write of the running bot would begin the copy anew
        read = _counts(source)
        source.backup(pages, pages=PAGES, progress=lambda _, left, total: show(total - left, total))
        source.execute("ROLLBACK")
        pages.execute("VACUUM INTO ?", (str(copy),))
    whole.unlink()
    with closing(reading(copy)) as there:
        written = _counts(there)
    return [
        f"{table}: {rows} rows were read, and {written.get(table, 0)} written."
        for table, rows in read.items()
        if written.get(table) != rows
    ]


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    # Names of our own tables.
    counted = {table: connection.execute(f'SELECT count(*) FROM "{table}"') for table in tables(connection)}  # noqa: S608
    return {table: int(rows.fetchone()[0]) for table, rows in counted.items()}


def _copied_rows(engine: Engine, copy: Path, revision: str, show: Show) -> list[str]:
    """Row by row into a new file of the same revision."""
    target = make_engine(URL.create("sqlite", database=str(copy)))
    snapshot = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    try:
        upgrade(target, revision)
        with snapshot.connect() as source, target.execution_options(writes=True).begin() as connection:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # looked at when all rows are there
            read = copy_rows(source, connection, show)
        with target.connect() as connection:
            written = tallied(connection)
    finally:
        target.dispose()
    with closing(sqlite3.connect(copy)) as alone:
        alone.execute("PRAGMA journal_mode=DELETE")  # one file, which opens on a disk that cannot be written
    return not_the_same(read, written)
