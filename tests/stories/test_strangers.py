"""The product as a process, with strangers at its door: it goes on answering its people, and stops when told to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import pytest

from tests.bot.at_the_door import PIECE, Client, get, highest_memory, post
from tests.cast import CHILD, IRO, settle
from tests.stories.programs import Machine, Program, machine, own_database
from tests.stories.repeats import LOGGED

CHUNKED = "Transfer-Encoding: chunked"
HALF = (
    b"",
    b"POST /slack/ev",
    b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Le",
    post("/slack/events", "Content-Length: 1000") + b"x" * 500,
    post("/slack/events", CHUNKED) + b"5\r\nab",
)


@pytest.fixture
def anyshire(tmp_path: Path) -> Iterator[Machine]:
    """The service's machine, on SQLite."""
    with own_database("sqlite", tmp_path) as engine, machine(engine, tmp_path) as ours:
        settle(engine)
        yield ours


Comes = Callable[..., Client]


@pytest.fixture
def comes() -> Iterator[Comes]:
    """A stranger comes to a program and says this; in the end all of them leave."""
    with ExitStack() as stack:

        def client(program: Program, said: bytes = b"", *, takes: int | None = None) -> Client:
            made = Client.at("127.0.0.1", int(program.address.rpartition(":")[2]), takes=takes)
            stack.callback(made.close)
            made.say(said)
            return made

        yield client


def longest_wait(ours: Machine, program: Program, comes: Comes, until: threading.Event) -> float:
    """How long a person waits for help at most, asking again and again."""
    longest, person = 0.0, ours.person(IRO, program)
    while True:
        began = monotonic()
        assert "concern" in person.command("/iro help").text
        assert comes(program, get("/healthz", "Connection: close")).hear().endswith(b"alive\n")
        longest = max(longest, monotonic() - began)
        if until.wait(0.1):
            return longest


@pytest.mark.slow
def test_three_hundred_megabytes_without_a_signature_hold_up_nobody_and_are_kept_nowhere(
    anyshire: Machine, comes: Comes
) -> None:
    with anyshire.running() as program:
        over = threading.Event()
        flooding = comes(program, post("/slack/events", CHUNKED))

        def flood() -> None:
            flooding.say_in_chunks(300_000_000 // PIECE)
            over.set()

        threading.Thread(target=flood).start()
        with highest_memory(program.process.pid) as more:
            assert longest_wait(anyshire, program, comes, over) < 1
        assert flooding.hear().startswith(b"HTTP/1.1 413 ")
        assert more[0] < 30_000_000
        assert "incident=" not in program.logged


@pytest.mark.slow
def test_450_half_requests_hold_up_nobody_and_are_closed_in_ten_seconds(anyshire: Machine, comes: Comes) -> None:
    with anyshire.running() as program:
        began, over = monotonic(), threading.Event()
        half = [comes(program, HALF[number % len(HALF)]) for number in range(450)]
        waits: list[float] = []
        asking = threading.Thread(target=lambda: waits.append(longest_wait(anyshire, program, comes, over)))
        asking.start()
        for client in half:
            client.hear(max(0.1, began + 14 - monotonic()))
        took = monotonic() - began
        over.set()
        asking.join()
        assert waits[0] < 1
        assert took < 13
        assert "incident=" not in program.logged


@pytest.mark.slow
def test_told_to_stop_it_ends_in_ten_seconds_whatever_clients_do(anyshire: Machine, comes: Comes) -> None:
    with anyshire.running() as program:
        person = anyshire.person(IRO, program)
        form = person.command(f"/concern {CHILD}")
        anyshire.standin.fail_next("chat.postMessage", times=100, delay=14)
        assert "is logged at stage 1" in person.submit(form, LOGGED).text
        for said in HALF:
            comes(program, said)
        idle = comes(program, get("/healthz"))
        assert b"alive" in idle.hear_until(b"alive")
        comes(program, get("/healthz") * 300, takes=2048)
        flooding = comes(program, post("/slack/events", CHUNKED))
        threading.Thread(target=lambda: flooding.say_in_chunks(20_000)).start()
        began = monotonic()
        assert program.terminate() == 0
        assert monotonic() - began < 10
        assert "Traceback" not in program.logged
    log = anyshire.folder / "iro-bot.db-wal"
    assert not log.exists() or log.stat().st_size == 0, "what was written is in the file itself"


@pytest.mark.slow
@pytest.mark.postgres
def test_told_to_stop_it_ends_in_ten_seconds_while_the_database_does_not_answer(tmp_path: Path) -> None:
    with own_database("postgresql", tmp_path) as engine, machine(engine, tmp_path) as ours:
        settle(engine)
        with ours.running() as program, engine.begin() as held:
            held.exec_driver_sql("LOCK TABLE people IN ACCESS EXCLUSIVE MODE")
            assert "Still working" in ours.person(IRO, program).command(f"/concern {CHILD}").text
            began = monotonic()
            assert program.terminate() == 0
            assert monotonic() - began < 10
            assert "ending without it" in program.logged
