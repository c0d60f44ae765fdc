"""What Slack sends is read into acts: who, where, what, and under which key."""

import json
from typing import Any, ClassVar

import pytest

from bot.slack import parsing, views
from bot.slack.parsing import Place
from bot.slack.recognising import confirmed_email
from handlers.cards import Field, FieldKind, Form

TEAM: dict[str, Any] = {"id": "T1", "domain": "anyshire"}
USER: dict[str, Any] = {"id": "U1", "team_id": "T1"}
FORM = Form(
    deed="concern.reply",
    title="Reply",
    submit="Reply",
    subject="C-12",
    run=3,
    context={"step": "one"},
    fields=(Field(key="answer", kind=FieldKind.LONG, label="Answer"),),
)


def command(**more: object) -> dict[str, Any]:
    typed = {
        "command": "/concern",
        "text": "C-12 reply",
        "team_id": "T1",
        "user_id": "U1",
        "trigger_id": "1.2",
    }
    return typed | {"response_url": "https://hooks.example/1"} | more


def view(nonce: str = "n1", answer: str | None = "Agreed", **more: object) -> dict[str, Any]:
    drawn = views.form(FORM, nonce)
    filled = {f"answer.{nonce}": {"answer": {"type": "plain_text_input", "value": answer}}}
    return drawn | {"id": "V1", "state": {"values": filled}, "app_installed_team_id": "T1"} | more


def submission(shown: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"type": "view_submission", "team": TEAM, "user": USER, "trigger_id": "3.4", "view": shown} | more


def press(value: dict[str, Any], **more: object) -> dict[str, Any]:
    action = {"type": "button", "action_id": "x:0", "value": json.dumps(value)}
    return {
        "type": "block_actions",
        "team": TEAM,
        "user": USER,
        "trigger_id": "5.6",
        "actions": [action],
    } | more


class TestCommand:
    def test_is_its_name_and_the_rest(self) -> None:
        act = parsing.command(command())
        assert (act.place, act.command, act.words, act.deed) == (
            Place.COMMAND,
            "concern",
            "C-12 reply",
            "command",
        )
        assert act.key == "slack:cmd:T1:1.2"

    def test_text_is_read_as_it_was_typed(self) -> None:
        act = parsing.command(command(text=" away cover &lt;@U9&gt; &amp;amp; <@U2ABC|sam.smith> "))
        assert act.words == "away cover <@U9> &amp; <@U2ABC>"

    @pytest.mark.parametrize("space", ["\u00a0", "\u2009", "  ", "\u200b \u200b"])
    @pytest.mark.parametrize("dash", ["\u2011", "\u2013", "\u2212", "-"])
    def test_dashes_and_spaces_are_those_of_a_keyboard(self, dash: str, space: str) -> None:
        assert parsing.command(command(text=f"AB{dash}1042{space}book\u200b")).words == "AB-1042 book"

    def test_without_words_has_none(self) -> None:
        assert parsing.command(command(text="")).words == ""


class TestPress:
    def test_carries_deed_subject_and_run(self) -> None:
        act = parsing.press(press({"deed": "concern.reply", "subject": "C-12", "run": 3}))
        assert (act.place, act.deed, act.subject, act.run) == (Place.MESSAGE, "concern.reply", "C-12", 3)
        assert act.key == "slack:act:T1:5.6"

    def test_inside_a_form_carries_its_values_and_context(self) -> None:
        act = parsing.press(press({"deed": "draft.save", "subject": "", "run": None}, view=view()))
        assert (act.place, act.deed) == (Place.VIEW, "draft.save")
        assert act.values == {"answer": "Agreed"}
        assert act.context == {"step": "one"}

    def test_that_repeats_a_command_is_that_command(self) -> None:
        act = parsing.press(press({"deed": "command", "subject": "concern C-12 reply", "run": None}))
        assert (act.deed, act.command, act.words, act.subject) == ("command", "concern", "C-12 reply", "")

    def test_of_a_button_that_is_not_ours_names_no_deed(self) -> None:
        foreign = press({})
        foreign["actions"][0]["value"] = "hello"
        assert parsing.press(foreign).deed == ""

    def test_in_the_home_is_not_in_a_modal(self) -> None:
        act = parsing.press(press({"deed": "concern.show"}, view={"type": "home", "id": "V9"}))
        assert act.place is Place.ELSEWHERE


