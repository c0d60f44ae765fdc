"""Giving a person a part in a stage run, and what of it cannot wait: for "Seen", and for those who are off today."""

from datetime import date, datetime

from handlers.office import Scene
from handlers.people.addressees import Found
from handlers.people.line import id_of
from scheduling.deadlines import HoursRule, deadline
from scheduling.duration import Unit
from scheduling.procedures import Procedures
from scheduling.working_days import local
from storage import stage_runs
from storage.concerns import Concern, ConcernState
from storage.stage_runs import Addressee, Part, RunKind, StageRun

AWAITED_STATES = (ConcernState.WAITING, ConcernState.ASKED)
"""While a concern waits for a reply, in time or late."""


def add_person(scene: Scene, run: StageRun, one: Found, part: Part) -> Addressee:
    """Give a person a part in a run; the part they already have is kept, one that they gave away is theirs again."""
    assert run.id is not None
    for present in stage_runs.ever_of(scene.session, run.id):
        if present.person_id == one.person.id and present.part is part:
            return _again(scene, present, one)
    added = Addressee(
        authority=scene.authority,
        run_id=run.id,
        concern_id=run.concern_id,
        person_id=id_of(one.person),
        part=part,
        role=one.role,
        standing_for_id=one.standing_for_id,
        standing_why=one.why[:120],
        added_at=scene.now,
    )
    scene.session.add(added)
    return added


def _again(scene: Scene, present: Addressee, one: Found) -> Addressee:
    if present.gave_way_at is not None:
        present.gave_way_at, present.seen_at, present.passed_to_id = None, None, None
        present.standing_for_id, present.standing_why = one.standing_for_id, one.why[:120]
        present.added_at = scene.now
        scene.session.add(present)
    return present


def wanted_from(scene: Scene, concern: Concern, part: Addressee) -> bool:
    """Whether this person is asked to add to a reply which their manager still owes."""
    if part.adds_for_id is None or concern.state not in AWAITED_STATES or part.run_id != concern.run_id:
        return False
    asked = stage_runs.people_of(scene.session, part.run_id, Part.ADDRESSED)
    return any(one.person_id == part.adds_for_id and one.is_awaited for one in asked)


def seen_by(scene: Scene, rules: Procedures, asked_at: datetime) -> datetime | None:
    """By when someone asked on the immediate route at that moment has to press Seen; None without such a route."""
    route = rules.immediate
    if route is None:
        return None
    return deadline(asked_at, route.seen_within, scene.calendar, HoursRule.CLOCK).at


def cannot_wait(rules: Procedures, number: int, kind: RunKind) -> bool:
    """Whether what is asked goes on to who is in: the immediate route, and stages of up to two working days."""
    if kind.is_immediate:
        return True
    within = next((stage.reply_within for stage in rules.stages if stage.number == number), None)
    return within is not None and within.number <= _WAITS_FOR_NOBODY.get(within.unit, 0)


_WAITS_FOR_NOBODY = {Unit.WORKING_DAYS: 2, Unit.DAYS: 2, Unit.HOURS: 48}


def worked_next(scene: Scene) -> date:
    """The working day on which it is seen to: today, or the day of the next opening."""
    return scene.today if scene.calendar.is_open(scene.now) else local(scene.calendar.next_opening(scene.now)).date()
