"""Clients of Slack's Web API that never try again by themselves, and one connection pool under them all."""

import logging

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

SLACK_API = "https://slack.com/api/"
TIMEOUT_SECONDS = 15
CONNECT_SECONDS = 5

# At DEBUG the SDK logs every payload, which would put words about a child into the log.
QUIET = logging.getLogger("bot.slack.sdk")
QUIET.setLevel(logging.ERROR)


class SlackClients:
    """Gives a client for a token. Belongs to one event loop; `stop` closes the connections."""

    def __init__(self, base_url: str = SLACK_API) -> None:
        self.base_url = base_url
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
            self._session = aiohttp.ClientSession(timeout=patience, trust_env=True)
        return self._session

    async def respond(self, response_url: str, payload: dict[str, object]) -> bool:
        """Post to a response_url; whether Slack took it. Raises aiohttp.ClientError and TimeoutError."""
        async with self.session.post(response_url, json=payload) as response:
            return response.status == 200

    async def stop(self) -> None:
        """Close what was opened."""
        if self._session is not None:
            await self._session.close()
