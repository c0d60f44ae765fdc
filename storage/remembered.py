"""Answers about staff, each asked for once in a transaction and forgotten when anything about staff is written.

Who holds which role, who is away and who covers is asked many times over while one command is answered, and of
everybody while many people's mornings are worked out (`people.know_day`).
"""

from collections.abc import Callable
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, QueryableAttribute, SessionTransaction, UOWTransaction, object_session
from sqlalchemy.orm import Session as PlainSession
from sqlmodel import Session, SQLModel

from storage.scope import AUTHORITY, EVERY, GuardedSession

STAFF = frozenset({"people", "person_roles", "absences"})
"""What answers are about: the tables whose writing makes them old."""
REMEMBERED = "remembered"
CHANGING = "staff is changing"

Answer = TypeVar("Answer")


def once(session: Session, question: tuple[object, ...], ask: Callable[[], Answer]) -> Answer:
    """The answer to the question, asked of the database the first time; what is to be written goes there first."""
    if _is_changing(session):
        session.flush()
    kept, key = _kept(session), _key(session, question)
    if key not in kept:
        kept[key] = ask()
    answer: Answer = kept[key]
    return answer


def known(session: PlainSession, question: tuple[object, ...]) -> object | None:
    """The answer, where the question was asked before and nothing about staff is being written; never a query."""
    if REMEMBERED not in session.info or _is_changing(session):
        return None
    return _kept(session).get(_key(session, question))


def _kept(session: PlainSession) -> dict[object, Any]:
    kept: dict[object, Any] = session.info.setdefault(REMEMBERED, {})
    return kept


def _key(session: PlainSession, question: tuple[object, ...]) -> tuple[object, ...]:
    return (*question, session.info.get(AUTHORITY), session.info.get(EVERY, False))


def _is_changing(session: PlainSession) -> bool:
    """Whether a row about staff is to be written; one that is to go is only known of itself."""
    return CHANGING in session.info or any(_is_staff(row) for row in session.deleted)


def _is_staff(row: object) -> bool:
    return getattr(row, "__tablename__", None) in STAFF


@event.listens_for(SQLModel, "attribute_instrument", propagate=True)
def _watch(model: type[SQLModel], _: str, attribute: QueryableAttribute[Any]) -> None:
    """Notice it when a row about staff is changed: looking through all changed rows each time would cost more."""
    if getattr(model, "__tablename__", None) in STAFF:
        event.listen(attribute, "set", _set)


def _set(row: object, *_: object) -> None:
    session = object_session(row)
    if session is not None:
        session.info[CHANGING] = True


@event.listens_for(GuardedSession, "transient_to_pending")
def _added(session: PlainSession, row: object) -> None:
    if _is_staff(row):
        session.info[CHANGING] = True


@event.listens_for(GuardedSession, "after_flush")
def _written(session: PlainSession, _: UOWTransaction) -> None:
    if any(_is_staff(row) for row in chain(session.new, session.dirty, session.deleted)):
        session.info.pop(REMEMBERED, None)
    session.info.pop(CHANGING, None)


@event.listens_for(GuardedSession, "after_soft_rollback")
def _undone(session: PlainSession, _: SessionTransaction) -> None:
    session.info.pop(REMEMBERED, None)
    session.info.pop(CHANGING, None)


@event.listens_for(GuardedSession, "do_orm_execute")
def _changed(state: ORMExecuteState) -> None:
    if state.is_select:
        return
    table = getattr(getattr(state.statement, "table", None), "name", None)
    if table is None or table in STAFF:
        state.session.info.pop(REMEMBERED, None)
