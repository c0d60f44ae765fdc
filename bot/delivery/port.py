"""What a platform must be able to do for delivery, and the two ways in which it can fail."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot.called import Called
from bot.documents.made import File
from handlers.cards import Card


@dataclass(frozen=True, kw_only=True)
class Posted:
    """Where a message stands: the platform's own conversation and message ids.

    `file`: the name of the file that the person has with it; empty where there is none. `offers`: they are asked first
    whether they want one.
    """

    channel: str
    message: str
    file: str = ""
    offers: bool = False


class Undeliverable(Exception):
    """The platform refused, and certainly posted nothing.

    `reason` is a plain sentence. `permanent`: trying this message again cannot help. `retry_after`: seconds
    the platform asked for. `workspace`: nobody there can be reached until an administrator mends it. `unreached`: the
    person cannot be written to there as things are, which is permanent until that changes. `gone`: so says the address,
    or the conversation; the person may be found once more.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        workspace: bool = False,
        unreached: bool = False,
        gone: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.gone = gone
        self.unreached = unreached or gone
        self.permanent = permanent or self.unreached
        self.retry_after = retry_after
        self.workspace = workspace


class FileRefused(Exception):
    """The platform takes no such file here, and certainly posted nothing; messages without a file may go.

    `reason` is a plain sentence for the person who waits for the file.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unanswered(Exception):
    """The message was handed over and no answer came back: nobody knows whether it was posted.

    `asks_again`: the platform itself says that such a message has to be sent once more, however often that takes.
    """

    def __init__(self, reason: str = "", *, asks_again: bool = False) -> None:
        super().__init__(reason)
        self.asks_again = asks_again


class Platform(Protocol):
    """One chat platform. Every method makes one attempt within 15 seconds, or raises one of the two above."""

    @property
    def called(self) -> Called:
        """How it is called."""
        ...

    async def post(self, *, workspace: str, address: str, card: Card, key: str) -> Posted:
        """Post the card to one person directly; `key` travels unseen where the platform can carry it."""
        ...

    async def update(self, *, workspace: str, posted: Posted, card: Card) -> None:
        """Redraw a message that was posted before; doing it twice is the same as once."""
        ...

    async def find(self, *, workspace: str, address: str, key: str) -> Posted | None:
        """The message posted to that person with this key, where the platform can tell.

        No moment bounds the look-up: the platform dates messages by its own clock, and ours may be hours off.
        """
        ...


@runtime_checkable
class FindsAnew(Protocol):
    """A platform that can be asked whether a person can be written to under an account."""

    async def check(self, *, workspace: str, address: str) -> None:
        """Make sure of it, opening their chat anew where that is how. Raises only Undeliverable, `gone` if they cannot.

        Posts nothing.
        """
        ...


@runtime_checkable
class PostsFiles(Protocol):
    """A platform whose people can be sent files. Both methods may raise FileRefused besides: then a message goes."""

    async def hand_over(self, *, workspace: str, file: File) -> str:
        """Let the platform have the file so that nobody sees it yet; its id there, which `post_file` is given.

        Asked before an attempt is marked: it posts nothing, so it raises only Undeliverable or FileRefused, may be
        asked again at any time, and may take half a minute. A platform that asks the person first does nothing here.
        """
        ...

    async def post_file(self, *, workspace: str, address: str, card: Card, key: str, file: File, handed: str) -> Posted:
        """Post the card with the file to one person directly, or ask them whether they want it. As `post`."""
        ...


@runtime_checkable
class FindsFiles(Protocol):
    """A platform on which a file can be found again by its name, where the message with it carries no key."""

    async def find_file(self, *, workspace: str, address: str, name: str) -> Posted | None:
        """The message with the file of that name, sent to that person. Raises only Undeliverable."""
        ...
