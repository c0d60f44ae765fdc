"""What only Teams has: channels, installing, strangers by their object id, and several ways to type a command."""

import json
from datetime import date

import pytest

from tests.bench import utc
from tests.cast import CHILD, IRO, OUTSIDER, TEAM_MANAGER
from tests.screens import labels
from tests.stories.conftest import BeginAtTeams, at_teams
from tests.stories.telling import News, log, reply
from tests.teams_standin import TeamsPerson, activities
from tests.teams_standin.records import card_of

pytestmark = at_teams
MONDAY = utc("2026-12-07")


@pytest.mark.slow
def test_a_command_is_typed_with_or_without_the_slash(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    person = world.people[IRO]
    for words in ("concern list", "/concern list", "Concern list", "  concern   list ", "CONCERN LIST"):
        said = person.say(activities.typed(person.activity("message"), words)).text
        assert "C-1 · child in care AB-1042 · stage 1" in said, words
    help_text = person.say(activities.typed(person.activity("message"), "help")).text
    assert "What you can do" in help_text


@pytest.mark.parametrize("kind", ["application/vnd.microsoft.teams.file.download.info", "image/*"])
def test_a_file_or_picture_without_words_is_told_that_none_are_taken(begin_briefly: BeginAtTeams, kind: str) -> None:
    world = begin_briefly(MONDAY)
    person = world.people[IRO]
    for more in ({}, {"text": None}, {"text": "\u200b"}):
        sent = activities.with_file(person.activity("message"), "photo.png", kind) | more
        said = person.say(sent).text
        assert said.startswith("I cannot pass this on. Nobody has been told.\nI take no files or pictures.\n")
        assert "What you can do" not in said
    typed = activities.with_file(person.activity("message"), "photo.png", kind) | {"text": "concern list"}
    assert "I take no files" not in person.say(typed).text


def test_a_stranger_who_sends_a_file_is_told_what_every_stranger_is(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    user = world.standin.add_user("sly.stone", "Sly Stone", "sly@elsewhere.example")
    stranger = TeamsPerson(world.standin, world.people[IRO].bot_url, user)
    said = stranger.say(activities.with_file(stranger.activity("message"), "photo.png")).text
    assert said.startswith("I do not know you in this service yet.")


@pytest.mark.parametrize(
    ("line", "said", "held"),
    [
        (
            "iro away once in a blue moon",
            "I did not understand the dates: write them like /iro away 21 Dec to 4 Jan.",
            "2026-12-07",
        ),
        (
            "iro away 21 Dec to 4 Jan cover the cat",
            "I could not tell who covers: choose them in the form.",
            "2026-12-21",
        ),
        ("iro away 4 Jan 2027 to 21 Feb 2029", "That is more than a year: check the years.", "2027-01-04"),
    ],
)
def test_what_was_not_understood_of_an_absence_is_said_and_the_form_holds_the_rest(
    begin_briefly: BeginAtTeams, line: str, said: str, held: str
) -> None:
    world = begin_briefly(MONDAY)
    person = world.people[IRO]
    offered = person.say(activities.typed(person.activity("message"), line))
    assert offered.text.splitlines()[0] == said
    assert offered.buttons == ["Open"]
    assert offered.message is not None
    assert f"First day away: {held}" in person.press(offered.message, "Open").text


def test_in_a_channel_only_a_mention_is_answered_and_only_in_the_persons_own_chat(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    person, channel = world.people[IRO], world.standin.channel()
    seen = person.mention("concern list", channel)
    assert "C-1" in seen.text
    assert seen.message is not None
    assert seen.message.conversation == person.chat.id
    known = len(world.standin.messages)
    talk = activities.typed(person.activity("message", channel), "concern list")
    assert person.delivery.send(talk) == {}
    assert len(world.standin.messages) == known
    assert all(one.conversation != channel.id for one in world.standin.messages)


def test_whoever_mentions_it_without_having_the_app_is_told_so_without_a_word_of_anything(
    begin_briefly: BeginAtTeams,
) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    person, channel = world.people[IRO], world.standin.channel()
    person.uninstall()
    person.delivery.send(activities.mentioned(person.activity("message", channel), "concern list"))
    (told,) = [one for one in world.standin.messages if one.conversation == channel.id]
    assert "I answer in your own chat with me." in json.dumps(told.activity)
    assert "C-1" not in json.dumps(told.activity)


def test_a_stranger_and_a_foreign_tenant_are_told_whom_to_ask_and_nothing_else(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    log(world)
    news = News(world)
    user = world.standin.add_user("sly.stone", "Sly Stone", "sly@elsewhere.example")
    stranger = TeamsPerson(world.standin, world.people[IRO].bot_url, user)
    for line in ("/concern", "/concern C-1", f"/concern {CHILD}", "/concern list", "/iro help"):
        said = stranger.command(line)
        assert said.view is None
        assert said.text == (
            "I do not know you in this service yet. Ask your administrator to add you, "
            f"and quote your Teams object id: {user.aad_object_id}"
        )
    assert news.since() == {}


@pytest.mark.slow
def test_somebody_who_takes_the_bot_out_and_puts_it_in_again_is_reached_again(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    world.people[TEAM_MANAGER].uninstall()
    log(world, {"Start at": "Stage 1"})
    assert world.inbox(TEAM_MANAGER) == []
    world.people[TEAM_MANAGER].install()
    world.go_to_day(date(2026, 12, 21))
    assert [one[:14] for one in world.titles(TEAM_MANAGER)][:2] == ["Please reply t", "Your day, Fri "]
    assert "is with the IRO" in reply(world, TEAM_MANAGER).text


def test_a_press_sent_by_an_old_client_as_a_message_is_answered_in_the_chat(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    person, message = world.people[TEAM_MANAGER], world.last(TEAM_MANAGER)
    assert labels(message) == ["Reply", "Open", "This needs my manager"]
    card = card_of(message.activity)
    assert card is not None
    (row,) = [part for part in card["body"] if part["type"] == "ActionSet"]
    data = {name: value for name, value in row["actions"][2]["data"].items() if name != "msteams"}
    said = person.say(activities.pressed(person.activity("message"), data, message.id))
    assert "“This needs my manager” is ready." in said.text


def test_somebody_elses_button_does_for_me_only_what_i_may_do(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    message, outsider = world.last(TEAM_MANAGER), world.people[OUTSIDER]
    card = card_of(message.activity)
    assert card is not None
    (row,) = [part for part in card["body"] if part["type"] == "ActionSet"]
    for action in row["actions"]:
        sent = activities.invoke(outsider.activity("invoke"), "task/fetch", activities.fetched(action["data"]))
        told = json.dumps(outsider.invoke(sent))
        assert "The plan was never written up." not in told
        assert "There is no C-1 here" in told
