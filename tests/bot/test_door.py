"""The door: what is too much, too slow or too often is turned away, everybody else is answered, and it can be shut."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from time import monotonic

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.connecting import Connected
from bot.documents.made import File
from bot.door import line
from bot.door.limits import ADDRESSES, UNPROVED_A_SECOND, UNPROVED_AT_ONCE
from bot.door.server import Server
from bot.door.strangers import Strangers, known_as
from bot.kept_forms import KeptForms, Stored
from bot.one_time import Links, link_routes
from bot.reception.reception import Reception
from bot.reception.recognising import Linking
from bot.reception.service import Service
from bot.slack.app import create_slack_app
from bot.slack.clients import SlackClients
from bot.slack.endpoint import entrance
from bot.threads import WorkerThreads
from bot.web import Site, create_web
from handlers.cards import Notice
from tests.bot.at_the_door import (
    Served,
    behind_the_door,
    get,
    highest_memory,
    nothing_wrong,
    post,
    served_by,
    wait_until,
)
from tests.slack_standin.home import shown_home
from tests.slack_standin.signing import signed_headers

SECRET = "a made-up signing secret"
COMMAND = "command=%2Firo&text=help&trigger_id=1.2.3&user_id=U1&team_id=T1"
CHUNKED = "Transfer-Encoding: chunked"
EVERYWHERE = ("/slack/events", "/file/x", "/metrics", "/healthz", "/readyz", "/nowhere")
MEGABYTE = 16
"""Chunks of 64 KiB."""
HELP = b"Here is help."
ALIVE = b"alive\n"
AT_ONCE = 20
TALL = b"x" * 6_000_000


@pytest.fixture(scope="module")
def serving() -> Iterator[Served]:
    with behind_the_door(site()) as served:
        yield served


@pytest.fixture
def door(serving: Served) -> Iterator[Served]:
    """The server of all these tests, with nobody at its door."""
    yield serving
    serving.leave()


def site(*more: Route) -> Site:
    """A site with every address that strangers can reach, and these."""

    async def waits(_: str) -> bool:
        return False

    async def take(_: str) -> File | None:
        return None

    async def figures() -> bytes:
        return b"iro_bot_ready 1\n"

    threads, clients = WorkerThreads(4), SlackClients("http://127.0.0.1:9/")
    service = Service(
        answer=lambda _, __: Notice(text=HELP.decode()),
        connected=lambda _, __: Connected(authority="anyshire", token="xoxb-standin"),
        person_of=lambda *_: 7,
        link=lambda *_: Linking.NOBODY,
        link_anew=lambda *_: Linking.NOBODY,
        forget=lambda _, __: None,
        keep_form=lambda *_: None,
        in_service=lambda *_: True,
        kept_form=lambda *_: Stored(),
    )
    reception = Reception(service, threads, KeptForms(time.monotonic))
    app = create_slack_app(
        reception, threads=threads, clients=clients, open_home=shown_home(clients), signing_secret=SECRET
    )
    return Site(
        problems=nothing_wrong,
        metrics=figures,
        routes=[entrance(app), *link_routes(Links(waits=waits, take=take)), *more],
        stop=[threads.drain],
    )


def signed_command(served: Served) -> bytes:
    """What Slack is answered for a command."""
    signed = [f"{name}: {value}" for name, value in signed_headers(SECRET, COMMAND).items()]
    kind = "Content-Type: application/x-www-form-urlencoded"
    head = post("/slack/events", kind, f"Content-Length: {len(COMMAND)}", "Connection: close", *signed)
    return served.client(head + COMMAND.encode()).hear()


def answers_others(served: Served, within: float = 1.0) -> bool:
    """Whether a monitor and a person are answered within that time."""
    began = monotonic()
    client = served.client(get("/healthz", "Connection: close"))
    alive = client.hear().endswith(ALIVE)
    return alive and HELP in signed_command(served) and monotonic() - began < within


# how much


def test_a_body_is_counted_whatever_its_headers_say(door: Served) -> None:
    for path in EVERYWHERE:
        told = door.client(post(path, "Content-Length: 300000000"))
        assert told.status() == 413, path
        endless = door.client(post(path, CHUNKED))
        endless.say_in_chunks(2 * MEGABYTE)
        endless.say(b"0\r\n\r\n")
        heard = endless.hear()
        assert heard.startswith(b"HTTP/1.1 413 "), path
        assert b"connection: close" in heard.lower()
    lying = door.client(post("/slack/events", "Content-Length: 10") + b"x" * 10 + b"y\r\n\r\n")
    heard = lying.hear()
    assert heard.startswith(b"HTTP/1.1 401 ")
    assert b"HTTP/1.1 400 " in heard, "what goes beyond the length that was told is neither body nor request"
    assert answers_others(door)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux to see memory")
def test_an_endless_unsigned_body_holds_up_nobody_and_is_kept_nowhere(door: Served) -> None:
    answers_others(door)
    client = door.client(post("/slack/events", CHUNKED))
    with highest_memory(os.getpid()) as more:
        sending = threading.Thread(target=lambda: client.say_in_chunks(20 * MEGABYTE))
        sending.start()
        assert answers_others(door)
        sending.join()
        assert client.status() == 413
    assert more[0] < 12_000_000


def test_chunks_of_one_byte_hold_nobody_up(door: Served) -> None:
    tiny = [door.client(post("/slack/events", CHUNKED)) for _ in range(20)]
    for client in tiny:
        client.say(b"1\r\nx\r\n" * 10_000)
    assert answers_others(door)
    assert {client.status() for client in tiny} == {400}
    small = door.client(post("/slack/events", CHUNKED, "Connection: close"))
    small.say_in_chunks(500, b"x" * 100)
    small.say(b"0\r\n\r\n")
    assert small.status() == 401
    lines = door.client(post("/slack/events", "Content-Length: 60000", "Connection: close"))
    lines.say(b"x\r\n" * 20_000)
    assert lines.status() == 401, "of a body whose length is told nothing is parsed"


def test_too_many_bodies_on_their_way_make_room_from_the_oldest(door: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.door.bodies.BODIES_TOGETHER", 2_000_000)
    half = [door.client(post("/slack/events", CHUNKED)) for _ in range(6)]
    for client in half:
        client.say_in_chunks(10)
    assert half[0].status() == 408
    assert half[1].status() == 408
    assert answers_others(door)


# how fast


def test_half_requests_are_closed_in_time_and_others_answered_meanwhile(
    door: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.door.line.HEADER_SECONDS", 0.5)
    monkeypatch.setattr("bot.door.bodies.BODY_SECONDS", 0.5)
    half = {
        "nothing": b"",
        "half a request line": b"POST /slack/ev",
        "half the headers": b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Le",
        "no body": post("/slack/events", "Content-Length: 100"),
        "half a body": post("/slack/events", "Content-Length: 100") + b"x" * 50,
        "half a chunk": post("/file/x", CHUNKED) + b"5\r\nab",
        "half a second request": get("/healthz"),
    }
    clients = {name: door.client(said) for name, said in half.items()}
    assert ALIVE in clients["half a second request"].hear_until(ALIVE)
    clients["half a second request"].say(b"GET /hea")
    began = monotonic()
    assert answers_others(door)
    for name, client in clients.items():
        heard = client.hear(5)
        assert heard.startswith(b"HTTP/1.1 408 ") or name == "nothing", name
    assert monotonic() - began < 3
    wait_until(lambda: door.open == 0)


def test_a_trickle_gains_no_time(door: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.door.line.HEADER_SECONDS", 0.4)
    client, over = door.client(), threading.Event()

    def trickle() -> None:
        while not over.wait(0.05):
            try:
                client.say(b"X")
            except OSError:
                return

    trickling = threading.Thread(target=trickle)
    trickling.start()
    took = client.closed_after(5)
    over.set()
    trickling.join()
    assert took < 2


def test_a_reader_who_takes_nothing_is_cut_and_one_who_takes_little_gets_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.door.line.READER_SECONDS", 0.2)

    async def tall(_: Request) -> Response:
        return Response(TALL)

    async def in_pieces(_: Request) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(len(TALL) // 50_000):
                yield TALL[:50_000]

        return StreamingResponse(pieces())

    with behind_the_door(site(Route("/tall", tall), Route("/pieces", in_pieces))) as door:
        stuck = door.client(get("/tall"), takes=4096)
        for path in ("/tall", "/pieces"):
            slow = door.client(get(path, "Connection: close"), takes=65_536)
            heard = 0
            while piece := slow.hear_some(262_144):
                heard += len(piece)
                threading.Event().wait(0.001)
            assert heard > len(TALL), path
        wait_until(lambda: door.open == 0)
        assert len(stuck.hear()) < len(TALL)


# how many


def test_among_too_many_connections_those_who_wait_longest_make_room(
    door: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.door.line.CONNECTIONS", 20)
    half = [door.client(b"POST /slack/ev") for _ in range(60)]
    for _ in range(5):
        assert answers_others(door)
    assert door.open <= 20
    assert half[0].hear() == b""


def test_one_address_does_not_take_every_place(door: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.door.line.CONNECTIONS_OF_ONE", 5)
    for _ in range(20):
        door.client(b"POST /slack/ev")
    wait_until(lambda: door.open == 20)  # from this machine many people may come, by a proxy on it
    monkeypatch.setattr("bot.door.line.is_proxy", lambda *_: False)
    assert answers_others(door)
    for _ in range(20):
        door.client(b"POST /slack/ev")
    assert answers_others(door)


def test_while_every_place_is_worked_at_a_newcomer_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.door.line.CONNECTIONS", 2)
    done = threading.Event()

    async def long(_: Request) -> Response:
        await asyncio.to_thread(done.wait, 10)
        return PlainTextResponse("done")

    with behind_the_door(site(Route("/long", long))) as door:
        first, second = door.client(get("/long")), door.client(get("/long"))
        wait_until(lambda: door.open == 2 and len(door.server.server_state.tasks) == 2)
        heard = door.client().hear()
        assert heard.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: 1" in heard
        done.set()
        assert [first.status(), second.status()] == [200, 200]


def test_a_proxy_is_this_machine_or_one_that_the_settings_name() -> None:
    named = ["10.0.0.5", "172.17.0.0/16", "fd00::/8"]
    for address in ("127.0.0.1", "::1", "10.0.0.5", "172.17.3.4", "fd00::7"):
        assert line.is_proxy(address, named), address
    for address in ("10.0.0.6", "192.0.2.1", "2001:db8::1", "", "unix"):
        assert not line.is_proxy(address, named), address


# how often


def flood(door: Served, path: str, *headers: str) -> httpx2.Response:
    """Ask so often that it is too often; gives the last answer."""
    given = dict(header.split(": ") for header in headers)
    with httpx2.Client(base_url=door.address, trust_env=False, headers=given) as client:
        answers = [client.post(path, content=COMMAND) for _ in range(AT_ONCE + 3)]
    kinds = [answer.status_code for answer in answers]
    assert set(kinds[:AT_ONCE]) == {401}
    assert kinds[-1] == 429
    return answers[-1]


def test_whoever_proves_nothing_is_told_to_slow_down_and_slack_never(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.door.strangers.UNPROVED_AT_ONCE", AT_ONCE)
    monkeypatch.setattr("bot.door.strangers.UNPROVED_A_SECOND", 0.001)  # else a slow machine earns one back meanwhile
    with behind_the_door(site()) as door:
        are_told_to_slow_down(door)


def are_told_to_slow_down(door: Served) -> None:
    assert int(flood(door, "/slack/events").headers["retry-after"]) >= 1
    for _ in range(5):
        assert HELP in signed_command(door)
    with httpx2.Client(base_url=door.address, trust_env=False) as client:
        assert client.get("/file/x").status_code == 429
        assert client.get("/readyz").status_code == 429
        assert client.get("/healthz").text == "alive\n", "whoever watches over the process must not take it for dead"
        elsewhere = {"X-Forwarded-For": "192.0.2.7"}
        assert client.get("/file/x", headers=elsewhere).status_code == 404, "one behind the same proxy as another"
        assert client.get("/file/x", headers={"X-Forwarded-For": "192.0.2.7, 127.0.0.1"}).status_code == 404


def test_an_address_comes_back_with_time_and_costs_little_memory() -> None:
    now = [0.0]
    strangers = Strangers(lambda: now[0])
    assert all(strangers.allows("192.0.2.1") for _ in range(UNPROVED_AT_ONCE))
    assert not strangers.allows("192.0.2.1")
    assert strangers.allows("192.0.2.2")
    now[0] += 2 / UNPROVED_A_SECOND
    assert [strangers.allows("192.0.2.1") for _ in range(3)] == [True, True, False]
    for number in range(ADDRESSES + 10):
        strangers.allows(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(strangers._allowances) == ADDRESSES


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("x" * 65, "x" * 70, True),
    ],
)
def test_one_name_for_whoever_holds_an_address(one: str, other: str, alike: bool) -> None:
    assert (known_as(one) == known_as(other)) is alike


# streams, and the stop


async def ticking(_: Request) -> Response:
    """An event stream, as a page would follow it."""

    async def events() -> AsyncIterator[str]:
        while True:
            yield "data: tick\n\n"
            await asyncio.sleep(0.05)

    return StreamingResponse(events(), media_type="text/event-stream")


def test_a_stream_outlasts_every_bound_and_ends_whole_at_the_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("line.HEADER_SECONDS", "bodies.BODY_SECONDS", "line.READER_SECONDS"):
        monkeypatch.setattr(f"bot.door.{name}", 0.2)
    with behind_the_door(site(Route("/stream", ticking))) as door:
        client = door.client(get("/stream"))
        heard, end = b"", monotonic() + 0.7
        while monotonic() < end:
            heard += client.hear_some()
        assert heard.count(b"tick") > 10
        assert door.stopped_in() < 1.5
        assert client.hear().endswith(b"0\r\n\r\n"), "its reader sees an end, and no break"


def test_a_stream_ends_when_its_reader_leaves() -> None:
    with behind_the_door(site(Route("/stream", ticking))) as door:
        client = door.client(get("/stream"))
        client.hear_some()
        client.close()
        wait_until(lambda: not door.server.server_state.tasks)


def test_it_stops_in_time_whatever_clients_do_and_takes_every_last_step(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.door.server.ANSWERS_END_SECONDS", 0.5)
    monkeypatch.setattr("bot.door.server.WORK_ENDS_SECONDS", 1)
    steps: list[str] = []

    async def tall(_: Request) -> Response:
        return Response(TALL)

    async def quick(_: Request) -> Response:
        await asyncio.sleep(0.2)
        return PlainTextResponse("in time")

    async def forever(_: Request) -> Response:
        await asyncio.sleep(60)
        return PlainTextResponse("never")

    async def breaks() -> None:
        steps.append("breaks")
        raise RuntimeError("no connection")

    async def last() -> None:
        steps.append("last")

    more = [Route("/tall", tall), Route("/quick", quick), Route("/forever", forever), Route("/stream", ticking)]
    whole = site(*more)
    with behind_the_door(Site(**{**vars(whole), "stop": [breaks, last]})) as door:
        for said in (b"", b"POST /sl", get("/healthz"), post("/slack/events", "Content-Length: 9") + b"x"):
            door.client(said)
        door.client(get("/tall"), takes=4096)
        door.client(get("/stream"))
        door.client(get("/forever"))
        answered = door.client(get("/quick"))
        wait_until(lambda: door.open == 8)
        threading.Event().wait(0.05)
        assert door.stopped_in() < 5
        assert answered.hear().endswith(b"in time"), "what was begun is answered"
    assert steps == ["breaks", "last"]
    assert "deed=stop error=RuntimeError" in caplog.text


def test_told_to_stop_while_it_starts_it_stops() -> None:
    begun, steps = threading.Event(), list[str]()

    async def silent() -> None:
        begun.set()
        await asyncio.sleep(60)

    async def last() -> None:
        steps.append("last")

    server = Server(create_web(Site(problems=nothing_wrong, start=[silent], stop=[last])), host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run)
    thread.start()
    assert begun.wait(10)
    server.should_exit = True
    thread.join(3)
    assert not thread.is_alive()
    assert steps == ["last"]


def test_a_second_signal_leaves_no_step_out() -> None:
    with behind_the_door(site()) as door:
        door.server.handle_exit(signal.SIGINT, None)
        door.server.handle_exit(signal.SIGINT, None)
        door.thread.join(5)
        assert not door.server.force_exit


def test_a_thread_that_waits_without_end_keeps_the_process_no_longer_than_the_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.door.server.PROCESS_ENDS_SECONDS", 0.3)
    answered, ended = threading.Event(), threading.Event()

    async def asks(_: Request) -> Response:
        await asyncio.to_thread(answered.wait)
        return PlainTextResponse("late")

    web = create_web(Site(problems=nothing_wrong, routes=[Route("/asks", asks)]))
    server = Server(web, host="127.0.0.1", port=0, if_stuck=ended.set)
    with served_by(server) as door:
        door.client(get("/asks"))
        wait_until(lambda: bool(server.server_state.tasks))
        server.handle_exit(signal.SIGTERM, None)
        assert ended.wait(5)
        assert door.thread.is_alive(), "by itself it would wait on"
        answered.set()


def test_what_is_broken_half_way_is_no_error_of_ours(door: Served, caplog: pytest.LogCaptureFixture) -> None:
    for broken in (b"zz\r\n", b"5\r\nabcdefgh\r\n", b"-1\r\n", b"\0\r\n", b"1" * 50_000):
        for before in (0, 2 * MEGABYTE):  # while the body is awaited, and while the rest of it is read and thrown away
            client = door.client(post("/slack/events", CHUNKED))
            client.say_in_chunks(before)
            client.say(broken)
            assert client.status() == (413 if before else 400)
            client.hear()
    for head in (
        b"\xe9\r\n\r\n",
        b"GET /\xe9 HTTP/1.1\r\n\r\n",
        b"GET /%E9%00 HTTP/1.1\r\nHost: bot\r\n\r\n",
        b"\0" * 20_000,
    ):
        assert door.client(head).status() in (400, 404)
    pipelined = door.client(get("/healthz") + get("/healthz") * 900)
    pipelined.hear()
    working = door.client(get("/readyz"))
    working.say(get("/readyz") * 900)
    working.hear()
    upgrade = get("/healthz", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: x")
    assert ALIVE in door.client(upgrade).hear_until(ALIVE)
    assert [record for record in caplog.records if record.levelname in ("WARNING", "ERROR")] == []
