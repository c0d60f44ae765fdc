"""How long a person waits for an answer: help, a form, a list, a concern, and one logged, beside bare Bolt.

Both run as processes of their own, behind the same stand-in for Slack; one request at a time, and fifty at once. The
peer is a bare Bolt listener that does one bare insert; for forms it opens one as well. Targets (T5): at fifty at once
help and form within 3 times of it, list and a concern within 6, log within 14; at fifty a second, on one core, 99 of
100 answers within 250 ms.
"""

import asyncio
import os
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import aiohttp
import httpx2
from sqlalchemy import Engine, insert

from bot.clock import real_clock
from storage.children import Child
from storage.database import transaction
from tests.benchmarks.big_council import grow, staff_for
from tests.benchmarks.late_council import settled
from tests.benchmarks.method import Sheet, arguments, at_percent, interleaved, sheet
from tests.cast import AUTHORITY, CHILD, IRO, OTHER_IRO, SOCIAL_WORKER, WORKSPACE, Cast, settle, slack_id
from tests.slack_standin import Seen, SlackPerson, payloads
from tests.slack_standin.fields import state_values
from tests.slack_standin.server import SlackStandIn
from tests.slack_standin.signing import signed_headers
from tests.slack_standin.view_methods import view_json
from tests.stories.programs import PAUSE_SECONDS, ROOT, START_SECONDS, free_port, machine, own_database
from tests.stories.repeats import LOGGED
from tests.world import SIGNING_SECRET

