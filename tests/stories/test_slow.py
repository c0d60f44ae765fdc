"""When something holds the database, nobody waits three seconds: the answer follows, and nothing is done twice."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import httpx2
import pytest
from sqlalchemy import Engine

from bot.threads import ANSWER_WITHIN_SECONDS
from storage.concerns import Concern
from storage.replies import Reply
from tests.bench import utc
from tests.cast import CHILD, IRO, TEAM_MANAGER
from tests.slack_standin import Seen
from tests.stories.conftest import BeginAtSlack
from tests.stories.repeats import LOGGED, REPLY, WORRY, log_at_stage_1, repeating, rows
from tests.world import World

MORNING = utc("2026-11-30")
LONGER_THAN_SLACK_WAITS = 2.6
WAITING = "Still working on it: the answer follows."


@contextmanager
def held_up(engine: Engine, seconds: float) -> Iterator[None]:
    """Let another program keep every writer of this database waiting for so long."""
    holding, done = Event(), Event()

    def hold() -> None:
        with closing(engine.raw_connection()) as raw:
            cursor = raw.cursor()
            if engine.dialect.name == "sqlite":
                cursor.execute("BEGIN IMMEDIATE")
            else:
                cursor.execute("LOCK TABLE concerns, inbound, authorities IN ACCESS EXCLUSIVE MODE")
            holding.set()
            done.wait(seconds)
            raw.rollback()

    other = Thread(target=hold)
    other.start()
    assert holding.wait(10)
    try:
        yield
    finally:
        other.join()


@pytest.mark.slowly_on_postgres
def test_a_command_that_takes_long_is_answered_at_once_and_its_form_is_offered_when_it_is_ready(
    begin: BeginAtSlack,
) -> None:
    world = begin(MORNING, patience=ANSWER_WITHIN_SECONDS)
    with held_up(world.engine, LONGER_THAN_SLACK_WAITS):
        began = monotonic()
        seen = world.people[IRO].command(f"/concern {CHILD}")
        assert monotonic() - began < 3
        assert seen.text == WAITING
    world.standin.wait_until(lambda: len(world.standin.response_urls) == 1)
    offered = world.standin.ephemerals[-1]
    assert offered.text == "“Log a concern” is ready."
    form = world.press(IRO, "Open", offered)
    assert "C-1 is logged at stage 1" in world.submit(IRO, form, LOGGED).text


@pytest.mark.slowly_on_postgres
def test_a_form_that_takes_long_shows_its_answer_later_and_the_repeat_gets_the_same_one(begin: BeginAtSlack) -> None:
    world = begin(MORNING, patience=ANSWER_WITHIN_SECONDS)
    form = world.command(IRO, f"/concern {CHILD}")
    with repeating(world, IRO) as slack, held_up(world.engine, LONGER_THAN_SLACK_WAITS):
        began = monotonic()
        seen = world.people[IRO].submit(form, LOGGED)
        assert monotonic() - began < 3
        assert WAITING in seen.text
    view = world.people[IRO].view
    assert view is not None
    world.standin.wait_until(lambda: "C-1 is logged at stage 1" in world.people[IRO].read(view))

    assert "C-1 is logged at stage 1" in str(slack.again())
    world.beat()
    assert len(rows(world, Concern)) == 1
    assert world.titles(TEAM_MANAGER) == ["Please reply to C-1"]


def test_whoever_sends_again_while_it_is_still_being_done_gets_the_answer_of_the_first(
    begin_briefly: BeginAtSlack,
) -> None:
    world = begin_briefly(MORNING, patience=ANSWER_WITHIN_SECONDS)
    log_at_stage_1(world)
    world.wait(timedelta(minutes=5))
    form = world.press(TEAM_MANAGER, "Reply")
    with repeating(world, TEAM_MANAGER, times=2) as slack, held_up(world.engine, LONGER_THAN_SLACK_WAITS):
        world.people[TEAM_MANAGER].submit(form, REPLY)
        assert all(WAITING in str(answer) for answer in slack.answers)
    view = world.people[TEAM_MANAGER].view
    assert view is not None
    world.standin.wait_until(lambda: len(view.versions) == 4)
    assert all("is with the IRO" in str(shown) for shown in view.versions[-2:])
    assert len(rows(world, Reply)) == 1


def test_a_press_that_takes_long_is_answered_privately_later(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MORNING, patience=ANSWER_WITHIN_SECONDS)
    log_at_stage_1(world)
    with held_up(world.engine, LONGER_THAN_SLACK_WAITS):
        began = monotonic()
        seen: Seen = world.people[TEAM_MANAGER].press(world.last(TEAM_MANAGER), "Reply")
        assert monotonic() - began < 3
        assert WAITING in seen.text
    world.standin.wait_until(lambda: "is ready" in world.standin.ephemerals[-1].text)


@pytest.mark.slow
def test_what_cannot_be_done_at_all_is_said_with_a_number_and_left_undone(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MORNING, patience=ANSWER_WITHIN_SECONDS)
    form = world.command(IRO, f"/concern {CHILD}")
    with held_up(world.engine, 6):
        assert WAITING in world.people[IRO].submit(form, LOGGED).text
        view = world.people[IRO].view
        assert view is not None
        world.standin.wait_until(lambda: "something went wrong on our side" in world.people[IRO].read(view), 10)
    assert rows(world, Concern) == []


def test_a_database_that_is_gone_is_said_to_the_person_and_to_whoever_asks_how_it_is(
    begin_briefly: BeginAtSlack, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    world = begin_briefly(MORNING, patience=ANSWER_WITHIN_SECONDS)
    form = world.command(IRO, f"/concern {CHILD}")
    address = world.people[IRO].bot_url
    world.engine.dispose()
    for left in tmp_path.glob("test.db*"):
        left.unlink()
    (tmp_path / "test.db").mkdir()

    assert "something went wrong on our side" in world.people[IRO].submit(form, LOGGED).text
    assert "something went wrong on our side" in world.people[IRO].command("/concern list").text
    unready = httpx2.get(f"{address}/readyz", trust_env=False)
    assert (unready.status_code, unready.text) == (503, "The database does not answer.\n")
    assert httpx2.get(f"{address}/healthz", trust_env=False).status_code == 200
    assert WORRY not in caplog.text
    (tmp_path / "test.db").rmdir()


def test_a_slow_slack_keeps_nobody_waiting(begin_briefly: BeginAtSlack) -> None:
    world: World = begin_briefly(MORNING, patience=ANSWER_WITHIN_SECONDS)
    world.standin.fail_next("views.open", delay=4)
    began = monotonic()
    seen = world.people[IRO].command(f"/concern {CHILD}")
    assert monotonic() - began < 3
    assert "is ready" in seen.text
