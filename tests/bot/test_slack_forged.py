"""Whoever is not Slack is refused by the raw bytes, and what Slack signs but does not mean is refused as malformed."""

import asyncio
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from bot.connecting import Connected
from bot.kept_forms import KeptForms, Stored
from bot.reception.reception import Reception
from bot.reception.recognising import Linking
from bot.reception.service import Service
from bot.slack import payloads
from bot.slack.app import create_slack_app
from bot.slack.clients import SlackClients
from bot.slack.endpoint import entrance
from bot.sound_json import Malformed
from bot.threads import WorkerThreads
from bot.web import Site, create_web
from handlers.cards import Answer, Errors, Notice
from handlers.requests import Request
from tests.bot.at_the_door import nothing_wrong
from tests.slack_standin import payloads as slack
from tests.slack_standin.home import shown_home
from tests.slack_standin.jsontypes import Json

SECRET = "a made-up signing secret"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
SENDER = slack.Sender(team_id="T1", team_domain="anyshire", user_id="U1", user_name="ann")
CHANNEL = {"id": "D1", "name": "directmessage"}
COMMAND = slack.slash_command(SENDER, "/iro", "help", trigger_id="1.2.3", response_url="", channel=CHANNEL)
OURS = json.dumps({"deed": "concern.reply", "subject": "C-12", "run": 3, "nonce": "n", "context": {"child": "AB-1"}})
OPTION: Json = {"text": {"type": "plain_text", "text": "Drift"}, "value": "a"}
PRESS: Json = {"type": "button", "action_id": "a1", "block_id": "b1", "value": OURS}
VIEW: Json = {
    "id": "V1",
    "type": "modal",
    "callback_id": "form",
    "private_metadata": OURS,
    "title": {"type": "plain_text", "text": "Log a concern"},
    "submit": {"type": "plain_text", "text": "Log"},
    "blocks": [
        {
            "type": "input",
            "block_id": "worry.n",
            "label": {"type": "plain_text", "text": "What are we worried about?"},
            "element": {"type": "plain_text_input", "action_id": "worry", "max_length": 3000},
        },
        {
            "type": "input",
            "block_id": "one.n",
            "label": {"type": "plain_text", "text": "One of these"},
            "hint": {"type": "plain_text", "text": "The nearest."},
            "element": {"type": "static_select", "action_id": "one", "options": [OPTION]},
        },
        {
            "type": "input",
            "block_id": "two.n",
            "label": {"type": "plain_text", "text": "Some of these"},
            "element": {"type": "multi_static_select", "action_id": "two", "option_groups": [{"options": [OPTION]}]},
        },
        {"type": "section", "block_id": "s", "text": {"type": "mrkdwn", "text": "Words."}},
        {"type": "actions", "block_id": "a", "elements": [{**PRESS, "text": {"type": "plain_text", "text": "Save"}}]},
    ],
    "state": {
        "values": {
            "worry.n": {"worry": {"type": "plain_text_input", "value": "No plan."}},
            "when.n": {"when": {"type": "datepicker", "selected_date": "2026-12-01"}},
            "one.n": {"one": {"type": "static_select", "selected_option": OPTION}},
            "two.n": {"two": {"type": "checkboxes", "selected_options": [OPTION]}},
        }
    },
}


def event(inner: Json) -> Json:
    return slack.event_callback("T1", inner, event_id="Ev1", event_time=1, bot_user_id="UBOT")


STRAIGHT: dict[str, Json] = {
    "command": dict(COMMAND),
    "press": slack.message_action(SENDER, {"ts": "1.2"}, CHANNEL, PRESS, trigger_id="1.2", response_url=""),
    "press in a form": slack.view_action(SENDER, VIEW, PRESS, trigger_id="1.2"),
    "submission": slack.view_submission(SENDER, VIEW, trigger_id="1.2"),
    "closed": slack.view_closed(SENDER, VIEW),
    "search": slack.block_suggestion(SENDER, {"view": VIEW}, "b1", "child:child", "AB"),
    "shortcut": slack.global_shortcut(SENDER, "log_concern", trigger_id="1.2"),
    "home": event(slack.app_home_opened("U1", "D1", "1.2")),
    "message": event({"type": "message", "user": "U1", "channel_type": "im", "channel": "D1", "text": "hello"}),
    "revoked": event(slack.tokens_revoked("UBOT")),
    "another event": event({"type": "user_change", "user": {"id": "U1"}}),
    "question": slack.url_verification("x"),
}


