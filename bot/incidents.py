"""When something breaks: one apology with a number, and a log line that finds the place, not the words."""

import logging
import secrets
import traceback

from handlers.cards import Notice

logger = logging.getLogger(__name__)

FRAMES = 4


def apology(error: BaseException, *, platform: str, deed: str) -> Notice:
    """The sentence for the person; its number stands in the log beside deed, kind of error and place.

    The error's own message is left out: a database error quotes the values it was given.
    """
    number = report(error, platform=platform, deed=deed)
    return Notice(
        text=f"Sorry, something went wrong on our side. Please try again; if it happens again, quote {number}.",
        refused=True,
    )


def report(error: BaseException, *, platform: str, deed: str) -> str:
    """Log it and return its number."""
    number = secrets.token_hex(3).upper()
    logger.error(
        "incident=%s platform=%s deed=%s error=%s at=%s",
        number,
        platform,
        deed,
        type(error).__name__,
        where(error),
    )
    return number


def where(error: BaseException) -> str:
    """The places in the code that it came through, the innermost first."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames)) or "unknown"
