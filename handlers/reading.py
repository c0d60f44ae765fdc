"""Deeds that only read: said where the deed is declared, so that nobody waits for a lock to look at something."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.cards import Answer
from handlers.office import Desk
from handlers.requests import Request


@dataclass(frozen=True)
class Reads:
    """A deed that writes no row, not even that it was done: a repeat reads again. Its transaction cannot write."""

    deed: Callable[[Desk, Request], Answer]

    def __call__(self, desk: Desk, request: Request) -> Answer:
        """What the deed answers."""
        return self.deed(desk, request)
