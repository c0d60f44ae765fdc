"""A platform at work in this process, and the house in which it works."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.routing import BaseRoute

from bot.delivery.port import Platform
from bot.offsets import Offset
from bot.reception.reception import Reception
from bot.settings import Settings
from bot.threads import WorkerThreads
from handlers.office import Office
from scheduling.clock import Clock


@dataclass(frozen=True, kw_only=True)
class House:
    """What a platform is put to work with.

    `clock`, as far as it is believed, and `monotonic` are the machine's; the office has the service's day. `owed` says
    that something may be sent that nothing else tells of; `bind`, called in a worker thread, that a workspace was
    connected, which is then believed about e-mail addresses as the settings say. `step` acts on what is due by the
    service's day, and the one that holds `turn` keeps that from happening. `patience`, in seconds, stands for each
    platform's own where it is given.
    """

    settings: Settings
    office: Office
    clock: Clock
    monotonic: Callable[[], float]
    threads: WorkerThreads
    reception: Reception
    owed: Callable[[], None]
    bind: Callable[[], None]
    step: Callable[[], Awaitable[None]]
    turn: asyncio.Lock
    patience: float | None = None


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A gauge of a platform's own: its name, what it means, and how it stands."""

    name: str
    says: str
    value: float


class Running:
    """What is asked of a platform from the start to the stop; it inherits what it has no use for.

    `platform` is how delivery sees it; `dated_at` an address there that tells anybody the time; `offset` what its
    answers say of its clock, None for one without a clock of its own.
    """

    platform: Platform
    dated_at = ""
    offset: Offset | None = None

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """Its addresses, for the web application."""
        return ()

    def served(self, address: str) -> str:
        """What the log says of it at the start; nothing where there is nothing to say."""
        return ""

    def measured(self) -> Sequence[Measured]:
        """What the metrics show of it."""
        return ()

    async def start(self, now: datetime) -> None:
        """Connect what the settings connect."""

    def listening(self) -> None:
        """The addresses answer from now on."""

    async def beat(self, now: datetime) -> None:
        """Do what has to be done again and again."""

    async def refresh(self) -> None:
        """Show anew what stands open before people and is no longer true."""

    async def rest(self) -> None:
        """Take nothing new in."""

    async def stop(self) -> None:
        """Close what was opened."""
