"""How many a bot sends: it posts and then marks what it posted, or the other way round. A process, to be killed."""

import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

POSTED_FIRST, MARKED_FIRST = "post, then mark", "mark, then post"
PAUSE = 0.2


def begin(file: Path, messages: dict[str, str]) -> None:
    """What is owed: who by key."""
    with closing(sqlite3.connect(file)) as kept, kept:
        kept.execute("CREATE TABLE owed (key TEXT PRIMARY KEY, user TEXT, done INTEGER DEFAULT 0)")
        kept.executemany("INSERT INTO owed (key, user) VALUES (?, ?)", messages.items())


def left(file: Path) -> int:
    """How many are not marked."""
    with closing(sqlite3.connect(file)) as kept:
        number: int = kept.execute("SELECT count(*) FROM owed WHERE NOT done").fetchone()[0]
        return number


def send(file: Path, base_url: str, token: str, way: str) -> None:
    """Send all that is not marked, and end."""
    client = WebClient(token=token, base_url=base_url, timeout=15)
    with closing(sqlite3.connect(file, isolation_level=None)) as kept:
        while rows := kept.execute("SELECT key, user FROM owed WHERE NOT done ORDER BY key").fetchall():
            for key, user in rows:
                _one(kept, client, key, user, way)


def _one(kept: sqlite3.Connection, client: WebClient, key: str, user: str, way: str) -> None:
    if way == MARKED_FIRST:
        kept.execute("UPDATE owed SET done = 1 WHERE key = ?", (key,))
    try:
        client.chat_postMessage(channel=user, text=key)
    except (SlackApiError, OSError):
        time.sleep(PAUSE)  # no answer: it is tried again where it is not marked
        return
    if way == POSTED_FIRST:
        kept.execute("UPDATE owed SET done = 1 WHERE key = ?", (key,))


if __name__ == "__main__":
    send(Path(sys.argv[1]), *sys.argv[2:5])
