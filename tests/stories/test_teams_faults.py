"""When Teams fails: nothing is lost, what may have come twice says so, what can never arrive is said to somebody."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.live_messages import LiveMessage
from storage.outbox import Outbox, OutboxState
from tests.bench import utc
from tests.cast import CHILD, IRO, IRO_MANAGER, SOCIAL_WORKER, TEAM_MANAGER, forget_account
from tests.databases import sqlite_engine
from tests.screens import first_line, labels, plain_text_of
from tests.stories.repeats import LOGGED, REPLY, WORRY, log_at_stage_1, rows
from tests.stories.telling import reply
from tests.teams_standin import TeamsStandIn
from tests.teams_standin.activities import typed
from tests.teams_world import APP_PASSWORD, TeamsWorld, teams_world, world_beside

pytestmark = pytest.mark.slow  # the same machinery as at Slack, whose faults make test tells

MORNING = utc("2026-11-30")
NEEDS_REPLY = "Please reply to C-1"
FOR_INFORMATION = "For information: C-1 (nothing to do)"
NEVER = 100_000


@pytest.fixture(autouse=True)
def _logs_that_tell_nothing(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever fails, no log line holds what was written, a child's reference, a token or a password."""
    caplog.set_level(logging.DEBUG)
    for ours in ("httpx2", "httpcore2"):  # the people's screens, not the bot
        caplog.set_level(logging.WARNING, ours)
    yield
    for secret in (WORRY, CHILD, APP_PASSWORD, "eyJ", REPLY["What will happen"]):
        assert secret not in caplog.text


@pytest.fixture
def faulty(tmp_path: Path) -> Iterator[TeamsWorld]:
    """Everybody has the bot, on SQLite."""
    for engine in sqlite_engine(tmp_path):
        with teams_world(engine, MORNING) as world:
            yield world


def posted(world: TeamsWorld) -> list[str]:
    """Who got which message unasked, in the order in which Teams took them."""
    names = {person.user.aad_object_id: login for login, person in world.people.items()}
    return [f"{names[one.user]}: {first_line(one)}" for one in world.standin.messages if not one.answer]


def tries(world: TeamsWorld) -> int:
    """How often the bot has tried to post a message so far."""
    return len(world.standin.calls_of("post"))


def logged_under(world: TeamsWorld, **fault: object) -> int:
    """Log a concern whose first message meets the fault; gives how many posts there were before."""
    form = world.command(IRO, f"/concern {CHILD}")
    world.standin.fail_next("post", **fault)  # type: ignore[arg-type]  # each of them is one of its parameters
    before = tries(world)
    assert "is logged at stage 1" in world.submit(IRO, form, LOGGED).text
    return before


def test_teams_asks_to_slow_down_and_nothing_goes_before_then_and_all_in_order(faulty: TeamsWorld) -> None:
    before = logged_under(faulty, retry_after=30)
    faulty.wait(timedelta(seconds=29))
    assert tries(faulty) == before + 1
    faulty.wait(timedelta(seconds=1))
    assert posted(faulty) == [f"{TEAM_MANAGER}: {NEEDS_REPLY}", f"{SOCIAL_WORKER}: {FOR_INFORMATION}"]
    assert faulty.service.sender.counters.repeated == 0


@pytest.mark.parametrize("status", [pytest.param(412, marks=pytest.mark.slow), 503])
def test_other_ways_of_asking_to_wait_lose_and_double_nothing(faulty: TeamsWorld, status: int) -> None:
    logged_under(faulty, status=status)
    faulty.wait(timedelta(minutes=5))
    assert posted(faulty) == [f"{TEAM_MANAGER}: {NEEDS_REPLY}", f"{SOCIAL_WORKER}: {FOR_INFORMATION}"]


@pytest.mark.parametrize("status", [500, 502, pytest.param(504, marks=pytest.mark.slow)])
def test_after_an_error_of_teams_own_the_message_goes_once_more_and_says_so(faulty: TeamsWorld, status: int) -> None:
    logged_under(faulty, status=status)
    faulty.wait(timedelta(minutes=5))
    assert faulty.titles(TEAM_MANAGER) == [f"{NEEDS_REPLY} (repeated)"]
    assert faulty.titles(SOCIAL_WORKER) == [FOR_INFORMATION]
    assert faulty.service.sender.counters.repeated == 1
    assert "is with the IRO" in reply(faulty, TEAM_MANAGER).text


