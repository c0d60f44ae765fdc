"""How far a platform's clock is ahead of ours, by each of its answers. To be shown: nothing is decided by it."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scheduling.clock import Clock

HALF_A_SECOND = timedelta(seconds=0.5)
"""An answer is dated in whole seconds, rounded down."""


class Offset:
    """One for each platform of a process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead: timedelta | None = None

    @property
    def ahead(self) -> timedelta | None:
        """By the last answer, to about a second; None where none was heard."""
        return self._ahead

    def heard(self, date: str | None) -> None:
        """An answer with that Date header has just come; one without says nothing."""
        theirs = _read(date)
        if theirs is not None:
            self._ahead = theirs + HALF_A_SECOND - self._clock()


def _read(date: str | None) -> datetime | None:
    try:
        read = parsedate_to_datetime(date) if date else None
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read is not None and read.tzinfo is None else read
