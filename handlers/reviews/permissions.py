"""Who may do what about a child's reviews: one table of acts, each with the places from which it may be done.

No procedures file can change it. Everyone in none of these places gets the answer they would get if the child
did not exist; a cover has the rights of the person covered, and what they do is recorded as done for them.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from handlers.holders_manager import holds_place, manager_of_holder
from handlers.iro_place import IroPlace, place_of_child, present
from handlers.office import Desk
from handlers.people.addressees import find_addressees
from handlers.people.line import in_line
from handlers.refusals import Refused, no_such_child
from handlers.standing import acting_as
from scheduling.procedures.terms import IRO, IRO_MANAGER
from storage.children import Child


class Place(StrEnum):
    """What someone is to a child's reviews."""

    IRO = "the child's IRO"
    IRO_MANAGER = "an IRO manager"
    AS_COVER = "an IRO manager while the IRO is away or gone"
    WORKER = "the child's social worker, or another holder of the case"
    FOR_WORKER = "the person who stands in for a worker who is away or gone"
    LINE = "a manager in the child's line"
    HOLDERS_MANAGER = "the holder's line manager, or the person asked in their place"
    SUPPORT = "business support"


class May(StrEnum):
    """What a person may want to do about a child's reviews."""

    SEE = "see the dates, the state and the tasks"
    READ = "read the child's wish and the decisions"
    BOOK = "book, rebook"
    PAPERS = "note that the papers are in, or that other work around a review is done"
    STEER = "hold, adjourn, bring forward, decide, midway check, seen, contact, write the record"
    SEND_RECORD = "send the record out, note it sent"
    TRACK = "say that the child's track changed"
    ANSWER_DECISIONS = "agree or dispute the decisions"
    TELL = "tell the IRO that something changed"


_STEERING = (Place.IRO, Place.AS_COVER)
_OFFICE = (Place.IRO, Place.IRO_MANAGER, Place.SUPPORT)

TABLE: dict[May, tuple[Place, ...]] = {
    May.SEE: (*Place,),
    May.READ: (Place.IRO, Place.IRO_MANAGER, Place.WORKER, Place.HOLDERS_MANAGER, Place.LINE),
    May.BOOK: (Place.IRO, Place.IRO_MANAGER, Place.WORKER, Place.SUPPORT),
    May.PAPERS: (Place.IRO, Place.IRO_MANAGER, Place.WORKER, Place.FOR_WORKER, Place.SUPPORT),
    May.STEER: _STEERING,
    May.SEND_RECORD: _OFFICE,
    May.TRACK: _OFFICE,
    May.ANSWER_DECISIONS: (Place.HOLDERS_MANAGER,),
    May.TELL: (Place.IRO_MANAGER, Place.WORKER, Place.LINE, Place.SUPPORT),
}

_WHY_NOT: dict[May, str] = {
    May.READ: "You can see the dates of {ref}; what was said and decided is not opened to you.",
    May.BOOK: f"Reviews of {{ref}} are booked by the {IRO}, the social worker or business support.",
    May.PAPERS: f"For {{ref}} this is noted by the social worker, the {IRO} or business support.",
    May.STEER: f"Only the child's {IRO}, or their cover, can do this for {{ref}}.",
    May.SEND_RECORD: f"The record for {{ref}} is sent out by the {IRO}, the {IRO_MANAGER} or business support.",
    May.TRACK: f"The {IRO}, the {IRO_MANAGER} or business support changes this for {{ref}}.",
    May.ANSWER_DECISIONS: "Only the line manager of the case's holder can agree or dispute decisions for {ref}.",
    May.TELL: f"You are the {IRO} of {{ref}}: record it as a contact, or bring the review forward.",
}


@dataclass(frozen=True, kw_only=True)
class ChildStanding:
    """The facts about one person and one child on which the permissions rest."""

    desk: Desk
    child: Child

    @cached_property
    def acting_as(self) -> tuple[int, ...]:
        """The person, and everyone they cover today."""
        return tuple(acting_as(self.desk))

    @cached_property
    def _iro_place(self) -> IroPlace:
        return place_of_child(self.desk, self.child)

    @cached_property
    def places(self) -> dict[Place, int | None]:
        """The places the person holds, each with whom they hold it for; nobody where it is their own."""
        found: dict[Place, int | None] = {}
        for one, roles in acting_as(self.desk).items():
            for place in self._places_of(one, roles):
                found.setdefault(place, None if one == self.desk.actor_id else one)
        if Place.IRO_MANAGER in found and self._iro_place.is_empty:
            found[Place.AS_COVER] = self.child.iro_id
        if Place.LINE in found and self._stands_in_for_worker:
            found[Place.FOR_WORKER] = self.child.holder_id
        return found

    def _places_of(self, person_id: int, roles: frozenset[str]) -> list[Place]:
        held = {
            Place.IRO: self._fills_iro_place(person_id),
            Place.IRO_MANAGER: "iro_manager" in roles,
            Place.WORKER: person_id == self.child.holder_id,
            Place.LINE: in_line(self.desk.session, self.child, person_id),
            Place.HOLDERS_MANAGER: self._holds_managers_place(person_id),
            Place.SUPPORT: "support" in roles,
        }
        return [place for place, holds in held.items() if holds]

    def _fills_iro_place(self, person_id: int) -> bool:
        """Whether it is the child's IRO while they are one: themself, or covered by the person in this place."""
        place = self._iro_place
        if person_id != place.iro_id or place.vacancy is not None:
            return False
        return self.desk.actor_id in (person_id, place.cover_id)

    def _holds_managers_place(self, person_id: int) -> bool:
        """Whether it is the line manager's own, or that of who is asked in their place; a cover holds it for them."""
        manager_id = manager_of_holder(self.desk, self.child)
        if person_id == manager_id or manager_id in self.acting_as:
            return person_id == manager_id
        return holds_place(self.desk, self.child, (person_id,))

    @property
    def _stands_in_for_worker(self) -> bool:
        """Whether the person is asked today in place of the worker: the same as is reminded of the worker's tasks."""
        desk, holder_id = self.desk, self.child.holder_id
        if holder_id is None or present(desk, holder_id):
            return False
        found = find_addressees(
            desk.session,
            desk.rules,
            roles=["social_worker"],
            child=self.child,
            iro_id=self.child.iro_id or 0,
            on=desk.today,
        )
        return any(one.person.id in self.acting_as for one in found)


def may(who: ChildStanding, what: May) -> bool:
    """Whether the person may do this."""
    return any(place in who.places for place in TABLE[what])


def acts_for(who: ChildStanding, what: May) -> int | None:
    """For whom the person does this: nobody where a place of their own allows it, else the person covered."""
    allowing = [who.places[place] for place in TABLE[what] if place in who.places]
    return None if None in allowing or not allowing else allowing[0]


def require(who: ChildStanding, what: May) -> None:
    """Pass, or refuse: as if the child did not exist to those who may not know of it, else with the reason."""
    if may(who, what):
        return
    if not may(who, May.SEE):
        raise no_such_child(who.child.reference)
    sentence = _WHY_NOT[what].format(ref=who.child.reference)
    if what is May.STEER and Place.IRO_MANAGER in who.places:
        sentence += f" The {IRO_MANAGER} can when the {IRO} is away or has left."
    raise Refused(sentence)
