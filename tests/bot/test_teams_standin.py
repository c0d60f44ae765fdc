"""The stand-in for Teams itself: what it takes, what it refuses, what it remembers, and how it fails on demand."""

import json
from collections.abc import Iterator

import httpx2
import jwt
import pytest

from tests.slack_standin.jsontypes import Json
from tests.teams_standin import (
    Dialog,
    TeamsMessage,
    TeamsPerson,
    TeamsStandIn,
    check_activity,
    check_card,
    plain_text_of,
)
from tests.teams_standin.filling import RefusedByTeams, find_input, refuse_unready, sent_values, typed_value
from tests.teams_standin.pressing import controls, find_control
from tests.teams_standin.rates import RateLimits
from tests.teams_standin.records import ADAPTIVE, TeamsUser
from tests.teams_standin.rendering import markdown_text
from tests.teams_standin.signing import signed_token, unsigned_token

SUBMIT: Json = {"type": "Action.Submit", "title": "Log", "data": {"action": "log"}}
CARD: Json = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "msteams": {"width": "Full"},
    "body": [
        {"type": "TextBlock", "text": "**Log a concern**", "wrap": True},
        {"type": "Input.Text", "id": "worries", "label": "What are we worried about?", "isRequired": True},
        {
            "type": "Input.ChoiceSet",
            "id": "reasons",
            "label": "Other reasons",
            "isMultiSelect": True,
            "style": "expanded",
            "choices": [{"title": "Drift", "value": "drift"}, {"title": "Plan", "value": "plan"}],
        },
        {"type": "Input.Date", "id": "by", "label": "By when", "value": "2026-12-18"},
        {"type": "TextBlock", "text": "C-9"},
        {"type": "ActionSet", "actions": [{**SUBMIT, "title": "Open"}]},
        {"type": "TextBlock", "text": "C-8"},
        {"type": "ActionSet", "actions": [{**SUBMIT, "title": "Open"}]},
    ],
    "actions": [SUBMIT],
}
MESSAGE: Json = {
    "type": "message",
    "summary": "Log a concern",
    "attachments": [{"contentType": ADAPTIVE, "content": CARD}],
}


@pytest.fixture
def teams() -> Iterator[TeamsStandIn]:
    """A tenant with one person in it."""
    with TeamsStandIn() as standin:
        standin.add_user("ann.lee", "Ann Lee")
        yield standin


def ann(teams: TeamsStandIn) -> TeamsUser:
    (user,) = teams.users.values()
    return user


def call(teams: TeamsStandIn, method: str, path: str, body: Json | None = None, token: str = "") -> httpx2.Response:
    bearer = {"Authorization": f"Bearer {token or teams.outbound_token}"}
    with httpx2.Client(trust_env=False) as client:
        return client.request(method, f"{teams.service_url}v3/conversations{path}", json=body, headers=bearer)


def posted(teams: TeamsStandIn, body: Json = MESSAGE) -> httpx2.Response:
    return call(teams, "POST", f"/{teams.personal_chat(ann(teams)).id}/activities", body)


# cards


def test_a_good_card_is_taken() -> None:
    assert check_card(CARD) == []
    assert check_activity(MESSAGE) == []


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"type": "Carousel"}, "schema"),
        ({"type": "TextBlock", "text": 5}, "schema"),
        ({"type": "TextBlock", "text": "a", "size": "Huge"}, "schema"),
        ({"type": "TextBlock", "text": "a", "wrapp": True}, "schema"),
        ({"type": "Input.Text", "label": "a"}, "schema"),
        ({"type": "Input.Text", "id": "worries", "label": "a"}, "used twice"),
        ({"type": "Input.Text", "id": "other"}, "no label"),
        ({"type": "ActionSet", "actions": [SUBMIT] * 7}, "7 actions in one row"),
        ({"type": "ActionSet", "actions": [{"type": "Action.Submit", "data": {}}]}, "no words"),
        ({"type": "ActionSet", "actions": [{"type": "Action.Execute", "title": "a", "verb": "b"}]}, "no data.action"),
        ({"type": "ActionSet", "actions": [{**SUBMIT, "type": "Action.Execute"}]}, "no verb"),
    ],
)
def test_a_card_with_one_thing_wrong_is_refused(part: Json, said: str) -> None:
    problems = check_card(CARD | {"body": [*CARD["body"], part]})
    assert len(problems) == 1
    assert said in problems[0]


