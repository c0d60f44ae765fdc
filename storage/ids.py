"""Ids for many rows at once: SQLite would be asked for each row alone, since it does not say which id is whose.

A writing transaction has the whole file to itself there, so that the next ids are those after the highest, as SQLite
would give them.
"""

from collections import defaultdict

from sqlalchemy import Table, event, func, inspect, select
from sqlalchemy.orm import Session as PlainSession
from sqlalchemy.orm import UOWTransaction

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
            highest = session.connection().execute(select(func.max(table.c.id))).scalar_one() or 0
            for at, row in enumerate(rows, highest + 1):
                setattr(row, "id", at)  # noqa: B010 - whichever table's it is
