"""How the platforms failed us since the program began, for the metrics."""

from collections import Counter
from enum import StrEnum

from bot.delivery.port import FileRefused, Posted, Unanswered, Undeliverable


class Fault(StrEnum):
    """How a platform failed us."""

    REFUSED = "refused"  # this message, now or for good
    UNREACHED = "unreached"  # the person cannot be written to there
    TOO_FAST = "too fast"  # it asked to wait
    WORKSPACE = "workspace"  # nobody there can be reached until an administrator mends it
    UNANSWERED = "unanswered"
    FILE = "file"


class Faults(Counter[tuple[str, Fault]]):
    """How often each, by the platform. Touched on the event loop alone."""

    def heard(self, platform: str, outcome: Posted | Undeliverable | Unanswered | FileRefused) -> None:
        """An attempt at that platform has come to this."""
        fault = _fault(outcome)
        if fault is not None:
            self[platform, fault] += 1


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
