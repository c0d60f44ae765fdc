"""The end of all stages, some working days ahead: a line in "Your day" of the IRO and of the IRO manager."""

from datetime import date, datetime, timedelta
from functools import partial

from sqlmodel import col, select

from handlers.cards import Button, Line
from handlers.days_off import furthest_named, named_to
from handlers.hearing import for_iro, iro_managers
from handlers.office import Scene
from handlers.undrawn import drawn, line_of
from handlers.wording import name_of, run_words
from scheduling.deadline_wording import say_day, say_list
from scheduling.working_days import local
from storage import children, stage_runs
from storage.concerns import OPEN_STATES, Concern, ConcernState
from storage.stage_runs import Part

LONGEST_WARNING = 60
"""Calendar days: no procedures can warn earlier than this, and the query looks no further."""


def told_of_limits(scene: Scene) -> set[int]:
    """Everybody who reads of a limit today."""
    nobody: tuple[int, ...] = ()
    near = _near(scene, furthest_named(scene))
    found = (drawn(scene, one.reference, partial(_readers, scene, one), lambda: nobody) for one in near)
    return {reader for readers in found for reader in readers}


def limit_lines(scene: Scene, person_id: int) -> list[Line]:
    """The person's lines, the first to end first."""
    near = _near(scene, named_to(scene, person_id)[-1])
    lines = [line_of(scene, one, partial(_line, scene, person_id, one)) for one in near]
    return [line for line in lines if line is not None]


def _near(scene: Scene, day: date) -> list[Concern]:
    """Concerns whose stages end within as many working days of that day as their procedures warn ahead."""
    query = select(Concern).where(
        col(Concern.state).in_(OPEN_STATES),
        col(Concern.limit_at) > scene.now,
        col(Concern.limit_at) <= _horizon(scene),
    )
    found = scene.session.exec(query.order_by(col(Concern.limit_at), col(Concern.id)))
    return [one for one in found if drawn(scene, one.reference, partial(_is_near, scene, day, one), lambda: False)]


def _horizon(scene: Scene) -> datetime:
    return scene.now + timedelta(days=LONGEST_WARNING)


def _is_near(scene: Scene, day: date, concern: Concern) -> bool:
    assert concern.limit_at is not None
    warning = scene.frozen_rules(concern.procedures_digest).ladder.limit_warning
    return scene.calendar.count(day, local(concern.limit_at).date()) <= warning.number


def _readers(scene: Scene, concern: Concern) -> tuple[int, ...]:
    child = children.get(scene.session, concern.child_id) if concern.child_id else None
    return (*for_iro(scene, concern, child), *iro_managers(scene, concern, child))


def _line(scene: Scene, person_id: int, concern: Concern) -> Line | None:
    if person_id not in _readers(scene, concern):
        return None
    assert concern.limit_at is not None
    run = stage_runs.get(scene.session, concern.run_id) if concern.run_id else None
    waits = run is not None and concern.state is ConcernState.WAITING
    asked = stage_runs.people_of(scene.session, run.id or 0, Part.ADDRESSED) if run is not None and waits else []
    names = say_list([name_of(scene, one.person_id) for one in asked if one.is_awaited])
    where = run_words(run) if run is not None else ""
    end = say_day(local(concern.limit_at).date(), scene.today)
    text = f"{concern.reference}: all stages end {end}; {where}{f', with {names}' if names else ''}."
    opened = Button(label="Open", deed="concern.open", subject=concern.reference, run=concern.run_id)
    return Line(text=text, buttons=(opened,))
