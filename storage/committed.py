"""Tells the loops of this process what a transaction left for them, once it is committed.

Rows say it of themselves (`Scoped.leaves`) when they are written; what is written past them says it by `leave`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session as PlainSession
from sqlalchemy.orm import UOWTransaction

from storage.scope import GuardedSession, Scoped

LEFT = "left"


@dataclass(frozen=True, kw_only=True)
class Left:
    """Something to send or to show anew; and the soonest of the nudges that were planned."""

    owes: bool = False
    due: datetime | None = None


Told = Callable[[Left], None]

_told: WeakKeyDictionary[Engine, Told] = WeakKeyDictionary()


def listen(engine: Engine, told: Told) -> None:
    """Have `told` called, in the thread that committed, by each transaction of this process that left something."""
    _told[engine] = told


def leave(session: PlainSession, *, owes: bool = False, due: datetime | None = None) -> None:
    """Say of this transaction that it leaves something to send, or a nudge that falls due."""
    before: Left = session.info.get(LEFT, Left())
    dues = [one for one in (before.due, due) if one is not None]
    session.info[LEFT] = Left(owes=before.owes or owes, due=min(dues, default=None))


def tell(engine: Engine, session: PlainSession) -> None:
    """Called by `transaction` after its commit."""
    left, told = session.info.get(LEFT), _told.get(engine)
    if left is not None and told is not None:
        told(left)


@event.listens_for(GuardedSession, "after_flush")
def ask_rows(session: PlainSession, _: UOWTransaction) -> None:
    """Whether a row that was written leaves something."""
    for row in [*session.new, *session.dirty]:
        if isinstance(row, Scoped):
            owes, due = row.leaves()
            if owes or due is not None:
                leave(session, owes=owes, due=due)
