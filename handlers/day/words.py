"""How the lines of a day name a concern, a day and whom somebody stands in for; and their buttons."""

from datetime import date, datetime, time

from handlers.cards import Button
from handlers.office import Scene
from handlers.wording import name_of
from scheduling.deadline_wording import say_day, say_time
from scheduling.working_days import local
from storage.children import Child
from storage.concerns import Concern


def ref(scene: Scene, concern: Concern, child: Child | None) -> str:
    """ "C-31 (AB-1042)"; the concern alone where a setting hides the child, or there is none."""
    if child is None or not scene.rules.show_child_reference:
        return concern.reference
    return f"{concern.reference} ({child.reference})"


def said(scene: Scene, day: date) -> str:
    """ "today", "Fri 27 Nov"."""
    return "today" if day == scene.today else say_day(day, scene.today)


def due(scene: Scene, day: date) -> str:
    """When something is to be done: "late since Fri 27 Nov", "by today", "by Tue 1 Dec"."""
    return f"late since {say_day(day, scene.today)}" if day < scene.today else f"by {said(scene, day)}"


def clock(written: str) -> str:
    """The time of a booking, "2 pm"; as it was written where it is no time."""
    try:
        return say_time(time.fromisoformat(written))
    except ValueError:
        return written


def until(scene: Scene, moment: datetime) -> str:
    """By when a reply is wanted: "by 5 pm today", "by Tue 1 Dec", and its time where that is not close of business."""
    here = local(moment)
    if here.date() == scene.today:
        return f"by {say_time(here.time())} today"
    day = say_day(here.date(), scene.today)
    return f"by {day}" if here.time() == scene.calendar.closes else f"by {say_time(here.time())}, {day}"


def instead(scene: Scene, person_id: int, owner_id: int | None) -> str:
    """ " (for Tess Hill)" where somebody else's is seen to; nothing where it is the person's own."""
    return "" if owner_id in (None, person_id) else f" (for {name_of(scene, owner_id)})"


def of_concern(label: str, deed: str, concern: Concern) -> Button:
    """A button for the stage at which the concern stands."""
    return Button(label=label, deed=deed, subject=concern.reference, run=concern.run_id)


def opened(concern: Concern) -> Button:
    """ "Open": the concern, with all that can be done there."""
    return of_concern("Open", "concern.open", concern)
