"""Clients of Slack's Web API that never try again by themselves, and one connection pool under them all."""

import logging
from types import SimpleNamespace

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.offsets import Offset

SLACK_API = "https://slack.com/api/"
TIMEOUT_SECONDS = 15
CONNECT_SECONDS = 5

# At DEBUG the SDK logs every payload, which would put words about a child into the log.
QUIET = logging.getLogger("bot.slack.sdk")
QUIET.setLevel(logging.ERROR)


class SlackClients:
    """Gives a client for a token. Belongs to one event loop; `stop` closes the connections.

    `offset` hears of the date of every answer.
    """

    def __init__(self, base_url: str = SLACK_API, offset: Offset | None = None) -> None:
        self.base_url = base_url
        self._offset = offset
        self._session: aiohttp.ClientSession | None = None

    def client(self, token: str) -> AsyncWebClient:
        """A client with no retry handlers: trying again is delivery's decision."""
        return AsyncWebClient(
            token=token,
            base_url=self.base_url,
            timeout=TIMEOUT_SECONDS,
            session=self.session,
            logger=QUIET,
            retry_handlers=[],
        )

    @property
    def session(self) -> aiohttp.ClientSession:
        """The shared session: without it the SDK opens a connection for every call."""
        if self._session is None or self._session.closed:
            patience = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS, sock_connect=CONNECT_SECONDS)
            self._session = aiohttp.ClientSession(timeout=patience, trust_env=True, trace_configs=[self._trace()])
        return self._session

    def _trace(self) -> aiohttp.TraceConfig:
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._answered)
        return trace

    async def _answered(
        self, _: aiohttp.ClientSession, __: SimpleNamespace, ended: aiohttp.TraceRequestEndParams
    ) -> None:
        if self._offset is not None:
            self._offset.heard(ended.response.headers.get("Date"))

    async def respond(self, response_url: str, payload: dict[str, object]) -> bool:
        """Post to a response_url; whether Slack took it. Raises aiohttp.ClientError and TimeoutError."""
        async with self.session.post(response_url, json=payload) as response:
            return response.status == 200

    async def stop(self) -> None:
        """Close what was opened."""
        if self._session is not None:
            await self._session.close()
