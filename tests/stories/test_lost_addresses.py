"""When an address no longer works: the person is found once more, or the IRO hears that they cannot be reached."""

from datetime import timedelta

import pytest

from storage.history import History
from storage.outbox import Outbox, OutboxState
from storage.stage_runs import Addressee
from tests.bench import utc
from tests.cast import IRO, IRO_MANAGER, SOCIAL_WORKER, TEAM_MANAGER, forget_account, slack_id
from tests.screens import plain_text_of
from tests.stories.conftest import BeginAtSlack, BeginAtTeams, at_teams
from tests.stories.repeats import log_at_stage_1, rows
from tests.stories.telling import News, last_event, words_of
from tests.world import AnyWorld

MONDAY = utc("2026-12-07")
FOR_INFORMATION = "For information: C-1 (nothing to do)"


def please_reply(*numbers: int) -> list[str]:
    """The first lines of the messages that ask for replies."""
    return [f"Please reply to C-{number}" for number in numbers]


def lost(number: int) -> str:
    """The first line of what the IRO and the IRO manager read."""
    return f"Tess Hill could not be told about C-{number}"


def asked(world: AnyWorld, number: int) -> str:
    """Who is asked, and whether they have seen it, as the concern's view says it to the IRO."""
    shown = world.command(IRO, f"/concern C-{number}").text
    return next(line for line in shown.splitlines() if line.startswith("Tess Hill"))


def stand(world: AnyWorld) -> list[OutboxState]:
    """Where the messages stand that ask the team manager to reply."""
    manager = world.cast.people[TEAM_MANAGER]
    return [one.state for one in rows(world, Outbox) if one.person_id == manager and one.kind == "needs reply"]


def proved(world: AnyWorld) -> list[bool]:
    """Whether it is proved, concern by concern, that the team manager was asked."""
    parts = [one for one in rows(world, Addressee) if one.person_id == world.cast.people[TEAM_MANAGER]]
    return [one.delivered_at is not None for one in parts]


@pytest.mark.slow
def test_a_deactivated_account_proves_nothing_and_what_it_missed_goes_out_once_it_is_open_again(
    begin_briefly: BeginAtSlack,
) -> None:
    """Slack says ok to a message to it; the bot knows the conversation and posts there without opening it."""
    world = begin_briefly(MONDAY)
    log_at_stage_1(world)
    assert world.titles(TEAM_MANAGER) == please_reply(1)
    world.close_account(TEAM_MANAGER)
    world.sleep_until(MONDAY + timedelta(days=1, hours=1))
    news = News(world)
    log_at_stage_1(world)
    assert world.titles(TEAM_MANAGER) == please_reply(1)
    assert (stand(world), proved(world)) == ([OutboxState.SENT, OutboxState.FAILED], [True, False])
    told = f"{lost(2)}, due Tue 22 Dec"
    heard = news.events()
    assert (heard[IRO], heard[IRO_MANAGER]) == ([told], [told])
    for who in (IRO, IRO_MANAGER):
        assert "Child in care AB-1042, stage 1. A reply is due by 5 pm, Tue 22 Dec 2026." in words_of(world, who)
        assert "This person's Slack account has been deactivated." in words_of(world, who)
    assert asked(world, 1).endswith("not seen yet")
    assert asked(world, 2).endswith("cannot be reached")

    world.sleep_until(utc("2026-12-09", "10:00"))
    assert news.events() == {}, "looked for in vain, and nobody is told twice"
    world.open_account(TEAM_MANAGER)
    world.sleep_until(utc("2026-12-10", "10:00"))
    assert news.events() == {TEAM_MANAGER: please_reply(2)}
    assert last_event(world, TEAM_MANAGER).text == "Please reply to C-2 by Thu 24 Dec"
    assert proved(world) == [True, True]
    assert asked(world, 2).endswith("not seen yet")


@pytest.mark.slow
def test_whoever_appears_days_later_is_told_then_and_the_stage_counts_from_there(begin_briefly: BeginAtSlack) -> None:
    """The manager appears in Slack and does nothing; the worker writes to the bot."""
    world = begin_briefly(MONDAY)
    accounts = [world.standin.workspace().users.pop(slack_id(who)) for who in (TEAM_MANAGER, SOCIAL_WORKER)]
    for who in (TEAM_MANAGER, SOCIAL_WORKER):
        forget_account(world.engine, world.cast, who)
    log_at_stage_1(world)
    for who in (IRO, IRO_MANAGER):
        assert f"{lost(1)}, due Mon 21 Dec" in "".join(one.text for one in world.inbox(who))
    told = len(world.titles(IRO))
    assert asked(world, 1).endswith("cannot be reached")
    world.sleep_until(utc("2026-12-09", "12:00"))
    for account in accounts:
        world.standin.add_user(account.id, account.name, account.email)
    world.command(SOCIAL_WORKER, "/iro help")
    assert world.titles(SOCIAL_WORKER) == [FOR_INFORMATION]
    assert world.titles(TEAM_MANAGER) == []
    world.sleep_until(utc("2026-12-10", "10:00"))
    assert [one.text for one in world.inbox(TEAM_MANAGER)] == ["Please reply to C-1 by Thu 24 Dec"]
    assert len(world.titles(IRO)) == told


def test_whose_conversation_or_account_is_gone_at_slack_is_found_once_more(
    begin_briefly: BeginAtSlack,
) -> None:
    world = begin_briefly(MONDAY)
    log_at_stage_1(world)
    world.standin.fail_next("chat.postMessage", error="channel_not_found")
    log_at_stage_1(world)
    assert world.titles(TEAM_MANAGER) == please_reply(1, 2)
    assert [call.args["channel"] for call in world.standin.calls_of("chat.postMessage")][-1] == slack_id(TEAM_MANAGER)

    gone = world.standin.workspace().users.pop(slack_id(TEAM_MANAGER))
    world.standin.add_user("U0ANEW", gone.name, gone.email)
    log_at_stage_1(world)
    assert [one.text for one in world.standin.messages_to("U0ANEW")] == ["Please reply to C-3 by Mon 21 Dec"]
    assert [one.what for one in rows(world, History) if one.chain == "authority"].count("linked anew to Slack") == 1
    assert lost(3) not in "".join(world.titles(IRO))


@pytest.mark.slow
@at_teams
def test_a_chat_that_is_gone_at_teams_is_opened_anew_and_who_has_no_app_is_told_once_it_is_there(
    begin_briefly: BeginAtTeams,
) -> None:
    world = begin_briefly(MONDAY)
    log_at_stage_1(world)
    manager, first = world.people[TEAM_MANAGER], world.last(TEAM_MANAGER)
    world.standin.lose_chat(manager.user)
    log_at_stage_1(world)
    assert world.titles(TEAM_MANAGER) == please_reply(1, 2)
    assert world.last(TEAM_MANAGER).conversation != first.conversation

    assert [one.status for one in world.standin.calls_of("post")].count(404) == 1
    assert len(world.standin.calls_of("create")) == 1
    assert lost(2) not in "".join(world.titles(IRO))

    manager.uninstall()
    log_at_stage_1(world)
    for who in (IRO, IRO_MANAGER):
        assert last_event(world, who).text == f"{lost(3)}, due Mon 21 Dec"
        assert "has not installed the app in Teams" in plain_text_of(last_event(world, who))
    assert asked(world, 3).endswith("cannot be reached")
    world.sleep_until(utc("2026-12-09", "12:00"))
    manager.install()
    world.beat()
    assert last_event(world, TEAM_MANAGER).text == "Please reply to C-3 by Wed 23 Dec"
