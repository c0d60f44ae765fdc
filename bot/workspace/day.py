"""The service's day: the machine's clock, moved on as far as the built-in page has moved it."""

import threading
from datetime import datetime, timedelta

from sqlalchemy import Engine

from scheduling.clock import Clock
from storage import page_messages
from storage.database import transaction


class ServiceDay:
    """A clock for everything that is said and counted. Cadence, leases, links and patience keep the machine's.

    Within a situation it is only ever moved forward, and how far is stored, so that it goes on after a restart.
    Asking it waits for nobody: it is asked inside writing transactions, and moving it writes.
    """

    def __init__(self, engine: Engine, authority: str, machine: Clock) -> None:
        self._engine = engine
        self._authority = authority
        self._machine = machine
        self._moving = threading.Lock()
        self._ahead = timedelta()
        self.reread()

    def __call__(self) -> datetime:
        """The moment it is for the service."""
        return self._machine() + self._ahead

    def machine_time(self, moment: datetime) -> datetime:
        """When the machine's clock will show what the service's day shows at that moment."""
        return moment - self._ahead

    def move_to(self, moment: datetime) -> None:
        """Move it on to that moment. A moment that has passed changes nothing."""
        with self._moving:
            self._keep(max(self._ahead, moment - self._machine()))

    def begin_at(self, moment: datetime) -> None:
        """Begin at that moment, earlier or later: another situation, with a database of its own."""
        with self._moving:
            self._keep(moment - self._machine())

    def _keep(self, ahead: timedelta) -> None:
        with transaction(self._engine, self._authority) as session:
            page_messages.move_ahead(session, ahead.total_seconds())
        self._ahead = ahead

    def reread(self) -> None:
        """Take over what is stored: at the start, and when the database was replaced by another situation's."""
        with self._moving, transaction(self._engine, self._authority, writes=False) as session:
            self._ahead = timedelta(seconds=page_messages.ahead(session))
