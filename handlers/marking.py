"""Whichever way something is changed, the App Homes that may show it are said to be stale in the same transaction.

A person's act, the clock, delivery and the command line all come by here: what they change is known from the history
they write. `handlers/office` takes this in, so that no program writes without it.
"""

from sqlalchemy import event
from sqlalchemy.orm import Session as PlainSession

from storage import history
from storage.scope import AUTHORITY, GuardedSession


@event.listens_for(GuardedSession, "before_commit", insert=True)  # before history itself, which empties the queue
def mark_homes(session: PlainSession) -> None:
    """Mark them at the end of the transaction; a released savepoint marks nothing yet."""
    if session.in_nested_transaction() or not session.info.get(AUTHORITY):
        return
    written = history.queued(session)
    if not written:
        return
    from handlers.homes import mark_changed  # noqa: PLC0415 - heavy, and itself works in an office

    assert isinstance(session, GuardedSession)
    mark_changed(session, written)
