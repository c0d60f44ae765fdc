"""Faults a test asks for: refusals, server errors, waits and cut connections."""

from collections import defaultdict, deque
from dataclasses import dataclass

ANY_METHOD = "*"
RESPONSE_URL = "response_url"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What goes wrong with one call; `delay` is in seconds and may go with any other."""

    status: int | None = None
    error: str | None = None
    retry_after: int | None = None
    delay: float = 0.0
    drop_reply: bool = False
    drop_request: bool = False

    @property
    def answers_instead(self) -> bool:
        """Whether the call gets this fault's answer and has no effect."""
        return self.status is not None or self.error is not None or self.retry_after is not None


class FaultPlan:
    """The faults still to come, by method, first asked for first met."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)

    def add(self, method: str, times: int, fault: Fault) -> None:
        """Plan the same fault for the next `times` calls of a method ("*" is any method)."""
        self._waiting[method].extend([fault] * times)

    def take(self, method: str) -> Fault:
        """The fault of this call; a fault without content when none is planned."""
        for name in (method, ANY_METHOD):
            if self._waiting[name]:
                return self._waiting[name].popleft()
        return Fault()

    def left(self, method: str) -> int:
        """How many faults of a method are still to come; a fault is met when its call arrives."""
        return len(self._waiting[method])

    def clear(self) -> None:
        """Nothing more goes wrong."""
        self._waiting.clear()
