"""What a row of the table says: an act, and of each whom it can concern how they hear of it, or why not."""

from collections.abc import Mapping
from dataclasses import dataclass
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


def not_told(why: str, *whom: Whom) -> dict[Whom, Cell]:
    """Those who are deliberately not told, for that reason."""
    return dict.fromkeys(whom, Cell(how=How.NOT, words=why))


def row(act: str, by: str, heard: Mapping[Whom, Cell]) -> Row:
    """A row, which is to name everybody: nobody is left out by being forgotten."""
    return Row(
        act=act,
        by=(by,) if isinstance(by, Rung) else tuple(by.split()),
        cells={one: heard[one] for one in Whom if one in heard},
    )


ASKED = (Whom.OWES, Whom.OWED, Whom.STAND_IN)
BESIDE = (Whom.COPIED, Whom.ALERTED, Whom.WORKER)
AT_THE_STAGE = (*ASKED, *BESIDE)

OUTSIDE = (Whom.SUPPORT, Whom.TELLER)
IROS = (Whom.IRO, Whom.COVER, Whom.IRO_MANAGER)

OPEN = look("the form shows it")
VACANT = "while nobody else fills the IRO's place"
NO_PART = "nothing is asked of them, and it changes no date they were told"
NOT_OF_CONCERNS = not_told("concerns are no business of theirs", *OUTSIDE)
