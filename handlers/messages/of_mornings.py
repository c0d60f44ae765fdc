""" "Your day": the one morning message, written when it is sent, from the state as it then is."""

from dataclasses import dataclass
from datetime import date

from handlers.cards import Card
from handlers.day import day_card
from handlers.messages.message import Buttons, Hours, Topic, message
from handlers.messages.owing import Cause, details_of
from handlers.office import Scene
from storage import people
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


def _nothing_live(_row: Outbox) -> str | None:
    return None


def _nothing_owed(_morning: Morning) -> Buttons:
    return ()


def _lost(scene: Scene, _row: Outbox) -> list[int]:
    """The IRO managers hear of whom they cannot reach."""
    return [one.id for one in people.holders_of(scene.session, "iro_manager", scene.today) if one.id is not None]


def _anybody(_morning: Morning) -> bool:
    return True


MORNING = Topic(name="morning", read=_morning_of, subject=_nothing_live, owed=_nothing_owed, lost=_lost)


@message(
    "your day",
    MORNING,
    title="Your day, Mon 30 Nov",
    to="everybody with something to do that day",
    buttons=("what each line asks for",),
    reach=_anybody,
    hours=Hours.ANY,
)
def your_day(morning: Morning) -> Card | None:
    return day_card(morning.scene, morning.reader_id, morning.day)
