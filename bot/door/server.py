"""Serves the application behind its door, and stops in bounded time whatever clients do."""

import asyncio
import errno
import socket
import threading
from collections.abc import Callable, Sequence
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from bot.door.limits import ANSWERS_END_SECONDS, PROCESS_ENDS_SECONDS, WORK_ENDS_SECONDS
from bot.door.line import Line
from handlers.refusals import Refused

LOOK_SECONDS = 0.1
THIS_MACHINE = ("127.0.0.0/8", "::1")


def check_address(host: str, port: int) -> None:
    """Refused where nothing can listen there: uvicorn would say so in its own words, after everything was started."""
    try:
        (family, kind, _, _, address), *_ = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        with socket.socket(family, kind) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise Refused(
                f"Port {port} of {host} is in use: stop what uses it, or set PORT to another number."
            ) from None
        raise Refused(f"Nothing can listen on {host}, port {port}: {problem.strerror}. Set HOST and PORT.") from None


class Server(uvicorn.Server):
    """Uvicorn with our connections. `proxies`: addresses and networks whose X-Forwarded-For is believed.

    `if_stuck` ends the process where a thread outlasts the stop: Python waits for its threads without end.
    `listening` is called once requests are answered.
    """

    def __init__(
        self,
        app: Starlette,
        *,
        host: str,
        port: int,
        proxies: Sequence[str] = (),
        if_stuck: Callable[[], object] | None = None,
        listening: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                http=Line,
                ws="none",
                log_config=None,
                access_log=False,
                forwarded_allow_ips=[*THIS_MACHINE, *proxies],
                timeout_graceful_shutdown=WORK_ENDS_SECONDS,
            )
        )
        self._door = app.state.door
        self._if_stuck = if_stuck
        self._listening = listening

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop. A second signal hurries nothing: uvicorn would leave the last steps out for it."""
        self._captured_signals.append(sig)
        if self._if_stuck is not None and not self.should_exit:
            last_resort = threading.Timer(PROCESS_ENDS_SECONDS, self._if_stuck)
            last_resort.daemon = True
            last_resort.start()
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start. A stop meanwhile waits for no platform that does not answer: the loop's end undoes the start."""
        starting = asyncio.ensure_future(super().startup(sockets=sockets))
        while not starting.done() and not self.should_exit:
            await asyncio.wait({starting}, timeout=LOOK_SECONDS)
        if starting.done():
            await starting
            if self.started:
                self._listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take nobody new, end streams and what never came whole, give the answers under way; then cut the rest."""
        self._door.close()
        cutting = asyncio.get_running_loop().call_later(ANSWERS_END_SECONDS, self._cut)
        try:
            await super().shutdown(sockets)
        finally:
            cutting.cancel()
            self._cut()

    def _cut(self) -> None:
        for line in list(self.server_state.connections):
            if isinstance(line, Line):
                line.cut()
