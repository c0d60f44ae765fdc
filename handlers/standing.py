"""What a person is to a concern at this moment: its IRO, cover, addressee, manager in the line, or nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from handlers.holding import parts_of
from handlers.iro_place import IroPlace, Vacancy
from handlers.office import Desk, Scene
from handlers.people.addressees import in_line
from handlers.people.covering import acting_roles
from scheduling.procedures import Procedures
from storage import children, concern_lists, people, stage_runs
from storage.children import Child
from storage.concerns import Concern, ConcernState
from storage.people import Person
from storage.stage_runs import Addressee, Part


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The facts about one person and one concern on which every permission rests.

    `acting` are the person and all whom they cover today, with the roles they act by.
    """

    desk: Desk
    concern: Concern
    child: Child | None
    iro_id: int
    place: IroPlace
    acting: Mapping[int, frozenset[str]]

    @cached_property
    def is_iro(self) -> bool:
        """The child's IRO, or their cover today."""
        return self.place.is_filled_by(self.desk.actor_id)

    @property
    def _is_iro_themself(self) -> bool:
        return self.desk.actor_id == self.iro_id and self.place.vacancy is None

    @property
    def opens_iros_own(self) -> bool:
        """Whether drafts and notes open: to the IRO, and to a cover by the IRO's own entry."""
        return self._is_iro_themself or (self.is_iro and self.place.entered_by_iro)

    @property
    def acts_for(self) -> int | None:
        """Whom the person acts for: the IRO covered, or the IRO manager covered."""
        if self._is_iro_themself:
            return None
        if self.is_iro:
            return self.iro_id
        return self._covered_manager

    @property
    def is_iro_manager(self) -> bool:
        """An IRO manager of the service, or their cover."""
        return any("iro_manager" in roles for roles in self.acting.values())

    @property
    def _covered_manager(self) -> int | None:
        managers = [one for one, roles in self.acting.items() if "iro_manager" in roles]
        return managers[0] if managers and self.desk.actor_id not in managers else None

    @cached_property
    def opens_shared(self) -> bool:
        """Whether what was shared with the IRO manager opens: to them, and to a cover by their own entry."""
        managers = {one for one, roles in self.acting.items() if "iro_manager" in roles}
        if self.desk.actor_id in managers:
            return True
        away = (people.absence_on(self.desk.session, one, self.desk.today) for one in managers)
        return any(one is not None and one.set_by_id == one.person_id for one in away)

    @cached_property
    def deputises(self) -> bool:
        """Whether the person may act, openly, in the place of an IRO who is away or gone."""
        return not self.is_iro and self.place.deputises(self.desk.actor_id, as_manager=self.is_iro_manager)

    @cached_property
    def was_asked(self) -> bool:
        """Whether the person was asked to reply, and so never acts on the concern as its IRO."""
        if self.desk.actor_id == self.iro_id:
            return self.place.vacancy is Vacancy.ASKED
        return not self.is_iro and self.place.was_asked(self.desk.actor_id)

    @property
    def iro_is_told(self) -> bool:
        """Whether the IRO is told of what the person does in their place: always but for the IRO's own cover."""
        if self.opens_iros_own or (self.place.vacancy is not None and self.place.vacancy.is_for_good):
            return False
        return self.is_iro or self.deputises or self._steers_own_draft

    @property
    def _steers_own_draft(self) -> bool:
        return self.is_iro_manager and self.concern.drafted_by_id == self.desk.actor_id

    @cached_property
    def parts(self) -> tuple[Addressee, ...]:
        """The person's parts in the concern, and those they stand in for."""
        if self.concern.id is None:
            return ()
        found = stage_runs.parts_in_concern(self.desk.session, self.concern.id)
        mine = parts_of(self.desk, self.concern, self.child, self.iro_id, self.desk.actor_id, self.acting, found)
        return tuple(part for part in mine if part.person_id != self.iro_id or self.place.vacancy is not None)

    @property
    def has_part(self) -> bool:
        """Addressed, copied, alerted or standing in, now or before."""
        return bool(self.parts)

    @cached_property
    def is_in_line(self) -> bool:
        """A manager in the child's line, or their cover."""
        if self.child is None:
            return False
        return any(in_line(self.desk.session, self.child, one) for one in self.acting)

    @property
    def holds_the_case(self) -> bool:
        """The child's social worker today, asked or not, or their cover."""
        return self.child is not None and self.child.holder_id in self.acting

    @property
    def _addressed(self) -> list[Addressee]:
        """The person's own, and covered, places among those addressed at the present stage; their own first."""
        present = [p for p in self.parts if p.run_id == self.concern.run_id and p.part == Part.ADDRESSED]
        return sorted(present, key=lambda part: (part.person_id != self.desk.actor_id, part.id or 0))

    @property
    def awaited(self) -> list[Addressee]:
        """Those of these places that have neither replied nor passed it on."""
        return [part for part in self._addressed if part.is_awaited]

    @property
    def answered(self) -> Addressee | None:
        """The place from which there is a reply to add to."""
        return next((part for part in self._addressed if part.replied_at is not None), None)

    @property
    def asked_to_add(self) -> Addressee | None:
        """The place from which the person, or somebody they stand in for, is asked to add to their manager's reply."""
        asked = [p for p in self.parts if p.run_id == self.concern.run_id and p.adds_for_id is not None]
        return min(asked, key=lambda part: (part.person_id != self.desk.actor_id, part.id or 0), default=None)

    @property
    def addressed_now(self) -> Addressee | None:
        """The place from which the person acts: one that is awaited, if there is one."""
        return next(iter((*self.awaited, *self._addressed)), None)


def iro_of(concern: Concern, child: Child | None) -> int:
    """Whose the concern is: the child's present IRO; of a draft, or where the child has none, who raised it."""
    if concern.state is ConcernState.DRAFT:
        return concern.iro_id
    return child.iro_id if child is not None and child.iro_id is not None else concern.iro_id


def place_of(scene: Scene, concern: Concern, child: Child | None) -> IroPlace:
    """The place of the IRO on a concern."""
    return IroPlace(scene=scene, iro_id=iro_of(concern, child), child=child, concern_id=concern.id)


def standing(desk: Desk, concern: Concern) -> Standing:
    """What the person at the desk is to this concern."""
    child = children.get(desk.session, concern.child_id) if concern.child_id is not None else None
    return Standing(
        desk=desk,
        concern=concern,
        child=child,
        iro_id=iro_of(concern, child),
        place=place_of(desk, concern, child),
        acting=acting_as(desk),
    )


def drafts_of(scene: Scene, person_id: int, owner_ids: list[int]) -> list[Concern]:
    """The drafts a person sees: those of these IROs, and what they drafted themselves as IRO manager.

    What someone drafted as a cover stays with the IRO when the cover ends; an absence that somebody else entered opens
    to a cover no draft but their own.
    """
    acting = acting_roles(scene.session, scene.rules, person_id, scene.today)
    is_manager = any("iro_manager" in roles for roles in acting.values())
    found = concern_lists.drafts_of(scene.session, [*owner_ids, person_id])
    return [
        draft
        for draft in found
        if (draft.iro_id in owner_ids and _opens(scene, person_id, draft))
        or (is_manager and draft.drafted_by_id == person_id)
    ]


def _opens(scene: Scene, person_id: int, draft: Concern) -> bool:
    child = children.get(scene.session, draft.child_id) if draft.child_id is not None else None
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
