"""Teams as delivery sees it: one message to one person, one attempt, and every failure told apart."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from bot.delivery.port import FileRefused, Posted, Unanswered, Undeliverable
from bot.documents.made import File
from bot.teams import cards, faults
from bot.teams.chats import Chats
from bot.teams.connector import Chat, Connector
from bot.teams.declaration import TEAMS
from bot.teams.recognising import confirmed_account
from bot.teams.text import Payload
from bot.teams.uploading import LARGEST_FILE
from handlers.cards import Card

NO_ID = "Teams named no message that could be changed."
NO_FILES = "Teams does not let apps give files in this organisation's cloud."
TOO_LARGE = "The file is larger than Teams takes from an app."
NOT_ASKED = "Teams did not let the app offer a file: your administrator may have to upload the app's present package."


class TeamsPlatform:
    """Implements `bot.delivery.port.Platform`, `FindsAnew` and `PostsFiles`.

    The connector cannot look a message up, so `find` never can. `gives_files`: whether this cloud lets apps do so.
    """

    called = TEAMS
    can_find = False

    def __init__(self, connector: Connector, chats: Chats, bot: Callable[[], str], *, gives_files: bool = True) -> None:
        self._connector = connector
        self._chats = chats
        self._bot = bot
        self._gives_files = gives_files

    async def post(self, *, workspace: str, address: str, card: Card, key: str) -> Posted:
        """Post the card to the person's own chat, opening it if need be. Raises Undeliverable or Unanswered."""
        return await self._posted(workspace, address, cards.message(card))

    async def hand_over(self, *, workspace: str, file: File) -> str:
        """Nothing goes to Teams before its person is asked. Raises FileRefused for what Teams would not take."""
        if not self._gives_files:
            raise FileRefused(NO_FILES)
        if not 0 < len(file.content) <= LARGEST_FILE:
            raise FileRefused(TOO_LARGE)
        return ""

    async def post_file(self, *, workspace: str, address: str, card: Card, key: str, file: File, handed: str) -> Posted:
        """Ask the person whether they want the file, which is given when they allow it (bot/teams/file_offers.py)."""
        try:
            return replace(await self._posted(workspace, address, cards.asking(card, file, key)), offers=True)
        except Undeliverable as refusal:
            if refusal.reason.startswith(faults.REFUSED_FORM):
                raise FileRefused(NOT_ASKED) from refusal
            raise

    async def _posted(self, workspace: str, address: str, drawn: Payload) -> Posted:
        chat = await asyncio.to_thread(self._chats.chat_of, workspace, address)
        if chat is None:
            chat = await self.open(workspace, address)
        try:
            message = await self._connector.send(chat, drawn)
        except faults.LOST as error:
            fault = self._understood(error)
            if isinstance(fault, Undeliverable) and fault.gone:
                await asyncio.to_thread(self._chats.closed, chat)
            raise fault from error
        return Posted(channel=chat.conversation, message=message)

    async def update(self, *, workspace: str, posted: Posted, card: Card) -> None:
        """Redraw the message. One that is gone, or never had an id, is Undeliverable for good."""
        chat = await asyncio.to_thread(self._chats.chat_called, workspace, posted.channel)
        if chat is None or not posted.message:
            raise Undeliverable(NO_ID, permanent=True)
        try:
            await self._connector.update(chat, posted.message, cards.message(card))
        except faults.LOST as error:
            raise self._understood(error) from error

    async def find(self, *, workspace: str, address: str, key: str) -> Posted | None:
        """Nothing can be looked up; delivery asks `can_find` first."""
        return None

    async def address_of(self, *, workspace: str, email: str) -> str | None:
        """The account behind an address, of a person with the app or in a team with it. Raises only Undeliverable."""
        known = await asyncio.to_thread(self._chats.account_of, workspace, email)
        if known is not None:
            return known
        for chat in await asyncio.to_thread(self._chats.shared_chats, workspace):
            try:
                told = await self._connector.member(chat, email)
            except faults.LOST as error:
                fault = faults.before_sending(self._understood(error))
                if fault.permanent:
                    continue
                raise fault from error
            account = confirmed_account(told, workspace, email)
            if account:
                return account
        return None

    async def check(self, *, workspace: str, address: str) -> None:
        """Open the person's chat anew. Raises only Undeliverable, `gone` where Teams does not permit it."""
        await self.open(workspace, address)

    async def open(self, tenant: str, account: str) -> Chat:
        """Open the chat with a person. Raises Undeliverable: where Teams does not permit it, for good."""
        service_url = await asyncio.to_thread(self._chats.tenants_address, tenant)
        if not service_url:
            raise Undeliverable(faults.NO_ADDRESS, workspace=True)
        try:
            conversation = await self._connector.create(service_url, tenant, account, self._bot())
        except faults.LOST as error:
            fault = faults.before_sending(self._understood(error))
            raise (Undeliverable(faults.NOT_INSTALLED, gone=True) if fault.reason == faults.GONE else fault) from error
        chat = Chat(tenant=tenant, conversation=conversation, service_url=service_url, bot=self._bot(), account=account)
        await asyncio.to_thread(self._chats.opened, chat, by_us=True)
        return chat

    def _understood(self, error: Exception) -> Undeliverable | Unanswered:
        fault = faults.meaning(error)
        if isinstance(fault, Undeliverable) and fault.reason == faults.NOT_ACCEPTED:
            self._connector.forget_token()
        return fault
