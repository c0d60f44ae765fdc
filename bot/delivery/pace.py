"""How fast a workspace, and one person in it, are written to, so that the platform never has to ask for it."""

from collections import deque

from bot.called import Takes
from bot.delivery.works import Monotonic

MARGIN = 1.02
"""What left here at an even distance arrives at an uneven one."""
GRAIN = 4
"""Where messages wait for their time, so many go together: for each by itself the lane would have to wake."""
NO_BOUND = 1_000


class Pace:
    """Remembers, over the turns of a lane, what was posted when, and who was posted to within the last `seconds`.

    Without `takes` the workspace takes all that comes.
    """

    def __init__(self, monotonic: Monotonic, seconds: float, takes: Takes | None = None) -> None:
        self._monotonic = monotonic
        self._seconds = seconds
        self._takes = takes
        self._posts: deque[float] = deque()
        self._posted: dict[int, float] = {}

    def posted_to(self, person_id: int) -> None:
        """The person is just being posted to."""
        self._posted[person_id] = self._monotonic()

    def resting(self) -> list[int]:
        """The people who have to be left in peace just now."""
        since = self._monotonic() - self._seconds
        self._posted = {person: at for person, at in self._posted.items() if at > since}
        return list(self._posted)

    def rested_in(self) -> float:
        """Seconds until the first of them may be posted to again; 0 when nobody rests."""
        now = self._monotonic()
        return max(min((at + self._seconds for at in self._posted.values()), default=now) - now, 0.0)

    def count(self) -> None:
        """A message is posted to the workspace now."""
        if self._takes is not None:
            self._posts.append(self._monotonic())

    def room(self, *, urgent: bool) -> int:
        """How many may go to the workspace now. Others than urgent ones leave some room, and spread over the time."""
        if self._takes is None:
            return NO_BOUND
        left = self._left(self._takes, urgent=urgent)
        if urgent:
            return left
        if len(self._posts) < self._takes.at_once:
            return min(left, self._takes.at_once - len(self._posts))
        return min(left, int((self._monotonic() - self._posts[-1]) / self._apart(self._takes, left))) if left else 0

    def room_in(self, *, urgent: bool) -> float:
        """Seconds until there is room again."""
        if self._takes is None or self.room(urgent=urgent):
            return 0.0
        left = self._left(self._takes, urgent=urgent)
        now, most = self._monotonic(), self._takes.most if urgent else self._takes.most - self._takes.kept
        if not left:
            return max(self._posts[len(self._posts) - most] + self._takes.seconds * MARGIN - now, 0.0)
        return max(self._posts[-1] + self._apart(self._takes, left) * min(GRAIN, left) - now, 0.0)

    def _left(self, takes: Takes, *, urgent: bool) -> int:
        """What the present window still takes."""
        while self._posts and self._posts[0] <= self._monotonic() - takes.seconds * MARGIN:
            self._posts.popleft()
        return max((takes.most if urgent else takes.most - takes.kept) - len(self._posts), 0)

    def _apart(self, takes: Takes, left: int) -> float:
        """Seconds between two messages: what remains of the window, spread over what it still takes."""
        return max(self._posts[0] + takes.seconds * MARGIN - self._monotonic(), 0.001) / left
