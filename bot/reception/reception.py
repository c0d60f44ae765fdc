"""Receives the acts of all platforms: finds the person, has the handlers answer in time or late, and loses no words."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from bot import failing
from bot.called import Called
from bot.connecting import Connected
from bot.kept_forms import KEPT, NO_LONGER, READY_SECONDS, WORDS_SECONDS, KeptForms, Stored, opening
from bot.reception.acts import Act
from bot.reception.port import AnswersInTime, Outcome, Port
from bot.reception.recognising import Linking
from bot.reception.service import Service
from bot.threads import STILL_WORKING, WorkerThreads
from handlers.cards import Answer, Button, Form

A = TypeVar("A", bound=Act)
B = TypeVar("B")


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """The person who acts, known."""

    authority: str
    person: int


Answering = Callable[[Visitor], Outcome]
"""Answers one act of a known person, in a worker thread."""


class Reception:
    """One for the process."""

    def __init__(self, service: Service, threads: WorkerThreads, kept: KeptForms) -> None:
        self._service = service
        self._threads = threads
        self._kept = kept
        self._last: dict[tuple[str, str], Connected] = {}

    async def serve(self, port: AnswersInTime[A, B], act: A, answering: Answering | None = None) -> B:
        """Have the act answered, in time or late; gives what the platform's own call is answered with.

        `answering`: how, where that takes more than `answer`.
        """
        began = asyncio.get_running_loop().time()
        outcome = await self._threads.within(
            lambda: self.outcome(port, act, answering),
            late=lambda ready: self._late(port, act, ready),
            failed=partial(self._failed, act),
            seconds=port.patience_for(act),
        )
        if outcome is None:
            waiting = Outcome(answer=STILL_WORKING, connected=self._seen_last(act))
            return await port.still_working(act, waiting, began)
        return await port.shown(act, outcome, began)

    async def answered(self, port: Port[A], act: A) -> Answer:
        """The answer, however long it takes; what goes wrong on our side as a sentence."""
        try:
            return (await self.outcome(port, act)).answer
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing that was typed may be lost over it
            return self._failed(act, error).answer

    async def outcome(self, port: Port[A], act: A, answering: Answering | None = None) -> Outcome:
        """What the act leads to, or why to nothing; for a known person, one trip to a worker thread."""
        at_once = partial(self._at_once, act, answering)
        found = await self._threads.run(at_once)
        if isinstance(found, Connected) and not act.foreign and await self._recognised(port, act, found):
            found = await self._threads.run(at_once)
        if isinstance(found, Connected):
            return Outcome(answer=failing.stranger(act.called, act.account), connected=found)
        return found

    def known(self, called: Called, workspace: str, account: str) -> Visitor | None:
        """The person with that account there, where they are known already. In a worker thread."""
        connected = self._service.connected(called, workspace)
        if connected is None:
            return None
        person = self._service.person_of(called, connected.authority, workspace, account)
        return Visitor(authority=connected.authority, person=person) if person is not None else None

    def answer(self, visitor: Visitor, act: Act) -> Answer:
        """What was ready too late is opened by the next press of the same thing; all else the handlers answer."""
        if act.deed == KEPT:
            return self.words(visitor, act) or NO_LONGER
        return self.ready(act) or self.asked(visitor, act)

    def asked(self, visitor: Visitor, act: Act) -> Answer:
        """What the handlers answer."""
        return self._service.answer(act.request(visitor.authority, visitor.person), act.opens_forms)

    def ready(self, act: Act) -> Form | None:
        """The form that was ready too late for the act before this press."""
        return self._kept.taken(act.thing) if act.is_press else None

    def words(self, visitor: Visitor, act: Act) -> Form | None:
        """The form with kept words that the act opens: as often as it is asked for, for a day."""
        if not self._service.in_service(visitor.authority, visitor.person):
            return None
        at_hand = self._kept.at_hand(act.whose(KEPT, act.subject))
        if at_hand is not None:
            return at_hand
        stored = self.stored(visitor, act, act.subject)
        return None if stored.old else stored.form

    def stored(self, visitor: Visitor, act: Act, token: str) -> Stored:
        """What the database has of the form of that token."""
        return self._service.kept_form(visitor.authority, visitor.person, act.key_of_words(token))

    def store(self, act: Act, token: str, form: Form) -> None:
        """Keep a form under that token, as if it had been an answer. Nothing where the workspace is not connected."""
        connected = self._service.connected(act.called, act.workspace)
        if connected is not None:
            self._service.keep_form(connected.authority, act.key_of_words(token), form)

    def held(self, act: Act, form: Form) -> Button:
        """Have a form at hand that could not be shown; gives the button that opens it.

        One that was asked for is opened by asking again. One that follows what was typed has words in it, which the
        same act done again would not have.
        """
        if act.filled_in:
            return opening(self.words_kept(act, form))
        again = act.again
        if act.opens_forms:
            self._kept.keep(act.whose(again.deed, again.subject, again.run), form, READY_SECONDS)
        return again

    def words_kept(self, act: Act, form: Form) -> str:
        """Keep a form with what was typed, at hand and after a restart too; gives the token by which it opens."""
        token = secrets.token_hex(8)
        self._kept.keep(act.whose(KEPT, token), form, WORDS_SECONDS)
        self._threads.keep(self._threads.run(partial(self.store, act, token, form)), what="keeping words")
        return token

    async def connected(self, called: Called, workspace: str) -> Connected | None:
        """The connection of a workspace."""
        return await self._threads.run(partial(self._service.connected, called, workspace))

    async def forget(self, called: Called, workspace: str) -> None:
        """The workspace took the bot out. Raises what keeps that from being written down."""
        await self._threads.run(partial(self._service.forget, called, workspace))

    def _seen_last(self, act: Act) -> Connected | None:
        """The workspace's connection as it was last seen: for saying sorry without asking the database."""
        return self._last.get((act.called.name, act.workspace))

    def _at_once(self, act: Act, answering: Answering | None) -> Outcome | Connected:
        """The outcome; only the connection where it is not known yet who acts."""
        connected = self._service.connected(act.called, act.workspace)
        if connected is None:
            return Outcome(answer=failing.not_connected(act.called, act.workspace))
        self._last[act.called.name, act.workspace] = connected
        if act.foreign:
            return connected
        person = self._service.person_of(act.called, connected.authority, act.workspace, act.account)
        if person is None:
            return connected
        visitor = Visitor(authority=connected.authority, person=person)
        if answering is not None:
            return replace(answering(visitor), connected=connected)
        return Outcome(answer=self.answer(visitor, act), connected=connected)

    async def _recognised(self, port: Port[A], act: A, connected: Connected) -> bool:
        """Somebody imported by e-mail address alone is recognised at their first act, and whose account was made anew
        at the first act with the new one.
        """
        addresses = await port.addresses_of(act, connected)
        known = (connected.authority, act.workspace, act.account)

        def link() -> dict[str, Linking]:
            return {email: self._service.link(act.called, *known, email) for email in addresses}

        links = await self._threads.run(link) if addresses else {}
        if Linking.DONE in links.values():
            return True
        for email in (one for one, came in links.items() if came is Linking.ANOTHER):
            if await port.holds_alone(act, connected, email):
                anew = partial(self._service.link_anew, act.called, *known, email)
                return await self._threads.run(anew) is Linking.DONE
        if addresses:
            await self._threads.run(partial(port.unlisted, connected.authority, act, addresses))
        return False

    def _failed(self, act: Act, error: BaseException) -> Outcome:
        """An error of ours, as an apology."""
        sorry = failing.sorry(error, platform=act.called.name, deed=act.deed)
        return Outcome(answer=sorry, connected=self._seen_last(act), fault=True)

    async def _late(self, port: AnswersInTime[A, B], act: A, outcome: Outcome) -> None:
        try:
            await port.late(act, outcome)
        except ValueError as error:  # it cannot be drawn: the one who waits for it must not wait in vain
            await port.late(act, self._failed(act, error))
