"""How a form's fields are declared, each in a line or two: `until: date = day(DayOf.PLAN, "New date")`.

Each gives what stands for the field in the class; to a type checker it is the value that will be read.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypedDict, TypeVar, Unpack, cast

from handlers.cards import Button, FieldKind
from handlers.day_windows import DayOf
from handlers.forms.choosing import AskedChoice, AskedTicks
from handlers.forms.kinds import (
    AskedDay,
    AskedPress,
    AskedSearch,
    AskedWords,
    Asks,
    Choices,
    Copied,
    First,
    Judge,
    Known,
    Shown,
    Words,
)

T = TypeVar("T")


class More(TypedDict, total=False):
    """What every field can be declared with: `kinds.Asked` says what each means."""

    hint: Words
    missing: str
    first: First
    asks: Asks
    needs: Asks
    column: Any
    heading: str
    shown: Shown
    copied: Copied
    at_end: bool
    key: str


def words(label: Words, *, required: bool = True, checked: bool = True, **more: Unpack[More]) -> str:
    """Words on several lines."""
    return cast(str, AskedWords(label=label, required=required, checked=checked, **more))


def line(label: Words, *, limit: int, required: bool = True, checked: bool = True, **more: Unpack[More]) -> str:
    """Words on one line."""
    kind = FieldKind.TEXT
    return cast(str, AskedWords(label=label, kind=kind, limit=limit, required=required, checked=checked, **more))


def day(
    means: DayOf,
    label: Words,
    *,
    since: Known = None,
    until: Known = None,
    judge: Judge = None,
    **more: Unpack[More],
) -> date:
    """A day."""
    return cast(date, AskedDay(means=means, label=label, since=since, until=until, judge=judge, **more))


def day_if_any(means: DayOf, label: Words, *, since: Known = None, **more: Unpack[More]) -> date | None:
    """A day, which may stay empty."""
    return cast(date, AskedDay(means=means, label=label, since=since, required=False, **more))


def choice(label: Words, of: Choices, into: Callable[[str], T], *, empty: T | None = None, **more: Unpack[More]) -> T:
    """One of several, as what `into` makes of its value; `empty` is the value in a draft that has none yet."""
    return cast(T, AskedChoice(label=label, of=of, into=into, empty=empty, **more))


def choice_if_any(
    label: Words, of: Choices, into: Callable[[str], T], *, or_line: int = 0, **more: Unpack[More]
) -> T | None:
    """The same, which may stay empty; where there is nothing to choose from, a line of so many characters."""
    return cast(T, AskedChoice(label=label, of=of, into=into, required=False, or_line=or_line, **more))


def tick(label: Words, of: Choices, **more: Unpack[More]) -> bool:
    """One tick."""
    return cast(bool, AskedTicks(label=label, of=of, single=True, required=False, **more))


def ticks(label: Words, of: Choices, *, required: bool = False, **more: Unpack[More]) -> tuple[str, ...]:
    """Any of several."""
    return cast(tuple[str, ...], AskedTicks(label=label, of=of, required=required, **more))


def search(
    label: Words, of: str, find: Callable[[Any, str], T], *, named: Callable[[Any, str], str], **more: Unpack[More]
) -> T:
    """Somebody, or a child, found by typing; `of` names the search, `find` gives who it is or raises Wrong."""
    return cast(T, AskedSearch(label=label, search=of, find=find, named=named, **more))


def press(of: Callable[[Any], Sequence[Button]]) -> tuple[()]:
    """Buttons among the fields."""
    return cast(tuple[()], AskedPress(of=of))
