"""Every form that can be sent, and every way in which nothing comes of it: it stands there again as it was filled in.

The forms are found from the table of deeds: one of every kind of field for each deed, so that a new one is covered, and
those that the handlers draw. What is drawn again is sent again, and the handlers must be asked the very same.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest

from bot.called import Called
from bot.connecting import Connected
from bot.kept_forms import KeptForms, Stored
from bot.reception.reception import Reception
from bot.reception.recognising import Linking
from bot.reception.service import Service
from bot.slack import parsing as slack_parsing
from bot.slack import reading_back, views
from bot.slack.clients import SlackClients
from bot.slack.replies import Replies as SlackReplies
from bot.teams import dialogs
from bot.teams import parsing as teams_parsing
from bot.teams.app import Edge as TeamsEdge
from bot.teams.clouds import cloud_of
from bot.teams.connector import Chat, Connector, Credentials
from bot.teams.drawings import Drawings
from bot.teams.parsing import key_of
from bot.teams.replies import Replies as TeamsReplies
from bot.threads import STILL_WORKING, Overloaded, WorkerThreads
from handlers.cards import Answer, Button, Card, Choice, Field, FieldKind, Form, Notice, Suggestions
from handlers.dispatch import DEEDS, answer
from handlers.refusals import Stale
from handlers.requests import Request
from tests.bench import Bench, buttons, utc
from tests.cast import CHILD, IRO, IRO_MANAGER, SOCIAL_WORKER, SUPPORT, TEAM_MANAGER
from tests.databases import sqlite_engine
from tests.handlers.reviews.decided import decide, held_review
from tests.handlers.steps import close, logged, reply
from tests.slack_standin.checker import check_view
from tests.slack_standin.fields import fields as slack_inputs
from tests.slack_standin.fields import state_values
from tests.slack_standin.jsontypes import Json
from tests.slack_standin.payloads import Sender, view_submission
from tests.teams_standin.cards import check_card
from tests.teams_standin.filling import sent_values
from tests.teams_standin.rendering import card_text

DONE = Notice(text="It is done.")
SENDER = Sender(team_id="T1", team_domain="anyshire", user_id="U1", user_name="ann")


# the forms


def made_up(deed: str) -> Form:
    """A form of every kind of field."""
    choices = (Choice(value="one", label="The first"), Choice(value="two, or more", label="The second"))
    return Form(
        deed=deed,
        title="A form of every kind of field",
        submit="Send",
        subject="C-1",
        run=7,
        context={"since": "yesterday"},
        fields=(
            Field(key="said", kind=FieldKind.STATEMENT, text="What stands around it."),
            Field(key="line", kind=FieldKind.TEXT, label="A line", initial="Before."),
            Field(key="words", kind=FieldKind.LONG, label="Words", required=True),
            Field(key="one", kind=FieldKind.CHOICE, label="One of them", choices=choices, initial="one"),
            Field(key="any", kind=FieldKind.CHOICES, label="Any of them", choices=choices, initial=("two, or more",)),
            Field(key="day", kind=FieldKind.DATE, label="A day", initial="2027-01-12"),
            Field(
                key="who", kind=FieldKind.SEARCH, label="Somebody", search="child", initial="7", initial_label="AB-1"
            ),
            Field(key="press", kind=FieldKind.BUTTONS, buttons=(Button(label="Keep", deed="concern.save_draft"),)),
        ),
    )


def of_the_house(folder: Path, people: Sequence[str]) -> dict[str, Form]:
    """The forms that the handlers draw for these people, by the deed they are sent to; each is opened for nobody."""
    engines = sqlite_engine(folder)
    bench = Bench(next(engines), utc("2026-12-07"))
    logged(bench)
    logged(bench)
    reply(bench, TEAM_MANAGER, "C-2")
    logged(bench)
    close(bench, "C-3")
    held_review(bench)
    decide(bench)
    found: dict[str, Form] = {}
    for deed in (one for one in DEEDS if not one.endswith(".send")):
        for who in people:
            for subject in ("C-1", "C-2", "C-3") if deed.startswith("concern.") else (CHILD,):
                asked = bench.request(who, deed, subject=subject)
                given = answer(bench.office, asked, opens_forms=False)
                inside = buttons(given) if len(people) > 1 and isinstance(given, Card | Form | Notice) else []
                shown = [given, *(_pressed(bench, who, one) for one in inside)]
                found |= {one.deed: one for one in shown if isinstance(one, Form) and one.submit}
    for _ in engines:
        pass
    return found


def _pressed(bench: Bench, who: str, button: Button) -> Answer:
    asked = bench.request(who, button.deed, subject=button.subject, run=button.run)
    return answer(bench.office, asked, opens_forms=False)


# what stands where the handlers and the database stand


@dataclass
class House:
    """Answers by what the way out wants, and keeps what it was asked."""

    does: Callable[[Request], Answer] = lambda _: DONE
    known: bool = True
    connected: bool = True
    form: Callable[[], Stored] = Stored
    asked: list[Request] = field(default_factory=list)

    def done(self, request: Request) -> Answer:
        if request.deed == "search":
            return Suggestions(choices=(Choice(value="7", label=request.words),))
        self.asked.append(request)
        return self.does(request)

    def connection(self, _called: Called, _workspace: str) -> Connected | None:
        return Connected(authority="anyshire", token="xoxb-1") if self.connected else None

    def keep_form(self, _authority: str, _key: str, form: Form) -> None:
        self.form = lambda: Stored(form=form)

    def service(self) -> Service:
        return Service(
            answer=lambda request, _: self.done(request),
            connected=self.connection,
            person_of=lambda *_: 7 if self.known else None,
            link=lambda *_: Linking.NOBODY,
            link_anew=lambda *_: Linking.NOBODY,
            forget=lambda *_: None,
            keep_form=self.keep_form,
            in_service=lambda *_: True,
            kept_form=lambda *_: self.form(),
        )

    # where Teams looks for chats

    def opened(self, chat: Chat) -> None:
        return None

    def known_by(self, authority: str, chat: Chat, account: str, addresses: Sequence[str]) -> None:
        return None


def broken(_: Request) -> Answer:
    raise RuntimeError


def crowded(_: Request) -> Answer:
    raise Overloaded


def refused(_: Request) -> Answer:
    return Notice(text="No.", buttons=(Button(label="Look", deed="concern.open", subject="C-1"),), refused=True)


def overtaken(_: Request) -> Answer:
    return Notice(text=Stale("It has moved on.").sentence, refused=True)


Ways = Mapping[str, tuple[Callable[[House], None], str]]
WAYS: Ways = {
    "a fault": (lambda house: _set(house, does=broken), "something went wrong"),
    "too much to do": (lambda house: _set(house, does=crowded), "very busy"),
    "a refusal": (lambda house: _set(house, does=refused), "No."),
    "overtaken": (lambda house: _set(house, does=overtaken), "moved on"),
    "a stranger": (lambda house: _set(house, known=False), "I do not know you"),
    "not connected": (lambda house: _set(house, connected=False), "not connected"),
}
ON_TEAMS: Ways = {
    "forgotten": (lambda house: _set(house, form=Stored), "too old"),
    "left": (lambda house: _set(house, form=lambda: Stored(left=True)), "having left"),
}


def one_of(ways: Ways, number: int) -> Ways:
    """One way out, each form's another."""
    name = list(ways)[number % len(ways)]
    return {name: ways[name]}


