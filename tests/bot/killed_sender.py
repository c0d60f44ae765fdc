"""A process that sends what a database owes to a street kept in a file, until it is done or killed."""

import asyncio
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.called import Called
from bot.delivery.port import Posted, Unanswered
from bot.delivery.sender import Sender
from bot.delivery.timing import Timing
from bot.delivery.works import Works
from bot.slack.declaration import SLACK
from handlers.cards import Card
from storage.database import make_engine
from storage.tables import all_tables

# The real waits shortened in proportion, so that a killed sender's lease does not take two minutes to run out.
TIMING = Timing(lease=0.8, settle=0.3, pace=0.01, first_retry=0.3, workspace_retry=3.0, rest=0.3)

UNPACED = replace(SLACK, takes=None, looks=None)

all_tables()


@dataclass(kw_only=True)
class FileStreet:
    """A platform whose messages are lines of a file; every `dropped`-th answer is lost."""

    file: Path
    dropped: int
    called: Called = UNPACED

    async def post(self, *, workspace: str, address: str, card: Card, key: str) -> Posted:
        await asyncio.sleep(0.002)
        with self.file.open("a", encoding="utf-8") as street:
            street.write(f"{key}\n")
        await asyncio.sleep(0.003)
        if self.dropped and len(self.keys()) % self.dropped == 0:
            raise Unanswered
        return Posted(channel=address, message=key)

    async def update(self, *, workspace: str, posted: Posted, card: Card) -> None:
        raise AssertionError("nothing is overtaken here")

    async def find(self, *, workspace: str, address: str, key: str) -> Posted | None:
        return Posted(channel=address, message=key) if key in self.keys() else None

    def keys(self) -> list[str]:
        """The keys of all messages, in order."""
        return self.file.read_text(encoding="utf-8").split() if self.file.exists() else []


async def send_all(sender: Sender) -> None:
    """Send until nothing waits, sleeping until the moments the sender names."""
    while True:
        again = await sender.deliver_due()
        due = sender.next_due()
        if due is None and not again:
            return
        if due is not None:
            await asyncio.sleep(max((due - datetime.now(UTC)).total_seconds(), 0.001))


def send_to_file(database: str, street: Path, dropped: int) -> None:
    """Send everything and end."""
    platform = FileStreet(file=street, dropped=dropped)
    sender = Sender(
        Works(
            engine=make_engine(database),
            clock=lambda: datetime.now(UTC),
            day=lambda: datetime.now(UTC),
            monotonic=lambda: time.clock_gettime(time.CLOCK_BOOTTIME),
            platforms={platform.called.name: platform},
            render=lambda _, row, __: Card(title=row.key),
            shrunk=lambda _, live: Card(title=live.title),
            overtakes=lambda _, __, ___, ____: True,
            delivered=lambda _, __, ___: None,
            undeliverable=lambda _, __, ___, ____: None,
            timing=TIMING,
        )
    )
    asyncio.run(send_all(sender))
