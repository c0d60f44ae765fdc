"""Holds back counts under five, and enough beside them that no subtraction gives them away.

Counts that add up form a tree: a node is in one family at most, the parts that add up to their parent, and may have
several families of its own. In every family of a shown parent either nothing is held back, or at least two parts that
come to five or more; under a parent held back the same, or all. So each number held back may be zero and may be five
or more, whatever of the rest is put together.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

FEWEST = 5
"""Counts under this are never published: zero too, since "none" beside a total speaks of everybody."""
AT_LEAST = 2

Spot = tuple[str, int, str]
"""A cell: table, place of the row from 0, column."""


@dataclass(eq=False, kw_only=True)
class Node:
    """One count, wherever it is printed. `values` are all numbers that stand for it: the first is used in its family.

    `telltale`: printing it would tell of a count under five that is printed nowhere.
    """

    values: tuple[int, ...]
    spots: list[Spot] = field(default_factory=list)
    families: list[list["Node"]] = field(default_factory=list)
    telltale: bool = False
    hidden: bool = False

    def family(self, *parts: "Node") -> None:
        """Say into which parts the count divides."""
        if parts:
            self.families.append(list(parts))

    def divided(self, part: "Node") -> "Node":
        """Divide it into a part that is printed and the rest, which subtraction would give."""
        self.family(part, Node(values=(self.values[0] - part.values[0],)))
        return part

    @property
    def must_hide(self) -> bool:
        """Whether it is under five itself, or tells of one that is."""
        return self.hidden or self.telltale or min(self.values) < FEWEST


def settle(root: Node) -> None:
    """Decide for the node and everything below it what is held back."""
    root.hidden = root.must_hide
    waiting = [root]
    while waiting:
        node = waiting.pop()
        for family in node.families:
            guard(family, parent_hidden=node.hidden)
            waiting += family


def guard(family: list[Node], *, parent_hidden: bool) -> None:
    """Hold back the smallest of the parts still shown until those held back are two and come to five."""
    for part in family:
        part.hidden = part.must_hide
    held_back = [part for part in family if part.hidden]
    if not held_back and not parent_hidden:
        return
    shown = sorted((part for part in family if not part.hidden), key=lambda part: part.values[0], reverse=True)
    while shown and not _safe(held_back):
        part = shown.pop()
        part.hidden = True
        held_back.append(part)


def _safe(held_back: list[Node]) -> bool:
    return len(held_back) >= AT_LEAST and sum(part.values[0] for part in held_back) >= FEWEST


def shown_spots(roots: Iterable[Node]) -> set[Spot]:
    """Every cell that may be printed."""
    return {spot for node in _all(roots) if not node.hidden for spot in node.spots}


def _all(roots: Iterable[Node]) -> Iterator[Node]:
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [part for family in node.families for part in family]
