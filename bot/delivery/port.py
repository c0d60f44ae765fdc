"""What a platform must be able to do for delivery, and the two ways in which it can fail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handlers.cards import Card


@dataclass(frozen=True, kw_only=True)
class Posted:
    """Where a message stands: the platform's own conversation and message ids."""

    channel: str
    message: str


class Undeliverable(Exception):
    """The platform refused, and certainly posted nothing.

    `reason` is a plain sentence. `permanent`: trying this message again cannot help. `retry_after`: seconds
    the platform asked for. `workspace`: nobody there can be reached until an administrator mends it.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        workspace: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        self.workspace = workspace


class Unanswered(Exception):
    """The message was handed over and no answer came back: nobody knows whether it was posted.

    `asks_again`: the platform itself says that such a message has to be sent once more, however often that takes.
    """

    def __init__(self, reason: str = "", *, asks_again: bool = False) -> None:
        super().__init__(reason)
        self.asks_again = asks_again


class Platform(Protocol):
    """One chat platform. Every method makes one attempt within 15 seconds, or raises one of the two above."""

    name: str

    async def post(self, *, workspace: str, address: str, card: Card, key: str) -> Posted:
        """Post the card to one person directly; `key` travels unseen where the platform can carry it."""
        ...

    async def update(self, *, workspace: str, posted: Posted, card: Card) -> None:
        """Redraw a message that was posted before; doing it twice is the same as once."""
        ...

    async def find(self, *, workspace: str, address: str, key: str, since: datetime) -> Posted | None:
        """The message posted to that person with this key since then, where the platform can tell."""
        ...
