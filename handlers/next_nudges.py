"""What the clock asks next of every open concern and of decisions that wait for an answer, as they stand.

Each is declared by the functions that plan it, so that a nudge that is not there can be planned again at its moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.concerns.case import Case
from handlers.concerns.starting import rungs_of_stage
from handlers.overdue import SENIOR_TOLD, next_seniors, rungs_after_deadline
from handlers.parts import seen_by
from handlers.reviews.clock import NOT_PROVED
from handlers.unseen import NOT_SEEN
from scheduling import ladder
from scheduling.ladder import Planned, Rung
from storage import stage_runs
from storage.concerns import ConcernState
from storage.reviews import Review
from storage.stage_runs import Part, StageRun

NO_DECISION = "no decision by the IRO in time"
LIMIT_OVER = "limit passed"
"""What the history calls what was done."""


@dataclass(frozen=True, kw_only=True)
class Next:
    """A rung and its moment; where it acts once and leaves the state as it was, what the history says since then.

    Of the time of all stages it belongs to no stage run.
    """

    rung: Rung
    at: datetime
    done: str = ""
    since: datetime | None = None
    run_id: int | None = None
    if_anybody: bool = False
    """Whether it asks for nothing where there is no next senior person; told by a look at the people."""


def of_concern(case: Case) -> Iterator[Next]:
    """What the clock asks of an open concern; of the last steps of the ladder no more than there is still to do."""
    concern, run, rules, calendar = case.concern, case.run, case.rules.ladder, case.scene.calendar
    yield from _of_all_stages(case)
    if run is None:
        return
    if concern.state is ConcernState.WAITING:
        yield from (_once(one, run) for one in rungs_of_stage(case, run) if one.rung is not Rung.UNSEEN)
    elif concern.state is ConcernState.ASKED:
        asked = ladder.for_decision(concern.state_since, rules.decision_within, calendar)
        yield _once(asked, run, NO_DECISION, concern.state_since)
        if run.deadline_told_at is not None:
            yield from _of_the_senior(case, run, run.deadline_told_at)
    elif concern.state is ConcernState.REPLIED:
        verdict = ladder.for_verdict(concern.state_since, rules.verdict_within, calendar)
        yield _once(verdict, run, NO_DECISION, concern.state_since)
    elif concern.state is ConcernState.PLANNED and run.plan_by is not None:
        yield _once(ladder.for_plan(run.plan_by, calendar), run)


def is_urgent(case: Case) -> bool:
    """Whether `of_the_hour` may say something."""
    return case.run is not None and case.run.kind.is_immediate and case.concern.state is ConcernState.WAITING


def still_asks(case: Case, one: Next) -> bool:
    """Whether there is anybody of whom it would ask."""
    return not one.if_anybody or bool(next_seniors(case))


def of_decisions(review: Review, answer_due: datetime | None) -> Iterator[Next]:
    """What the clock asks of decisions that were sent and have no answer; `answer_due` counts from the sending."""
    if review.decisions_sent_at is None or review.decisions_answer is not None:
        return
    if review.decisions_delivered_at is None:
        if answer_due is not None:
            since = review.decisions_sent_at
            yield Next(rung=Rung.DECISIONS_UNPROVEN, at=answer_due, done=NOT_PROVED, since=since)
    elif review.decisions_answer_due_at is not None:
        yield Next(rung=Rung.DECISIONS_SILENT, at=review.decisions_answer_due_at)


def _of_all_stages(case: Case) -> Iterator[Next]:
    """Of a concern from a file whose time was over before it came here nobody is told."""
    concern = case.concern
    if concern.limit_at is not None and (concern.limit_at > case.scene.now or not concern.imported):
        yield Next(rung=Rung.LIMIT_PASSED, at=concern.limit_at, done=LIMIT_OVER, since=concern.limit_from)


def _of_the_senior(case: Case, run: StageRun, since: datetime) -> Iterator[Next]:
    (senior,) = [one for one in rungs_after_deadline(case, since) if one.rung is Rung.NEXT_SENIOR]
    yield replace(_once(senior, run, SENIOR_TOLD, since), if_anybody=True)


def of_the_hour(case: Case) -> Iterator[Next]:
    """Of the immediate route: of who was asked last and has neither seen it, replied, nor passed it on."""
    run = case.run
    if run is None or run.id is None:
        return
    asked = stage_runs.people_of(case.scene.session, run.id, Part.ADDRESSED)
    waiting = [one for one in asked if one.is_awaited and one.seen_at is None]
    if waiting:
        added = max(one.added_at for one in waiting)
        due = seen_by(case.scene, case.rules, added)
        if due is not None:
            yield _once(Planned(rung=Rung.UNSEEN, at=due), run, NOT_SEEN, max(due, added))


def _once(planned: Planned, run: StageRun, done: str = "", since: datetime | None = None) -> Next:
    return Next(rung=planned.rung, at=planned.at, done=done, since=since, run_id=run.id)
