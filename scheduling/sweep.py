"""Takes the nudges that fell due, authority by authority, in sets, and has each set fired at once.

A nudge goes in the same transaction in which it takes effect. One that fails is found by going singly: it is put off,
and keeps the moment at which it first fell due; the others go on.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from scheduling.troubles import Troubles
from storage import nudges
from storage.database import transaction
from storage.nudges import Claimed, Due
from storage.scope import every_authority

logger = logging.getLogger(__name__)

Fire = Callable[[Session, Sequence[Due], datetime], Collection[Due]]
"""Does what a set of nudges asks, in the caller's transaction; gives those at whose subjects somebody is at work."""
Morning = Callable[[Engine, str, Due, datetime], None]
"""An authority's morning, in transactions of its own."""
Monotonic = Callable[[], float]

LONGEST_SET_SECONDS = {"sqlite": 0.04, "postgresql": 0.08}
"""SQLite has one writer at a time: people's commands wait for a set (decision 7). On PostgreSQL only those wait who
want the very same concern, each statement travels, and so a set is worth its while when it is twice as long."""
FEWEST, MOST = 10, 500
SOME = 50
"""Fired between two looks at the clock."""
NOTHING = Claimed(due=[], more=False)
HELD_BY_OTHERS = ("55P03", "40P01")
"""PostgreSQL: the lock is not to be had in time; a deadlock."""
LEASE = timedelta(minutes=2)
"""How long nobody else begins a morning that was begun: many times what the largest takes."""
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=6)


@dataclass(kw_only=True)
class SweepCounters:
    """What sweeps have done since the program began."""

    fired: int = 0
    failed: int = 0


@dataclass(kw_only=True)
class Pace:
    """How many nudges of one authority go together: as many as fit in `longest` seconds, from 10 to 500; after a
    failure fewer.
    """

    longest: float
    size: int = FEWEST

    def took(self, seconds: float, number: int) -> None:
        """So many together took so long."""
        fits = int(self.longest / max(seconds, 1e-6) * number)
        wanted = min(max(fits, FEWEST), MOST) if number >= min(self.size, FEWEST) else self.size
        self.size = min(wanted, 2 * max(self.size, 1))

    def failed(self) -> None:
        """One of them failed: half as many, down to one alone."""
        self.size = max(self.size // 2, 1)


class Sweep:
    """One for the process. `monotonic` are seconds that never jump.

    Without `morning` an authority's morning is fired as anything else.
    """

    def __init__(
        self,
        engine: Engine,
        fire: Fire,
        *,
        morning: Morning | None = None,
        monotonic: Monotonic = time.monotonic,
        counters: SweepCounters | None = None,
    ) -> None:
        self._engine = engine
        self._fire = fire
        self._morning = morning
        self._monotonic = monotonic
        self._longest = LONGEST_SET_SECONDS[engine.dialect.name]
        self._paces: defaultdict[str, Pace] = defaultdict(lambda: Pace(longest=self._longest))
        self._troubles = Troubles(monotonic, logger)
        self.counters = counters or SweepCounters()

    def turn(self, now: datetime) -> bool:
        """Fire one set of due nudges of each authority; True when more are due."""
        more = False
        for authority in self._authorities(now):
            try:
                more |= self._of_authority(authority, now)
            except Exception as error:  # noqa: BLE001 - one authority's fault must not stop the clocks of the others
                self.counters.failed += 1
                self._troubles.met(f"sweep: a set of {authority} failed with {type(error).__name__}")
        return more

    def _authorities(self, now: datetime) -> list[str]:
        with transaction(self._engine, None, writes=False) as session, every_authority(session):
            return nudges.authorities_due(session, now)

    def _of_authority(self, authority: str, now: datetime) -> bool:
        """The first set of which any can go. Those at whose subjects somebody is at work are left for the next turn."""
        passed: set[str] = set()
        while True:
            went, left, more = self._set(authority, now, passed)
            passed |= left
            if went or not left:
                return more

    def _set(self, authority: str, now: datetime, passed: Collection[str]) -> tuple[int, set[str], bool]:
        """One transaction: how many went, the subjects that were left, and whether more are due."""
        pace, began, claimed = self._paces[authority], self._monotonic(), NOTHING
        try:
            with transaction(self._engine, authority) as session:
                self._give_way(session)
                claimed = nudges.claim(session, now, pace.size, passed)
                is_morning = self._morning is not None and claimed.is_morning
                if is_morning:
                    claimed = self._leased(session, claimed, now)
                    gone, left = claimed.due, set[str]()
                else:
                    claimed = self._fired(session, claimed, now)
                    left = claimed.at_work
                    gone = [one for one in claimed.due if one.subject not in left]
                    nudges.done(session, gone)
            if is_morning:
                self._one_morning(authority, claimed, now)
        except Exception as error:
            if not claimed.due:
                raise
            if waited_too_long(error):
                return 0, {one.subject for one in claimed.due}, claimed.more
            self._failed(authority, now, claimed.due, error)
            return len(claimed.due), set(), True
        pace.took(self._monotonic() - began, len(claimed.due))
        self.counters.fired += len(gone)
        return len(gone), left, claimed.more

    def _fired(self, session: Session, claimed: Claimed, now: datetime) -> Claimed:
        """Fire them, some at a time: what is dear after much that was cheap ends the set early, and stays due."""
        began, at_work, fired = self._monotonic(), set[str](), list[Due]()
        for at in range(0, len(claimed.due), SOME):
            if fired and self._monotonic() - began > self._longest:
                return replace(claimed, due=fired, more=True, at_work=at_work)
            some = claimed.due[at : at + SOME]
            at_work |= {one.subject for one in self._fire(session, some, now)}
            fired += some
        return replace(claimed, at_work=at_work)

    def _leased(self, session: Session, claimed: Claimed, now: datetime) -> Claimed:
        """A morning is in several transactions: for so long it is this process's, and stays as late as it is."""
        (one,) = claimed.due
        return replace(claimed, due=[nudges.lease(session, one, now + LEASE)])

    def _one_morning(self, authority: str, claimed: Claimed, now: datetime) -> None:
        """By itself, and gone when it is over: a stop in between has it begin again."""
        assert self._morning is not None
        self._morning(self._engine, authority, claimed.due[0], now)
        with transaction(self._engine, authority) as session:
            nudges.done(session, claimed.due)

    def _give_way(self, session: Session) -> None:
        """A handler may wait for a nudge held here: the sweep gives way, well before PostgreSQL looks for deadlocks."""
        if self._engine.dialect.name == "postgresql":
            session.connection().exec_driver_sql("SET LOCAL lock_timeout = '300ms'")

    def _failed(self, authority: str, now: datetime, due: Sequence[Due], error: Exception) -> None:
        """Of several that failed together fewer are tried next; one alone is put off."""
        self._paces[authority].failed()
        if len(due) > 1:
            return
        (one,) = due
        self.counters.failed += 1
        self._troubles.met(f"sweep: the rung {one.rung} failed with {type(error).__name__} ({authority})")
        with transaction(self._engine, authority) as session:
            nudges.put_off(session, one, now + delay_after(one.failures))


def waited_too_long(error: Exception) -> bool:
    """Whether somebody is at work at what would have been written: nothing failed, and it is tried again."""
    return isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", None) in HELD_BY_OTHERS


def delay_after(failures: int) -> timedelta:
    """How long one is put off that has failed so often before: 30 s, then twice as long each time, up to 6 hours."""
    return min(FIRST_DELAY * (1 << min(failures, 20)), LONGEST_DELAY)
