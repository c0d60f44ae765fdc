"""Who is away and who holds which role on one day, remembered while many people's mornings are worked out.

Held by the session for the length of a block in which nothing about staff is written; without it each question is a
query of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from sqlalchemy.orm import Session as PlainSession

ROSTER = "roster"

Person = TypeVar("Person")
Absence = TypeVar("Absence")


@dataclass(frozen=True, kw_only=True)
class Roster(Generic[Person, Absence]):
    """One day's roles and absences (of each person the one entered last comes first), and the people met so far.

    `managed` is who has whom as line manager, once somebody has asked.
    """

    on: date
    roles: Mapping[int, frozenset[str]]
    absences: Mapping[int, Sequence[Absence]]
    people: dict[int, Person | None] = field(default_factory=dict)
    managed: dict[int, list[int]] = field(default_factory=dict)


@contextmanager
def held(session: PlainSession, roster: Roster[Person, Absence]) -> Iterator[None]:
    """Let questions about staff on that day be answered by this roster."""
    before = session.info.get(ROSTER)
    session.info[ROSTER] = roster
    try:
        yield
    finally:
        session.info[ROSTER] = before
