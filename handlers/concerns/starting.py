"""Starting a stage: find whom to ask, set both clocks, plan the nudges and owe the messages, in one go."""

from dataclasses import dataclass
from datetime import date, datetime

from handlers.concerns.case import Case
from handlers.hearing import for_iro, iro_managers, reached, took_part
from handlers.messages import asking, informing
from handlers.messages.matter import Matter
from handlers.messages.message import Message
from handlers.messages.owing import about_concern, owe
from handlers.messages.urgent import urgent
from handlers.office import Scene
from handlers.parts import add_person, cannot_wait, seen_by, worked_next
from handlers.people.addressees import Found, find_addressees
from handlers.refusals import Refused
from handlers.set_aside import set_aside
from handlers.standing import iro_of
from scheduling import ladder
from scheduling.deadlines import deadline, total_limit
from scheduling.procedures import Procedures, Stage
from storage import children, nudges, stage_runs
from storage.concerns import Concern, ConcernState
from storage.stage_runs import Part, RunKind, StageRun


@dataclass(frozen=True, kw_only=True)
class Start:
    """How a stage begins: which, why, by whom, and the reason given; `told` read of it in a message of their own."""

    number: int
    kind: RunKind
    by_id: int | None = None
    reason: str = ""
    skipped: bool = False
    told: frozenset[int] = frozenset()


def begin(case: Case, start: Start) -> StageRun:
    """Start a stage of the concern: its run becomes the present one and everyone concerned is owed their message."""
    scene, concern = case.scene, case.concern
    before = [one for one in took_part(scene, concern) if one not in start.told]
    _end_present(case)
    run = _new_run(case, start)
    found = whom_to_ask(scene, concern, case.rules, start.number, start.kind)
    add_people(case, run, found)
    stand_at(case, run, scene.now)
    plan_nudges(case, run)
    _tell(case, run, found, before)
    return run


def whom_to_ask(scene: Scene, concern: Concern, rules: Procedures, number: int, kind: RunKind) -> list[Found]:
    """The people a stage addresses today, with those who stand in."""
    roles = roles_at(rules, number, kind, concern.about_service)
    if not cannot_wait(rules, number, kind):
        return _found(scene, concern, roles, number)
    return _found(scene, concern, roles, number, worked_next(scene)) or _found(scene, concern, roles, number)


def roles_at(rules: Procedures, number: int, kind: RunKind, about_service: bool) -> tuple[str, ...]:
    """The roles a stage addresses: the immediate route's, the stage's, or senior managers for the service."""
    if kind.is_immediate and rules.immediate is not None:
        return rules.immediate.addressees
    stage = stage_of(rules, number)
    if about_service and number == lowest_for_service(rules):
        return rules.service_concern_roles
    return stage.addressees


def stage_of(rules: Procedures, number: int) -> Stage:
    """The stage of that number. Refused where the procedures have none."""
    try:
        return rules.stage(number)
    except KeyError:
        numbers = ", ".join(str(stage.number) for stage in rules.stages)
        raise Refused(f"These procedures have no stage {number}; there is {numbers}.") from None


def lowest_for_service(rules: Procedures) -> int:
    """Where a concern about the service starts: the first stage that one of the senior roles answers, else the top."""
    senior = set(rules.service_concern_roles)
    answering = [stage.number for stage in rules.stages if senior & set(stage.addressees)]
    return min(answering, default=rules.top_stage.number)


def immediate_number(rules: Procedures) -> int:
    """The stage the immediate route counts as: the highest that one of its roles answers, else the top."""
    assert rules.immediate is not None
    roles = set(rules.immediate.addressees)
    answering = [stage.number for stage in rules.stages if roles & set(stage.addressees)]
    return max(answering, default=rules.top_stage.number)


def _found(
    scene: Scene, concern: Concern, roles: tuple[str, ...], number: int, worked: date | None = None
) -> list[Found]:
    child = children.get(scene.session, concern.child_id) if concern.child_id else None
    return find_addressees(
        scene.session,
        scene.rules,
        roles=roles,
        child=child,
        iro_id=iro_of(concern, child),
        on=scene.today,
        aside=set_aside(scene, concern, child, number),
        worked=worked,
    )


def _end_present(case: Case) -> None:
    if case.run is not None and case.run.ended_at is None:
        case.run.ended_at = case.scene.now
        case.scene.session.add(case.run)
    nudges.forget(case.scene.session, case.subject, *_OF_RUN)


_OF_RUN = (
    ladder.Rung.DEADLINE,
    ladder.Rung.INFORMAL,
    ladder.Rung.NEXT_SENIOR,
    ladder.Rung.UNSEEN,
    ladder.Rung.DECISION,
    ladder.Rung.VERDICT,
    ladder.Rung.PLAN,
)


def forget_run(case: Case) -> None:
    """Drop every nudge planned for the present stage; the total limit's stay."""
    nudges.forget(case.scene.session, case.subject, *_OF_RUN)


