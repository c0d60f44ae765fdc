"""Which parts in a concern are a person's today: their own, those of whom they cover, those they are back in."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial

from handlers.office import Scene
from handlers.parts import cannot_wait, worked_next
from handlers.people.filling import Filling
from handlers.people.standing_in import reach_about
from handlers.set_aside import asides, stands_in_for
from handlers.undrawn import drawn
from scheduling.working_days import local
from storage import stage_runs
from storage.children import Child
from storage.concerns import Concern
from storage.stage_runs import Addressee, StageRun


@dataclass(frozen=True, kw_only=True)
class AtStage:
    """A concern at the stage run at which it stands, about whose places it is asked who fills them."""

    concern: Concern
    child: Child | None
    iro_id: int
    run: StageRun | None

    @property
    def number(self) -> int:
        """The stage; a concern at none stands before all of them."""
        return self.run.number if self.run is not None else 0


def fillings(scene: Scene, several: Sequence[AtStage]) -> list[Filling]:
    """The question who fills the places, for each of these concerns; of what cannot wait, who is in on the day."""
    found = asides(scene, [(one.concern, one.child) for one in several])
    return [_filling(scene, one, aside.at(one.number)) for one, aside in zip(several, found, strict=True)]


def _filling(scene: Scene, stage: AtStage, aside: frozenset[int]) -> Filling:
    run = stage.run
    worked = drawn(scene, stage.concern.reference, partial(_worked, scene, stage.concern, run), lambda: None)
    reach = reach_about(scene.session, scene.rules, stage.iro_id, scene.today, aside, worked)
    since = local(run.started_at).date() if run is not None else scene.today
    return Filling(reach=reach, child=stage.child, iro_id=stage.iro_id, since=since)


def _worked(scene: Scene, concern: Concern, run: StageRun | None) -> date | None:
    """The day on which who is asked has to be in, where what is asked cannot wait."""
    rules = scene.frozen_rules(concern.procedures_digest)
    return worked_next(scene) if run is not None and cannot_wait(rules, run.number, run.kind) else None


def parts_of(
    scene: Scene,
    concern: Concern,
    child: Child | None,
    iro_id: int,
    person_id: int,
    covered: Collection[int],
    among: Iterable[Addressee],
) -> list[Addressee]:
    """Those of these parts that are the person's today, their own first.

    Standing in ends when the owner of the place is back or covered by another: the part is theirs from that moment,
    before anybody is told.
    """

    @cache
    def filling() -> Filling:
        run = stage_runs.get(scene.session, concern.run_id) if concern.run_id is not None else None
        (found,) = fillings(scene, [AtStage(concern=concern, child=child, iro_id=iro_id, run=run)])
        return found

    def stands(part: Addressee) -> bool:
        return part.standing_for_id is None or filling().stands_in(part)

    parts = list(among)
    own = [one for one in parts if one.person_id == person_id and stands(one)]
    back = [one for one in parts if one.standing_for_id == person_id != one.person_id and not stands(one)]
    of_others = [one for one in parts if one.person_id in covered and one.person_id != person_id and stands(one)]
    free = stands_in_for(scene, concern, child, person_id, of_others) if of_others else []
    return [*own, *back, *free]
