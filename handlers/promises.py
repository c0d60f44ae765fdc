"""What was promised in a reply, "agreed, with a plan by date", until it is said to be done: by whom, and by when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from handlers.office import Scene
from scheduling.deadlines import close_of
from storage import replies, stage_runs
from storage.concerns import Concern, ConcernState
from storage.replies import Reply
from storage.stage_runs import StageRun


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One person's promise: the reply that gave it, its day, as agreed since, and whose it is now.

    What somebody promised who stood in is the owner's of the place who is back.
    """

    reply: Reply
    by: date
    person_id: int


def promises_of(session: Session, run: StageRun) -> list[Promise]:
    """All promises of a stage run. A new date that the IRO agreed is everybody's; else each has their own."""
    given = [one for one in replies.of_run(session, run.id or 0) if one.plan_by is not None and one.person_id]
    last = max((one.plan_by for one in given if one.plan_by is not None), default=None)
    if last is None or run.plan_by is None:
        return []
    anew = run.plan_by != last
    owners = stage_runs.given_back(session, run.id or 0)
    return [
        Promise(
            reply=one,
            by=run.plan_by if anew or one.plan_by is None else one.plan_by,
            person_id=owners.get(one.person_id, one.person_id),
        )
        for one in given
        if one.person_id is not None
    ]


def open_promises(scene: Scene, concern: Concern, run: StageRun) -> list[Promise]:
    """Those still to be kept: until the plan is done, or for good, the IRO having decided otherwise."""
    if concern.run_id != run.id or not _is_owed(scene, concern, run):
        return []
    return [one for one in promises_of(scene.session, run) if one.reply.done_at is None]


def _is_owed(scene: Scene, concern: Concern, run: StageRun) -> bool:
    """While the plan runs; and while, its day being over, the IRO has yet to say what comes next."""
    if concern.state is ConcernState.PLANNED:
        return True
    late = run.plan_by is not None and close_of(run.plan_by, scene.calendar) <= scene.now
    return concern.state is ConcernState.REPLIED and late


def promised_of(promises: Collection[Promise], people: Collection[int]) -> list[Promise]:
    """Those that these people gave."""
    return [one for one in promises if one.person_id in people]
