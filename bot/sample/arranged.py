"""The children whose reviews stand just so today, whatever the day: each shows one thing that has to be seen to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.sample.days import Days
from scheduling.duration import add_months


class Stands(StrEnum):
    """How a child's review stands."""

    TOMORROW = "booked for the next working day, everything ready"
    NOT_BOOKED = "due in six working days, and not booked"
    NOT_HELD = "due two working days ago, neither booked nor held"
    PAPERS_DUE = "papers due on the next working day"
    PAPERS_LATE = "papers late since the last working day"
    MIDWAY_LATE = "the midway check late since the last working day"
    TO_WRITE_UP = "held three weeks ago, the record not written"
    DECISIONS = "decisions sent to the manager, who has two working days left"
    ADJOURNED = "adjourned, and going on in five working days"
    SERIES = "a series of meetings, begun three working days ago"


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """When a review is due, and for which working day it is booked, both counted from the present one."""

    stands: Stands
    due: int
    meets: int | None = None


ARRANGED: Mapping[int, Arrangement] = {
    1042: Arrangement(stands=Stands.TOMORROW, due=9, meets=1),
    1063: Arrangement(stands=Stands.NOT_BOOKED, due=6),
    1056: Arrangement(stands=Stands.NOT_HELD, due=-2),
    1098: Arrangement(stands=Stands.PAPERS_DUE, due=8, meets=4),
    1044: Arrangement(stands=Stands.PAPERS_LATE, due=5, meets=2),
    1077: Arrangement(stands=Stands.MIDWAY_LATE, due=0),
    1009: Arrangement(stands=Stands.TO_WRITE_UP, due=-13, meets=-15),
    1101: Arrangement(stands=Stands.DECISIONS, due=-2, meets=-5),
    1030: Arrangement(stands=Stands.ADJOURNED, due=-4, meets=-7),
    1088: Arrangement(stands=Stands.SERIES, due=4, meets=-3),
}
"""By the number of the child."""


def due_on(arrangement: Arrangement, days: Days) -> date:
    """When the review is to fall due; of a midway check that is due, three months on."""
    if arrangement.stands is Stands.MIDWAY_LATE:
        last = days.on(-1) - timedelta(days=91)
        return add_months(last, 6)
    return days.on(arrangement.due)
