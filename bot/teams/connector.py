"""Calls to Teams' connector: each one attempt with a time-out, at the pace Teams asks for, to proved addresses only."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from bot.offsets import Offset
from bot.teams.cards import ACTIVITY_BYTES, ADAPTIVE
from bot.teams.clouds import may_be_called
from bot.teams.library import (
    Account,
    ApiClient,
    Client,
    ClientCredentials,
    ClientOptions,
    CloudEnvironment,
    CreateConversationParams,
)
from bot.teams.login import Login
from bot.teams.rates import Rates
from bot.teams.text import Payload, size

TIMEOUT_SECONDS = 8.0
SEND_SECONDS = 9.0
LOOK_SECONDS = 5.0
LOGIN_SECONDS = 10.0
# The login library renews its tokens well before they end; so long we do not ask it again.
TOKEN_SECONDS = 120.0
PLACEHOLDER = "DO_NOT_USE_PLACEHOLDER_ID"


class NotLoggedIn(Exception):
    """There is no token with which Teams would listen: nothing was sent. `refused`: the login said no."""

    def __init__(self, kind: str, *, refused: bool) -> None:
        super().__init__(kind)
        self.refused = refused


class AddressRefused(Exception):
    """The service URL is none that was proved: nothing was sent."""


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """How the bot proves itself to Teams; without anything it does not (a trial on this machine)."""

    app_id: str
    password: str
    tenant: str
    token_file: Path | None
    cloud: CloudEnvironment
    trial: bool


@dataclass(frozen=True, kw_only=True)
class Chat:
    """Where a conversation is and who takes part in it; `account` is whose own chat it is, nothing for a team's."""

    tenant: str
    conversation: str
    service_url: str
    bot: str = ""
    member: str = ""
    account: str = ""


