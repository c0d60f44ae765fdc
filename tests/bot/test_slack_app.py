"""The Slack edge against a stand-in Slack: real HTTP, signed requests, Slack's own refusals."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx2
import pytest
import uvicorn

from bot.called import Called
from bot.connecting import Connected
from bot.kept_forms import KeptForms, Stored
from bot.reception.reception import Reception
from bot.reception.recognising import Linking
from bot.reception.service import Service
from bot.slack.app import create_slack_app
from bot.slack.clients import SlackClients
from bot.slack.endpoint import entrance
from bot.slack.socket import SocketMode
from bot.threads import WorkerThreads
from bot.web import Remark, Site, create_web
from handlers.cards import (
    Answer,
    Button,
    Card,
    Choice,
    Errors,
    Field,
    FieldKind,
    Form,
    Line,
    Notice,
    Suggestions,
)
from handlers.requests import Request
from tests.slack_standin import NoAnswer, SlackPerson, SlackStandIn, signed_headers
from tests.slack_standin.home import shown_home
from tests.slack_standin.payloads import form_body
from tests.slack_standin.person import Values

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAM = "T0ANYSHIRE"
TOKEN = "xoxb-standin"

LOG = Form(
    deed="concern.log",
    title="Log a concern",
    submit="Log",
    context={"child": "AB-1042"},
    fields=(
        Field(key="worry", kind=FieldKind.LONG, label="What are we worried about?", required=True),
        Field(key="child", kind=FieldKind.SEARCH, label="Child reference", search="child"),
        Field(
            key="reasons",
            kind=FieldKind.CHOICES,
            label="Other reasons",
            choices=(Choice(value="drift", label="Drift"), Choice(value="plan", label="No plan")),
        ),
        Field(key="when", kind=FieldKind.DATE, label="Spoken to on"),
        Field(key="more", kind=FieldKind.BUTTONS, buttons=(Button(label="Save draft", deed="draft.save"),)),
    ),
)
NEEDS_REPLY = Card(
    title="Please reply to C-12",
    lines=(Line(text="Reply by 5 pm, Tue 12 Jan 2027."),),
    buttons=(
        Button(label="Reply", deed="concern.reply", subject="C-12", run=3, weight="primary"),
        Button(label="Open", deed="concern.show", subject="C-12"),
    ),
)


@dataclass
class Handlers:
    """Stands where dispatch stands: answers by deed, and keeps what it was asked."""

    asked: list[Request] = field(default_factory=list)
    answers: dict[str, Answer | Callable[[Request], Answer]] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=lambda: {"U1": 7})
    emails: dict[str, int] = field(default_factory=dict)
    forgotten: list[str] = field(default_factory=list)
    forms: dict[str, Form] = field(default_factory=dict)

    def answer(self, request: Request, _opens_forms: bool) -> Answer:
        self.asked.append(request)
        given = self.answers[request.deed]
        return given(request) if callable(given) else given

    def link(self, _called: Called, authority: str, workspace: str, user: str, email: str) -> Linking:
        person = self.emails.get(email)
        if person:
            self.people[user] = person
        return Linking.DONE if person else Linking.NOBODY

    def forget(self, _called: Called, workspace: str) -> None:
        self.forgotten.append(workspace)

    def service(self) -> Service:
        return Service(
            answer=self.answer,
            connected=lambda _, workspace: Connected(authority="anyshire", token=TOKEN) if workspace == TEAM else None,
            person_of=lambda _, __, ___, user: self.people.get(user),
            link=self.link,
            link_anew=self.link,
            forget=self.forget,
            keep_form=lambda _, key, form: self.forms.update({key: form}),
            in_service=lambda *_: True,
            kept_form=lambda _, person, key: Stored(form=self.forms.get(key)),
        )


@dataclass
class Bot:
    """The bot as it runs: its address, and what it was made of."""

    url: str
    handlers: Handlers
    slack: SlackStandIn

    def person(self, user: str = "U1", team: str = TEAM) -> SlackPerson:
        return SlackPerson(self.slack, self.url, SECRET, team, user)


@pytest.fixture(scope="module")
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn() as standin:
        yield standin


def serve(site: Site) -> tuple[uvicorn.Server, threading.Thread, str]:
    """The site on a free port, on a thread of its own."""
    ready = threading.Event()
    server = uvicorn.Server(uvicorn.Config(create_web(site), port=0, log_level="error", ws="none"))

    async def run() -> None:
        task = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.wait({task}, timeout=0.01)
        ready.set()
        await task

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(10)
    port = server.servers[0].sockets[0].getsockname()[1]
    return server, thread, f"http://127.0.0.1:{port}"


def site_of(handlers: Handlers, slack: SlackStandIn, *, app_token: str = "") -> Site:
    clients = SlackClients(slack.base_url)
    threads = WorkerThreads(4, patience=0.3, settle=0.1)
    app = create_slack_app(
        Reception(handlers.service(), threads, KeptForms(time.monotonic)),
        threads=threads,
        clients=clients,
        open_home=shown_home(clients, TOKEN),
        signing_secret=None if app_token else SECRET,
    )
    socket = SocketMode(app, app_token, clients)

    async def problems() -> list[Remark]:
        return []

    return Site(
        problems=problems,
        routes=[entrance(app)],
        start=[socket.start] if app_token else [],
        stop=[socket.stop, threads.drain, clients.stop],
    )


@pytest.fixture(scope="module")
def running(slack: SlackStandIn) -> Iterator[tuple[Handlers, str]]:
    handlers = Handlers()
    server, thread, url = serve(site_of(handlers, slack))
    yield handlers, url
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def bot(running: tuple[Handlers, str], slack: SlackStandIn) -> Iterator[Bot]:
    handlers, url = running
    fresh = Handlers()
    handlers.__dict__.update(fresh.__dict__)
    slack.faults.clear()
    for recorded in (slack.messages, slack.ephemerals, slack.views, slack.calls, slack.violations):
        recorded.clear()
    slack.response_urls.clear()
    slack.homes.clear()
    slack.add_user("U1", "Ian Iro")
    slack.add_user("U2", "Nora New", "nora.new@anyshire.example")
    yield Bot(url=url, handlers=handlers, slack=slack)
    assert slack.violations == []


def posted(bot: Bot, card: Card, user: str = "U1") -> None:
    """A message of the bot's, as delivery would have posted it."""
    from slack_sdk import WebClient  # noqa: PLC0415 - only this builder talks to Slack itself

    from bot.slack.blocks import message  # noqa: PLC0415 - the same

    client = WebClient(token=TOKEN, base_url=bot.slack.base_url)
    client.chat_postMessage(channel=user, **message(card))


