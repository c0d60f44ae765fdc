"""The end of all stages, some working days ahead: a line in "Your day" of the IRO and of the IRO manager."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache, partial

from handlers.cards import Line
from handlers.day.replies import entry_of
from handlers.day_entry import Entry, Kind
from handlers.day_words import opened, ref
from handlers.days_off import furthest_named, named_to
from handlers.hearing import for_iro
from handlers.iro_place import iro_managers_for
from handlers.office import Scene
from handlers.people.covering import acting_roles, covered_by
from handlers.people.line import everyone_below, id_of
from handlers.standing import iro_of
from handlers.undrawn import drawn
from handlers.wording import name_of, run_words
from scheduling.deadline_wording import say_day, say_list
from scheduling.procedures.terms import IRO
from scheduling.working_days import at_local, local
from storage import day_lists, people, stage_runs
from storage.children import Child
from storage.concerns import OPEN_STATES, Concern, ConcernState
from storage.day_lists import EndingSoon


def limits_until(scene: Scene) -> datetime:
    """The latest end of all stages that can be named today, under any rules by which something is open."""
    digests = day_lists.rules_of(scene.session, OPEN_STATES)
    days = max((_days_ahead(scene, digest) for digest in digests), default=0)
    return at_local(scene.calendar.add(furthest_named(scene), days + 1), time.max)


def _days_ahead(scene: Scene, digest: str) -> int:
    """How many working days ahead these procedures warn; none where they cannot be read any more."""
    name = f"procedures {digest[:8]}"
    return drawn(scene, name, lambda: scene.frozen_rules(digest).ladder.limit_warning.number, lambda: 0)


def told_in_place_of_iros(scene: Scene, until: datetime) -> set[int]:
    """Who reads of a limit today and is neither its IRO nor their cover: the IRO managers, else who hears for them."""
    near = _near(scene, furthest_named(scene), until, None)
    found: set[int] = set()
    for iro_id in {iro_of(concern, child) for concern, child, _ in near}:
        found.update(iro_managers_for(scene, iro_id) or iro_managers_for(scene, None))
    asked = _near(scene, furthest_named(scene), until, (), _managers_asked(scene)) if near else []
    stage_runs.know_parts(scene.session, (concern.id for concern, *_ in asked))
    for concern, child, _ in asked:
        found.update(_heard_by(scene, concern, child))
    return found


def _heard_by(scene: Scene, concern: Concern, child: Child | None) -> list[int]:
    """Who hears as its IRO, or in their place; the IRO where that cannot be told."""
    instead = [iro_of(concern, child)]
    return drawn(scene, concern.reference, partial(for_iro, scene, concern, child), lambda: instead)


def limits_near(scene: Scene, person_id: int) -> list[Entry]:
    """The person's lines, the first to end first.

    The whole service's are looked through for IRO managers, and for who is above one and may stand in for them.
    """
    acting = acting_roles(scene.session, scene.rules, person_id, scene.today)
    day = named_to(scene, person_id)[-1]
    reach = {*acting, *everyone_below(scene.session, acting)}
    if any("iro_manager" in people.roles_on(scene.session, one, scene.today) for one in reach):
        near = _near(scene, day, limits_until(scene), None)
    elif any("iro" in roles for roles in acting.values()):
        near = _near(scene, day, limits_until(scene), acting, _managers_asked(scene))
    else:
        return []
    managers_of = cache(partial(iro_managers_for, scene))
    others = (concern.id for concern, child, _ in near if person_id not in managers_of(iro_of(concern, child)))
    stage_runs.know_parts(scene.session, others)
    heard = [
        (concern, child, run)
        for concern, child, run in near
        if person_id in managers_of(iro_of(concern, child)) or person_id in _heard_by(scene, concern, child)
    ]
    waiting = [run.id for concern, _, run in heard if run is not None and concern.state is ConcernState.WAITING]
    asked = stage_runs.awaited_at(scene.session, [one for one in waiting if one is not None])
    return [
        entry
        for concern, child, run in heard
        for entry in entry_of(scene, concern, partial(_entry, scene, person_id, (concern, child, run), asked))
    ]


def _near(
    scene: Scene, day: date, until: datetime, iro_ids: Collection[int] | None, asked: Collection[int] = ()
) -> list[EndingSoon]:
    """Concerns whose stages end within as many working days of that day as their procedures warn ahead."""
    found = day_lists.ending_soon(scene.session, scene.now, until, iro_ids=iro_ids, asked=asked)
    return [
        one for one in found if drawn(scene, one[0].reference, partial(_is_near, scene, day, one[0]), lambda: False)
    ]


def _is_near(scene: Scene, day: date, concern: Concern) -> bool:
    assert concern.limit_at is not None
    warning = scene.frozen_rules(concern.procedures_digest).ladder.limit_warning
    return scene.calendar.count(day, local(concern.limit_at).date()) <= warning.number


def _managers_asked(scene: Scene) -> set[int]:
    """The IRO managers and whom they cover: where one of them was asked to reply, somebody else may hear."""
    managers = [id_of(one) for one in people.holders_of(scene.session, "iro_manager", scene.today)]
    covered = (covered_by(scene.session, scene.rules, one, scene.today) for one in managers)
    return {*managers, *(one for each in covered for one in each)}


def _entry(scene: Scene, person_id: int, ending: EndingSoon, asked: Mapping[int, Sequence[int]]) -> Entry:
    """ "C-22 (AB-1144): all stages end Wed 2 Dec; stage 2, with Sunil Rao. IRO Ann Lee."."""
    concern, child, run = ending
    assert concern.limit_at is not None
    names = say_list([name_of(scene, one) for one in asked.get(concern.run_id or 0, ())])
    where = run_words(run) if run is not None else ""
    on = local(concern.limit_at).date()
    end = say_day(on, scene.today)
    text = f"{ref(scene, concern, child)}: all stages end {end}; {where}{f', with {names}' if names else ''}."
    iro_id = iro_of(concern, child)
    text += f" {IRO} {name_of(scene, iro_id)}." if iro_id != person_id else ""
    return Entry(line=Line(text=text, buttons=(opened(concern),)), on=on, kind=Kind.CONCERN)
