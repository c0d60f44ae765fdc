"""A person at the stand-in for Slack sees and can do what Slack would let them, over HTTP and Socket Mode."""

from collections.abc import Iterator

import pytest

from tests.slack_standin import (
    NoAnswer,
    NotOnScreen,
    RefusedBySlack,
    SlackPerson,
    SlackStandIn,
    payloads,
)
from tests.slack_standin.jsontypes import Json
from tests.slack_standin.sample_bot import SECRET, connected, sample_bot, web_application
from tests.slack_standin.serving import served

IRO = "U0IRO"


@pytest.fixture(scope="module")
def town() -> Iterator[tuple[SlackStandIn, SlackPerson]]:
    with SlackStandIn() as running:
        running.add_user(IRO, "Imogen Okafor")
        with served(web_application(sample_bot(running))) as address:
            yield running, SlackPerson(running, address, SECRET, None, IRO)


@pytest.fixture
def person(town: tuple[SlackStandIn, SlackPerson]) -> Iterator[SlackPerson]:
    running, someone = town
    yield someone
    running.close_views("T0ANYSHIRE", IRO)
    running.violations.clear()
    running.messages.clear()
    running.ephemerals.clear()


FILLED = {"Child reference": "AB-1042", "What are we worried about?": "drift", "Main reason": "Delay"}


def test_a_person_logs_a_concern_and_gets_a_message(person: SlackPerson) -> None:
    form = person.command("/concern AB-1042")
    assert form.text.startswith("Log a concern\nChild reference\nWhat are we worried about?")
    assert "By: 2027-01-12" in form.text
    assert form.buttons == ["Preview"]
    assert person.choices(form, "Main reason") == ["Delay", "Contact"]
    assert person.suggest(form, "Child reference", "ab-") == ["AB-1042 (Anyshire)", "AB-2000 (Anyshire)"]
    after = person.submit(form, FILLED)
    assert after.view is None
    assert person.view is None
    (message,) = person.messages
    assert person.read(message) == "AB-1042: drift, by 2027-01-12\n[Reply] [Open]\nC-13\n[Open]"
    assert person.standin.violations == []


def test_errors_show_beside_the_field_and_what_was_typed_stays(person: SlackPerson) -> None:
    form = person.shortcut("log_concern")
    refused = person.submit(form, FILLED | {"What are we worried about?": "a postcode"})
    assert refused.errors == {"What are we worried about?": "Leave the postcode out."}
    assert "What are we worried about?: a postcode" in refused.text
    assert "Child reference: AB-1042 (Anyshire)" in refused.text
    assert person.submit(refused, {"worry": "drift"}).view is None
    assert len(person.messages) == 1


def test_a_button_in_a_form_sends_what_is_typed_so_far(person: SlackPerson) -> None:
    form = person.command("/concern")
    shown = person.press_in_view(form, "Preview", {"What are we worried about?": "drift"})
    assert shown.text.endswith("You wrote: drift\n[Log]")
    assert "What are we worried about?: drift" in shown.text


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (
            {"What are we worried about?": ""},
            "Please complete this required field: 'What are we worried about?'",
        ),
        ({"What are we worried about?": "w" * 21}, "takes 20 characters, not 21"),
        ({"Main reason": "Weather"}, "'Weather' is not among the choices of 'Main reason'"),
        ({"Child reference": "A"}, "too short for Slack to search"),
        ({"Child reference": "ZZ-9"}, "'ZZ-9' is not among the choices"),
        ({"Child reference": "AB-"}, "'AB-' is not among the choices"),
        ({"By": "soon"}, "'soon' is not a date"),
        ({"Main reason": ["Delay", "Contact"]}, "takes one value"),
    ],
)
def test_slack_itself_stops_a_form_that_is_not_ready(person: SlackPerson, values: Json, why: str) -> None:
    form = person.command("/concern")
    with pytest.raises(RefusedBySlack, match=why.replace("?", r"\?")):
        person.submit(form, FILLED | values)
    assert person.messages == []


def test_a_field_or_button_that_is_not_there_cannot_be_used(person: SlackPerson) -> None:
    form = person.command("/concern")
    with pytest.raises(NotOnScreen, match="no field 'Colour'"):
        person.submit(form, {"Colour": "red"})
    with pytest.raises(NotOnScreen, match=r"no 'Send'; there is \[Preview\]"):
        person.press_in_view(form, "Send")
    person.close(form)
    with pytest.raises(NotOnScreen, match="not before this person"):
        person.submit(form, FILLED)
    assert [message.text for message in person.messages] == ["Closed without sending"]


