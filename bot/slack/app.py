"""The Bolt app: which listener takes which payload, and what Slack is acknowledged with."""

import re
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from bot import failing
from bot.homes import Drawn
from bot.incidents import report
from bot.reception.port import Outcome
from bot.reception.reception import Reception
from bot.slack import blocks, drawing, parsing
from bot.slack.clients import QUIET, SlackClients
from bot.slack.declaration import SLACK
from bot.slack.parsing import Act, Body
from bot.slack.replies import EPHEMERAL, Replies
from bot.slack.signature import Signature
from bot.threads import WorkerThreads
from handlers.cards import Card, Notice

ANYTHING = re.compile(".*")
INTERACTIVE = ("block_actions", "view_submission", "block_suggestion", "shortcut", "message_action")
EVENTS_REMEMBERED = 5000
OpenHome = Callable[[str, str, Drawn], Awaitable[None]]
"""Workspace, account, what it shows."""
NO_HOME = Notice(text="Type /iro help to see what you can do here.")


class SlackApp(AsyncApp):
    """Bolt's app, with what proves a request over HTTP, and what gives the answers.

    Bolt itself verifies nothing: it would read the body first.
    """

    def __init__(self, signature: Signature, replies: Replies) -> None:
        super().__init__(
            logger=QUIET,
            authorize=_authorize,
            process_before_response=True,
            request_verification_enabled=False,
        )
        self.signature = signature
        self.replies = replies


def create_slack_app(
    reception: Reception,
    *,
    threads: WorkerThreads,
    clients: SlackClients,
    open_home: OpenHome,
    signing_secret: str | None,
) -> SlackApp:
    """The app, ready to be served over HTTP or Socket Mode. `open_home` shows somebody their App Home.

    Socket Mode needs no signing secret; without one, nobody can sign, and every request over HTTP is refused.
    """
    replies = Replies(clients, threads, reception)
    app = SlackApp(Signature(signing_secret or secrets.token_hex(32)), replies)
    _listen_to_people(app, reception, replies)
    _listen_to_events(app, Events(reception, replies, threads, open_home))
    app.error(_apologise)
    return app


class Events:
    """What each kind of event leads to."""

    def __init__(self, reception: Reception, replies: Replies, threads: WorkerThreads, open_home: OpenHome) -> None:
        self._reception = reception
        self._replies = replies
        self._threads = threads
        self._open_home = open_home
        self._answered: OrderedDict[str, None] = OrderedDict()

    async def show_home(self, act: Act) -> None:
        """Show the App Home."""

        async def drawn() -> tuple[str, Card] | None:
            outcome = await self._reception.outcome(self._replies, act)
            shown = outcome.answer if isinstance(outcome.answer, Card) else Card(title=_words(outcome))
            return (outcome.connected.authority, shown) if outcome.connected is not None else None

        await self._open_home(act.workspace, act.account, drawn)

    async def answer_message(self, act: Act) -> None:
        """Answer what was written, where it was written, once per event."""
        if act.key in self._answered:
            return
        self._answered[act.key] = None
        if len(self._answered) > EVENTS_REMEMBERED:
            self._answered.popitem(last=False)
        await self._reception.serve(self._replies, act)

    async def forget(self, workspace: str) -> None:
        """The workspace took the app out. An error here makes Slack send the event again."""
        await self._reception.forget(SLACK, workspace)

    def afterwards(self, work: Awaitable[None], act: Act) -> None:
        """Do it after the acknowledgement."""
        self._threads.keep(_awaited(work), what=act.deed)


def _listen_to_people(app: AsyncApp, reception: Reception, replies: Replies) -> None:
    def serving(read: Callable[[Body], Act]) -> Callable[..., Awaitable[None]]:
        async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
            await ack(await reception.serve(replies, read(body)) or "")

        return listener

    async def closed(ack: AsyncAck) -> None:
        await ack()

    app.command(re.compile("^/"))(serving(parsing.command))
    app.action(ANYTHING)(serving(parsing.press))
    app.view_submission(ANYTHING)(serving(parsing.submission))
    app.view_closed(ANYTHING)(closed)
    app.options(ANYTHING)(serving(parsing.suggestion))
    app.shortcut(parsing.SHORTCUT)(serving(parsing.shortcut))
    app.shortcut(ANYTHING)(closed)


def _listen_to_events(app: AsyncApp, events: Events) -> None:
    async def opened(body: dict[str, Any]) -> None:
        act = parsing.opened_home(body)
        if body["event"].get("tab") == "home" and not act.foreign:
            events.afterwards(events.show_home(act), act)

    async def written(body: dict[str, Any]) -> None:
        act = parsing.direct_message(body)
        if body["event"].get("channel_type") == "im" and parsing.is_from_a_person(body) and not act.foreign:
            events.afterwards(events.answer_message(act), act)

    async def removed(body: dict[str, Any]) -> None:
        await events.forget(parsing.installed_workspace(body))

    async def revoked(body: dict[str, Any]) -> None:
        if body["event"].get("tokens", {}).get("bot"):
            await events.forget(parsing.installed_workspace(body))

    async def ignored() -> None:
        return None

    app.event("app_home_opened")(opened)
    app.event("message")(written)
    app.event("app_uninstalled")(removed)
    app.event("tokens_revoked")(revoked)
    app.event(ANYTHING)(ignored)


async def _authorize(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult:
    """Ask nobody: whose workspace this is, is read together with the deed, inside the time for the answer."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id)


async def _apologise(error: Exception, body: Mapping[str, Any]) -> BoltResponse:
    """A fault of our own events. Events are answered 500, so that Slack sends them again."""
    kind = str(body.get("type") or ("command" if "command" in body else "event"))
    if kind == "event_callback":
        report(error, platform=SLACK.name, deed=kind)
        return BoltResponse(status=500)
    sorry = failing.sorry(error, platform=SLACK.name, deed=kind)
    if kind == "view_submission":
        return BoltResponse(status=200, body=drawing.given_back(body, sorry))
    if kind == "command":
        return BoltResponse(status=200, body=EPHEMERAL | blocks.notice(sorry))
    return BoltResponse(status=200, body="")


async def _awaited(work: Awaitable[None]) -> None:
    await work


def _words(outcome: Outcome) -> str:
    return getattr(outcome.answer, "text", NO_HOME.text)