@pytest.mark.parametrize("arrived", [True, False])
def test_a_message_whose_receipt_was_lost_goes_once_more_marked_and_counted(faulty: TeamsWorld, arrived: bool) -> None:
    logged_under(faulty, drop_reply=arrived, drop_request=not arrived)
    faulty.wait(timedelta(minutes=5))
    first = [NEEDS_REPLY] if arrived else []
    assert faulty.titles(TEAM_MANAGER) == [*first, f"{NEEDS_REPLY} (repeated)"]
    counters = faulty.service.sender.counters
    assert (counters.ambiguous, counters.repeated, counters.failed) == (1, 1, 0)
    for _ in range(3):
        faulty.wait(timedelta(hours=1))
    assert len(faulty.inbox(TEAM_MANAGER)) == len(first) + 1

    assert "is with the IRO" in reply(faulty, TEAM_MANAGER).text
    faulty.wait(timedelta(minutes=1))
    assert faulty.titles(TEAM_MANAGER)[-1] == f"Earlier: {NEEDS_REPLY}"
    if arrived:  # the one nobody knows of keeps its buttons, and a press explains itself
        pressed = faulty.press(TEAM_MANAGER, "Reply", faulty.inbox(TEAM_MANAGER)[0])
        assert pressed.view is not None
        assert pressed.view.title == "Add to my reply"


@pytest.mark.slow
def test_an_answer_that_takes_too_long_counts_as_lost(faulty: TeamsWorld) -> None:
    logged_under(faulty, delay=12)
    faulty.standin.wait_until(lambda: len(faulty.inbox(TEAM_MANAGER)) == 1, 30)  # it arrives when nobody waits for it
    faulty.wait(timedelta(minutes=5))
    assert faulty.titles(TEAM_MANAGER) == [NEEDS_REPLY, f"{NEEDS_REPLY} (repeated)"]
    assert faulty.service.sender.counters.repeated == 1


def test_while_teams_refuses_the_token_everything_waits_and_then_goes_once(faulty: TeamsWorld) -> None:
    form = faulty.command(IRO, f"/concern {CHILD}")
    faulty.standin.token_error = 401
    faulty.submit(IRO, form, LOGGED)
    while faulty.now < utc("2026-12-01", "20:00"):
        faulty.wait(timedelta(hours=1))
    assert posted(faulty) == []
    faulty.standin.token_error = None
    faulty.wait(timedelta(minutes=6))
    assert faulty.titles(TEAM_MANAGER).count(NEEDS_REPLY) == 1
    assert faulty.titles(SOCIAL_WORKER).count(FOR_INFORMATION) == 1
    assert OutboxState.FAILED not in {row.state for row in rows(faulty, Outbox)}


@pytest.mark.parametrize("why", ["installed", "blocked", "gone"])
def test_somebody_who_cannot_be_written_to_is_named_to_the_iro_manager_once(faulty: TeamsWorld, why: str) -> None:
    setattr(faulty.people[TEAM_MANAGER].user, why, why != "installed")
    log_at_stage_1(faulty)
    told = plain_text_of(faulty.last(IRO_MANAGER))
    assert "Tess Hill could not be told about C-1" in told
    assert "in Teams" in told or "Teams has no conversation" in told
    faulty.wait(timedelta(days=1))
    assert len([title for title in faulty.titles(IRO_MANAGER) if "could not be told" in title]) == 1
    assert faulty.titles(SOCIAL_WORKER) == [FOR_INFORMATION]