class TestSubmission:
    def test_brings_back_what_the_form_held(self) -> None:
        act = parsing.submission(submission(view()))
        assert (act.deed, act.subject, act.run, act.context) == ("concern.reply", "C-12", 3, {"step": "one"})
        assert act.values == {"answer": "Agreed"}

    def test_of_one_drawing_has_one_key_whatever_its_trigger(self) -> None:
        first = parsing.submission(submission(view()))
        again = parsing.submission(submission(view(hash="2"), trigger_id="9.9"))
        assert first.key == again.key

    @pytest.mark.parametrize("other", [view(answer="Not agreed"), view(nonce="n2"), view(id="V2")])
    def test_of_other_words_another_drawing_or_another_modal_has_another_key(self, other: dict[str, Any]) -> None:
        assert parsing.submission(submission(view())).key != parsing.submission(submission(other)).key

    def test_key_tells_nothing_of_what_was_typed(self) -> None:
        assert "Agreed" not in parsing.submission(submission(view())).key

    def test_of_an_empty_field_is_empty_text(self) -> None:
        assert parsing.submission(submission(view(answer=None))).values == {"answer": ""}

    def test_of_every_kind_of_element_is_read(self) -> None:
        chosen = {"value": "a", "text": {"type": "plain_text", "text": "A"}}
        state = {
            "b1": {"one": {"type": "static_select", "selected_option": chosen}},
            "b2": {"none": {"type": "static_select", "selected_option": None}},
            "b3": {"many": {"type": "checkboxes", "selected_options": [chosen, chosen | {"value": "b"}]}},
            "b4": {"when": {"type": "datepicker", "selected_date": "2027-01-12"}},
            "b5": {"child:child": {"type": "external_select", "selected_option": chosen}},
        }
        act = parsing.submission(submission(view(state={"values": state})))
        assert act.values == {"one": "a", "none": "", "many": ("a", "b"), "when": "2027-01-12", "child": "a"}


class TestWho:
    def test_the_installed_workspace_counts_in_slack_connect(self) -> None:
        visitor = submission(view(app_installed_team_id="T1"), team={"id": "T2"}, user={"id": "U9", "team_id": "T2"})
        act = parsing.submission(visitor)
        assert (act.workspace, act.account, act.foreign) == ("T1", "U9", True)

    def test_a_visitor_pressing_a_button_is_foreign(self) -> None:
        assert parsing.press(press({"deed": "x"}, user={"id": "U9", "team_id": "T2"})).foreign

    @pytest.mark.parametrize(
        "named",
        [
            {"user": {"id": "U1"}, "view": view(app_installed_team_id="T1"), "team": {"id": "T2"}},
            {"user": {"id": "U1", "team_id": "T1"}, "view": view(app_installed_team_id="T1"), "team": {"id": "T2"}},
            {"user": {"id": "U1", "team_id": "T1"}, "view": view(app_installed_team_id="T1"), "team_id": "T2"},
            {"user": {"id": "U1", "team_id": "T2"}},
        ],
        ids=["no team of the person", "the payload's team", "the payload's team by its id", "the person's team"],
    )
    def test_a_payload_that_names_another_workspace_anywhere_is_foreign(self, named: dict[str, Any]) -> None:
        assert parsing.press(press({"deed": "x"}) | named).foreign
        assert parsing.suggestion(press({"deed": "x"}) | {"action_id": "child", "value": "AB"} | named).foreign
        assert parsing.shortcut(press({"deed": "x"}) | named).foreign
        if "view" in named:
            assert parsing.submission(press({"deed": "x"}) | named).foreign
            whole = {"is_enterprise_install": True, "enterprise": {"id": "E1"}}
            assert not parsing.submission(press({"deed": "x"}) | named | whole).foreign, "one of many teams of theirs"

    @pytest.mark.parametrize("named", [{"user_team": "T2"}, {"team": "T2"}])
    def test_an_event_of_somebody_of_another_workspace_is_foreign(self, named: dict[str, str]) -> None:
        body = {"team_id": "T1", "event_id": "Ev1", "event": {"user": "U1"}}
        assert not parsing.opened_home(body).foreign
        assert parsing.opened_home(body | {"event": {"user": "U1"} | named}).foreign
        assert parsing.opened_home(body | {"authorizations": [{"team_id": "T9"}]}).foreign

    def test_a_member_is_not(self) -> None:
        assert not parsing.press(press({"deed": "x"})).foreign
        assert not parsing.command(command()).foreign

    def test_an_organisation_wide_install_is_known_by_the_organisation(self) -> None:
        body = press({"deed": "x"}, team=None, enterprise={"id": "E1"}, is_enterprise_install=True)
        act = parsing.press(body)
        assert (act.workspace, act.foreign) == ("E1", False)
        typed = parsing.command(command(enterprise_id="E1", is_enterprise_install="true"))
        assert (typed.workspace, typed.foreign) == ("E1", False)

    def test_a_workspace_of_an_organisation_installed_by_itself_is_the_team(self) -> None:
        body = press({"deed": "x"}, enterprise={"id": "E1"}, is_enterprise_install=False)
        assert parsing.press(body).workspace == "T1"

    def test_an_event_belongs_to_the_installation_it_was_sent_for(self) -> None:
        sent_for = {"team_id": "T1", "enterprise_id": None, "is_enterprise_install": False}
        body = {"team_id": "T2", "authorizations": [sent_for], "event_id": "Ev1", "event": {"user": "U1"}}
        act = parsing.direct_message(body)
        assert (act.workspace, act.key) == ("T1", "slack:event:T1:Ev1")


