"""An ASGI application, such as a bot, served by uvicorn on a thread for as long as a test needs it."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

_START_SECONDS = 10


class _AnnouncingServer(uvicorn.Server):
    """A server that says when it listens, or that it failed to."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.announced = threading.Event()

    def run_and_announce(self) -> None:
        """Serve until told to stop."""
        try:
            self.run()
        finally:
            self.announced.set()

    async def main_loop(self) -> None:
        """Called by uvicorn once it listens: wait to be stopped, instead of looking ten times a second."""
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        await self.on_tick(0)
        self.announced.set()
        await self._stopped.wait()

    def stop(self) -> None:
        """End the serving; called from another thread."""
        self.should_exit = True
        self._loop.call_soon_threadsafe(self._stopped.set)


@contextlib.contextmanager
def served(application: ASGIApp) -> Iterator[str]:
    """The address of the application, http://127.0.0.1:PORT, while it is served."""
    server = _AnnouncingServer(uvicorn.Config(application, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run_and_announce, name="served")
    thread.start()
    if not server.announced.wait(_START_SECONDS) or not server.started:
        raise RuntimeError("The application did not start.")
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.stop()
        thread.join(_START_SECONDS)
