"""Wakes the pages that are open when something in a chat has changed; what changed they read themselves."""

import asyncio
from uuid import uuid4


class Hub:
    """One for the process. A page waits with the number it saw last, so that no change between two waits is missed.

    `started_over` counts how often everything was replaced (another situation): then a page has to be drawn anew.
    """

    def __init__(self) -> None:
        self._changed = asyncio.Event()
        self.changes = 0
        self.started_over = 0
        self._process = uuid4().hex[:8]
        self.closing = False

    @property
    def begun(self) -> str:
        """What a page was drawn from: this process, and how often everything was replaced in it."""
        return f"{self._process}.{self.started_over}"

    def is_replaced(self, begun: str) -> bool:
        """Whether what a page was drawn from has been replaced since. After a restart it has not."""
        return begun.startswith(f"{self._process}.") and begun != self.begun

    def changed(self) -> None:
        """Something changed; called on the event loop."""
        self.changes += 1
        self._changed.set()
        self._changed = asyncio.Event()

    def start_over(self) -> None:
        """Everything was replaced."""
        self.started_over += 1
        self.changed()

    def close(self) -> None:
        """Let every open page's stream end."""
        self.closing = True
        self.changed()

    async def wait(self, seen: int, seconds: float) -> None:
        """Return when there were changes since, or after that many seconds."""
        if self.changes != seen or self.closing:
            return
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return