def _new_run(case: Case, start: Start) -> StageRun:
    scene = case.scene
    run = StageRun(
        authority=scene.authority,
        concern_id=case.id,
        cycle=case.concern.cycle,
        number=start.number,
        kind=start.kind,
        started_at=scene.now,
        counted_from=scene.now,
        due_at=due_of(case, start.number, start.kind, scene.now),
        seen_due_at=_seen_due(case, start.kind),
        started_by_id=start.by_id,
        reason=start.reason or None,
        skipped=start.skipped,
    )
    scene.session.add(run)
    scene.session.flush()
    return run


def due_of(case: Case, number: int, kind: RunKind, event: datetime) -> datetime | None:
    """When a stage's reply is due if its day 0 is this event; None where the stage has no clock."""
    if kind.is_immediate and case.rules.immediate is not None:
        within, hours_rule = case.rules.immediate.reply_within, case.rules.immediate.hours_rule
    else:
        stage = stage_of(case.rules, number)
        within, hours_rule = stage.reply_within, stage.hours_rule
    return None if within is None else deadline(event, within, case.scene.calendar, hours_rule).at


def _seen_due(case: Case, kind: RunKind) -> datetime | None:
    return seen_by(case.scene, case.rules, case.scene.now) if kind.is_immediate else None


def add_people(case: Case, run: StageRun, found: list[Found]) -> None:
    """Give those found the place of who is asked, and a copy to whom the stage copies."""
    for one in found:
        add_person(case.scene, run, one, Part.ADDRESSED)
    if not run.kind.is_immediate:
        stage = stage_of(case.rules, run.number)
        asked = {one.person.id for one in found}
        for one in _found(case.scene, case.concern, stage.copied, run.number) if case.child is not None else ():
            if one.person.id not in asked and not one.why.startswith("no "):
                add_person(case.scene, run, one, Part.COPIED)
        if stage.raised_by == "iro_manager":
            for one in _found(case.scene, case.concern, ("iro_manager",), run.number):
                add_person(case.scene, run, one, Part.COPIED)


def stand_at(case: Case, run: StageRun, limit_from: datetime) -> None:
    """Let the concern wait at this run; the first formal one starts the time of all stages, counted from then."""
    concern = case.concern
    concern.state = ConcernState.WAITING
    concern.state_since = case.scene.now
    concern.run_id = run.id
    concern.highest_stage = max(concern.highest_stage, run.number)
    if run.number and concern.limit_at is None:
        concern.limit_from = limit_from
        concern.limit_at = total_limit(limit_from, case.rules.total_limit, case.scene.calendar).at
        if concern.limit_at > case.scene.now:  # of what was over before it came here nobody is told as of news
            subject, rung = case.subject, ladder.Rung.LIMIT_PASSED
            nudges.plan(case.scene.session, subject=subject, rung=rung, due_at=concern.limit_at)
    case.scene.session.add(concern)


def plan_nudges(case: Case, run: StageRun) -> None:
    """Plan what the clock asks of the run."""
    for planned in rungs_of_stage(case, run):
        nudges.plan(case.scene.session, subject=case.subject, rung=planned.rung, due_at=planned.at, run_id=run.id)


def rungs_of_stage(case: Case, run: StageRun) -> list[ladder.Planned]:
    """What the clock asks of a run from its start, until it is answered."""
    return ladder.for_stage(
        started_at=run.counted_from,
        due_at=run.due_at,
        seen_due_at=run.seen_due_at,
        informal_asked_after=case.rules.ladder.informal_asked_after,
        informal=run.number == 0,
        calendar=case.scene.calendar,
    )


def _tell(case: Case, run: StageRun, found: list[Found], before: list[int]) -> None:
    scene, cause = case.scene, about_concern(case.concern)
    ask, inform = _messages(run, bool(before))
    assert run.id is not None
    parts = stage_runs.people_of(scene.session, run.id)
    told = {part.person_id for part in parts if part.part is not Part.ADDRESSED}
    owe(scene, ask, [part.person_id for part in parts if part.part is Part.ADDRESSED], cause)
    if inform is not None:
        elsewhere = [reached(scene, one) for one in before if one not in {part.person_id for part in parts}]
        owe(scene, inform, [*(one for one in before if one in told), *elsewhere], cause)
        told -= {*before}
    owe(scene, informing.for_information, sorted(told), cause)
    if not found:
        tell_nobody_found(case, run)


def _messages(run: StageRun, others_before: bool) -> tuple[Message[Matter], Message[Matter] | None]:
    """What those asked are told, and what those who had a part before: others new to it hear what it is."""
    if run.kind.is_immediate:
        return urgent, informing.moved_information if run.kind is RunKind.IMMEDIATE else None
    if run.kind is RunKind.ENTRY and others_before:
        return asking.moved, informing.moved_information
    return asking.needs_reply, informing.reopened if run.kind is RunKind.REOPENED else None


def tell_nobody_found(case: Case, run: StageRun) -> None:
    """Tell the IRO and the IRO managers that nobody could be asked; the clock runs all the same."""
    roles = roles_at(case.rules, run.number, run.kind, case.concern.about_service)
    told = [
        *for_iro(case.scene, case.concern, case.child),
        *iro_managers(case.scene, case.concern, case.child),
    ]
    owe(case.scene, informing.nobody, told, about_concern(case.concern), roles=",".join(roles))
