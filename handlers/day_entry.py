"""One line of somebody's day, and the day by which the list is sorted before it is cut."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from handlers.cards import Line
from scheduling.working_days import local


class Kind(IntEnum):
    """What a line is about: on one day a concern stands before a review, and both before what is only told."""

    CONCERN = 0
    REVIEW = 1
    TOLD = 2


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line, the day that has passed or falls, and when the reader themself owes something.

    `owed_by` is a moment where the time of the day counts; what nobody owes is never late. `about` names the duty, so
    that a manager reads it once: their own part of it, or as somebody's of their team.
    """

    line: Line
    on: date
    kind: Kind
    owed_by: date | datetime | None = None
    about: str = ""

    def is_late(self, now: datetime) -> bool:
        """Whether the reader is late with it."""
        if isinstance(self.owed_by, datetime):
            return self.owed_by <= now
        return self.owed_by is not None and self.owed_by < local(now).date()


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """The day that has passed or falls first, no matter who owes it; on one day as the kinds stand."""
    return sorted(entries, key=lambda one: (one.on, one.kind))


def told(lines: Iterable[Line], on: date) -> list[Entry]:
    """What is only told today, in the order in which it is told."""
    return [Entry(line=line, on=on, kind=Kind.TOLD) for line in lines]
