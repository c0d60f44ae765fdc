"""Looks again and again whether all goes well, writes that down, and says in the log what begins and what is over."""

import logging
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.settings import Settings
from bot.watch.kept import Kept
from bot.watch.reading import Clocks, Seen, read
from bot.watch.trouble import SLOW, Kind, Signs, Trouble, troubles
from scheduling.troubles import Troubles
from storage import beats
from storage.database import transaction

log = logging.getLogger("bot")

WRITE_EVERY_SECONDS = 30.0
FRESH_SECONDS = 3.0
"""Who asks how it is more often than that is given what was read before: asking costs the database little."""


class Watch:
    """One for the process. `platforms` are those that run here. Called in worker threads."""

    def __init__(
        self,
        engine: Engine,
        settings: Settings,
        clocks: Clocks,
        platforms: Collection[str],
        *,
        fresh_seconds: float = FRESH_SECONDS,
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._clocks = clocks
        self._platforms = platforms
        self.seen = Kept(self._read, fresh_seconds)
        """What the database says, now or a few seconds ago."""
        self._troubles = Troubles(clocks.monotonic, log)
        self._written_at: float | None = None
        self._refused = False

    def round(self, signs: Signs) -> Sequence[Trouble]:
        """One turn: write, look at everything, and say what has begun and what is over."""
        self._write()
        found = self.found(signs)
        self._troubles.look({f"{one.kind} {one.whose}": one.said for one in found if one.kind is not Kind.STARTING})
        return found

    def found(self, signs: Signs) -> Sequence[Trouble]:
        """All that is wrong."""
        return troubles(self.seen(), signs, self._settings, refused=self._refused)

    def _read(self) -> Seen:
        late = min(SLOW, timedelta(seconds=self._settings.late_after_seconds))
        return read(self._engine, self._clocks, self._platforms, late)

    def _write(self) -> None:
        """Show that the database takes what is written; where it did not, at each turn."""
        now = self._clocks.monotonic()
        if not self._refused and self._written_at is not None and now - self._written_at < WRITE_EVERY_SECONDS:
            return
        try:
            with transaction(self._engine, None) as session:
                beats.beat(session, self._clocks.machine())
        except (DBAPIError, PoolTimeout):
            self._refused = True
        else:
            self._refused, self._written_at = False, now
