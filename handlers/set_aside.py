"""Who stands in for nobody on one concern: the person who holds the child, and those asked at an earlier stage."""

from collections.abc import Iterable

from handlers.office import Scene
from scheduling.working_days import local
from storage import children, stage_runs
from storage.children import Child
from storage.concerns import Concern
from storage.stage_runs import Addressee


def set_aside(scene: Scene, concern: Concern, child: Child | None, stage: int) -> frozenset[int]:
    """Those who stand in for nobody at this stage of the concern."""
    asked = stage_runs.asked_at(scene.session, concern.id) if concern.id is not None else {}
    earlier = {person_id for person_id, lowest in asked.items() if lowest < stage}
    holder = {child.holder_id} if child is not None and child.holder_id is not None else set()
    return frozenset(earlier | holder)


def stands_in_for(
    scene: Scene, concern: Concern, child: Child | None, person_id: int, parts: Iterable[Addressee]
) -> list[Addressee]:
    """Those of the parts of people they cover in which the person may stand in.

    A person who has held the child since the concern was drafted stays aside: nobody hands the case on to read of it.
    """
    assert concern.id is not None
    began = local(concern.drafted_at).date()
    if child is not None and child.id is not None and children.has_held(scene.session, child.id, person_id, began):
        return []
    runs = {run.id: run.number for run in stage_runs.of_concern(scene.session, concern.id)}
    lowest = stage_runs.asked_at(scene.session, concern.id).get(person_id)
    return [part for part in parts if lowest is None or lowest >= runs.get(part.run_id, 0)]
