"""One connection: how long a request may take to come, who makes room among too many, and who reads nothing."""

import asyncio
import logging
import resource
from ipaddress import ip_address, ip_network
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.server import ServerState

from bot.door.limits import CONNECTIONS, CONNECTIONS_OF_ONE, HEADER_SECONDS, LINES_AT_ONCE, READ_AT_ONCE, READER_SECONDS

# Whatever strangers send is not worth a line each ("Invalid HTTP request received."); errors of ours are.
QUIET = logging.getLogger("bot.door.line")
QUIET.setLevel(logging.ERROR)

TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
TOO_MANY = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n"


class Line(H11Protocol, asyncio.BufferedProtocol):
    """Uvicorn's connection with bounds. ASGI comes too late for these: it begins when the headers are there."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.logger = QUIET
        self._read = bytearray(READ_AT_ONCE)
        self._since = self.loop.time()
        self._head: asyncio.TimerHandle | None = None
        self._reader: asyncio.TimerHandle | None = None
        self._spoken = self._is_cut = self._took = False

    @property
    def waits(self) -> bool:
        """Whether no whole request is in hand: the line may be taken away, and nothing is lost."""
        work = self._work
        return work is None or work.response_complete or work.more_body

    @property
    def _work(self) -> RequestResponseCycle | None:
        """The request in hand, or the last one; uvicorn's own type says that there always is one."""
        return self.cycle

    # the connection

    # Wider in asyncio: BaseTransport.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request, if there is room."""
        super().connection_made(transport)
        self._watch_head()
        self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        super().connection_lost(exc)
        for timer in (self._head, self._reader):
            if timer is not None:
                timer.cancel()

    def shutdown(self) -> None:
        """At the stop: what has not come whole comes no more; an answer under way is given."""
        if self.waits:
            self.transport.close()
        else:
            super().shutdown()

    def cut(self) -> None:
        """End it, whatever is under way."""
        self._is_cut = True
        self.transport.abort()

    # what comes in

    def get_buffer(self, sizehint: int) -> bytearray:
        """Where the next bytes go: no more of them than are parsed in a moment."""
        return self._read

    def buffer_updated(self, nbytes: int) -> None:
        """Bytes have come."""
        self._spoken = True
        piece = bytes(self._read[:nbytes])
        if self._parsed(piece).count(b"\r\n") > LINES_AT_ONCE:
            self.send_400_response("Too many short lines.")
            return
        self.data_received(piece)
        self._watch_head()

    def _parsed(self, piece: bytes) -> bytes:
        """What of these bytes is read line by line: not the body whose length was told."""
        if self._work is not None and self._work.more_body:
            return b"" if any(name == b"content-length" for name, _ in self.headers) else piece
        head, _, _ = piece.partition(b"\r\n\r\n")
        return head if b"content-length:" in head.lower() else piece

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP. While another answer is under way there is no room for it: uvicorn would stumble."""
        begun = self._work is not None and self._work.response_started and not self._work.response_complete
        if self.waits and not begun:
            super().send_400_response(msg)
        else:
            self.cut()

    def on_response_complete(self) -> None:
        """The answer is given: uvicorn waits for another request, and the reader still has to take it."""
        self._since, self._spoken = self.loop.time(), False
        super().on_response_complete()
        self._watch_reader()

    def _watch_head(self) -> None:
        """Bound the time from a request's first byte to the end of its headers."""
        if self._work is not None and not self._work.response_complete:
            if self._head is not None:
                self._head.cancel()
            self._head = None
        elif self._head is None:
            self._head = self.loop.call_later(HEADER_SECONDS, self._too_slow)

    def _too_slow(self) -> None:
        if self._spoken and not self.transport.is_closing():
            self.transport.write(TOO_SLOW)
        self.transport.close()

    def _make_room(self) -> None:
        """The one that has waited longest makes room; a request that is worked on never does."""
        others = (line for line in self.connections if isinstance(line, Line) and line is not self)
        everyone = [line for line in others if not line._is_cut]
        alike = [] if self._is_from_a_proxy() else [line for line in everyone if line._address == self._address]
        for lines, most in ((alike, CONNECTIONS_OF_ONE), (everyone, most_connections())):
            if len(lines) < most:
                continue
            waiting = [line for line in lines if line.waits]
            if not waiting:
                self.transport.write(TOO_MANY)
                self.transport.close()
                return
            min(waiting, key=lambda line: (line._work is not None, line._since)).cut()

    @property
    def _address(self) -> str:
        return self.client[0] if self.client else ""

    def _is_from_a_proxy(self) -> bool:
        return is_proxy(self._address, self.config.forwarded_allow_ips)

    # what goes out

    def pause_writing(self) -> None:
        """There is more to send than the reader has taken."""
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        """The reader has taken most of it."""
        super().resume_writing()
        self._took = True

    def _watch_reader(self, left_before: int | None = None) -> None:
        """Cut the line of a reader who takes nothing at all between two looks, however much is added meanwhile."""
        left = self.transport.get_write_buffer_size()
        if self._reader is not None:
            if left_before is None:
                return  # somebody looks already
            self._reader = None
        took, self._took = self._took or left_before is None or left < left_before, False
        if left and not took:
            self.cut()
        elif left:
            self._reader = self.loop.call_later(READER_SECONDS, self._watch_reader, left)


def most_connections() -> int:
    """How many may be open: less than the limit where the system gives a process few files (macOS: 256)."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return CONNECTIONS if files == resource.RLIM_INFINITY else min(CONNECTIONS, files // 2)


def is_proxy(address: str, trusted: list[str] | str) -> bool:
    """Whether many people come by this address: this machine itself, or a proxy that the settings name."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    named = [trusted] if isinstance(trusted, str) else trusted
    return found.is_loopback or any(found in ip_network(one, strict=False) for one in named if one != "*")
