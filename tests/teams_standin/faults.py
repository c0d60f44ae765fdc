"""Faults a test asks for: refusals, server errors, waits, cut connections and answers without an id."""

from collections import defaultdict, deque
from dataclasses import dataclass

ANY_OPERATION = "*"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What goes wrong with one call; `delay` is in seconds and may go with any other.

    `code` is the connector's word for the error. `no_id`: the work is done and the answer names no message.
    """

    status: int | None = None
    code: str = "ServiceError"
    retry_after: int | None = None
    delay: float = 0.0
    drop_reply: bool = False
    drop_request: bool = False
    no_id: bool = False


class FaultPlan:
    """The faults still to come, by operation, first asked for first met."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)

    def add(self, operation: str, times: int, fault: Fault) -> None:
        """Plan the same fault for the next `times` calls of an operation ("*" is any)."""
        self._waiting[operation].extend([fault] * times)

    def take(self, operation: str) -> Fault:
        """The fault of this call; a fault without content when none is planned."""
        for name in (operation, ANY_OPERATION):
            if self._waiting[name]:
                return self._waiting[name].popleft()
        return Fault()

    def left(self, operation: str) -> int:
        """How many faults of an operation are still to come."""
        return len(self._waiting[operation])

    def clear(self) -> None:
        """Nothing more goes wrong."""
        self._waiting.clear()
