"""Ids for many rows at once: SQLite would be asked for each row alone, since it does not say which id is whose.

A writing transaction has the whole file to itself there, so that the next ids are those after the highest, as SQLite
would give them.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import Table, event, func, inspect, literal, select
from sqlalchemy.orm import Session as PlainSession
from sqlalchemy.orm import UOWTransaction
from sqlmodel import SQLModel

from storage.scope import GuardedSession


@event.listens_for(GuardedSession, "before_flush")
def _give_ids(session: PlainSession, _: UOWTransaction, __: object) -> None:
    if len(session.new) < 2 or session.get_bind().dialect.name != "sqlite":
        return
    without: defaultdict[Table, list[object]] = defaultdict(list)
    for row in session.new:
        table = inspect(row).mapper.local_table
        if isinstance(table, Table) and "id" in table.c and getattr(row, "id", 0) is None:
            without[table].append(row)
    for table, rows in without.items():
        if len(rows) > 1:
            for row, ident in zip(rows, _next(session, table, len(rows)), strict=True):
                setattr(row, "id", ident)  # noqa: B010 - whichever table's it is


def give(session: PlainSession, rows: Sequence[SQLModel]) -> None:
    """Give new rows of one table their ids, so that each may name another before any is written."""
    if rows:
        table = inspect(type(rows[0])).local_table
        for row, ident in zip(rows, _next(session, table, len(rows)), strict=True):
            setattr(row, "id", ident)  # noqa: B010 - whichever table's it is


def _next(session: PlainSession, table: Table, number: int) -> Iterator[int]:
    """So many ids that nobody else is given."""
    if session.get_bind().dialect.name == "sqlite":
        highest: int = session.connection().execute(select(func.max(table.c.id))).scalar_one() or 0
        return iter(range(highest + 1, highest + 1 + number))
    following = func.nextval(func.pg_get_serial_sequence(table.name, "id"))
    times = func.generate_series(literal(1), literal(number)).table_valued("time")
    return iter(sorted(session.connection().execute(select(following).select_from(times)).scalars()))
