"""Socket Mode: the same app over a connection that this machine opens, so no public address is needed."""

import asyncio
import logging
from contextlib import suppress

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.slack import payloads
from bot.slack.clients import QUIET, SlackClients
from bot.sound_json import Malformed, sound

log = logging.getLogger("bot")

CLOSE_SECONDS = 1.0
"""At the stop, for a good-bye that Slack may never answer."""


class Handler(AsyncSocketModeHandler):
    """Bolt's way from an envelope to the app, behind the same check as over HTTP."""

    # Narrower than the base says, as in Bolt itself.
    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Have the envelope answered. A malformed one is acknowledged, since it would come no better a second time."""
        try:
            req.payload = payloads.checked(sound(req.payload))
        except Malformed:
            log.warning("Slack: an envelope that is malformed was left alone")
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=str(req.envelope_id)))
            return
        await super().handle(client, req)


class SocketMode:
    """Started and stopped with the web app. Slack sends each payload to one of an app's open connections."""

    def __init__(self, app: AsyncApp, app_token: str, clients: SlackClients) -> None:
        self._app = app
        self._app_token = app_token
        self._clients = clients
        self._handler: Handler | None = None
        self._connecting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to connect, again and again until it succeeds: the clocks do not wait for Slack.

        The web client carries the app token: the app's own would send the bot's.
        """
        self._handler = Handler(
            self._app, self._app_token, logger=QUIET, web_client=self._clients.client(self._app_token)
        )
        # Slack-sdk has no types there.
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
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._handler.client.close()  # type: ignore[no-untyped-call]  # slack-sdk has no types there
