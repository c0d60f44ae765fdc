"""Whose children a person may have something to do with today, and who holds a role for a child today.

Both are asked many times in a morning, so each answer is found once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select, true

from handlers.days_off import furthest_named, last_morning, named_to
from handlers.hearing import for_iro_of, present, reached
from handlers.iro_place import vacancy_of
from handlers.office import Scene
from handlers.people.addressees import find_addressees, line_manager
from handlers.people.covering import acting_roles
from handlers.people.line import everyone_below, id_of
from storage import people
from storage.children import Child
from storage.decisions import Decision
from storage.review_tasks import ReviewTask
from storage.reviews import Review

SERVICE_WIDE = ("iro", "support")
"""Roles that do not follow the line above a child's holder."""


@dataclass(frozen=True, kw_only=True)
class Near:
    """One morning's search: for one person, or for everybody where `person_id` is None.

    `mine` are the person and those they cover, `reach` these and everyone below them, `roles` what `reach` hold.
    """

    scene: Scene
    person_id: int | None
    mine: frozenset[int] = frozenset()
    reach: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()
    without_iro: frozenset[int] = frozenset()
    owners: dict[tuple[str, int | None, int | None], tuple[int, ...]] = field(default_factory=dict)

    def of_role(self, role: str, child: Child) -> tuple[int, ...]:
        """Who holds a role for the child today, or stands in."""
        key = (role, None if role in SERVICE_WIDE else child.holder_id, child.iro_id)
        if key not in self.owners:
            self.owners[key] = tuple(holding(self.scene, role, child))
        return self.owners[key]

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days of which the person, or anybody, is reminded today."""
        if self.person_id is not None:
            return named_to(self.scene, self.person_id)
        calendar, last = self.scene.calendar, furthest_named(self.scene)
        return (
            self.scene.today,
            *(calendar.add(self.scene.today, n + 1) for n in range(calendar.count(self.scene.today, last))),
        )

    @cached_property
    def since(self) -> date:
        """The person's last morning at work before today; for everybody the morning before, as who was not there
        then is asked one by one.
        """
        if self.person_id is not None:
            return last_morning(self.scene, self.person_id)
        return self.scene.calendar.add(self.scene.today, -1)

    def reminded(self, owners: tuple[int, ...], is_named: Callable[[date], bool]) -> tuple[int, ...]:
        """Those of the owners who are reminded today: of today, or of a day off to come, on which it is named."""
        return tuple(one for one in owners if any(is_named(day) for day in named_to(self.scene, one)))

    @cached_property
    def children(self) -> ColumnElement[bool]:
        """Children whose IRO or holder is the person, somebody covered or somebody below; all for everybody.

        To who leads the IROs also the children without one who is there. More than a person's own is no harm: who
        a line is for is asked of each.
        """
        if self.person_id is None:
            return true()
        wanted = [col(Child.iro_id).in_(self.mine), col(Child.holder_id).in_(self.reach)]
        if "iro_manager" in self.roles:
            wanted += [col(Child.iro_id).is_(None), col(Child.iro_id).in_(self.without_iro)]
        return or_(*wanted)

    def asked(self) -> ColumnElement[bool]:
        """As `children`, for tasks: with those of business support, and the answers asked of the person."""
        if self.person_id is None:
            return true()
        others = self.roles - {"iro", "social_worker", *self.scene.rules.line_roles}
        answers = col(Review.decisions_to_id).in_(self.mine)
        return or_(self.children, answers, col(ReviewTask.owner_role).in_(others))

    def owned(self) -> ColumnElement[bool]:
        """As `children`, for decisions: with those given by name to the person or anybody below, or by another role."""
        if self.person_id is None:
            return true()
        others = self.roles - {"iro", "social_worker", *self.scene.rules.line_roles}
        return or_(self.children, col(Decision.owner_id).in_(self.reach), col(Decision.owner_role).in_(others))


def near_to(scene: Scene, person_id: int | None) -> Near:
    """The search for this person, or for everybody."""
    if person_id is None:
        return Near(scene=scene, person_id=None)
    acting = acting_roles(scene.session, scene.rules, person_id, scene.today)
    mine = {*acting}
    reach = mine | everyone_below(scene.session, mine)
    held = {role for one in reach - mine for role in people.roles_on(scene.session, one, scene.today)}
    held = held.union(*acting.values())
    roles = held & {"iro_manager", "support", *scene.rules.other_roles}
    away = _iros_not_here(scene) if "iro_manager" in roles else set()
    return Near(
        scene=scene,
        person_id=person_id,
        mine=frozenset(mine),
        reach=frozenset(reach),
        roles=frozenset(roles),
        without_iro=frozenset(away),
    )


def _iros_not_here(scene: Scene) -> set[int]:
    query = select(Child.iro_id).where(col(Child.left_care_on).is_(None)).distinct()
    named = [one for one in scene.session.exec(query) if one is not None]
    return {one for one in named if not present(scene, one) or vacancy_of(scene, one) is not None}


def seeing_to(scene: Scene, child: Child, decision: Decision) -> tuple[int, ...]:
    """Who sees to a decision today: the person who holds the role for the child, or the person named.

    While that person is away their cover, else the next in their line who is here; never the child's IRO for another.
    """
    if decision.owner_id is None:
        return tuple(holding(scene, decision.owner_role, child))
    named = reached(scene, decision.owner_id, never=child.iro_id)
    if present(scene, named):
        return (named,)
    above = line_manager(scene.session, scene.rules, decision.owner_id, child.iro_id or 0, scene.today)
    return (id_of(above.person) if above is not None else named,)


def holding(scene: Scene, role: str, child: Child) -> list[int]:
    """Who holds a role for the child today: themselves where they are there, else the person who stands in."""
    if role == "iro":
        return for_iro_of(scene, child)
    if role == "social_worker" and child.holder_id is not None and present(scene, child.holder_id):
        return [child.holder_id]
    found = find_addressees(
        scene.session, scene.rules, roles=[role], child=child, iro_id=child.iro_id or 0, on=scene.today
    )
    return [one.person.id for one in found if one.person.id is not None]
