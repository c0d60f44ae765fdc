"""The day of a person: in the morning what is for them, at any other hour also what they wait for and what comes.

It is written when it is sent or asked for, from the state as it then is; nobody reads in it what they may not know.
"""

from collections.abc import Collection
from datetime import date

from sqlmodel import col, true

from handlers.absences.lines import absence_lines, marked_away_by_file
from handlers.cards import Answer, Button, Card, Line
from handlers.day import ahead, foot, service, team
from handlers.day.covering import covered
from handlers.day.foot import Foot
from handlers.day.for_you import for_you, heading
from handlers.day.part import Part, more_button
from handlers.day.replies import owed_replies
from handlers.day.waiting import with_others, with_the_iro
from handlers.day_entry import Entry
from handlers.hearing import present
from handlers.office import Desk, Scene
from handlers.people.covering import acting_roles, covered_by
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.standing import is_manager_in
from storage import people
from storage.children import Child

PAGE = 8
FOR_YOU = "for-you"


def morning_card(scene: Scene, person_id: int, day: date) -> Card | None:
    """The morning message; None when nothing is for the person, or when the day it was owed for is over."""
    if day != scene.today:
        return None
    people.know_day(scene.session, day)
    if not present(scene, person_id):
        return _marked_away(scene, person_id) if person_id in marked_away_by_file(scene) else None
    entries = for_you(scene, person_id)
    if not entries:
        return None
    below, late = _team(scene, person_id, entries)
    return _card(scene, [_for_you(entries), *below], heading(scene, entries, late), Foot())


def _marked_away(scene: Scene, person_id: int) -> Card | None:
    lines = absence_lines(scene, person_id)
    return Card(title=heading(scene, ()), lines=tuple(lines)) if lines else None


def day_card(scene: Scene, person_id: int) -> Card:
    """The whole day as it is now; that nothing waits, and what comes next, where nothing does."""
    people.know_day(scene.session, scene.today)
    entries = for_you(scene, person_id)
    _, late = _team(scene, person_id, entries)
    parts, below = _parts(scene, person_id, entries)
    return _card(scene, parts, heading(scene, entries, late), below)


def _card(scene: Scene, parts: Collection[Part], title: str, below: Foot) -> Card:
    lines = [line for part in parts for line in part.drawn()]
    last = [Line(text=below.text)] if below.text else []
    return Card(title=title, lines=(*lines, *last), buttons=below.buttons)


def _for_you(entries: list[Entry]) -> Part:
    return Part(key=FOR_YOU, heading="For you", lines=[one.line for one in entries], first=True)


def _team(scene: Scene, person_id: int, own: Collection[Entry]) -> tuple[list[Part], int]:
    """What is late or due in the person's team, where they have one."""
    managers = _managers(scene, person_id)
    if not managers:
        return [], 0
    part, late = team.late_or_due(scene, managers, own)
    return [part], late


def _managers(scene: Scene, person_id: int) -> list[int]:
    """The person and those they cover who manage in the line."""
    acting = acting_roles(scene.session, scene.rules, person_id, scene.today)
    return [one for one, roles in acting.items() if is_manager_in(scene.rules, roles)]


def _parts(scene: Scene, person_id: int, entries: list[Entry]) -> tuple[list[Part], Foot]:
    """Every part of the day by what the person is; and the line and deeds below."""
    acting = acting_roles(scene.session, scene.rules, person_id, scene.today)
    roles = frozenset().union(*acting.values())
    mine = [person_id, *covered_by(scene.session, scene.rules, person_id, scene.today)]
    parts = [_for_you(entries) if entries else _nothing()]
    parts += _team(scene, person_id, entries)[0]
    buttons: list[Button] = []
    said = ""
    if "iro" in roles:
        iros = [one for one, held in acting.items() if "iro" in held]
        parts += [
            with_others(scene, person_id),
            ahead.summed_up(scene, ahead.reviews_of(scene, col(Child.iro_id).in_(iros))),
        ]
        own = foot.of_iro(scene, person_id)
        said, buttons = own.text, [*own.buttons]
    if "iro_manager" in roles:
        every = ahead.reviews_of(scene, true())
        parts += [service.ageing(scene), service.reviews(scene, every), service.against_the_range(scene)]
        buttons += [foot.LISTED, foot.FIGURES]
    parts.append(with_the_iro(scene, person_id, mine))
    managers = _managers(scene, person_id)
    if managers:
        parts += [team.open_in_line(scene, managers), team.away(scene, managers)]
        held = ahead.held_by({*managers, *team.below(scene, managers)})
        parts.append(ahead.summed_up(scene, ahead.reviews_of(scene, held)))
        buttons += [foot.ONE_PAGE] if team.reports_to(scene, managers) else []
    if "social_worker" in roles or managers:
        parts.append(_coming(scene, person_id, mine, entries, with_reviews="social_worker" in roles))
    if "social_worker" in roles and not managers:
        own = foot.of_worker(scene, person_id, _named(scene, person_id))
        said, buttons = said or own.text, [*buttons, *own.buttons]
    if "support" in roles:
        parts.append(ahead.summed_up(scene, ahead.reviews_of(scene, true())))
    parts.append(covered(scene, person_id))
    return _once(parts), Foot(text=said, buttons=tuple(dict.fromkeys(buttons)))


def _nothing() -> Part:
    return Part(key=FOR_YOU, heading="For you", lines=(Line(text="Nothing waits for you."),), first=True)


def _once(parts: list[Part]) -> list[Part]:
    """The parts with lines, each once: who holds two roles has one part of reviews."""
    found: dict[str, Part] = {}
    for one in parts:
        if one.lines:
            found.setdefault(one.key, one)
    return list(found.values())


def _coming(scene: Scene, person_id: int, mine: list[int], entries: list[Entry], *, with_reviews: bool) -> Part:
    """Replies with more time than a reminder looks ahead, and the reviews of the worker's children."""
    named = {one.line.text for one in entries}
    later = [one for one in owed_replies(scene, person_id, mine, named_only=False) if one.line.text not in named]
    found = ahead.reviews_of(scene, ahead.held_by([person_id])) if with_reviews else ()
    return ahead.coming(scene, later, found)


def _named(scene: Scene, person_id: int) -> int:
    """How many of a worker's children have a review in the next four weeks."""
    return len({child.id for _, child in ahead.reviews_of(scene, ahead.held_by([person_id]))})


def show_day(desk: Desk, _request: Request) -> Answer:
    """`/iro day`, and the button "Your day"."""
    return day_card(desk, desk.actor_id)


def more(desk: Desk, request: Request) -> Answer:
    """ "More": the lines of a part after those shown. `request.subject` is the part, and how many were shown."""
    key, _, shown = request.subject.partition(":")
    people.know_day(desk.session, desk.today)
    entries = for_you(desk, desk.actor_id)
    part = next((one for one in _parts(desk, desk.actor_id, entries)[0] if one.key == key), None)
    if part is None or not shown.isdigit():
        raise Refused("There is nothing more in this part of your day.")
    start = int(shown)
    page, number = part.lines[start : start + PAGE], len(part.lines)
    if not page:
        raise Refused("There is nothing more in this part of your day.")
    end = start + len(page)
    buttons = (more_button(key, end, number),) if end < number else ()
    return Card(title=f"{part.heading} ({start + 1} to {end} of {number})", lines=tuple(page), buttons=buttons)
