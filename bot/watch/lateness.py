"""How late messages are: from the moment that made them due to the platform's answer that they stand."""

from collections.abc import Callable
from datetime import datetime

from prometheus_client import CollectorRegistry, Histogram
from sqlmodel import Session

from storage.outbox import Outbox

NAME = "iro_bot_lateness_seconds"
SAYS = (
    "Seconds from when a message was due until it was sent: since its reminder first fell due, or somebody did "
    "something; of what waits for working hours, since they began."
)
BUCKETS = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600, 14400, 86400)

Delivered = Callable[[Session, Outbox, datetime], None]


class Lateness:
    """One for the process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=False)
        self._seconds = Histogram(NAME, SAYS, buckets=BUCKETS, registry=self.registry)

    def noting(self, delivered: Delivered) -> Delivered:
        """The same, with how late each message is noted."""

        def noted(session: Session, row: Outbox, at: datetime) -> None:
            self._seconds.observe(max((at - due_at(row)).total_seconds(), 0.0))
            delivered(session, row, at)

        return noted


def due_at(row: Outbox) -> datetime:
    """When it should have been there."""
    moments = (row.fell_due_at or row.owed_at, row.held_until, row.look_again_at)
    return max(one for one in moments if one is not None)
