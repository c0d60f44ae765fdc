"""What is to be done when: acts in the order of their moments, where each may bring about others."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from bot.sample.stage import Stage

Deed = Callable[[Stage], None]


@dataclass
class Diary:
    """Acts that wait for their moment."""

    _waiting: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    _places: "count[int]" = field(default_factory=count)

    def add(self, at: datetime, deed: Deed) -> None:
        """Put an act in; of two at one moment the one put in first comes first."""
        heapq.heappush(self._waiting, (at, next(self._places), deed))

    def play(self, stage: Stage, until: datetime, passed: Callable[[datetime], None]) -> None:
        """Do everything up to that moment, and let time pass to it; `passed` is told of each act's moment.

        What lies later is never done.
        """
        while self._waiting and self._waiting[0][0] <= until:
            at, _, deed = heapq.heappop(self._waiting)
            stage.until(at)
            deed(stage)
            passed(at)
        stage.until(until)
