"""Where the people of a stage are reached: every message is kept, and handed on to a platform where there is one."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import ParamSpec, TypeVar

from sqlalchemy import Engine

from bot.called import Called
from bot.delivery.port import Platform, Posted
from handlers.cards import Card
from scheduling.clock import Clock

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """The connected workspace. `opens` makes its platform for an engine, an authority and a clock; without it, none."""

    platform: str = "page"
    name: str = "page"
    opens: Callable[[Engine, str, Clock], Platform] | None = None


@dataclass(frozen=True, kw_only=True)
class Told:
    """A message as somebody got it. `to` is their address."""

    at: datetime
    to: str
    card: Card


class Collected:
    """Implements `bot.delivery.port.Platform`."""

    def __init__(self, name: str, clock: Clock, onward: Platform | None) -> None:
        self.called = Called(name=name, label=name, has_accounts=False)
        self.told: list[Told] = []
        self._clock = clock
        self._onward = onward
        self._numbers = count(1)

    async def post(self, *, workspace: str, address: str, card: Card, key: str) -> Posted:
        """Keep it."""
        self.told.append(Told(at=self._clock(), to=address, card=card))
        if self._onward is not None:
            return await self._onward.post(workspace=workspace, address=address, card=card, key=key)
        return Posted(channel=address, message=str(next(self._numbers)))

    async def update(self, *, workspace: str, posted: Posted, card: Card) -> None:
        """What was told stays told."""
        if self._onward is not None:
            await self._onward.update(workspace=workspace, posted=posted, card=card)

    async def find(self, *, workspace: str, address: str, key: str) -> Posted | None:
        """Nothing is ever in doubt here."""
        return None


class AtOnce(Executor):
    """Does the work where it is asked for: a stage has one thread, and starting others would take longer."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The work, done."""
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - the caller that waits for the work is given the error
            done.set_exception(error)
        return done
