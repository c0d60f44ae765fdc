"""What people write to the bot instead of pressing a button: nobody hears, and they read how to do what they meant."""

import logging
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import inspect, text

from scheduling.procedures import shipped_text
from tests.bench import utc
from tests.cast import (
    IRO,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_MANAGER,
    OUTSIDER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
    WORKSPACE,
    away,
)
from tests.screens import Seen, labels, plain_text_of
from tests.slack_standin import SlackPerson
from tests.stories.conftest import Begin, BeginAtSlack, BeginAtTeams, at_teams, on_both_platforms, slowly_at_teams
from tests.stories.reviewing import decide_and_send, hold, in_care
from tests.stories.telling import News, log, reply
from tests.teams_standin import TeamsPerson, activities
from tests.world import SIGNING_SECRET, AnyWorld

MONDAY = utc("2026-12-07")
SAID = "Jayden quetzal is back with his mother and I will see him on Friday"
NOBODY_TOLD = "I cannot pass this on. Nobody has been told."
REPLY = "To answer Ann Lee about C-1, press Reply."
DANGER = "If a child is in danger, ring 999."
RECORD = "Anything about a child: put it on the child's record first, then delete it here."
HELP = "To see what you can do here, press Help."

in_threads = pytest.mark.parametrize("platform", ["slack", pytest.param("teams", marks=pytest.mark.slow)])


def lines(seen: Seen) -> list[str]:
    """What is read, without the words of the buttons."""
    return [line for line in seen.text.splitlines() if not line.startswith("[")]


def title(seen: Seen) -> str:
    """The title of the form that opened."""
    assert seen.view is not None, seen.text
    return seen.view.title


def rows_of(world: AnyWorld) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with world.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        return {name: [str(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))] for name in names}  # noqa: S608 - the names are the database's own


def unheard(world: AnyWorld, caplog: pytest.LogCaptureFixture) -> Iterator[str]:
    """Wherever the words could have been left, but are not to be."""
    yield caplog.text
    for rows in rows_of(world).values():
        yield from rows
    for who in world.people:
        yield from (plain_text_of(one) for one in world.inbox(who))


