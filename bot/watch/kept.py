"""What was read a moment ago stands for a while, so that who asks often costs little."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Read = TypeVar("Read")


class Kept(Generic[Read]):
    """What `read` gives, read again after so many seconds, and by one thread at a time."""

    def __init__(self, read: Callable[[], Read], seconds: float) -> None:
        self._read = read
        self._seconds = seconds
        self._reading = threading.Lock()
        self._last: tuple[float, Read] | None = None

    def __call__(self) -> Read:
        """The present one."""
        with self._reading:
            if self._last is None or time.monotonic() - self._last[0] >= self._seconds:
                self._last = time.monotonic(), self._read()
            return self._last[1]
