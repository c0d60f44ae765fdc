"""Reminders come on days worked: what falls on a person's days off is named on the last day worked before them.

What is told once, in the morning, waits for who is off or away that day until their next morning at work.
"""

from datetime import date

from handlers.iro_place import present
from handlers.office import Scene
from handlers.people.days_worked import MOST_OFF, days_named, worked_before, works_on
from handlers.people.line import id_of
from storage import people
from storage.rare import Rare, may_be


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


def last_morning(scene: Scene, person_id: int) -> date:
    """The last working day before today on which the person was at work: what was told since is new to them."""
    person = people.get(scene.session, person_id)
    day = worked_before(scene.calendar, person, scene.today)
    if not may_be(scene.session, Rare.ABSENCES):
        return day
    while (absence := people.absence_on(scene.session, person_id, day)) is not None:
        day = worked_before(scene.calendar, person, absence.from_on)
    return day


def back_today(scene: Scene) -> set[int]:
    """Those at work today who were not on the working day before: off, or away. Only they look further back."""
    before = scene.calendar.add(scene.today, -1)
    off = {id_of(one) for one in people.part_week(scene.session) if not works_on(one, before)}
    away = people.away_on(scene.session, before) if may_be(scene.session, Rare.ABSENCES) else set()
    return {one for one in off | away if at_work(scene, one)}
