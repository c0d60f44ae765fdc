"""Messages to somebody who covers for a person, and to a person whom somebody else said to be away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.cards import Button, Card, Line
from handlers.day_words import YOUR_DAY
from handlers.messages import subjects
from handlers.messages.message import Topic, message
from handlers.messages.owing import Cause, details_of, number_of
from handlers.messages.undelivered import on_record, serves, to_iro_managers
from handlers.office import Scene
from handlers.people.cover_days import Ahead, Days, absences_from, ahead_of, kept, say_days, without
from handlers.people.covering import cover_of
from handlers.wording import name_of
from scheduling.deadline_wording import say_list
from scheduling.procedures.terms import IRO_MANAGER
from storage import people
from storage.outbox import Outbox
from storage.people import Absence

HERE = Button(label="I am here", deed="iro.here", weight="primary")


@dataclass(frozen=True, kw_only=True)
class Matter:
    """Whose absences, as they lie ahead now; who reads of them, who entered what is told, and what that was."""

    scene: Scene
    person_id: int
    reader_id: int
    by_id: int | None
    ahead: Ahead
    entered_id: int | None
    ended: tuple[Days, ...]

    @property
    def name(self) -> str:
        """The name of the person who is or was away."""
        return name_of(self.scene, self.person_id)

    @property
    def by(self) -> str:
        """Who entered it."""
        return name_of(self.scene, self.by_id)

    @property
    def entered(self) -> Absence | None:
        """The absence that was entered, while it lies ahead."""
        return next((one for one in _absences(self) if one.id == self.entered_id), None)

    @property
    def here_on(self) -> tuple[Days, ...]:
        """Of what ended, the days still to come on which the person is not away now."""
        gone = ((date.min, self.scene.today - timedelta(days=1)), *self.ahead.away)
        return without(self.ended, gone)


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
        entered_id=number_of(row, "entered"),
        ended=kept(details_of(row).get("ended")),
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
    covering = [one for one, days in matter.ahead.covers.items() if without(matter.ended, days) != matter.ended]
    others = [name_of(matter.scene, one) for one in covering]
    said = f"{matter.name} is not away {'on those days ' if matter.ahead.away else ''}any more."
    if without(matter.ended, matter.ahead.away) != matter.ended:
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
    entered, today = matter.entered, matter.scene.today
    if entered is None:
        return None
    title, asked = f"You were marked as away by {matter.by}", "Nobody covers: the next senior person is asked."
    if entered.cover_id is not None:
        cover = name_of(matter.scene, entered.cover_id)
        title, asked = f"{cover} was set as your cover", f"What is yours goes to {cover} on these days."
    days = say_days([(max(entered.from_on, today), entered.to_on)], today, "you")
    return Card(
        title=title,
        lines=(
            Line(text=f"{matter.by} entered that you are away {days}."),
            *_no_longer(matter),
            Line(text=f"{asked} Press I am here if that is not right."),
        ),
        buttons=(HERE,),
    )


def _no_longer(matter: Matter) -> tuple[Line, ...]:
    """The days on which the person was to be away, and is not now."""
    if not matter.here_on:
        return ()
    return (Line(text=f"No longer entered: away {say_days(matter.here_on, matter.scene.today, 'you')}."),)


@message(
    "said to be here",
    ABSENCE,
    title="You are marked as here again, by Bea Shaw",
    to="the person who was away, or was to be, when somebody else ended it",
    buttons=("I am here",),
)
def said_to_be_here(matter: Matter) -> Card | None:
    today = matter.scene.today
    if not matter.here_on:
        return None
    if matter.here_on[0][0] > today:
        title, lines = f"Your days away were changed by {matter.by}", [*_no_longer(matter)]
    else:
        title = f"You are marked as here again, by {matter.by}"
        lines = [Line(text="What is yours comes to you. If you are away, say so with /iro away.")]
    if matter.ahead.away:
        lines.append(Line(text=f"You are still marked as away {say_days(matter.ahead.away, today, 'you')}."))
    by_others = any(one.set_by_id != matter.person_id for one in _absences(matter))
    return Card(title=title, lines=tuple(lines), buttons=(HERE,) if by_others else ())
