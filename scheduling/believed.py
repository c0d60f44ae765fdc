"""The machine's clock as far as it is believed: a leap ahead is not, until it has been looked into (decision 11)."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduling.clock import Clock

logger = logging.getLogger(__name__)

AHEAD = timedelta(minutes=10)
BACK = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A leap that is not believed: what the machine says, what was counted instead, and for how many seconds."""

    machine: datetime
    counted: datetime
    seconds: float

    @property
    def leap(self) -> timedelta:
        """How far the machine's clock is ahead of what was counted."""
        return self.machine - self.counted


class BelievedClock:
    """A clock for everything. While a leap is in doubt it counts on from before, so that nothing comes early or waits.

    `monotonic` gives seconds and counts while the machine is suspended, so that waking up is no leap.
    """

    def __init__(self, machine: Clock, monotonic: Callable[[], float]) -> None:
        self._machine = machine
        self._monotonic = monotonic
        self._asked = threading.Lock()
        self._last = (machine(), monotonic())
        self._doubted_since: float | None = None
        self.leaps_ahead = 0
        self.leaps_back = 0

    def __call__(self) -> datetime:
        """The present moment."""
        with self._asked:
            wall, counted, seconds = self._both()
            if wall - counted > AHEAD:
                self._doubted(wall - counted, seconds)
                return counted
            self._follow(wall, seconds, wall - counted)
            return wall

    def doubt(self) -> Doubt | None:
        """The leap that is in doubt at this moment."""
        self()
        with self._asked:
            wall, counted, seconds = self._both()
            if self._doubted_since is None:
                return None
            return Doubt(machine=wall, counted=counted, seconds=seconds - self._doubted_since)

    def believe(self) -> None:
        """Go by the machine's clock from now on."""
        with self._asked:
            wall, counted, seconds = self._both()
            logger.warning("The clock leapt ahead by %d minutes and is believed now.", minutes(wall - counted))
            self._last, self._doubted_since = (wall, seconds), None

    def _both(self) -> tuple[datetime, datetime, float]:
        wall, seconds = self._machine(), self._monotonic()
        return wall, self._last[0] + timedelta(seconds=seconds - self._last[1]), seconds

    def _doubted(self, leap: timedelta, seconds: float) -> None:
        if self._doubted_since is None:
            self._doubted_since = seconds
            self.leaps_ahead += 1
            logger.warning("The clock leapt ahead by %d minutes: it is not believed yet.", minutes(leap))

    def _follow(self, wall: datetime, seconds: float, jump: timedelta) -> None:
        if self._doubted_since is not None:
            self._doubted_since = None
            logger.warning("The clock that had leapt ahead is right again.")
        if jump < -BACK:
            self.leaps_back += 1
            logger.warning("The clock went back by %d minutes.", minutes(-jump))
        self._last = (wall, seconds)


def minutes(span: timedelta) -> int:
    """A span in whole minutes."""
    return int(span.total_seconds() // 60)
