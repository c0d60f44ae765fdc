"""Teams' rate limits: per conversation and per tenant, over a clock that a test may move."""

import math
from collections import defaultdict, deque
from collections.abc import Callable

from tests.teams_standin.limits import CALLS_PER_TENANT, READS_PER_CONVERSATION, SENDS_PER_CONVERSATION

Windows = tuple[tuple[int, float], ...]
_READS = ("members", "member")
_LONGEST_SECONDS = 3600.0


class RateLimits:
    """Counts calls and says how long to wait. Times are seconds of the clock handed in."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._calls: dict[str, deque[float]] = defaultdict(deque)

    def seconds_to_wait(self, tenant: str, operation: str, conversation: str) -> int | None:
        """None when the call may go ahead (it is then counted), or the Retry-After."""
        kind, limits = ("read", READS_PER_CONVERSATION) if operation in _READS else ("send", SENDS_PER_CONVERSATION)
        counted: list[tuple[str, Windows]] = [(f"tenant {tenant}", CALLS_PER_TENANT)]
        if conversation:
            counted.append((f"{kind} {conversation}", limits))
        wait = max(self._wait(name, windows) for name, windows in counted)
        if wait > 0:
            return max(1, math.ceil(wait))
        for name, _ in counted:
            self._calls[name].append(self._clock())
        return None

    def _wait(self, name: str, windows: Windows) -> float:
        calls, now = self._calls[name], self._clock()
        while calls and calls[0] <= now - _LONGEST_SECONDS:
            calls.popleft()
        waits = [0.0]
        for most, seconds in windows:
            inside = [at for at in calls if at > now - seconds]
            if len(inside) >= most:
                waits.append(inside[-most] + seconds - now)
        return max(waits)
