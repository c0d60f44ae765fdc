"""What Teams sends is read into acts: who, where, what, and under which key."""

from typing import Any, ClassVar

import pytest

from bot.teams import installs, parsing, replies
from bot.teams.parsing import Act, Place
from bot.teams.recognising import confirmed_account, confirmed_addresses
from tests.slack_standin.jsontypes import Json
from tests.teams_standin import activities
from tests.teams_standin.activities import Envelope
from tests.teams_standin.records import Conversation, TeamsUser
from tests.teams_standin.state import TENANT

USER = TeamsUser(id="29:ann", aad_object_id="ann-object", name="Ann Lee", email="ann@x.example", tenant=TENANT)
CHAT = Conversation(id="a:chat", tenant=TENANT, user=USER.aad_object_id)
CHANNEL = Conversation(id="19:everybody@thread.tacv2", tenant=TENANT, kind="channel")


def activity(kind: str, chat: Conversation = CHAT, name: str = "17") -> Json:
    envelope = Envelope(user=USER, chat=chat, app_id="app", service_url="https://smba.example/uk/")
    return envelope.activity(kind, name, 1_768_000_000.0)


def read(body: Json) -> Act:
    act = parsing.act(body)
    assert act is not None
    return act


def typed(text: str, **more: object) -> Act:
    return read(activities.typed(activity("message"), text) | more)


def invoked(name: str, data: Json, number: str = "17") -> Act:
    return read(activities.invoke(activity("invoke", name=number), name, activities.fetched(data)))


class TestTyped:
    @pytest.mark.parametrize("slash", ["", "/"])
    def test_is_its_command_and_the_rest_with_or_without_the_slash(self, slash: str) -> None:
        act = typed(f"{slash}Concern  C-12\xa0reply ")
        assert (act.place, act.deed, act.command, act.words) == (Place.TYPED, "command", "concern", "C-12 reply")

    @pytest.mark.parametrize("text", ["help", "/help", "", "  "])
    def test_help_alone_is_help(self, text: str) -> None:
        assert (typed(text).command, typed(text).words) == ("iro", "help")

    @pytest.mark.parametrize("text", ["\u200bconcern list", "concern\u200b list", "\ufeffconcern list\u200e"])
    def test_leaves_out_letters_that_nobody_sees(self, text: str) -> None:
        assert (typed(text).command, typed(text).words) == ("concern", "list")

    @pytest.mark.parametrize("text", ["She was not seen all week", "She was not seen all week. " * 1000, "ok, will do"])
    def test_of_sentences_that_begin_with_no_command_no_word_goes_on(self, text: str) -> None:
        act = typed(text)
        assert (act.deed, act.command, act.words, act.subject) == ("chat.written", "", "", "")
        assert dict(act.context) == {"channel": CHAT.id}

    def test_what_may_be_a_command_with_a_slip_in_it_is_one(self) -> None:
        act = typed("concren list")
        assert (act.deed, act.command, act.words, act.context["plain"]) == ("command", "concren", "list", "yes")

    def test_what_is_answered_or_quoted_is_known_however_teams_says_it(self) -> None:
        sent = activities.typed(activity("message"), "We have seen him twice")
        for more in (
            sent | {"replyToId": "16"},
            activities.quoting(sent, "16"),
            activities.quoting_in_html(sent, "16"),
        ):
            act = read(more)
            assert (act.deed, act.subject, act.answers) == ("chat.written", "16", "17")
        assert (
            read(activities.quoting(activities.typed(activity("message"), "concern list"), "16")).command == "concern"
        )
        assert (read(sent).subject, read(sent).answers) == ("", "")
        for odd in ({"entities": "x"}, {"entities": [{"type": "quotedReply", "quotedReply": 7}]}, {"attachments": [7]}):
            assert read(sent | odd).deed == "chat.written"

    def test_is_read_in_a_channel_only_when_the_bot_is_named(self) -> None:
        body = activities.mentioned(activity("message", CHANNEL), "concern list")
        act = read(body)
        assert (act.command, act.words, act.where.personal) == ("concern", "list", False)
        assert act.where.conversation == CHANNEL.id
        body["entities"] = body["entities"][:1]
        assert parsing.act(body) is None

    def test_keeps_a_colleague_who_is_mentioned(self) -> None:
        entity = {"type": "mention", "text": "<at>Sam Okoro</at>", "mentioned": {"id": "29:sam", "name": "Sam Okoro"}}
        act = typed("iro away 21 Dec to 4 Jan cover <at>Sam Okoro</at>", entities=[entity])
        assert act.words == "away 21 Dec to 4 Jan cover <at>Sam Okoro</at>"

    def test_the_same_message_has_the_same_key_and_another_another(self) -> None:
        again = typed("concern list")
        assert typed("concern list").key == again.key
        assert read(activities.typed(activity("message", name="18"), "concern list")).key != again.key

    def test_the_key_is_the_persons_own(self) -> None:
        where = typed("concern list").where
        other = parsing.Whereabouts(**{**where.__dict__, "account": "somebody-else"})
        assert parsing.key_of(where, "act:1") != parsing.key_of(other, "act:1")
        assert len(parsing.key_of(where, "act:1")) < 200


