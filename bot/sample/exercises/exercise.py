"""What an exercise is: something to do in a seat, and what the rows say of whether it was done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from bot.sample.seats import SeatKey


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is to be done, in words that name it as it is called here. `facts` are what the check goes by."""

    text: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Result:
    """How it stands: done or not; `sentence` says what happened where it went another way."""

    done: bool
    sentence: str = ""


DONE = Result(done=True)
NOT_YET = Result(done=False)


def otherwise(sentence: str, *, done: bool = False) -> Result:
    """It went another way."""
    return Result(done=done, sentence=sentence)


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """It begins from a situation. `title` says what is practised, before anything is named.

    `sets` is called once, on the fresh rows and their moment; NotThere where they hold nothing to do. `check` may be
    called at any time afterwards, and only reads.
    """

    key: str
    title: str
    seat: SeatKey
    situation: str
    sets: Callable[[Session, datetime], Task]
    check: Callable[[Session, Task], Result]
