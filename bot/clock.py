"""The real clock: the one place that reads it. `bot.compose` and the command line hand it in."""

from datetime import UTC, datetime


def real_clock() -> datetime:
    """The present moment, aware and in UTC."""
    return datetime.now(UTC)
