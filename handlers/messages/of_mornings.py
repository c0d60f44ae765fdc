""" "Your day": the one morning message, written when it is sent, from the state as it then is."""

from dataclasses import dataclass
from datetime import date

from handlers.cards import Card
from handlers.day.day import morning_card
from handlers.messages.message import Hours, Topic, anybody, message
from handlers.messages.owing import Cause, details_of
from handlers.messages.undelivered import to_iro_managers
from handlers.office import Scene
from storage.outbox import Outbox


@dataclass(frozen=True, kw_only=True)
class Morning:
    """Whose day it is, and which."""

    scene: Scene
    reader_id: int
    day: date


def about_morning(day: date) -> Cause:
    """For owing it, once to each person a day."""
    return Cause(key=f"{{person}}:{day.isoformat()}", details={"day": day.isoformat()})


def _morning_of(scene: Scene, row: Outbox) -> Morning:
    day = date.fromisoformat(str(details_of(row)["day"]))
    return Morning(scene=scene, reader_id=row.person_id, day=day)


MORNING = Topic(name="morning", read=_morning_of, reach=anybody, lost=to_iro_managers)


@message(
    "your day",
    MORNING,
    title="Your day, Mon 30 Nov",
    to="everybody with something to do that day",
    buttons=("what each line asks for",),
    hours=Hours.ANY,
)
def your_day(morning: Morning) -> Card | None:
    return morning_card(morning.scene, morning.reader_id, morning.day)
