"""The one layer before every route: it takes the body in, has the platforms' requests proved, and ends streams."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.door.bodies import Bodies, Gone, TooLarge
from bot.door.entrance import Entrance
from bot.door.limits import LARGEST_BODY, READ_ON_SECONDS, UNPROVED_A_SECOND
from bot.door.strangers import Strangers

ALWAYS_ANSWERED = "/healthz"
"""Refusing it would cost as much as answering it, and what watches over the process would take it for dead."""
LONGEST_NUMBER = 12
CLOSING = {"Connection": "close"}
TOO_LARGE = PlainTextResponse("too large\n", 413, headers=CLOSING)
TOO_SLOW = PlainTextResponse("too slow\n", 408, headers=CLOSING)
TOO_MANY = PlainTextResponse(
    "too many requests\n", 429, headers=CLOSING | {"Retry-After": str(max(1, round(1 / UNPROVED_A_SECOND)))}
)


class Door:
    """Stands before an application with these routes. Belongs to one event loop."""

    def __init__(self, routes: Sequence[BaseRoute], seconds: Callable[[], float] = time.monotonic) -> None:
        self._entrances = [route for route in routes if isinstance(route, Entrance)]
        self._strangers = Strangers(seconds)
        self._bodies = Bodies()
        self._closing = asyncio.Event()

    def before(self, app: ASGIApp) -> ASGIApp:
        """The application behind this door."""

        async def behind(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                await self._visited(app, scope, receive, send)
            else:
                await app(scope, receive, send)

        return behind

    def close(self) -> None:
        """End every stream: the code that reads one is told that its reader has left."""
        self._closing.set()

    async def _visited(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        entrance, address = self._entrance(scope), _address(scope)
        expected = entrance is not None or scope["path"] == ALWAYS_ANSWERED
        if not expected and not self._strangers.allows(address):
            await _turned_away(TOO_MANY, receive, send)
            return
        try:
            body = await self._body(scope, receive, entrance)
        except Gone:
            return
        except (TooLarge, TimeoutError) as wrong:
            self._strangers.allows(address)
            await _turned_away(TOO_LARGE if isinstance(wrong, TooLarge) else TOO_SLOW, receive, send)
            return
        refused = await entrance.proof(Request(scope, self._again(body, receive))) if entrance is not None else None
        if refused is not None and not self._strangers.allows(address):
            refused = TOO_MANY
        await self._answered(refused or app, scope, self._again(body, receive), send)

    async def _answered(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        answer = _Answer(send)
        await app(scope, receive, answer.send)
        if self._closing.is_set():
            await answer.end()

    def _entrance(self, scope: Scope) -> Entrance | None:
        return next((one for one in self._entrances if one.matches(scope)[0] is not Match.NONE), None)

    async def _body(self, scope: Scope, receive: Receive, entrance: Entrance | None) -> bytes:
        largest = LARGEST_BODY if entrance is None else entrance.largest
        told = Request(scope).headers.get("content-length", "")
        if told.isdecimal() and (len(told) > LONGEST_NUMBER or int(told) > largest):
            raise TooLarge
        return await self._bodies.whole(receive, largest)

    def _again(self, body: bytes, receive: Receive) -> Receive:
        """The body for the code that reads it next; then the moment at which the reader leaves or the door closes."""
        given = False

        async def again() -> Message:
            nonlocal given
            if not given:
                given = True
                return {"type": "http.request", "body": body, "more_body": False}
            await self._left(receive)
            return {"type": "http.disconnect"}

        return again

    async def _left(self, receive: Receive) -> None:
        waits = {asyncio.ensure_future(receive()), asyncio.ensure_future(self._closing.wait())}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()


class _Answer:
    """Passes an answer on, and can end one that was broken off, so that its reader has all of it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._begun = self._ended = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            # One whose length was told cannot be ended early: its reader must see that it is cut.
            self._begun = all(name.lower() != b"content-length" for name, _ in message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self._ended = not message.get("more_body", False)
        await self._send(message)

    async def end(self) -> None:
        if self._begun and not self._ended:
            await self._send({"type": "http.response.body", "body": b""})


async def _turned_away(answer: Response, receive: Receive, send: Send) -> None:
    """Answer at once, then read on for a moment: closing on unread bytes would take the answer with it."""
    await send({"type": "http.response.start", "status": answer.status_code, "headers": answer.raw_headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": True})
    with suppress(TimeoutError):
        async with asyncio.timeout(0 if answer is TOO_SLOW else READ_ON_SECONDS):
            while (await receive()).get("more_body", False):
                pass
    await send({"type": "http.response.body", "body": b""})


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""
