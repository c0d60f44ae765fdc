"""What was promised in a reply, "agreed, with a plan by date", until it is said to be done: by whom, and by when."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from handlers.holding import AtStage, fillings
from handlers.messages.subjects import of_concern
from handlers.office import Scene
from handlers.people.line import id_of
from handlers.standing import iro_of
from scheduling.deadlines import close_of
from storage import children, history, people, replies, stage_runs
from storage.concerns import Concern, ConcernState
from storage.replies import Reply
from storage.stage_runs import Part, StageRun

NEW_DATE = "agreed a new date for the plan"
"""What the history calls it when the IRO agrees another day."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One person's promise: the reply that gave it, its day, as agreed since, and whose it is now.

    What somebody promised who stood in is the owner's of the place who is back. What somebody promised who has left
    (`left_id`) goes to who fills their place today; it stays theirs where there is nobody.
    """

    reply: Reply
    by: date
    person_id: int
    left_id: int | None = None

    @property
    def is_nobodys(self) -> bool:
        """Whether who promised it has left, and nobody fills their place."""
        return self.person_id == self.left_id


def promises_of(scene: Scene, concern: Concern, run: StageRun) -> list[Promise]:
    """All promises of a stage run."""
    given = [one for one in replies.of_run(scene.session, run.id or 0) if one.plan_by is not None and one.person_id]
    if not given or run.plan_by is None:
        return []
    owners = stage_runs.given_back(scene.session, run.id or 0)
    agreed = _agreed_anew(scene, concern)
    found = []
    for one in given:
        assert one.person_id is not None
        assert one.plan_by is not None
        by = agreed[1] if agreed is not None and one.given_at <= agreed[0] else one.plan_by
        owner = owners.get(one.person_id, one.person_id)
        filled_by, left_id = _fills(scene, concern, run, owner)
        found.append(Promise(reply=one, by=by, person_id=filled_by, left_id=left_id))
    return found


def _agreed_anew(scene: Scene, concern: Concern) -> tuple[datetime, date] | None:
    """When the IRO last agreed another day, and which: it is the day of all that was promised till then."""
    entry = history.last(scene.session, of_concern(concern.id), NEW_DATE)
    return (entry.at, date.fromisoformat(json.loads(entry.details)["until"])) if entry is not None else None


def _fills(scene: Scene, concern: Concern, run: StageRun, owner: int) -> tuple[int, int | None]:
    """Whose the promise is today, and whose it was who has left."""
    person = people.get(scene.session, owner)
    asked = [one for one in stage_runs.ever_of(scene.session, run.id or 0) if one.person_id == owner]
    part = next((one for one in asked if one.part is Part.ADDRESSED), None)
    if person is None or part is None or not person.has_left(scene.today):
        return owner, None
    child = children.get(scene.session, concern.child_id) if concern.child_id is not None else None
    stage = AtStage(concern=concern, child=child, iro_id=iro_of(concern, child), run=run)
    found, _ = fillings(scene, [stage])[0].fills(part)
    return (id_of(found.person) if found is not None else owner), owner


def open_promises(scene: Scene, concern: Concern, run: StageRun) -> list[Promise]:
    """Those still to be kept: until the plan is done, or for good, the IRO having decided otherwise."""
    if concern.run_id != run.id or not _is_owed(scene, concern, run):
        return []
    return [one for one in promises_of(scene, concern, run) if one.reply.done_at is None]


def _is_owed(scene: Scene, concern: Concern, run: StageRun) -> bool:
    """While the plan runs; and while, its day being over, the IRO has yet to say what comes next."""
    if concern.state is ConcernState.PLANNED:
        return True
    late = run.plan_by is not None and close_of(run.plan_by, scene.calendar) <= scene.now
    return concern.state is ConcernState.REPLIED and late


def promised_of(promises: Collection[Promise], people: Collection[int]) -> list[Promise]:
    """Those that these people gave."""
    return [one for one in promises if one.person_id in people]
