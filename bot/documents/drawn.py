"""Charts once they are drawn, for documents to hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A drawn chart: `svg` for a page, `png` for a document; `ratio` is width over height."""

    svg: str
    png: bytes
    ratio: float


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Pictures by the number of their chart in the paper."""

    pictures: Mapping[int, Picture] = field(default_factory=dict)
