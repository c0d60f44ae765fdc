"""Socket Mode: the same app over a connection that this machine opens, so no public address is needed."""

import asyncio
from contextlib import suppress

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot.slack.clients import QUIET, SlackClients


class SocketMode:
    """Started and stopped with the web app. Slack sends each payload to one of an app's open connections."""

    def __init__(self, app: AsyncApp, app_token: str, clients: SlackClients) -> None:
        self._app = app
        self._app_token = app_token
        self._clients = clients
        self._handler: AsyncSocketModeHandler | None = None
        self._connecting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to connect, again and again until it succeeds: the clocks do not wait for Slack.

        The web client carries the app token: the app's own would send the bot's.
        """
        self._handler = AsyncSocketModeHandler(
            self._app, self._app_token, logger=QUIET, web_client=self._clients.client(self._app_token)
        )
        self._connecting = asyncio.create_task(self._handler.client.connect())  # type: ignore[no-untyped-call]

    async def connected(self) -> bool:
        """Whether the connection stands."""
        return self._handler is not None and await self._handler.client.is_connected()

    async def stop(self) -> None:
        """Close the connection, or stop trying to open it."""
        if self._connecting is not None:
            self._connecting.cancel()
            with suppress(asyncio.CancelledError):
                await self._connecting
        if self._handler is not None:
            await self._handler.client.close()  # type: ignore[no-untyped-call]