@pytest.mark.slow
@on_both_platforms
def test_who_answers_in_the_chat_is_told_that_nobody_was_and_gets_the_button(
    begin_briefly: Begin, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    news, before = News(world), rows_of(world)
    seen = world.write(TEAM_MANAGER, SAID)
    assert lines(seen) == [NOBODY_TOLD, REPLY, DANGER, RECORD]
    assert seen.buttons == ["Reply", "Help"]
    assert news.since() == {}
    after = rows_of(world)
    assert {name for name in after if after[name] != before[name]} <= {
        "homes",
        "inbound",
        "page_messages",
    }  # the page notes what was looked at, and whose day
    assert not any("quetzal" in one for one in unheard(world, caplog))
    assert seen.message is not None
    assert title(world.press(TEAM_MANAGER, "Reply", seen.message)) == "Reply to C-1"


@slowly_at_teams
def test_a_word_or_two_are_answered_alike(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    for words in ("Done.", "agreed, will do", "5pm", "already closed", "👍", "no"):
        assert lines(world.write(TEAM_MANAGER, words))[:2] == [NOBODY_TOLD, REPLY], words


@pytest.mark.slow
@slowly_at_teams
def test_greetings_get_help_day_the_day_and_thanks_one_line(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    for words in ("hello", "Hi!", "help"):
        assert "What you can do" in world.write(TEAM_MANAGER, words).text
    for words in ("day", "Your day", "my day?"):
        assert "Your day, " in world.write(TEAM_MANAGER, words).text
    assert lines(world.write(TEAM_MANAGER, "Thanks!")) == ["You're welcome. Nothing waits for you."]
    log(world, {"Start at": "Stage 1"})
    seen = world.write(TEAM_MANAGER, "thank you")
    assert lines(seen) == ["You're welcome. C-1 waits for your answer."]
    assert seen.buttons == ["Reply"]
    log(world, {"Start at": "Stage 1"})
    assert lines(world.write(TEAM_MANAGER, "thx")) == ["You're welcome. C-1 and C-2 wait for your answer."]


@pytest.mark.slow
@slowly_at_teams
def test_where_it_is_not_clear_what_was_meant_no_concern_is_named(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    log(world, {"Start at": "Stage 1"})
    for who in (TEAM_MANAGER, SOCIAL_WORKER, OUTSIDER, IRO):  # two are owed by the first, none by the others
        seen = world.write(who, SAID)
        assert lines(seen) == [NOBODY_TOLD, HELP, DANGER, RECORD], who
        assert seen.buttons == ["Help"]
    seen = world.write(OUTSIDER, SAID)
    assert seen.message is not None
    assert "What you can do" in world.press(OUTSIDER, "Help", seen.message).text


@pytest.mark.slow
@slowly_at_teams
def test_the_iro_and_whoever_stands_in_get_the_deeds_that_wait_for_them(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    away(world.engine, world.cast, TEAM_MANAGER, date(2026, 12, 8), date(2026, 12, 18), OTHER_MANAGER)
    log(world, {"Start at": "Stage 1"})
    world.go_to_day(date(2026, 12, 9))
    assert lines(world.write(OTHER_MANAGER, SAID))[1] == REPLY
    reply(world, TEAM_MANAGER)
    assert lines(world.write(OTHER_MANAGER, SAID))[1] == HELP
    seen = world.write(IRO, SAID)
    assert lines(seen)[1] == "To decide about C-1, press one of the buttons."
    assert {"Satisfied: close", "Ask again", "Help"} <= set(seen.buttons)
    away(world.engine, world.cast, IRO, date(2026, 12, 9), None, OTHER_IRO)
    assert "To decide about C-1, press one of the buttons." in lines(world.write(OTHER_IRO, SAID))


@slowly_at_teams
def test_the_telephone_of_the_procedures_is_said_beside_999(begin_briefly: Begin) -> None:
    notts = shipped_text("nottinghamshire")
    named = notts.replace(
        "# [immediate.telephone]\n# name = ", "[immediate.telephone]\nnumber = '0115 496 0000'\nname = "
    )
    world = begin_briefly(MONDAY, named)
    said = "If a child is in danger, ring 999, or Duty service manager on 0115 496 0000."
    assert said in lines(world.write(SOCIAL_WORKER, SAID))


@pytest.mark.slow
@in_threads
def test_the_thread_says_which_concern_is_meant(begin_briefly: Begin, caplog: pytest.LogCaptureFixture) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    first = world.last(TEAM_MANAGER)
    log(world, {"Start at": "Stage 1"})
    second = world.last(TEAM_MANAGER)
    news = News(world)
    for under, ref in ((first, "C-1"), (second, "C-2")):
        seen = world.write(TEAM_MANAGER, SAID, under)
        assert lines(seen) == [NOBODY_TOLD, f"To answer Ann Lee about {ref}, press Reply.", DANGER, RECORD]
        assert seen.message is not None
        assert title(world.press(TEAM_MANAGER, "Reply", seen.message)) == f"Reply to {ref}"
    reply(world, TEAM_MANAGER)
    assert news.since() == {IRO: ["Tess Hill has replied to C-2"]}
    shrunk = world.write(TEAM_MANAGER, SAID, second)
    assert lines(shrunk)[1] == "To see how C-2 stands, press Open."
    assert shrunk.buttons == ["Open", "Help"]
    assert lines(world.write(TEAM_MANAGER, SAID))[1] == REPLY
    assert news.since() == {}
    assert not any("quetzal" in one for one in unheard(world, caplog))


@pytest.mark.slow
@in_threads
def test_under_a_message_about_several_it_is_clear_only_when_one_waits(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-12-04", "18:30"))
    for _ in range(2):
        log(world, {"Start at": "Stage 1"})
    world.go_to_day(date(2026, 12, 7), time(9))
    asked = world.last(TEAM_MANAGER)
    seen = world.write(TEAM_MANAGER, SAID, asked)
    assert lines(seen)[1] == "It is about C-1 and C-2: press the button in the line that you mean."
    opened = world.people[TEAM_MANAGER].press(asked, "Reply", near="C-1")
    world.submit(TEAM_MANAGER, opened, {"Answer": "Agreed and done", "What will happen": "It is done."})
    assert lines(world.write(TEAM_MANAGER, SAID, asked))[1] == "To answer Ann Lee about C-2, press Reply."


@in_threads
def test_whoever_is_only_told_can_open_it_and_whoever_may_no_longer_know_learns_nothing(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    told = world.last(SOCIAL_WORKER)
    seen = world.write(SOCIAL_WORKER, SAID, told)
    assert lines(seen)[1] == "To see how C-1 stands, press Open."
    assert seen.buttons == ["Open", "Help"]
    world.submit(IRO, world.command(IRO, "/concern C-1 correct"), {"The right child": OTHER_CHILD})
    seen = world.write(SOCIAL_WORKER, SAID, told)
    assert lines(seen) == [NOBODY_TOLD, HELP, DANGER, RECORD]
    assert seen.buttons == ["Help"]


@pytest.mark.slow
@in_threads
def test_under_your_day_what_waits_alone_is_meant(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    world.go_to_day(date(2026, 12, 21))
    morning = world.last(TEAM_MANAGER)
    assert morning.text.startswith("Your day")
    assert lines(world.write(TEAM_MANAGER, SAID, morning))[1] == REPLY


@pytest.mark.slow
@in_threads
def test_under_decisions_of_a_review_they_are_agreed_or_disputed(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-09-01"))
    in_care(world, date(2026, 9, 1))
    world.go_to_day(date(2026, 9, 24))
    hold(world, date(2026, 9, 24))
    decide_and_send(world, "An assessment is written.", date(2026, 10, 30))
    asked = world.last(TEAM_MANAGER)
    assert "Agree" in labels(asked)
    in_thread, seen = world.write(TEAM_MANAGER, SAID, asked), world.write(TEAM_MANAGER, SAID)
    for one in (in_thread, seen):
        assert lines(one)[1] == "To answer what was asked of you, press one of the buttons."
        assert one.buttons == [*labels(asked), "Help"]
    assert seen.message is not None
    world.press(TEAM_MANAGER, "Agree", seen.message)
    assert lines(world.write(TEAM_MANAGER, SAID, asked))[1] == HELP


def test_at_slack_it_is_answered_in_the_thread_and_only_there(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    asked, me = world.last(TEAM_MANAGER), world.people[TEAM_MANAGER]
    in_chat, in_thread = me.write(SAID), me.write(SAID, asked)
    assert in_chat.message is not None
    assert in_thread.message is not None
    assert (in_chat.message.thread_ts, in_thread.message.thread_ts) == (None, asked.ts)
    assert in_thread.message.channel == asked.channel
    again = me.write("and one more thing", in_thread.message)
    assert again.message is not None
    assert (again.message.thread_ts, lines(again)[1]) == (asked.ts, REPLY)
    both = me.write(SAID, asked, subtype="thread_broadcast")
    assert both.message is not None
    assert both.message.thread_ts == asked.ts


def test_at_slack_files_are_answered_and_what_is_no_message_of_a_person_is_not(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    me = world.people[TEAM_MANAGER]
    sent: Mapping[str, Any] = {"subtype": "file_share", "files": [{"id": "F1", "name": "jayden.png"}]}
    assert lines(me.write("", world.last(TEAM_MANAGER), **sent)) == [
        NOBODY_TOLD, "I take no files or pictures.", REPLY, DANGER, RECORD,
    ]  # fmt: skip
    written = {"type": "message", "channel_type": "im", "user": me.user.id, "channel": "D1", "text": SAID, "ts": "9.1"}
    known = len(world.standin.messages)
    for more in (
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message", "bot_id": "B1"},
        {"bot_id": "B0BOT"},
        {"user": "U0BOT"},
        {"channel_type": "channel"},
    ):
        me.event(written | more)
    first = me.event(written | {"channel": world.last(TEAM_MANAGER).channel})
    me.event(written, first, retry=1)
    world.standin.wait_until(lambda: len(world.standin.messages) > known)
    me.write("the last")
    assert len(world.standin.messages) == known + 2


def test_at_slack_a_stranger_learns_whom_to_ask(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    news = News(world)
    world.standin.add_user("U0STRANGER", "Sly Stone", "sly@elsewhere.example", team=WORKSPACE)
    stranger = SlackPerson(world.standin, world.people[IRO].bot_url, SIGNING_SECRET, WORKSPACE, "U0STRANGER")
    assert stranger.write(SAID).text.startswith("I do not know you in this service yet.")
    assert news.since() == {}


@pytest.mark.slow
@at_teams
def test_at_teams_a_reply_and_a_quoted_message_are_answered_as_replies(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    asked = world.last(TEAM_MANAGER)
    log(world, {"Start at": "Stage 1"})
    me = world.people[TEAM_MANAGER]
    plain = activities.typed(me.activity("message"), SAID)
    assert "replyToId" not in _answer(me, plain)[1]
    for sent in (
        activities.typed(me.activity("message"), SAID) | {"replyToId": asked.id},
        activities.quoting(activities.typed(me.activity("message"), SAID), asked.id),
        activities.quoting_in_html(activities.typed(me.activity("message"), SAID), asked.id),
    ):
        seen, answer = _answer(me, sent)
        assert lines(seen) == [NOBODY_TOLD, REPLY, DANGER, RECORD]
        assert answer["replyToId"] == sent["id"]


@at_teams
def test_at_teams_it_is_said_all_the_same_where_nothing_can_be_answered_as_a_reply(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    me = world.people[TEAM_MANAGER]
    world.standin.fail_next("post", status=404, code="ActivityNotFoundInConversation")
    seen, answer = _answer(me, activities.typed(me.activity("message"), SAID) | {"replyToId": "gone"})
    assert lines(seen)[:2] == [NOBODY_TOLD, REPLY]
    assert "replyToId" not in answer


@at_teams
def test_at_teams_what_is_written_in_a_channel_is_answered_in_ones_own_chat(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    channel = world.standin.channel()
    seen = world.people[TEAM_MANAGER].mention("we have seen him, all is well", channel)
    assert lines(seen)[:2] == [NOBODY_TOLD, REPLY]


def _answer(person: TeamsPerson, sent: dict[str, Any]) -> tuple[Seen, dict[str, Any]]:
    seen = person.say(sent)
    assert seen.message is not None
    return seen, seen.message.activity
