"""A platform in memory that fails as platforms fail, a clock that is moved by hand, and rows to send."""

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, select

from bot.called import Called
from bot.delivery.port import Platform, Posted
from bot.delivery.sender import Sender
from bot.delivery.timing import Timing
from bot.delivery.works import LookAgain, Works, never
from bot.documents.made import File
from handlers.cards import Button, Card
from handlers.messages.of_reports import file_name
from storage import addresses, behind, connections, outbox
from storage.concerns import Concern, ConcernState
from storage.connections import ANY_DOMAIN, Connection
from storage.database import transaction
from storage.live_messages import LiveMessage
from storage.outbox import Outbox
from storage.people import Person

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
NORTH = "northshire"


class Crash(BaseException):
    """Stands for the process being killed: nothing may catch it."""


@dataclass(kw_only=True)
class MovedClock:
    """Wall and monotonic time that move only together, and only when told."""

    now: datetime = START
    seconds: float = 1000.0
    stopped_for: float = 0.0  # the process is stopped so long when it next asks for the time

    def __call__(self) -> datetime:
        self.move(self.stopped_for)
        self.stopped_for = 0.0
        return self.now

    def monotonic(self) -> float:
        return self.seconds

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds


@dataclass(kw_only=True)
class Message:
    """One message as its reader sees it."""

    workspace: str
    address: str
    key: str
    card: Card


Fault = Callable[[], None]


@dataclass(kw_only=True)
class Street:
    """A platform: what was posted stands in `messages`. A fault may be planned before or after the posting."""

    name: str = "slack"
    messages: list[Message] = field(default_factory=list)
    updated: list[tuple[str, str]] = field(default_factory=list)
    redrawn: list[Card] = field(default_factory=list)
    before: dict[str, list[BaseException]] = field(default_factory=dict)  # raised by key, nothing being posted
    after: dict[str, list[BaseException]] = field(default_factory=dict)  # raised by key, having posted
    closed: dict[str, BaseException] = field(default_factory=dict)  # raised by workspace, each time
    update_faults: list[BaseException] = field(default_factory=list)
    find_faults: list[BaseException] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)
    on_post: Callable[[str], Coroutine[Any, Any, None]] | None = None
    on_posted: Callable[[str], Coroutine[Any, Any, None]] | None = None

    @property
    def called(self) -> Called:
        return Called(name=self.name, label=self.name.capitalize())

    async def post(self, *, workspace: str, address: str, card: Card, key: str) -> Posted:
        if self.on_post is not None:
            await self.on_post(key)
        if workspace in self.closed:
            raise self.closed[workspace]
        if self.before.get(key):
            raise self.before[key].pop(0)
        self.messages.append(Message(workspace=workspace, address=address, key=key, card=card))
        place = len(self.messages)
        if self.on_posted is not None:
            await self.on_posted(key)
        if self.after.get(key):
            raise self.after[key].pop(0)
        return Posted(channel=f"D-{address}", message=f"m{place}")

    async def update(self, *, workspace: str, posted: Posted, card: Card) -> None:
        if self.update_faults:
            raise self.update_faults.pop(0)
        self.updated.append((posted.message, card.title))
        self.redrawn.append(card)

    async def find(self, *, workspace: str, address: str, key: str) -> Posted | None:
        self.looked_up.append(key)
        if self.find_faults:
            raise self.find_faults.pop(0)
        for place, message in enumerate(self.messages, 1):
            if (message.workspace, message.address, message.key) == (workspace, address, key):
                return Posted(channel=f"D-{address}", message=f"m{place}")
        return None

    def keys(self, workspace: str = "T1") -> list[str]:
        """What was posted to a workspace, in order."""
        return [message.key for message in self.messages if message.workspace == workspace]


@dataclass(kw_only=True)
class BlindStreet(Street):
    """A platform that cannot look a message up."""

    can_find: bool = False


@dataclass(kw_only=True)
class ListedStreet(Street):
    """A platform that knows accounts by e-mail address."""

    accounts: Mapping[str, str] = field(default_factory=dict)
    list_faults: list[BaseException] = field(default_factory=list)

    async def address_of(self, *, workspace: str, email: str) -> str | None:
        if self.list_faults:
            raise self.list_faults.pop(0)
        return self.accounts.get(email)


