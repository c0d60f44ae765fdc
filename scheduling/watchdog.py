"""Watches the clocks: ticks that stop coming, nudges that nobody fires."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Engine

from storage import nudges
from storage.database import transaction
from storage.scope import every_authority


class Watchdog:
    """`monotonic` gives seconds that never jump."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._last: float | None = None

    def tick(self) -> None:
        """A tick has come."""
        self._last = self._monotonic()

    def silent_for(self) -> float | None:
        """Seconds since the last tick; None before the first."""
        return self._monotonic() - self._last if self._last is not None else None


def next_nudge(engine: Engine) -> datetime | None:
    """When the next nudge of any authority falls due, or fell due."""
    with transaction(engine, None, writes=False) as session, every_authority(session):
        return nudges.next_due(session)


def oldest_overdue(engine: Engine, now: datetime) -> timedelta | None:
    """How long the oldest nudge has been overdue; None when none is."""
    due = next_nudge(engine)
    return now - due if due is not None and due <= now else None
