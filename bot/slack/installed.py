"""How workspaces of Slack come to be connected: the one of the settings, and those of the install page."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime

import aiohttp
from slack_sdk.errors import SlackApiError
from sqlalchemy import Engine
from starlette.routing import Route

from bot import connecting
from bot.connecting import ConnectedElsewhere, NotInvited, connect_by_link, is_connected, link_waits
from bot.delivery.lanes import Lane
from bot.running import House
from bot.slack.clients import SlackClients
from bot.slack.declaration import SLACK
from bot.slack.install import Installation, Installing, InstallPage
from handlers.office import Office
from storage import inbound
from storage.database import transaction
from storage.inbound import AlreadyHandled

log = logging.getLogger("bot")


def install_routes(house: House, clients: SlackClients) -> Sequence[Route]:
    """The install page's addresses, where the app's client id and secret are given."""
    settings, office = house.settings, house.office
    secret = settings.slack_client_secret.get_secret_value()
    if not settings.slack_client_id or not secret:
        return ()

    def connected(found: Installation, link: str) -> None:
        connect_installed(house, found, link)
        house.owed()

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


def connect_installed(house: House, found: Installation, link: str) -> None:
    """Connect a workspace that came through the install page: by its link, else because the settings allow it.

    NotInvited, ConnectedElsewhere.
    """
    engine, now = house.office.engine, house.office.clock()
    lane = lane_at(house.settings.authority, found.workspace)
    if link:
        connect_by_link(engine, lane, now, found.token, link)
    elif found.workspace in house.settings.slack_allowed_teams.split():
        connecting.connect(engine, lane, now, found.token)
    else:
        raise NotInvited
    house.bind()


def lane_at(authority: str, workspace: str) -> Lane:
    """A workspace of Slack."""
    return Lane(authority=authority, platform=SLACK.name, workspace=workspace)


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


class OwnWorkspace:
    """The workspace of SLACK_BOT_TOKEN: asked of Slack at the start, and again at each beat until it is known."""

    def __init__(self, house: House, clients: SlackClients) -> None:
        self._token = house.settings.slack_bot_token.get_secret_value()
        self._authority = house.settings.authority
        self._engine = house.office.engine
        self._bind = house.bind
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
            await asyncio.to_thread(self._bind)
        except ConnectedElsewhere:
            log.error(
                "The workspace of SLACK_BOT_TOKEN (%s) is connected to another authority than %s and stays there: "
                "set AUTHORITY to that one, or remove the app from the workspace, install it again and restart.",
                workspace,
                self._authority,
            )
