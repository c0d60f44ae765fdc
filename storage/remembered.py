"""Answers about staff, each asked for once in a transaction and forgotten when anything about staff is written.

Who holds which role, who is away and who covers is asked many times over while one command is answered, and of
everybody while many people's mornings are worked out (`people.know_day`). The same of who was asked,
where a list is about many concerns (`stage_runs.know_parts`).
"""

from collections.abc import Callable
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, UOWTransaction
from sqlalchemy.orm import Session as PlainSession
from sqlmodel import Session

from storage.scope import AUTHORITY, EVERY, GuardedSession

STAFF = frozenset({"people", "person_roles", "absences"})
PARTS = frozenset({"addressees"})
_ABOUT = (STAFF, PARTS)
"""What answers may be about: the tables whose writing makes them old."""
_IN_PLACE = PARTS
"""What answers hold of these are the rows themselves: a row that is changed is changed in them too."""
REMEMBERED = "remembered"

Answer = TypeVar("Answer")


def once(
    session: Session, question: tuple[object, ...], ask: Callable[[], Answer], about: frozenset[str] = STAFF
) -> Answer:
    """The answer to the question, asked of the database the first time; what is to be written goes there first."""
    if _is_changing(session, about):
        session.flush()
    kept, key = _kept(session, about), _key(session, question)
    if key not in kept:
        kept[key] = ask()
    answer: Answer = kept[key]
    return answer


def known(session: PlainSession, question: tuple[object, ...], about: frozenset[str] = STAFF) -> object | None:
    """The answer, where the question was asked before and nothing it is about is being written; never a query."""
    if about not in session.info.get(REMEMBERED, ()) or _is_changing(session, about):
        return None
    return _kept(session, about).get(_key(session, question))


def _kept(session: PlainSession, about: frozenset[str]) -> dict[object, Any]:
    kept: dict[object, Any] = session.info.setdefault(REMEMBERED, {}).setdefault(about, {})
    return kept


def _key(session: PlainSession, question: tuple[object, ...]) -> tuple[object, ...]:
    return (*question, session.info.get(AUTHORITY), session.info.get(EVERY, False))


def _is_changing(session: PlainSession, about: frozenset[str]) -> bool:
    changed = session.dirty if about is not _IN_PLACE else ()
    return any(row.__tablename__ in about for row in chain(session.new, changed, session.deleted))


@event.listens_for(GuardedSession, "after_flush")
def _written(session: PlainSession, _: UOWTransaction) -> None:
    for about in [*session.info.get(REMEMBERED, ())]:
        if _is_changing(session, about):
            session.info[REMEMBERED].pop(about)


@event.listens_for(GuardedSession, "after_soft_rollback")
def _undone(session: PlainSession, _: SessionTransaction) -> None:
    session.info.pop(REMEMBERED, None)


@event.listens_for(GuardedSession, "do_orm_execute")
def _changed(state: ORMExecuteState) -> None:
    if state.is_select:
        return
    table = getattr(getattr(state.statement, "table", None), "name", None)
    for about in _ABOUT:
        if table is None or table in about:
            state.session.info.get(REMEMBERED, {}).pop(about, None)