def test_somebody_who_never_wrote_to_the_bot_is_reached_where_teams_permits_it(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        with TeamsStandIn() as teams, world_beside(teams, engine, MORNING) as world:
            world.people[IRO].install()
            world.people[SOCIAL_WORKER].user.installed = False
            log_at_stage_1(world)
            assert world.titles(TEAM_MANAGER) == [NEEDS_REPLY]
            assert world.titles(SOCIAL_WORKER) == []
            assert "Sam Okoro could not be told about C-1" in plain_text_of(world.last(IRO_MANAGER))
            assert "is with the IRO" in reply(world, TEAM_MANAGER).text
            assert teams.violations == []


@pytest.mark.parametrize("fault", [{"status": 502}, {"retry_after": 20}, {"drop_reply": True}, {"drop_request": True}])
def test_a_chat_that_could_not_be_opened_is_opened_later_and_nothing_is_doubled(
    tmp_path: Path, fault: dict[str, int]
) -> None:
    for engine in sqlite_engine(tmp_path):
        with TeamsStandIn() as teams, world_beside(teams, engine, MORNING) as world:
            world.people[IRO].install()
            teams.fail_next("create", **fault)  # type: ignore[arg-type]  # each of them is one of its parameters
            log_at_stage_1(world)
            world.wait(timedelta(minutes=5))
            assert world.titles(TEAM_MANAGER) == [NEEDS_REPLY]
            assert world.titles(SOCIAL_WORKER) == [FOR_INFORMATION]
            assert world.service.sender.counters.repeated == 0


def test_somebody_listed_by_e_mail_alone_is_recognised_once_the_bot_is_installed(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        with TeamsStandIn() as teams, world_beside(teams, engine, MORNING) as world:
            without_account(world, TEAM_MANAGER)
            world.people[TEAM_MANAGER].install()
            world.people[SOCIAL_WORKER].install()
            log_at_stage_1(world)
            world.wait(timedelta(minutes=5))
            assert world.titles(TEAM_MANAGER) == [NEEDS_REPLY]
            assert "is with the IRO" in reply(world, TEAM_MANAGER).text
            assert teams.violations == []


def without_account(world: TeamsWorld, who: str) -> None:
    forget_account(world.engine, world.cast, who)


def test_a_message_without_an_id_is_sent_once_and_never_changed(faulty: TeamsWorld) -> None:
    logged_under(faulty, no_id=True)
    assert faulty.titles(TEAM_MANAGER) == [NEEDS_REPLY]
    assert "PLACEHOLDER" not in str([row.message for row in rows(faulty, LiveMessage)])
    assert "is with the IRO" in reply(faulty, TEAM_MANAGER).text
    for _ in range(3):
        faulty.wait(timedelta(hours=1))
    assert faulty.titles(TEAM_MANAGER) == [NEEDS_REPLY]
    assert faulty.standin.calls_of("update") == []
    assert "You have already replied to C-1." in faulty.press(TEAM_MANAGER, "This needs my manager").text


@pytest.mark.parametrize(
    "status", [pytest.param(403, marks=pytest.mark.slow), 404, pytest.param(413, marks=pytest.mark.slow), 500]
)
def test_a_message_that_teams_does_not_let_us_change_is_left_and_its_buttons_explain_themselves(
    faulty: TeamsWorld, status: int
) -> None:
    log_at_stage_1(faulty)
    faulty.standin.fail_next("update", times=NEVER, status=status)
    reply(faulty, TEAM_MANAGER)
    for _ in range(3):
        faulty.wait(timedelta(hours=1))
    assert labels(faulty.inbox(TEAM_MANAGER)[0]) == ["Reply", "Open", "This needs my manager"]
    assert len(faulty.standin.calls_of("update")) <= 5
    assert faulty.titles(IRO) == ["Tess Hill has replied to C-1"]
    assert "You have already replied to C-1." in faulty.press(TEAM_MANAGER, "This needs my manager").text


def test_an_answer_waits_a_moment_where_teams_asks_for_one(faulty: TeamsWorld) -> None:
    faulty.standin.fail_next("post", retry_after=1)
    assert faulty.command(IRO, "/concern list").text == "No open concern is with you."


def test_an_answer_that_teams_refuses_is_asked_for_again(faulty: TeamsWorld) -> None:
    person = faulty.people[IRO]
    faulty.standin.fail_next("post", status=502)
    status, _ = person.delivery.posted(json.dumps(typed(person.activity("message"), "concern list")))
    assert status == 200, "an error would make Teams leave the bot alone"
    assert faulty.command(IRO, "/concern list").text == "No open concern is with you."


def test_many_messages_to_one_person_all_come_in_order_within_what_teams_takes(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        with TeamsStandIn() as teams, world_beside(teams, engine, MORNING, at_pace=True) as world:
            world.installed()
            teams.enforce_rates = True
            for _ in range(9):  # the bot sends nothing meanwhile, and what comes within an hour would go as one message
                seen = world.people[IRO].submit(world.people[IRO].command(f"/concern {CHILD}"), LOGGED)
                if "is open on this child with this reason" in seen.text:
                    world.people[IRO].submit(seen, {})
                world.now += timedelta(minutes=61) if world.now.hour < 15 else timedelta(hours=18)
            world.beat()
            world.wait(timedelta(minutes=1))
            assert world.titles(TEAM_MANAGER) == [f"Please reply to C-{n}" for n in range(1, 10)]
            assert world.service.sender.counters.repeated == 0
