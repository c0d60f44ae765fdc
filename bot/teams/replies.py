"""Brings an answer back to where the act came from, in time or late, and loses none."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.connecting import Connected
from bot.delivery.port import Undeliverable
from bot.failing import came_to_nothing
from bot.kept_forms import leads_away, with_way_back, with_words_kept
from bot.offering import offer
from bot.reception import port
from bot.reception.port import AnswersInTime
from bot.reception.reception import Reception
from bot.teams import cards, dialogs, faults, fields
from bot.teams.chats import Chats
from bot.teams.connector import Chat, Connector
from bot.teams.drawings import Drawings
from bot.teams.installs import chat_of
from bot.teams.outcomes import WRITTEN, Outcome, as_notice, dialog, fitted, with_kept
from bot.teams.parsing import DIALOGS, Act, Place
from bot.teams.platform import TeamsPlatform
from bot.teams.recognising import confirmed_addresses, signs_in_with
from bot.teams.text import Payload
from bot.threads import STILL_WORKING, WorkerThreads
from handlers.cards import Answer, Card, Form, Notice

log = logging.getLogger("bot")

# Teams gives a bot ten seconds and more: the rest leaves the answer time to travel.
ANSWER_WITHIN_SECONDS = 8.0
# From the box where messages are written it gives five, and asks again.
COMPOSED_WITHIN_SECONDS = 2.5
# What is said in a chat besides has to be said within these, counted from when the act came in.
ANSWERED_SECONDS = 9.0
# A person waits for the answer: if Teams asks for more than this, they ask again.
PATIENCE_SECONDS = 3.0
# So long an answer waits until what it does not show is kept; it is at hand in any case.
KEPT_SECONDS = 2.0
SENTENCE = "application/vnd.microsoft.activity.message"
IN_CHAT = "The answer is in this chat."
ELSEWHERE = Notice(text="I answer in your own chat with me. Add the app for yourself, and write to me there.")


class Replies(AnswersInTime[Act, Payload]):
    """Teams as the reception sees it. What `shown` and `still_working` give is the body of the response."""

    def __init__(
        self,
        connector: Connector,
        platform: TeamsPlatform,
        chats: Chats,
        reception: Reception,
        drawings: Drawings,
        threads: WorkerThreads,
        *,
        patience: float = ANSWER_WITHIN_SECONDS,
    ) -> None:
        self.patience = patience
        self._connector = connector
        self._platform = platform
        self._chats = chats
        self._reception = reception
        self._drawings = drawings
        self._threads = threads

    def patience_for(self, act: Act) -> float:
        """Less for what was chosen where messages are written; a trial without hurry has none there either."""
        hurried = act.where.composed and self.patience <= ANSWER_WITHIN_SECONDS
        return min(self.patience, COMPOSED_WITHIN_SECONDS) if hurried else self.patience

    async def addresses_of(self, act: Act, connected: Connected) -> Sequence[str]:
        """The addresses that Teams vouches for."""
        return confirmed_addresses(await self._member(act), act.where.tenant)

    async def holds_alone(self, act: Act, connected: Connected, email: str) -> bool:
        """Whether the person signs in with it."""
        return signs_in_with(await self._member(act), act.where.tenant, email)

    async def _member(self, act: Act) -> Mapping[str, Any]:
        """What Teams tells of the person who acts; nothing where it does not say."""
        chat = await self._own_chat(act) if act.where.composed else chat_of(act.where)
        if chat is None:
            return {}
        try:
            told = await self._connector.member(chat, act.where.member)
        except faults.LOST as lost:
            log.warning("Teams did not say whose account it is (%s)", type(lost).__name__)
            return {}
        return told if told.get("aadObjectId") in (None, act.where.account) else {}

    def unlisted(self, authority: str, act: Act, addresses: Sequence[str]) -> None:
        """A person who is imported later is found by the digests of their addresses."""
        self._chats.known_by(authority, chat_of(act.where), act.account, addresses)

    async def shown(self, act: Act, outcome: port.Outcome, began: float) -> Payload:
        """Give the answer."""
        return await self._shown(act, self._drawings.stood(act, outcome), began)

    async def _shown(self, act: Act, outcome: Outcome, began: float) -> Payload:
        if act.place in DIALOGS:
            return await self._dialog(act, outcome, began)
        if act.place is not Place.IN_PLACE:
            await self._in_time(self.say(act, outcome.answer), began)
            return {}
        answer = outcome.answer
        if isinstance(answer, Notice) and not answer.buttons:
            return _sentence(answer.text)
        await self._in_time(self.say(act, answer), began)
        return _sentence(IN_CHAT)

    async def still_working(self, act: Act, waiting: port.Outcome, began: float) -> Payload:
        """Tell the person that the answer follows. A form keeps what is typed, with the sentence at its top.

        One that was sent can only be read: sent again with a word changed, it would be done twice.
        """
        if act.place is Place.IN_PLACE:
            return _sentence(STILL_WORKING.text)
        if act.place not in DIALOGS:
            await self._in_time(self.say(act, STILL_WORKING), began)
            return {}
        given = self._drawings.given_back(act, replace(STILL_WORKING, refused=True))
        if act.place in (Place.SUBMISSION, Place.DIALOG) and given.form is not None and given.typed is not None:
            filled = fields.typed_into(given.form, given.typed.inputs or {})
            return dialogs.waiting(filled, STILL_WORKING.text)
        return await self._dialog(act, given, began)

    async def _dialog(self, act: Act, outcome: Outcome, began: float) -> Payload:
        """The answer as a dialog; what does not fit into one is kept for the next press."""
        fit = fitted(act, self._with_way_back(act, outcome))
        if fit.drawing and fit.form is not None:
            kept = self._threads.keep(self._drawings.keep(act, fit.drawing, fit.form), what="keeping a long form")
            await asyncio.wait({kept}, timeout=min(KEPT_SECONDS, self._left(began)))
        return dialog(act, fit)

    def _with_way_back(self, act: Act, outcome: Outcome) -> Outcome:
        """A person who looks at something else inside a form, such as what happened since, finds their words again."""
        form = self._drawings.form_before(act)
        if act.place is not Place.DIALOG or form is None or not leads_away(outcome.answer, form.deed):
            return outcome
        act = with_kept(act, form)
        if not (form.submit and any(act.inputs.get(one.key) for one in form.fields if one.kind in WRITTEN)):
            return outcome
        token = self._reception.words_kept(act, fields.typed_into(form, act.inputs))
        answer = with_way_back(outcome.answer, token)
        whole = answer if isinstance(answer, Form) else None
        return Outcome(answer=answer, form=whole, drawing=f"back:{token}" if whole is not None else "")

    async def late(self, act: Act, outcome: port.Outcome) -> None:
        """Give an answer that missed the response: in the person's own chat.

        Where nothing was done, the form may be closed by now: a press opens it with what was typed.
        """
        stood = self._drawings.stood(act, outcome)
        answer = stood.answer
        if act.filled_in and act.typed and came_to_nothing(answer):
            given = stood if stood.typed is not None else self._drawings.given_back(act, as_notice(answer))
            if given.form is not None and given.typed is not None:
                token = self._reception.words_kept(act, fields.typed_into(given.form, given.typed.inputs or {}))
                answer = with_words_kept(as_notice(answer), token)
        await self.say(act, answer)

    async def say(self, act: Act, answer: Answer) -> bool:
        """Say it in the person's own chat, wherever they acted."""
        chat = chat_of(act.where) if act.where.personal else await self._own_chat(act)
        if chat is None and act.where.composed:
            return False
        if chat is None:
            here = replace(chat_of(act.where), conversation=act.where.thread)
            await self._sent(here, cards.notice(ELSEWHERE))
            return True
        await self._sent(chat, self._in_chat(act, answer), act.answers)
        return True

    async def posted(self, chat: Chat, payload: Payload) -> bool:
        """Post it there; whether Teams took it."""
        try:
            await self._sent(chat, payload)
        except faults.LOST:
            return False
        return True

    async def _sent(self, chat: Chat, payload: Payload, answers: str = "") -> None:
        """Send it; where Teams asks to slow down for a moment, once more after that, and where what it answers is not
        there to be answered, without that.
        """
        try:
            await self._connector.send(chat, payload, answers)
        except faults.LOST as error:
            fault = faults.meaning(error)
            pause = fault.retry_after if isinstance(fault, Undeliverable) else None
            if pause is not None and pause <= PATIENCE_SECONDS:
                await asyncio.sleep(pause)
            elif not (answers and isinstance(fault, Undeliverable)):
                raise
            await self._connector.send(chat, payload)

    async def _own_chat(self, act: Act) -> Chat | None:
        where = act.where
        known = await asyncio.to_thread(self._chats.chat_of, where.tenant, where.account)
        if known is not None:
            return known
        try:
            return await self._platform.open(where.tenant, where.account)
        except Undeliverable:
            return None

    def _in_chat(self, act: Act, answer: Answer) -> Payload:
        """The answer where a message can show it; a form is offered, since only a press can open one."""
        if isinstance(answer, Form):
            return cards.notice(offer(answer, self._reception.held(act, answer)))
        if isinstance(answer, Card):
            return cards.message(answer)
        return cards.notice(as_notice(answer))

    def _left(self, began: float) -> float:
        """Seconds until Teams must be answered."""
        return max(0.0, began + max(ANSWERED_SECONDS, self.patience) - asyncio.get_running_loop().time())

    async def _in_time(self, work: Coroutine[Any, Any, bool], began: float) -> bool:
        """Whether it was said before Teams must be answered; it goes on in any case."""
        task = self._threads.keep(_said(work), what="answer")
        await asyncio.wait({task}, timeout=self._left(began))
        return task.done() and not task.cancelled() and task.exception() is None and task.result()


def _sentence(text: str) -> Payload:
    return {"statusCode": 200, "type": SENTENCE, "value": text}


async def _said(work: Coroutine[Any, Any, bool]) -> bool:
    """Whether Teams took it. Why not is of no use to the person, who asks again."""
    try:
        return await work
    except faults.LOST:
        return False
