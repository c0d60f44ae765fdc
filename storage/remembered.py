"""Answers about staff, each asked for once in a transaction and forgotten when anything about staff is written.

Who holds which role, who is away and who covers is asked many times over while one command is answered.
"""

from collections.abc import Callable
from itertools import chain
from typing import TypeVar

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
    if any(row.__tablename__ in STAFF for row in chain(session.new, session.dirty, session.deleted)):
        session.flush()
    kept: dict[object, Answer] = session.info.setdefault(REMEMBERED, {})
    key = (*question, session.info.get(AUTHORITY), session.info.get(EVERY, False))
    if key not in kept:
        kept[key] = ask()
    return kept[key]


@event.listens_for(GuardedSession, "after_flush")
def _written(session: PlainSession, _: UOWTransaction) -> None:
    if any(row.__tablename__ in STAFF for row in chain(session.new, session.dirty, session.deleted)):
        session.info.pop(REMEMBERED, None)


@event.listens_for(GuardedSession, "after_soft_rollback")
def _undone(session: PlainSession, _: SessionTransaction) -> None:
    session.info.pop(REMEMBERED, None)


@event.listens_for(GuardedSession, "do_orm_execute")
def _changed(state: ORMExecuteState) -> None:
    if not state.is_select:
        state.session.info.pop(REMEMBERED, None)
