"""Rows from one database into another of the same revision, and the tally that shows nothing was lost on the way."""

from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, func, insert, select

from storage.backup import BackupRefused, Show
from storage.backup.stamp import STAMP

BATCH = 1000
NOT_COPIED = ("alembic_version", STAMP)
"""The revisions write the one themselves; the other belongs to the file."""

Row = tuple[object, ...]


@dataclass
class Tally:
    """How many rows, and the sum of their digests: the same in whatever order they come."""

    rows: int = 0
    digest: int = 0

    def count(self, rows: Iterable[Row]) -> None:
        """So many rows more."""
        for row in rows:
            self.rows += 1
            self.digest = (self.digest + int.from_bytes(sha256(repr(row).encode()).digest())) % 2**256


def copy_rows(source: Connection, target: Connection, show: Show) -> dict[str, Tally]:
    """Copy every row; each table's tally as it was read. The caller sees to foreign keys, and to a snapshot."""
    theirs, ours = _tables(source), _tables(target)
    if theirs.keys() != ours.keys():
        odd = ", ".join(sorted(theirs.keys() ^ ours.keys()))
        raise BackupRefused(f"The database has not the tables of its revision: look at {odd}.")
    total = sum(source.execute(select(func.count()).select_from(table)).scalar_one() for table in theirs.values())
    done, tallies = 0, {name: Tally() for name in theirs}
    for name, table in theirs.items():
        columns = [column.name for column in _columns(table)]
        with closing(_batches(source, table)) as batches:  # stopped in the middle, the server is told at once
            for batch in batches:
                tallies[name].count(batch)
                target.execute(insert(ours[name]), [dict(zip(columns, row, strict=True)) for row in batch])
                done += len(batch)
                show(done, total)
    return tallies


def tallied(connection: Connection) -> dict[str, Tally]:
    """Each table's tally as it stands."""
    tallies = {}
    for name, table in _tables(connection).items():
        tally = tallies[name] = Tally()
        for batch in _batches(connection, table):
            tally.count(batch)
    return tallies


def not_the_same(read: dict[str, Tally], written: dict[str, Tally]) -> list[str]:
    """In which tables what was written is not what was read."""
    return [
        f"{table}: {tally.rows} rows were read, and not the same written."
        for table, tally in read.items()
        if written.get(table) != tally
    ]


def _tables(connection: Connection) -> dict[str, Table]:
    """The tables as the database has them, not as the code of today would: a backup may be older than it."""
    metadata = MetaData()
    metadata.reflect(connection)
    return {name: table for name, table in sorted(metadata.tables.items()) if name not in NOT_COPIED}


def _columns(table: Table) -> list[Column[Any]]:
    """By name: a table that was altered has them in another order than one made at once."""
    return sorted(table.columns, key=lambda column: column.name)


def _batches(connection: Connection, table: Table) -> Generator[list[Row], None, None]:
    """All rows, some at a time, without holding them all."""
    with connection.execute(select(*_columns(table)), execution_options={"yield_per": BATCH}) as rows:
        for batch in rows.partitions():
            yield [tuple(map(_in_utc, row)) for row in batch]


def _in_utc(value: object) -> object:
    """Every moment is UTC: SQLite keeps it without saying so, PostgreSQL gives it with a zone."""
    if not isinstance(value, datetime):
        return value
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
