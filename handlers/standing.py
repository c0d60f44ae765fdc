"""Whose a concern is, whom a person acts for today and by which roles, and which drafts they see."""

from collections.abc import Mapping

from handlers.iro_place import IroPlace
from handlers.office import Desk, Scene
from handlers.people.covering import acting_roles
from scheduling.procedures import Procedures
from storage import concern_lists, people
from storage.children import Child
from storage.concerns import Concern, ConcernState
from storage.people import Person
from storage.rare import Rare, may_be


def iro_of(concern: Concern, child: Child | None) -> int:
    """Whose the concern is: the child's present IRO; of a draft, or where the child has none, who raised it."""
    if concern.state is ConcernState.DRAFT:
        return concern.iro_id
    return child.iro_id if child is not None and child.iro_id is not None else concern.iro_id


def place_of(scene: Scene, concern: Concern, child: Child | None) -> IroPlace:
    """The place of the IRO on a concern; on a draft nobody was asked yet."""
    concern_id = concern.id if concern.state is not ConcernState.DRAFT else None
    return IroPlace(scene=scene, iro_id=iro_of(concern, child), child=child, concern_id=concern_id)


def drafts_of(scene: Scene, person_id: int, owner_ids: list[int]) -> list[Concern]:
    """The drafts a person sees: those of these IROs, and what they drafted themselves as IRO manager.

    What someone drafted as a cover stays with the IRO when the cover ends; an absence that somebody else entered opens
    to a cover no draft but their own.
    """
    if not may_be(scene.session, Rare.DRAFTS):
        return []
    acting = acting_roles(scene.session, scene.rules, person_id, scene.today)
    is_manager = any("iro_manager" in roles for roles in acting.values())
    found = concern_lists.drafts_of(scene.session, [*owner_ids, person_id])
    if len(owner_ids) > 1:
        people.know_everyone(scene.session, scene.today)  # of each the child's line is asked
    return [
        draft
        for draft, child in found
        if (draft.iro_id in owner_ids and _opens(scene, person_id, draft, child))
        or (is_manager and draft.drafted_by_id == person_id)
    ]


def _opens(scene: Scene, person_id: int, draft: Concern, child: Child | None) -> bool:
    place = place_of(scene, draft, child)
    if place.vacancy is not None:
        return False
    if draft.iro_id == person_id:
        return True
    return place.cover_id == person_id and (place.entered_by_iro or draft.drafted_by_id == person_id)


def acting_as(desk: Desk) -> Mapping[int, frozenset[str]]:
    """The person and those they cover today, each with the roles the person acts by."""
    return acting_roles(desk.session, desk.rules, desk.actor_id, desk.today)


def roles_acting(desk: Desk) -> frozenset[str]:
    """All roles the person acts by today: their own, and those of the people they cover."""
    return frozenset().union(*acting_as(desk).values())


def is_manager_in(rules: Procedures, roles: frozenset[str] | set[str]) -> bool:
    """Whether any of these roles is on the management ladder."""
    return any(role in rules.line_roles for role in roles)


def roles_of(desk: Desk, person: Person) -> set[str]:
    """The roles a person holds today."""
    assert person.id is not None
    return people.roles_on(desk.session, person.id, desk.today)
