"""The declaration of one kind of message: its name, what it is about, whom it may reach, how it is written, its fate.

It stands beside the writer, where the words are. Whatever else is known of a kind is looked up there.
"""

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, fields
from enum import StrEnum
from typing import Generic, TypeVar

from sqlmodel import Session

from handlers.cards import Button, Card
from handlers.office import Scene
from storage.outbox import Outbox

Buttons = tuple[Button, ...]
M = TypeVar("M")
"""The matter: all that a writer of this topic needs."""


def anybody(_matter: object) -> bool:
    """For what the person it was owed to may have, whatever has become of them."""
    return True


def _nothing_live(_row: Outbox) -> str | None:
    return None


def _nothing_owed(_matter: object) -> Buttons:
    return ()


def _not_ended(_session: Session, _row: Outbox) -> str:
    return ""


def _no_other(_scene: Scene, _row: Outbox) -> Card | None:
    return None


class Hours(StrEnum):
    """When a message may be sent."""

    WORKING = "within working hours"
    ANY = "at any hour"  # its reader has just asked for it
    URGENT = "at any hour, before all others"


@dataclass(frozen=True, kw_only=True)
class Topic(Generic[M]):
    """What messages are about. `subject` names that of which a person has one live message at a time, if there is one.

    `read` gives the matter as it is now, None where it is not there any more. `reach` says whether the reader may still
    have a message about it. `owed` is every deed that the reader still owes there. `lost` puts on record that a message
    could not be delivered, and gives who hears of it. `ended` is the answer that ended it, in a word, for the line to
    which a message shrinks; `instead` is what stands in its place where that line would mislead.
    """

    name: str
    read: Callable[[Scene, Outbox], M | None]
    reach: Callable[[M], bool]
    lost: Callable[[Scene, Outbox], list[int]]
    subject: Callable[[Outbox], str | None] = _nothing_live
    owed: Callable[[M], Buttons] = _nothing_owed
    ended: Callable[[Session, Outbox], str] = _not_ended
    instead: Callable[[Scene, Outbox], Card | None] = _no_other


@dataclass(frozen=True)
class message(Generic[M]):  # noqa: N801 - it stands above writers as a decorator, with everything but the words
    """What is declared of a kind of message, above the function that writes it.

    `name` is kept in the outbox. `title` is an example of its first line, `to` says who gets it, `buttons` what it
    offers in order: these three are the table in the guide. `reach` stands in the place of the topic's, where other
    people may have it. Of one that `asks`, the delivery makes day 0 of a stage; `arrived` is what follows a delivery.
    `together` is the first line where several come to one person at once, as one message; without it each comes by
    itself. One that is `patient` asks for what is days ahead, and like what only tells waits for the hour to end.
    """

    name: str
    topic: Topic[M]
    _: KW_ONLY
    title: str
    to: str
    buttons: tuple[str, ...] = ()
    reach: Callable[[M], bool] | None = None
    hours: Hours = Hours.WORKING
    asks: bool = False
    arrived: Callable[[Scene, Outbox], None] | None = None
    together: Callable[[Sequence[M]], str] | None = None
    patient: bool = False

    def __call__(self, write: Callable[[M], Card | None]) -> "Message[M]":
        """The kind, with its writer: that gives None when the message is no longer needed."""
        return Message(write=write, **{one.name: getattr(self, one.name) for one in fields(self)})


@dataclass(frozen=True, kw_only=True)
class Message(message[M]):
    """One kind of message: what is declared of it, and who writes it."""

    write: Callable[[M], Card | None]

    @property
    def is_urgent(self) -> bool:
        """Whether it goes before all others."""
        return self.hours is Hours.URGENT

    @property
    def only_tells(self) -> bool:
        """Whether it asks nothing of its reader: it can be opened, and that is all."""
        return self.buttons == ("Open",)

    @property
    def can_wait(self) -> bool:
        """Whether the second of an hour waits for it to end, with all that comes meanwhile."""
        return self.only_tells or self.patient

    def card(self, scene: Scene, row: Outbox) -> Card | None:
        """The message as it reads now; None when it is no longer needed, or no longer this person's to have."""
        matter = self.topic.read(scene, row)
        return self.write(matter) if matter is not None and (self.reach or self.topic.reach)(matter) else None

    def owed(self, scene: Scene, row: Outbox) -> Buttons:
        """Every deed its reader still owes of what it is about."""
        matter = self.topic.read(scene, row)
        return self.topic.owed(matter) if matter is not None else ()