class TestCommands:
    def test_are_answered_to_the_person_alone(self, bot: Bot) -> None:
        bot.handlers.answers["command"] = Notice(text="Nothing is owed.")
        seen = bot.person().command("/concern list mine")
        assert "Nothing is owed." in seen.text
        assert seen.message is not None
        assert seen.message.ephemeral
        (asked,) = bot.handlers.asked
        assert (asked.command, asked.words, asked.authority, asked.person_id) == (
            "concern",
            "list mine",
            "anyshire",
            7,
        )

    def test_open_a_form(self, bot: Bot) -> None:
        bot.handlers.answers["command"] = LOG
        seen = bot.person().command("/concern")
        assert seen.view is not None
        assert seen.view.title == "Log a concern"

    def test_of_any_name_reach_the_handlers(self, bot: Bot) -> None:
        bot.handlers.answers["command"] = Notice(text="Yes.")
        for name in ("review", "tell", "praise", "caseload"):
            bot.person().command(f"/{name} AB-1042")
        assert [asked.command for asked in bot.handlers.asked] == ["review", "tell", "praise", "caseload"]

    def test_make_no_call_to_slack_when_words_answer_them(self, bot: Bot) -> None:
        bot.handlers.answers["command"] = Notice(text="Yes.")
        bot.person().command("/iro help")
        assert bot.slack.calls == []

    def test_whose_form_slack_does_not_open_offer_it(self, bot: Bot) -> None:
        bot.handlers.answers["command"] = LOG
        bot.slack.fail_next("views.open", error="expired_trigger_id")
        me = bot.person()
        seen = me.command("/concern AB-1042")
        assert seen.buttons == ["Open"]
        assert seen.message is not None
        again = me.press(seen.message, "Open")
        assert again.view is not None
        assert [(asked.command, asked.words) for asked in bot.handlers.asked] == [("concern", "AB-1042")]
        assert bot.person().press(seen.message, "Open").view is not None
        assert [(asked.command, asked.words) for asked in bot.handlers.asked] == [("concern", "AB-1042")] * 2
        first, second = (asked.key for asked in bot.handlers.asked)
        assert first != second


