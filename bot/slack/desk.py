"""Finds the person behind an act and has the handlers answer it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import aiohttp
from slack_sdk.errors import SlackApiError

from bot import failing
from bot.kept_forms import KEPT, NO_LONGER, READY_SECONDS, WORDS_SECONDS, KeptForms, opening
from bot.slack import drawing
from bot.slack.clients import SlackClients
from bot.slack.parsing import Act, Place
from bot.slack.recognising import confirmed_email
from bot.threads import WorkerThreads
from handlers.cards import Answer, Button, Card, Form, Notice
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
    # workspace, key, a form with what was typed into it
    keep_form: Callable[[str, str, Form], None]
    # authority, person, that key -> the form, for a day
    kept_form: Callable[[str, int, str], Form | None]
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

    def __init__(self, service: SlackService, threads: WorkerThreads, clients: SlackClients, kept: KeptForms) -> None:
        self.service = service
        self._threads = threads
        self._clients = clients
        self._kept = kept
        self._tokens: dict[str, str] = {}

    async def outcome(self, act: Act) -> Outcome:
        """The handlers' answer, or why there is none; for a known person, one trip to a worker thread."""
        return await self._ask(act, partial(self._answer, act))

    async def home(self, act: Act) -> Outcome:
        """What the App Home shows this person."""
        show = self.service.home
        return await self._ask(act, lambda authority, person: show(authority, person) if show else POINTER)

    def failed(self, act: Act, error: BaseException) -> Outcome:
        """An error in a handler, as an apology."""
        sorry = failing.sorry(error, platform="slack", deed=act.deed)
        return Outcome(answer=sorry, token=self.last_token(act.workspace))

    def held(self, act: Act, form: Form) -> Button:
        """Have a form at hand that could not be shown; gives the button that opens it.

        One that was asked for is opened by asking again. One that follows what was typed has words in it, which the
        same act done again would not have.
        """
        if act.place in (Place.SUBMISSION, Place.VIEW):
            return opening(self.words_kept(act, form))
        again = drawing.again(act)
        self._kept.keep((act.workspace, act.user, again.deed, again.subject, again.run), form, READY_SECONDS)
        return again

    def words_kept(self, act: Act, form: Form) -> str:
        """Keep a form with what was typed, at hand and after a restart too; gives the name under which it opens."""
        token = secrets.token_hex(8)
        self._kept.keep((act.workspace, act.user, KEPT, token, None), form, WORDS_SECONDS)
        store = partial(self.service.keep_form, act.workspace, _key(act, token), form)
        self._threads.keep(self._threads.run(store), what="keeping words")
        return token

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
            return Outcome(answer=failing.stranger("Slack user id", act.user), token=found.token)
        given = await self._threads.run(partial(answer, found.authority, person))
        return Outcome(answer=given, token=found.token)

    def _answer(self, act: Act, authority: str, person: int) -> Answer:
        """What was ready too late is opened by the next press of the same thing; all else the handlers answer."""
        if act.deed == KEPT:
            return self._kept.at_hand(act.thing) or self._stored(act, authority, person) or NO_LONGER
        ready = self._kept.taken(act.thing) if act.place in PRESSED else None
        return ready or self.service.answer(act.request(authority, person))

    def _stored(self, act: Act, authority: str, person: int) -> Form | None:
        return self.service.kept_form(authority, person, _key(act, act.subject))

    def _at_once(self, act: Act, answer: Callable[[str, int], Answer]) -> Outcome | _Unlinked:
        connection = self.service.connection_of(act.workspace)
        if connection is None:
            return Outcome(answer=failing.not_connected("workspace", "id", act.workspace))
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
PRESSED = (Place.MESSAGE, Place.VIEW, Place.ELSEWHERE)


def _key(act: Act, token: str) -> str:
    """Whoever else has the token is led nowhere by it."""
    return f"slack:kept:{act.workspace}:{act.user}:{token}"