@dataclass(kw_only=True)
class FileStreet(Street):
    """A platform that takes files: first in, unseen, then shown with a message."""

    taken: dict[str, File] = field(default_factory=dict)
    shown: list[tuple[str, str]] = field(default_factory=list)  # address, name of the file
    hand_faults: list[BaseException] = field(default_factory=list)
    file_faults: list[BaseException] = field(default_factory=list)  # raised by `post_file`, nothing being posted
    file_losses: list[BaseException] = field(default_factory=list)  # raised by `post_file`, having posted

    async def hand_over(self, *, workspace: str, file: File) -> str:
        if self.hand_faults:
            raise self.hand_faults.pop(0)
        handed = f"F{len(self.taken)}"
        self.taken[handed] = file
        return handed

    async def post_file(self, *, workspace: str, address: str, card: Card, key: str, file: File, handed: str) -> Posted:
        if self.file_faults:
            raise self.file_faults.pop(0)
        assert self.taken.pop(handed) == file
        self.shown.append((address, file.name))
        if self.file_losses:
            raise self.file_losses.pop(0)
        return Posted(channel=f"D-{address}", message=handed, file=file.name)

    async def find_file(self, *, workspace: str, address: str, name: str) -> Posted | None:
        self.looked_up.append(name)
        found = (address, name) in self.shown
        return Posted(channel=f"D-{address}", message="found", file=name) if found else None


