"""Slack as delivery sees it: one direct message, one attempt, and every failure told apart."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.delivery.port import FileRefused, Posted, Unanswered, Undeliverable
from bot.documents.made import File
from bot.slack import blocks, faults, uploads
from bot.slack.clients import SlackClients
from bot.slack.declaration import SLACK
from bot.slack.faults import WORKSPACE, before_sending
from bot.slack.recognising import confirmed_account
from handlers.cards import Card

EVENT_TYPE = "iro_bot"
PAGE = 200
PAGES = 5
NO_LOOK_UP = "This person has no Slack account linked, and the app may not look people up: it lacks users:read.email."

Answer = AsyncSlackResponse
Json = Mapping[str, Any]


class SlackPlatform:
    """Implements `bot.delivery.port.Platform`, `FindsAnew`, `PostsFiles` and `FindsFiles`.

    `token_of` gives a workspace's token.
    """

    called = SLACK

    def __init__(self, clients: SlackClients, token_of: Callable[[str], Awaitable[str | None]]) -> None:
        self._clients = clients
        self._token_of = token_of
        self._conversations: dict[tuple[str, str], str] = {}

    async def post(self, *, workspace: str, address: str, card: Card, key: str) -> Posted:
        """One chat.postMessage to the person's direct conversation. Raises Undeliverable or Unanswered.

        Slack takes their user id for a conversation that is not known yet, and names it in its answer: to open one
        for each of many people, which it allows 50 times a minute, would hold them up.
        """
        client = await self._client(workspace)
        channel = self._conversations.get((workspace, address), address)
        sending = client.chat_postMessage(
            channel=channel,
            **blocks.message(card),
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": carried(key)}},
            unfurl_links=False,
            unfurl_media=False,
            link_names=False,
            parse="none",
        )
        try:
            answer = await _call(sending)
        except Undeliverable:
            self._conversations.pop((workspace, address), None)  # it may be the conversation that is gone
            raise
        channel = self._conversations[workspace, address] = str(answer["channel"])
        return Posted(channel=channel, message=str(answer["ts"]))

    async def update(self, *, workspace: str, posted: Posted, card: Card) -> None:
        """Redraw the message. A message that is gone or closed to changes is Undeliverable for good."""
        client = await self._client(workspace)
        drawn = blocks.message(card)
        await _call(
            client.chat_update(channel=posted.channel, ts=posted.message, **drawn, link_names=False, parse="none")
        )

    async def find(self, *, workspace: str, address: str, key: str) -> Posted | None:
        """Look the key up in the conversation's history. Posts nothing, so it raises only Undeliverable."""
        return await self._seek(workspace, address, lambda message: _key_of(message) == carried(key))

    async def find_file(self, *, workspace: str, address: str, name: str) -> Posted | None:
        """Look a file up by its name in the conversation's history: the message with it carries no key."""
        found = await self._seek(workspace, address, lambda message: uploads.brings(message, name))
        return replace(found, file=name) if found is not None else None

    async def hand_over(self, *, workspace: str, file: File) -> str:
        """Upload the file where nobody sees it. Raises FileRefused or Undeliverable."""
        return await uploads.hand_over(self._clients, await self._client(workspace), file)

    async def post_file(self, *, workspace: str, address: str, card: Card, key: str, file: File, handed: str) -> Posted:
        """Show the uploaded file in the person's direct conversation. Raises FileRefused, Undeliverable or Unanswered.

        Slack names no message then: the file's id stands for it.
        """
        client = await self._client(workspace)
        kept = (workspace, address) in self._conversations
        channel = await self._conversation(client, workspace, address)
        try:
            await uploads.show(client, channel, card, file, handed)
        except (FileRefused, Undeliverable) as refused:
            self._conversations.pop((workspace, address), None)
            if kept and isinstance(refused, FileRefused) and refused.reason == faults.NO_CONVERSATION:
                raise Undeliverable(refused.reason, gone=True) from refused  # an old one: opened anew it may take files
            raise
        return Posted(channel=channel, message=handed, file=file.name)

    async def _seek(self, workspace: str, address: str, wanted: Callable[[Json], bool]) -> Posted | None:
        """The newest message wanted of the last PAGE * PAGES: what was attempted a day ago at most is among them."""
        kept = (workspace, address) in self._conversations
        try:
            return await self._sought(workspace, address, wanted)
        except Undeliverable as refusal:
            self._conversations.pop((workspace, address), None)
            if not (kept and refusal.gone):
                raise
        return await self._sought(workspace, address, wanted)  # what was kept is gone; opened anew it may still be read

    async def _sought(self, workspace: str, address: str, wanted: Callable[[Json], bool]) -> Posted | None:
        client = await self._client(workspace)
        channel = await self._conversation(client, workspace, address)
        cursor = ""
        for _ in range(PAGES):
            page = await _look(_history(client, channel, cursor))
            for message in page["messages"]:
                if wanted(message):
                    return Posted(channel=channel, message=str(message["ts"]))
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return None

    async def address_of(self, *, workspace: str, email: str) -> str | None:
        """The user id behind an e-mail address; None when Slack knows none for certain. Raises only Undeliverable."""
        client = await self._client(workspace)
        try:
            answer = await client.users_lookupByEmail(email=email)
        except SlackApiError as error:
            if faults.code_of(error) == "users_not_found":
                return None
            if faults.code_of(error) == "missing_scope":  # one person cannot be looked up; the others go on
                raise Undeliverable(NO_LOOK_UP, unreached=True) from error
            raise before_sending(faults.refusal(error)) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise before_sending(faults.lost(error)) from error
        return confirmed_account(answer["user"], workspace, email)

    async def check(self, *, workspace: str, address: str) -> None:
        """Ask whether the account is open. Raises only Undeliverable, `gone` where it is not.

        Slack answers ok to a message to a deactivated account: slackapi/python-slack-sdk#1156.
        """
        client = await self._client(workspace)
        user = (await _look(client.users_info(user=address)))["user"]
        for closed, code in (("deleted", "user_disabled"), ("is_bot", "cannot_dm_bot")):
            if user.get(closed):
                self._conversations.pop((workspace, address), None)
                raise Undeliverable(faults.GONE[code], gone=True)

    async def _client(self, workspace: str) -> AsyncWebClient:
        token = await self._token_of(workspace)
        if token is None:
            raise Undeliverable(WORKSPACE["not_authed"], workspace=True)
        return self._clients.client(token)

    async def _conversation(self, client: AsyncWebClient, workspace: str, address: str) -> str:
        """conversations.open allows some 50 a minute, so the answer is kept."""
        known = self._conversations.get((workspace, address))
        if known is None:
            answer = await _look(client.conversations_open(users=address))
            known = self._conversations[workspace, address] = str(answer["channel"]["id"])
        return known


def carried(key: str) -> str:
    """The key as metadata carries it: its digest, since every app of the workspace can read metadata."""
    return hashlib.sha256(key.encode()).hexdigest()


def _history(client: AsyncWebClient, channel: str, cursor: str) -> Awaitable[Answer]:
    """A page of a conversation, newest first. Without `oldest`: Slack dates messages by its clock, not by ours."""
    return client.conversations_history(channel=channel, limit=PAGE, include_all_metadata=True, cursor=cursor or None)


def _key_of(message: Json) -> str | None:
    held = message.get("metadata") or {}
    return held.get("event_payload", {}).get("key") if held.get("event_type") == EVENT_TYPE else None


async def _call(call: Awaitable[Answer]) -> Answer:
    """One attempt at something that changes Slack."""
    try:
        return await call
    except SlackApiError as error:
        raise faults.refusal(error) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise faults.lost(error) from error


async def _look(call: Awaitable[Answer]) -> Answer:
    """One attempt at something that posts nothing."""
    try:
        return await _call(call)
    except Unanswered as unanswered:
        raise before_sending(unanswered) from unanswered
