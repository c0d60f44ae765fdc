"""A part of somebody's day: a heading with its count, five lines, and "More" where there are more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handlers.cards import Button, Line

MOST = 5
MORE = "iro.day.more"


@dataclass(frozen=True, kw_only=True)
class Part:
    """`key` names it to "More"; `heading` stands over the lines, but for the first part, whose count is in the title.

    `counted`: the heading says how many they are.
    """

    key: str
    heading: str
    lines: Sequence[Line]
    counted: bool = True
    first: bool = False

    def drawn(self) -> Iterator[Line]:
        """As it stands in the day: never a heading without lines."""
        if not self.lines:
            return
        number = len(self.lines)
        if not self.first:
            yield Line(text=f"{self.heading} ({number})" if self.counted and number > 1 else self.heading, heads=True)
        yield from self.lines[:MOST]
        if number > MOST:
            yield Line(text="", buttons=(more_button(self.key, MOST, number),))


def more_button(key: str, shown: int, number: int) -> Button:
    """ "More (6)": the lines of that part after those shown."""
    return Button(label=f"More ({number - shown})", deed=MORE, subject=f"{key}:{shown}")
