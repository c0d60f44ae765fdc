"""An end of service known beforehand: ten and two working days before, who leads the person reads what is open.

One that was entered later than that they read on the next morning.
"""

from datetime import date, timedelta

from sqlmodel import col, or_, select

from handlers.absences.from_staff_file import ends_entered_since
from handlers.absences.lines import leading_today
from handlers.cards import Button, Line
from handlers.days_off import last_morning
from handlers.office import Scene
from handlers.people.days_worked import MOST_OFF, days_named
from handlers.people.line import id_of
from scheduling.deadline_wording import say_day, say_first, say_list
from scheduling.duration import Unit, say_count
from scheduling.procedures.terms import CONCERN, CONCERNS
from storage import concerns, people, stage_runs
from storage.children import Child
from storage.concerns import OPEN_STATES, Concern
from storage.people import Person
from storage.rare import Rare, may_be

NAMED_BEFORE = (10, 2)
"""Working days before the last day."""


def leaving_lines(scene: Scene, person_id: int) -> list[Line]:
    """A line for each end that this person is told of today."""
    ends = _known_late(scene, last_morning(scene, person_id))
    ends += [one for one in _leaving(scene) if _is_told(scene, one, person_id)]
    return [_line(scene, one) for one in ends if person_id in leading_today(scene, id_of(one))]


def told_of_leaving(scene: Scene) -> set[int]:
    """Who may have such a line today, but for who was not at work on the day before."""
    known_late = _known_late(scene, scene.calendar.add(scene.today, -1))
    found = {reader for one in known_late for reader in leading_today(scene, id_of(one))}
    for one in _leaving(scene):
        found |= {reader for reader in leading_today(scene, id_of(one)) if _is_told(scene, one, reader)}
    return found


def _known_late(scene: Scene, since: date) -> list[Person]:
    """Those whose end was entered after the morning of that day, and after the last on which it would be told."""
    entered = (people.get(scene.session, one) for one in sorted(ends_entered_since(scene, since)))
    return [one for one in entered if one is not None and _is_too_near(scene, one)]


def _is_too_near(scene: Scene, person: Person) -> bool:
    until = person.serves_until
    if until is None or until < scene.calendar.add(scene.today, -1):  # over as it was entered: the import said it
        return False
    return scene.calendar.count(scene.today, until) < min(NAMED_BEFORE)


def _is_told(scene: Scene, person: Person, reader_id: int) -> bool:
    days = days_named(scene.calendar, people.get(scene.session, reader_id), scene.today)
    return any(_is_named(scene, person, day) for day in days)


def _leaving(scene: Scene) -> list[Person]:
    if not may_be(scene.session, Rare.ENDS_KNOWN):
        return []
    last = scene.calendar.add(scene.today, max(NAMED_BEFORE) + MOST_OFF + 1)
    found = people.leaving_between(scene.session, scene.today, last + timedelta(days=1))
    return [one for one in found if not one.has_left(scene.today)]


def _is_named(scene: Scene, person: Person, day: date) -> bool:
    assert person.serves_until is not None
    return scene.calendar.count(day, person.serves_until) in NAMED_BEFORE and day <= person.serves_until


def _line(scene: Scene, person: Person) -> Line:
    assert person.serves_until is not None
    number = scene.calendar.count(scene.today, person.serves_until)
    ahead = f", in {say_count(number, Unit.WORKING_DAYS)}" if number else ""
    when = f"{'was' if person.has_left(scene.today) else 'is'} {say_day(person.serves_until, scene.today)}{ahead}"
    children = _children(scene, person)
    parts = (
        f"{len(children)} {'child' if len(children) == 1 else 'children'}" if children else "",
        _counted(_concerns(scene, person), f"open {CONCERN}", f"open {CONCERNS}"),
        _counted(_replies(scene, person), "reply", "replies"),
    )
    waits = say_list([part for part in parts if part]) or "nothing"
    buttons = (Button(label="Allocate", deed="iro.allocate", subject=children[0]),) if children else ()
    return Line(text=f"{person.name}'s last day {when}. With them: {waits}.", buttons=buttons)


def _counted(references: list[str], one: str, many: str) -> str:
    if not references:
        return ""
    return f"{len(references)} {one if len(references) == 1 else many} ({say_first(references)})"


def _children(scene: Scene, person: Person) -> list[str]:
    theirs = or_(col(Child.iro_id) == person.id, col(Child.holder_id) == person.id)
    in_care = (theirs, col(Child.left_care_on).is_(None), col(Child.historical).is_(False))
    return list(scene.session.exec(select(Child.reference).where(*in_care).order_by(Child.reference)))


def _concerns(scene: Scene, person: Person) -> list[str]:
    theirs = (Concern.iro_id == person.id, col(Concern.state).in_(OPEN_STATES))
    numbers = scene.session.exec(select(Concern.number).where(*theirs).order_by(col(Concern.number)))
    return [f"C-{number}" for number in numbers]


def _replies(scene: Scene, person: Person) -> list[str]:
    """The concerns that wait for a reply of this person."""
    waiting = (run.concern_id for run, part in stage_runs.open_for(scene.session, [id_of(person)]) if part.is_awaited)
    found = (concerns.get(scene.session, concern_id) for concern_id in dict.fromkeys(waiting))
    return [one.reference for one in found if one is not None]
