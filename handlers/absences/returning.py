"""What an IRO who returns finds: each concern that somebody else closed meanwhile, with "Reopen", once."""

from datetime import date, time, timedelta

from handlers.cards import Button, Line
from handlers.days_off import last_morning
from handlers.messages.subjects import of_concern
from handlers.office import Scene
from handlers.wording import name_of
from scheduling.deadline_wording import say_day
from scheduling.working_days import at_local, local
from storage import concern_lists, history, people
from storage.concerns import Concern
from storage.people import Absence
from storage.rare import Rare, may_be

CLOSING = ("closed", "withdrawn")


def returned_lines(scene: Scene, person_id: int) -> list[Line]:
    """On the first morning after an absence: what stands closed since it began, by somebody else."""
    ended = _ended_since(scene, last_morning(scene, person_id))
    return closed_meanwhile(scene, ended[person_id]) if person_id in ended else []


def told_on_return(scene: Scene) -> set[int]:
    """Who may have such a line this morning, but for who was not at work on the day before."""
    ended = _ended_since(scene, scene.calendar.add(scene.today, -1))
    return {one for one, absence in ended.items() if _closed_since(scene, absence)}


def closed_meanwhile(scene: Scene, absence: Absence) -> list[Line]:
    """A line for each concern of the person who was away that somebody else closed since the absence began."""
    found = ((one, _who_closed(scene, one)) for one in _closed_since(scene, absence))
    return [_line(scene, one, by) for one, by in found if by not in (None, absence.person_id)]


def _ended_since(scene: Scene, since: date) -> dict[int, Absence]:
    """By person the last absence that ended on that day or later, and before today."""
    if not may_be(scene.session, Rare.ABSENCES):
        return {}
    ended = people.absences_ended_between(scene.session, since, scene.today - timedelta(days=1))
    return {one.person_id: one for one in ended}


def _closed_since(scene: Scene, absence: Absence) -> list[Concern]:
    began = at_local(_first_day(scene, absence), time(0))
    return concern_lists.closed_since(scene.session, absence.person_id, began)


def _first_day(scene: Scene, absence: Absence) -> date:
    """The first day away, with entries that follow each other taken as one."""
    first = absence.from_on
    while before := people.absence_on(scene.session, absence.person_id, scene.calendar.add(first, -1)):
        first = before.from_on
    return first


def _who_closed(scene: Scene, concern: Concern) -> int | None:
    entries = history.entries(scene.session, of_concern(concern.id))
    return next((one.actor_id for one in reversed(entries) if one.what in CLOSING), None)


def _line(scene: Scene, concern: Concern, by_id: int | None) -> Line:
    assert concern.closed_at is not None
    closed_on = say_day(local(concern.closed_at).date(), scene.today)
    ended = "withdrew" if concern.outcome == "withdrawn" else "closed"
    text = f"{concern.reference}: {name_of(scene, by_id)} {ended} it on {closed_on}, while you were away."
    subject, run = concern.reference, concern.run_id
    return Line(
        text=text,
        buttons=(
            Button(label="Reopen", deed="concern.reopen", subject=subject, run=run),
            Button(label="Open", deed="concern.open", subject=subject, run=run),
        ),
    )
