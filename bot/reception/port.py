"""What a platform must be able to do for the reception: the one port that each of them implements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.connecting import Connected
from bot.reception.acts import Act
from handlers.cards import Answer

Act_contra = TypeVar("Act_contra", bound=Act, contravariant=True)
Body_co = TypeVar("Body_co", covariant=True)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an act led to. A platform that keeps more than the answer, such as the form it was done in, adds that.

    `connected` is the workspace's connection, with which it can be answered; nothing where it is not known. `fault`:
    something went wrong on our side, or there is more to do than can be taken on.
    """

    answer: Answer
    connected: Connected | None = None
    fault: bool = False


class Port(Protocol[Act_contra]):
    """A platform whose people come here, each with an act of its kind. It inherits what it has no use for."""

    async def addresses_of(self, act: Act_contra, connected: Connected) -> Sequence[str]:
        """The e-mail addresses that the platform vouches for as those of the person who acts. Raises nothing."""
        return ()

    async def holds_alone(self, act: Act_contra, connected: Connected, email: str) -> bool:
        """Whether the platform vouches that this address is now that of the account that acts, and of no other there.

        Raises nothing.
        """
        return False

    def unlisted(self, authority: str, act: Act_contra, addresses: Sequence[str]) -> None:
        """None of these addresses is on the staff list yet. Called in a worker thread."""
        return


class AnswersInTime(Port[Act_contra], Protocol[Act_contra, Body_co]):
    """A platform that waits no longer than `patience` seconds for an answer: what takes longer follows afterwards.

    `began` is the loop's time when the act came in.
    """

    patience: float

    def patience_for(self, act: Act_contra) -> float:
        """The same for an act of this kind."""
        return self.patience

    async def shown(self, act: Act_contra, outcome: Outcome, began: float) -> Body_co:
        """Have the answer shown; gives what the platform's own call is answered with."""
        ...

    async def still_working(self, act: Act_contra, waiting: Outcome, began: float) -> Body_co:
        """Have it said that the answer follows; gives what the platform's own call is answered with."""
        ...

    async def late(self, act: Act_contra, outcome: Outcome) -> None:
        """Bring an answer that missed its call."""
        ...
