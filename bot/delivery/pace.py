"""How fast a workspace, and one person in it, are written to, so that the platform never has to ask for it."""

from collections import deque
from collections.abc import Sequence

from bot.called import Called, Takes
from bot.delivery.works import Monotonic

MARGIN = 1.02
"""What left here at an even distance arrives at an uneven one."""
GRAIN = 4
"""Where messages wait for their time, so many go together: for each by itself the lane would have to wake."""
NO_BOUND = 1_000


class Window:
    """What was asked of a workspace within the last seconds; without `takes` it takes all that comes."""

    def __init__(self, monotonic: Monotonic, takes: Takes | None) -> None:
        self._monotonic = monotonic
        self._takes = takes
        self._asked: deque[float] = deque()

    @property
    def steady(self) -> float:
        """Seconds between two, where many come for long."""
        takes = self._takes
        return takes.seconds * MARGIN / (takes.most - takes.kept) if takes is not None else 0.0

    def ages(self) -> list[float]:
        """How many seconds ago each was asked that still counts."""
        now = self._monotonic()
        return [now - at for at in self._asked if self._takes and now - at < self._takes.seconds * MARGIN]

    def take_over(self, ages: Sequence[float]) -> None:
        """Another process has asked last: this is all that counts, ours from before that among it."""
        now = self._monotonic()
        self._asked = deque(sorted(now - age for age in ages if self._takes))

    def count(self) -> None:
        """Something is asked of it now."""
        if self._takes is not None:
            self._asked.append(self._monotonic())

    def room(self, *, urgent: bool) -> int:
        """For how many there is room now. Others than urgent ones leave some, and spread over the time."""
        if self._takes is None:
            return NO_BOUND
        left = self._left(self._takes, urgent=urgent)
        if urgent:
            return left
        if len(self._asked) < self._takes.at_once:
            return min(left, self._takes.at_once - len(self._asked))
        return min(left, int((self._monotonic() - self._asked[-1]) / self._apart(self._takes, left))) if left else 0

    def room_in(self, *, urgent: bool) -> float:
        """Seconds until there is room again."""
        if self._takes is None or self.room(urgent=urgent):
            return 0.0
        left = self._left(self._takes, urgent=urgent)
        now, most = self._monotonic(), self._takes.most if urgent else self._takes.most - self._takes.kept
        if not left:
            return max(self._asked[len(self._asked) - most] + self._takes.seconds * MARGIN - now, 0.0)
        return max(self._asked[-1] + self._apart(self._takes, left) * min(GRAIN, left) - now, 0.0)

    def _left(self, takes: Takes, *, urgent: bool) -> int:
        """What the present window still takes."""
        while self._asked and self._asked[0] <= self._monotonic() - takes.seconds * MARGIN:
            self._asked.popleft()
        return max((takes.most if urgent else takes.most - takes.kept) - len(self._asked), 0)

    def _apart(self, takes: Takes, left: int) -> float:
        """Seconds between two messages: what remains of the window, spread over what it still takes."""
        return max(self._asked[0] + takes.seconds * MARGIN - self._monotonic(), 0.001) / left


class Pace:
    """Remembers, over the turns of a lane, what was posted and looked up when, and whom to leave in peace.

    `seconds` lie between two messages to one person; 0 means no pace at all.
    """

    def __init__(self, monotonic: Monotonic, seconds: float, called: Called) -> None:
        self._monotonic = monotonic
        self._seconds = seconds
        self._until: dict[int, float] = {}
        self._to_look: dict[int, float] = {}
        self.posts = Window(monotonic, called.takes if seconds else None)
        self.looks = Window(monotonic, called.looks if seconds else None)

    def posted_to(self, person_id: int) -> None:
        """The person has just been posted to."""
        self._until[person_id] = self._monotonic() + self._seconds

    def look_later(self, person_id: int, *, urgent: bool) -> None:
        """Whether their account is open can be asked later only: leave the person in peace until it is their turn."""
        now = self._monotonic()
        ahead = sum(until > now for until in self._to_look.values())
        until = now + self.looks.room_in(urgent=urgent) + (0 if urgent else ahead * self.looks.steady)
        self._until[person_id] = self._to_look[person_id] = until

    def looked(self, person_id: int) -> None:
        """It is asked now."""
        self._to_look.pop(person_id, None)
        self.looks.count()

    def resting(self) -> list[int]:
        """The people who have to be left in peace just now."""
        now = self._monotonic()
        self._until = {person: until for person, until in self._until.items() if until > now}
        return list(self._until)

    def rested_in(self) -> float:
        """Seconds until the first of them may be posted to again; 0 when nobody rests."""
        now = self._monotonic()
        return max(min(self._until.values(), default=now) - now, 0.0)