class TestPressed:
    DATA: ClassVar[Json] = {"action": "concern.reply", "ours": {"subject": "C-12", "run": 3}}

    def test_a_button_that_opens_a_dialog(self) -> None:
        act = invoked("task/fetch", {"msteams": {"type": "task/fetch"}, **self.DATA})
        assert (act.place, act.deed, act.subject, act.run) == (Place.MESSAGE, "concern.reply", "C-12", 3)

    def test_a_button_that_is_answered_in_place(self) -> None:
        value = activities.executed({"verb": "concern.seen"}, self.DATA | {"action": "concern.seen"})
        act = read(activities.invoke(activity("invoke"), "adaptiveCard/action", value))
        assert (act.place, act.deed, act.subject) == (Place.IN_PLACE, "concern.seen", "C-12")

    def test_the_same_on_a_client_that_knows_no_better(self) -> None:
        act = read(activities.pressed(activity("message"), self.DATA, "12"))
        assert (act.place, act.deed) == (Place.SUBMITTED, "concern.reply")

    def test_a_typed_command_kept_in_a_button(self) -> None:
        act = invoked("task/fetch", {"action": "command", "ours": {"subject": "concern C-12 reply"}})
        assert (act.command, act.words, act.subject) == ("concern", "C-12 reply", "")

    def test_a_form_sent_in_with_what_is_typed(self) -> None:
        data = {
            "action": "x.send",
            "ours": {"as": "submit", "form": "act:1", "context": {"step": "one"}},
            "words": "So.",
        }
        act = invoked("task/submit", data)
        assert (act.place, act.inputs, act.context, act.drawing) == (
            Place.SUBMISSION,
            {"words": "So."},
            {"step": "one"},
            "act:1",
        )

    def test_a_form_sent_twice_has_one_key_and_corrected_another(self) -> None:
        data: dict[str, Any] = {"action": "x.send", "ours": {"as": "submit", "form": "act:1"}, "words": "So."}
        first, again = invoked("task/submit", data, "1"), invoked("task/submit", data, "2")
        assert first.key == again.key
        assert invoked("task/submit", data | {"words": "Not so."}, "3").key != first.key

    def test_finding_and_turning_pages(self) -> None:
        found = invoked("task/submit", {"action": "x", "ours": {"as": "find", "field": "child", "form": "act:1"}})
        turned = invoked("task/submit", {"action": "x", "ours": {"as": "page", "page": 2, "form": "act:1"}})
        assert (found.place, found.wanted, turned.place, turned.page) == (Place.FIND, "child", Place.PAGE, 2)

    @pytest.mark.parametrize("value", [None, [], "x", {}, {"data": []}, {"data": {"action": 7}}, {"data": {"ours": 1}}])
    def test_what_is_none_of_ours_is_no_act(self, value: object) -> None:
        assert parsing.act(activity("invoke") | {"name": "task/fetch", "value": value}) is None


