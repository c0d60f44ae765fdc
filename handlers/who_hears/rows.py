"""What a row of the table says: an act, and of each whom it can concern how they hear of it, or why not."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from handlers.messages.message import Message
from scheduling.ladder import Rung


class Whom(StrEnum):
    """Whom an act can concern."""

    OWES = "who owes what comes next"
    OWED = "who owed it before"
    IRO = "the IRO"
    COVER = "the IRO's cover"
    STAND_IN = "who stands in for somebody asked"
    IRO_MANAGER = "the IRO manager"
    COPIED = "those copied"
    ALERTED = "those alerted"
    WORKER = "the child's worker"
    SUPPORT = "business support"
    TELLER = "who told of it"


class How(StrEnum):
    """How somebody hears."""

    EVENT = "told"
    DAY = "in the day"
    LOOK = "when they next look"
    NOT = "deliberately not"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How one of them hears: by which kinds of message, or in which words; why not."""

    how: How
    messages: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """An act in words, the deeds or rungs by which it is done, and every cell."""

    act: str
    by: tuple[str, ...]
    cells: Mapping[Whom, Cell]


def told(*messages: Message[Any], only: str = "") -> Cell:
    """An event of its own, of one of these kinds; `only` says in which case."""
    return Cell(how=How.EVENT, messages=tuple(one.name for one in messages), words=only)


def day(words: str) -> Cell:
    """A line of "Your day"."""
    return Cell(how=How.DAY, words=words)


def look(words: str) -> Cell:
    """It is there when they next open it."""
    return Cell(how=How.LOOK, words=words)


_NOTHING = Cell(how=How.NOT)


def row(act: str, by: str, otherwise: str, heard: Mapping[Whom, Cell]) -> Row:
    """A row; those of whom nothing is said are deliberately not told, for that reason.

    What the IRO is told comes to the IRO manager while nobody else fills the IRO's place.
    """
    if Whom.IRO_MANAGER not in heard and heard.get(Whom.IRO, _NOTHING).how in (How.EVENT, How.DAY):
        instead = replace(heard[Whom.IRO], words="while nobody else fills the IRO's place")
        heard = {**heard, Whom.IRO_MANAGER: instead}
    nothing = Cell(how=How.NOT, words=otherwise)
    return Row(
        act=act,
        by=(by,) if isinstance(by, Rung) else tuple(by.split()),
        cells={one: heard.get(one, nothing) for one in Whom},
    )


NO_PART = "nothing is asked of them, and it changes no date they were told"
