"""What each loop leaves of its progress, for readiness, the metrics and the outside heartbeat."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from scheduling.clock import Clock


class Stamp:
    """One for a loop. `clock` says when, `monotonic` (seconds that never jump) how long."""

    def __init__(self, loop: str, clock: Clock, monotonic: Callable[[], float]) -> None:
        self.loop = loop
        self._clock = clock
        self._monotonic = monotonic
        self._progressed = monotonic()
        self._failing_since: float | None = None
        self.turns = 0
        self.failures = 0
        self.began_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.took = 0.0
        """How many seconds the last turn lasted that came to its end."""

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Around one turn. One that fails has no end."""
        began = self._monotonic()
        self.turns += 1
        self.began_at, self._progressed = self._clock(), began
        try:
            yield
        except Exception:  # counted here, dealt with by whoever runs the turn
            self.failures += 1
            if self._failing_since is None:
                self._failing_since = self._monotonic()
            raise
        self.progress()
        self._failing_since = None
        self.ended_at, self.took = self._clock(), self._monotonic() - began

    def progress(self) -> None:
        """Said by a turn that lasts, whenever a piece of it is done."""
        self._progressed = self._monotonic()

    def silent_for(self) -> float:
        """Seconds since the last sign of it; before the first, since it was made."""
        return self._monotonic() - self._progressed

    def failing_for(self) -> float:
        """Seconds since turns began to fail, none having come to its end after; 0 where the last one did."""
        return self._monotonic() - self._failing_since if self._failing_since is not None else 0.0
