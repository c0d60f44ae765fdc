"""Offers the quarterly summary in "Your day", on the first working day after a quarter's end."""

from datetime import timedelta

from handlers.cards import Button, Line
from handlers.figures.period import Period
from handlers.figures.period_words import named, quarter_of
from handlers.office import Scene
from storage import people

LOWEST_ROLE = "service_manager"


def ended_quarter(scene: Scene) -> Period | None:
    """The quarter that ended since the working day before today; None on every other day."""
    first = quarter_of(scene.today).first
    if scene.calendar.next_working(first) != scene.today:
        return None
    return quarter_of(first - timedelta(days=1))


def people_to_offer(scene: Scene) -> set[int]:
    """Service managers and everyone above them, and IRO managers, on the day the summary is offered."""
    if ended_quarter(scene) is None:
        return set()
    found = (people.holders_of(scene.session, role, scene.today) for role in _roles(scene))
    return {one.id for each in found for one in each if one.id is not None}


def summary_lines(scene: Scene, person_id: int) -> list[Line]:
    """The line of "Your day" that offers the summary; it carries no number and no theme."""
    quarter = ended_quarter(scene)
    if quarter is None or not people.roles_on(scene.session, person_id, scene.today) & set(_roles(scene)):
        return []
    subject = f"{quarter.first.isoformat()} to {quarter.last.isoformat()}"
    button = Button(label="Open", deed="iro.quarter", subject=subject)
    return [Line(text=f"The summary of {named(quarter)} is ready for your part of the service.", buttons=(button,))]


def _roles(scene: Scene) -> tuple[str, ...]:
    line = scene.rules.line_roles
    above = line[line.index(LOWEST_ROLE) :] if LOWEST_ROLE in line else line[1:]
    return ("iro_manager", *above)
