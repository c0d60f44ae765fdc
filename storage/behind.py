"""What a transaction writes once for all its acts: when it ends, or as soon as something asks the tables it goes to.

Rows that many acts of one transaction leave, each for itself, are so written with one statement a table.
"""

from collections.abc import Callable, Collection
from typing import TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session as PlainSession
from sqlalchemy.orm import SessionTransaction

from storage.scope import GuardedSession, before_statements

BEHIND = "written behind"

Kept = TypeVar("Kept")


def kept(
    session: PlainSession, table: str, begin: Callable[[], Kept], write: Callable[[PlainSession, Kept], None]
) -> Kept:
    """What is to be written to a table, to be added to; begun where nothing waits. `write` writes it, once."""
    waiting = session.info.setdefault(BEHIND, {})
    if table not in waiting:
        waiting[table] = (begin(), write)
    value: Kept = waiting[table][0]
    return value


def waiting(session: PlainSession, table: str) -> object | None:
    """What waits to be written to a table, where anything does."""
    found = session.info.get(BEHIND, {}).get(table)
    return found[0] if found is not None else None


def write(session: PlainSession, tables: Collection[str] | None = None) -> None:
    """Write what waits, to these tables or, where none are named, to all; what that leaves in its turn too."""
    behind = session.info.get(BEHIND)
    while behind:
        table = next((one for one in behind if tables is None or one in tables), None)
        if table is None:
            return
        value, how = behind.pop(table)
        how(session, value)


before_statements.append(write)


@event.listens_for(GuardedSession, "before_commit", insert=True)  # before history, whose heads are locked last
def _write_at_the_end(session: PlainSession) -> None:
    if not session.in_nested_transaction():
        write(session)


@event.listens_for(GuardedSession, "after_soft_rollback")
def _forget(session: PlainSession, _: SessionTransaction) -> None:
    """What waits was left since the savepoint began: what was left before was written then."""
    session.info.pop(BEHIND, None)
