"""What the Teams edge asks of storage and handlers, and the edge itself put together."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from starlette.routing import Route

from bot import linking
from bot.connecting import ConnectedElsewhere, connect, lift_wait
from bot.delivery.lanes import Lane
from bot.domains import bind_domains, named_tenants
from bot.kept_forms import KeptForms, Stored, store_form, stored_form
from bot.settings import Settings, WrongSetting
from bot.teams.app import Edge
from bot.teams.clouds import WITHOUT_FILES, cloud_of, first_address, is_loopback
from bot.teams.connector import Chat, Connector, Credentials
from bot.teams.desk import Desk
from bot.teams.file_offers import FileOffers
from bot.teams.gate import Activity, Gate, Proof
from bot.teams.keys import SigningKeys, Validator
from bot.teams.parsing import digest
from bot.teams.platform import TeamsPlatform
from bot.teams.rates import Rates
from bot.teams.replies import ANSWER_WITHIN_SECONDS, Replies
from bot.teams_offers import StoredOffers
from bot.threads import WorkerThreads
from handlers.cards import Answer, Form
from handlers.dispatch import answer
from handlers.office import Office
from handlers.requests import Request
from storage import connections, conversations
from storage.conversations import Conversation
from storage.database import transaction
from storage.scope import every_authority

log = logging.getLogger("bot")

TEAMS = "teams"
TEAMS_ASKED = 5
"""In how many teams a colleague is looked up, the latest first."""
REFUSED_IN_THE_OPEN = "TEAMS_ALLOW_UNAUTHENTICATED is wrong: it is refused unless HOST is this machine (127.0.0.1)."


class StoredTeams:
    """Answers the edge from the database. `owed` is called after each act, so that its messages leave at once."""

    def __init__(self, office: Office, owed: Callable[[], None], first: str) -> None:
        self._office = office
        self._engine = office.engine
        self._owed = owed
        self._first = first

    def answer(self, request: Request, *, opens_forms: bool) -> Answer:
        """What the handlers answer."""
        try:
            return answer(self._office, request, opens_forms=opens_forms)
        finally:
            self._owed()

    def authority_of(self, tenant: str) -> str | None:
        """The authority a tenant is connected to."""
        with transaction(self._engine, None, writes=False) as session, every_authority(session):
            found = connections.of_workspace(session, TEAMS, tenant)
            return found.authority if found is not None and found.removed_at is None else None

    def person_of(self, authority: str, tenant: str, account: str) -> int | None:
        """The person of that account in the tenant."""
        return linking.person_of(self._engine, authority, TEAMS, tenant, account)

    def link(self, authority: str, chat: Chat, account: str, addresses: Sequence[str]) -> int | None:
        """The person of one of these confirmed addresses, now linked to that account.

        Of somebody who is not on the staff list yet, the addresses are kept by their digests.
        """
        for email in addresses:
            person = linking.link_by_email(self._office, authority, TEAMS, chat.tenant, account, email)
            if person is not None:
                return person
        with transaction(self._engine, authority) as session:
            known = conversations.of_id(session, TEAMS, chat.tenant, chat.conversation)
            if known is not None and known.account == account:
                known.sign_in, known.mail = digest(chat.tenant, addresses[0]), digest(chat.tenant, addresses[-1])
                session.add(known)
        return None

    def account_of(self, tenant: str, email: str) -> str | None:
        """The account with that address, of somebody who got the app before they were on the staff list."""
        named = digest(tenant, email.strip().lower())
        with transaction(self._engine, None, writes=False) as session, every_authority(session):
            found = conversations.with_address(session, TEAMS, tenant, named)
            return found.account if found is not None else None

    def drawn(self, authority: str, person: int, key: str) -> Stored:
        """The form that was the answer to the act of that key, and whether it can still be sent."""
        return stored_form(self._office, authority, person, key)

    def keep_form(self, tenant: str, key: str, form: Form) -> None:
        """Keep a form with what was typed into it; nothing where nobody has connected the tenant."""
        authority = self.authority_of(tenant)
        if authority is not None:
            store_form(self._office, authority, key, form)

    def chat_of(self, tenant: str, account: str) -> Chat | None:
        """The person's own chat with the bot."""
        with transaction(self._engine, None, writes=False) as session, every_authority(session):
            found = conversations.with_account(session, TEAMS, tenant, account)
            return _chat(found) if found is not None else None

    def chat_called(self, tenant: str, conversation: str) -> Chat | None:
        """That conversation, removed or not."""
        with transaction(self._engine, None, writes=False) as session, every_authority(session):
            found = conversations.of_id(session, TEAMS, tenant, conversation)
            return _chat(found) if found is not None else None

    def shared_chats(self, tenant: str) -> list[Chat]:
        """Teams and groups with the app, in which colleagues can be looked up."""
        with transaction(self._engine, None, writes=False) as session, every_authority(session):
            return [_chat(one) for one in conversations.shared(session, TEAMS, tenant, TEAMS_ASKED)]

    def tenants_address(self, tenant: str) -> str:
        """The service URL under which a tenant is served, or else the one to begin with."""
        with transaction(self._engine, None, writes=False) as session, every_authority(session):
            found = conversations.latest(session, TEAMS, tenant)
            return found.service_url if found is not None else self._first

    def opened(self, chat: Chat) -> None:
        """A conversation with a person, or with a team."""
        authority = self.authority_of(chat.tenant)
        if authority is None:
            return
        with transaction(self._engine, authority, writes=False) as session:
            known = conversations.of_id(session, TEAMS, chat.tenant, chat.conversation)
            if known is not None and known.removed_at is None and _chat(known) == chat:
                return
        try:
            self._keep(authority, chat)
        except IntegrityError:  # told of by another activity between our look and our write
            self._keep(authority, chat)

    def closed(self, chat: Chat) -> None:
        """The app is no longer in that conversation."""
        with transaction(self._engine, None) as session, every_authority(session):
            conversations.remove(session, TEAMS, chat.tenant, chat.conversation, self._office.clock())

    def _keep(self, authority: str, chat: Chat) -> None:
        told = Conversation(
            platform=TEAMS,
            workspace=chat.tenant,
            account=chat.account,
            conversation=chat.conversation,
            service_url=chat.service_url,
            bot=chat.bot,
            member=chat.member,
            told_at=self._office.clock(),
        )
        with transaction(self._engine, authority) as session:
            conversations.keep(session, told)
            lift_wait(session, Lane(authority=authority, platform=TEAMS, workspace=chat.tenant))


