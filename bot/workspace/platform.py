"""The built-in page as delivery sees it: a message is a row in somebody's chat, and open pages are woken."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import Session

from bot.delivery.port import Posted, Undeliverable
from bot.documents.made import File
from bot.workspace.declaration import PAGE
from handlers import answers
from handlers.cards import Card
from handlers.messages.letters import all_buttons
from scheduling.clock import Clock
from storage import page_messages
from storage.database import transaction
from storage.page_messages import PageFile, PageMessage

T = TypeVar("T")

GONE = "This message is no longer in the chat."


class PagePlatform:
    """Implements `bot.delivery.port.Platform` and `PostsFiles`."""

    called = PAGE

    def __init__(self, engine: Engine, authority: str, day: Clock, changed: Callable[[], None]) -> None:
        self._engine = engine
        self._authority = authority
        self._day = day
        self._changed = changed

    async def post(self, *, workspace: str, address: str, card: Card, key: str) -> Posted:
        """Put the card into the person's chat, once for each key."""
        return await self._post(address, card, key, None)

    async def post_file(self, *, workspace: str, address: str, card: Card, key: str, file: File, handed: str) -> Posted:
        """Put the card and the file into the person's chat."""
        return await self._post(address, card, key, file)

    async def hand_over(self, *, workspace: str, file: File) -> str:
        """Nothing has to be uploaded anywhere before."""
        return ""

    async def update(self, *, workspace: str, posted: Posted, card: Card) -> None:
        """Redraw the message."""
        if not await self._written(lambda session: _redraw(session, posted, card)):
            raise Undeliverable(GONE, permanent=True)
        self._changed()

    async def find(self, *, workspace: str, address: str, key: str) -> Posted | None:
        """The message posted with that key."""
        return await asyncio.to_thread(self._found, address, key)

    async def _post(self, address: str, card: Card, key: str, file: File | None) -> Posted:
        at = self._day()
        posted = await self._written(lambda session: _add(session, address, card, key, file, at))
        self._changed()
        return posted

    async def _written(self, deed: Callable[[Session], T]) -> T:
        def work() -> T:
            with transaction(self._engine, self._authority) as session:
                return deed(session)

        return await asyncio.to_thread(work)

    def _found(self, address: str, key: str) -> Posted | None:
        with transaction(self._engine, self._authority, writes=False) as session:
            found = page_messages.of_key(session, address, key)
            return _posted(found) if found is not None else None


def _add(session: Session, address: str, card: Card, key: str, file: File | None, at: datetime) -> Posted:
    found = page_messages.of_key(session, address, key)
    if found is not None:
        return _posted(found)
    message = PageMessage(
        account=address,
        key=key,
        card=answers.to_text(card),
        version=page_messages.next_version(session),
        posted_at=at,
        file_id=_kept(session, file) if file is not None else None,
    )
    session.add(message)
    session.flush()
    return _posted(message, file.name if file is not None else "")


def _kept(session: Session, file: File) -> int:
    row = PageFile(name=file.name, media_type=file.media_type, content=file.content)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def _redraw(session: Session, posted: Posted, card: Card) -> bool:
    message = session.get(PageMessage, int(posted.message))
    if message is None:
        return False
    message.card, message.shrunk = answers.to_text(card), not all_buttons(card)
    message.version = page_messages.next_version(session)
    session.add(message)
    return True


def _posted(message: PageMessage, file: str = "") -> Posted:
    return Posted(channel=message.account, message=str(message.id), file=file)
