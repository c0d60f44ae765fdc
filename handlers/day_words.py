"""How the lines of a day, and the first line of a form, name a concern and a day; and the buttons of the former."""

from datetime import date, datetime, time

from handlers.cards import Button
from handlers.concern_buttons import button_about
from handlers.office import Scene
from scheduling.deadline_wording import say_day, say_time
from scheduling.working_days import local
from storage.children import Child
from storage.concerns import Concern

YOUR_DAY = Button(label="Your day", deed="iro.day")


def ref(scene: Scene, concern: Concern, child: Child | None) -> str:
    """ "C-31 (AB-1042)"; the concern alone where a setting hides the child, or there is none."""
    if child is None or not scene.rules.show_child_reference:
        return concern.reference
    return f"{concern.reference} ({child.reference})"


def said(scene: Scene, day: date) -> str:
    """ "today", "Fri 27 Nov"."""
    return "today" if day == scene.today else say_day(day, scene.today)


def by(scene: Scene, day: date) -> str:
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


def stages_end(scene: Scene, concern: Concern) -> str:
    """ "All stages end Wed 2 Dec."; nothing before the first formal stage."""
    if concern.limit_at is None:
        return ""
    ended = concern.limit_at <= scene.now
    return f"All stages {'ended' if ended else 'end'} {say_day(local(concern.limit_at).date(), scene.today)}."


def opened(concern: Concern) -> Button:
    """ "Open": the concern, with all that can be done there."""
    return button_about(concern, "Open", "concern.open")
