"""A stage: people act through the real handlers, time is moved by hand, and messages are delivered as they would be."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from itertools import count
from types import TracebackType
from uuid import uuid4

from sqlalchemy import Engine

from bot.delivery.sender import Sender
from bot.delivery.timing import Timing
from bot.delivery.works import Works
from bot.housekeeping import Housekeeping
from bot.sample.collecting import AtOnce, Collected, Told, Workspace
from bot.sample.shown import buttons_of, drawn, filled_in, is_about, said
from handlers.cards import Answer, Errors, Form, Notice
from handlers.dispatch import answer
from handlers.messages.sending import delivered, overtakes, render, shrunk, undeliverable
from handlers.messages.unreached import look_again
from handlers.office import Office
from handlers.requests import Request, Value
from handlers.tick import fire
from scheduling.sweep import Sweep
from scheduling.working_days import local
from storage import nudges, people
from storage.database import transaction


class NotPlayable(Exception):
    """Somebody on the stage cannot do what they should; the message says who, what, and what they read instead."""


class Audience:
    """Hears what is done on a stage. This one says nothing of it."""

    def acts(self, at: datetime, who: str, did: str) -> None:
        """Somebody does something."""

    def reads(self, given: Answer) -> None:
        """What they read in answer, where it is no form."""


class Stage:
    """One authority and one clock. `who` is somebody's name.

    It is used as a context manager, and never on the thread of an event loop: it has one of its own. Acts and movements
    of the clock come back once everything owed is delivered.
    """

    def __init__(
        self,
        engine: Engine,
        authority: str,
        now: datetime,
        *,
        workspace: Workspace | None = None,
        audience: Audience | None = None,
    ) -> None:
        self.engine = engine
        self.authority = authority
        self.now = now
        self._audience = audience or Audience()
        self._keys = count(1)
        self._begun = uuid4().hex
        self._ticked_on: date | None = None
        self._people: dict[str, tuple[int, str]] = {}
        self._office = Office(engine=engine, clock=self.clock)
        self._sweep = Sweep(engine, fire)
        self._housekeeping = Housekeeping(engine)
        self._runner = asyncio.Runner()
        where = workspace or Workspace()
        self._platform = where.platform
        onward = where.opens(engine, authority, self.clock) if where.opens is not None else None
        self._messages = Collected(where.platform, self.clock, onward)
        self._sender = Sender(
            Works(
                engine=engine,
                clock=self.clock,
                day=self.clock,
                monotonic=self._seconds,
                platforms={where.platform: self._messages},
                render=render,
                shrunk=shrunk,
                overtakes=overtakes,
                delivered=delivered,
                undeliverable=undeliverable,
                look_again=look_again,
                workers=AtOnce(),
                timing=Timing(pace=0),
            )
        )

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        self._runner.close()

    def clock(self) -> datetime:
        """What the time is on the stage."""
        return self.now

    def _seconds(self) -> float:
        return self.now.timestamp()

    # people

    def command(self, who: str, line: str) -> Answer:
        """Somebody types a command."""
        command, _, words = line.removeprefix("/").partition(" ")
        self._audience.acts(self.now, who, f"types {line}")
        return self._answered(who, self._request(who, "command", command=command, words=words))

    def press(
        self,
        who: str,
        label: str,
        *,
        about: str = "",
        on: Answer | None = None,
        values: Mapping[str, Value] | None = None,
    ) -> Answer:
        """Somebody presses a button: of what they see (`on`), or of the last message they got that has it.

        `about` is what the button acts on ("C-12"), where a message speaks of several things; `values` what they have
        typed into the form it stands in.
        """
        shown = [on] if on is not None else [one.card for one in reversed(self.inbox(who))]
        every = (button for one in shown for button in buttons_of(one))
        button = next((one for one in every if one.label == label and is_about(one, about)), None)
        if button is None:
            raise NotPlayable(f"{who} has no button [{label}]{f' for {about}' if about else ''}.")
        self._audience.acts(self.now, who, f"presses [{label}]")
        within: dict[str, object] = {}
        if isinstance(on, Form):
            within = {"values": {**drawn(on), **(values or {})}, "context": on.context}
        pressed = self._request(who, button.deed, subject=button.subject, run=button.run, **within)
        return self._answered(who, pressed)

    def send(self, who: str, form: Answer, **values: Value) -> Answer:
        """Somebody fills in a form and sends it; what they leave alone stays as drawn."""
        if not isinstance(form, Form) or not form.submit:
            raise NotPlayable(f"{who} has no form to send: {said(form)}")
        filled = "; ".join(filled_in(form, key, value) for key, value in values.items())
        self._audience.acts(self.now, who, f'sends "{form.title}"{f" ({filled})" if filled else ""}')
        request = self._request(
            who, form.deed, subject=form.subject, run=form.run, context=form.context, values={**drawn(form), **values}
        )
        return self._answered(who, request)

    def fill(self, who: str, line: str, **values: Value) -> Answer:
        """Somebody types a command and sends the form it opens."""
        return self.send(who, self.command(who, line), **values)

    def person_id(self, who: str) -> int:
        """The person's id."""
        return self._person(who)[0]

    # time

    def until(self, moment: datetime) -> None:
        """Let time pass, stopping at each moment at which something falls due. A moment that has passed: nothing."""
        while (due := self._next_due()) is not None and due <= moment:
            self.now = max(self.now, due)
            self.tick()
        self.now = max(self.now, moment)
        waiting = self._sender.next_due()
        if local(self.now).date() != self._ticked_on or (waiting is not None and waiting <= self.now):
            self.tick()

    def tick(self) -> None:
        """The day's duties, what is due, and what is owed."""
        self._ticked_on = local(self.now).date()
        self._housekeeping.daily(self.now)
        while self._sweep.turn(self.now):
            pass
        self._runner.run(self._deliver())

    async def _deliver(self) -> None:
        while await self._sender.deliver_due():
            pass

    def _next_due(self) -> datetime | None:
        with transaction(self.engine, self.authority, writes=False) as session:
            return nudges.next_due(session)

    # messages

    def inbox(self, who: str) -> list[Told]:
        """What somebody was told while this stage stood, in order."""
        address = self._person(who)[1]
        return [one for one in self._messages.told if one.to == address]

    @property
    def told(self) -> list[Told]:
        """What anybody was told while this stage stood, in order."""
        return self._messages.told

    def _person(self, who: str) -> tuple[int, str]:
        """Their id and address."""
        if who not in self._people:
            with transaction(self.engine, self.authority, writes=False) as session:
                self._people |= {one.name: (one.id or 0, one.email) for one in people.everyone(session)}
        if who not in self._people:
            raise NotPlayable(f"There is nobody called {who} in this service.")
        return self._people[who]

    def _request(self, who: str, deed: str, **given: object) -> Request:
        return Request(
            authority=self.authority,
            person_id=self.person_id(who),
            platform=self._platform,
            key=f"{self._begun}-{next(self._keys)}",
            deed=deed,
            **given,  # type: ignore[arg-type] # the callers above name fields of Request only
        )

    def _answered(self, who: str, request: Request) -> Answer:
        given = answer(self._office, request)
        if isinstance(given, Errors) or (isinstance(given, Notice) and given.refused):
            raise NotPlayable(f"{who} could not do {request.deed} {request.subject or request.words}: {said(given)}")
        if not isinstance(given, Form):
            self._audience.reads(given)
        self._runner.run(self._deliver())
        return given
