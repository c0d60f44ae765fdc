"""Says each trouble once in the log when it begins, each hour with how often it was met, and once when it is over."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

AGAIN_SECONDS = 3600.0
QUIET_SECONDS = 8 * 3600.0
"""Whatever fails is tried more often than that: a trouble that was not met for so long is a new one."""


@dataclass(kw_only=True)
class _Met:
    """A trouble that lasts: since when, when it was last said and met, and how often (seconds that never jump)."""

    since: float
    said: float
    last: float
    times: int
    line: str


class Troubles:
    """Of one place in the program; used by any thread. `monotonic` gives seconds."""

    def __init__(self, monotonic: Callable[[], float], log: logging.Logger) -> None:
        self._monotonic = monotonic
        self._log = log
        self._met: dict[str, _Met] = {}
        self._lock = threading.Lock()

    def look(self, found: Mapping[str, str]) -> None:
        """All that is wrong now, a line for each by what it is; whatever else was wrong is over."""
        for what in [one for one in self._met if one not in found]:
            self.over(what)
        for what, line in found.items():
            self.met(what, line)

    def met(self, what: str, line: str = "") -> None:
        """It is there, or still there. What needs no other name goes by its line."""
        with self._lock:
            now, known, line = self._monotonic(), self._met.get(what), line or what
            if known is None or now - known.last > QUIET_SECONDS:
                self._met[what] = _Met(since=now, said=now, last=now, times=1, line=line)
                self._log.error("%s", line)
                return
            known.times, known.last, known.line = known.times + 1, now, line
            if now - known.said >= AGAIN_SECONDS:
                known.said = now
                self._log.error("%s (met %d times in %d minutes)", line, known.times, self._minutes(known))

    def over(self, what: str) -> None:
        """It is not there any more, if it was."""
        with self._lock:
            known = self._met.pop(what, None)
        if known is not None:
            self._log.warning(
                "Over, after %d minutes and met %d times: %s", self._minutes(known), known.times, known.line
            )

    def _minutes(self, known: _Met) -> int:
        return int((self._monotonic() - known.since) // 60)