def connect_tenant(engine: Engine, authority: str, tenant: str, now: datetime) -> str:
    """Connect a tenant to an authority unless it is connected; the authority that has it now."""
    try:
        connect(engine, Lane(authority=authority, platform=TEAMS, workspace=tenant), now)
    except ConnectedElsewhere:
        with transaction(engine, None, writes=False) as session, every_authority(session):
            found = connections.of_workspace(session, TEAMS, tenant)
            return found.authority if found is not None else authority
    return authority


class Teams:
    """The Teams edge: its endpoint, its side of delivery, and what has to be kept warm."""

    def __init__(
        self,
        settings: Settings,
        office: Office,
        threads: WorkerThreads,
        owed: Callable[[], None],
        rates: Rates | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        patience: float = ANSWER_WITHIN_SECONDS,
    ) -> None:
        if settings.teams_allow_unauthenticated and not settings.loopback:
            raise WrongSetting(REFUSED_IN_THE_OPEN)
        self._settings = settings
        self._office = office
        self._cloud = cloud_of(settings.teams_openid_url)
        trial = settings.teams_allow_unauthenticated or is_loopback(settings.teams_openid_url)
        self._credentials = Credentials(
            app_id=settings.teams_app_id,
            password=settings.teams_app_password.get_secret_value(),
            tenant=settings.teams_tenant_id,
            token_file=settings.teams_token_file,
            cloud=self._cloud,
            trial=trial,
        )
        self.connector = Connector(self._credentials, rates)
        self.service = StoredTeams(office, owed, "" if trial else first_address(self._cloud))
        self.platform = TeamsPlatform(
            self.connector,
            self.service,
            lambda: f"28:{settings.teams_app_id}",
            gives_files=self._cloud not in WITHOUT_FILES,
        )
        self._keys = SigningKeys(self._cloud, lambda: self.connector.http)
        desk = Desk(self.service, threads, self.connector, KeptForms(monotonic))
        replies = Replies(self.connector, self.platform, desk, threads, patience=patience)
        offers = FileOffers(self.service, StoredOffers(office), self.connector, replies, threads, trial=trial)
        self.edge = Edge(Gate(self._proof(trial), self._admits), desk, replies, offers, threads)

    @property
    def routes(self) -> Sequence[Route]:
        """For the web application."""
        return self.edge.routes

    async def connect(self, now: datetime) -> None:
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
        await asyncio.to_thread(bind_domains, engine, self._settings)
        await self.keep_warm()

    async def keep_warm(self) -> None:
        """Fetch the signing keys when it is time."""
        if not self._settings.teams_allow_unauthenticated:
            await self._keys.warm()

    async def stop(self) -> None:
        """Close what was opened."""
        await self.connector.stop()

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
        connected = await asyncio.to_thread(self.service.authority_of, tenant)
        trial = settings.teams_allow_unauthenticated and not settings.teams_tenant_id
        if connected is not None and (connected != authority or trial or tenant in named_tenants(settings)):
            return True
        if not trial:
            log.warning("Teams: an activity of a tenant that is not connected, or no longer named, was refused")
            return False
        now = self._office.clock()
        await asyncio.to_thread(connect_tenant, self._office.engine, authority, tenant, now)
        await asyncio.to_thread(bind_domains, self._office.engine, self._settings)
        return True


def _chat(found: Conversation) -> Chat:
    return Chat(
        tenant=found.workspace,
        conversation=found.conversation,
        service_url=found.service_url,
        bot=found.bot,
        member=found.member,
        account=found.account,
    )
