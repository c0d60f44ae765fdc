"""What the Slack edge asks of storage and handlers: whose workspace, which person, what answer."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy import Engine
from sqlmodel import col, select
from starlette.routing import Route

from bot import connecting
from bot.connecting import ConnectedElsewhere, NotInvited, connect_by_link, is_connected, link_waits
from bot.delivery.lanes import Lane
from bot.domains import bind_domains, is_named
from bot.kept_forms import store_form, stored_form
from bot.linking import link_by_email, person_of
from bot.settings import Settings
from bot.slack.clients import SlackClients
from bot.slack.desk import SlackService
from bot.slack.install import Installation, Installing, InstallPage
from handlers.cards import Answer, Form
from handlers.dispatch import answer
from handlers.office import Office
from handlers.requests import Request
from storage import connections, inbound
from storage.connections import Connection
from storage.database import transaction
from storage.inbound import AlreadyHandled
from storage.scope import every_authority

log = logging.getLogger("bot")

SLACK = "slack"


def slack_service(office: Office, owed: Callable[[], None]) -> SlackService:
    """The service over this office; `owed` is called after each act, so that its messages leave at once."""

    def answered(request: Request) -> Answer:
        try:
            return answer(office, request)
        finally:
            owed()

    return SlackService(
        answer=answered,
        connection_of=lambda workspace: connection_of(office.engine, workspace),
        person_of=lambda authority, workspace, user: person_of(office.engine, authority, SLACK, workspace, user),
        link_by_email=lambda authority, *known: link_by_email(office, authority, SLACK, *known),
        forget=lambda workspace: forget(office, workspace),
        keep_form=lambda workspace, key, form: keep_form(office, workspace, key, form),
        kept_form=lambda authority, person, key: kept_form(office, authority, person, key),
    )


def connection_of(engine: Engine, workspace: str) -> tuple[str, str] | None:
    """The authority and bot token of an installed workspace."""
    with transaction(engine, None, writes=False) as session, every_authority(session):
        found = connections.of_workspace(session, SLACK, workspace)
        if found is None or found.removed_at is not None or found.bot_token is None:
            return None
        return found.authority, found.bot_token


def keep_form(office: Office, workspace: str, key: str, form: Form) -> None:
    """Keep a form with what was typed into it; nothing where nobody has connected the workspace."""
    connected = connection_of(office.engine, workspace)
    if connected is not None:
        store_form(office, connected[0], key, form)


def kept_form(office: Office, authority: str, person: int, key: str) -> Form | None:
    """That form, for a day."""
    found = stored_form(office, authority, person, key)
    return None if found.old else found.form


def install_routes(
    office: Office, settings: Settings, clients: SlackClients, owed: Callable[[], None]
) -> Sequence[Route]:
    """The install page's addresses, where the app's client id and secret are given."""
    secret = settings.slack_client_secret.get_secret_value()
    if not settings.slack_client_id or not secret:
        return ()

    def connected(found: Installation, link: str) -> None:
        connect_installed(office, settings, found, link)
        owed()

    installing = Installing(
        client_id=settings.slack_client_id,
        client_secret=secret,
        public_url=settings.public_url,
        without_link=bool(settings.slack_allowed_teams),
        link_waits=lambda link: link_waits(office.engine, link, office.clock()),
        spend=lambda number: spend(office, settings.authority, f"slack:install:{number}"),
        connect=connected,
        is_connected=lambda workspace: is_connected(office.engine, lane_at(settings.authority, workspace)),
    )
    return InstallPage(installing, clients, office.clock).routes


def connect_installed(office: Office, settings: Settings, found: Installation, link: str) -> None:
    """Connect a workspace that came through the install page: by its link, else because the settings allow it.

    NotInvited, ConnectedElsewhere.
    """
    lane, now = lane_at(settings.authority, found.workspace), office.clock()
    if link:
        connect_by_link(office.engine, lane, now, found.token, link)
    elif is_named(settings, lane):
        connecting.connect(office.engine, lane, now, found.token)
    else:
        raise NotInvited
    bind_domains(office.engine, settings)


def lane_at(authority: str, workspace: str) -> Lane:
    """A workspace of Slack."""
    return Lane(authority=authority, platform=SLACK, workspace=workspace)


def spend(office: Office, authority: str, key: str) -> bool:
    """Whether the key is taken for the first time; kept as long as the keys of requests."""
    try:
        with transaction(office.engine, authority) as session:
            inbound.remember(session, key, None, office.clock())
    except AlreadyHandled:
        return False
    return True


def connect(engine: Engine, authority: str, workspace: str, bot_token: str, now: datetime) -> None:
    """Connect a workspace that the settings name with this token. ConnectedElsewhere where another authority has it."""
    connecting.connect(engine, lane_at(authority, workspace), now, bot_token)


def forget(office: Office, workspace: str) -> None:
    """The workspace took the app out: its token is dropped, its messages wait, and it comes back by a new link."""
    with transaction(office.engine, None) as session, every_authority(session):
        query = select(Connection).where(
            Connection.platform == SLACK, Connection.workspace == workspace, col(Connection.removed_at).is_(None)
        )
        for found in session.exec(query):
            found.removed_at, found.bot_token, found.link_domains = office.clock(), None, None
            session.add(found)


class OwnWorkspace:
    """The workspace of SLACK_BOT_TOKEN: asked of Slack at the start, and again at each beat until it is known."""

    def __init__(self, settings: Settings, engine: Engine, clients: SlackClients) -> None:
        self._settings = settings
        self._token = settings.slack_bot_token.get_secret_value()
        self._authority = settings.authority
        self._engine = engine
        self._clients = clients
        self._known = not self._token

    async def connect(self, now: datetime) -> None:
        """Connect the workspace to the authority of the settings. What is wrong is logged; nothing is raised."""
        if self._known:
            return
        try:
            told = await self._clients.client(self._token).auth_test()
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as lost:
            said = lost.response.get("error") if isinstance(lost, SlackApiError) else type(lost).__name__
            log.warning("Slack did not say whose token SLACK_BOT_TOKEN is (%s); trying again", said)
            return
        workspace = str(told.get("enterprise_id") if told.get("is_enterprise_install") else told["team_id"])
        self._known = True
        try:
            await asyncio.to_thread(connect, self._engine, self._authority, workspace, self._token, now)
            await asyncio.to_thread(bind_domains, self._engine, self._settings)
        except ConnectedElsewhere:
            log.error(
                "The workspace of SLACK_BOT_TOKEN (%s) is connected to another authority than %s and stays there: "
                "set AUTHORITY to that one, or remove the app from the workspace, install it again and restart.",
                workspace,
                self._authority,
            )
