"""What a watchdog asks of delivery since the program began: how late messages leave, and what platforms answer."""

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from bot.delivery.port import FileRefused, Posted, Unanswered, Undeliverable

BOUNDS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
"""Seconds: the upper bounds by which lateness is counted."""
RECENT = 1_000


class Fault(StrEnum):
    """How a platform failed us."""

    REFUSED = "refused"  # this message, now or for good
    UNREACHED = "unreached"  # the person cannot be written to there
    TOO_FAST = "too fast"  # it asked to wait
    WORKSPACE = "workspace"  # nobody there can be reached until an administrator mends it
    UNANSWERED = "unanswered"
    FILE = "file"


@dataclass(kw_only=True)
class Lateness:
    """Seconds from when a message might have gone to when it was sent: `counts` by BOUNDS and above, not summed up."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0
    _recent: deque[float] = field(default_factory=lambda: deque(maxlen=RECENT))

    @property
    def sent(self) -> int:
        """How many there were."""
        return sum(self.counts)

    def add(self, late: timedelta) -> None:
        """One more was sent."""
        seconds = max(late.total_seconds(), 0.0)
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds
        self._recent.append(seconds)

    def quantile(self, share: float) -> float | None:
        """That share of the last thousand were no later; None where nothing was sent yet."""
        ordered: Sequence[float] = sorted(self._recent)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else None


@dataclass(kw_only=True)
class Watch:
    """Touched on the event loop alone. `faults` by platform and kind."""

    faults: Counter[tuple[str, Fault]] = field(default_factory=Counter)
    lateness: Lateness = field(default_factory=Lateness)

    def heard(self, platform: str, outcome: Posted | Undeliverable | Unanswered | FileRefused) -> None:
        """An attempt at that platform has come to this."""
        fault = _fault(outcome)
        if fault is not None:
            self.faults[platform, fault] += 1


def _fault(outcome: Posted | Undeliverable | Unanswered | FileRefused) -> Fault | None:
    match outcome:
        case Posted():
            return None
        case Unanswered():
            return Fault.UNANSWERED
        case FileRefused():
            return Fault.FILE
        case Undeliverable() as refusal:
            told = (
                (refusal.workspace, Fault.WORKSPACE),
                (refusal.retry_after is not None, Fault.TOO_FAST),
                (refusal.unreached, Fault.UNREACHED),
            )
            return next((fault for holds, fault in told if holds), Fault.REFUSED)