def _set(house: House, **changed: object) -> None:
    for name, value in changed.items():
        setattr(house, name, value)


# at Slack


@dataclass(frozen=True)
class SlackEdge:
    """What answers an act, as the app's listeners do."""

    reception: Reception
    replies: SlackReplies

    async def serve(self, act: slack_parsing.Act) -> Json:
        return await self.reception.serve(self.replies, act)


def slack_edge(house: House, threads: WorkerThreads, clients: SlackClients) -> SlackEdge:
    reception = Reception(house.service(), threads, KeptForms(lambda: 0.0))
    return SlackEdge(reception, SlackReplies(clients, threads, reception))


def slack_body(view: Json, words: str) -> Json:
    """The modal sent in, with these words in each field for words that is empty."""
    typed: dict[str, Json] = {}
    for one in slack_inputs(view["blocks"]):
        if one.element["type"] == "plain_text_input" and not one.element.get("initial_value") and words:
            said = f"{words} {one.action_id}"[: one.element["max_length"]]
            typed[one.block_id] = {one.action_id: {"type": "plain_text_input", "value": said}}
    state = {"values": state_values(view["blocks"], typed)}
    return view_submission(SENDER, {**view, "id": "V1", "app_installed_team_id": "T1", "state": state}, trigger_id="1")


