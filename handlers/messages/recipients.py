"""Who hears of a concern: its IRO or whoever stands in, the IRO managers, and those who took part."""

from handlers.office import Scene
from handlers.people.addressees import find_addressees
from handlers.standing import iro_of
from storage import people, stage_runs
from storage.children import Child
from storage.concerns import Concern


def iro_managers(scene: Scene, concern: Concern, child: Child | None) -> list[int]:
    """The IRO managers who hear of a concern."""
    found = find_addressees(
        scene.session,
        scene.rules,
        roles=["iro_manager"],
        child=None,
        iro_id=iro_of(concern, child),
        on=scene.today,
    )
    return [one.person.id for one in found if one.person.id is not None]


def for_iro(scene: Scene, concern: Concern, child: Child | None) -> list[int]:
    """The IRO; while away, their cover; away without cover or gone, the IRO managers (the IRO, where there is none)."""
    iro_id = iro_of(concern, child)
    iro = people.get(scene.session, iro_id)
    gone = iro is None or (iro.left_on is not None and iro.left_on < scene.today)
    absence = people.absence_on(scene.session, iro_id, scene.today)
    if not gone and absence is None:
        return [iro_id]
    if absence is not None and absence.cover_id is not None and present(scene, absence.cover_id):
        return [absence.cover_id]
    return iro_managers(scene, concern, child) or [iro_id]


def present(scene: Scene, person_id: int) -> bool:
    """Whether a person is in service and not away today."""
    person = people.get(scene.session, person_id)
    if person is None or (person.left_on is not None and person.left_on < scene.today):
        return False
    return people.absence_on(scene.session, person_id, scene.today) is None


def reached(scene: Scene, person_id: int, *, never: int | None = None) -> int:
    """The person, or their cover while they are away; never the IRO named by `never`."""
    absence = people.absence_on(scene.session, person_id, scene.today)
    if absence is None or absence.cover_id is None or absence.cover_id == never:
        return person_id
    return absence.cover_id if present(scene, absence.cover_id) else person_id


def took_part(scene: Scene, concern: Concern) -> list[int]:
    """Everyone who rightly had a part in the concern, each once."""
    assert concern.id is not None
    parts = stage_runs.parts_in_concern(scene.session, concern.id)
    return list(dict.fromkeys(part.person_id for part in parts))
