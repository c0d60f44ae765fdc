"""Offers the quarterly summary in "Your day", on the first working day after a quarter's end."""

from datetime import timedelta

from handlers.cards import Button, Line
from handlers.figures.period import Period
from handlers.figures.period_words import named, quarter_of
from handlers.office import Scene
from handlers.people.line import everyone_below
from storage import caseload, people
from storage.whose import Whose

OFFERED_TO = "service_manager"


def ended_quarter(scene: Scene) -> Period | None:
    """The quarter that ended since the working day before today; None on every other day."""
    first = quarter_of(scene.today).first
    if scene.calendar.next_working(first) != scene.today:
        return None
    return quarter_of(first - timedelta(days=1))


def people_to_offer(scene: Scene) -> set[int]:
    """The service managers who have something to read, on the day the summary is offered."""
    quarter = ended_quarter(scene)
    if quarter is None:
        return set()
    holders = people.holders_of(scene.session, _role(scene), scene.today)
    return {one.id for one in holders if one.id is not None and _has_something(scene, one.id, quarter)}


def summary_lines(scene: Scene, person_id: int) -> list[Line]:
    """The line of "Your day" that offers the summary; it carries no number of anything and no theme."""
    quarter = ended_quarter(scene)
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
