"""What the service does about itself: the next wake-up, the daily anchor, what readiness and metrics say."""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import aiohttp
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.settings import Settings
from handlers.calendar_changes import lengthen_open_clocks
from handlers.odd_rows import OddRow, odd_rows
from handlers.office import Scene, rules_in_force
from handlers.refusals import Refused
from handlers.reviews.daily import plan_daily
from handlers.tick import wake
from scheduling.stamps import Stamp
from scheduling.watchdog import oldest_overdue
from scheduling.working_days import local
from storage import audit, authorities, inbound, outbox
from storage.database import clock_skew, transaction
from storage.outbox import OutboxState
from storage.revisions import pending
from storage.scope import every_authority

log = logging.getLogger("bot")

KEEP_INBOUND = timedelta(days=30)
OUTSIDE_EVERY = timedelta(minutes=1)
OUTSIDE_PATIENCE = aiohttp.ClientTimeout(total=15, sock_connect=5)
SILENT_SECONDS = 300.0
MOST_SKEW = timedelta(seconds=5)


class Housekeeping:
    """Small duties around the beat."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._settings = settings
        self._done_on: date | None = None
        self._told_at: datetime | None = None

    def daily(self, now: datetime) -> None:
        """Once a day, and at the start: mornings and reviews planned, chains anchored, old request keys dropped."""
        today = local(now).date()
        if self._done_on == today:
            return
        for key in self._authorities():
            try:
                self._daily_of(key, now)
            except Refused as refusal:  # one authority's procedures must not stop the clocks of the others
                log.error("The daily duties of the authority %s were left undone: %s", key, refusal)
        self._done_on = today

    def _daily_of(self, key: str, now: datetime) -> None:
        """In pieces, none of which holds the lock for long; done again after a stop, they change nothing twice."""
        with transaction(self._engine, key) as session:
            wake(session, key, now)
        lengthen_open_clocks(self._engine, key, now)
        plan_daily(self._engine, key, now)
        while True:
            with transaction(self._engine, key) as session:
                if not inbound.forget_older_than(session, now - KEEP_INBOUND):
                    break
        self._anchor(key, local(now).date())

    def _anchor(self, key: str, day: date) -> None:
        """The heads of the chains that moved, read without a lock and kept in pieces."""
        with transaction(self._engine, key, writes=False) as session:
            chains = audit.moved(session) if not audit.is_anchored(session, day) else ()
            heads = audit.heads_of(chains)
        with transaction(self._engine, key) as session:
            audit.keep_anchor(session, day, heads)
        for at in range(0, len(chains), audit.AT_A_TIME):
            with transaction(self._engine, key) as session:
                audit.mark_anchored(session, chains[at : at + audit.AT_A_TIME])

    def problems(self, stamps: Sequence[Stamp], now: datetime) -> Sequence[str]:
        """What keeps the service from working, in plain lines."""
        try:
            found = self._problems_of_database(now)
        except (DBAPIError, PoolTimeout):
            found = ["The database does not answer."]
        return [*found, *silent(stamps)]

    def _problems_of_database(self, now: datetime) -> list[str]:
        found = []
        if pending(self._engine):
            found.append("The database is not at the schema of this version: run iro-bot migrate.")
        skew = clock_skew(self._engine, now)
        if abs(skew) > MOST_SKEW:
            found.append(f"The clock of this machine and that of PostgreSQL differ by {abs(skew)}: set them right.")
        return found

    def warnings(self, now: datetime) -> Sequence[str]:
        """What somebody should look at, though it keeps nothing from working: one odd row, by its reference."""
        try:
            return [f"{odd}" for key in self._authorities() for odd in self._odd_rows(key, now)]
        except (DBAPIError, PoolTimeout):
            return []  # the problems say that the database does not answer

    def _authorities(self) -> Sequence[str]:
        with transaction(self._engine, None, writes=False) as session:
            return authorities.every_key(session)

    def _odd_rows(self, key: str, now: datetime) -> Sequence[OddRow]:
        with transaction(self._engine, key, writes=False) as session:
            try:
                rules = rules_in_force(session, key)
            except Refused:
                return []  # the log of the daily duties says it
            return odd_rows(Scene(session=session, now=now, authority=key, rules=rules))

    def owed(self) -> int:
        """How many messages wait, or were begun without a known end."""
        with transaction(self._engine, None, writes=False) as session, every_authority(session):
            return sum(outbox.how_many(session, state) for state in (OutboxState.OWED, OutboxState.ATTEMPTED))

    def counts(self, now: datetime) -> dict[str, float]:
        """Gauges for Prometheus: messages by state, nudges overdue in seconds; only that it is down where it is."""
        try:
            odd = float(len(self.warnings(now)))
            return {"database_up": 1.0, **self._counts_in_database(now), "odd_rows": odd}
        except (DBAPIError, PoolTimeout):
            return {"database_up": 0.0}

    def _counts_in_database(self, now: datetime) -> dict[str, float]:
        with transaction(self._engine, None, writes=False) as session, every_authority(session):
            gauges: dict[str, float] = {
                f"outbox_{state.value}": outbox.how_many(session, state) for state in OutboxState
            }
        overdue = oldest_overdue(self._engine, now)
        return {**gauges, "nudges_overdue_seconds": overdue.total_seconds() if overdue is not None else 0.0}

    async def tell_outside(self, now: datetime, stamps: Sequence[Stamp]) -> None:
        """Tell HEARTBEAT_URL that every loop goes round; at most once a minute, and never more than a log line."""
        url = self._settings.heartbeat_url
        if not url or (self._told_at is not None and now - self._told_at < OUTSIDE_EVERY):
            return
        if silent(stamps):
            return
        self._told_at = now
        try:
            async with (
                aiohttp.ClientSession(timeout=OUTSIDE_PATIENCE, trust_env=True) as session,
                session.get(url) as answered,
            ):
                if answered.status >= 400:
                    log.warning("HEARTBEAT_URL answered %s", answered.status)
        except (aiohttp.ClientError, TimeoutError) as lost:
            log.warning("HEARTBEAT_URL did not answer (%s)", type(lost).__name__)


def silent(stamps: Sequence[Stamp]) -> list[str]:
    """Which loops have given no sign for too long."""
    return [
        f"The loop for {stamp.loop} has given no sign for more than five minutes: restart the service."
        for stamp in stamps
        if (stamp.silent_for() or 0.0) > SILENT_SECONDS
    ]
