"""Closed concerns that are not on the child's record: named once to the IRO, summed up, and listed for support.

Two working days after a close the IRO is asked, on the first morning at work from then on; while away, their cover.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial

from handlers.cards import Button, Line
from handlers.concern_buttons import button_about
from handlers.concerns.on_record import ON_RECORD
from handlers.day.part import Part
from handlers.day.replies import entry_of
from handlers.day_entry import Entry, Kind
from handlers.day_words import ref
from handlers.days_off import last_morning
from handlers.hearing import for_iro
from handlers.office import Scene
from handlers.standing import iro_of
from handlers.undrawn import drawn
from handlers.wording import for_whom
from scheduling.deadline_wording import say_day, say_first
from scheduling.procedures.terms import CONCERN, CONCERNS
from scheduling.working_days import at_local, local
from storage import children, on_record
from storage.concerns import Concern
from storage.on_record import NotYet
from storage.rare import Rare, may_be

AFTER = 2
"""Working days after the close."""
NAMED = 5


def to_put_on_record(scene: Scene, person_id: int) -> list[Entry]:
    """Those of which the person is reminded today, once."""
    since = last_morning(scene, person_id)
    return [
        entry
        for concern in _fell_due(scene, since)
        for entry in entry_of(scene, concern, partial(_entry, scene, person_id, concern))
    ]


def told_of_records(scene: Scene) -> set[int]:
    """Who reads it this morning, but for who was not at work when it fell due."""
    nobody: list[int] = []
    found = _fell_due(scene, scene.calendar.add(scene.today, -1))
    readers = (drawn(scene, one.reference, partial(_readers, scene, one), lambda: nobody) for one in found)
    return {reader for several in readers for reader in several}


def _fell_due(scene: Scene, since: date) -> Iterator[Concern]:
    """The concerns whose two working days ended after that day, by today."""
    if not may_be(scene.session, Rare.NOT_ON_RECORD):
        return
    first = at_local(scene.calendar.add(since, -AFTER), time.min)
    for concern in on_record.closed_between(scene.session, first, _before(scene)):
        if concern.closed_at is not None and _due(scene, local(concern.closed_at).date()) > since:
            yield concern


def _before(scene: Scene) -> datetime:
    """What was closed before this moment has had its two working days."""
    return at_local(scene.calendar.add(scene.today, -AFTER) + timedelta(days=1), time.min)


def _due(scene: Scene, closed_on: date) -> date:
    return scene.calendar.add(closed_on, AFTER)


def _readers(scene: Scene, concern: Concern) -> list[int]:
    child = children.get(scene.session, concern.child_id) if concern.child_id else None
    return for_iro(scene, concern, child)


def _entry(scene: Scene, person_id: int, concern: Concern) -> Entry | None:
    """ "C-14 (AB-1042) was closed on Mon 4 Jan: is the copy on the child's record?"."""
    if person_id not in _readers(scene, concern) or concern.closed_at is None:
        return None
    child, closed_on = children.get(scene.session, concern.child_id or 0), local(concern.closed_at).date()
    text = f"{ref(scene, concern, child)} was closed on {say_day(closed_on, scene.today)}"
    text += f"{for_whom(scene, person_id, iro_of(concern, child))}: is the copy on the child's record?"
    buttons = (button_about(concern, *ON_RECORD), button_about(concern, "Copy for the case record", "concern.file"))
    return Entry(line=Line(text=text, buttons=buttons), on=_due(scene, closed_on), kind=Kind.CONCERN)


def in_service(scene: Scene) -> Part:
    """ "On the record: 2 closed concerns not yet (C-14, C-17)."."""
    found = on_record.not_yet(scene.session, _before(scene))
    if not found:
        return Part(key="not-on-record", heading="", lines=())
    named = say_first([one.reference for one in found], NAMED)
    text = f"{len(found)} closed {CONCERNS if len(found) != 1 else CONCERN} not yet ({named})."
    return Part(key="not-on-record", heading=ON_RECORD[0], lines=(Line(text=text),), counted=False)


def for_support(scene: Scene) -> Part:
    """A line for each, from the day of the close: who sees no concern notes it by reference and dates alone."""
    found = on_record.not_yet(scene.session, at_local(scene.today + timedelta(days=1), time.min))
    lines = [_line(scene, one) for one in found]
    return Part(key="to-put-on-record", heading=f"{ON_RECORD[0]}, not yet", lines=lines)


def _line(scene: Scene, one: NotYet) -> Line:
    child = f" ({one.child})" if scene.rules.show_child_reference else ""
    text = f"{one.reference}{child}: closed on {say_day(local(one.closed_at).date(), scene.today)}."
    label, deed = ON_RECORD
    return Line(text=text, buttons=(Button(label=label, deed=deed, subject=one.reference, run=one.run_id),))