class TestOurs:
    @pytest.mark.parametrize("kind", ["typing", "event", "messageReaction", "", None, 7])
    def test_unknown_kinds_are_left_alone(self, kind: object) -> None:
        assert not parsing.is_ours({"type": kind})

    def test_so_are_unknown_invokes(self) -> None:
        assert not parsing.is_ours({"type": "invoke", "name": "composeExtension/query"})
        assert parsing.is_ours({"type": "invoke", "name": "task/submit"})

    def test_the_tenant_is_the_only_one_named(self) -> None:
        body = activity("message")
        assert parsing.tenant_of(body) == TENANT
        assert parsing.tenant_of(body | {"channelData": {"tenant": {"id": "another"}}}) == ""
        assert parsing.tenant_of(body | {"channelData": None}) == TENANT
        assert parsing.tenant_of(body | {"from": {"tenantId": "another"}}) == "", "somebody of another tenant"
        assert parsing.tenant_of({"conversation": "x", "channelData": [1]}) == ""


class TestInstalls:
    def test_for_a_person_and_away(self) -> None:
        added = installs.change(activities.installed(activity("installationUpdate")))
        removed = installs.change(activities.installed(activity("installationUpdate"), "remove-upgrade"))
        assert added is not None
        assert removed is not None
        assert (added.chat.account, added.removed, removed.removed) == (USER.aad_object_id, False, True)
        assert (added.chat.conversation, added.chat.member) == (CHAT.id, USER.id)

    def test_for_a_team_belongs_to_nobody(self) -> None:
        change = installs.change(activities.members_added(activity("conversationUpdate", CHANNEL)))
        assert change is not None
        assert change.chat.account == ""

    def test_colleagues_who_come_and_go_change_nothing(self) -> None:
        body = activity("conversationUpdate", CHANNEL) | {"membersAdded": [{"id": USER.id}, 7], "membersRemoved": "x"}
        assert installs.change(body) is None


class TestRecognising:
    MEMBER: ClassVar[Json] = {
        "aadObjectId": "ann-object",
        "userPrincipalName": "Ann@x.example",
        "email": "ann.lee@x.example",
    }

    def test_takes_the_sign_in_name_and_the_address(self) -> None:
        assert confirmed_addresses(self.MEMBER, TENANT) == ("ann@x.example", "ann.lee@x.example")

    @pytest.mark.parametrize(
        "more",
        [
            {"userRole": "guest"},
            {"userRole": "anonymous"},
            {"tenantId": "another"},
            {"userPrincipalName": "ann_y.example#EXT#@x.onmicrosoft.com"},
        ],
    )
    def test_believes_no_guest_and_nobody_of_another_tenant(self, more: Json) -> None:
        assert confirmed_addresses(self.MEMBER | more, TENANT) == ()

    def test_an_account_is_found_only_by_its_own_address(self) -> None:
        assert confirmed_account(self.MEMBER, TENANT, "Ann.Lee@x.example") == "ann-object"
        assert confirmed_account(self.MEMBER, TENANT, "someone@x.example") is None


class TestComposed:
    def composed(self, data: Json | None = None, command: str = "logConcern") -> Act | None:
        return parsing.act(activities.composed(activity("invoke"), command, data))

    def test_an_action_under_the_box_for_messages_is_its_command_and_opens_a_dialog(self) -> None:
        act = self.composed()
        assert act is not None
        assert (act.place, act.deed, act.command, act.words) == (Place.MESSAGE, "command", "concern", "")
        assert self.composed(command="other") is None

    def test_what_is_done_in_its_dialog_is_as_in_any_other(self) -> None:
        sent = {"action": "concern.log", "ours": {"as": "submit", "form": "act:1"}, "worries": "Moved."}
        act = self.composed(sent)
        assert act is not None
        assert (act.place, act.deed, act.inputs) == (Place.SUBMISSION, "concern.log", {"worries": "Moved."})
        assert self.composed({"action": "x", "ours": {"as": "find", "field": "child", "form": "act:1"}})

    def test_the_chat_in_which_they_were_writing_is_not_theirs_with_the_bot(self) -> None:
        act = self.composed()
        assert act is not None
        assert act.where.composed
        assert not act.where.personal

    def test_it_is_answered_within_the_five_seconds_that_teams_gives(self) -> None:
        assert replies.COMPOSED_WITHIN_SECONDS + replies.KEPT_SECONDS < 5
