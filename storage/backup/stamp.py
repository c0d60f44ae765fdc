"""The stamp of a backup: how many rows each table had, and a digest of them, so that a later loss or change shows."""

import sqlite3
from dataclasses import dataclass
from hashlib import sha256

STAMP = "backup_stamp"
SCHEMA = "sqlite_master"


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What stands in one table."""

    rows: int
    digest: str


def measured(connection: sqlite3.Connection) -> dict[str, Measure]:
    """Each table, and the schema itself, measured; the connection gives texts as bytes."""
    measures = {table: _measure(connection, table, _columns(connection, table)) for table in tables(connection)}
    declared = "SELECT type, name, sql FROM sqlite_master WHERE tbl_name <> ? ORDER BY type, name"
    return {**measures, SCHEMA: _digest(connection.execute(declared, (STAMP,)))}


def tables(connection: sqlite3.Connection) -> list[str]:
    """The names of all tables but SQLite's own and the stamp."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [name for row in names if (name := _text(row[0])) != STAMP and not name.startswith("sqlite_")]


def set_stamp(connection: sqlite3.Connection, measures: dict[str, Measure]) -> None:
    """Write the measures into the file itself."""
    connection.execute(f"CREATE TABLE {STAMP} (name TEXT PRIMARY KEY, rows INTEGER NOT NULL, digest TEXT NOT NULL)")
    rows = [(name, measure.rows, measure.digest) for name, measure in measures.items()]
    connection.executemany(f"INSERT INTO {STAMP} VALUES (?, ?, ?)", rows)  # noqa: S608 - a name of our own
    connection.commit()


def stamped(connection: sqlite3.Connection) -> dict[str, Measure] | None:
    """The measures written when the backup was made; None in a copy that was made another way."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (STAMP,)).fetchone() is None:
        return None
    rows = connection.execute(f"SELECT name, rows, digest FROM {STAMP}")  # noqa: S608 - a name of our own
    return {_text(name): Measure(rows=count, digest=_text(digest)) for name, count, digest in rows}


def unset_stamp(connection: sqlite3.Connection) -> None:
    """Take the stamp out of what becomes a database again."""
    connection.execute(f"DROP TABLE IF EXISTS {STAMP}")
    connection.commit()


def differences(expected: dict[str, Measure], found: dict[str, Measure]) -> list[str]:
    """In which tables rows are missing, too many or altered, a sentence each."""
    problems = []
    for name in sorted({*expected, *found}):
        there, here = expected.get(name), found.get(name)
        if there is None or here is None:
            problems.append(f"{name}: the table is {'missing' if here is None else 'not of this backup'}.")
        elif there.rows != here.rows:
            problems.append(f"{name}: {here.rows} rows stand, and {there.rows} were written.")
        elif there.digest != here.digest:
            problems.append(f"{name}: not every row is as it was written.")
    return problems


def _columns(connection: sqlite3.Connection, table: str) -> tuple[list[str], list[str]]:
    """The columns by name, whatever their order in the table, and those of the primary key."""
    described = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    names = sorted(_text(row[1]) for row in described)
    return names, [_text(row[1]) for row in sorted(described, key=lambda row: int(row[5])) if row[5]] or names


def _measure(connection: sqlite3.Connection, table: str, columns: tuple[list[str], list[str]]) -> Measure:
    names, keys = (", ".join(f'"{name}"' for name in part) for part in columns)
    return _digest(connection.execute(f'SELECT {names} FROM "{table}" ORDER BY {keys}'))  # noqa: S608 - names of tables


def _digest(rows: sqlite3.Cursor) -> Measure:
    """Texts come as bytes, so a row is written the same by every version of Python."""
    digest, count = sha256(), 0
    for row in rows:
        digest.update(repr(row).encode())
        count += 1
    return Measure(rows=count, digest=digest.hexdigest())


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