class TestPresses:
    def test_say_what_was_pressed_and_open_its_form(self, bot: Bot) -> None:
        bot.handlers.answers["concern.reply"] = LOG
        posted(bot, NEEDS_REPLY)
        me = bot.person()
        seen = me.press(me.messages[0], "Reply")
        assert seen.view is not None
        (asked,) = bot.handlers.asked
        assert (asked.deed, asked.subject, asked.run) == ("concern.reply", "C-12", 3)

    def test_are_answered_privately_and_leave_the_message_alone(self, bot: Bot) -> None:
        bot.handlers.answers["concern.show"] = Notice(text="It was closed yesterday.")
        posted(bot, NEEDS_REPLY)
        me = bot.person()
        before = list(me.messages[0].blocks)
        me.press(me.messages[0], "Open")
        assert me.messages[0].blocks == before
        (private,) = bot.slack.ephemerals
        assert private.text == "It was closed yesterday."

    def test_arrive_by_direct_message_when_the_private_way_is_shut(self, bot: Bot) -> None:
        bot.handlers.answers["concern.show"] = Notice(text="It was closed yesterday.")
        bot.slack.fail_next("response_url", status=500)
        posted(bot, NEEDS_REPLY)
        me = bot.person()
        me.press(me.messages[0], "Open")
        assert me.messages[-1].text == "It was closed yesterday."

    def test_inside_a_form_carry_what_is_typed_and_replace_it(self, bot: Bot) -> None:
        bot.handlers.answers["command"] = LOG
        bot.handlers.answers["draft.save"] = Notice(text="Draft D-1 is kept.")
        me = bot.person()
        opened = me.command("/concern")
        typed: Values = {"What are we worried about?": "No visit", "Other reasons": ["Drift", "No plan"]}
        seen = me.press_in_view(opened, "Save draft", typed)
        assert "Draft D-1 is kept." in seen.text
        asked = bot.handlers.asked[-1]
        assert asked.text("worry") == "No visit"
        assert asked.many("reasons") == ("drift", "plan")
        assert asked.context == {"child": "AB-1042"}


class TestSubmissions:
    def test_bring_every_value_and_show_the_sentence(self, bot: Bot) -> None:
        child = Choice(value="child-1", label="AB-1042")
        bot.handlers.answers["search"] = Suggestions(choices=(child,))
        bot.handlers.answers["concern.log"] = Notice(text="C-13 is logged.")
        bot.handlers.answers["command"] = LOG
        me = bot.person()
        opened = me.command("/concern")
        values = {
            "What are we worried about?": "No visit",
            "Child reference": "AB-1042",
            "Spoken to on": "2027-01-12",
        }
        seen = me.submit(opened, values)
        assert "C-13 is logged." in seen.text
        asked = bot.handlers.asked[-1]
        assert asked.deed == "concern.log"
        assert asked.values == {
            "worry": "No visit",
            "child": "child-1",
            "reasons": (),
            "when": "2027-01-12",
        }
        search = next(asked for asked in bot.handlers.asked if asked.deed == "search")
        assert (search.subject, search.words) == ("child", "AB-1042")

    def test_show_errors_beside_their_fields(self, bot: Bot) -> None:
        bot.handlers.answers["command"] = LOG
        bot.handlers.answers["concern.log"] = Errors(by_field={"worry": "This holds an NHS number."})
        me = bot.person()
        seen = me.submit(me.command("/concern"), {"What are we worried about?": "943 476 5919"})
        assert seen.errors == {"What are we worried about?": "This holds an NHS number."}

    def test_put_an_error_without_a_field_at_the_top_and_keep_what_was_typed(self, bot: Bot) -> None:
        bot.handlers.answers["command"] = LOG
        bot.handlers.answers["concern.log"] = Errors(by_field={"start": "Give a reason for stage 2."})
        me = bot.person()
        seen = me.submit(me.command("/concern"), {"What are we worried about?": "No visit"})
        assert "Give a reason for stage 2." in seen.text
        assert seen.view is not None
        bot.handlers.answers["concern.log"] = Notice(text="Logged.")
        me.submit(seen)
        assert bot.handlers.asked[-1].text("worry") == "No visit"

    def test_sent_twice_have_one_key_and_corrected_ones_another(self, bot: Bot) -> None:
        bot.handlers.answers["command"] = LOG
        bot.handlers.answers["concern.log"] = Errors(by_field={"worry": "Too short."})
        me = bot.person()
        opened = me.command("/concern")
        me.submit(opened, {"What are we worried about?": "No"})
        me.submit(opened, {"What are we worried about?": "No"})
        me.submit(opened, {"What are we worried about?": "No visit for six weeks"})
        first, again, corrected = (asked.key for asked in bot.handlers.asked[1:])
        assert first == again
        assert corrected != first

    def test_followed_by_a_second_form_have_a_new_key(self, bot: Bot) -> None:
        sure = Form(deed="concern.log", title="Are you sure?", submit="Yes", fields=())
        bot.handlers.answers["command"] = LOG
        bot.handlers.answers["concern.log"] = lambda request: sure if request.values else Notice(text="Done.")
        me = bot.person()
        second = me.submit(me.command("/concern"), {"What are we worried about?": "No visit"})
        assert second.view is not None
        assert "Done." in me.submit(second).text
        keys = [asked.key for asked in bot.handlers.asked]
        assert len(set(keys)) == 3