@dataclass(kw_only=True)
class Office:
    """A database with one or more authorities, and senders working on it."""

    engine: Engine
    clock: MovedClock = field(default_factory=MovedClock)
    delivered: list[tuple[str, datetime]] = field(default_factory=list)
    undeliverable: list[tuple[str, str]] = field(default_factory=list)
    late: list[timedelta] = field(default_factory=list)  # how late each was that arrived
    hidden: set[str] = field(default_factory=set)  # keys no longer needed
    mere_news: set[str] = field(default_factory=set)  # keys of messages that take no buttons away
    poison: set[str] = field(default_factory=set)  # keys over which a handler fails
    leaves_unwritable: set[str] = field(default_factory=set)  # keys after whose delivery nothing can be written
    drawn_in: list[str] = field(default_factory=list)  # the threads in which files were drawn
    ended: int = 0
    on_render: Callable[[str], None] | None = None

    def connect(self, workspace: str = "T1", *, authority: str = NORTH, platform: str = "slack") -> None:
        with transaction(self.engine, authority) as session:
            session.add(Connection(platform=platform, workspace=workspace, installed_at=START, set_domains=ANY_DOMAIN))
            addresses.bind(session, platform, workspace)

    def person(self, name: str, *, authority: str = NORTH, **given: object) -> int:
        """Somebody who is known on Slack, unless `slack_id` is None, and on Teams where `teams_id` is given."""
        accounts = {"slack": given.pop("slack_id", f"U-{name}"), "teams": given.pop("teams_id", None)}
        columns = {"email": f"{name}@example.org", "name": name} | given
        with transaction(self.engine, authority) as session:
            person = Person.model_validate(columns)
            session.add(person)
            session.flush()
            assert person.id is not None
            connected = {one.platform: one.workspace for one in connections.in_use(session)}
            for platform, account in accounts.items():
                if account is not None:
                    addresses.link(session, person.id, platform, connected.get(platform, ""), str(account))
            return person.id

    def concern(self, iro_id: int, number: int = 12) -> int:
        with transaction(self.engine, NORTH) as session:
            concern = Concern(
                number=number,
                about_service=True,
                iro_id=iro_id,
                state=ConcernState.WAITING,
                procedures_digest="0" * 64,
                drafted_at=START,
                state_since=START,
            )
            session.add(concern)
            session.flush()
            assert concern.id is not None
            return concern.id

    def owe(self, key: str, person_id: int, *, authority: str = NORTH, **given: object) -> None:
        kind = "needs reply" if given.get("concern_id") else "test"
        columns = {"key": key, "kind": kind, "person_id": person_id, "owed_at": self.clock()} | given
        with transaction(self.engine, authority) as session:
            outbox.add(session, outbox.fresh(session, [Outbox.model_validate(columns)]))

    def owe_all(self, owed: Sequence[tuple[str, int]], *, authority: str = NORTH, urgent: bool = False) -> None:
        """The same of many, by key and person, in one transaction."""
        rows = [
            Outbox(key=key, kind="test", person_id=person_id, owed_at=self.clock(), urgent=urgent)
            for key, person_id in owed
        ]
        with transaction(self.engine, authority) as session:
            outbox.add(session, outbox.fresh(session, rows))

    def row(self, key: str, authority: str = NORTH) -> Outbox:
        with transaction(self.engine, authority, writes=False) as session:
            return session.exec(select(Outbox).where(Outbox.key == key)).one()

    def owe_report(self, key: str, person_id: int, **more: str) -> str:
        """Owe a report as a file; gives the name of the file."""
        details = json.dumps({"report": "2025-26 internal docx", **more})
        self.owe(key, person_id, kind="report_file", details=details)
        return file_name(self.row(key))

    def lives(self) -> list[LiveMessage]:
        with transaction(self.engine, NORTH, writes=False) as session:
            # To mypy a column is its value.
            return list(session.exec(select(LiveMessage).order_by(LiveMessage.id)))  # type: ignore[arg-type]

    def sender(self, *platforms: Platform, timing: Timing | None = None, look_again: LookAgain = never) -> Sender:
        by_name: dict[str, Platform] = {platform.called.name: platform for platform in platforms}
        return Sender(
            Works(
                engine=self.engine,
                clock=self.clock,
                day=self.clock,
                monotonic=self.clock.monotonic,
                platforms=by_name,
                render=self.render,
                shrunk=lambda _, live: Card(title=f"Earlier: {live.title}"),
                overtakes=self._overtakes,
                delivered=self._delivered,
                undeliverable=self._undeliverable,
                late=self.late.append,
                look_again=look_again,
                gather=self._gathered,
                chance=lambda: 0.5,
                timing=timing or Timing(),
            ),
            lane_ended=self._lane_ended,
        )

    def render(self, _: Session, row: Outbox, __: datetime) -> Card | None:
        if self.on_render is not None:
            self.on_render(row.key)
        if row.key in self.poison:
            raise KeyError(row.key)
        if row.key in self.hidden:
            return None
        if file_name(row):
            return Card(title=f"About {row.key}", attached="2025-26 internal docx")
        buttons = (Button(label="Open", deed="concern.open", subject="C-12"),) if row.concern_id else ()
        return Card(title=f"About {row.key}", buttons=buttons)

    def _gathered(self, _: Session, row: Outbox, __: datetime) -> Callable[[], File]:
        if f"gather {row.key}" in self.poison:
            raise KeyError(row.key)
        name, threads = file_name(row), self.drawn_in
        fails = f"draw {row.key}" in self.poison

        def draw() -> File:
            threads.append(threading.current_thread().name)
            if fails:
                raise KeyError(name)
            return File(name=name, media_type="text/plain", content=b"words")

        return draw

    def _overtakes(self, _: Session, row: Outbox, __: Card, ___: datetime) -> bool:
        if f"overtakes {row.key}" in self.poison:
            raise KeyError(row.key)
        return row.key not in self.mere_news

    def _delivered(self, session: Session, row: Outbox, at: datetime) -> None:
        if f"delivered {row.key}" in self.poison:
            raise KeyError(row.key)
        if row.key in self.leaves_unwritable:
            behind.kept(session, "outbox", lambda: row.key, _refuse)
        self.delivered.append((row.key, at))

    def _undeliverable(self, _: Session, row: Outbox, reason: str, __: datetime) -> None:
        if f"undeliverable {row.key}" in self.poison:
            raise KeyError(row.key)
        self.undeliverable.append((row.key, reason))

    def _lane_ended(self) -> None:
        self.ended += 1

    def deliver(self, sender: Sender) -> bool:
        """One call of the sender."""
        return asyncio.run(sender.deliver_due())

    def deliver_all(self, sender: Sender, *, until: float = 7200.0) -> None:
        """Call the sender at every moment it asks for, until it asks for none within so many seconds."""
        end = self.clock.now + timedelta(seconds=until)
        self.deliver(sender)
        while (due := sender.next_due()) is not None and due <= end:
            self.clock.move(max((due - self.clock.now).total_seconds(), 0.0))
            self.deliver(sender)


def _refuse(_: object, key: str) -> None:
    raise KeyError(key)
