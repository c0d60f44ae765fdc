"""The place that is asked about the decisions of a review: the holder's line manager, with who fills it today.

The one who was asked and is their line manager no more neither reads nor answers; who fills the place does.
"""

from collections.abc import Collection

from handlers.office import Scene
from handlers.people.addressees import Found, line_manager
from storage import people
from storage.children import Child


def fills_today(scene: Scene, child: Child) -> Found | None:
    """The manager, their cover while away, or the first above who can be reached; nobody where there is no holder."""
    if child.holder_id is None:
        return None
    return line_manager(scene.session, scene.rules, child.holder_id, child.iro_id or 0, scene.today)


def manager_of_holder(scene: Scene, child: Child) -> int | None:
    """The line manager, there or not."""
    holder = people.get(scene.session, child.holder_id) if child.holder_id is not None else None
    return holder.manager_id if holder is not None else None


def holds_place(scene: Scene, child: Child, acting: Collection[int]) -> bool:
    """Whether one of these, a person and those they cover, is the manager today or is asked in their place."""
    if manager_of_holder(scene, child) in acting:
        return True
    found = fills_today(scene, child)
    return found is not None and found.person.id in acting


def is_asked_still(scene: Scene, child: Child, person_id: int | None) -> bool:
    """Whether the question still lies with this person: away or not they are the manager, or stand in today."""
    person = people.get(scene.session, person_id) if person_id is not None else None
    if person is None or person_id is None or person.has_left(scene.today):
        return False
    return holds_place(scene, child, (person_id,))
