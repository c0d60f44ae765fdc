"""How fast one person is written to: a platform takes about one message a second in a conversation."""

from bot.delivery.works import Monotonic


class Pace:
    """Remembers, over the turns of a lane, who was posted to within the last `seconds`."""

    def __init__(self, monotonic: Monotonic, seconds: float) -> None:
        self._monotonic = monotonic
        self._seconds = seconds
        self._posted: dict[int, float] = {}

    def posted_to(self, person_id: int) -> None:
        """The person has just been posted to."""
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
