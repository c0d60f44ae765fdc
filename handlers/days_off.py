"""Reminders come on days worked: what falls on a person's days off is named on the last day worked before them."""

from datetime import date

from handlers.iro_place import present
from handlers.office import Scene
from handlers.people.days_worked import MOST_OFF, days_named, works_on
from storage import people


def named_to(scene: Scene, person_id: int) -> tuple[date, ...]:
    """The days whose reminders this person gets today: today, and their days off before the next day they work."""
    return days_named(scene.calendar, people.get(scene.session, person_id), scene.today)


def furthest_named(scene: Scene) -> date:
    """The last day of which anybody may be reminded today: today, where everybody works every working day."""
    return scene.calendar.add(scene.today, MOST_OFF) if people.anybody_part_week(scene.session) else scene.today


def at_work(scene: Scene, person_id: int) -> bool:
    """Whether a person serves, is not away and works today."""
    person = people.get(scene.session, person_id)
    return person is not None and works_on(person, scene.today) and present(scene, person_id)
