"""Slack at work: its app and its address or socket, its side of delivery, and its connected workspaces."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from starlette.routing import BaseRoute

from bot.connecting import connection_of
from bot.homes import Homes, NotTaken
from bot.offsets import Offset
from bot.running import House, Running
from bot.slack.app import create_slack_app
from bot.slack.clients import SlackClients
from bot.slack.declaration import SLACK
from bot.slack.endpoint import ENDPOINT, entrance
from bot.slack.home import NOT_CONNECTED, publish_home
from bot.slack.installed import OwnWorkspace, install_routes
from bot.slack.platform import SlackPlatform
from bot.slack.socket import SocketMode
from handlers.cards import Card


class Slack(Running):
    """One for the process."""

    def __init__(self, house: House) -> None:
        settings, self._engine = house.settings, house.office.engine
        self._house = house
        self.offset = Offset(house.clock)
        self.clients = SlackClients(settings.slack_api_base_url, self.offset)
        self.platform = SlackPlatform(self.clients, self._token_of)
        self._own = OwnWorkspace(house, self.clients)
        self._homes = Homes(house.office, house.threads, SLACK.name, self._publish, house.monotonic)
        self.app = create_slack_app(
            house.reception,
            threads=house.threads,
            clients=self.clients,
            open_home=self._homes.open,
            signing_secret=settings.slack_signing_secret.get_secret_value() or None,
        )
        app_token = settings.slack_app_token.get_secret_value()
        self.dated_at = settings.slack_api_base_url if settings.slack_given else ""
        self.socket = SocketMode(self.app, app_token, self.clients) if app_token else None

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """Where Slack sends what people do, and the install page."""
        return (entrance(self.app), *install_routes(self._house, self.clients))

    def served(self, address: str) -> str:
        """By which way people come."""
        if not self._house.settings.slack_given:
            return ""
        return f"Serving Slack by {'Socket Mode' if self.socket is not None else f'{address}{ENDPOINT}'}"

    async def start(self, now: datetime) -> None:
        """Connect the workspace of the token, and open the socket where there is one."""
        await self._own.connect(now)
        if self.socket is not None:
            await self.socket.start()

    async def beat(self, now: datetime) -> None:
        """Connect the workspace of the token, where Slack has not said yet which that is."""
        await self._own.connect(now)

    async def refresh(self) -> None:
        """Draw anew the App Homes that are no longer true."""
        await self._homes.refresh()

    async def _publish(self, workspace: str, account: str, card: Card) -> NotTaken | None:
        token = await self._token_of(workspace)
        return await publish_home(self.clients.client(token), account, card) if token else NOT_CONNECTED

    async def rest(self) -> None:
        """Close the socket."""
        if self.socket is not None:
            await self.socket.stop()

    async def stop(self) -> None:
        """Close the connections to Slack."""
        await self.clients.stop()

    async def _token_of(self, workspace: str) -> str | None:
        found = await asyncio.to_thread(connection_of, self._engine, SLACK, workspace)
        return found.token if found is not None else None
