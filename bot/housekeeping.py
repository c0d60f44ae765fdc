"""What the service does about itself once a day, and what it counts."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.incidents import where
from handlers.calendar_changes import lengthen_open_clocks
from handlers.missing_nudges import plan_missing
from handlers.odd_rows import OddRow, odd_rows
from handlers.office import Scene, rules_in_force
from handlers.refusals import Refused
from handlers.reviews.daily import plan_daily
from handlers.tick import wake
from scheduling.working_days import local
from storage import audit, authorities, inbound, outbox
from storage.database import transaction
from storage.outbox import OutboxState
from storage.scope import every_authority

log = logging.getLogger("bot")

KEEP_INBOUND = timedelta(days=30)


class Housekeeping:
    """Small duties around the beat."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._done_on: date | None = None
        self.planned_again = 0
        """How many nudges were missing since the start."""
        self.left_undone = 0
        """How many duties failed since the start; each is tried again the next day."""

    def daily(self, now: datetime) -> None:
        """Once a day, and at the start: mornings and reviews planned, chains anchored, old request keys dropped."""
        today = local(now).date()
        if self._done_on == today:
            return
        for key in self._authorities():
            for what, duty in self._duties(key, now):
                self._do(key, what, duty)
        self._done_on = today

    def _duties(self, key: str, now: datetime) -> Iterator[tuple[str, Callable[[], object]]]:
        """In pieces, none of which holds the lock for long; done again after a stop, they change nothing twice."""
        yield "missing reminders", partial(self._plan_missing, key, now)
        yield "the next morning", partial(self._wake, key, now)
        yield "longer clocks", partial(lengthen_open_clocks, self._engine, key, now)
        yield "the next reviews", partial(plan_daily, self._engine, key, now)
        yield "old request keys", partial(self._forget_inbound, key, now)
        yield "the heads of the history", partial(self._anchor, key, local(now).date())

    def _do(self, key: str, what: str, duty: Callable[[], object]) -> None:
        """One that fails over what is kept, or over the procedures, keeps nobody's others from being done.

        Where the database fails, all are tried again at the next turn.
        """
        try:
            duty()
        except (InterfaceError, InternalError, OperationalError, PoolTimeout):
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, the clocks of the others must not stop
            self.left_undone += 1
            why = str(fault) if isinstance(fault, Refused) else f"{type(fault).__name__} at {where(fault)}"
            log.error("The daily duties of the authority %s were left undone (%s): %s", key, what, why)

    def _plan_missing(self, key: str, now: datetime) -> None:
        self.planned_again += plan_missing(self._engine, key, now)

    def _wake(self, key: str, now: datetime) -> None:
        with transaction(self._engine, key) as session:
            wake(session, key, now)

    def _forget_inbound(self, key: str, now: datetime) -> None:
        while True:
            with transaction(self._engine, key) as session:
                if not inbound.forget_older_than(session, now - KEEP_INBOUND):
                    return

    def _anchor(self, key: str, day: date) -> None:
        """The heads of the chains that moved, read without a lock and kept in pieces."""
        with transaction(self._engine, key, writes=False) as session:
            chains = audit.moved(session) if not audit.is_anchored(session, day) else ()
            heads = audit.heads_of(chains)
        with transaction(self._engine, key) as session:
            is_ours = audit.keep_anchor(session, day, heads)
        for at in range(0, len(chains) if is_ours else 0, audit.AT_A_TIME):
            with transaction(self._engine, key) as session:
                audit.mark_anchored(session, chains[at : at + audit.AT_A_TIME])

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

    def messages(self) -> Mapping[OutboxState, int] | None:
        """How many messages stand so; None where the database does not answer."""
        try:
            with transaction(self._engine, None, writes=False) as session, every_authority(session):
                return {state: outbox.how_many(session, state) for state in OutboxState}
        except (DBAPIError, PoolTimeout):
            return None
