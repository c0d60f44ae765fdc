"""Who hears of a concern or a child: the IRO or who stands in, the IRO managers, and those who took part."""

from handlers.iro_place import iro_managers_for, place_of_child, present
from handlers.office import Scene
from handlers.people.covering import cover_of
from handlers.standing import iro_of, place_of
from storage import people, stage_runs
from storage.children import Child
from storage.concerns import Concern
from storage.stage_runs import Addressee, Part

__all__ = ["for_iro", "for_iro_of", "iro_managers", "iro_managers_of", "present", "reached", "took_part"]


def iro_managers(scene: Scene, concern: Concern, child: Child | None) -> list[int]:
    """The IRO managers who hear of a concern."""
    return iro_managers_for(scene, iro_of(concern, child))


def for_iro(scene: Scene, concern: Concern, child: Child | None) -> list[int]:
    """The IRO; while away, their cover; without one, or gone, who may act in the place: the IRO managers first."""
    return place_of(scene, concern, child).heard_by


def for_iro_of(scene: Scene, child: Child) -> list[int]:
    """The child's IRO; while away, their cover; away without cover, gone or nobody: the IRO managers."""
    return place_of_child(scene, child).heard_by


def iro_managers_of(scene: Scene, child: Child) -> list[int]:
    """The IRO managers who hear of a child's reviews."""
    return iro_managers_for(scene, child.iro_id)


def reached(scene: Scene, person_id: int, *, never: int | None = None) -> int:
    """The person, or their cover while they are away; never the IRO named by `never`."""
    absence = people.absence_on(scene.session, person_id, scene.today)
    cover_id = cover_of(scene.session, scene.rules, absence, scene.today) if absence is not None else None
    if cover_id is None or cover_id == never or not present(scene, cover_id):
        return person_id
    return cover_id


def took_part(scene: Scene, concern: Concern) -> list[int]:
    """Everyone who rightly had a part in the concern, each once."""
    return list(dict.fromkeys(part.person_id for part in _parts_in(scene, concern)))


def were_asked(scene: Scene, concern: Concern) -> list[int]:
    """Those of them who were asked to reply, at any stage, each once."""
    return list(dict.fromkeys(one.person_id for one in _parts_in(scene, concern) if one.part is Part.ADDRESSED))


def _parts_in(scene: Scene, concern: Concern) -> list[Addressee]:
    assert concern.id is not None
    return stage_runs.parts_in_concern(scene.session, concern.id)
