"""Who stands in for nobody on one concern: who holds the child, or did since it was drafted, and who was asked earlier.

Nobody hands a case on to read, in another's place, what is said of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from handlers.office import Scene
from scheduling.working_days import local
from storage import children, stage_runs
from storage.children import Child
from storage.concerns import Concern
from storage.stage_runs import Addressee


@dataclass(frozen=True, kw_only=True)
class Aside:
    """For one concern: those who held the child, and those asked, each with the lowest stage at which they were."""

    held: frozenset[int]
    asked: Mapping[int, int]

    def at(self, stage: int) -> frozenset[int]:
        """Those who stand in for nobody at this stage."""
        return self.held.union(one for one, lowest in self.asked.items() if lowest < stage)


def asides(scene: Scene, several: Sequence[tuple[Concern, Child | None]]) -> list[Aside]:
    """Who stands in for nobody on each of these concerns: two statements, however many they are."""
    asked = stage_runs.asked_at(scene.session, [one.id for one, _ in several if one.id is not None])
    held = children.ever_held(scene.session, {child.id for _, child in several if child is not None and child.id})
    return [
        Aside(held=_holders(concern, child, held), asked=asked.get(concern.id or 0, {})) for concern, child in several
    ]


def _holders(
    concern: Concern, child: Child | None, held: Mapping[int, Sequence[tuple[int, date | None]]]
) -> frozenset[int]:
    """Who holds the child, and who did on some day since the concern was drafted."""
    if child is None:
        return frozenset()
    began = local(concern.drafted_at).date()
    found = {person_id for person_id, last in held.get(child.id or 0, ()) if last is None or last >= began}
    return frozenset(found if child.holder_id is None else {*found, child.holder_id})


def set_aside(scene: Scene, concern: Concern, child: Child | None, stage: int) -> frozenset[int]:
    """Those who stand in for nobody at this stage of the concern."""
    (aside,) = asides(scene, [(concern, child)])
    return aside.at(stage)


def stands_in_for(
    scene: Scene, concern: Concern, child: Child | None, person_id: int, parts: Iterable[Addressee]
) -> list[Addressee]:
    """Those of the parts of people they cover in which the person may stand in."""
    assert concern.id is not None
    (aside,) = asides(scene, [(concern, child)])
    runs = {run.id: run.number for run in stage_runs.of_concern(scene.session, concern.id)}
    return [part for part in parts if person_id not in aside.at(runs.get(part.run_id, 0))]
