"""The Bolt app: which listener takes which payload, and what Slack is acknowledged with."""

import asyncio
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from bot import failing
from bot.incidents import report
from bot.kept_forms import KeptForms
from bot.slack import blocks, drawing, parsing, views
from bot.slack.clients import QUIET, SlackClients
from bot.slack.desk import POINTER, Desk, Outcome, SlackService
from bot.slack.parsing import Act, Body
from bot.slack.replies import EPHEMERAL, Replies
from bot.slack.signature import Signature
from bot.slack.text import Payload
from bot.threads import WorkerThreads
from handlers.cards import Card

ANYTHING = re.compile(".*")
INTERACTIVE = ("block_actions", "view_submission", "block_suggestion", "shortcut", "message_action")
EVENTS_REMEMBERED = 5000


class SlackApp(AsyncApp):
    """Bolt's app, with what proves a request over HTTP. Bolt itself verifies nothing: it would read the body first."""

    def __init__(self, signature: Signature) -> None:
        super().__init__(
            logger=QUIET,
            authorize=_authorize,
            process_before_response=True,
            request_verification_enabled=False,
        )
        self.signature = signature


def create_slack_app(
    service: SlackService,
    *,
    threads: WorkerThreads,
    clients: SlackClients,
    signing_secret: str | None,
    monotonic: Callable[[], float] = time.monotonic,
) -> SlackApp:
    """The app, ready to be served over HTTP or Socket Mode.

    Socket Mode needs no signing secret; without one, nobody can sign, and every request over HTTP is refused.
    """
    app = SlackApp(Signature(signing_secret or secrets.token_hex(32)))
    desk = Desk(service, threads, clients, KeptForms(monotonic))
    edge = Edge(desk, Replies(clients, threads, desk), threads, clients)
    _listen_to_people(app, edge)
    _listen_to_events(app, edge)
    app.error(_apologise)
    return app


class Edge:
    """What each kind of payload leads to."""

    def __init__(self, desk: Desk, replies: Replies, threads: WorkerThreads, clients: SlackClients) -> None:
        self._desk = desk
        self._replies = replies
        self._threads = threads
        self._clients = clients
        self._greeted: OrderedDict[str, None] = OrderedDict()

    async def serve(self, act: Act) -> Payload:
        """Have the act answered; returns the acknowledgement's body."""
        began = asyncio.get_running_loop().time()
        outcome = await self._threads.within(
            lambda: self._desk.outcome(act),
            late=partial(self._late, act),
            failed=partial(self._failed, act),
        )
        if outcome is None:
            return await self._replies.still_working(act, self._desk.last_token(act.workspace), began)
        return await self._replies.prompt(act, outcome, began)

    async def show_home(self, act: Act) -> None:
        """Draw the App Home."""
        outcome = await self._desk.home(act)
        shown = outcome.answer if isinstance(outcome.answer, Card) else Card(title=_words(outcome))
        if outcome.token:
            client = self._clients.client(outcome.token)
            await client.views_publish(user_id=act.user, view=views.home(shown))

    async def point_to_help(self, act: Act) -> None:
        """Answer a direct message, once per event."""
        if act.key in self._greeted:
            return
        self._greeted[act.key] = None
        if len(self._greeted) > EVENTS_REMEMBERED:
            self._greeted.popitem(last=False)
        token = await self._desk.token(act.workspace)
        if token:
            await self._clients.client(token).chat_postMessage(channel=act.user, **blocks.notice(POINTER))

    async def forget(self, workspace: str) -> None:
        """The workspace took the app out. An error here makes Slack send the event again."""
        await self._threads.run(partial(self._desk.service.forget, workspace))

    def afterwards(self, work: Awaitable[None], act: Act) -> None:
        """Do it after the acknowledgement."""
        self._threads.keep(_awaited(work), what=act.deed)

    async def _late(self, act: Act, outcome: Outcome) -> None:
        try:
            await self._replies.late(act, outcome)
        except ValueError as error:  # it cannot be drawn: whoever waits for it must not wait in vain
            await self._replies.late(act, self._failed(act, error))

    def _failed(self, act: Act, error: BaseException) -> Outcome:
        return self._desk.failed(act, error)


def _listen_to_people(app: AsyncApp, edge: Edge) -> None:
    def serving(read: Callable[[Body], Act]) -> Callable[..., Awaitable[None]]:
        async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
            await ack(await edge.serve(read(body)) or "")

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


def _listen_to_events(app: AsyncApp, edge: Edge) -> None:
    async def opened(body: dict[str, Any]) -> None:
        act = parsing.opened_home(body)
        if body["event"].get("tab") == "home" and not act.foreign:
            edge.afterwards(edge.show_home(act), act)

    async def written(body: dict[str, Any]) -> None:
        act = parsing.direct_message(body)
        if body["event"].get("channel_type") == "im" and parsing.is_from_a_person(body) and not act.foreign:
            edge.afterwards(edge.point_to_help(act), act)

    async def removed(body: dict[str, Any]) -> None:
        await edge.forget(parsing.installed_workspace(body))

    async def revoked(body: dict[str, Any]) -> None:
        if body["event"].get("tokens", {}).get("bot"):
            await edge.forget(parsing.installed_workspace(body))

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
    """A fault of our own edge. Events are answered 500, so that Slack sends them again."""
    kind = str(body.get("type") or ("command" if "command" in body else "event"))
    if kind == "event_callback":
        report(error, platform="slack", deed=kind)
        return BoltResponse(status=500)
    sorry = failing.sorry(error, platform="slack", deed=kind)
    if kind == "view_submission":
        return BoltResponse(status=200, body=drawing.given_back(body, sorry))
    if kind == "command":
        return BoltResponse(status=200, body=EPHEMERAL | blocks.notice(sorry))
    return BoltResponse(status=200, body="")


async def _awaited(work: Awaitable[None]) -> None:
    await work


def _words(outcome: Outcome) -> str:
    return getattr(outcome.answer, "text", POINTER.text)
