"""The endpoint: which activity leads to what. Whatever goes wrong on our side, Teams is not answered with an error."""

import asyncio
import logging
from collections import OrderedDict
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import failing
from bot.door.entrance import Entrance
from bot.incidents import apology
from bot.teams import bare_forms, consents, dialogs, installs, parsing
from bot.teams.desk import Desk
from bot.teams.file_offers import FileOffers
from bot.teams.gate import DONE, LARGEST_BODY, Activity, Gate
from bot.teams.outcomes import Outcome, dialog
from bot.teams.parsing import Act, Place
from bot.teams.replies import Replies
from bot.teams.text import Payload
from bot.threads import WorkerThreads

log = logging.getLogger("bot")

ENDPOINT = "/teams/messages"
ANSWERS_REMEMBERED = 5000


class Edge:
    """What each kind of activity leads to. `alarms` counts what went wrong on our side."""

    def __init__(self, gate: Gate, desk: Desk, replies: Replies, offers: FileOffers, threads: WorkerThreads) -> None:
        self._gate = gate
        self._offers = offers
        self._desk = desk
        self._replies = replies
        self._threads = threads
        self._answered: OrderedDict[str, None] = OrderedDict()
        self.alarms = 0

    @property
    def routes(self) -> tuple[Route, ...]:
        """For the web application."""
        return (Entrance(ENDPOINT, self.messages, proof=self._gate.refusal, largest=LARGEST_BODY),)

    async def messages(self, request: Request) -> Response:
        """Take one activity. Errors of ours are counted, logged by their place, and answered as done.

        Repeated errors make Teams leave the bot alone for hours (microsoft/teams.py#433).
        """
        invoked = False
        try:
            entered = await self._gate.enter(request)
            if isinstance(entered, Response):
                return entered
            invoked = entered.get("type") == "invoke"
            return await self._answered_with(entered)
        except Exception as error:  # noqa: BLE001 - whatever it is, Teams must not be answered with an error
            self.alarms += 1
            sorry = apology(error, platform="teams", deed="activity")
            return JSONResponse(dialogs.spoken(sorry.text)) if invoked else DONE

    async def _answered_with(self, activity: Activity) -> Response:
        if activity["type"] in ("installationUpdate", "conversationUpdate"):
            await self._moved(activity)
            return DONE
        if activity.get("name") == parsing.FILE_CONSENT:
            await self._consented(activity)
            return DONE
        act = parsing.act(activity)
        if act is None or self._seen(act):
            return DONE
        body = await self.serve(act)
        return JSONResponse(body) if body else DONE

    async def serve(self, act: Act) -> Payload:
        """Have the act answered; returns the body of the response."""
        began = asyncio.get_running_loop().time()
        self._keep_chat(act)
        outcome = await self._threads.within(
            lambda: self._desk.outcome(act),
            late=partial(self._replies.late, act),
            failed=partial(self._failed, act),
            seconds=self._replies.patience,
        )
        try:
            if outcome is None:
                return await self._replies.still_working(act, began)
            return await self._replies.prompt(act, outcome, began)
        except Exception as error:
            if not bare_forms.can_be_drawn(act):
                raise
            self.alarms += 1  # what cannot be drawn must not cost the words
            return dialog(act, Outcome(answer=failing.sorry(error, platform="teams", deed=act.deed)))

    async def _consented(self, activity: Activity) -> None:
        told = consents.consent(activity)
        if told is not None:
            await self._offers.answered(told)

    def _failed(self, act: Act, error: BaseException) -> Outcome:
        return self._desk.failed(act, error)

    def _seen(self, act: Act) -> bool:
        """Whether the answer to this message was given: it goes by its own way, and is not given twice."""
        if act.place not in (Place.TYPED, Place.SUBMITTED):
            return False
        if act.key in self._answered:
            return True
        self._answered[act.key] = None
        while len(self._answered) > ANSWERS_REMEMBERED:
            self._answered.popitem(last=False)
        return False

    def _keep_chat(self, act: Act) -> None:
        """People who write to the bot can be written to there."""
        where = act.where
        if where.personal:
            kept = partial(self._desk.service.opened, installs.chat_of(where))
            self._threads.keep(self._threads.run(kept), what="keeping a conversation")

    async def _moved(self, activity: Activity) -> None:
        change = installs.change(activity)
        if change is None:
            return
        service = self._desk.service
        if change.removed:
            await self._threads.run(partial(service.closed, change.chat))
            return
        await self._threads.run(partial(service.opened, change.chat))
        if change.chat.account:
            self._threads.keep(self._met(activity), what="recognising an account")

    async def _met(self, activity: Activity) -> None:
        """Someone got the app: they can be reached from now on, if they are on the staff list."""
        where, service = parsing.whereabouts(activity), self._desk.service
        authority = await self._threads.run(partial(service.authority_of, where.tenant))
        if not authority:
            return
        known = partial(service.person_of, authority, where.tenant, where.account)
        if await self._threads.run(known) is None:
            await self._desk.linked(authority, where)
