"""What one person is to a child today: which places they hold, and for whom. What they are to a concern adds to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from handlers.iro_place import IroPlace, Vacancy
from handlers.office import Desk
from handlers.people.line import in_line
from handlers.rights.table import May, Place, When
from handlers.standing import acting_as
from storage.children import Child


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The facts about one person on which every right rests; what nobody asks is not looked up.

    `seeing` is the right without which that of the reference does not exist for them.
    """

    desk: Desk
    ref: str
    seeing: May
    child: Child | None
    iro_place: IroPlace

    @cached_property
    def acting(self) -> Mapping[int, frozenset[str]]:
        """The person and all whom they cover today, with the roles they act by."""
        return acting_as(self.desk)

    def holds(self, *places: Place) -> bool:
        """Whether the person holds any of these places."""
        return any(self.whose(place) for place in places)

    def held_for(self, place: Place) -> int | None:
        """For whom the person holds a place: nobody where it is their own."""
        held = self.whose(place)
        return None if self.desk.actor_id in held else next(iter(held), None)

    def whose(self, place: Place) -> Sequence[int | None]:
        """By whose right the person holds a place: their own, that of those they cover; empty where they do not."""
        found: Sequence[int | None]
        match place:
            case Place.IRO | Place.COVER:
                found = [self.iro_place.iro_id] if place is self._in_iro_place else []
            case Place.DEPUTY:
                found = [self.iro_place.iro_id] if self._deputises else []
            case Place.IRO_MANAGER:
                found = self._with_role("iro_manager")
            case Place.SUPPORT:
                found = self._with_role("support")
            case Place.WORKER:
                found = [one for one in self.acting if self.child is not None and one == self.child.holder_id]
            case Place.LINE:
                found = self._in_line
            case _:
                found = []
        return found

    def meets(self, when: When) -> bool:
        """Whether what binds a place is met."""
        return when is When.ALWAYS

    @property
    def is_iro(self) -> bool:
        """The child's IRO, or their cover today."""
        return self._in_iro_place is not None

    @property
    def was_asked(self) -> bool:
        """Whether the person was asked to reply, and so never acts on the concern as its IRO."""
        if self.desk.actor_id == self.iro_place.iro_id:
            return self.iro_place.vacancy is Vacancy.ASKED
        return not self.is_iro and self.iro_place.was_asked(self.desk.actor_id)

    @cached_property
    def _in_iro_place(self) -> Place | None:
        if not self.iro_place.is_filled_by(self.desk.actor_id):
            return None
        return Place.COVER if self.iro_place.is_cover_by_another(self.desk.actor_id) else Place.IRO

    @cached_property
    def _deputises(self) -> bool:
        as_manager = self.holds(Place.IRO_MANAGER)
        return not self.is_iro and self.iro_place.deputises(self.desk.actor_id, as_manager=as_manager)

    @cached_property
    def _in_line(self) -> list[int]:
        child = self.child
        return [one for one in self.acting if child is not None and in_line(self.desk.session, child, one)]

    def _with_role(self, role: str) -> list[int]:
        return [one for one, roles in self.acting.items() if role in roles]
