"""The endpoint: which activity leads to what. Whatever goes wrong on our side, Teams is not answered with an error."""

from collections import OrderedDict
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import failing
from bot.door.entrance import Entrance
from bot.incidents import apology
from bot.reception.port import Outcome
from bot.reception.reception import Reception
from bot.teams import bare_forms, consents, dialogs, installs, outcomes, parsing
from bot.teams.chats import Chats
from bot.teams.declaration import TEAMS
from bot.teams.drawings import Drawings
from bot.teams.file_offers import FileOffers
from bot.teams.gate import DONE, LARGEST_BODY, Activity, Gate
from bot.teams.parsing import Act, Place
from bot.teams.replies import Replies
from bot.teams.text import Payload
from bot.threads import WorkerThreads
from handlers.cards import Notice

ENDPOINT = "/teams/messages"
ANSWERS_REMEMBERED = 5000
ARRIVED = Notice(text="The app is here.")
"""Said to nobody: the person who got the app has asked nothing."""


class Edge:
    """What each kind of activity leads to. `alarms` counts what went wrong on our side."""

    def __init__(
        self,
        gate: Gate,
        reception: Reception,
        drawings: Drawings,
        replies: Replies,
        offers: FileOffers,
        chats: Chats,
        threads: WorkerThreads,
    ) -> None:
        self._gate = gate
        self._reception = reception
        self._drawings = drawings
        self._replies = replies
        self._offers = offers
        self._chats = chats
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
            sorry = apology(error, platform=TEAMS.name, deed="activity")
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
        self._keep_chat(act)
        try:
            return await self._reception.serve(self._replies, act, partial(self._drawings.outcome, act))
        except Exception as error:
            if not bare_forms.can_be_drawn(act):
                raise
            self.alarms += 1  # what cannot be drawn must not cost the words
            sorry = failing.sorry(error, platform=TEAMS.name, deed=act.deed)
            return outcomes.dialog(act, outcomes.Outcome(answer=sorry))

    async def _consented(self, activity: Activity) -> None:
        told = consents.consent(activity)
        if told is not None:
            await self._offers.answered(told)

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
            kept = partial(self._chats.opened, installs.chat_of(where))
            self._threads.keep(self._threads.run(kept), what="keeping a conversation")

    async def _moved(self, activity: Activity) -> None:
        change = installs.change(activity)
        if change is None:
            return
        if change.removed:
            await self._threads.run(partial(self._chats.closed, change.chat))
            return
        await self._threads.run(partial(self._chats.opened, change.chat))
        if change.chat.account:
            self._threads.keep(self._met(activity), what="recognising an account")

    async def _met(self, activity: Activity) -> None:
        """Someone got the app: they can be reached from now on, if they are on the staff list."""
        await self._reception.outcome(self._replies, parsing.arrival(activity), lambda _: Outcome(answer=ARRIVED))
