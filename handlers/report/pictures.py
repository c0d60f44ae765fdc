"""Charts as data: what is drawn, how it reads aloud, and from which table it comes; drawn under bot/documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a mark means; drawn by colour and by pattern, never by colour alone."""

    MAIN = "main"
    SECOND = "second"
    QUIET = "quiet"


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar; `value` None is a number that is not known or not shown, and `said` stands in its place."""

    label: str
    value: float | None
    said: str
    tone: Tone = Tone.MAIN


@dataclass(frozen=True, kw_only=True)
class BarGroup:
    """Bars under one heading; an empty heading is not drawn."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, kw_only=True)
class Bars:
    """Horizontal bars in groups on one scale from zero; `band` marks a range on it."""

    groups: tuple[BarGroup, ...]
    band: tuple[float, float] | None = None
    band_said: str = ""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One row of columns along the horizontal axis all panels share."""

    title: str
    values: tuple[float | None, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Trend:
    """Panels below each other, one measure each, all on the same scale: a month, or another step, a column."""

    along: tuple[str, ...]
    panels: tuple[Panel, ...]


@dataclass(frozen=True, kw_only=True)
class Years:
    """Panels beside each other, one share in per cent each, a column for each year."""

    along: tuple[str, ...]
    panels: tuple[Panel, ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """A stage of the flow: how many came to it or beyond, how many went no further, and how those stand."""

    title: str
    reached: int
    stayed: int
    stands: str


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Concerns flowing from stage to stage, those that go no further leaving at each."""

    steps: tuple[Step, ...]


Drawing = Bars | Trend | Years | Flow


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart with its title, what it shows in words for those who cannot see it, and the table it comes from."""

    title: str
    alt: str
    drawing: Drawing
    table: str


def anything_to_see(values: Sequence[float | None]) -> bool:
    """Whether a chart of these numbers would show anything: an empty one is never drawn."""
    return any(values)
