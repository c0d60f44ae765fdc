"""The message to a person for whom somebody else entered on which days they work."""

from dataclasses import dataclass

from handlers.cards import Button, Card, Line
from handlers.messages import subjects
from handlers.messages.message import Topic, message
from handlers.messages.owing import Cause, details_of, number_of
from handlers.messages.undelivered import on_record, serves, to_iro_managers
from handlers.office import Scene
from handlers.people.days_worked import say_weekdays
from handlers.wording import name_of
from storage import people
from storage.outbox import Outbox
from storage.people import Person


@dataclass(frozen=True, kw_only=True)
class Week:
    """Whose days, by whose entry, and whether they stand as they were entered."""

    scene: Scene
    person: Person
    by_id: int | None
    stands: bool


def about_weekdays(works: str | None, by_id: int, because: str) -> Cause:
    """For telling of days worked that were entered; `because` tells one change from another."""
    return Cause(key=f"{because}:{{person}}", details={"by": by_id, "works": works})


def _week_of(scene: Scene, row: Outbox) -> Week | None:
    person = people.get(scene.session, row.person_id)
    if person is None:
        return None
    return Week(
        scene=scene, person=person, by_id=number_of(row, "by"), stands=person.works == details_of(row).get("works")
    )


def _serves(week: Week) -> bool:
    return week.person.id is not None and serves(week.scene, week.person.id)


def _lost(scene: Scene, row: Outbox) -> list[int]:
    on_record(scene, row, subjects.of_person(row.person_id))
    return to_iro_managers(scene, row)


DAYS_WORKED = Topic(name="days worked", read=_week_of, reach=_serves, lost=_lost)


@message(
    "days worked set",
    DAYS_WORKED,
    title="Your days worked were set by Bea Shaw",
    to="the person, when somebody else entered them",
    buttons=("Change",),
)
def days_worked_set(week: Week) -> Card | None:
    if not week.stands:
        return None
    by = name_of(week.scene, week.by_id)
    return Card(
        title=f"Your days worked were set by {by}",
        lines=(
            Line(text=f"{by} entered that you work {say_weekdays(week.person.works)}."),
            Line(text="Your reminders come on these days. Deadlines do not change."),
        ),
        buttons=(Button(label="Change", deed="iro.days"),),
    )
