"""Whether the service says that it does not work: readiness, the call outside, and the log, while it fails.

Its clock is moved on in beats of 15 seconds. What it says is printed as it says it; nothing is timed. An outside watch
that only asks whether the process answers is the peer: it sees none of these.
"""

import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
from sqlalchemy import Engine, update
from sqlmodel import col, delete
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from storage.authorities import Authority
from storage.database import transaction
from storage.nudges import MORNING as A_MORNING
from storage.nudges import Nudge
from tests.bench import utc
from tests.benchmarks.method import Sheet, arguments, say, sheet
from tests.cast import AUTHORITY, IRO, OTHER_CHILD, STAFF, settle, slack_id
from tests.slack_standin import SlackStandIn
from tests.slack_standin.serving import served
from tests.stories.programs import own_database
from tests.stories.repeats import LOGGED, log_at_stage_1
from tests.world import World

MORNING = utc("2026-11-30")
BEAT = timedelta(seconds=15)
SHOWS_NOT = ("how soon an alarm rings: that depends on who asks, and how often.",)
Breaks = Callable[[World], None]


def main(asked: Sequence[str] | None = None) -> None:
    """Let it fail, and print what it says."""
    parser = arguments(__doc__ or "", rounds=1)
    given = parser.parse_args(asked)
    with sheet("honesty", given, shows_not=SHOWS_NOT) as found:
        for name, breaks, lasts in CASES:
            with migrated() as engine, calls_outside() as heard, lines_of_the_log() as lines:
                tell(found, name, lived(engine, breaks, lasts, heard, lines))


@dataclass(kw_only=True)
class Said:
    """What was said while it failed: readiness at the end, calls outside before and meanwhile, lines of the log."""

    status: int = 0
    readiness: str = ""
    process: int = 0
    calls_before: int = 0
    calls_meanwhile: int = 0
    late: int = 0
    """Of the calls those in the second half: what has failed for a while has to be silent then."""
    log: list[str] = field(default_factory=list)


def every_reminder_fails(world: World) -> None:
    """The authority's procedures are gone: none of its nudges can be worked out."""
    with transaction(world.engine, AUTHORITY) as session:
        session.execute(update(Authority).where(col(Authority.key) == AUTHORITY).values(procedures_digest="gone"))
    world.sleep_until(world.now + timedelta(days=15))


def slack_answers_503(world: World) -> None:
    """To every post, and something is to be said."""
    form = world.command(IRO, f"/concern {OTHER_CHILD}")
    world.standin.fail_next("*", times=100_000, status=503)
    world.submit(IRO, form, LOGGED)


def a_nudge_is_deleted(world: World) -> None:
    """By hand, in the database: an open clock without its next step; a day goes by."""
    with transaction(world.engine, AUTHORITY) as session:
        session.exec(delete(Nudge).where(col(Nudge.subject) != A_MORNING))
    world.go_to(world.now + timedelta(days=1))


CASES: Sequence[tuple[str, Breaks, timedelta]] = (
    ("every reminder of an authority fails", every_reminder_fails, timedelta(minutes=10)),
    ("Slack answers 503 to all", slack_answers_503, timedelta(minutes=30)),
    ("a nudge was deleted by hand", a_nudge_is_deleted, timedelta(minutes=2)),
)


def lived(engine: Engine, breaks: Breaks, lasts: timedelta, heard: list[str], lines: list[str]) -> Said:
    """One case, from a service at rest on."""
    said = Said()
    with ExitStack() as stack:
        standin = stack.enter_context(SlackStandIn(hurry=False))
        for login, name, *_ in STAFF:
            standin.add_user(slack_id(login), name, f"{login}@anyshire.example")
        world = World(engine=engine, standin=standin, now=MORNING, cast=settle(engine))
        world.start(stack)
        log_at_stage_1(world)
        beats(world, timedelta(minutes=3))
        said.calls_before, known = len(heard), len(lines)
        breaks(world)
        began = len(heard)
        beats(world, lasts / 2)
        half = len(heard)
        beats(world, lasts / 2)
        said.calls_meanwhile, said.late = len(heard) - began, len(heard) - half
        address = world.people[IRO].bot_url
        answer = httpx2.get(f"{address}/readyz", trust_env=False)
        said.status, said.readiness = answer.status_code, answer.text
        said.process = httpx2.get(f"{address}/healthz", trust_env=False).status_code
        said.log = lines[known:]
    return said


def beats(world: World, span: timedelta) -> None:
    """Let the heart beat for that long."""
    until = world.now + span
    while world.now < until:
        world.sleep_until(min(world.now + BEAT, until))


def tell(found: Sheet, name: str, said: Said) -> None:
    """Print it, and whether it is the truth."""
    found.counted(
        name,
        ready=said.status == 200,
        calls_outside_before=said.calls_before,
        calls_meanwhile=said.calls_meanwhile,
        calls_in_the_second_half=said.late,
        lines_of_the_log=len(said.log),
        a_watch_of_the_process_alone_sees=said.process,
    )
    for line in [*said.readiness.splitlines(), *sorted(set(said.log))[:4]]:
        say(f"     {line}")


@contextmanager
def migrated() -> Iterator[Engine]:
    """A SQLite file as `migrate` leaves it: it has no clock of its own that would differ from the one moved on."""
    with TemporaryDirectory() as folder, own_database("sqlite", Path(folder)) as engine:
        yield engine


@contextmanager
def calls_outside() -> Iterator[list[str]]:
    """Somebody who is told that all goes well."""
    heard: list[str] = []

    async def hear(_: Request) -> PlainTextResponse:
        heard.append("all goes well")
        return PlainTextResponse("thank you")

    before = os.environ.get("HEARTBEAT_URL")
    with served(Starlette(routes=[Route("/beat", hear)])) as address:
        os.environ["HEARTBEAT_URL"] = f"{address}/beat"
        try:
            yield heard
        finally:
            os.environ.pop("HEARTBEAT_URL")
            if before is not None:
                os.environ["HEARTBEAT_URL"] = before


@contextmanager
def lines_of_the_log() -> Iterator[list[str]]:
    """What the service logs, from warnings on."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    keeper, logger = Kept(logging.WARNING), logging.getLogger()
    logger.addHandler(keeper)
    try:
        yield lines
    finally:
        logger.removeHandler(keeper)


if __name__ == "__main__":
    main(sys.argv[1:])
