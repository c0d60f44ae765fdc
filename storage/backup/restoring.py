"""Putting a proved backup into a database that holds nothing: whole or not at all, and looked at afterwards."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from sqlalchemy import Connection, Engine, inspect

from storage.backup import BackupRefused, Show
from storage.backup.files import put_in_place, read_only_engine, reading, settle, told
from storage.backup.rows import copy_rows, not_the_same, tallied
from storage.backup.stamp import differences, measured, tables, unset_stamp
from storage.migrating import ADVISORY_LOCK, configuration

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file: laid beside another one it would be taken for that one's, and damage it."""


def restore(path: Path, revision: str, engine: Engine, show: Show) -> None:
    """Put the backup into the engine's database at its own revision; BackupRefused where that holds anything."""
    with told("Nothing was restored"):
        if engine.dialect.name == "sqlite":
            _restore_file(path, Path(str(engine.url.database)))
        else:
            _restore_rows(path, revision, engine, show)


def _restore_file(path: Path, place: Path) -> None:
    """A copy of the file, looked at before it gets the database's name."""
    _refuse_used_file(place)
    made = place.with_name(f"{place.name}.part")
    try:
        shutil.copyfile(path, made)
        with closing(sqlite3.connect(made)) as connection:
            unset_stamp(connection)
        settle(made)
        with closing(reading(path, as_bytes=True)) as before, closing(reading(made, as_bytes=True)) as after:
            _refuse(differences(measured(before), measured(after)))
        put_in_place(made, place)
    finally:
        made.unlink(missing_ok=True)


def _refuse_used_file(place: Path) -> None:
    if place.exists():
        with closing(sqlite3.connect(place)) as connection:  # which puts away what an empty one left beside it
            if tables(connection):
                raise BackupRefused(
                    f"{place} holds data: stop the bot and move it away, with what stands beside it, or give another "
                    "DATABASE_URL."
                )
    left = [name for name in (f"{place.name}{ending}" for ending in BESIDE) if place.with_name(name).exists()]
    if left:
        raise BackupRefused(f"{' and '.join(left)} of another database stand beside {place}: move them away too.")


def _restore_rows(path: Path, revision: str, engine: Engine, show: Show) -> None:
    """All in one transaction: after a fault the database is as empty as before."""
    backup = read_only_engine(path)
    with engine.begin() as connection, backup.connect() as source:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
        if inspect(connection).get_table_names():
            place = engine.url.render_as_string(hide_password=True)
            raise BackupRefused(f"{place} holds tables already: give a DATABASE_URL of a new database.")
        command.upgrade(configuration(connection), revision)
        references = _dropped_references(connection)
        read = copy_rows(source, connection, show)
        _refuse(not_the_same(read, tallied(connection)))
        for table, name, declared in references:
            connection.exec_driver_sql(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {declared}')
        _count_on(connection)


def _dropped_references(connection: Connection) -> list[tuple[str, str, str]]:
    """Take the foreign keys off, to be made again: rows refer to rows of their own table that come later."""
    found = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    )
    references = [(str(table), str(name), str(declared)) for table, name, declared in found]
    for table, name, _ in references:
        connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    return references


def _count_on(connection: Connection) -> None:
    """Let each table's numbers go on after the highest that came with the rows."""
    counted = connection.exec_driver_sql(
        "SELECT attrelid::regclass::text, attname, pg_get_serial_sequence(attrelid::regclass::text, attname) "
        "FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
        "WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND attnum > 0 AND NOT attisdropped "
        "AND pg_get_serial_sequence(attrelid::regclass::text, attname) IS NOT NULL"
    ).all()
    for table, column, sequence in counted:
        highest = f'SELECT max("{column}") FROM {table}'  # noqa: S608 - names from the catalogue
        connection.exec_driver_sql(f"SELECT setval('{sequence}', coalesce(({highest}), 0) + 1, false)")


def _refuse(problems: list[str]) -> None:
    if problems:
        raise BackupRefused(f"Nothing was restored: {' '.join(problems)}")
