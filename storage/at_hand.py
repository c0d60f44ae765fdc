"""Rows of a table read at once for many owners, and kept true while the transaction goes on.

What an act adds is among them before it is written; what it changes are the same rows. So fifty concerns that are
worked with one after the other are asked for in one statement.
"""

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, SessionTransaction
from sqlalchemy.orm import Session as PlainSession
from sqlmodel import Session, SQLModel, col, select

from storage.scope import GuardedSession

AT_HAND = "at hand"
_AT_A_TIME = 5_000
"""Ids in one statement."""

Row = TypeVar("Row", bound=SQLModel)


class AtHand(Generic[Row]):
    """The rows of one table by their owner, such as the parts in a concern; in the order in which they were added."""

    every: "list[AtHand[Any]]" = []  # noqa: RUF012 - one for the process: each table declares its own here

    def __init__(self, model: type[Row], owner: str) -> None:
        self.model, self.owner = model, owner
        AtHand.every.append(self)

    def know(self, session: Session, owner_ids: Iterable[int | None]) -> None:
        """Read the rows of those owners that are not at hand yet."""
        kept = self._kept(session)
        missing = sorted({one for one in owner_ids if one is not None} - kept.keys())
        for at in range(0, len(missing), _AT_A_TIME):
            some = missing[at : at + _AT_A_TIME]
            query = select(self.model).where(col(getattr(self.model, self.owner)).in_(some))
            rows = session.exec(query.order_by(*inspect(self.model).primary_key)).all()
            kept.update((one, []) for one in some)
            for row in rows:
                kept[getattr(row, self.owner)].append(row)

    def of(self, session: PlainSession, owner_id: int) -> list[Row] | None:
        """The rows of an owner; None where they are not at hand."""
        return self._kept(session).get(owner_id)

    def of_all(self, session: PlainSession, owner_ids: Iterable[int]) -> list[Row] | None:
        """The rows of these owners; None where those of one are not at hand."""
        found: list[Row] = []
        for one in owner_ids:
            rows = self.of(session, one)
            if rows is None:
                return None
            found.extend(rows)
        return found

    def where(self, session: PlainSession, owner_id: int, holds: Callable[[Row], bool]) -> list[Row] | None:
        """Those of an owner for which this holds; None where they are not at hand."""
        rows = self.of(session, owner_id)
        return [row for row in rows if holds(row)] if rows is not None else None

    def forget(self, session: PlainSession, owner_id: int) -> None:
        """Read them anew when they are asked for: the owner was just locked, and somebody may have added some."""
        self._kept(session).pop(owner_id, None)

    def added(self, session: PlainSession, row: Row) -> None:
        """It is to be written: it stands behind those that are there."""
        rows = self._kept(session).get(getattr(row, self.owner))
        if rows is not None and not any(one is row for one in rows):
            rows.append(row)

    def _kept(self, session: PlainSession) -> dict[int, list[Row]]:
        kept: dict[int, list[Row]] = session.info.setdefault(AT_HAND, {}).setdefault(self.model.__tablename__, {})
        return kept


@event.listens_for(GuardedSession, "transient_to_pending")
def _added(session: PlainSession, row: object) -> None:
    if AT_HAND in session.info:
        for one in AtHand.every:
            if type(row) is one.model:
                one.added(session, row)


@event.listens_for(GuardedSession, "persistent_to_deleted")
def _deleted(session: PlainSession, row: object) -> None:
    _forget_table(session, getattr(row, "__tablename__", None))


@event.listens_for(GuardedSession, "do_orm_execute")
def _changed(state: ORMExecuteState) -> None:
    if not state.is_select:
        _forget_table(state.session, getattr(getattr(state.statement, "table", None), "name", None))


@event.listens_for(GuardedSession, "after_soft_rollback")
def _undone(session: PlainSession, _: SessionTransaction) -> None:
    session.info.pop(AT_HAND, None)


def _forget_table(session: PlainSession, table: str | None) -> None:
    """What was written past the rows, or taken away, is read anew."""
    if table is None:
        session.info.pop(AT_HAND, None)
    else:
        session.info.get(AT_HAND, {}).pop(table, None)
