"""Watches the clocks: a wall clock that jumps, ticks that stop coming, nudges that nobody fires (decision 11)."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine

from storage import nudges
from storage.database import transaction
from storage.scope import every_authority

logger = logging.getLogger(__name__)

AHEAD = timedelta(minutes=10)
BACK = timedelta(minutes=1)


class Verdict(StrEnum):
    """What a tick may do."""

    GO = "go"
    SKIP = "skip"  # the wall clock has leapt ahead: nothing is fired or sent until the next tick confirms it


class Watchdog:
    """`monotonic` gives seconds and counts while the machine is suspended, so that waking up is no jump."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._last: tuple[datetime, float] | None = None
        self.jumps_ahead = 0
        self.jumps_back = 0

    def tick(self, now: datetime) -> Verdict:
        """Compare both clocks with the last tick. Ten minutes ahead: skip this one, then act as after downtime."""
        seconds = self._monotonic()
        last, self._last = self._last, (now, seconds)
        if last is None:
            return Verdict.GO
        jump = (now - last[0]) - timedelta(seconds=seconds - last[1])
        if jump > AHEAD:
            self.jumps_ahead += 1
            logger.warning("The clock leapt ahead by %d minutes: nothing is sent in this tick.", minutes(jump))
            return Verdict.SKIP
        if jump < -BACK:
            self.jumps_back += 1
            logger.warning("The clock went back by %d minutes.", minutes(-jump))
        return Verdict.GO

    @property
    def last_tick(self) -> datetime | None:
        """When the last tick came, by the wall clock."""
        return self._last[0] if self._last else None

    def silent_for(self) -> float | None:
        """Seconds since the last tick by the clock that never jumps; None before the first."""
        return self._monotonic() - self._last[1] if self._last else None


def minutes(span: timedelta) -> int:
    """A span in whole minutes."""
    return int(span.total_seconds() // 60)


def next_nudge(engine: Engine) -> datetime | None:
    """When the next nudge of any authority falls due, or fell due."""
    with transaction(engine, None, writes=False) as session, every_authority(session):
        return nudges.next_due(session)


def oldest_overdue(engine: Engine, now: datetime) -> timedelta | None:
    """How long the oldest nudge has been overdue; None when none is."""
    due = next_nudge(engine)
    return now - due if due is not None and due <= now else None
