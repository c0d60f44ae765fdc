"""Tells in the terminal what is done on the stage: who does what and when, and what they read in answer."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine

from bot.delivery.port import Platform
from bot.demo.terminal import Terminal, answer_lines, say, show
from bot.sample.people import email_of
from bot.sample.stage import Audience
from handlers.cards import Answer
from handlers.wording import when
from scheduling.clock import Clock


class Telling(Audience):
    """`roles` are people's roles in words, by name."""

    def __init__(self, roles: Mapping[str, str]) -> None:
        self._roles = roles
        self._said: datetime | None = None

    def acts(self, at: datetime, who: str, did: str) -> None:
        """A line of the story, under the time where it has moved."""
        self._head(at)
        say(f"  {who} ({self._roles[who]}) {did}")
        say("")

    def reads(self, given: Answer) -> None:
        """What they read, with a bar of its own."""
        show("and reads", answer_lines(given), bar=":")

    def terminal(self, _engine: Engine, _authority: str, clock: Clock) -> Platform:
        """The platform on which messages are printed."""
        called = {email_of(name): f"{name}, {role}" for name, role in self._roles.items()}

        def to(address: str) -> str:
            self._head(clock())
            return called[address]

        return Terminal(to)

    def _head(self, at: datetime) -> None:
        """The date and time, once each."""
        if self._said != at:
            say(f"--- {when(at)} " + "-" * 40)
            say("")
            self._said = at
