"""When Slack fails: what is asked later arrives later, once and in order; what can never arrive is said to somebody."""

import logging
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest

from bot.slack.installed import connect
from storage.outbox import Outbox, OutboxState
from tests.at_work import slack_of
from tests.bench import utc
from tests.cast import (
    AUTHORITY,
    BOT_TOKEN,
    CHILD,
    IRO,
    IRO_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
    WORKSPACE,
    forget_account,
    slack_id,
)
from tests.slack_standin import plain_text_of
from tests.slack_standin.payloads import app_uninstalled
from tests.stories.conftest import BeginAtSlack
from tests.stories.repeats import LOGGED, REPLY, WORRY, log_at_stage_1, rows
from tests.stories.telling import closing
from tests.world import SIGNING_SECRET, World

MORNING = utc("2026-11-30")
NEEDS_REPLY = "Please reply to C-1"
NOWHERE = "http://127.0.0.1:9/api/"
NEVER = 100_000


@pytest.fixture(autouse=True)
def _logs_that_tell_nothing(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever fails, no log line holds what was written, a child's reference or a token."""
    caplog.set_level(logging.DEBUG)
    for ours in ("httpx", "httpcore"):  # the people's browsers, not the bot
        caplog.set_level(logging.WARNING, ours)
    yield
    for secret in (WORRY, CHILD, BOT_TOKEN, SIGNING_SECRET, REPLY["What will happen"]):
        assert secret not in caplog.text


@pytest.fixture
def faulty(begin: BeginAtSlack) -> World:
    """A world whose Slack keeps a clock of its own, three minutes behind the bot's, and dates messages by it."""
    return by_its_own_clock(begin(MORNING), timedelta(minutes=-3))


@pytest.fixture
def faulty_briefly(begin_briefly: BeginAtSlack) -> World:
    """The same, on SQLite alone."""
    return by_its_own_clock(begin_briefly(MORNING), timedelta(minutes=-3))


def by_its_own_clock(world: World, ahead: timedelta) -> World:
    """Slack's clock goes as the bot's does, and is so far ahead of it."""

    def seconds() -> float:
        return (world.now + ahead).timestamp()

    world.standin.clock = seconds
    return world


def posts(world: World) -> int:
    """How often the bot has tried to post a message."""
    return len(world.standin.calls_of("chat.postMessage"))


def hourly_until(world: World, moment: datetime) -> None:
    """Let the heart beat every hour, as its retries would."""
    while world.now < moment:
        world.wait(timedelta(hours=1))


def test_slack_asks_to_slow_down_and_nothing_goes_before_then_and_all_in_order(faulty: World) -> None:
    faulty.standin.fail_next("chat.postMessage", retry_after=30)
    log_at_stage_1(faulty)
    faulty.wait(timedelta(seconds=29))
    assert posts(faulty) == 1
    faulty.wait(timedelta(seconds=1))
    assert posts(faulty) == 3
    assert [message.user for message in faulty.standin.messages] == [slack_id(TEAM_MANAGER), slack_id(SOCIAL_WORKER)]


def test_an_error_of_slacks_own_is_looked_into_before_the_message_goes_again(faulty: World) -> None:
    faulty.standin.fail_next("chat.postMessage", status=500)
    log_at_stage_1(faulty)
    assert faulty.inbox(TEAM_MANAGER) == []
    assert faulty.titles(SOCIAL_WORKER) == ["For information: C-1 (nothing to do)"]
    faulty.wait(timedelta(minutes=1))
    assert faulty.titles(TEAM_MANAGER) == [NEEDS_REPLY]
    assert len(faulty.standin.calls_of("conversations.history")) == 1


@pytest.mark.slow
def test_a_message_whose_receipt_was_lost_is_found_again_and_not_sent_twice(faulty: World) -> None:
    faulty.standin.fail_next("chat.postMessage", drop_reply=True)
    log_at_stage_1(faulty)
    assert faulty.titles(TEAM_MANAGER) == [NEEDS_REPLY]
    for _ in range(3):
        faulty.wait(timedelta(minutes=5))
    assert faulty.titles(TEAM_MANAGER) == [NEEDS_REPLY]
    assert {row.state for row in rows(faulty, Outbox)} == {OutboxState.SENT}
    replied = faulty.submit(TEAM_MANAGER, faulty.press(TEAM_MANAGER, "Reply"), REPLY)
    assert "is with the IRO" in replied.text
    assert faulty.titles(TEAM_MANAGER) == [f"Earlier: {NEEDS_REPLY}"]


@pytest.mark.slow
def test_however_far_the_two_clocks_are_apart_nothing_is_doubled(faulty_briefly: World) -> None:
    """Every reply of Slack's is lost, its clock behind the bot's and ahead of it."""
    faulty = faulty_briefly
    for number, minutes in enumerate((-120, -2, 2, 120), 1):
        by_its_own_clock(faulty, timedelta(minutes=minutes))
        faulty.standin.fail_next("chat.postMessage", 2, drop_reply=True)
        log_at_stage_1(faulty)
        faulty.wait(timedelta(minutes=5))
        faulty.wait(timedelta(minutes=5))
        faulty.wait(timedelta(hours=1))  # what one hour brings for information comes together
        assert faulty.titles(TEAM_MANAGER)[number - 1 :] == [f"Please reply to C-{number}"], minutes
        assert faulty.titles(SOCIAL_WORKER)[number - 1 :] == [f"For information: C-{number} (nothing to do)"], minutes
    assert {row.state for row in rows(faulty, Outbox)} == {OutboxState.SENT}


def test_a_message_lost_on_its_way_is_sent_again(faulty: World) -> None:
    faulty.standin.fail_next("chat.postMessage", drop_request=True)
    log_at_stage_1(faulty)
    assert faulty.inbox(TEAM_MANAGER) == []
    faulty.wait(timedelta(minutes=1))
    assert faulty.titles(TEAM_MANAGER) == [NEEDS_REPLY]


@pytest.mark.slow
def test_somebody_whose_account_is_closed_cannot_be_told_and_the_iro_manager_hears_why(faulty: World) -> None:
    faulty.standin.add_user(slack_id(TEAM_MANAGER), "Tess Hill", deactivated=True)
    log_at_stage_1(faulty)
    told = plain_text_of(faulty.last(IRO_MANAGER))
    assert "Tess Hill could not be told about C-1" in told
    assert "This person's Slack account has been deactivated." in told
    faulty.wait(timedelta(days=1))
    assert len([title for title in faulty.titles(IRO_MANAGER) if "could not be told" in title]) == 1


def test_somebody_slack_does_not_know_any_more_cannot_be_told_either(faulty_briefly: World) -> None:
    del faulty_briefly.standin.workspace().users[slack_id(TEAM_MANAGER)]
    log_at_stage_1(faulty_briefly)
    assert "Slack does not know this person's user id any more." in plain_text_of(faulty_briefly.last(IRO_MANAGER))
    assert faulty_briefly.titles(SOCIAL_WORKER) == ["For information: C-1 (nothing to do)"]


@pytest.mark.slow
@pytest.mark.slowly_on_postgres
def test_while_the_token_is_revoked_everything_waits_and_then_goes_once(faulty: World) -> None:
    form = faulty.command(IRO, f"/concern {CHILD}")
    faulty.standin.workspace().token_error = "token_revoked"
    faulty.submit(IRO, form, LOGGED)
    hourly_until(faulty, utc("2026-12-01", "20:00"))
    assert faulty.standin.messages == []
    faulty.standin.workspace().token_error = None
    faulty.wait(timedelta(minutes=6))
    assert faulty.titles(TEAM_MANAGER)[0] == NEEDS_REPLY
    assert faulty.titles(TEAM_MANAGER).count(NEEDS_REPLY) == 1
    assert faulty.titles(SOCIAL_WORKER).count("For information: C-1 (nothing to do)") == 1
    assert OutboxState.FAILED not in {row.state for row in rows(faulty, Outbox)}


@pytest.mark.slow
def test_a_message_in_doubt_when_the_token_is_revoked_is_still_looked_up_days_later(faulty_briefly: World) -> None:
    faulty = faulty_briefly
    form = faulty.command(IRO, f"/concern {CHILD}")
    faulty.standin.fail_next("chat.postMessage", drop_reply=True)
    faulty.submit(IRO, form, LOGGED)
    faulty.standin.workspace().token_error = "token_revoked"
    hourly_until(faulty, utc("2026-12-01", "20:00"))
    faulty.standin.workspace().token_error = None
    faulty.wait(timedelta(minutes=6))
    assert faulty.titles(TEAM_MANAGER).count(NEEDS_REPLY) == 1
    assert OutboxState.FAILED not in {row.state for row in rows(faulty, Outbox)}


def test_once_the_app_is_taken_out_everything_waits_until_it_is_installed_again(faulty_briefly: World) -> None:
    world = faulty_briefly
    form = world.command(IRO, f"/concern {CHILD}")
    name = world.people[IRO].event(app_uninstalled())
    world.people[IRO].event(app_uninstalled(), name, retry=1)
    assert "not connected" in world.submit(IRO, form, LOGGED).text
    connect(world.engine, AUTHORITY, WORKSPACE, BOT_TOKEN, world.now)
    log_at_stage_1(world)
    assert world.titles(TEAM_MANAGER) == [NEEDS_REPLY]


def test_somebody_listed_by_e_mail_alone_is_found_in_slack_and_then_known(faulty: World) -> None:
    without_slack_id(faulty, TEAM_MANAGER)
    log_at_stage_1(faulty)
    assert faulty.titles(TEAM_MANAGER) == [NEEDS_REPLY]
    assert "Reply to C-1" in faulty.press(TEAM_MANAGER, "Reply").text
    assert len(faulty.standin.calls_of("users.lookupByEmail")) == 1


@pytest.mark.slow
def test_the_look_up_of_an_address_waits_with_the_token(faulty_briefly: World) -> None:
    world = faulty_briefly
    without_slack_id(world, TEAM_MANAGER)
    form = world.command(IRO, f"/concern {CHILD}")
    world.standin.workspace().token_error = "token_revoked"
    world.submit(IRO, form, LOGGED)
    hourly_until(world, utc("2026-12-01", "20:00"))
    world.standin.workspace().token_error = None
    world.wait(timedelta(minutes=6))
    assert world.titles(TEAM_MANAGER).count(NEEDS_REPLY) == 1


def test_somebody_without_a_slack_account_cannot_be_told_and_the_iro_manager_hears_why(faulty_briefly: World) -> None:
    without_slack_id(faulty_briefly, TEAM_MANAGER)
    faulty_briefly.standin.add_user(slack_id(TEAM_MANAGER), "Tess Hill", "tess.hill@elsewhere.example")
    log_at_stage_1(faulty_briefly)
    assert "This person has no Slack account linked." in plain_text_of(faulty_briefly.last(IRO_MANAGER))


def without_slack_id(world: World, who: str) -> None:
    forget_account(world.engine, world.cast, who)


@pytest.mark.slow
@pytest.mark.slowly_on_postgres
def test_after_days_without_slack_each_event_comes_once_and_the_stage_counts_from_its_delivery(faulty: World) -> None:
    form = faulty.command(IRO, f"/concern {CHILD}")
    reachable = slack_of(faulty.service).clients.base_url
    slack_of(faulty.service).clients.base_url = NOWHERE
    assert "is logged at stage 1" in faulty.submit(IRO, form, LOGGED).text
    hourly_until(faulty, utc("2026-12-02", "10:30"))

    slack_of(faulty.service).clients.base_url = reachable
    faulty.wait(timedelta(minutes=6))
    assert faulty.titles(TEAM_MANAGER).count(NEEDS_REPLY) == 1
    asked = next(message for message in faulty.inbox(TEAM_MANAGER) if message.text == f"{NEEDS_REPLY} by Wed 16 Dec")
    faulty.go_to_day(date(2026, 12, 14), time(17, 30))
    assert not any(title.startswith("No reply") for title in faulty.titles(IRO))
    assert "16 Dec" in faulty.people[TEAM_MANAGER].press(asked, "Open").text
    faulty.go_to_day(date(2026, 12, 16), time(17, 5))
    assert faulty.titles(IRO)[-1] == "No reply to C-1 by Wed 16 Dec. What next?"


@pytest.mark.slow
def test_a_night_of_errors_loses_nothing_and_doubles_nothing(faulty: World) -> None:
    form = faulty.command(IRO, f"/concern {CHILD}")
    faulty.standin.fail_next("*", NEVER, status=503)
    faulty.submit(IRO, form, LOGGED)
    hourly_until(faulty, utc("2026-11-30", "23:30"))
    faulty.standin.faults.clear()
    faulty.wait(timedelta(hours=1))
    faulty.wait(timedelta(hours=1))
    assert faulty.titles(TEAM_MANAGER) == [NEEDS_REPLY]
    assert faulty.titles(SOCIAL_WORKER) == ["For information: C-1 (nothing to do)"]


def test_a_form_that_slack_does_not_open_is_offered_by_a_button(faulty_briefly: World) -> None:
    world = faulty_briefly
    world.standin.fail_next("views.open", status=500)
    offered = world.command(IRO, f"/concern {CHILD}")
    assert offered.buttons == ["Open"]
    opened = world.press(IRO, "Open", offered.message)
    assert "is logged at stage 1" in world.submit(IRO, opened, LOGGED).text


def test_a_private_answer_that_does_not_arrive_comes_as_a_message(faulty_briefly: World) -> None:
    world = faulty_briefly
    log_at_stage_1(world)
    asked = world.last(TEAM_MANAGER)
    world.submit(IRO, world.command(IRO, "/concern C-1 close"), closing())
    world.standin.fail_next("response_url", status=500)
    world.people[TEAM_MANAGER].press(asked, "Reply", version=0)
    assert "C-1 was closed at" in world.last(TEAM_MANAGER).text


def test_an_account_that_has_not_confirmed_its_address_is_nobody_s(faulty_briefly: World) -> None:
    without_slack_id(faulty_briefly, TEAM_MANAGER)
    address = f"{TEAM_MANAGER}@anyshire.example"
    faulty_briefly.standin.add_user(slack_id(TEAM_MANAGER), "Tess Hill", address, vouched_for=False)
    log_at_stage_1(faulty_briefly)
    assert "This person has no Slack account linked." in plain_text_of(faulty_briefly.last(IRO_MANAGER))
    assert faulty_briefly.titles(TEAM_MANAGER) == []
    assert "I do not know you" in faulty_briefly.command(TEAM_MANAGER, "/concern C-1").text
