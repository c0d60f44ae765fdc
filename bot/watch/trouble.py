"""The one rule of what is wrong, and a line for each that says whose it is and what to do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol, Self

from bot.delivery.backlog import Unsent
from bot.settings import Settings
from bot.watch.reading import Late, Seen
from handlers.report.sentences import counted
from handlers.wording import when
from scheduling.stamps import Stamp

SILENT_SECONDS = 300.0
MOST_SKEW = timedelta(seconds=5)
SLOW = timedelta(minutes=1)
"""A message that could have gone a minute ago: worth a look, and no reason yet to call for help."""


class Kind(StrEnum):
    """What can be wrong, and how that is said to those who may not know whose it is."""

    _value_: str
    plain: str

    def __new__(cls, value: str, plain: str) -> Self:
        """By its value, as any string."""
        kind = str.__new__(cls, value)
        kind._value_, kind.plain = value, plain
        return kind

    DATABASE = "database", "The database does not answer."
    WRITES = "writes", "The database takes nothing that is written."
    SCHEMA = "schema", "The database is not at the schema of this version."
    CLOCK = "clock", "The clock of this machine and that of the database differ."
    STARTING = "starting", "Starting: what fell due has not been looked at yet."
    LOOP = "loop", "A loop gives no sign, or fails each time."
    OVERDUE = "overdue", "Something fell due and nothing was done."
    UNSENT = "unsent", "Messages wait that could go."


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One thing that is wrong, and whose. One that `keeps` keeps the service from being ready."""

    kind: Kind
    said: str
    whose: str = ""
    keeps: bool = True


class Signs(Protocol):
    """What the loops show of themselves."""

    @property
    def stamps(self) -> Sequence[Stamp]:
        """How far each has come."""
        ...

    @property
    def begun(self) -> bool:
        """Whether all that was due at the start has been looked at."""
        ...


def troubles(seen: Seen, signs: Signs, settings: Settings, *, refused: bool) -> list[Trouble]:
    """All that is wrong, what keeps the service from being ready first. `refused`: the last write was."""
    found = [*_of_database(seen, refused), *_of_loops(signs), *_of_due(seen, settings), *_of_owed(seen, settings)]
    return sorted(found, key=lambda one: not one.keeps)


def _of_database(seen: Seen, refused: bool) -> Iterator[Trouble]:
    if seen.lost:
        yield Trouble(kind=Kind.DATABASE, said=Kind.DATABASE.plain)
    elif refused:
        said = (
            "The database takes nothing that is written: look whether its disk is full, or it is read only or locked."
        )
        yield Trouble(kind=Kind.WRITES, said=said)
    if seen.behind:
        said = "The database is not at the schema of this version: run iro-bot migrate."
        yield Trouble(kind=Kind.SCHEMA, said=said)
    if abs(seen.skew) > MOST_SKEW:
        said = f"The clock of this machine and that of PostgreSQL differ by {abs(seen.skew)}: set them right."
        yield Trouble(kind=Kind.CLOCK, said=said)


def _of_loops(signs: Signs) -> Iterator[Trouble]:
    for stamp in signs.stamps:
        if stamp.silent_for() > SILENT_SECONDS:
            said = f"The loop for {stamp.loop} has given no sign for more than five minutes: restart the service."
            yield Trouble(kind=Kind.LOOP, whose=stamp.loop, said=said)
        elif stamp.failing_for() > SILENT_SECONDS:
            said = (
                f"The loop for {stamp.loop} has failed for more than five minutes: see the log, which names the error."
            )
            yield Trouble(kind=Kind.LOOP, whose=stamp.loop, said=said)
    if not signs.begun:
        yield Trouble(kind=Kind.STARTING, said=Kind.STARTING.plain)


def _of_due(seen: Seen, settings: Settings) -> Iterator[Trouble]:
    for one in seen.due:
        if seen.at - one.overdue.since > timedelta(seconds=settings.late_after_seconds):
            yield Trouble(kind=Kind.OVERDUE, whose=one.overdue.authority, said=_overdue(one))


def _of_owed(seen: Seen, settings: Settings) -> Iterator[Trouble]:
    for one in seen.unsent:
        waited = seen.at - one.since
        if waited > SLOW:
            keeps = waited > timedelta(minutes=settings.unsent_after_minutes)
            yield Trouble(kind=Kind.UNSENT, whose=one.authority, said=_unsent(one), keeps=keeps)


def _overdue(late: Late) -> str:
    found = late.overdue
    fell = counted(found.due, "reminder", "reminders")
    what = f"{found.authority}: {fell} fell due, the first at {when(found.since)}, and nothing was done"
    named = f" ({', '.join(late.names)}{' and others' if found.due > len(late.names) else ''})" if late.names else ""
    if found.failing:
        mend = "see the log, which names the error, and run iro-bot doctor"
        return f"{what}{named}. {found.failing} failed: {mend}."
    return f"{what}{named}. Restart the service."


def _unsent(waiting: Unsent) -> str:
    wait = counted(waiting.count, "message waits", "messages wait")
    what = f"{waiting.authority}: {wait} that could go, the first since {when(waiting.since)}."
    if not waiting.connected:
        return f"{what} No workspace is connected: install the app there."
    reasons = " ".join(waiting.reasons) or "Look whether the platform answers, and at the log."
    return f"{what} {reasons}"
