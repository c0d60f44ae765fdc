"""Messages to somebody who covers for a person, and to a person whom somebody else said to be away."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.cards import Button, Card, Line
from handlers.messages import subjects
from handlers.messages.message import Topic, message
from handlers.messages.owing import Cause, number_of
from handlers.messages.undelivered import on_record, serves, to_iro_managers
from handlers.office import Scene
from handlers.people.cover_days import Ahead, absences_from, ahead_of, say_days
from handlers.people.covering import cover_of
from handlers.wording import name_of
from scheduling.deadline_wording import say_list
from scheduling.procedures.terms import IRO_MANAGER
from storage import people
from storage.outbox import Outbox
from storage.people import Absence

YOUR_DAY = Button(label="Your day", deed="iro.day")
HERE = Button(label="I am here", deed="iro.here", weight="primary")


@dataclass(frozen=True, kw_only=True)
class Matter:
    """Whose absences, as they lie ahead now; who reads of them, and who entered what is told."""

    scene: Scene
    person_id: int
    reader_id: int
    by_id: int | None
    ahead: Ahead

    @property
    def name(self) -> str:
        """The name of the person who is or was away."""
        return name_of(self.scene, self.person_id)

    @property
    def by(self) -> str:
        """Who entered it."""
        return name_of(self.scene, self.by_id)


def about_absences(person_id: int, by_id: int, because: str) -> Cause:
    """For telling of a change of a person's absences, once to each reader; `because` tells one change from another."""
    details: Mapping[str, int] = {"person": person_id, "by": by_id}
    return Cause(key=f"{person_id}:{because}:{{person}}", details=details)


def _matter_of(scene: Scene, row: Outbox) -> Matter | None:
    person_id = number_of(row, "person")
    if person_id is None:
        return None
    return Matter(
        scene=scene,
        person_id=person_id,
        reader_id=row.person_id,
        by_id=number_of(row, "by"),
        ahead=ahead_of(scene.session, person_id, scene.today),
    )


def _cover(row: Outbox) -> str | None:
    return subjects.of_cover(number_of(row, "person"))


def _absence(row: Outbox) -> str | None:
    return subjects.of_absence(row.person_id)


def _serves(matter: Matter) -> bool:
    return serves(matter.scene, matter.reader_id)


def _lost(scene: Scene, row: Outbox) -> list[int]:
    """Put it on record; the IRO managers hear of whom they cannot reach."""
    on_record(scene, row, subjects.of_person(number_of(row, "person")))
    return to_iro_managers(scene, row)


COVER = Topic(name="cover", read=_matter_of, reach=_serves, subject=_cover, lost=_lost)
ABSENCE = Topic(name="absence", read=_matter_of, reach=_serves, subject=_absence, lost=_lost)


@message(
    "covers",
    COVER,
    title="You cover for Ann Lee from Mon 21 Dec to Mon 4 Jan 2027",
    to="who covers, when it is entered and when its days change",
    buttons=("Your day",),
)
def covers(matter: Matter) -> Card | None:
    days = matter.ahead.covers.get(matter.reader_id)
    if days is None:
        return None
    return Card(
        title=f"You cover for {matter.name} {say_days(days, matter.scene.today)}",
        lines=(Line(text=f"Entered by {matter.by}."), Line(text=_rights(matter))),
        buttons=(YOUR_DAY,),
    )


def _rights(matter: Matter) -> str:
    """What the cover may do, on the first of the days."""
    scene, name = matter.scene, matter.name
    found = (one for one in _absences(matter) if one.cover_id == matter.reader_id)
    absence = next(found, None)
    if absence is None or cover_of(scene.session, scene.rules, absence, max(absence.from_on, scene.today)) is None:
        return f"You act as {IRO_MANAGER}: with a reason each time, and {name} is told."
    roles = people.roles_on(scene.session, matter.person_id, absence.from_on)
    if absence.set_by_id == matter.person_id or "iro" not in roles:
        return "You have their rights on these days, and what you do is recorded as done for them."
    return (
        f"You have their rights on these days, but for what {name} alone can give: drafts, notes and closing. "
        f"You can move a stage once its time is over. {name} is told of what you do."
    )


def _absences(matter: Matter) -> list[Absence]:
    return absences_from(matter.scene.session, matter.person_id, matter.scene.today)


@message(
    "covers no more",
    COVER,
    title="You no longer cover for Ann Lee",
    to="who covered, when it ends before its last day",
    buttons=("Your day",),
)
def covers_no_more(matter: Matter) -> Card | None:
    if matter.reader_id in matter.ahead.covers:
        return None
    others = [name_of(matter.scene, one) for one in matter.ahead.covers]
    said = f"{matter.name} is not away any more."
    if matter.ahead.away:
        verb = "covers" if len(others) == 1 else "cover"
        said = f"{say_list(others)} {verb} now." if others else "Nobody covers now: the next senior person is asked."
    return Card(
        title=f"You no longer cover for {matter.name}",
        lines=(Line(text=f"{said} Entered by {matter.by}."),),
        buttons=(YOUR_DAY,),
    )


@message(
    "said to be away",
    ABSENCE,
    title="Ben Okafor was set as your cover",
    to="the person away, when somebody else entered it",
    buttons=("I am here",),
)
def said_to_be_away(matter: Matter) -> Card | None:
    ahead, today = matter.ahead, matter.scene.today
    if not ahead.away:
        return None
    covers = [name_of(matter.scene, one) for one in ahead.covers]
    title = f"{say_list(covers)} {'was' if len(covers) == 1 else 'were'} set as your cover"
    asked = f"What is yours goes to {say_list(covers)} on these days."
    if not covers:
        title, asked = f"You were marked as away by {matter.by}", "Nobody covers: the next senior person is asked."
    return Card(
        title=title,
        lines=(
            Line(text=f"{matter.by} entered that you are away {say_days(ahead.away, today, 'you')}."),
            Line(text=f"{asked} Press I am here if that is not right."),
        ),
        buttons=(HERE,),
    )


@message(
    "said to be here",
    ABSENCE,
    title="You are marked as here again, by Bea Shaw",
    to="the person who was away, when somebody else ended it",
)
def said_to_be_here(matter: Matter) -> Card | None:
    if matter.ahead.away:
        return None
    text = "What is yours comes to you. If you are away, say so with /iro away."
    return Card(title=f"You are marked as here again, by {matter.by}", lines=(Line(text=text),))
