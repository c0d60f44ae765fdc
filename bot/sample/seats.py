"""The seats somebody may take in the sample: four to begin with, and everybody else behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.sample import people
from bot.sample.people import email_of, staff
from scheduling.procedures import Procedures


class SeatKey(StrEnum):
    """What a seat is called in an address."""

    IRO = "iro"
    SOCIAL_WORKER = "worker"
    TEAM_MANAGER = "manager"
    IRO_MANAGER = "iro-manager"
    OTHER_IRO = "another-iro"
    OTHER_WORKER = "another-worker"
    OTHER_MANAGER = "another-manager"
    SERVICE_MANAGER = "service-manager"
    ASSISTANT_DIRECTOR = "assistant-director"
    SUPPORT = "support"
    ADMIN = "administrator"
    OUTSIDER = "outsider"


FIRST = (SeatKey.IRO, SeatKey.SOCIAL_WORKER, SeatKey.TEAM_MANAGER, SeatKey.IRO_MANAGER)
"""The seats that are offered before the others."""

_WHO: dict[SeatKey, tuple[str, str]] = {
    SeatKey.IRO: (people.IRO, "reviews 62 children, logs concerns, and alone decides whether a reply will do."),
    SeatKey.SOCIAL_WORKER: (people.SOCIAL_WORKER, "works with 16 children and is asked first when something is wrong."),
    SeatKey.TEAM_MANAGER: (people.TEAM_MANAGER, "leads six workers, answers at the first stage and agrees decisions."),
    SeatKey.IRO_MANAGER: (people.IRO_MANAGER, "leads three IROs and sees what ages, who is away and who has too much."),
    SeatKey.OTHER_IRO: (people.HALF_TIME_IRO, "works half time and reviews 30 children."),
    SeatKey.OTHER_WORKER: (people.OTHER_WORKER, "works in the same team, and is behind with the papers of a review."),
    SeatKey.OTHER_MANAGER: (people.OTHER_MANAGER, "leads the other team."),
    SeatKey.SERVICE_MANAGER: (
        people.SERVICE_MANAGER,
        "is told when a manager is late, and answers at the second stage.",
    ),
    SeatKey.ASSISTANT_DIRECTOR: (people.ASSISTANT_DIRECTOR, "answers where nobody below could settle it."),
    SeatKey.SUPPORT: (people.SUPPORT, "books reviews and sends their records out, and reads no concern."),
    SeatKey.ADMIN: (people.ADMIN, "looks after staff and settings, and reads no concern."),
    SeatKey.OUTSIDER: (people.OUTSIDER, "works elsewhere in the council: for him none of these children exists."),
}


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One person whom somebody can be. `role` is as the procedures call it; `does` goes on after the name."""

    key: SeatKey
    name: str
    email: str
    role: str
    does: str

    @property
    def is_first(self) -> bool:
        """Whether it is among the four to begin with."""
        return self.key in FIRST


def seats(rules: Procedures) -> Sequence[Seat]:
    """All of them in the order in which they are offered; one whose level the procedures do not have is left out."""
    roles = {one.name: one.role for one in staff(rules)}
    return [
        Seat(key=key, name=name, email=email_of(name), role=rules.role_label(roles[name]), does=does)
        for key, (name, does) in _WHO.items()
        if name in roles
    ]


def seat(rules: Procedures, key: SeatKey) -> Seat:
    """The seat of that key; KeyError where the procedures have no such level."""
    return {one.key: one for one in seats(rules)}[key]