AT_ONCE = (1, 50)
OPENED, PEER, PEER_FORM = "a form", "bare Bolt", "bare Bolt, a form"
MIX = ("help", OPENED, "help", "a list", "a concern", "help", OPENED, "a list", "help", "one logged")
LATE = ("Still working on it", "othing was done")
FEWEST = 20
TRIES = 10
SHOWS_NOT = (
    "what the network to Slack adds: some 100 ms there and back.",
    "the three seconds of Slack: each request here waits for the one before it in its place, so that more at once only "
    "means a longer line.",
    "both at their best: the one that asks, and the stand-in, take a share of the same cores.",
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Requests sent over and over: where to, and a body made anew for each, where said all before the first is sent."""

    address: str
    body: Callable[[], str]
    made_before: bool = False


@dataclass(frozen=True, kw_only=True)
class Waited:
    """One answer. `late`: it said that the answer follows, or that nothing was done."""

    ms: float
    late: bool


def main(asked: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--requests", type=int, default=100, help="of each kind in each round")
    parser.add_argument("--children", type=int, default=300)
    parser.add_argument("--concerns", type=int, default=300)
    parser.add_argument("--a-second", type=float, default=50.0, help="requests that come at an even pace at last")
    parser.add_argument("--seconds", type=float, default=10.0, help="for how long")
    given = parser.parse_args(asked)
    with sheet("commands", given, shows_not=SHOWS_NOT) as found:
        for kind in given.on:
            on(found, kind, given)


def on(found: Sheet, kind: str, given: Namespace) -> None:
    """One database, at each number at once."""
    with TemporaryDirectory() as made, own_database(kind, Path(made)) as engine, ExitStack() as stack:
        ours = stack.enter_context(machine(engine, Path(made)))
        cast = settle(engine)
        children = iter(filled(engine, cast, given))
        program = stack.enter_context(ours.running(LOG_LEVEL="WARNING"))
        bare = stack.enter_context(bare_served(kind, engine, ours.standin, Path(made)))
        person = ours.person(OTHER_IRO, program)
        arms = {
            PEER: command(ours.standin, bare, "/bare", ""),
            PEER_FORM: command(ours.standin, bare, "/bareform", ""),
            "help": command(ours.standin, program.address, "/iro", "help"),
            OPENED: command(ours.standin, program.address, "/concern", CHILD),
            "a list": command(ours.standin, program.address, "/concern", "list"),
            "a concern": command(ours.standin, program.address, "/concern", "C-1"),
            "one logged": logging(ours.standin, person, children),
        }
        for at_once in AT_ONCE:
            waits: dict[str, list[Waited]] = {name: [] for name in arms}
            number = max(given.requests, FEWEST) if at_once > 1 else FEWEST
            once = {name: partial(one_round, each, number, at_once, waits[name]) for name, each in arms.items()}
            took = interleaved(once, given.rounds)
            title = f"{kind}: {at_once} at once, the median wait of each round"
            found.times(title, "ms", took, against=PEER)
            beside(found, kind, at_once, took, waits)
        only_core(program.process.pid)
        evenly(found, kind, arms, given)


def only_core(pid: int) -> None:
    """Leave a process one core."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(task.name), {0})


def evenly(found: Sheet, kind: str, arms: Mapping[str, Asked], given: Namespace) -> None:
    """So many a second, whether or not those before have been answered: of ten four help, three forms or concerns,
    two lists, one logged.
    """
    number = int(given.a_second * given.seconds)
    mixed = [arms[MIX[at % len(MIX)]] for at in range(number)]
    bodies = [one.body() if one.made_before else "" for one in mixed]
    waits = asyncio.run(at_pace(mixed, bodies, given.a_second))
    found.counted(
        f"{kind}: {given.a_second:g} a second for {given.seconds:g} s, on one core",
        median_ms=f"{median(one.ms for one in waits):.0f}",
        p99_ms=f"{at_percent([one.ms for one in waits], 99):.0f}",
        most_ms=f"{max(one.ms for one in waits):.0f}",
        put_off=f"{sum(one.late for one in waits)} of {number}",
    )


async def at_pace(mixed: Sequence[Asked], bodies: Sequence[str], a_second: float) -> list[Waited]:
    """Each at its moment."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        began = time.perf_counter()

        async def one(at: int, asked: Asked) -> Waited:
            await asyncio.sleep(max(0.0, began + at / a_second - time.perf_counter()))
            return await _one(session, asked.address, bodies[at] or asked.body())

        return await asyncio.gather(*(one(at, asked) for at, asked in enumerate(mixed)))


def one_round(asked: Asked, number: int, at_once: int, waits: list[Waited]) -> float:
    """The median wait; each is kept besides."""
    each = asyncio.run(sent(asked, number, at_once))
    waits += each
    return median(one.ms for one in each)


def beside(found: Sheet, kind: str, at_once: int, took: dict[str, list[float]], waits: dict[str, list[Waited]]) -> None:
    """How many times slower than its peer, in the middle and in the worst round; and the 99th percentile."""
    for name, each in took.items():
        peer = PEER_FORM if name == OPENED else PEER
        ratios = [ours / theirs for ours, theirs in zip(each, took[peer], strict=True)]
        found.counted(
            f"{kind}: {at_once} at once, {name}",
            times_slower=f"{median(ratios):.1f} than {peer}",
            in_the_worst_round=f"{max(ratios):.1f}",
            p99_ms=f"{at_percent([one.ms for one in waits[name]], 99):.0f}",
            most_ms=f"{max(one.ms for one in waits[name]):.0f}",
            put_off=f"{sum(one.late for one in waits[name])} of {len(waits[name])}",
        )


def filled(engine: Engine, cast: Cast, given: Namespace) -> list[str]:
    """A council around the cast; gives children about whom nothing is open, enough to log of each once.

    They are another IRO's: the one who asks for help and lists has no more children than usual.
    """
    now = real_clock()
    number = (given.rounds + 1) * len(AT_ONCE) * max(given.requests, FEWEST)
    number += int(given.a_second * given.seconds)
    rows = [
        {
            "reference": f"LG-{one:06}",
            "looked_after_from": now.date() - timedelta(days=300),
            "iro_id": cast.people[OTHER_IRO],
            "holder_id": cast.people[SOCIAL_WORKER],
        }
        for one in range(number)
    ]
    with transaction(engine, AUTHORITY) as session:
        grow(session, staff_for(session, given.children), now, children=given.children, concerns=given.concerns)
        session.execute(insert(Child), rows)
    settled(engine)
    return [str(row["reference"]) for row in rows]


@contextmanager
def bare_served(kind: str, engine: Engine, standin: SlackStandIn, folder: Path) -> Iterator[str]:
    """The address of the peer, which writes into a database of the same kind."""
    port = free_port()
    url = f"sqlite:///{folder}/bare.db" if kind == "sqlite" else engine.url.render_as_string(hide_password=False)
    asked = [sys.executable, "-m", "tests.benchmarks.bare_bolt", url, standin.base_url, str(port)]
    process = subprocess.Popen(asked, cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            with suppress(httpx2.TransportError):
                httpx2.get(f"{address}/readyz", trust_env=False)
                break
            time.sleep(PAUSE_SECONDS)
        yield address
    finally:
        process.kill()
        process.wait()


def command(standin: SlackStandIn, address: str, name: str, words: str) -> Asked:
    """A slash command of the IRO."""
    sender = payloads.Sender(team_id=WORKSPACE, team_domain="anyshire", user_id=slack_id(IRO), user_name="ann.lee")
    channel = {"id": standin.workspace(WORKSPACE).direct_channel(slack_id(IRO)), "name": "directmessage"}

    def body() -> str:
        form = payloads.slash_command(
            sender,
            name,
            words,
            trigger_id=standin.trigger(slack_id(IRO), WORKSPACE),
            response_url=standin.new_response_url(slack_id(IRO), WORKSPACE),
            channel=channel,
        )
        return urlencode(form)

    return Asked(address=f"{address}/slack/events", body=body)


def logging(standin: SlackStandIn, person: SlackPerson, children: Iterator[str]) -> Asked:
    """A filled-in form sent, each about a child of its own, about whom nothing is open."""
    sender = payloads.Sender(team_id=WORKSPACE, team_domain="anyshire", user_id=person.user.id, user_name="somebody")

    def body() -> str:
        seen = opened(person, f"/concern {next(children)}")
        assert seen.view is not None, seen.text
        person.fill(seen.view, LOGGED)
        values = state_values(seen.view.view["blocks"], seen.view.values)
        view = view_json(seen.view, standin.workspace(WORKSPACE)) | {"state": {"values": values}}
        trigger = standin.trigger(person.user.id, WORKSPACE)
        return payloads.form_body(payloads.view_submission(sender, view, trigger_id=trigger))

    return Asked(address=f"{person.bot_url}/slack/events", body=body, made_before=True)


def opened(person: SlackPerson, line: str) -> Seen:
    """A form; typed again where the machine was too busy to open it in time."""
    seen = person.command(line)
    for _ in range(TRIES):
        if seen.view is not None:
            break
        time.sleep(1)
        seen = person.command(line)
    return seen


async def sent(asked: Asked, number: int, at_once: int) -> list[Waited]:
    """So many, that many at a time: milliseconds of each."""
    ready = [await asyncio.to_thread(asked.body) for _ in range(number)] if asked.made_before else []
    bodies = iter(ready) if asked.made_before else (asked.body() for _ in range(number))
    waits: list[Waited] = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=at_once)) as session:

        async def line() -> None:
            for body in bodies:
                waits.append(await _one(session, asked.address, body))  # noqa: PERF401 - it waits between them

        await asyncio.gather(*(line() for _ in range(at_once)))
    return waits


async def _one(session: aiohttp.ClientSession, address: str, body: str) -> Waited:
    headers = {"Content-Type": "application/x-www-form-urlencoded", **signed_headers(SIGNING_SECRET, body)}
    began = time.perf_counter()
    async with session.post(address, data=body, headers=headers) as answer:
        said = await answer.text()
        assert answer.status == 200, answer.status
    return Waited(ms=1000 * (time.perf_counter() - began), late=any(words in said for words in LATE))


if __name__ == "__main__":
    main(sys.argv[1:])
