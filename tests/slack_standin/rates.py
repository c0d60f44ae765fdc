"""Slack's rate limits: per channel, per workspace and per method, over a clock that a test may move."""

import math
from collections import defaultdict, deque
from collections.abc import Callable

WINDOW_SECONDS = 60.0
POSTS_PER_WORKSPACE = 300
CHANNEL_BURST = 4
# Calls a minute that Slack promises for each tier, per method and workspace (rate-limits page, 2026-05-26).
TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
METHOD_TIERS = {
    "views.open": 4,
    "views.update": 4,
    "views.push": 4,
    "views.publish": 4,
    "users.info": 4,
    "chat.postEphemeral": 4,
    "chat.update": 3,
    "chat.delete": 3,
    "conversations.open": 3,
    "conversations.info": 3,
    "conversations.history": 3,
    "users.lookupByEmail": 3,
    "files.getUploadURLExternal": 4,
    "files.completeUploadExternal": 4,
    "apps.connections.open": 3,
}


class RateLimits:
    """Counts calls and says how long to wait. Times are seconds of the clock handed in."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)
        self._allowance: dict[tuple[str, str], tuple[float, float]] = {}

    def seconds_to_wait(self, team: str, method: str, channel: str | None) -> int | None:
        """None when the call may go ahead (it is then counted), or the Retry-After."""
        limit = POSTS_PER_WORKSPACE if method == "chat.postMessage" else self._tier(method)
        if limit is None:
            return None
        wait = self._window_wait(team, method, limit)
        if wait is None and method == "chat.postMessage" and channel is not None:
            wait = self._channel_wait(team, channel)
        if wait is None:
            self._calls[team, method].append(self._clock())
            return None
        return max(1, math.ceil(wait))

    @staticmethod
    def _tier(method: str) -> int | None:
        return TIERS[METHOD_TIERS[method]] if method in METHOD_TIERS else None

    def _window_wait(self, team: str, method: str, limit: int) -> float | None:
        calls, now = self._calls[team, method], self._clock()
        while calls and calls[0] <= now - WINDOW_SECONDS:
            calls.popleft()
        return calls[0] + WINDOW_SECONDS - now if len(calls) >= limit else None

    def _channel_wait(self, team: str, channel: str) -> float | None:
        now = self._clock()
        left, since = self._allowance.get((team, channel), (float(CHANNEL_BURST), now))
        left = min(float(CHANNEL_BURST), left + now - since)
        spent = left - 1 if left >= 1 else left
        self._allowance[team, channel] = (spent, now)
        return None if left >= 1 else 1 - left
