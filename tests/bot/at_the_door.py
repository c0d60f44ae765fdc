"""The product's own server on a thread, and clients that speak to it byte by byte."""

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from bot.door.server import Server
from bot.web import Remark, Site, create_web

START_SECONDS = 10
STOP_SECONDS = 20
PIECE = 65_536


@dataclass
class Served:
    """A server at work, and how its clients reach it."""

    server: Server
    thread: threading.Thread
    clients: list["Client"] = field(default_factory=list)

    @property
    def port(self) -> int:
        port: int = self.server.servers[0].sockets[0].getsockname()[1]
        return port

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def open(self) -> int:
        """How many connections it holds."""
        return len(self.server.server_state.connections)

    def client(self, said: bytes = b"", *, takes: int | None = None) -> "Client":
        """A new connection that has said this. `takes`: bytes that it takes in before it reads."""
        client = Client.at("127.0.0.1", self.port, takes=takes)
        self.clients.append(client)
        client.say(said)
        return client

    def leave(self) -> None:
        """Have every client leave, and wait until that is noticed."""
        for client in self.clients:
            client.close()
        self.clients.clear()
        wait_until(lambda: self.open == 0)

    def stopped_in(self) -> float:
        """Stop it as SIGTERM does; how many seconds that took."""
        began = monotonic()
        self.server.should_exit = True
        self.thread.join(STOP_SECONDS)
        assert not self.thread.is_alive()
        return monotonic() - began


class Client:
    """One connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    @classmethod
    def at(cls, host: str, port: int, *, takes: int | None = None) -> "Client":
        """Connect."""
        connection = socket.socket()
        if takes is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, takes)
        connection.settimeout(START_SECONDS)
        connection.connect((host, port))
        return cls(connection)

    def say(self, said: bytes) -> None:
        """Send it all."""
        self._connection.sendall(said)

    def say_in_chunks(self, number: int, piece: bytes = b"x" * PIECE) -> bool:
        """Send so many chunks of a chunked body; False when nobody takes them any more."""
        chunk = b"%x\r\n%s\r\n" % (len(piece), piece)
        try:
            for _ in range(number):
                self._connection.sendall(chunk)
        except OSError:
            return False
        return True

    def hear(self, seconds: float = START_SECONDS) -> bytes:
        """Everything that comes until the other side closes."""
        heard = b""
        self._connection.settimeout(seconds)
        with contextlib.suppress(ConnectionResetError):
            while piece := self._connection.recv(PIECE):
                heard += piece
        return heard

    def hear_some(self, size: int = PIECE) -> bytes:
        """What comes next."""
        return self._connection.recv(size)

    def hear_until(self, mark: bytes) -> bytes:
        """What comes up to this mark, or to the end."""
        heard = b""
        while mark not in heard and (piece := self.hear_some()):
            heard += piece
        return heard

    def status(self) -> int:
        """The status of the answer that comes next."""
        return int(self.hear_until(b"\r\n").split(b" ", 2)[1])

    def closed_after(self, seconds: float) -> float:
        """After how many seconds the other side closes, if it does so before that many."""
        began = monotonic()
        self.hear(seconds)
        return monotonic() - began

    def close(self) -> None:
        """Leave."""
        self._connection.close()


@contextlib.contextmanager
def behind_the_door(site: Site) -> Iterator[Served]:
    """The site, served as `run` serves it, on a free port."""
    with served_by(Server(create_web(site), host="127.0.0.1", port=0)) as served:
        yield served


@contextlib.contextmanager
def served_by(server: Server) -> Iterator[Served]:
    """The server at work on a thread."""
    thread = threading.Thread(target=server.run, name="door")
    thread.start()
    served = Served(server, thread)
    try:
        wait_until(lambda: server.started)
        yield served
    finally:
        for client in served.clients:
            client.close()
        server.should_exit = True
        thread.join(STOP_SECONDS)


def wait_until(seen: Callable[[], bool], seconds: float = START_SECONDS) -> None:
    """Wait for something that another thread does."""
    end = monotonic() + seconds
    while not seen():
        assert monotonic() < end
        threading.Event().wait(0.01)


def memory_of(process: int) -> int:
    """Bytes that it holds at this moment."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@contextlib.contextmanager
def highest_memory(process: int) -> Iterator[list[int]]:
    """Watches how much more than now a process holds at most, in bytes, while the block runs."""
    before, highest, over = memory_of(process), [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.005):
            highest[0] = max(highest[0], memory_of(process) - before)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield highest
    finally:
        over.set()
        watching.join()


def post(path: str, *headers: str) -> bytes:
    """The head of a POST."""
    return "\r\n".join((f"POST {path} HTTP/1.1", "Host: bot", *headers, "", "")).encode("latin-1")


def get(path: str, *headers: str) -> bytes:
    """A GET."""
    return "\r\n".join((f"GET {path} HTTP/1.1", "Host: bot", *headers, "", "")).encode("latin-1")


async def nothing_wrong() -> list[Remark]:
    """For a site without problems."""
    await asyncio.sleep(0)
    return []
