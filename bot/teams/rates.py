"""How fast Teams may be spoken to: so many calls in so many seconds, for each conversation and each tenant."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

# learn.microsoft.com, rate limiting for bots: calls and seconds.
PER_CONVERSATION = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
PER_TENANT = ((30, 1.0),)
LONGEST_WAIT = 3.0
FORGET_ABOVE = 2000


class TooFast(Exception):
    """A limit stands in the way for longer than a call can wait; `seconds` from now it does not."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Windows:
    """The calls of the last seconds under some limits. `now` gives seconds."""

    def __init__(self, limits: Sequence[tuple[int, float]], now: Callable[[], float]) -> None:
        self._limits = limits
        self._now = now
        self._calls: deque[float] = deque(maxlen=max(calls for calls, _ in limits))

    @property
    def idle(self) -> bool:
        """Whether nothing in it matters any more."""
        longest = max(seconds for _, seconds in self._limits)
        return not self._calls or self._now() - self._calls[-1] >= longest

    def wait(self) -> float:
        """Seconds until one more call is within the limits."""
        waits = [
            self._calls[-calls] + seconds - self._now() for calls, seconds in self._limits if len(self._calls) >= calls
        ]
        return max(0.0, *waits) if waits else 0.0

    def count(self) -> None:
        """A call is made now."""
        self._calls.append(self._now())


class Rates:
    """Lets calls go at their pace. Belongs to one event loop; the time is the loop's, for it is Teams that counts."""

    def __init__(
        self,
        per_conversation: Sequence[tuple[int, float]] = PER_CONVERSATION,
        per_tenant: Sequence[tuple[int, float]] = PER_TENANT,
    ) -> None:
        self._limits = {"conversation": per_conversation, "tenant": per_tenant}
        self._windows: dict[tuple[str, str], Windows] = {}

    async def turn(self, tenant: str, conversation: str) -> None:
        """Wait for the turn. Raises TooFast when that would take longer than a few seconds."""
        windows = [self._of("conversation", conversation), self._of("tenant", tenant)]
        while wait := max(window.wait() for window in windows):
            if wait > LONGEST_WAIT:
                raise TooFast(wait)
            await asyncio.sleep(wait)
        for window in windows:
            window.count()

    def _of(self, kind: str, name: str) -> Windows:
        if len(self._windows) > FORGET_ABOVE:
            self._windows = {key: windows for key, windows in self._windows.items() if not windows.idle}
        now = asyncio.get_running_loop().time
        return self._windows.setdefault((kind, name), Windows(self._limits[kind], now))