async def at_slack(forms: Sequence[Form], made: Sequence[Form]) -> None:
    threads, clients = WorkerThreads(2, settle=0), SlackClients("http://127.0.0.1:9/api/")
    for form in forms:
        await tried_at_slack(form, WAYS, threads, clients)
    for number, form in enumerate(made):
        await tried_at_slack(form, one_of(WAYS, number), threads, clients)
    assert await threads.drain() == 0
    await clients.stop()


async def tried_at_slack(form: Form, ways: Ways, threads: WorkerThreads, clients: SlackClients) -> None:
    house = House()
    edge = slack_edge(house, threads, clients)
    view = views.form(form, "n1")
    act = slack_parsing.submission(slack_body(view, "Words about"))
    assert "It is done." in json.dumps(await edge.serve(act))
    (meant,) = house.asked
    for name, (way, sentence) in ways.items():
        away = House()
        way(away)
        sent = replace(act, foreign=not away.known)  # nobody at Slack is asked whose account it is
        given = await slack_edge(away, threads, clients).serve(sent)
        assert given["response_action"] == "update", name
        same_at_slack(given["view"], sentence, meant, name)
    kept = views.form(reading_back.form({**view, "state": act.view["state"]}), "n2")
    same_at_slack(kept, "", meant, "kept")
    await shown_while_waiting(act, threads, clients)


def same_at_slack(view: Json, sentence: str, meant: Request, name: str) -> None:
    """The modal says so, is one that Slack takes, and brings back what was meant."""
    assert check_view(view) == [], name
    assert sentence in json.dumps(view, ensure_ascii=False), name
    again = slack_parsing.submission(slack_body(view, "")).request(meant.authority, meant.person_id)
    assert replace(again, key=meant.key) == meant, name


async def shown_while_waiting(act: slack_parsing.Act, threads: WorkerThreads, clients: SlackClients) -> None:
    """While it is not known what becomes of it, the words can be read."""
    gate = threading.Event()

    def waits(_: Request) -> Answer:
        gate.wait(20)
        return DONE

    slow = House(does=waits)
    threads.patience, before = 0.0, threads.patience
    given = await slack_edge(slow, threads, clients).serve(act)
    threads.patience = before
    gate.set()
    shown = json.dumps(given["view"], ensure_ascii=False)
    assert check_view(given["view"]) == []
    assert STILL_WORKING.text in shown
    assert all(value in shown for value in act.values.values() if isinstance(value, str) and "Words about" in value)


# at Teams

CREDENTIALS = Credentials(
    app_id="", password="", tenant="", token_file=None, cloud=cloud_of("http://127.0.0.1:9/"), trial=False
)


def teams_edge(house: House, threads: WorkerThreads, connector: Connector) -> TeamsEdge:
    reception = Reception(house.service(), threads, KeptForms(lambda: 0.0))
    drawings = Drawings(reception, threads)
    nowhere = None  # opens chats: nobody is written to
    # Of what it is given, only what the test reaches is there.
    replies = TeamsReplies(connector, nowhere, house, reception, drawings, threads)  # type: ignore[arg-type]
    let_in, offers = None, None  # what comes in is let in by the test, and no file is offered
    # Of what it is given, only what the test reaches is there.
    return TeamsEdge(let_in, reception, drawings, replies, offers, house, threads)  # type: ignore[arg-type]


def typed_into(element: Json, words: str) -> str:
    if element["type"] == "Input.ChoiceSet":
        return str(element["choices"][0]["value"])
    return "2027-01-12" if element["type"] == "Input.Date" else f"{words} {element['id']}"[: element["maxLength"]]