class TestLateAnswers:
    @pytest.fixture
    def gate(self) -> Iterator[threading.Event]:
        opened = threading.Event()
        yield opened
        opened.set()

    def after(self, gate: threading.Event, answer: Answer) -> Callable[[Request], Answer]:
        def wait(_: Request) -> Answer:
            gate.wait(20)
            return answer

        return wait

    def test_to_a_command_follow_the_promise(self, bot: Bot, gate: threading.Event) -> None:
        bot.handlers.answers["command"] = self.after(gate, Notice(text="Here it is."))
        seen = bot.person().command("/caseload")
        assert "Still working on it" in seen.text
        gate.set()
        bot.slack.wait_until(lambda: any(one.text == "Here it is." for one in bot.slack.ephemerals))

    def test_to_a_submission_replace_the_promise(self, bot: Bot, gate: threading.Event) -> None:
        bot.handlers.answers["command"] = LOG
        bot.handlers.answers["concern.log"] = self.after(gate, Notice(text="C-13 is logged."))
        me = bot.person()
        seen = me.submit(me.command("/concern"), {"What are we worried about?": "No visit"})
        assert "Still working on it" in seen.text
        gate.set()
        shown = seen.view
        assert shown is not None
        bot.slack.wait_until(lambda: "C-13 is logged." in me.read(shown))

    def test_that_are_errors_bring_the_form_back_as_it_was(self, bot: Bot, gate: threading.Event) -> None:
        bot.handlers.answers["command"] = LOG
        bot.handlers.answers["concern.log"] = self.after(gate, Errors(by_field={"worry": "Too short."}))
        me = bot.person()
        seen = me.submit(me.command("/concern"), {"What are we worried about?": "No visit"})
        gate.set()
        shown = seen.view
        assert shown is not None
        bot.slack.wait_until(lambda: "Too short." in me.read(shown))
        bot.handlers.answers["concern.log"] = Notice(text="Logged.")
        me.submit(shown)
        assert bot.handlers.asked[-1].text("worry") == "No visit"

    def test_to_a_form_closed_meanwhile_come_by_direct_message(self, bot: Bot, gate: threading.Event) -> None:
        bot.handlers.answers["command"] = LOG
        bot.handlers.answers["concern.log"] = self.after(gate, Notice(text="C-13 is logged."))
        me = bot.person()
        seen = me.submit(me.command("/concern"), {"What are we worried about?": "No visit"})
        me.close(seen)
        gate.set()
        bot.slack.wait_until(lambda: [one.text for one in me.messages] == ["C-13 is logged."])

    def test_that_are_forms_are_offered_with_a_button(self, bot: Bot, gate: threading.Event) -> None:
        bot.handlers.answers["concern.reply"] = self.after(gate, LOG)
        posted(bot, NEEDS_REPLY)
        me = bot.person()
        me.press(me.messages[0], "Reply")
        gate.set()
        bot.slack.wait_until(lambda: len(bot.slack.ephemerals) == 2)
        offered = bot.slack.ephemerals[-1]
        bot.handlers.answers["concern.reply"] = LOG
        assert me.press(offered, "Open").view is not None
        assert (bot.handlers.asked[-1].subject, bot.handlers.asked[-1].run) == ("C-12", 3)


