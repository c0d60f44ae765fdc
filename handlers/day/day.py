"""The day of a person: in the morning what is for them, at any other hour also what they wait for and what comes.

It is written when it is sent or asked for, from the state as it then is; nobody reads in it what they may not know.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from handlers.absences.lines import absence_lines, marked_away_by_file
from handlers.cards import Answer, Card, Line
from handlers.checking import CHECK, is_offered
from handlers.day import ahead, team
from handlers.day.besides import owed_besides
from handlers.day.carrying import waiting_for_start
from handlers.day.covering import covered
from handlers.day.foot import Foot
from handlers.day.for_you import for_you, heading
from handlers.day.part import Part, more_button
from handlers.day.replies import owed_replies
from handlers.day.shares import managers_of, shares
from handlers.day.waiting import with_the_iro
from handlers.day_entry import Entry, in_order
from handlers.hearing import present
from handlers.numbers import number_of
from handlers.office import Desk, Scene
from handlers.people.covering import covered_by
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.reviews.day_lines import answers_ahead, before_start
from handlers.starts import starts_of
from storage import people

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
    return _card([_for_you(entries), *below], heading(scene, entries, late), Foot())


def _marked_away(scene: Scene, person_id: int) -> Card | None:
    lines = absence_lines(scene, person_id)
    return Card(title=heading(scene, ()), lines=tuple(lines)) if lines else None


def day_card(scene: Scene, person_id: int) -> Card:
    """The whole day as it is now; that nothing waits, and what comes next, where nothing does."""
    people.know_day(scene.session, scene.today)
    entries = for_you(scene, person_id)
    below, late = _team(scene, person_id, entries)
    parts, last = _parts(scene, person_id, entries, below)
    return _card(parts, heading(scene, entries, late), last)


def _card(parts: Collection[Part], title: str, below: Foot) -> Card:
    lines = [line for part in parts for line in part.drawn()]
    last = [Line(text=below.text)] if below.text else []
    return Card(title=title, lines=(*lines, *last), buttons=below.buttons)


def _for_you(entries: list[Entry]) -> Part:
    return Part(key=FOR_YOU, heading="For you", lines=[one.line for one in entries], first=True)


def _team(scene: Scene, person_id: int, own: Collection[Entry]) -> tuple[list[Part], int]:
    """What is late or due in the person's team, where they have one."""
    managers = managers_of(scene, person_id)
    if not managers:
        return [], 0
    part, late = team.late_or_due(scene, managers, own)
    return [part], late


def _parts(scene: Scene, person_id: int, entries: list[Entry], below: list[Part]) -> tuple[list[Part], Foot]:
    """Every part of the day by what the person is; and the line and deeds below."""
    mine = [person_id, *covered_by(scene.session, scene.rules, person_id, scene.today)]
    later = _later(scene, person_id, mine, entries)
    found = list(shares(scene, person_id, later))
    first = _for_you(entries) if entries else _nothing(scene, later, [one.reviews for one in found])
    elsewhere, cover = with_the_iro(scene, person_id, mine), covered(scene, person_id)
    said = next((one.foot.text for one in found if one.foot.text), "")
    buttons = dict.fromkeys(button for one in found for button in one.foot.buttons)
    parts = [first, *below, elsewhere, *(part for one in found for part in one.parts), cover]
    parts += [_before(scene, person_id)] if starts_of(scene).any else []
    checks = (CHECK,) if is_offered(scene, person_id) else ()
    return _once(parts), Foot(text=said, buttons=(*checks, *buttons))


def _before(scene: Scene, person_id: int) -> Part:
    """What was late before the start, the person's own and their team's, and what waits for a team that has not."""
    entries = [*waiting_for_start(scene, person_id), *before_start(scene, person_id)]
    own = {one.about for one in entries if one.about}
    entries += [one for one in team.late_before_start(scene, managers_of(scene, person_id)) if one.about not in own]
    return Part(key="before", heading="Before we started", lines=[one.line for one in in_order(entries)])


def _nothing(scene: Scene, later: Sequence[Entry], seen: Iterable[ahead.Pairs]) -> Part:
    """Who still owes an answer with time to give it is not told that nothing waits."""
    said = "Nothing is due today" if later else "Nothing waits for you"
    lines = (Line(text=f"{said}.{ahead.next_words(scene, later, seen)}"),)
    return Part(key=FOR_YOU, heading="For you", lines=lines, first=True)


def _once(parts: list[Part]) -> list[Part]:
    """The parts with lines, each once: who holds two roles has one part of reviews."""
    found: dict[str, Part] = {}
    for one in parts:
        if one.lines:
            found.setdefault(one.key, one)
    return list(found.values())


def _later(scene: Scene, person_id: int, mine: list[int], entries: list[Entry]) -> list[Entry]:
    """What is owed on concerns, and answers to decisions, with more time than a reminder looks ahead."""
    named = {one.line.text for one in entries}
    owed = owed_replies(scene, person_id, mine, named_only=False)
    owed += owed_besides(scene, person_id, mine, named_only=False)
    owed += answers_ahead(scene, person_id)
    return [one for one in owed if one.line.text not in named]


def show_day(desk: Desk, _request: Request) -> Answer:
    """`/iro day`, and the button "Your day"."""
    return day_card(desk, desk.actor_id)


def more(desk: Desk, request: Request) -> Answer:
    """ "More": the lines of a part after those shown. `request.subject` is the part, and how many were shown."""
    key, _, shown = request.subject.partition(":")
    people.know_day(desk.session, desk.today)
    entries = for_you(desk, desk.actor_id)
    parts, _ = _parts(desk, desk.actor_id, entries, _team(desk, desk.actor_id, entries)[0])
    part = next((one for one in parts if one.key == key), None)
    start = number_of(shown)
    page = part.lines[start : start + PAGE] if part is not None and start is not None else ()
    if part is None or start is None or not page:
        raise Refused("There is nothing more in this part of your day.")
    end, number = start + len(page), len(part.lines)
    buttons = (more_button(key, end, number),) if end < number else ()
    return Card(title=f"{part.heading} ({start + 1} to {end} of {number})", lines=tuple(page), buttons=buttons)
