"""Teams at work: its endpoint, its side of delivery, its tenants, and what has to be kept warm."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine
from starlette.routing import Route

from bot.connecting import ConnectedElsewhere, connect, connection_of
from bot.delivery.lanes import Lane
from bot.offsets import Offset
from bot.running import House, Measured, Running
from bot.settings import WrongSetting
from bot.teams.app import ENDPOINT, Edge
from bot.teams.chats import Chats
from bot.teams.clouds import WITHOUT_FILES, cloud_of, first_address, is_loopback
from bot.teams.connector import Connector, Credentials
from bot.teams.declaration import TEAMS, named_tenants
from bot.teams.drawings import Drawings
from bot.teams.file_offers import FileOffers
from bot.teams.gate import Activity, Gate, Proof
from bot.teams.keys import SigningKeys, Validator
from bot.teams.platform import TeamsPlatform
from bot.teams.rates import Rates
from bot.teams.replies import ANSWER_WITHIN_SECONDS, Replies
from bot.teams.stored_offers import StoredOffers
from storage import connections
from storage.database import transaction
from storage.scope import every_authority

log = logging.getLogger("bot")

REFUSED_IN_THE_OPEN = "TEAMS_ALLOW_UNAUTHENTICATED is wrong: it is refused unless HOST is this machine (127.0.0.1)."


def connect_tenant(engine: Engine, authority: str, tenant: str, now: datetime) -> str:
    """Connect a tenant to an authority unless it is connected; the authority that has it now."""
    try:
        connect(engine, Lane(authority=authority, platform=TEAMS.name, workspace=tenant), now)
    except ConnectedElsewhere:
        with transaction(engine, None, writes=False) as session, every_authority(session):
            found = connections.of_workspace(session, TEAMS.name, tenant)
            return found.authority if found is not None else authority
    return authority


class Teams(Running):
    """One for the process."""

    platform: TeamsPlatform

    def __init__(self, house: House, rates: Rates | None = None) -> None:
        settings = house.settings
        if settings.teams_allow_unauthenticated and not settings.loopback:
            raise WrongSetting(REFUSED_IN_THE_OPEN)
        self._settings = settings
        self._office = house.office
        self._threads = house.threads
        self._bind = house.bind
        self._cloud = cloud_of(settings.teams_openid_url)
        self.dated_at = self._cloud.openid_metadata_url
        trial = settings.teams_allow_unauthenticated or is_loopback(settings.teams_openid_url)
        self._credentials = Credentials(
            app_id=settings.teams_app_id,
            password=settings.teams_app_password.get_secret_value(),
            tenant=settings.teams_tenant_id,
            token_file=settings.teams_token_file,
            cloud=self._cloud,
            trial=trial,
        )
        self.offset = Offset(house.clock)
        self.connector = Connector(self._credentials, rates, self.offset)
        chats = Chats(house.office, "" if trial else first_address(self._cloud))
        self.platform = TeamsPlatform(
            self.connector,
            chats,
            lambda: f"28:{settings.teams_app_id}",
            gives_files=self._cloud not in WITHOUT_FILES,
        )
        self._keys = SigningKeys(self._cloud, lambda: self.connector.http)
        self.edge = self._edge(house, chats, trial)

    @property
    def routes(self) -> Sequence[Route]:
        """For the web application."""
        return self.edge.routes

    def served(self, address: str) -> str:
        """Where Teams sends what people do."""
        return f"Serving Teams at {address}{ENDPOINT}"

    def measured(self) -> Sequence[Measured]:
        """How often something went wrong on our side, which Teams is not told."""
        says = "Errors of ours, since the start, over something that Teams sent."
        return (Measured(name="teams_alarms", says=says, value=self.edge.alarms),)

    async def start(self, now: datetime) -> None:
        """Connect the tenants of the settings to their authority, and have the keys before the first request."""
        authority, engine = self._settings.authority, self._office.engine
        if self._settings.teams_allow_unauthenticated:
            log.warning("Teams: requests without a signature are taken, from this machine alone, as the settings say")
        for tenant in named_tenants(self._settings):
            has_it = await asyncio.to_thread(connect_tenant, engine, authority, tenant, now)
            if has_it != authority:
                log.error(
                    "The tenant %s of the settings is connected to the authority %s and stays there: set AUTHORITY to "
                    "that one.",
                    tenant,
                    has_it,
                )
        await asyncio.to_thread(self._bind)
        await self._keep_warm()

    async def beat(self, now: datetime) -> None:
        """Have the signing keys fetched when it is time. Nothing waits for that."""
        self._threads.keep(self._keep_warm(), what="keys of Teams")

    async def _keep_warm(self) -> None:
        if not self._settings.teams_allow_unauthenticated:
            await self._keys.warm()

    async def stop(self) -> None:
        """Close what was opened."""
        await self.connector.stop()

    def _edge(self, house: House, chats: Chats, trial: bool) -> Edge:
        reception, threads = house.reception, house.threads
        drawings = Drawings(reception, threads)
        patience = house.patience or ANSWER_WITHIN_SECONDS
        replies = Replies(self.connector, self.platform, chats, reception, drawings, threads, patience=patience)
        offers = FileOffers(reception, StoredOffers(house.office), self.connector, replies, threads, trial=trial)
        gate = Gate(self._proof(trial), self._admits)
        return Edge(gate, reception, drawings, replies, offers, chats, threads)

    def _proof(self, trial: bool) -> Proof:
        if self._settings.teams_allow_unauthenticated:
            return Proof(keys=None, validator=None, trial=True)
        validator = Validator(self._settings.teams_app_id, self._cloud, self._keys)
        return Proof(keys=self._keys, validator=validator, trial=trial)

    async def _admits(self, tenant: str, activity: Activity) -> bool:
        """Whether the tenant is connected, and still named where it is our authority's.

        In a trial without a tenant, the first one to install the app becomes it.
        """
        settings, authority = self._settings, self._settings.authority
        found = await asyncio.to_thread(connection_of, self._office.engine, TEAMS, tenant)
        trial = settings.teams_allow_unauthenticated and not settings.teams_tenant_id
        if found is not None and (found.authority != authority or trial or tenant in named_tenants(settings)):
            return True
        if not trial:
            log.warning("Teams: an activity of a tenant that is not connected, or no longer named, was refused")
            return False
        now = self._office.clock()
        await asyncio.to_thread(connect_tenant, self._office.engine, authority, tenant, now)
        await asyncio.to_thread(self._bind)
        return True