class TestWho:
    def test_a_stranger_is_told_what_to_ask_for(self, bot: Bot) -> None:
        seen = bot.person("U2").command("/concern")
        assert "I do not know you in this service yet." in seen.text
        assert "U2" in seen.text
        assert "<@" not in str(seen.message.blocks if seen.message else "")
        assert bot.handlers.asked == []

    def test_someone_imported_by_email_is_recognised_at_their_first_act(self, bot: Bot) -> None:
        bot.handlers.emails["nora.new@anyshire.example"] = 9
        bot.handlers.answers["command"] = Notice(text="Welcome.")
        me = bot.person("U2")
        assert "Welcome." in me.command("/iro help").text
        me.command("/iro help")
        assert len(bot.slack.calls_of("users.info")) == 1
        assert [asked.person_id for asked in bot.handlers.asked] == [9, 9]

    def test_slack_being_down_makes_nobody_known(self, bot: Bot) -> None:
        bot.handlers.emails["nora.new@anyshire.example"] = 9
        bot.slack.fail_next("users.info", 2, drop_request=True)
        assert "I do not know you" in bot.person("U2").command("/concern").text

    def test_a_workspace_nobody_connected_is_told_so(self, bot: Bot) -> None:
        bot.slack.add_workspace("T0ELSE", "xoxb-else")
        bot.slack.add_user("U1", "Ian Elsewhere", team="T0ELSE")
        seen = bot.person("U1", team="T0ELSE").command("/concern")
        del bot.slack.workspaces["T0ELSE"]
        assert "not connected" in seen.text
        assert bot.handlers.asked == []

    def test_an_unsigned_request_is_refused(self, bot: Bot) -> None:
        body = "command=%2Fconcern&team_id=T0ANYSHIRE&user_id=U1&trigger_id=1"
        headers = signed_headers("another secret", body) | {"Content-Type": "application/x-www-form-urlencoded"}
        answer = httpx2.post(f"{bot.url}/slack/events", content=body, headers=headers, trust_env=False)
        assert answer.status_code == 401
        assert bot.handlers.asked == []

    def test_a_visitor_from_another_workspace_is_a_stranger_whatever_their_id(self, bot: Bot) -> None:
        posted(bot, NEEDS_REPLY)
        button = bot.slack.messages[0].blocks[-1]["elements"][0]
        payload = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": "U1", "team_id": "T0VISITORS"},
            "trigger_id": "1.1",
            "response_url": bot.slack.new_response_url("U1", TEAM),
            "container": {"type": "message"},
            "actions": [button],
        }
        body = form_body(payload)
        headers = signed_headers(SECRET, body) | {"Content-Type": "application/x-www-form-urlencoded"}
        answer = httpx2.post(f"{bot.url}/slack/events", content=body, headers=headers, trust_env=False)
        assert answer.status_code == 200
        assert bot.handlers.asked == []
        assert "I do not know you" in bot.slack.ephemerals[-1].text


class TestFaults:
    def test_are_one_apology_with_a_number_and_tell_the_log_no_words(
        self, bot: Bot, caplog: pytest.LogCaptureFixture
    ) -> None:
        def broken(request: Request) -> Answer:
            raise RuntimeError(f"cannot store {request.words}")

        bot.handlers.answers["command"] = broken
        with caplog.at_level(logging.DEBUG):
            seen = bot.person().command("/concern Samira is at risk")
        number = seen.text.rstrip(".").split()[-1]
        assert "Sorry, something went wrong" in seen.text
        assert number in caplog.text
        assert "RuntimeError" in caplog.text
        ours = "".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
        assert "Samira" not in ours
        assert "Samira" not in caplog.text

    def test_inside_a_form_are_told_in_the_form(self, bot: Bot) -> None:
        def broken(_: Request) -> Answer:
            raise RuntimeError

        bot.handlers.answers["command"] = LOG
        bot.handlers.answers["concern.log"] = broken
        me = bot.person()
        seen = me.submit(me.command("/concern"), {"What are we worried about?": "No visit"})
        assert "Sorry, something went wrong" in seen.text

    def test_of_drawing_are_apologised_for_too(self, bot: Bot) -> None:
        bot.handlers.answers["command"] = Form(
            deed="x", title="Too much", fields=(), submit="Go", context={"a": "b" * 4000}
        )
        assert "Sorry, something went wrong" in bot.person().command("/concern").text


