"""Brings an answer back to where the act came from, in time or late, and loses none."""

import asyncio
import hashlib
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.connecting import Connected
from bot.failing import came_to_nothing
from bot.kept_forms import leads_away, with_way_back, with_words_kept
from bot.reception.port import AnswersInTime, Outcome
from bot.reception.reception import Reception
from bot.slack import blocks, drawing, parsing, reading_back, views
from bot.slack.clients import SlackClients
from bot.slack.parsing import Act, Place
from bot.slack.recognising import confirmed_account, confirmed_email
from bot.slack.text import Payload
from bot.threads import STILL_WORKING, WorkerThreads
from handlers.cards import Answer, Card, Form

# Slack waits 3 s for the acknowledgement, and a trigger lives as long.
ACKNOWLEDGE_SECONDS = 2.8

EPHEMERAL: Payload = {"response_type": "ephemeral", "replace_original": False}


class Replies(AnswersInTime[Act, Payload]):
    """Slack as the reception sees it. What `shown` and `still_working` give is the acknowledgement's body."""

    def __init__(self, clients: SlackClients, threads: WorkerThreads, reception: Reception) -> None:
        self._clients = clients
        self._threads = threads
        self._reception = reception
        self.patience = threads.patience

    async def addresses_of(self, act: Act, connected: Connected) -> Sequence[str]:
        """The address that Slack has confirmed."""
        try:
            told = await self._clients.client(connected.token).users_info(user=act.account)
        except (SlackApiError, aiohttp.ClientError, TimeoutError):
            return ()
        email = confirmed_email(told["user"], act.workspace)
        return (email,) if email else ()

    async def holds_alone(self, act: Act, connected: Connected, email: str) -> bool:
        """Whether Slack finds this account by the address: it finds one that is in use, and an address has one."""
        try:
            told = await self._clients.client(connected.token).users_lookupByEmail(email=email)
        except (SlackApiError, aiohttp.ClientError, TimeoutError):
            return False
        return confirmed_account(told["user"], act.workspace, email) == act.account

    async def shown(self, act: Act, outcome: Outcome, began: float) -> Payload:
        """Give the answer."""
        match act.place:
            case Place.SUBMISSION:
                return drawing.submitted(act, outcome.answer)
            case Place.SEARCH:
                return drawing.suggestions(outcome.answer)
            case Place.COMMAND:
                return await self._to_command(act, outcome, began)
            case Place.MESSAGE:
                await self._to_message(act, outcome, began)
            case Place.VIEW:
                await self._in_time(self._redraw(act, self._with_way_back(act, outcome)), began)
            case Place.ELSEWHERE:
                if not await self._open(act, outcome, began):
                    await self._in_time(self._direct(act, outcome), began)
            case Place.CHAT:
                await self._in_time(self._direct(act, outcome), began)
        return {}

    async def still_working(self, act: Act, waiting: Outcome, began: float) -> Payload:
        """Tell the person that the answer follows.

        A form that was sent, or in which a button was pressed, shows what was typed, to be read: whatever were typed
        into it now would be lost when the answer takes its place. When nothing comes of it, it stands there again.
        """
        match act.place:
            case Place.COMMAND:
                return EPHEMERAL | blocks.notice(STILL_WORKING)
            case Place.SUBMISSION:
                return {"response_action": "update", "view": drawing.waiting(act, STILL_WORKING)}
            case Place.SEARCH:
                return {"options": []}
            case Place.MESSAGE:
                await self._in_time(self._respond(act, waiting), began)
            case Place.VIEW:
                shown = drawing.waiting(act, STILL_WORKING)
                await self._in_time(self._updated(waiting, shown, view_id=act.view["id"]), began)
            case Place.ELSEWHERE:
                view = views.notice(STILL_WORKING) | {"external_id": _name_of(act)}
                await self._opened(act, waiting, view, began)
        return {}

    async def late(self, act: Act, outcome: Outcome) -> None:
        """Give an answer that missed the acknowledgement. "Still working" becomes it wherever it can be replaced."""
        if outcome.connected is None:  # the database did not answer when the token was to be read from it
            outcome = replace(outcome, connected=await self._reception.connected(act.called, act.workspace))
        match act.place:
            case Place.COMMAND | Place.MESSAGE:
                await self._respond(act, outcome)
            case Place.VIEW:
                await self._redraw(act, self._with_way_back(act, outcome))
            case Place.SUBMISSION:
                await self._redraw(act, outcome)
            case Place.ELSEWHERE:
                await self._replace(act, outcome, external_id=_name_of(act))
            case Place.CHAT:
                await self._direct(act, outcome)

    async def _to_command(self, act: Act, outcome: Outcome, began: float) -> Payload:
        if isinstance(outcome.answer, Form) and await self._open(act, outcome, began):
            return {}
        return EPHEMERAL | self._message(act, outcome.answer)

    async def _to_message(self, act: Act, outcome: Outcome, began: float) -> None:
        if not (isinstance(outcome.answer, Form) and await self._open(act, outcome, began)):
            await self._in_time(self._respond(act, outcome), began)

    async def _open(self, act: Act, outcome: Outcome, began: float) -> bool:
        """Open a modal with the act's trigger; whether Slack did, as far as is known in time."""
        return await self._opened(act, outcome, drawing.modal(act, outcome.answer), began)

    async def _opened(self, act: Act, outcome: Outcome, view: Payload, began: float) -> bool:
        if not _token(outcome):
            return False
        opening = self._clients.client(_token(outcome)).views_open(trigger_id=act.trigger, view=view)
        return await self._in_time(accepted(opening), began)

    async def _respond(self, act: Act, outcome: Outcome) -> bool:
        payload = EPHEMERAL | self._message(act, outcome.answer)
        posted = bool(act.response_url) and await accepted(self._clients.respond(act.response_url, payload))
        return posted or await self._direct(act, outcome)

    async def _redraw(self, act: Act, outcome: Outcome) -> bool:
        """Replace the modal the act came from."""
        return await self._replace(act, outcome, view_id=act.view["id"])

    async def _replace(self, act: Act, outcome: Outcome, **which: str) -> bool:
        """Replace a modal; where it was closed meanwhile, say it in the direct conversation."""
        view = drawing.modal(act, outcome.answer)
        return await self._updated(outcome, view, **which) or await self._direct(act, outcome)

    async def _updated(self, outcome: Outcome, view: Payload, **which: str) -> bool:
        """Whether Slack replaced it: it does as long as the person has it open."""
        token = _token(outcome)
        return bool(token) and await accepted(self._clients.client(token).views_update(view=view, **which))

    async def _direct(self, act: Act, outcome: Outcome) -> bool:
        """The last way, and the way of what is written: a direct message. Raises what keeps it away, for the log."""
        if not _token(outcome):
            return False
        await self._clients.client(_token(outcome)).chat_postMessage(
            channel=act.channel or act.account,
            thread_ts=act.thread or None,
            **self._message(act, outcome.answer),
            unfurl_links=False,
            unfurl_media=False,
            link_names=False,
            parse="none",
        )
        return True

    def _with_way_back(self, act: Act, outcome: Outcome) -> Outcome:
        """A person who looks at something else inside a form, such as what happened since, finds their words again."""
        deed = parsing.metadata(act.view).get("deed", "")
        if not (views.has_words(act.view) and leads_away(outcome.answer, deed)):
            return outcome
        token = self._reception.words_kept(act, reading_back.form(act.view))
        return replace(outcome, answer=with_way_back(outcome.answer, token))

    def _message(self, act: Act, answer: Answer) -> Payload:
        """The answer as a message. A form, and words whose form is gone, are held for the button that opens them."""
        if isinstance(answer, Form):
            return drawing.private_message(answer, self._reception.held(act, answer))
        if isinstance(answer, Card) or not (came_to_nothing(answer) and views.takes_words(act.view)):
            return drawing.private_message(answer, act.again)
        token = self._reception.words_kept(act, reading_back.form(act.view))
        return blocks.notice(with_words_kept(drawing.sentence(answer), token))

    async def _in_time(self, work: Coroutine[Any, Any, bool], began: float) -> bool:
        """Whether it succeeded before Slack must be acknowledged; it goes on in any case."""
        task = self._threads.keep(work, what="answer")
        left = began + max(ACKNOWLEDGE_SECONDS, self.patience) - asyncio.get_running_loop().time()
        await asyncio.wait({task}, timeout=max(0.0, left))
        return task.done() and not task.cancelled() and task.exception() is None and task.result()


def _token(outcome: Outcome) -> str:
    """The token with which it can be given; nothing where the workspace is not connected."""
    return outcome.connected.token if outcome.connected is not None else ""


def _name_of(act: Act) -> str:
    """Our own name for a modal that says "still working", by which it can be replaced."""
    return hashlib.sha256(act.key.encode()).hexdigest()[:32]


async def accepted(call: Coroutine[Any, Any, object]) -> bool:
    """Whether Slack took it. Why not is of no use to the person, who is answered another way."""
    try:
        return await call is not False
    except (SlackApiError, aiohttp.ClientError, TimeoutError):
        return False
