"""What a person is to a child, and so what they may do about the child's reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from handlers.holders_manager import holds_place, manager_of_holder
from handlers.iro_place import place_of_child, present
from handlers.office import Desk
from handlers.people.addressees import find_addressees
from handlers.rights.standing import Standing
from handlers.rights.table import May, Place
from storage.children import Child


@dataclass(frozen=True, kw_only=True)
class ChildStanding(Standing):
    """The facts about one person and one child."""

    child: Child

    def whose(self, place: Place) -> Sequence[int | None]:
        """The places around a review, beside those of every child."""
        match place:
            case Place.FOR_WORKER:
                return [self.child.holder_id] if self._stands_in_for_worker else []
            case Place.HOLDERS_MANAGER:
                return self._as_holders_manager
            case _:
                return super().whose(place)

    @cached_property
    def _as_holders_manager(self) -> list[int]:
        """The line manager, who may be covered; else those who are asked in the manager's place."""
        manager_id = manager_of_holder(self.desk, self.child)
        if manager_id in self.acting:
            return [one for one in self.acting if one == manager_id]
        return [one for one in self.acting if holds_place(self.desk, self.child, (one,))]

    @cached_property
    def _stands_in_for_worker(self) -> bool:
        """Whether the person is asked today in place of the worker: the same as is reminded of the worker's tasks."""
        desk, holder_id = self.desk, self.child.holder_id
        if holder_id is None or not self.holds(Place.LINE) or present(desk, holder_id):
            return False
        found = find_addressees(
            desk.session,
            desk.rules,
            roles=["social_worker"],
            child=self.child,
            iro_id=self.child.iro_id or 0,
            on=desk.today,
        )
        return any(one.person.id in self.acting for one in found)


def child_standing(desk: Desk, child: Child) -> ChildStanding:
    """What the person at the desk is to this child."""
    place = place_of_child(desk, child)
    return ChildStanding(desk=desk, ref=child.reference, seeing=May.SEE_REVIEWS, child=child, iro_place=place)
