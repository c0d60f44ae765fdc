"""The stand-in for Slack refuses what Slack refuses, keeps what it was told, and fails when asked to."""

import hashlib
import hmac
from collections.abc import Callable, Iterator

import httpx2
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web import WebClient

from tests.slack_standin import SlackStandIn, plain_text_of, signed_headers
from tests.slack_standin.jsontypes import Json
from tests.slack_standin.sample_blocks import modal, row, section

SECRET = "signing-secret-of-the-tests"
IRO = "U0IRO"


class Clock:
    """Unix seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def standin(clock: Clock) -> Iterator[SlackStandIn]:
    with SlackStandIn(clock=clock) as running:
        running.add_user(IRO, "Imogen Okafor")
        running.add_user("U0LEFT", "Lee Gone", deactivated=True)
        running.add_user("U0SHY", "Shy Person", can_be_messaged=False)
        yield running


@pytest.fixture
def client(standin: SlackStandIn) -> WebClient:
    return WebClient(token="xoxb-standin", base_url=standin.base_url, retry_handlers=[])


def error_of(call: Callable[[], object]) -> str:
    with pytest.raises(SlackApiError) as refused:
        call()
    return str(refused.value.response["error"])


# ------------------------------------------------------------------ signatures


def test_a_signed_request_is_one_slacks_own_verifier_accepts() -> None:
    headers = signed_headers(SECRET, "a=1", 1_700_000_000)
    by_hand = hmac.new(SECRET.encode(), b"v0:1700000000:a=1", hashlib.sha256).hexdigest()
    assert headers["X-Slack-Signature"] == f"v0={by_hand}"
    verifier = SignatureVerifier(SECRET)
    assert verifier.is_valid_request("a=1", dict(signed_headers(SECRET, "a=1")))
    assert not verifier.is_valid_request("a=2", dict(signed_headers(SECRET, "a=1")))
    assert not verifier.is_valid_request("a=1", dict(headers))


# ------------------------------------------------------------------ tokens and people


def test_a_token_that_is_wrong_missing_or_taken_back_is_refused(standin: SlackStandIn) -> None:
    wrong = WebClient(token="xoxb-wrong", base_url=standin.base_url, retry_handlers=[])
    missing = WebClient(base_url=standin.base_url, retry_handlers=[])
    right = WebClient(token="xoxb-standin", base_url=standin.base_url, retry_handlers=[])
    assert error_of(wrong.auth_test) == "invalid_auth"
    assert error_of(missing.auth_test) == "not_authed"
    assert right.auth_test()["team_id"] == "T0ANYSHIRE"
    standin.workspace().token_error = "token_revoked"
    assert error_of(right.auth_test) == "token_revoked"


def test_people_are_found_by_id_and_by_email_unless_they_left(client: WebClient) -> None:
    assert client.users_info(user=IRO)["user"]["profile"]["email"] == "imogen.okafor@anyshire.example"
    assert client.users_lookupByEmail(email="Imogen.Okafor@anyshire.example")["user"]["id"] == IRO
    assert client.users_info(user="U0LEFT")["user"]["deleted"] is True
    assert error_of(lambda: client.users_lookupByEmail(email="lee.gone@anyshire.example")) == "users_not_found"
    assert error_of(lambda: client.users_info(user="U0NOBODY")) == "user_not_found"


def test_two_workspaces_do_not_see_each_other(standin: SlackStandIn) -> None:
    standin.add_workspace("T0OTHER", "xoxb-other")
    standin.add_user("U0THEIRS", "Their Person", team="T0OTHER")
    other = WebClient(token="xoxb-other", base_url=standin.base_url, retry_handlers=[])
    assert error_of(lambda: other.chat_postMessage(channel=IRO, text="Hello")) == "channel_not_found"
    assert other.chat_postMessage(channel="U0THEIRS", text="Hello")["ok"]
    trigger = standin.trigger(IRO, "T0ANYSHIRE")
    assert error_of(lambda: other.views_open(trigger_id=trigger, view=modal(section("x")))) == "invalid_trigger_id"


def test_an_install_code_becomes_a_token_once(standin: SlackStandIn) -> None:
    client = WebClient(base_url=standin.base_url, retry_handlers=[])
    code = standin.new_oauth_code()

    def exchange() -> object:
        return client.oauth_v2_access(client_id="1", client_secret="2", code=code)

    assert client.oauth_v2_access(client_id="1", client_secret="2", code=code)["access_token"] == "xoxb-standin"
    assert error_of(exchange) == "invalid_code"


# ------------------------------------------------------------------ messages


def test_a_message_to_a_person_lands_in_their_direct_channel(standin: SlackStandIn, client: WebClient) -> None:
    opened = client.conversations_open(users=[IRO])["channel"]["id"]
    by_user = client.chat_postMessage(channel=IRO, text="One", blocks=[section("*One*")])
    by_channel = client.chat_postMessage(channel=opened, text="Two")
    assert by_user["channel"] == by_channel["channel"] == opened
    assert [plain_text_of(message) for message in standin.messages_to(IRO)] == ["One", "Two"]
    assert standin.calls_of("chat.postMessage")[0].args["text"] == "One"
    assert standin.messages[0].blocks[0]["block_id"]


@pytest.mark.parametrize(
    ("user", "posting", "opening"),
    [
        ("U0NOBODY", "channel_not_found", "user_not_found"),
        ("U0SHY", "channel_not_found", "user_not_visible"),
    ],
)
def test_who_cannot_be_reached_is_refused(client: WebClient, user: str, posting: str, opening: str) -> None:
    assert error_of(lambda: client.chat_postMessage(channel=user, text="Hello")) == posting
    assert error_of(lambda: client.conversations_open(users=user)) == opening


def test_a_message_to_a_deactivated_account_is_taken_and_only_users_info_tells(client: WebClient) -> None:
    assert client.chat_postMessage(channel="U0LEFT", text="Hello")["ok"]
    assert client.users_info(user="U0LEFT")["user"]["deleted"]
    assert error_of(lambda: client.conversations_open(users="U0LEFT")) == "user_disabled"


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"text": "t", "blocks": [section("")]}, "invalid_blocks"),
        ({"text": "t", "blocks": [section("x" * 2900)] * 5}, "msg_blocks_too_long"),
        ({"text": "t" * 4001}, "msg_too_long"),
    ],
)
def test_a_bad_message_is_refused_and_remembered(
    standin: SlackStandIn, client: WebClient, message: Json, error: str
) -> None:
    assert error_of(lambda: client.chat_postMessage(channel=IRO, **message)) == error
    assert standin.messages == []
    (violation,) = standin.violations
    assert violation.where == "chat.postMessage"
    assert violation.problems


def test_blocks_may_come_as_json_in_a_form(standin: SlackStandIn) -> None:
    form = {"token": "xoxb-standin", "channel": IRO, "text": "t", "blocks": '[{"type": "divider"}]'}
    answer = httpx2.post(f"{standin.base_url}chat.postMessage", data=form).json()
    assert answer["ok"]
    assert standin.messages[0].blocks[0]["type"] == "divider"


def test_an_update_keeps_every_version_and_blocks_go_only_when_emptied(
    standin: SlackStandIn, client: WebClient
) -> None:
    posted = client.chat_postMessage(channel=IRO, text="Reply", blocks=[section("Needs a reply"), row(("Reply", "12"))])
    where = {"channel": posted["channel"], "ts": posted["ts"]}
    client.chat_update(**where, text="Replied")
    (message,) = standin.messages_to(IRO)
    assert plain_text_of(message) == "Needs a reply\n[Reply]"
    client.chat_update(**where, text="Replied", blocks=[])
    assert plain_text_of(message) == "Replied"
    assert [version["text"] for version in message.versions] == ["Reply", "Replied", "Replied"]
    assert error_of(lambda: client.chat_update(channel=where["channel"], ts="1.0", text="x")) == "message_not_found"
    assert error_of(lambda: client.chat_update(channel="D0", ts=where["ts"], text="x")) == "channel_not_found"
    client.chat_delete(**where)
    assert standin.messages_to(IRO) == []
    assert error_of(lambda: client.chat_delete(**where)) == "message_not_found"


def test_history_of_the_bots_own_channel_comes_newest_first_in_pages(client: WebClient) -> None:
    metadata = {"event_type": "nudge", "event_payload": {"concern": "C-12"}}
    posted = [client.chat_postMessage(channel=IRO, text=f"{one}", metadata=metadata) for one in range(3)]
    channel = posted[0]["channel"]
    page = client.conversations_history(channel=channel, limit=2, include_all_metadata=True)
    assert [message["text"] for message in page["messages"]] == ["2", "1"]
    assert page["messages"][0]["metadata"] == metadata
    rest = client.conversations_history(channel=channel, cursor=page["response_metadata"]["next_cursor"])
    assert [message["text"] for message in rest["messages"]] == ["0"]
    assert "metadata" not in rest["messages"][0]
    assert client.conversations_info(channel=channel)["channel"]["user"] == IRO
    assert error_of(lambda: client.conversations_history(channel="C0GENERAL")) == "channel_not_found"


def test_a_message_of_nothing_is_refused(standin: SlackStandIn) -> None:
    form = {"token": "xoxb-standin", "channel": IRO, "text": ""}
    assert httpx2.post(f"{standin.base_url}chat.postMessage", data=form).json()["error"] == "no_text"
    assert standin.violations[0].problems == ["A message needs text or blocks."]


# ------------------------------------------------------------------ views and triggers


def test_a_trigger_opens_one_view_within_three_seconds(standin: SlackStandIn, client: WebClient, clock: Clock) -> None:
    view = modal(section("x"))
    trigger, late = standin.trigger(IRO), standin.trigger(IRO)
    clock.now += 2.9
    client.views_open(trigger_id=trigger, view=view)
    assert error_of(lambda: client.views_open(trigger_id=trigger, view=view)) == "exchanged_trigger_id"
    clock.now += 0.2
    assert error_of(lambda: client.views_open(trigger_id=late, view=view)) == "expired_trigger_id"
    assert error_of(lambda: client.views_open(trigger_id="1.2.3", view=view)) == "invalid_trigger_id"


def test_a_bad_view_is_refused_remembered_and_spends_no_trigger(standin: SlackStandIn, client: WebClient) -> None:
    trigger = standin.trigger(IRO)
    with pytest.raises(SlackApiError) as refused:
        client.views_open(trigger_id=trigger, view=modal(section("x"), title="t" * 25))
    assert refused.value.response["error"] == "invalid_arguments"
    assert "25 characters" in refused.value.response["response_metadata"]["messages"][0]
    assert [violation.where for violation in standin.violations] == ["views.open"]
    assert client.views_open(trigger_id=trigger, view=modal(section("x")))["ok"]


def test_views_stack_three_deep_and_are_updated_by_id_and_hash(standin: SlackStandIn, client: WebClient) -> None:
    first = client.views_open(trigger_id=standin.trigger(IRO), view=modal(section("1")))["view"]
    for number in ("2", "3"):
        trigger = standin.trigger(IRO, from_view=standin.current_view(IRO))
        client.views_push(trigger_id=trigger, view=modal(section(number)))
    trigger = standin.trigger(IRO, from_view=standin.current_view(IRO))
    assert error_of(lambda: client.views_push(trigger_id=trigger, view=modal(section("4")))) == "push_limit_reached"
    changed = client.views_update(view_id=first["id"], hash=first["hash"], view=modal(section("1b")))["view"]
    assert changed["hash"] != first["hash"]
    again = {"view_id": first["id"], "hash": first["hash"], "view": modal(section("1c"))}
    assert error_of(lambda: client.views_update(**again)) == "hash_conflict"
    assert error_of(lambda: client.views_update(view_id="V0", view=modal(section("x")))) == "not_found"
    home = {"type": "home", "blocks": [section("Your day")]}
    assert client.views_publish(user_id=IRO, view=home)["ok"]
    assert plain_text_of(standin.homes["T0ANYSHIRE", IRO]) == "Your day"
    assert error_of(lambda: client.views_publish(user_id=IRO, view=modal(section("x")))) == "invalid_arguments"


def test_a_response_url_takes_five_posts_in_thirty_minutes(standin: SlackStandIn, clock: Clock) -> None:
    address = standin.new_response_url(IRO, "T0ANYSHIRE")
    told = [httpx2.post(address, json={"text": f"{one}"}).status_code for one in range(6)]
    assert told == [200] * 5 + [404]
    assert [message.text for message in standin.ephemerals] == ["0", "1", "2", "3", "4"]
    assert [post.accepted for post in standin.response_urls] == [True] * 5 + [False]
    fresh = standin.new_response_url(IRO, "T0ANYSHIRE")
    clock.now += 30 * 60 + 1
    assert httpx2.post(fresh, json={"text": "late"}).text == "expired_url"


# ------------------------------------------------------------------ rates and faults


def test_rates_bind_only_when_asked_for(standin: SlackStandIn, client: WebClient, clock: Clock) -> None:
    for one in range(8):
        client.chat_postMessage(channel=IRO, text=f"{one}")
    standin.enforce_rates = True
    for one in range(4):
        client.chat_postMessage(channel=IRO, text=f"{one}")
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=IRO, text="too many")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"
    clock.now += 1
    assert client.chat_postMessage(channel=IRO, text="in time")["ok"]


def test_a_workspace_takes_three_hundred_posts_a_minute(standin: SlackStandIn, clock: Clock) -> None:
    def wait(one: int) -> int | None:
        return standin.rates.seconds_to_wait("T0ANYSHIRE", "chat.postMessage", f"D{one}")

    assert [wait(one) for one in range(301)] == [None] * 300 + [60]
    clock.now += 60
    assert wait(301) is None


def test_a_method_takes_the_calls_of_its_tier(standin: SlackStandIn) -> None:
    def wait(method: str) -> int | None:
        return standin.rates.seconds_to_wait("T0ANYSHIRE", method, None)

    assert [wait("conversations.open") for _ in range(51)] == [None] * 50 + [60]
    assert [wait("views.open") for _ in range(101)] == [None] * 100 + [60]
    assert [wait("auth.test") for _ in range(500)] == [None] * 500


def test_a_planned_refusal_meets_the_next_calls_only(standin: SlackStandIn, client: WebClient) -> None:
    standin.fail_next("chat.postMessage", times=2, error="fatal_error")
    standin.fail_next("chat.postMessage", status=503)
    standin.fail_next("chat.postMessage", retry_after=7)
    for expected in (200, 200, 503, 429):
        with pytest.raises(SlackApiError) as refused:
            client.chat_postMessage(channel=IRO, text="Hello")
        assert refused.value.response.status_code == expected
        assert refused.value.response.headers.get("Retry-After") == ("7" if expected == 429 else None)
    assert standin.messages == []
    assert client.chat_postMessage(channel=IRO, text="Hello")["ok"]
    assert len(standin.calls_of("chat.postMessage")) == 5


def test_a_dropped_reply_leaves_the_message_and_a_dropped_request_does_not(standin: SlackStandIn) -> None:
    address, headers = f"{standin.base_url}chat.postMessage", {"Authorization": "Bearer xoxb-standin"}
    for fault in ("drop_request", "drop_reply"):
        standin.fail_next("*", drop_request=fault == "drop_request", drop_reply=fault == "drop_reply")
        with pytest.raises(httpx2.TransportError):
            httpx2.post(address, json={"channel": IRO, "text": fault}, headers=headers)
    assert [message.text for message in standin.messages_to(IRO)] == ["drop_reply"]


def test_a_delayed_call_outlasts_an_impatient_client(standin: SlackStandIn) -> None:
    standin.fail_next("auth.test", delay=0.3)
    with pytest.raises(httpx2.ReadTimeout):
        httpx2.post(f"{standin.base_url}auth.test", timeout=0.1)