def test_cards_younger_than_teams_takes_from_bots_are_refused() -> None:
    assert check_card(CARD | {"version": "1.6"}) == ["Bots may send cards up to version 1.5, not 1.6."]


def test_a_message_is_refused_when_it_is_too_large_empty_or_tells_the_notification_nothing() -> None:
    long = {"type": "TextBlock", "text": "a" * 14_400}
    attachment = {"contentType": ADAPTIVE, "content": CARD | {"body": [long]}}
    assert "Teams takes 28672" in check_activity(MESSAGE | {"attachments": [attachment]})[0]
    assert check_activity({"type": "message", "text": " "})[0] == "The message is empty."
    assert check_activity(MESSAGE | {"summary": ""}) == [
        "The notification of the card would say nothing: it has no summary."
    ]


def test_a_card_is_read_filled_in_and_pressed_as_it_looks() -> None:
    message = TeamsMessage(tenant="t", conversation="c", user="u", id="1", versions=[MESSAGE])
    assert plain_text_of(message).splitlines() == [
        "Log a concern",
        "What are we worried about?",
        "Other reasons: ( ) Drift ( ) Plan",
        "By when: 2026-12-18",
        "C-9",
        "[Open]",
        "C-8",
        "[Open]",
        "[Log]",
    ]
    assert [one.words for one in controls(CARD)] == ["Open", "Open", "Log"]
    assert find_control(CARD, "Open", near="C-8").near == "C-8"
    assert typed_value(find_input(CARD, "Other reasons"), ["Drift", "Plan"]) == "drift,plan"
    assert sent_values(CARD, {"worries": "No plan."}) == {"worries": "No plan.", "by": "2026-12-18"}
    with pytest.raises(RefusedByTeams):
        refuse_unready(CARD, {})
    with pytest.raises(RefusedByTeams):
        typed_value(find_input(CARD, "Other reasons"), "Distance")


class Unanswered(TeamsPerson):
    """Someone whose bot answers every press with nothing."""

    def invoke(self, activity: Json) -> Json:
        return {}


def test_a_page_that_does_not_turn_is_said_instead_of_turned_for_ever(teams: TeamsStandIn) -> None:
    more = {**SUBMIT, "title": "More"}
    body = [{"type": "TextBlock", "text": "Page 1 of 2"}, {"type": "ActionSet", "actions": [more]}]
    user = ann(teams)
    form = Dialog(tenant=user.tenant, user=user.aad_object_id, title="History", card=CARD | {"body": body})
    with pytest.raises(RefusedByTeams, match="“More” led to no other page"):
        Unanswered(teams, "http://127.0.0.1:1", user)._read_through(form)


def test_markdown_is_read_as_it_looks() -> None:
    assert markdown_text("**Due**: [here](https://a.example)  \n\n5 \\* 3, snake_case_name") == (
        "Due: here\n5 * 3, snake_case_name"
    )


# the connector


def test_messages_are_posted_changed_and_remembered(teams: TeamsStandIn) -> None:
    answer = posted(teams)
    assert answer.status_code == 201
    name = answer.json()["id"]
    changed = call(
        teams, "PUT", f"/{teams.messages[0].conversation}/activities/{name}", {"type": "message", "text": "Earlier"}
    )
    assert changed.status_code == 200
    assert [message.text for message in teams.messages_to(ann(teams))] == ["Earlier"]
    assert [call.operation for call in teams.calls] == ["post", "update"]
    assert teams.violations == []


def test_a_bad_message_is_refused_and_remembered(teams: TeamsStandIn) -> None:
    assert posted(teams, {"type": "message"}).status_code == 400
    assert posted(teams, {"type": "message", "text": "a" * 20_000}).status_code == 413
    assert [one.where for one in teams.violations] == ["a message"] * 2
    assert teams.messages == []


