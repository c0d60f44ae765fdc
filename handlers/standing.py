"""What a person is to a concern at this moment: its IRO, cover, addressee, manager in the line, or nobody."""

from dataclasses import dataclass
from functools import cached_property

from handlers.office import Desk, Scene
from handlers.people.addressees import in_line
from scheduling.procedures import Procedures
from storage import children, concern_lists, people, stage_runs
from storage.children import Child
from storage.concerns import Concern, ConcernState
from storage.people import Person
from storage.stage_runs import Addressee, Part


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The facts about one person and one concern on which every permission rests.

    `covers_iro_id` is set when the person acts for the child's IRO; `covered_ids` are all whom they cover today.
    """

    desk: Desk
    concern: Concern
    child: Child | None
    iro_id: int
    roles: frozenset[str]
    covered_ids: tuple[int, ...]

    @property
    def is_iro(self) -> bool:
        """The child's IRO, or their cover today."""
        return self.desk.actor_id == self.iro_id or self.iro_id in self.covered_ids

    @property
    def acts_for(self) -> int | None:
        """The IRO covered, when the person is not the IRO themself."""
        return self.iro_id if self.desk.actor_id != self.iro_id and self.iro_id in self.covered_ids else None

    @property
    def is_iro_manager(self) -> bool:
        """An IRO manager of the service."""
        return "iro_manager" in self.roles

    @cached_property
    def iro_gone(self) -> bool:
        """Whether the child's IRO has left."""
        iro = people.get(self.desk.session, self.iro_id)
        return iro is None or (iro.left_on is not None and iro.left_on < self.desk.today)

    @cached_property
    def iro_away_or_gone(self) -> bool:
        """Whether the child's IRO is away today or has left."""
        return self.iro_gone or people.absence_on(self.desk.session, self.iro_id, self.desk.today) is not None

    @cached_property
    def parts(self) -> tuple[Addressee, ...]:
        """The person's parts in the concern, and the parts of those they cover."""
        mine = {self.desk.actor_id, *self.covered_ids}
        assert self.concern.id is not None
        return tuple(
            part
            for part in stage_runs.parts_in_concern(self.desk.session, self.concern.id)
            if part.person_id in mine and part.person_id != self.iro_id
        )

    @property
    def has_part(self) -> bool:
        """Addressed, copied, alerted or standing in, now or before."""
        return bool(self.parts)

    @cached_property
    def is_in_line(self) -> bool:
        """A manager in the child's line, or their cover."""
        if self.child is None:
            return False
        return any(in_line(self.desk.session, self.child, one) for one in (self.desk.actor_id, *self.covered_ids))

    @property
    def addressed_now(self) -> Addressee | None:
        """The person's own, or covered, place among those addressed at the present stage; their own first."""
        present = [p for p in self.parts if p.run_id == self.concern.run_id and p.part == Part.ADDRESSED]
        present.sort(key=lambda part: (part.person_id != self.desk.actor_id, part.id or 0))
        return present[0] if present else None


def iro_of(concern: Concern, child: Child | None) -> int:
    """Whose the concern is: the child's present IRO; of a draft, or where the child has none, who raised it."""
    if concern.state is ConcernState.DRAFT:
        return concern.iro_id
    return child.iro_id if child is not None and child.iro_id is not None else concern.iro_id


def standing(desk: Desk, concern: Concern) -> Standing:
    """What the person at the desk is to this concern."""
    child = children.get(desk.session, concern.child_id) if concern.child_id is not None else None
    return Standing(
        desk=desk,
        concern=concern,
        child=child,
        iro_id=iro_of(concern, child),
        roles=frozenset(people.roles_on(desk.session, desk.actor_id, desk.today)),
        covered_ids=tuple(people.covered_by(desk.session, desk.actor_id, desk.today)),
    )


def drafts_of(scene: Scene, person_id: int, owner_ids: list[int]) -> list[Concern]:
    """The drafts a person sees: those of these IROs, and what they drafted themselves as IRO manager.

    What someone drafted as a cover stays with the IRO when the cover ends.
    """
    is_manager = "iro_manager" in people.roles_on(scene.session, person_id, scene.today)
    found = concern_lists.drafts_of(scene.session, [*owner_ids, person_id])
    return [draft for draft in found if draft.iro_id in owner_ids or (is_manager and draft.drafted_by_id == person_id)]


def is_manager_in(rules: Procedures, roles: frozenset[str] | set[str]) -> bool:
    """Whether any of these roles is on the management ladder."""
    return any(role in rules.line_roles for role in roles)


def roles_of(desk: Desk, person: Person) -> set[str]:
    """The roles a person holds today."""
    assert person.id is not None
    return people.roles_on(desk.session, person.id, desk.today)
