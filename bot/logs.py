"""Logs: plain lines for people or JSON for machines. What people wrote never reaches them."""

import json
import logging
import sys
from datetime import UTC, datetime

from bot.settings import LogFormat, Settings

_NOISY = ("alembic", "aiohttp", "apscheduler", "asyncio", "slack_bolt", "slack_sdk", "sqlalchemy.engine", "urllib3")


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the type of an error."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            said["error"] = record.exc_info[0].__name__
        return json.dumps(said)


class PlainLines(logging.Formatter):
    """Time, level and message; of an error its type only, since its text may quote what was typed."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        error = f" ({record.exc_info[0].__name__})" if record.exc_info and record.exc_info[0] is not None else ""
        return f"{moment} {record.levelname} {record.name}: {record.getMessage()}{error}"


def set_up_logs(settings: Settings) -> None:
    """Log to standard error as the settings say; libraries speak from warnings up, whatever the level."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if settings.log_format is LogFormat.JSON else PlainLines())
    logging.basicConfig(level=settings.log_level.value, handlers=[handler], force=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