def test_a_pushed_form_lies_over_the_first(person: SlackPerson) -> None:
    form = person.command("/concern")
    over = person.submit(form, FILLED | {"What are we worried about?": "harm"})
    assert over.text == "Confirm\nSure?"
    assert over.view is not None
    assert person.close(over).view is form.view


def test_an_error_beside_no_field_is_a_fault_of_the_bot(person: SlackPerson) -> None:
    form = person.command("/concern")
    with pytest.raises(RefusedBySlack, match="'nowhere', which is no input"):
        person.submit(form, FILLED | {"What are we worried about?": "strange"})
    assert [violation.where for violation in person.standin.violations] == ["the answer to a view_submission"]


def test_an_answer_to_a_command_is_seen_and_its_button_pressed(person: SlackPerson) -> None:
    seen = person.command("/concern list")
    assert seen.text == "C-12 for @Imogen Okafor\n[Open]"
    assert seen.message is not None
    assert person.press(seen.message, "Open").text == "Concern 12"


def test_an_answer_slack_refuses_is_a_fault_of_the_bot(person: SlackPerson) -> None:
    with pytest.raises(RefusedBySlack, match="is empty"):
        person.command("/concern bad")
    assert [violation.where for violation in person.standin.violations] == ["the answer to /concern"]


def test_a_bot_that_fails_leaves_the_person_with_a_timeout(person: SlackPerson) -> None:
    with pytest.raises(NoAnswer, match="500"):
        person.command("/concern broken")


def test_a_wrong_signature_is_turned_away(town: tuple[SlackStandIn, SlackPerson], person: SlackPerson) -> None:
    stranger = SlackPerson(person.standin, town[1].bot_url, "another secret", None, IRO)
    with pytest.raises(NoAnswer, match="401"):
        stranger.command("/concern")


def test_buttons_alike_are_told_apart_by_the_words_above_them(person: SlackPerson) -> None:
    person.submit(person.command("/concern"), FILLED)
    (message,) = person.messages
    with pytest.raises(NotOnScreen, match="There are 2 of 'Open'"):
        person.press(message, "Open")
    assert person.press(message, "Open", near="C-13").text == "Concern 13"


def test_a_button_of_an_overtaken_screen_can_still_be_pressed(person: SlackPerson) -> None:
    person.submit(person.command("/concern"), FILLED)
    (message,) = person.messages
    assert person.press(message, "Reply").text == "Replied"
    with pytest.raises(NotOnScreen):
        person.press(message, "Reply")
    assert person.press(message, "Reply", version=0).text == "Replied"
    assert len(message.versions) == 3


def test_an_event_may_come_again_under_its_own_name(person: SlackPerson) -> None:
    assert person.open_home().text == "Your day"
    opened = payloads.app_home_opened(IRO, "D0", "1.0")
    name = person.event(opened)
    assert person.event(opened, name, retry=1) == name
    assert len(person.standin.calls_of("views.publish")) == 3


def test_the_address_check_gets_its_challenge_back(person: SlackPerson) -> None:
    assert person.verify_address("challenge-1") == "challenge-1"


@pytest.fixture
def standin() -> Iterator[SlackStandIn]:
    with SlackStandIn() as running:
        running.add_user(IRO, "Imogen Okafor")
        yield running


def test_over_socket_mode_the_same_person_does_the_same_and_the_socket_comes_back(
    standin: SlackStandIn,
) -> None:
    person = SlackPerson(standin, None, "", None, IRO)
    with pytest.raises(NoAnswer, match="No socket is connected"):
        person.command("/concern list")
    with connected(standin):
        assert person.command("/concern list").text == "C-12 for @Imogen Okafor\n[Open]"
        person.submit(person.command("/concern"), FILLED)
        assert len(person.messages) == 1
        standin.socket.disconnect()
        standin.socket.wait_connected()
        assert person.open_home().text == "Your day"
        standin.socket.cut()
        standin.socket.wait_connected()
        assert person.command("/concern list").text.startswith("C-12")
    assert standin.socket.connected_ever >= 3
    assert len(standin.socket.acknowledgements) == 6
    assert standin.violations == []