class TestEmail:
    CONFIRMED: ClassVar[dict[str, Any]] = {"team_id": "T1", "profile": {"email": "Ann@Anyshire.example"}}

    def test_of_a_member_of_the_organisation_is_taken_whichever_team_is_theirs(self) -> None:
        ours = self.CONFIRMED | {"team_id": "T7", "enterprise_user": {"enterprise_id": "E1"}}
        assert confirmed_email(ours, "E1") == "ann@anyshire.example"
        assert confirmed_email(self.CONFIRMED, "E1") == "", "of no organisation"
        assert confirmed_email(ours | {"enterprise_user": {"enterprise_id": "E2"}}, "E1") == ""

    def test_of_a_member_is_taken(self) -> None:
        assert confirmed_email(self.CONFIRMED, "T1") == "ann@anyshire.example"

    @pytest.mark.parametrize(
        "doubt",
        [
            {"is_email_confirmed": False},
            {"deleted": True},
            {"is_bot": True},
            {"is_stranger": True},
            {"team_id": "T2"},
            {"profile": {}},
        ],
    )
    def test_in_doubt_is_not(self, doubt: dict[str, Any]) -> None:
        assert confirmed_email(self.CONFIRMED | doubt, "T1") == ""


def test_a_search_asks_its_search_and_the_shortcut_is_the_command() -> None:
    typed = {"team": TEAM, "user": USER, "action_id": "child:children", "value": "AB", "view": view()}
    act = parsing.suggestion(typed)
    assert (act.place, act.deed, act.subject, act.words) == (Place.SEARCH, "search", "children", "AB")
    chosen = parsing.shortcut({"team": TEAM, "user": USER, "trigger_id": "7.8"})
    assert (chosen.deed, chosen.command, chosen.words) == ("command", "concern", "")


def test_an_act_becomes_a_request_of_the_person() -> None:
    request = parsing.submission(submission(view())).request("anyshire", 7)
    assert (request.authority, request.person_id, request.platform) == ("anyshire", 7, "slack")
    assert (request.deed, request.subject, request.run) == ("concern.reply", "C-12", 3)
    assert request.text("answer") == "Agreed"


@pytest.mark.parametrize(
    ("text", "deed"),
    [("Hello!", "command"), ("thank you.", "chat.thanks"), ("He ran", "chat.written"), (None, "command")],
)
def test_of_what_is_written_no_word_goes_on(text: str | None, deed: str) -> None:
    event = {"user": "U1", "text": text, "channel": "D1", "ts": "2.0", "thread_ts": "1.0"}
    act = parsing.direct_message({"team_id": "T1", "event_id": "Ev1", "event": event})
    assert (act.place, act.deed, act.channel, act.thread) == (Place.CHAT, deed, "D1", "1.0")
    assert "He" not in f"{act.words} {act.subject} {act.context} {act.values}"


@pytest.mark.parametrize("said", [{"bot_id": "B1"}, {"subtype": "message_changed"}, {"user": None}])
def test_bots_and_edits_are_not_people(said: dict[str, Any]) -> None:
    assert parsing.is_from_a_person({"event": {"user": "U1"}})
    assert not parsing.is_from_a_person({"event": {"user": "U1"} | said})


def test_a_file_of_the_bots_own_is_not_from_a_person() -> None:
    file = {"user": "U0BOT", "subtype": "file_share"}
    assert not parsing.is_from_a_person({"event": file, "authorizations": [{"user_id": "U0BOT", "is_bot": True}]})
    assert parsing.is_from_a_person({"event": file, "authorizations": [{"user_id": "U0ELSE", "is_bot": True}]})