def teams_act(card: Json, words: str) -> teams_parsing.Act:
    """The form sent in, with these words in each field for words that is empty."""
    inputs = sent_values(card, {})
    for one in card["body"] if words else ():
        if one["type"].startswith("Input.") and not inputs.get(one["id"]):
            inputs[one["id"]] = typed_into(one, words)
    activity: Json = {
        "type": "invoke",
        "name": "task/submit",
        "id": "f:1",
        "from": {"id": "29:ann", "aadObjectId": "account"},
        "recipient": {"id": "28:app"},
        "conversation": {"id": "a:1", "tenantId": "tenant", "conversationType": "personal"},
        "serviceUrl": "https://elsewhere.example/",
        "value": {"data": {**inputs, **card["actions"][0]["data"]}},
    }
    act = teams_parsing.act(activity)
    assert act is not None
    return act


async def at_teams(forms: Sequence[Form], made: Sequence[Form]) -> None:
    threads, connector, drawn = WorkerThreads(2, settle=0), Connector(CREDENTIALS), dict[str, Json]()
    edge_of = partial(teams_edge, threads=threads, connector=connector)
    for form in forms:
        await tried_at_teams(form, WAYS, edge_of, drawn)
        await tried_at_teams(form, {**WAYS, **ON_TEAMS}, edge_of, drawn, at_hand=False)
    for number, form in enumerate(made):
        await tried_at_teams(form, one_of({**WAYS, **ON_TEAMS}, number), edge_of, drawn, at_hand=False)
    assert await threads.drain() == 0
    await connector.stop()
    assert [title for title, card in drawn.items() if check_card(card)] == []


async def tried_at_teams(
    form: Form, ways: Ways, edge_of: Callable[[House], TeamsEdge], drawn: dict[str, Json], *, at_hand: bool = True
) -> None:
    """`drawn`: one card of each form, drawn from the words alone. Teams is slow to say whether it takes them."""
    house = House(form=lambda: Stored(form=form))
    act = teams_act(card_of(dialogs.form(form, "act:1")), "Words about")
    assert "It is done." in json.dumps(await edge_of(house).serve(act))
    (meant,) = house.asked
    if not act.typed or dialogs.to_copy(form):
        return  # there was nothing to type or to choose: a sentence is enough
    for name, (way, sentence) in ways.items():
        away = House(form=house.form)
        way(away)
        edge = edge_of(away)
        if at_hand:
            edge._drawings._remember(key_of(act.where, "act:1"), form)
        told = f"{form.deed}: {name}"
        card = given_back(await edge.serve(act), sentence, told)
        if not at_hand:
            drawn[form.title] = card
        await same_at_teams(teams_act(card, ""), meant, House(form=house.form), edge_of, told)
    old = House(form=lambda: Stored(form=form, old=True))
    card = given_back(await edge_of(old).serve(act), "too old to be sent as it is", f"{form.deed}: old")
    await same_at_teams(teams_act(card, ""), meant, old, edge_of, f"{form.deed}: old")


def card_of(answer: Json) -> Json:
    card: Json = answer["task"]["value"]["card"]["content"]
    return card


def given_back(answer: Json, sentence: str, told: str) -> Json:
    """The card before the person, which says so."""
    assert answer["task"]["type"] == "continue", (told, answer)
    card = card_of(answer)
    assert sentence in "\n".join(card_text(card, {})), told
    return card


async def same_at_teams(
    again: teams_parsing.Act, meant: Request, house: House, edge_of: Callable[[House], TeamsEdge], told: str
) -> None:
    """What stands there, sent again as it is, brings the handlers what was meant."""
    await edge_of(house).serve(again)
    assert [replace(one, key=meant.key) for one in house.asked] == [meant], told


# the tests


def nothing_is_lost(forms: Sequence[Form], made: Sequence[Form] = ()) -> None:
    """The forms go every way; of those made up, which are alike, each goes another."""
    asyncio.run(at_slack(forms, made))
    asyncio.run(at_teams(forms, made))


def test_whatever_comes_of_a_form_it_stands_there_again_as_it_was_filled_in(tmp_path: Path) -> None:
    drawn = of_the_house(tmp_path, [IRO])
    assert len(drawn) > 20
    nothing_is_lost([*drawn.values()], [*map(made_up, DEEDS)])


@pytest.mark.slow
def test_so_does_every_form_of_anybody(tmp_path: Path) -> None:
    drawn = of_the_house(tmp_path, [IRO, TEAM_MANAGER, SOCIAL_WORKER, IRO_MANAGER, SUPPORT])
    assert len(drawn) > 30
    nothing_is_lost([*map(made_up, DEEDS), *drawn.values()])
