"""Offers the quarterly summary in "Your day", on the first working day after a quarter's end."""

from datetime import timedelta

from handlers.cards import Button, Line
from handlers.figures.period import Period
from handlers.figures.period_words import named, quarter_of
from handlers.office import Scene
from handlers.people.days_worked import MOST_OFF, first_worked
from handlers.people.line import everyone_below, id_of
from storage import caseload, people
from storage.people import Person
from storage.whose import Whose

OFFERED_TO = "service_manager"


def ended_quarter(scene: Scene, person: Person | None) -> Period | None:
    """The quarter that ended since the last day this person worked; None on every other day."""
    first = quarter_of(scene.today).first
    if person is None or first_worked(scene.calendar, person, first) != scene.today:
        return None
    return quarter_of(first - timedelta(days=1))


def people_to_offer(scene: Scene) -> set[int]:
    """The service managers who have something to read, on the day the summary is offered."""
    if scene.calendar.count(quarter_of(scene.today).first, scene.today) > MOST_OFF + 1:
        return set()
    holders = people.holders_of(scene.session, _role(scene), scene.today)
    found = ((id_of(one), ended_quarter(scene, one)) for one in holders)
    return {one for one, quarter in found if quarter is not None and _has_something(scene, one, quarter)}


def summary_lines(scene: Scene, person_id: int) -> list[Line]:
    """The line of "Your day" that offers the summary; it carries no number of anything and no theme."""
    quarter = ended_quarter(scene, people.get(scene.session, person_id))
    if quarter is None or _role(scene) not in people.roles_on(scene.session, person_id, scene.today):
        return []
    if not _has_something(scene, person_id, quarter):
        return []
    button = Button(label="Open", deed="iro.quarter", subject=f"{quarter.first} to {quarter.last}")
    return [Line(text=f"The summary of {named(quarter)} is ready for your part of the service.", buttons=(button,))]


def _role(scene: Scene) -> str:
    """The service manager's; in an authority that names its line otherwise, the second of the line."""
    line = scene.rules.line_roles
    return OFFERED_TO if OFFERED_TO in line else line[min(1, len(line) - 1)]


def _has_something(scene: Scene, person_id: int, quarter: Period) -> bool:
    whose = Whose(holder_ids=tuple(sorted({person_id, *everyone_below(scene.session, [person_id])})))
    return caseload.anything_in(scene.session, quarter.within, whose)
