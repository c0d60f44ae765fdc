"""The same steps without a public address: Slack speaks to the bot over the connection that the bot opened."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from bot.compose import Service
from bot.delivery.timing import Timing
from bot.settings import Settings
from tests.bench import utc
from tests.cast import AUTHORITY, BOT_TOKEN, CHILD, IRO, STAFF, TEAM_MANAGER, WORKSPACE, settle, slack_id
from tests.databases import sqlite_engine
from tests.slack_standin import SlackPerson, SlackStandIn
from tests.slack_standin.serving import served
from tests.stories.repeats import LOGGED, REPLY, effects, repeating
from tests.world import World

APP_TOKEN = "xapp-1-standin"
MORNING = utc("2026-11-30")


class SocketWorld(World):
    """A world whose people reach the bot over its socket, and nobody over HTTP."""

    address = ""

    def start(self, stack: ExitStack) -> None:
        """Serve the product and seat everyone at their screen."""
        settings = Settings(
            authority=AUTHORITY,
            slack_app_token=SecretStr(APP_TOKEN),
            slack_bot_token=SecretStr(BOT_TOKEN),
            slack_api_base_url=self.standin.base_url,
        )
        self.service = Service(
            settings,
            self.engine,
            clock=lambda: self.now,
            monotonic=self._seconds,
            ticking=False,
            timing=Timing(pace=0),
        )
        self.address = stack.enter_context(served(self.service.web))
        for login, *_ in STAFF:
            self.people[login] = SlackPerson(self.standin, None, "", WORKSPACE, slack_id(login))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A SQLite file: how Slack is reached makes no difference to the database."""
    yield from sqlite_engine(tmp_path)


@pytest.fixture
def without_address(engine: Engine) -> Iterator[SocketWorld]:
    """A story over Socket Mode, not yet begun."""
    with SlackStandIn() as standin:
        for login, name, *_ in STAFF:
            standin.add_user(slack_id(login), name, f"{login}@anyshire.example")
        yield SocketWorld(engine=engine, standin=standin, now=MORNING, cast=settle(engine))
        assert standin.violations == []


def test_a_concern_is_logged_and_replied_to_through_lost_connections(without_address: SocketWorld) -> None:
    world = without_address
    with ExitStack() as stack:
        world.start(stack)
        world.standin.socket.wait_connected()
        form = world.command(IRO, f"/concern {CHILD}")
        with repeating(world, IRO) as slack:
            assert "C-1 is logged at stage 1" in world.submit(IRO, form, LOGGED).text
            before = effects(world)
            world.standin.socket.disconnect()
            reconnected(world, 2)
            assert slack.again() == slack.answers[0]
        assert effects(world) == before
        assert world.titles(TEAM_MANAGER) == ["Please reply to C-1"]

        world.standin.socket.cut()
        reconnected(world, 3)
        reply = world.press(TEAM_MANAGER, "Reply")
        assert "is with the IRO" in world.submit(TEAM_MANAGER, reply, REPLY).text
        assert world.titles(IRO) == ["Tess Hill has replied to C-1"]
        unsigned = httpx2.post(f"{world.address}/slack/events", content="command=%2Fconcern", trust_env=False)
        assert unsigned.status_code == 401


def test_a_malformed_envelope_stops_nothing_and_tells_the_log_no_words(
    without_address: SocketWorld, caplog: pytest.LogCaptureFixture
) -> None:
    world, words = without_address, "No plan for Kit"
    with ExitStack() as stack:
        world.start(stack)
        socket = world.standin.socket
        socket.wait_connected()
        whole = {"envelope_id": "e", "type": "interactive", "accepts_response_payload": True}
        strange: list[object] = [None, 5, words, [words], {}, {"type": "view_submission", "view": {"state": words}}]
        strange += [{"type": ["x"]}, {"command": words}, {"type": "event_callback", "event": None, "event_id": words}]
        strange += [{"type": "block_actions", "actions": [{"value": "{" + words}]}, {"text": "\ud83d"}, {"event": [5]}]
        for number, payload in enumerate(strange):
            socket.send_raw(json.dumps({**whole, "envelope_id": f"e-{number}", "payload": payload}))
        for raw in ("{", words, "[" * 5000, "{" + words, "null", '{"type": {}}', '{"type":"interactive","payload":{}}'):
            socket.send_raw(raw)
        assert world.command(IRO, f"/concern {CHILD}").view is not None
        acknowledged = {one.envelope_id for one in socket.acknowledgements}
        dictionaries = {f"e-{number}" for number, payload in enumerate(strange) if isinstance(payload, dict)}
        assert dictionaries <= acknowledged, "it would come no better a second time"
        assert socket.connected_ever == 1
    assert world.standin.messages == []
    assert words not in caplog.text
    assert "incident=" not in caplog.text


@pytest.mark.slow  # Slack's library waits ten seconds before it tries again
def test_it_serves_and_keeps_time_though_slack_does_not_answer_at_the_start(without_address: SocketWorld) -> None:
    world = without_address
    world.standin.fail_next("apps.connections.open", status=503)
    with ExitStack() as stack:
        world.start(stack)
        world.beat()
        assert httpx2.get(f"{world.address}/healthz", trust_env=False).text == "alive\n"
        assert world.standin.socket.connected_ever == 0
        reconnected(world, 1)
        assert world.command(IRO, f"/concern {CHILD}").view is not None


def reconnected(world: World, times: int) -> None:
    """Wait until the bot has connected so many times."""
    socket = world.standin.socket
    world.standin.wait_until(lambda: socket.connected_ever == times and socket.connections == 1, 15)
