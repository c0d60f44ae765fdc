"""Brings an answer back to where the act came from, in time or late, and loses none."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from bot.delivery.port import Undeliverable
from bot.offering import offer, typed_again
from bot.teams import cards, dialogs, faults
from bot.teams.connector import Chat, Connector
from bot.teams.desk import Desk
from bot.teams.fields import Typed
from bot.teams.installs import chat_of
from bot.teams.outcomes import Outcome, as_notice, dialog, fitted, with_kept
from bot.teams.parsing import DIALOGS, Act, Place
from bot.teams.platform import TeamsPlatform
from bot.teams.text import Payload
from bot.threads import STILL_WORKING, WorkerThreads
from handlers.cards import Answer, Button, Card, Errors, Form, Notice

# Teams waits ten seconds and more; people do not.
ANSWERED_SECONDS = 8.0
# A person waits for the answer: if Teams asks for more than this, they ask again.
PATIENCE_SECONDS = 3.0
# So long an answer waits until what it does not show is kept; it is at hand in any case.
KEPT_SECONDS = 2.0
SENTENCE = "application/vnd.microsoft.activity.message"
IN_CHAT = "The answer is in this chat."
ELSEWHERE = Notice(text="I answer in your own chat with me. Add the app for yourself, and write to me there.")


class Replies:
    """Answers acts. `prompt` gives what Teams is answered with; `late` goes after it."""

    def __init__(self, connector: Connector, platform: TeamsPlatform, desk: Desk, threads: WorkerThreads) -> None:
        self._connector = connector
        self._platform = platform
        self._desk = desk
        self._threads = threads

    async def prompt(self, act: Act, outcome: Outcome) -> Payload:
        """Give the answer; returns the body of the response."""
        if act.place in DIALOGS:
            return await self._dialog(act, outcome)
        if act.place is not Place.IN_PLACE:
            await self._in_time(self.say(act, outcome.answer))
            return {}
        answer = outcome.answer
        if isinstance(answer, Notice) and not answer.buttons:
            return _sentence(answer.text)
        await self._in_time(self.say(act, answer))
        return _sentence(IN_CHAT)

    async def still_working(self, act: Act) -> Payload:
        """Tell the person that the answer follows. A form keeps what is typed, with the sentence at its top."""
        if act.place is Place.IN_PLACE:
            return _sentence(STILL_WORKING.text)
        if act.place not in DIALOGS:
            await self._in_time(self.say(act, STILL_WORKING))
            return {}
        form = self._desk.form_before(act)
        if form is None:
            return dialogs.spoken(STILL_WORKING.text)
        typed = Typed(inputs=with_kept(act, form).inputs)
        return await self._dialog(
            act, Outcome(answer=Errors(by_field={"": STILL_WORKING.text}), form=form, typed=typed)
        )

    async def _dialog(self, act: Act, outcome: Outcome) -> Payload:
        """The answer as a dialog; what does not fit into one is kept for the next press."""
        fit = fitted(act, outcome)
        if fit.drawing and fit.form is not None:
            kept = self._threads.keep(self._desk.keep(act, fit.drawing, fit.form), what="keeping a long form")
            await asyncio.wait({kept}, timeout=KEPT_SECONDS)
        return dialog(act, fit)

    async def late(self, act: Act, outcome: Outcome) -> None:
        """Give an answer that missed the response: in the person's own chat."""
        await self.say(act, outcome.answer)

    async def say(self, act: Act, answer: Answer) -> bool:
        """Say it in the person's own chat, wherever they acted."""
        chat = chat_of(act.where) if act.where.personal else await self._own_chat(act)
        if chat is None:
            here = replace(chat_of(act.where), conversation=act.where.thread)
            await self._sent(here, cards.notice(ELSEWHERE))
            return True
        await self._sent(chat, in_chat(act, answer))
        return True

    async def posted(self, chat: Chat, payload: Payload) -> bool:
        """Post it there; whether Teams took it."""
        try:
            await self._sent(chat, payload)
        except faults.LOST:
            return False
        return True

    async def _sent(self, chat: Chat, payload: Payload) -> None:
        """Send it; where Teams asks to slow down for a moment, once more after that."""
        try:
            await self._connector.send(chat, payload)
        except faults.LOST as error:
            fault = faults.meaning(error)
            pause = fault.retry_after if isinstance(fault, Undeliverable) else None
            if pause is None or pause > PATIENCE_SECONDS:
                raise
            await asyncio.sleep(pause)
            await self._connector.send(chat, payload)

    async def _own_chat(self, act: Act) -> Chat | None:
        where = act.where
        known = await asyncio.to_thread(self._desk.service.chat_of, where.tenant, where.account)
        if known is not None:
            return known
        try:
            return await self._platform.open(where.tenant, where.account)
        except Undeliverable:
            return None

    async def _in_time(self, work: Coroutine[Any, Any, bool]) -> bool:
        """Whether it was said before Teams must be answered; it goes on in any case."""
        task = self._threads.keep(_said(work), what="answer")
        await asyncio.wait({task}, timeout=ANSWERED_SECONDS)
        return task.done() and not task.cancelled() and task.exception() is None and task.result()


def in_chat(act: Act, answer: Answer) -> Payload:
    """The answer where a message can show it; a form is offered, since only a press can open one."""
    if isinstance(answer, Form):
        return cards.notice(offer(answer, _again(act, answer)))
    if isinstance(answer, Card):
        return cards.message(answer)
    return cards.notice(as_notice(answer))


def _again(act: Act, form: Form) -> Button:
    """The same act once more, as a press; after a submission, the form that follows it."""
    if act.command:
        return typed_again(act.command, act.words)
    deed = form if act.place is Place.SUBMISSION else act
    return Button(label="Open", deed=deed.deed, subject=deed.subject, run=deed.run, weight="primary")


def _sentence(text: str) -> Payload:
    return {"statusCode": 200, "type": SENTENCE, "value": text}


async def _said(work: Coroutine[Any, Any, bool]) -> bool:
    """Whether Teams took it. Why not is of no use to the person, who asks again."""
    try:
        return await work
    except faults.LOST:
        return False
