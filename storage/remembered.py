"""Answers about staff, each asked for once in a transaction and forgotten when anything about staff is written.

Who holds which role, who is away and who covers is asked many times over while one command is answered, and of
everybody while many people's mornings are worked out (`people.know_day`).
"""

from collections.abc import Callable
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, UOWTransaction
from sqlalchemy.orm import Session as PlainSession
from sqlmodel import Session

from storage.scope import AUTHORITY, EVERY, GuardedSession

STAFF = {"people", "person_roles", "absences"}
REMEMBERED = "remembered about staff"

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
    return any(row.__tablename__ in STAFF for row in chain(session.new, session.dirty, session.deleted))


@event.listens_for(GuardedSession, "after_flush")
def _written(session: PlainSession, _: UOWTransaction) -> None:
    if _is_changing(session):
        session.info.pop(REMEMBERED, None)


@event.listens_for(GuardedSession, "after_soft_rollback")
def _undone(session: PlainSession, _: SessionTransaction) -> None:
    session.info.pop(REMEMBERED, None)


@event.listens_for(GuardedSession, "do_orm_execute")
def _changed(state: ORMExecuteState) -> None:
    if not state.is_select and getattr(getattr(state.statement, "table", None), "name", None) in {*STAFF, None}:
        state.session.info.pop(REMEMBERED, None)