def test_a_chat_is_made_with_a_person_of_the_tenant_for_whom_the_bot_is_installed(teams: TeamsStandIn) -> None:
    user = ann(teams)
    wanted: Json = {"members": [{"id": user.aad_object_id}], "tenantId": user.tenant}
    assert call(teams, "POST", "", wanted).json() == {"id": teams.personal_chat(user).id}
    assert call(teams, "POST", "", wanted | {"tenantId": "another"}).status_code == 404
    assert call(teams, "POST", "", {"members": wanted["members"]}).status_code == 400
    user.installed = False
    refused = call(teams, "POST", "", wanted)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "BotNotInConversationRoster")
    assert posted(teams).status_code == 403


def test_members_are_looked_up_in_a_chat(teams: TeamsStandIn) -> None:
    user = ann(teams)
    chat = teams.personal_chat(user)
    assert [one["userPrincipalName"] for one in call(teams, "GET", f"/{chat.id}/members").json()] == [user.email]
    for name in (user.id, user.aad_object_id, user.email):
        assert call(teams, "GET", f"/{chat.id}/members/{name}").json()["aadObjectId"] == user.aad_object_id
    assert call(teams, "GET", f"/{chat.id}/members/somebody").status_code == 404


def test_a_bot_without_its_token_is_refused(teams: TeamsStandIn) -> None:
    chat = teams.personal_chat(ann(teams)).id
    assert call(teams, "POST", f"/{chat}/activities", MESSAGE, token="another").status_code == 401
    teams.token_error = 401
    assert posted(teams).status_code == 401
    assert teams.messages == []


def test_faults_come_when_asked_for(teams: TeamsStandIn) -> None:
    teams.fail_next("post", retry_after=3)
    answer = posted(teams)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    teams.fail_next("post", status=502)
    assert posted(teams).status_code == 502
    assert teams.messages == []
    teams.fail_next("post", no_id=True)
    answer = posted(teams)
    assert (answer.status_code, answer.json()) == (202, {})
    for kind in ("drop_reply", "drop_request"):
        teams.fail_next("post", drop_reply=kind == "drop_reply", drop_request=kind == "drop_request")
        with pytest.raises(httpx2.TransportError):
            posted(teams)
    assert len(teams.messages) == 2
    assert [call.status for call in teams.calls] == [429, 502, 202, 0, 0]


def test_rates_are_counted_by_conversation_and_by_tenant() -> None:
    now = [0.0]
    rates = RateLimits(lambda: now[0])
    for _ in range(7):
        assert rates.seconds_to_wait("t", "post", "a") is None
    assert rates.seconds_to_wait("t", "post", "a") == 1
    assert rates.seconds_to_wait("t", "member", "a") is None
    now[0] = 1.0
    assert rates.seconds_to_wait("t", "post", "a") is None
    assert rates.seconds_to_wait("t", "post", "a") == 1, "eight in two seconds"
    for number in range(29):
        assert rates.seconds_to_wait("t", "post", f"b{number}") is None
    assert rates.seconds_to_wait("t", "post", "c") == 1


# tokens


def test_tokens_prove_themselves_by_the_published_keys(teams: TeamsStandIn) -> None:
    address = teams.openid_url.replace("openidconfiguration", "keys")
    published = json.loads(httpx2.get(address, trust_env=False).text)
    (key,) = jwt.PyJWKSet.from_dict(published).keys
    token = signed_token(teams.app_id, teams.service_url)
    claims = jwt.decode(token, key.key, algorithms=["RS256"], audience=teams.app_id)
    assert claims["serviceurl"] == teams.service_url
    assert httpx2.get(teams.openid_url, trust_env=False).json()["jwks_uri"] == address
    forged = unsigned_token(teams.app_id, teams.service_url)
    with pytest.raises(jwt.InvalidTokenError):
        jwt.decode(forged, key.key, algorithms=["RS256"], audience=teams.app_id)
