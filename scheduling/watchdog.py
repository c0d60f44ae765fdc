"""Watches for nudges that nobody fires: one that failed and was put off is as late as it ever was."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from storage import nudges
from storage.database import transaction
from storage.scope import every_authority


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """What fell due for an authority and is still there: since when, how many, how many of them have failed."""

    authority: str
    since: datetime
    due: int
    failing: int = 0

    def __add__(self, other: "Overdue") -> "Overdue":
        return Overdue(
            authority=self.authority,
            since=min(self.since, other.since),
            due=self.due + other.due,
            failing=self.failing + other.failing,
        )


def next_nudge(engine: Engine) -> datetime | None:
    """When the next nudge of any authority falls due, or fell due."""
    with transaction(engine, None, writes=False) as session, every_authority(session):
        return nudges.next_due(session)


def overdue(engine: Engine, now: datetime) -> list[Overdue]:
    """Each authority for which something has fallen due, the longest waiting first."""
    with transaction(engine, None, writes=False) as session, every_authority(session):
        found = [
            Overdue(authority=authority, since=since, due=count)
            for authority, since, count in nudges.due_of_authorities(session, now)
        ]
        failing = [
            Overdue(authority=authority, since=since, due=count, failing=count)
            for authority, since, count in nudges.failing_of_authorities(session)
        ]
    by_authority: dict[str, Overdue] = {}
    for one in (*found, *failing):
        known = by_authority.get(one.authority)
        by_authority[one.authority] = known + one if known is not None else one
    return sorted(by_authority.values(), key=lambda one: one.since)


def oldest_overdue(engine: Engine, now: datetime) -> timedelta | None:
    """How long the oldest nudge has been overdue; None when none is."""
    found = overdue(engine, now)
    return now - found[0].since if found else None
