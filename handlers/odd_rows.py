"""Rows that somebody should look at: days agreed before their years were looked at, and what cannot be drawn.

None of them keeps the service from working: readiness, metrics and the doctor name them, with what to do.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from handlers.concerns.case import case_of
from handlers.concerns.listing import drawn_line
from handlers.day_windows import DayOf, is_too_far
from handlers.office import Scene
from handlers.terms import in_words
from handlers.undrawn import all_readable, drawn, not_drawn
from handlers.wording import both_clocks, stage_title
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import IRO
from scheduling.working_days import local
from storage import concern_lists
from storage.concerns import OPEN_STATES, Concern, ConcernState
from storage.stage_runs import StageRun

NEAR = timedelta(days=150)
"""Nothing that can be agreed today lies nearer and is too far."""


@dataclass(frozen=True, kw_only=True)
class OddRow:
    """A row by its reference: what is odd about it, and what puts it right."""

    name: str
    said: str
    mend: str

    def __str__(self) -> str:
        return f"{self.name} {self.said} {self.mend}"


def odd_rows(scene: Scene) -> list[OddRow]:
    """Open concerns with a day too far ahead, and whatever this process could not draw. One query."""
    far = concern_lists.waiting_beyond(scene.session, scene.now + NEAR)
    found = [odd for concern, run in far if (odd := _too_far(scene, concern, run)) is not None]
    return in_words([*found, *(_undrawn(name) for name in not_drawn(scene.authority))], scene.rules)


def examined(scene: Scene) -> list[OddRow]:
    """The same after drawing every open concern once: for the doctor, who has time."""
    for concern, run in concern_lists.with_their_runs(scene.session, OPEN_STATES):
        drawn(scene, concern.reference, partial(_draw, scene, concern, run), lambda: None)
    return odd_rows(scene)


def _draw(scene: Scene, concern: Concern, run: StageRun | None) -> None:
    """A line of lists, the stage and both clocks."""
    all_readable(concern, run)
    case = case_of(scene, concern)
    drawn_line(scene, concern, case.child, run)
    if run is not None:
        stage_title(case.rules, run)
        both_clocks(scene, case.rules, concern, run)


def _too_far(scene: Scene, concern: Concern, run: StageRun) -> OddRow | None:
    due_at: datetime | None = run.due_at if run.is_by_date else None
    waits = concern.state is ConcernState.WAITING
    if waits and due_at is not None and is_too_far(DayOf.MORE_TIME, local(due_at).date(), scene.today):
        said = f"is to be replied to by {say_day(local(due_at).date())}."
        return OddRow(
            name=concern.reference, said=said, mend=f'Its {IRO} puts the date right with "Agree an extension".'
        )
    planned = concern.state is ConcernState.PLANNED
    if planned and run.plan_by is not None and is_too_far(DayOf.PLAN, run.plan_by, scene.today):
        said = f"has a plan by {say_day(run.plan_by)}."
        return OddRow(
            name=concern.reference, said=said, mend=f'Its {IRO} puts the date right with "New date for the plan".'
        )
    return None


def _undrawn(name: str) -> OddRow:
    mend = "Look at it, and at the log, which names the place; the others are shown."
    return OddRow(name=name, said="cannot be shown whole.", mend=mend)
