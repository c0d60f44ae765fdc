"""Tells HEARTBEAT_URL that all goes well, so that somebody outside hears of it when the calls stop."""

import logging
from collections.abc import Callable

import aiohttp

from scheduling.troubles import Troubles

log = logging.getLogger("bot")

EVERY_SECONDS = 60.0
PATIENCE = aiohttp.ClientTimeout(total=15, sock_connect=5)


class Outside:
    """One for the process. Nothing is told where `url` is empty."""

    def __init__(self, url: str, monotonic: Callable[[], float]) -> None:
        self._url = url
        self._monotonic = monotonic
        self._told_at: float | None = None
        self._troubles = Troubles(monotonic, log)

    async def tell(self) -> None:
        """All goes well: at most once a minute, and one that does not answer is never more than a log line."""
        now = self._monotonic()
        if not self._url or (self._told_at is not None and now - self._told_at < EVERY_SECONDS):
            return
        self._told_at = now
        self._troubles.look(await self._call())

    async def _call(self) -> dict[str, str]:
        """What is wrong with the address."""
        try:
            async with (
                aiohttp.ClientSession(timeout=PATIENCE, trust_env=True) as session,
                session.get(self._url) as answered,
            ):
                if answered.status >= 400:
                    return {str(answered.status): f"HEARTBEAT_URL answered {answered.status}"}
        except (aiohttp.ClientError, TimeoutError) as lost:
            return {type(lost).__name__: f"HEARTBEAT_URL did not answer ({type(lost).__name__})"}
        return {}
