"""Socket Mode's server side: envelopes down a WebSocket, acknowledgements recorded, faults on request."""

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from itertools import count

from aiohttp import WSMsgType, web

from tests.slack_standin.jsontypes import Json
from tests.slack_standin.limits import ACKNOWLEDGE_SECONDS
from tests.slack_standin.payloads import APP_ID

_CONNECT_SECONDS = 10.0


class NotAcknowledged(Exception):
    """An envelope got no acknowledgement in time; Slack would send it again or show an error."""


@dataclass(frozen=True, kw_only=True)
class Acknowledgement:
    """An envelope's acknowledgement, with what the app said in it."""

    envelope_id: str
    payload: Json


class SocketHub:
    """The sockets of one app. Slack hands each envelope to one of them; here, to the newest."""

    def __init__(self, changed: threading.Condition) -> None:
        self.acknowledgements: list[Acknowledgement] = []
        self._changed = changed
        self._sockets: list[tuple[web.WebSocketResponse, web.Request]] = []
        self._tickets: set[str] = set()
        self._numbers = count(1)
        self._connected_ever = 0
        self._loop: asyncio.AbstractEventLoop | None = None

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Say on which loop the sockets live."""
        self._loop = loop

    def new_ticket(self) -> str:
        """A ticket for one connection, as in the address apps.connections.open gives."""
        ticket = f"ticket-{next(self._numbers)}"
        self._tickets.add(ticket)
        return ticket

    @property
    def connections(self) -> int:
        """How many sockets are connected now."""
        return len(self._sockets)

    @property
    def connected_ever(self) -> int:
        """How many have connected since the start: one more after each return."""
        return self._connected_ever

    def wait_connected(self, timeout: float = _CONNECT_SECONDS) -> None:
        """Wait until a socket is connected."""
        self._wait(lambda: bool(self._sockets), "No socket connected in time.", timeout)

    def _wait(self, seen: Callable[[], bool], otherwise: str, timeout: float = _CONNECT_SECONDS) -> None:
        with self._changed:
            if not self._changed.wait_for(seen, timeout):
                raise TimeoutError(otherwise)

    def _wait_gone(self, sockets: list[tuple[web.WebSocketResponse, web.Request]]) -> None:
        left = "The old socket stayed."
        self._wait(lambda: not any(entry in self._sockets for entry in sockets), left)

    def send(
        self,
        kind: str,
        payload: Json,
        *,
        timeout: float = ACKNOWLEDGE_SECONDS,
        retry_attempt: int = 0,
        retry_reason: str = "",
    ) -> Json:
        """Send an envelope ("slash_commands", "interactive", "events_api") and give its ack's payload."""
        envelope: Json = {
            "envelope_id": f"envelope-{next(self._numbers)}",
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": retry_attempt, "retry_reason": retry_reason}
        self._run(self._send_json(envelope))
        return self._wait_for_ack(envelope["envelope_id"], timeout)

    def send_raw(self, text: str) -> None:
        """Send something that may be no envelope at all."""
        self._run(self._send_text(text))

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell the newest socket to go and come back, as Slack does now and then; wait till it goes."""
        going = self._sockets[-1:]
        message = {"type": "disconnect", "reason": reason, "debug_info": {"host": "standin"}}
        self._run(self._send_json(message))
        self._wait_gone(going)

    def cut(self) -> None:
        """Break every connection without a word."""
        going = list(self._sockets)
        self._run(self._cut())
        self._wait_gone(going)

    def _run(self, work: Coroutine[None, None, None]) -> None:
        if self._loop is None:
            raise RuntimeError("The stand-in is not running.")
        asyncio.run_coroutine_threadsafe(work, self._loop).result(_CONNECT_SECONDS)

    def _wait_for_ack(self, envelope_id: str, timeout: float) -> Json:
        def found() -> Acknowledgement | None:
            return next((one for one in self.acknowledgements if one.envelope_id == envelope_id), None)

        with self._changed:
            acknowledgement = self._changed.wait_for(found, timeout)
        if acknowledgement is None:
            raise NotAcknowledged(f"No acknowledgement within {timeout} seconds.")
        return acknowledgement.payload

    async def _send_json(self, message: Json) -> None:
        if not self._sockets:
            raise NotAcknowledged("No socket is connected.")
        await self._sockets[-1][0].send_json(message)

    async def _send_text(self, text: str) -> None:
        if not self._sockets:
            raise NotAcknowledged("No socket is connected.")
        await self._sockets[-1][0].send_str(text)

    async def _cut(self) -> None:
        for _, request in self._sockets:
            if request.transport is not None:
                request.transport.abort()

    async def close(self) -> None:
        """Close every socket."""
        for socket, _ in list(self._sockets):
            await socket.close()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to its end."""
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(request.query["ticket"])
        socket = web.WebSocketResponse(timeout=0.2)
        await socket.prepare(request)
        entry = (socket, request)
        await socket.send_json(self._hello())
        with self._changed:
            self._sockets.append(entry)
            self._connected_ever += 1
            self._changed.notify_all()
        try:
            await self._listen(socket)
        finally:
            with self._changed:
                self._sockets.remove(entry)
                self._changed.notify_all()
        return socket

    def _hello(self) -> Json:
        connected = len(self._sockets) + 1
        return {"type": "hello", "num_connections": connected, "connection_info": {"app_id": APP_ID}}

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            said = json.loads(message.data)
            given = said.get("payload") or {}
            payload = given if isinstance(given, dict) else {"text": given}
            with self._changed:
                acknowledgement = Acknowledgement(envelope_id=said["envelope_id"], payload=payload)
                self.acknowledgements.append(acknowledgement)
                self._changed.notify_all()
