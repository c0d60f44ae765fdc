"""What handlers work with: the office (engine and clock), the scene of one transaction, and a person's desk in it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Protocol

from sqlalchemy import Engine
from sqlmodel import Session

import handlers.marking  # noqa: F401 - all that write here mark the App Homes that show it
from handlers.refusals import Refused
from scheduling.clock import Clock
from scheduling.procedures import Procedures, parse_procedures
from scheduling.procedures.terms import CONCERN
from scheduling.working_days import WorkingCalendar, local
from storage import authorities, procedure_texts
from storage.people import Person


@dataclass(frozen=True, kw_only=True)
class Office:
    """What lasts as long as the program: where things are kept, what the time is, and under which address we answer."""

    engine: Engine
    clock: Clock
    public_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One transaction at one moment, under one authority's rules as they are now."""

    session: Session
    now: datetime
    authority: str
    rules: Procedures
    public_url: str = ""
    fell_due_at: datetime | None = None
    """When the nudge that fires here first fell due; None where a person is at work."""

    @property
    def today(self) -> date:
        """The date in London."""
        return local(self.now).date()

    @property
    def calendar(self) -> WorkingCalendar:
        """The authority's working calendar, as it stands now."""
        return self.rules.calendar()

    def frozen_rules(self, digest: str) -> Procedures:
        """The rules a concern began under."""
        if digest == self.rules.digest:
            return self.rules
        rules = _rules_of(self.session, digest)
        if rules is None:
            raise Refused(
                f"The procedures this {CONCERN} began under are missing. Ask your administrator to run doctor."
            )
        return rules


class Opened(Protocol):
    """What lies open on a desk: a concern's case, or a child's review."""

    @property
    def ref(self) -> str:
        """By which reference a form names it."""


@dataclass(frozen=True, kw_only=True)
class Desk(Scene):
    """A scene with a person at work in it; `opened` is what they opened, the last one last."""

    actor: Person
    platform: str = ""
    workspace: str = ""
    request_key: str = ""
    opened: list[Opened] = field(default_factory=list)

    @cached_property
    def actor_id(self) -> int:
        """The id of the person at work."""
        assert self.actor.id is not None
        return self.actor.id


@lru_cache(maxsize=64)
def parsed(text: str) -> Procedures:
    """A procedures text as rules; texts are immutable, so each is parsed once."""
    return parse_procedures(text, "the stored procedures")


def rules_in_force(session: Session, authority: str) -> Procedures:
    """The rules new concerns of an authority begin under."""
    row = authorities.find(session, authority)
    if row is None:
        raise Refused(f"There is no authority called {authority}.")
    rules = _rules_of(session, row.procedures_digest)
    if rules is None:
        raise Refused("The procedures of this authority are missing. Ask your administrator to run doctor.")
    return rules


_READ: dict[str, Procedures] = {}
"""The rules read so far, by the digest of their text, which is the same text wherever it is stored."""


def _rules_of(session: Session, digest: str) -> Procedures | None:
    if digest not in _READ:
        text = procedure_texts.text_of(session, digest)
        if text is None:
            return None
        _READ[digest] = parsed(text)
    return _READ[digest]
