"""Looks into a leap of the machine's clock by clocks that are not the machine's: the database's and the platforms'.

It has to stand for a minute. Then it is believed unless one of them says otherwise. One that does not answer says
nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from scheduling.believed import BelievedClock, Doubt, minutes
from storage.database import clock_skew

log = logging.getLogger("bot")

STANDS_SECONDS = 60.0
PATIENCE = aiohttp.ClientTimeout(total=5)


class SecondClocks:
    """One for the process. `dated_at`: addresses of platforms, whose answers say what time it is there."""

    def __init__(
        self, clock: BelievedClock, engine: Engine, dated_at: Sequence[str], monotonic: Callable[[], float]
    ) -> None:
        self._clock = clock
        self._engine = engine
        self._dated_at = dated_at
        self._monotonic = monotonic
        self._asked_at: float | None = None
        self._contradicted = timedelta()

    async def look(self) -> None:
        """Believe the leap that is in doubt, or not; asked again each minute as long as it stands."""
        doubt = self._clock.doubt()
        if doubt is None:
            self._asked_at, self._contradicted = None, timedelta()
        elif doubt.seconds >= STANDS_SECONDS and self._may_ask():
            ahead = [one for one in await self._ahead(doubt) if one is not None]
            if any(abs(one) > doubt.leap / 2 for one in ahead):
                self._contradict(doubt)
            else:
                self._clock.believe()

    @property
    def warnings(self) -> Sequence[str]:
        """What the operator should set right."""
        if not self._contradicted:
            return ()
        return (
            f"The clock of this machine leapt ahead by {minutes(self._contradicted)} minutes and others did not: "
            "set it right. Until then the service counts on from before.",
        )

    def _may_ask(self) -> bool:
        now = self._monotonic()
        if self._asked_at is not None and now - self._asked_at < STANDS_SECONDS:
            return False
        self._asked_at = now
        return True

    def _contradict(self, doubt: Doubt) -> None:
        if not self._contradicted:
            log.error("The clock leapt ahead by %d minutes and others did not: set it right.", minutes(doubt.leap))
        self._contradicted = doubt.leap

    async def _ahead(self, doubt: Doubt) -> Sequence[timedelta | None]:
        """How far the machine is ahead of each of them; None of one that says nothing."""
        theirs = [asyncio.to_thread(self._of_database, doubt), *(_of_platform(one, doubt) for one in self._dated_at)]
        return await asyncio.gather(*theirs)

    def _of_database(self, doubt: Doubt) -> timedelta | None:
        if self._engine.dialect.name != "postgresql":
            return None
        try:
            return -clock_skew(self._engine, doubt.machine)
        except (DBAPIError, PoolTimeout):
            return None


async def _of_platform(address: str, doubt: Doubt) -> timedelta | None:
    """By the date of an answer, whatever it answers."""
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE, trust_env=True) as session,
            session.get(address, allow_redirects=False) as answered,
        ):
            theirs: datetime = parsedate_to_datetime(answered.headers["Date"])
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError):
        return None
    return doubt.machine - theirs
