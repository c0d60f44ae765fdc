"""What the chats hold, read for drawing: messages, lock screens, badges, and what is new since."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Engine
from sqlmodel import Session

from bot.documents.made import File
from bot.workspace.drawing import Shown, clock_words, shown_card
from handlers import answers
from handlers.cards import Card
from storage import page_messages
from storage.database import transaction
from storage.page_messages import PageFile, PageMessage

MOST = 80
LOCK_LINES = 3
LARGEST_NUMBER = 2**31 - 1
"""Of a file, in any database: an address may name more."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A message that was posted, or changed, since a page last looked."""

    account: str
    shown: Shown
    new: bool


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What a page has drawn: every change up to `version`, every message up to the number `last`."""

    version: int
    last: int


@dataclass(frozen=True, kw_only=True)
class News:
    """What changed since, and what is drawn with it. `whole`: too much, draw everything anew."""

    drawn: Drawn
    changes: tuple[Change, ...]
    whole: bool = False


class Chats:
    """The chats of one authority."""

    def __init__(self, engine: Engine, authority: str) -> None:
        self._engine = engine
        self._authority = authority

    def opened(self, accounts: Sequence[str]) -> tuple[Drawn, list[tuple[Shown, ...]]]:
        """The last messages of these chats, which count as seen from now on, and how much is drawn with them."""
        with transaction(self._engine, self._authority) as session:
            for account in accounts:
                page_messages.mark_seen(session, account)
            chats = [page_messages.latest(session, account, MOST) for account in accounts]
            return _drawn(session), [tuple(_shown(session, message) for message in chat) for chat in chats]

    def lock_screen(self, account: str) -> tuple[str, ...]:
        """The lines that light up: the titles of what came last, newest first."""
        with transaction(self._engine, self._authority, writes=False) as session:
            latest = [one for one in page_messages.latest(session, account, MOST) if not one.shrunk]
            return tuple(_card(message).title for message in reversed(latest[-LOCK_LINES:]))

    def unseen(self) -> dict[str, int]:
        """How many messages nobody has looked at, by account."""
        with transaction(self._engine, self._authority, writes=False) as session:
            return page_messages.unseen(session)

    def news(self, since: Drawn, accounts: tuple[str, ...]) -> News:
        """What changed in these chats; what is in them counts as seen."""
        with transaction(self._engine, self._authority) as session:
            drawn = _drawn(session)
            if since.version > drawn.version:
                return News(drawn=drawn, changes=(), whole=True)
            changed = page_messages.changed_since(session, since.version, MOST + 1, accounts)
            if len(changed) > MOST:
                return News(drawn=drawn, changes=(), whole=True)
            for account in accounts:
                page_messages.mark_seen(session, account)
            changes = tuple(
                Change(account=one.account, shown=_shown(session, one), new=(one.id or 0) > since.last)
                for one in changed
            )
            return News(drawn=drawn, changes=changes)

    def file(self, number: int) -> File | None:
        """A file that came with a message."""
        if number > LARGEST_NUMBER:
            return None
        with transaction(self._engine, self._authority, writes=False) as session:
            found = session.get(PageFile, number)
            if found is None:
                return None
            return File(name=found.name, media_type=found.media_type, content=found.content)


def _drawn(session: Session) -> Drawn:
    return Drawn(version=page_messages.next_version(session) - 1, last=page_messages.last_number(session))


def _shown(session: Session, message: PageMessage) -> Shown:
    file = session.get(PageFile, message.file_id) if message.file_id is not None else None
    return shown_message(message, file.name if file is not None else "")


def shown_message(message: PageMessage, file: str = "") -> Shown:
    """A message as its chat shows it, with the name of the file that came with it."""
    return replace(
        shown_card(_card(message), str(message.id)),
        at=clock_words(message.posted_at),
        shrunk=message.shrunk,
        file=file,
        file_address=f"/workspace/files/{message.file_id}" if file else "",
    )


def _card(message: PageMessage) -> Card:
    card = answers.from_text(message.card)
    assert isinstance(card, Card)
    return card
