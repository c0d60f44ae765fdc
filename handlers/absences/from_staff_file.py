"""What a staff file said of a person's week and end, which it tells nobody by itself: a line in the next "Your day"."""

from collections.abc import Iterator
from datetime import date

from handlers.cards import Button, Line
from handlers.days_off import last_morning
from handlers.messages.subjects import number_in
from handlers.office import Scene
from handlers.people.days_worked import say_weekdays
from scheduling.working_days import at_local
from storage import history, people

DAYS_WORKED = "days worked set"
LAST_DAY = "last day set"


def weekday_lines(scene: Scene, person_id: int) -> list[Line]:
    """To a person whose days worked a file changed since their last morning."""
    person = people.get(scene.session, person_id)
    if person is None or person_id not in _entered_since(scene, last_morning(scene, person_id), DAYS_WORKED):
        return []
    text = f"You work {say_weekdays(person.works)} (from the staff file)."
    return [Line(text=text, buttons=(Button(label="Change", deed="iro.days"),))]


def told_of_weekdays(scene: Scene) -> set[int]:
    """Who has such a line this morning, but for who was not at work on the day before."""
    return set(_entered_since(scene, scene.calendar.add(scene.today, -1), DAYS_WORKED))


def ends_entered_since(scene: Scene, day: date) -> set[int]:
    """Those whose last day a file gave after the morning of that day, up to this one."""
    return set(_entered_since(scene, day, LAST_DAY))


def _entered_since(scene: Scene, day: date, what: str) -> Iterator[int]:
    first, last = (at_local(one, scene.rules.your_day_at) for one in (day, scene.today))
    for entry in history.of_people_between(scene.session, first, last, (what,)):
        if entry.actor_id is None:
            yield number_in(entry.chain)
