"""The stage of the demo: people act through the real handlers, and time is moved by hand."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from itertools import count

from sqlalchemy import Engine

from bot.delivery.sender import Sender
from bot.delivery.timing import Timing
from bot.demo.people import Service, email_of
from bot.demo.terminal import TERMINAL, Terminal, answer_lines, say, show
from handlers.cards import Answer, Button, Form
from handlers.dispatch import answer
from handlers.messages.arriving import delivered, undeliverable
from handlers.messages.overtaking import overtakes
from handlers.messages.rendering import render, shrunk
from handlers.office import Office
from handlers.requests import Request, Value
from handlers.tick import fire
from handlers.wording import when
from scheduling.sweep import sweep
from storage import nudges
from storage.database import transaction


class Theatre:
    """One authority, one clock, one terminal."""

    def __init__(
        self, engine: Engine, authority: str, service: Service, roles: Mapping[str, str], now: datetime
    ) -> None:
        self.engine = engine
        self.authority = authority
        self.service = service
        self.roles = roles
        self.now = now
        self._said: datetime | None = None
        self._keys = count(1)
        self.office = Office(engine=engine, clock=lambda: self.now)
        self.terminal = Terminal(self._called)
        self.sender = Sender(
            engine,
            lambda: self.now,
            self._seconds,
            {TERMINAL: self.terminal},
            render=render,
            shrunk=shrunk,
            overtakes=overtakes,
            delivered=delivered,
            undeliverable=undeliverable,
            timing=Timing(pace=0),
        )

    # people

    def command(self, who: str, line: str) -> Answer:
        """Somebody types a command."""
        command, _, words = line.removeprefix("/").partition(" ")
        self._narrate(who, f"types {line}")
        return self._answered(self._request(who, "command", command=command, words=words))

    def press(self, who: str, label: str) -> Answer:
        """Somebody presses a button of the last message they got."""
        card = self.terminal.last[email_of(who)]
        buttons = [*(button for line in card.lines for button in line.buttons), *card.buttons]
        button = next(one for one in buttons if one.label == label)
        self._narrate(who, f"presses [{label}]")
        return self._pressed(who, button)

    def send(self, who: str, form: Answer, **values: Value) -> Answer:
        """Somebody fills in a form and sends it; what they leave alone stays as drawn."""
        assert isinstance(form, Form)
        drawn = {field.key: field.initial for field in form.fields if field.initial}
        filled = "; ".join(self._filled(form, key, value) for key, value in values.items())
        self._narrate(who, f'sends "{form.title}" ({filled})')
        request = self._request(
            who, form.deed, subject=form.subject, run=form.run, context=form.context, values={**drawn, **values}
        )
        return self._answered(request)

    # time

    def until(self, moment: datetime) -> None:
        """Let time pass, waking wherever something falls due."""
        while (due := self._next_due()) is not None and due <= moment:
            self.now = max(self.now, due)
            self.tick()
        self.now = moment
        self.tick()

    def tick(self) -> None:
        """Fire what is due and deliver what is owed."""
        while sweep(self.engine, self.now, fire):
            pass
        asyncio.run(self._deliver())

    async def _deliver(self) -> None:
        while await self.sender.deliver_due():
            pass

    def _next_due(self) -> datetime | None:
        with transaction(self.engine, self.authority, writes=False) as session:
            return nudges.next_due(session)

    def _seconds(self) -> float:
        return self.now.timestamp()

    # telling

    def narrate(self, text: str) -> None:
        """A line of the story, under the time where it has moved."""
        self.head()
        say(f"  {text}")
        say("")

    def head(self) -> None:
        """The date and time, once each."""
        if self._said != self.now:
            say(f"--- {when(self.now)} " + "-" * 40)
            say("")
            self._said = self.now

    def _narrate(self, who: str, did: str) -> None:
        self.narrate(f"{who} ({self.roles[who]}) {did}")

    def _called(self, address: str) -> str:
        self.head()
        name = next(name for name in self.service.ids if email_of(name) == address)
        return f"{name}, {self.roles[name]}"

    def _filled(self, form: Form, key: str, value: Value) -> str:
        field = next(one for one in form.fields if one.key == key)
        chosen = next((choice.label for choice in field.choices if choice.value == value), value)
        return f"{field.label} {chosen}" if field.label.endswith("?") else f"{field.label}: {chosen}"

    def _request(self, who: str, deed: str, **given: object) -> Request:
        return Request(
            authority=self.authority,
            person_id=self.service.ids[who],
            platform=TERMINAL,
            key=f"demo-{next(self._keys)}",
            deed=deed,
            **given,  # type: ignore[arg-type] # the callers above name fields of Request only
        )

    def _pressed(self, who: str, button: Button) -> Answer:
        return self._answered(self._request(who, button.deed, subject=button.subject, run=button.run))

    def _answered(self, request: Request) -> Answer:
        given = answer(self.office, request)
        if not isinstance(given, Form):
            show("and reads", answer_lines(given), bar=":")
        self.tick()
        return given
