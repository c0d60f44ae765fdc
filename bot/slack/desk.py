"""Finds the person behind an act and has the handlers answer it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.incidents import apology
from bot.slack.clients import SlackClients
from bot.slack.parsing import Act
from bot.threads import OVERLOADED, Overloaded, WorkerThreads
from handlers.cards import Answer, Card, Notice
from handlers.requests import Request


@dataclass(frozen=True, kw_only=True)
class SlackService:
    """What the Slack edge asks of the rest, as plain functions that run in worker threads."""

    answer: Callable[[Request], Answer]
    # the installed workspace (team or organisation) -> its authority and bot token
    connection_of: Callable[[str], tuple[str, str] | None]
    # authority, installed workspace, Slack user id -> person
    person_of: Callable[[str, str, str], int | None]
    # authority, installed workspace, Slack user id, confirmed e-mail address -> the person now linked to that user id
    link_by_email: Callable[[str, str, str, str], int | None]
    # the workspace took the app out, or revoked its token
    forget: Callable[[str], None]
    # authority, person -> what the App Home shows
    home: Callable[[str, int], Card] | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The answer, and the token with which it can be given (nothing where the workspace is not connected)."""

    answer: Answer
    token: str = ""


@dataclass(frozen=True, kw_only=True)
class _Unlinked:
    authority: str
    token: str


class Desk:
    """Takes acts in and gives outcomes back."""

    def __init__(self, service: SlackService, threads: WorkerThreads, clients: SlackClients) -> None:
        self.service = service
        self._threads = threads
        self._clients = clients
        self._tokens: dict[str, str] = {}

    async def outcome(self, act: Act) -> Outcome:
        """The handlers' answer, or why there is none; for a known person, one trip to a worker thread."""
        return await self._ask(act, lambda authority, person: self.service.answer(act.request(authority, person)))

    async def home(self, act: Act) -> Outcome:
        """What the App Home shows this person."""
        show = self.service.home
        return await self._ask(act, lambda authority, person: show(authority, person) if show else POINTER)

    def failed(self, act: Act, error: BaseException) -> Outcome:
        """An error in a handler, as an apology."""
        busy = isinstance(error, Overloaded)
        sorry = OVERLOADED if busy else apology(error, platform="slack", deed=act.deed)
        return Outcome(answer=sorry, token=self.last_token(act.workspace))

    def last_token(self, workspace: str) -> str:
        """The token last seen, for saying sorry or "still working" without asking the database."""
        return self._tokens.get(workspace, "")

    async def token(self, workspace: str) -> str | None:
        """The bot token of the workspace."""
        connection = await self._threads.run(partial(self.service.connection_of, workspace))
        return connection[1] if connection else None

    async def _ask(self, act: Act, answer: Callable[[str, int], Answer]) -> Outcome:
        found = await self._threads.run(partial(self._at_once, act, answer))
        if isinstance(found, Outcome):
            return found
        person = None if act.foreign else await self._linked(act, found)
        if person is None:
            return Outcome(answer=stranger(act.user), token=found.token)
        given = await self._threads.run(partial(answer, found.authority, person))
        return Outcome(answer=given, token=found.token)

    def _at_once(self, act: Act, answer: Callable[[str, int], Answer]) -> Outcome | _Unlinked:
        connection = self.service.connection_of(act.workspace)
        if connection is None:
            return Outcome(answer=not_connected(act.workspace))
        authority, token = connection
        self._tokens[act.workspace] = token
        person = None if act.foreign else self.service.person_of(authority, act.workspace, act.user)
        if person is None:
            return _Unlinked(authority=authority, token=token)
        return Outcome(answer=answer(authority, person), token=token)

    async def _linked(self, act: Act, connection: _Unlinked) -> int | None:
        """Someone imported by e-mail address alone is recognised at their first act."""
        try:
            told = await self._clients.client(connection.token).users_info(user=act.user)
        except (SlackApiError, aiohttp.ClientError, TimeoutError):
            return None
        email = confirmed_email(told["user"], act.workspace)
        if not email:
            return None
        link = partial(self.service.link_by_email, connection.authority, act.workspace, act.user, email)
        return await self._threads.run(link)


POINTER = Notice(text="I am answered by commands. Type /iro help to see what you can do here.")


def stranger(user: str) -> Notice:
    """For someone who is not in this service; the id is what the administrator needs."""
    return Notice(
        text="I do not know you in this service yet. "
        f"Ask your administrator to add you, and quote your Slack user id: {user}"
    )


def not_connected(workspace: str) -> Notice:
    """For a workspace nobody has connected to an authority."""
    return Notice(
        text="This workspace is not connected to the service yet. "
        f"Ask your administrator to connect it, and quote its id: {workspace}"
    )


def confirmed_email(user: dict[str, Any], workspace: str) -> str:
    """The address Slack vouches for; none for bots, people of another workspace, and leavers."""
    outside = user.get("team_id") not in (None, workspace) and not workspace.startswith("E")
    unsure = user.get("is_email_confirmed") is False
    if user.get("deleted") or user.get("is_bot") or user.get("is_stranger") or outside or unsure:
        return ""
    return str((user.get("profile") or {}).get("email") or "").strip().lower()