class Connector:
    """Belongs to one event loop; `stop` closes its connections. `offset` hears of the date of every answer."""

    def __init__(self, credentials: Credentials, rates: Rates | None = None, offset: Offset | None = None) -> None:
        self._credentials = credentials
        self._rates = rates or Rates()
        self._offset = offset
        self._options = ClientOptions(timeout=TIMEOUT_SECONDS, token=lambda: self._token)
        self._client: Client | None = None
        self._token: str | None = None
        self._token_at = 0.0
        self._login = asyncio.Lock()
        self._manager = _manager(credentials)

    @property
    def http(self) -> httpx.AsyncClient:
        """The connections below the library's client."""
        return self._open().http

    async def send(self, chat: Chat, payload: Payload, answers: str = "") -> str:
        """Post a message, as a reply to the one it answers if any; its id, or nothing where Teams gave none."""
        async with asyncio.timeout(SEND_SECONDS):
            api = await self._api(chat.service_url, chat.tenant, chat.conversation)
            address = f"{api.service_url}/v3/conversations/{chat.conversation}/activities"
            activity = _activity(chat, payload)
            if answers:
                address, activity["replyToId"] = f"{address}/{quote(answers, safe='')}", answers
            answer = (await api.http.post(address, json=activity)).json()
        name = answer.get("id") if isinstance(answer, dict) else None
        return name if isinstance(name, str) and name != PLACEHOLDER else ""

    async def update(self, chat: Chat, message: str, payload: Payload) -> None:
        """Put another card in place of a message."""
        async with asyncio.timeout(SEND_SECONDS):
            api = await self._api(chat.service_url, chat.tenant, chat.conversation)
            address = f"{api.service_url}/v3/conversations/{chat.conversation}/activities/{message}"
            await api.http.put(address, json=_activity(chat, payload) | {"id": message})

    async def create(self, service_url: str, tenant: str, member: str, bot: str) -> str:
        """Open the chat with one person; its conversation id."""
        async with asyncio.timeout(LOOK_SECONDS):
            api = await self._api(service_url, tenant, f"new:{member}")
            wanted = CreateConversationParams(
                members=[Account(id=member)], tenant_id=tenant, channel_data={"tenant": {"id": tenant}}
            )
            body = wanted.model_dump(by_alias=True, exclude_none=True) | {"isGroup": False, "bot": {"id": bot}}
            answer = await api.http.post(f"{api.service_url}/v3/conversations", json=body)
        return str(answer.json()["id"])

    async def member(self, chat: Chat, who: str) -> dict[str, Any]:
        """What Teams knows of a member of a conversation, by any of their ids or addresses."""
        async with asyncio.timeout(LOOK_SECONDS):
            api = await self._api(chat.service_url, chat.tenant, f"members:{chat.conversation}")
            told = await api.conversations.get_member_by_id(chat.conversation, who)
        found: dict[str, Any] = told.model_dump(by_alias=True, exclude_none=True)
        return found

    async def log_in(self) -> None:
        """Get a token if there is none fresh. Raises NotLoggedIn."""
        async with self._login:
            now = asyncio.get_running_loop().time()
            if self._token is None or now - self._token_at > TOKEN_SECONDS:
                self._token = await self._fetched_token()
                self._token_at = now

    def forget_token(self) -> None:
        """Teams did not take it."""
        self._token = None

    async def stop(self) -> None:
        """Close what was opened."""
        if self._client is not None:
            await self._client.http.aclose()

    async def _api(self, service_url: str, tenant: str, conversation: str) -> ApiClient:
        if not may_be_called(service_url, trial=self._credentials.trial):
            raise AddressRefused
        await self.log_in()
        await self._rates.turn(tenant, conversation)
        return ApiClient(service_url, self._open(), cloud=self._credentials.cloud)

    def _open(self) -> Client:
        if self._client is None:
            self._client = Client(self._options)
            self._client.http.event_hooks["response"].append(self._answered)
        return self._client

    async def _answered(self, answer: httpx.Response) -> None:
        if self._offset is not None:
            self._offset.heard(answer.headers.get("Date"))

    async def _fetched_token(self) -> str | None:
        file, manager = self._credentials.token_file, self._manager
        try:
            async with asyncio.timeout(LOGIN_SECONDS):
                if file is not None:
                    return (await asyncio.to_thread(file.read_text, "utf-8")).strip()
                if manager is None:
                    return None
                # The login library asks the network while it is set up, in the middle of a coroutine.
                token = await asyncio.to_thread(lambda: asyncio.run(manager.get_bot_token()))
        except (OSError, ValueError) as error:  # the login's own network errors are OSErrors
            raise NotLoggedIn(type(error).__name__, refused=not isinstance(error, OSError)) from None
        return str(token) if token is not None else None


def _manager(credentials: Credentials) -> Login | None:
    if not credentials.app_id or not credentials.password:
        return None
    secret = ClientCredentials(
        client_id=credentials.app_id, client_secret=credentials.password, tenant_id=credentials.tenant or None
    )
    return Login(secret, credentials.cloud)


def _activity(chat: Chat, payload: Payload) -> Payload:
    """A message as the connector takes it. The library's model of one has no `summary`, and its calls need an id."""
    attachment = payload.get("file") or {"contentType": ADAPTIVE, "content": payload["card"]}
    activity: Payload = {"type": "message", "summary": payload["summary"], "attachments": [attachment]}
    # Without tenant and account, messages nobody asked for have been refused (openclaw/openclaw#58774).
    activity |= {"conversation": {"id": chat.conversation, "tenantId": chat.tenant}}
    activity |= {"channelData": {"tenant": {"id": chat.tenant}}}
    activity |= {"from": {"id": chat.bot}} if chat.bot else {}
    if chat.account:
        activity |= {"recipient": {"id": chat.member or chat.account, "aadObjectId": chat.account}}
    if size(activity) > ACTIVITY_BYTES:
        raise ValueError("a message must be drawn within Teams' size")
    return activity
