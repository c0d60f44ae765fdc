"""What every lane of a sender works with: the database, the clocks, the platforms, and the handlers of messages."""

import asyncio
import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import Session

from bot.called import Called
from bot.delivery.counters import Counters
from bot.delivery.faults import Faults
from bot.delivery.lanes import Lane
from bot.delivery.port import Platform
from bot.delivery.timing import Timing
from bot.documents.made import File
from handlers.cards import Card
from scheduling.clock import Clock
from scheduling.troubles import Troubles
from storage.database import transaction
from storage.live_messages import LiveMessage
from storage.outbox import Outbox
from storage.scope import settle

logger = logging.getLogger(__name__)
T = TypeVar("T")

Render = Callable[[Session, Outbox, datetime], Card | None]
Shrunk = Callable[[Session, LiveMessage], Card]
Delivered = Callable[[Session, Outbox, datetime], None]
Failed = Callable[[Session, Outbox, str, datetime], None]
LookAgain = Callable[[Session, Outbox, datetime], datetime | None]
"""When the reader of a message that could not reach them is looked for again, by the service's day; None: never."""
Overtakes = Callable[[Session, Outbox, Card, datetime], bool]
"""Whether a message, posted as this card, takes the buttons of what its reader has of the same subject."""
Gather = Callable[[Session, Outbox, datetime], Callable[[], File]]
"""Reads what the file of a message is made from; the function it gives draws it, without the database."""
Monotonic = Callable[[], float]
"""Seconds of a clock that never jumps and goes on counting while the machine is suspended."""


Know = Callable[[Session, Sequence[Outbox], datetime], None]
"""Reads by sets what rendering several messages will ask for."""
KnowArrived = Callable[[Session, Sequence[Outbox]], None]
"""The same for what follows their delivery."""
Late = Callable[[timedelta], None]
"""Hears of each message that arrived how late it was, once that is committed."""
ALL_OR_NONE = "all or none"


def nothing(*_given: object) -> None:
    """For a delivery that reads nothing by sets, or measures nothing."""


def never(_session: Session, _row: Outbox, _now: datetime) -> None:
    """For a delivery that looks for nobody again."""


class Broken(Exception):
    """A handler failed over one message. Its own words are left out: they might quote what was written."""


@dataclass(frozen=True, kw_only=True)
class Works:
    """Handed to every lane. The platforms go by their names; `chance` gives numbers in 0..1.

    `monotonic` has to count while the machine is suspended (CLOCK_BOOTTIME). `workers` run the transactions.
    `clock` is the machine's: leases and waits go by it. `day` is the service's: what is said and kept goes by it. Only
    the built-in page moves the two apart. Without `gather` no message has a file.
    """

    engine: Engine
    clock: Clock
    day: Clock
    monotonic: Monotonic
    platforms: Mapping[str, Platform]
    render: Render
    shrunk: Shrunk
    overtakes: Overtakes
    delivered: Delivered
    undeliverable: Failed
    chance: Callable[[], float] = random.random
    late: Late = nothing
    look_again: LookAgain = never
    know: Know = nothing
    know_arrived: KnowArrived = nothing
    gather: Gather | None = None
    workers: Executor | None = None
    timing: Timing = field(default_factory=Timing)
    counters: Counters = field(default_factory=Counters)
    faults: Faults = field(default_factory=Faults)
    troubles: Troubles = field(default_factory=lambda: Troubles(time.monotonic, logger))
    halted: threading.Event = field(default_factory=threading.Event)

    def by_day(self, moment: datetime) -> datetime:
        """What the service's day showed, or will show, at a moment of the machine's clock."""
        return moment + (self.day() - self.clock())

    def called(self, lane: Lane) -> Called:
        """How the platform of that lane is called."""
        return self.platforms[lane.platform].called

    def is_fresh(self, since: float) -> bool:
        """Whether what was read then may still go out."""
        return self.monotonic() - since <= min(self.timing.together, self.timing.lease / 2)

    def left(self, since: float) -> float:
        """Seconds for which it may."""
        return max(since + self.timing.together - self.monotonic(), 0.0)

    async def reading(self, authority: str | None, deed: Callable[[Session], T]) -> T:
        """Do it in a reading transaction, in a worker thread."""
        return await self._threaded(authority, deed, writes=False)

    async def writing(self, authority: str, deed: Callable[[Session], T]) -> T:
        """Do it in a short writing transaction, in a worker thread."""
        return await self._threaded(authority, deed, writes=True)

    async def aside(self, work: Callable[[], T]) -> T:
        """Do it in a worker thread."""
        return await asyncio.get_running_loop().run_in_executor(self.workers, work)

    def handled(self, session: Session, what: str, deed: Callable[[], T]) -> T:
        """Let a handler do its part inside a savepoint, with all it leaves to be written; Broken when it fails."""
        if session.info.get(ALL_OR_NONE):
            return deed()

        def nested() -> T:
            with session.begin_nested():
                done = deed()
                settle(session)
                return done

        return self.guarded(what, nested)

    def guarded(self, what: str, deed: Callable[[], T]) -> T:
        """Do it; Broken when it fails, with only the kind of error logged, once while it lasts."""
        try:
            return deed()
        except Exception as error:  # noqa: BLE001 - whatever fails over one message must not stop the others
            kind = type(error).__name__
            self.troubles.met(f"delivery: {what} failed with {kind}")
            raise Broken(kind) from None

    async def _threaded(self, authority: str | None, deed: Callable[[Session], T], *, writes: bool) -> T:
        def work() -> T:
            with transaction(self.engine, authority, writes=writes) as session:
                return deed(session)

        return await self.aside(work)


@contextmanager
def all_or_none(session: Session) -> Iterator[None]:
    """Let handlers do their part without savepoints: the first that fails breaks off all, to be done one by one."""
    session.info[ALL_OR_NONE] = True
    try:
        yield
    finally:
        session.info[ALL_OR_NONE] = False
