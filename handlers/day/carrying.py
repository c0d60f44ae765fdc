"""Open concerns from a history file without a clock: a line each in the day of their IRO until they are carried on."""

from collections.abc import Iterator
from functools import partial

from handlers.cards import Line
from handlers.concern_buttons import button_about
from handlers.day.replies import entry_of
from handlers.day_entry import Entry, Kind
from handlers.day_words import opened, ref
from handlers.hearing import for_iro
from handlers.office import Scene
from handlers.people.covering import acting_roles
from handlers.people.line import everyone_below
from handlers.standing import iro_of
from handlers.starts import has_started, is_quiet
from handlers.undrawn import drawn
from handlers.wording import for_whom, run_words
from scheduling.deadline_wording import say_day
from scheduling.working_days import local
from storage import concern_lists, people, stage_runs
from storage.children import Child
from storage.concerns import Concern
from storage.rare import Rare, may_be
from storage.stage_runs import StageRun


def told_to_carry_on(scene: Scene) -> set[int]:
    """Who reads of them today: each one's IRO, or who hears in their place."""
    if not may_be(scene.session, Rare.WITHOUT_CLOCK):
        return set()
    found = concern_lists.to_be_carried_on(scene.session)
    readers = ((one, _heard_by(scene, *one[:2])) for one in found)
    return {reader for one, several in readers for reader in several if not _waits(scene, reader, one[1])}


def to_carry_on(scene: Scene, person_id: int) -> list[Entry]:
    """The person's lines, the longest at its stage first."""
    return [entry for child, entry in _entries(scene, person_id) if not _waits(scene, person_id, child)]


def waiting_for_start(scene: Scene, person_id: int) -> list[Entry]:
    """Those of teams that have not started, to somebody who has: nobody there knows yet what would ask them."""
    return [entry for child, entry in _entries(scene, person_id) if _waits(scene, person_id, child)]


def _waits(scene: Scene, person_id: int, child: Child | None) -> bool:
    return child is not None and is_quiet(scene, child) and has_started(scene, person_id)


def _entries(scene: Scene, person_id: int) -> Iterator[tuple[Child | None, Entry]]:
    near = _near(scene, person_id)
    stage_runs.know_parts(scene.session, (concern.id for concern, *_ in near))
    for concern, child, run in near:
        if person_id in _heard_by(scene, concern, child):
            for entry in entry_of(scene, concern, partial(_entry, scene, person_id, concern, child, run)):
                yield child, entry


def _heard_by(scene: Scene, concern: Concern, child: Child | None) -> list[int]:
    """Who hears as its IRO, or in their place; the IRO where that cannot be told."""
    instead = [iro_of(concern, child)]
    return drawn(scene, concern.reference, partial(for_iro, scene, concern, child), lambda: instead)


def _near(scene: Scene, person_id: int) -> list[concern_lists.Standing]:
    """All for IRO managers, and for who is above one and may stand in for them; for IROs their own."""
    if not may_be(scene.session, Rare.WITHOUT_CLOCK):
        return []
    acting = acting_roles(scene.session, scene.rules, person_id, scene.today)
    reach = {*acting, *everyone_below(scene.session, acting)}
    if any("iro_manager" in people.roles_on(scene.session, one, scene.today) for one in reach):
        return concern_lists.to_be_carried_on(scene.session)
    if any("iro" in roles for roles in acting.values()):
        return concern_lists.to_be_carried_on(scene.session, iro_ids=[*acting])
    return []


def _entry(scene: Scene, person_id: int, concern: Concern, child: Child | None, run: StageRun) -> Entry:
    """ "C-12 (AB-1042), raised before: stage 1 since Mon 2 Nov. Nobody is asked until you carry it on."."""
    since = say_day(local(run.started_at).date(), scene.today)
    meant = for_whom(scene, person_id, iro_of(concern, child))
    text = f"{ref(scene, concern, child)}, raised before: {run_words(run)} since {since}{meant}."
    text += " Nobody is asked until you carry it on."
    line = Line(text=text, buttons=(button_about(concern, "Carry on", "concern.carry"), opened(concern)))
    return Entry(line=line, on=scene.today, kind=Kind.CONCERN)