class Handlers:
    """Stands where dispatch stands, in a workspace where nobody can be written to; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.answer: Answer = Notice(text="Here is help.")

    def service(self) -> Service:
        def answered(request: Request, _opens_forms: bool) -> Answer:
            self.asked.append(request)
            json.dumps(request.values).encode()  # whatever reaches the handlers can be written down
            return self.answer

        return Service(
            answer=answered,
            connected=lambda _, __: Connected(authority="anyshire"),
            person_of=lambda *_: 7,
            link=lambda *_: Linking.NOBODY,
            link_anew=lambda *_: Linking.NOBODY,
            forget=lambda _, __: None,
            keep_form=lambda *_: None,
            in_service=lambda *_: True,
            kept_form=lambda *_: Stored(),
        )


class Door:
    """The Slack edge behind its door, without a socket."""

    def __init__(self) -> None:
        self.handlers = Handlers()
        threads, clients = WorkerThreads(2), SlackClients("http://127.0.0.1:9/")
        self._stops = (threads.drain, clients.stop)
        reception = Reception(self.handlers.service(), threads, KeptForms(time.monotonic))
        app = create_slack_app(
            reception, threads=threads, clients=clients, open_home=shown_home(clients), signing_secret=SECRET
        )
        self.web: Starlette = create_web(Site(problems=nothing_wrong, routes=[entrance(app)]))
        self._loop = asyncio.Runner()
        transport = httpx2.ASGITransport(self.web, raise_app_exceptions=False)
        self._client = httpx2.AsyncClient(transport=transport, base_url="http://bot")

    def close(self) -> None:
        for stop in self._stops:
            self._loop.run(stop())
        self._loop.close()

    def posted(self, body: bytes, headers: list[tuple[bytes, bytes]], path: str = "/slack/events") -> httpx2.Response:
        return self._loop.run(self._client.post(path, content=body, headers=headers))

    def signed(self, body: bytes, content_type: str = FORM) -> int:
        return self.posted(body, [(b"content-type", content_type.encode()), *signature(body)]).status_code

    def sent(self, payload: Json) -> int:
        """The status for a payload, signed, the way Slack sends one of its kind."""
        if "command" in payload:
            return self.signed(urlencode(payload).encode())
        if "event" in payload or payload.get("type") == "url_verification":
            return self.signed(json.dumps(payload).encode(), JSON)
        return self.signed(slack.form_body(payload).encode())


def signature(body: bytes, moment: bytes = b"", secret: str = SECRET) -> list[tuple[bytes, bytes]]:
    moment = moment or str(int(time.time())).encode()
    made = hmac.new(secret.encode(), b"v0:" + moment + b":" + body, hashlib.sha256).hexdigest()
    return [(b"x-slack-request-timestamp", moment), (b"x-slack-signature", b"v0=" + made.encode())]


@pytest.fixture(scope="module")
def served() -> Iterator[Door]:
    made = Door()
    yield made
    made.close()


@pytest.fixture
def door(served: Door, caplog: pytest.LogCaptureFixture) -> Iterator[Door]:
    """The edge, whose log must stay silent: strangers and malformed requests are no incidents of ours."""
    caplog.set_level(logging.WARNING)
    served.handlers.asked.clear()
    yield served
    assert caplog.text == ""


def test_an_odd_signature_is_refused_without_a_word_in_the_log(door: Door) -> None:
    body = urlencode(COMMAND).encode()
    good = signature(body)
    now, made = good[0][1], good[1][1]
    stamp, sign = (name for name, _ in good)
    other_digits = "".join(chr(0x0660 + int(digit)) for digit in now.decode()).encode()
    odd = {
        "none": [],
        "no timestamp": [good[1]],
        "no signature": [good[0]],
        "a byte above ASCII": [good[0], (sign, b"v0=\xe9")],
        "a byte above ASCII behind a good one": [good[0], (sign, made + b"\xe9")],
        "a timestamp of 400 digits": [(stamp, b"9" * 400), good[1]],
        "a timestamp of 5000 digits": [(stamp, b"9" * 5000), good[1]],
        "Arabic digits": [(stamp, other_digits), good[1]],
        "superscript digits": [(stamp, b"\xb2\xb3"), good[1]],
        "a timestamp with a sign": [(stamp, b"+" + now), good[1]],
        "a timestamp with a point": [(stamp, now + b".0"), good[1]],
        "a timestamp with _": [(stamp, now[:5] + b"_" + now[5:]), good[1]],
        "no number": [(stamp, b"NaN"), good[1]],
        "an empty timestamp": [(stamp, b""), good[1]],
        "an empty signature": [good[0], (sign, b"")],
        "capital letters": [good[0], (sign, made.upper())],
        "without its version": [good[0], (sign, made[3:])],
        "another secret": signature(body, secret="another"),
        "another body": signature(body + b"&"),
        "too old": signature(body, str(int(time.time()) - 400).encode()),
        "from the future": signature(body, str(int(time.time()) + 400).encode()),
        "two signatures": [*good, (sign, made)],
        "two timestamps": [*good, (stamp, now)],
    }
    for name, headers in odd.items():
        assert door.posted(body, headers).status_code == 401, name
    for path in ("/slack/events", "/slack/events%0A"):  # a route takes a line's end at the end of its address too
        assert door.posted(body, [], path).status_code == 401, path
    assert door.posted(b"", []).status_code == 401
    assert door.handlers.asked == []
    assert door.posted(body, [*good, (b"content-type", FORM.encode())]).status_code == 200
    assert len(door.handlers.asked) == 1


def test_a_signed_body_that_is_malformed_is_refused_as_such(door: Door) -> None:
    nested = b"[" * 3000 + b"]" * 3000
    deep = b'{"type":"block_actions","x":' + b"[" * 200 + b"]" * 200 + b"}"
    forms = [
        b"",
        b"payload=",
        b"payload={",
        b"payload=[]",
        b"payload=null",
        b"payload=5",
        b"payload=%22x%22",
        b"payload=%7B%7D",
        b"payload=%7B%22type%22%3A%22block_actions%22%7D",
        b"payload=%7B%22type%22%3A%7B%7D%7D",
        b"payload=%7B%22type%22%3A%22no+such+kind%22%7D",
        b"payload=" + nested,
        b"payload=" + deep,
        b"payload=%7B%22type%22%3ANaN%7D",
        b"payload=%7B%22type%22%3A" + b"9" * 5000 + b"%7D",
        b"\xff\xfe",
        b"command=%FF&trigger_id=1&user_id=U1",
        b"command=%00&trigger_id=1&user_id=U1",
        b"command=&trigger_id=1&user_id=U1",
        b"command=%2Firo",
        b"&" * 100_000,
        b"a=b&" * 10_000,
        b"text=hello",
    ]
    for body in forms:
        assert door.signed(body) == 400, body[:60]
    for body in (b"{", b"[]", b"null", b"{}", nested, deep, b'{"type":"event_callback"}', b"command=%2Firo"):
        assert door.signed(body, JSON) == 400, body[:60]
    assert door.handlers.asked == []


def test_letters_that_nobody_can_read_are_left_out_and_nothing_is_lost(door: Door) -> None:
    form = urlencode({**COMMAND, "text": "help"}).encode().replace(b"help", b"%00he%ED%A0%BDlp%FF")
    assert door.signed(form) == 200
    assert [request.words for request in door.handlers.asked] == ["help"]
    typed = json.loads(json.dumps(STRAIGHT["submission"]))
    typed["view"]["state"]["values"]["worry.n"]["worry"]["value"] = "No\0 plan\ud83d."
    assert door.sent(typed) == 200
    assert door.handlers.asked[-1].values["worry"] == "No plan."


@pytest.mark.parametrize("kind", STRAIGHT)
def test_what_slack_means_is_taken(door: Door, kind: str) -> None:
    assert door.sent(STRAIGHT[kind]) == 200


STRANGE: tuple[object, ...] = (None, 7, -(2**70), 1.5, True, "", "x", "{", '{"run":[]}', [], ["x"], {}, {"x": ["y"]})


def bent(payload: Json) -> Iterator[Json]:
    """The payload over and over, each time with one of its parts replaced by something strange, or left out."""
    for path in paths(payload):
        for strange in (*STRANGE, Ellipsis):
            copy = json.loads(json.dumps(payload))
            holder = copy
            for step in path[:-1]:
                holder = holder[step]
            if strange is Ellipsis:
                del holder[path[-1]]
            else:
                holder[path[-1]] = strange
            yield copy


def paths(part: object, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, value in inside:
        yield (*above, step)
        yield from paths(value, (*above, step))


@pytest.mark.slow
@pytest.mark.parametrize("answer", [Notice(text="No.", refused=True), Errors(by_field={"worry": "x", "": "y"})])
@pytest.mark.parametrize("kind", STRAIGHT)
def test_no_bent_payload_is_an_error_of_ours(door: Door, kind: str, answer: Answer) -> None:
    door.handlers.answer = answer
    for payload in bent(STRAIGHT[kind]):
        assert door.sent(payload) in (200, 400), payload


NAMES = sorted({name for payload in STRAIGHT.values() for name in (*payload, *VIEW, *payload.get("event", {}))})
NAMES += ["item", "message", "response_urls", "function_data", "bot_access_token", "ssl_check", "assistant_thread"]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from([*NAMES, "x"]), inside),
    max_leaves=8,
)


@given(kind=st.sampled_from([*payloads.KINDS, ""]), parts=st.dictionaries(st.sampled_from(NAMES), anything))
def test_whatever_is_signed_is_taken_or_refused_and_never_an_error(
    served: Door, kind: str, parts: dict[str, object]
) -> None:
    assert served.sent({**parts, "type": kind}) in (200, 400, 404)


@given(
    body=st.binary(max_size=60) | st.text(max_size=60).map(str.encode), content_type=st.sampled_from([JSON, FORM, ""])
)
def test_no_body_at_all_stops_the_reader(body: bytes, content_type: str) -> None:
    for before in (b"", b"payload=", b"{"):
        try:
            assert payloads.read(before + body, content_type)
        except Malformed:
            continue
