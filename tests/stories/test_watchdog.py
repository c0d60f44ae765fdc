"""What is wrong is said by one rule: in readiness, in the log, and by silence towards whoever listens outside.

While every reminder failed, or Slack answered nobody, the service was "ready" and called outside each minute.
"""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import update
from sqlmodel import col
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from handlers import undrawn
from storage.authorities import Authority
from storage.database import transaction
from storage.revisions import head_revision
from tests.bench import utc
from tests.cast import AUTHORITY, IRO, OTHER_CHILD
from tests.slack_standin.serving import served
from tests.stories.conftest import BeginAtSlack
from tests.stories.repeats import LOGGED, log_at_stage_1
from tests.world import World

MORNING = utc("2026-11-30")
NEVER = 100_000
BEAT = timedelta(seconds=15)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """How often the service has said outside that all goes well."""
    heard: list[str] = []

    async def hear(_: Request) -> PlainTextResponse:
        heard.append("all goes well")
        return PlainTextResponse("thank you")

    with served(Starlette(routes=[Route("/beat", hear)])) as address:
        monkeypatch.setenv("HEARTBEAT_URL", f"{address}/beat")
        yield heard


@pytest.fixture(autouse=True)
def _nothing_is_odd(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests could not draw in this process is not this service's."""
    monkeypatch.setattr(undrawn, "_NOTED", {})


def begun(begin: BeginAtSlack) -> World:
    """A morning on SQLite, which has no clock of its own to differ from the story's; the schema is this version's."""
    world = begin(MORNING)
    with world.engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (head_revision(),))
    return world


def lasting(world: World, span: timedelta, beat: timedelta = BEAT) -> None:
    """Let the heart beat for that long."""
    until = world.now + span
    while world.now < until:
        world.sleep_until(min(world.now + beat, until))


def ready(world: World, **headers: str) -> tuple[int, str]:
    """What readiness says."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = httpx2.get(f"{world.people[IRO].bot_url}/readyz", headers=given, trust_env=False)
    return answer.status_code, answer.text


def metrics(world: World) -> str:
    """What Prometheus reads."""
    return httpx2.get(f"{world.people[IRO].bot_url}/metrics", trust_env=False).text


def procedures(world: World, digest: str) -> str:
    """Let the authority's rules be those of that digest; gives the one before."""
    with transaction(world.engine, AUTHORITY) as session:
        found = session.get_one(Authority, AUTHORITY)
        before = found.procedures_digest
        session.execute(update(Authority).where(col(Authority.key) == AUTHORITY).values(procedures_digest=digest))
    return before


def said(caplog: pytest.LogCaptureFixture, words: str) -> list[str]:
    """The lines of the log with these words."""
    return [line for line in caplog.messages if words in line]


def test_while_every_reminder_fails_it_is_not_ready_and_calls_nobody(
    begin_briefly: BeginAtSlack, calls: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    world = begun(begin_briefly)
    log_at_stage_1(world)
    before = procedures(world, "gone")
    world.sleep_until(world.now + timedelta(days=15))
    lasting(world, timedelta(seconds=140))
    status, text = ready(world)
    assert status == 503
    assert f"{AUTHORITY}: " in text
    assert "C-1" in text
    assert "2 failed: see the log, which names the error, and run iro-bot doctor." in text
    assert ready(world, x_forwarded_for="192.0.2.1") == (503, "Something fell due and nothing was done.\n")
    heard = len(calls)
    lasting(world, timedelta(minutes=5), timedelta(minutes=1))
    assert len(calls) == heard
    assert len(said(caplog, "fell due")) == 1, "one line for one trouble"
    procedures(world, before)
    lasting(world, timedelta(minutes=80), timedelta(minutes=20))
    assert ready(world)[0] == 200
    assert len(calls) > heard
    (over,) = [line for line in said(caplog, "Over, after") if "fell due" in line]
    assert " and met " in over


@pytest.mark.slow
def test_while_slack_answers_nobody_it_says_so_and_past_minutes_calls_nobody(
    begin_briefly: BeginAtSlack, calls: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    world = begun(begin_briefly)
    log_at_stage_1(world)
    assert ready(world) == (200, "ready\n")
    assert "iro_bot_ready 1.0\n" in metrics(world)
    before = len(calls)
    lasting(world, timedelta(minutes=2))
    assert len(calls) - before == 2, "once a minute"
    form = world.command(IRO, f"/concern {OTHER_CHILD}")
    world.standin.fail_next("*", NEVER, status=503)
    caplog.clear()
    caplog.set_level(logging.WARNING)
    world.submit(IRO, form, LOGGED)
    lasting(world, timedelta(seconds=75))
    status, text = ready(world)
    assert status == 200
    assert "wait that could go" in text
    assert 'iro_bot_troubles{kind="unsent"} 1.0\n' in metrics(world)
    assert "iro_bot_oldest_undelivered_seconds 75.0\n" in metrics(world)
    assert re.search(r'iro_bot_platform_errors_total\{kind="\w+",platform="slack"\} [1-9]', metrics(world))
    assert 'iro_bot_clock_offset_seconds{of="slack"}' in metrics(world)
    assert "Slack answered with an error of its own" in text
    assert len(said(caplog, "wait that could go")) == 1
    lasting(world, timedelta(minutes=15), timedelta(minutes=3))
    assert ready(world)[0] == 503
    heard = len(calls)
    lasting(world, timedelta(minutes=10), timedelta(minutes=2))
    assert len(calls) == heard
    assert len(said(caplog, "wait that could go")) == 1
    world.standin.faults.clear()
    lasting(world, timedelta(minutes=80), timedelta(minutes=20))
    assert ready(world) == (200, "ready\n")
    assert len(calls) > heard
