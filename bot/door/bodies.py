"""Takes in the bodies of requests: counted whatever their headers say, in bounded time, and not too many at once."""

import asyncio

from starlette.types import Receive

from bot.door.limits import BODIES_TOGETHER, BODY_SECONDS


class TooLarge(Exception):
    """There is more of the body than may come."""


class Gone(Exception):
    """The sender of the request has left before its end."""


class Bodies:
    """The bodies that are on their way. Belongs to one event loop."""

    def __init__(self) -> None:
        self._coming: dict[asyncio.Timeout, int] = {}

    async def whole(self, receive: Receive, largest: int) -> bytes:
        """The body. Raises TooLarge and Gone, and TimeoutError for one that takes too long to come."""
        async with asyncio.timeout(BODY_SECONDS) as patience:
            self._coming[patience] = 0
            try:
                return await self._read(receive, largest, patience)
            finally:
                del self._coming[patience]

    async def _read(self, receive: Receive, largest: int, patience: asyncio.Timeout) -> bytes:
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            body += message.get("body", b"")
            if len(body) > largest:
                raise TooLarge
            if not message.get("more_body", False):
                return bytes(body)
            self._coming[patience] = len(body)
            self._make_room()

    def _make_room(self) -> None:
        """Where all together hold too much, the one that came first has had the most time. A genuine one is quick."""
        if sum(self._coming.values()) > BODIES_TOGETHER:
            slowest = next(patience for patience, held in self._coming.items() if held)
            self._coming[slowest] = 0
            slowest.reschedule(asyncio.get_running_loop().time())
