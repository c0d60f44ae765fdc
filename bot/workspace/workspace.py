"""The built-in page, wired: its day, its chats and their platform, who may be whom, and its addresses."""

import asyncio
import hmac
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Engine
from starlette.routing import BaseRoute

from bot.sample.seed import SAMPLE
from bot.settings import Settings
from bot.threads import WorkerThreads
from bot.workspace.chats import Chats
from bot.workspace.council import TODAY, Council
from bot.workspace.day import ServiceDay
from bot.workspace.desk import Desk
from bot.workspace.drawing import Drawing
from bot.workspace.guard import Guard
from bot.workspace.hub import Hub
from bot.workspace.moving import Mover
from bot.workspace.platform import PAGE, PagePlatform
from bot.workspace.seats import Seats, seats_of
from bot.workspace.site import PageSite, Parts
from handlers.cards import Answer
from handlers.dispatch import answer
from handlers.office import Office, rules_in_force
from handlers.requests import Request
from scheduling.clock import Clock
from scheduling.working_days import local
from storage import authorities, people
from storage.connections import Connection, of_workspace
from storage.database import Misconfigured, transaction

OTHERS = (
    "This database holds {others}, and the built-in page keeps to a database of its own, with made-up people: set "
    "DATABASE_URL to another file, or leave it out."
)


class Workspace:
    """One for the process.

    `step` acts on what is due by the service's day, `owed` says that a message is owed; whoever holds `turn` keeps the
    engine from acting.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        machine: Clock,
        threads: WorkerThreads,
        *,
        owed: Callable[[], None],
        step: Callable[[], Awaitable[None]],
        turn: asyncio.Lock,
    ) -> None:
        self._engine = engine
        self._authority = settings.authority
        self._owed = owed
        self._threads = threads
        self._address = settings.public_url.rstrip("/") or address_of(settings)
        self.day = ServiceDay(engine, settings.authority, machine)
        self.office = Office(engine=engine, clock=self.day, public_url=settings.public_url or address_of(settings))
        self.hub = Hub()
        self.platform = PagePlatform(engine, settings.authority, self.day, self._changed)
        self.mover = Mover(engine, settings.authority, self.day, step)
        self.council = self._made_up(settings, machine, turn)
        self.site = PageSite(
            Parts(
                guard=_guard(settings),
                seats=self._seats,
                chats=Chats(engine, settings.authority),
                desk=Desk(settings.authority, threads, self._person_of, self._answer),
                hub=self.hub,
                mover=self.mover,
                day=self.day,
                works_on=self._works_on,
                called=self._called,
                council=self.council,
            ),
            Drawing(),
        )

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """For the web application."""
        return self.site.routes

    async def connect(self) -> None:
        """Connect the page to its authority, as a workspace is connected. Misconfigured beside anybody else's data."""
        await asyncio.to_thread(self._connect, self.day())
        if self.council is not None and not await asyncio.to_thread(self.council.is_there):
            self._threads.keep(self.council.begin(TODAY), what="making the council")

    def say_where(self) -> None:
        """Tell whoever started it where the page is."""
        sys.stdout.write(f"\nOpen {self._address}/ in a browser. Everyone in it is made up. Ctrl-C stops it.\n\n")
        sys.stdout.flush()

    async def stop(self) -> None:
        """End the streams of every open page."""
        self.hub.close()

    def _connect(self, now: datetime) -> None:
        with transaction(self._engine, None, writes=False) as session:
            others = [key for key in authorities.every_key(session) if key != self._authority]
        if others:
            raise Misconfigured(OTHERS.format(others=f"the authority {others[0]}"))
        with transaction(self._engine, self._authority) as session:
            if of_workspace(session, PAGE, PAGE) is None:
                session.add(Connection(platform=PAGE, workspace=PAGE, installed_at=now))

    def _made_up(self, settings: Settings, machine: Clock, turn: asyncio.Lock) -> Council | None:
        """The made-up council, where this is its database."""
        if settings.authority != SAMPLE:
            return None
        over = self.hub.start_over
        return Council(self._engine, settings.authority, self.day, machine, turn=turn, started_over=over)

    def _changed(self) -> None:
        self.hub.changed()

    def _answer(self, request: Request) -> Answer:
        try:
            return answer(self.office, request)
        finally:
            self._owed()

    def _person_of(self, account: str) -> int | None:
        with transaction(self._engine, self._authority, writes=False) as session:
            person = people.by_email(session, account)
            return person.id if person is not None else None

    def _seats(self) -> Seats:
        with transaction(self._engine, self._authority, writes=False) as session:
            rules = rules_in_force(session, self._authority)
            usual = (
                {one.email: f"{one.does[:1].upper()}{one.does[1:]}" for one in self.council.usual()}
                if self.council
                else None
            )
            return seats_of(session, rules, local(self.day()).date(), usual)

    def _works_on(self, here: datetime) -> bool:
        with transaction(self._engine, self._authority, writes=False) as session:
            return rules_in_force(session, self._authority).calendar().is_working(here.date())

    def _called(self) -> str:
        with transaction(self._engine, self._authority, writes=False) as session:
            found = authorities.find(session, self._authority)
            return found.name if found is not None else ""


def address_of(settings: Settings) -> str:
    """Where the page is found from this machine."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def _guard(settings: Settings) -> Guard:
    """What signs the page's own requests comes from the keys, so that an open page outlives a restart."""
    keys = settings.encryption_keys.get_secret_value().encode() or b"no keys: nothing is kept"
    return Guard(
        secret=hmac.new(keys, b"the built-in page", sha256).digest(),
        loopback=settings.loopback,
        public_url=settings.public_url,
        passphrase=settings.workspace_passphrase.get_secret_value().strip(),
    )
