"""Letting a stage that began elsewhere run here: whom it asks, its day to reply, and the time of all stages."""

from dataclasses import dataclass
from datetime import date, datetime, time

from handlers.concerns.case import OpenCase
from handlers.concerns.starting import add_people, plan_nudges, stand_at, tell_nobody_found, whom_to_ask
from handlers.lifecycle import Act, advance
from handlers.messages import asking, informing
from handlers.messages.owing import about_concern, owe
from handlers.office import Scene
from scheduling import ladder
from scheduling.deadlines import close_of
from scheduling.working_days import at_local
from storage import nudges, stage_runs
from storage.stage_runs import Part, RunKind, StageRun


@dataclass(frozen=True, kw_only=True)
class Before:
    """What was done elsewhere: at which stage it stands, when it was asked, and by when a reply is wanted."""

    number: int
    asked_on: date
    wanted_by: date
    by_id: int


def asked_at(scene: Scene, day: date) -> datetime:
    """A past day is kept as its noon, as files keep it; today as now where noon is still to come."""
    return min(at_local(day, time(12)), scene.now)


def carry_on(case: OpenCase, before: Before) -> StageRun:
    """The stage runs, and everyone concerned is owed their message. A day that has passed is the IRO's to decide on."""
    run = _run(case, before)
    found = whom_to_ask(case.scene, case.concern, case.rules, run.number, run.kind)
    add_people(case, run, found)
    stand_at(case, run, _limit_from(case, run))
    if run.due_at is not None and run.due_at <= case.scene.now:
        _ask_iro(case, run)
    else:
        plan_nudges(case, run)
    _tell(case, run)
    if not found:
        tell_nobody_found(case, run)
    return run


def _run(case: OpenCase, before: Before) -> StageRun:
    """The run at which the file left it where the stage is the same; else another, which began when it was asked."""
    at = asked_at(case.scene, before.asked_on)
    run = case.present_run
    if run.number != before.number:
        run.ended_at = at
        case.scene.session.add(run)
        run = StageRun(
            authority=case.scene.authority,
            concern_id=case.id,
            cycle=case.concern.cycle,
            number=before.number,
            kind=RunKind.ENTRY,
            started_at=at,
            counted_from=at,
            started_by_id=before.by_id,
        )
    run.counted_from, run.wanted_by = at, before.wanted_by
    run.due_at = close_of(before.wanted_by, case.scene.calendar)
    case.scene.session.add(run)
    case.scene.session.flush()
    return run


def _limit_from(case: OpenCase, run: StageRun) -> datetime:
    """The time of all stages counts from the first formal one, in the file or here."""
    formal = [one.started_at for one in stage_runs.of_concern(case.scene.session, case.id) if one.number]
    return min(formal, default=run.counted_from)


def _ask_iro(case: OpenCase, run: StageRun) -> None:
    """The day to reply by had passed before it came here: no alert tells of it, the IRO decides what comes next."""
    scene, concern = case.scene, case.concern
    concern.state = advance(case.ref, concern.state, Act.NO_REPLY)
    run.deadline_told_at = scene.now
    scene.session.add(concern)
    scene.session.add(run)
    asked = ladder.for_decision(scene.now, case.rules.ladder.decision_within, scene.calendar)
    nudges.plan(scene.session, subject=case.subject, rung=asked.rung, due_at=asked.at, run_id=run.id)


def _tell(case: OpenCase, run: StageRun) -> None:
    parts = stage_runs.people_of(case.scene.session, run.id or 0)
    asked = [one.person_id for one in parts if one.part is Part.ADDRESSED]
    cause = about_concern(case.concern)
    owe(case.scene, asking.carried_on, asked, cause)
    owe(case.scene, informing.for_information, [one.person_id for one in parts if one.person_id not in asked], cause)
