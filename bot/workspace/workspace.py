"""The built-in page, wired: its day, its chats and their platform, who may be whom, and its addresses."""

import asyncio
import hmac
import sys
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from starlette.routing import BaseRoute

from bot.running import House, Running
from bot.sample.seed import SAMPLE
from bot.settings import Settings
from bot.workspace.chats import Chats
from bot.workspace.council import TODAY, Council
from bot.workspace.day import ServiceDay
from bot.workspace.declaration import PAGE
from bot.workspace.drawing import Drawing
from bot.workspace.guard import Guard
from bot.workspace.home import Homes
from bot.workspace.hub import Hub
from bot.workspace.moving import Mover
from bot.workspace.platform import PagePlatform
from bot.workspace.seats import Seats, seats_of
from bot.workspace.site import PageSite, Parts
from handlers.office import rules_in_force
from scheduling.clock import Clock
from scheduling.working_days import local
from storage import authorities
from storage.connections import Connection, of_workspace
from storage.database import Misconfigured, transaction

OTHERS = (
    "This database holds {others}, and the built-in page keeps to a database of its own, with made-up people: set "
    "DATABASE_URL to another file, or leave it out."
)


class Workspace(Running):
    """One for the process."""

    def __init__(self, house: House) -> None:
        settings, day = house.settings, house.office.clock
        assert isinstance(day, ServiceDay), "the page keeps the service's day wherever it is served"
        self._engine = house.office.engine
        self._authority = settings.authority
        self._address = house.office.public_url.rstrip("/")
        self._threads = house.threads
        self.day = day
        self.hub = Hub()
        self.platform = PagePlatform(self._engine, settings.authority, self.day, self._changed)
        self.mover = Mover(self._engine, settings.authority, self.day, house.step)
        self.council = self._made_up(settings, house.clock, house.turn)
        self.site = PageSite(
            Parts(
                guard=_guard(settings),
                seats=self._seats,
                chats=Chats(self._engine, settings.authority),
                reception=house.reception,
                hub=self.hub,
                mover=self.mover,
                day=self.day,
                works_on=self._works_on,
                called=self._called,
                council=self.council,
                homes=Homes(self._engine, settings.authority, self.day, self.hub),
            ),
            Drawing(),
        )

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """For the web application."""
        return self.site.routes

    async def start(self, now: datetime) -> None:
        """Connect the page to its authority, as a workspace is connected. Misconfigured beside anybody else's data."""
        await asyncio.to_thread(self._connect, self.day())
        if self.council is not None and not await asyncio.to_thread(self.council.is_there):
            self._threads.keep(self.council.begin(TODAY), what="making the council")

    def listening(self) -> None:
        """Tell the person who started it where the page is."""
        sys.stdout.write(f"\nOpen {self._address}/ in a browser. Everyone in it is made up. Ctrl-C stops it.\n\n")
        sys.stdout.flush()

    async def rest(self) -> None:
        """End the streams of every open page, and what is still being made for one."""
        self.site.halt()

    def _connect(self, now: datetime) -> None:
        with transaction(self._engine, None, writes=False) as session:
            others = [key for key in authorities.every_key(session) if key != self._authority]
        if others:
            raise Misconfigured(OTHERS.format(others=f"the authority {others[0]}"))
        with transaction(self._engine, self._authority) as session:
            if of_workspace(session, PAGE.name, PAGE.name) is None:
                session.add(Connection(platform=PAGE.name, workspace=PAGE.name, installed_at=now))

    def _made_up(self, settings: Settings, machine: Clock, turn: asyncio.Lock) -> Council | None:
        """The made-up council, where this is its database."""
        if settings.authority != SAMPLE:
            return None
        over = self.hub.start_over
        return Council(self._engine, settings.authority, self.day, machine, turn=turn, started_over=over)

    def _changed(self) -> None:
        self.hub.changed()

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


def _guard(settings: Settings) -> Guard:
    """What signs the page's own requests comes from the keys, so that an open page outlives a restart."""
    keys = settings.encryption_keys.get_secret_value().encode() or b"no keys: nothing is kept"
    return Guard(
        secret=hmac.new(keys, b"the built-in page", sha256).digest(),
        loopback=settings.loopback,
        public_url=settings.public_url,
        passphrase=settings.workspace_passphrase.get_secret_value().strip(),
    )