class TestElsewhere:
    def test_the_shortcut_is_the_same_as_the_command(self, bot: Bot) -> None:
        bot.handlers.answers["command"] = LOG
        seen = bot.person().shortcut("log_concern")
        assert seen.view is not None
        assert (bot.handlers.asked[0].command, bot.handlers.asked[0].words) == ("concern", "")

    def test_the_home_shows_the_persons_day(self, bot: Bot) -> None:
        bot.handlers.answers["home"] = lambda who: Card(title=f"Day of {who.person_id} in {who.authority}")
        me = bot.person()
        me.open_home()
        bot.slack.wait_until(lambda: me.home is not None)
        assert me.home is not None
        assert "Day of 7 in anyshire" in me.read(me.home)

    def test_a_message_to_the_bot_is_answered_once_per_event_and_in_its_thread(self, bot: Bot) -> None:
        bot.handlers.answers |= {"command": Notice(text="Help."), "chat.written": Card(title="Nobody has been told.")}
        me = bot.person()
        chat = bot.slack.workspace().direct_channel("U1")
        event = {"type": "message", "channel_type": "im", "channel": chat, "user": "U1", "text": "hello", "ts": "1.1"}
        event_id = me.event(event)
        bot.slack.wait_until(lambda: len(me.messages) == 1)
        me.event(event, event_id, retry=1)
        me.event(event | {"ts": "1.2", "text": "He was moved again", "thread_ts": "1.0"})
        bot.slack.wait_until(lambda: len(me.messages) == 2)
        assert [(one.text, one.thread_ts) for one in me.messages] == [("Help.", None), ("Nobody has been told.", "1.0")]
        written = bot.handlers.asked[-1]
        assert (written.subject, written.context["channel"], written.words) == ("1.0", chat, "")

    def test_bots_are_not_answered(self, bot: Bot) -> None:
        bot.handlers.answers["command"] = Notice(text="Help.")
        me = bot.person()
        me.event({"type": "message", "channel_type": "im", "user": "U9", "bot_id": "B9", "text": "hello"})
        me.event({"type": "message", "channel_type": "im", "user": "U1", "text": "hello", "ts": "1.3"})
        bot.slack.wait_until(lambda: len(me.messages) == 1)
        assert len(bot.slack.messages) == 1

    def test_nobody_hears_or_sees_what_their_id_does_in_another_workspace(self, bot: Bot) -> None:
        bot.handlers.answers |= {"command": Notice(text="Help."), "home": Card(title="Your day")}
        bot.slack.add_user("U2", "Bea Bond")
        me, other = bot.person(), bot.person("U2")
        hello = {"type": "message", "channel_type": "im", "user": "U2", "text": "hello", "ts": "1.3"}
        opened = {"type": "app_home_opened", "tab": "home", "user": "U2"}
        for event in (hello, opened):
            other.event(event | {"user_team": "T9"})
        for event in (hello, opened):
            me.event(event | {"user": "U1"})
        bot.slack.wait_until(lambda: len(me.messages) == 1 and me.home is not None)
        assert other.messages == []
        assert other.home is None

    def test_a_file_that_the_bot_sent_is_not_answered(self, bot: Bot) -> None:
        bot.handlers.answers["command"] = Notice(text="Help.")
        me = bot.person()
        own = {"type": "message", "subtype": "file_share", "channel_type": "im", "user": "U0BOT", "ts": "1.4"}
        me.event(own)
        me.event({"type": "message", "channel_type": "im", "user": "U1", "text": "hello", "ts": "1.5"})
        bot.slack.wait_until(lambda: len(me.messages) == 1)
        assert len(bot.slack.messages) == 1

    @pytest.mark.parametrize(
        "event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}}]
    )
    def test_a_workspace_that_takes_the_app_out_is_forgotten(self, bot: Bot, event: dict[str, object]) -> None:
        bot.person().event(event)
        assert bot.handlers.forgotten == [TEAM]


def test_socket_mode_serves_the_same_app_and_nobody_over_http(slack: SlackStandIn) -> None:
    handlers = Handlers(answers={"command": Notice(text="Over the socket.")})
    slack.add_user("U1", "Ian Iro")
    server, thread, url = serve(site_of(handlers, slack, app_token=slack.workspace().app_token))
    try:
        slack.socket.wait_connected()
        me = SlackPerson(slack, None, "", None, "U1")
        assert "Over the socket." in me.command("/iro help").text
        for secret in ("", SECRET):
            knock = SlackPerson(slack, url, secret, None, "U1")
            with pytest.raises(NoAnswer):
                knock.command("/iro help")
        assert len(handlers.asked) == 1
    finally:
        server.should_exit = True
        thread.join(10)
