"""Whose rows are counted: the whole service's, or those of some IROs, of some holders of cases, or of one team."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, false, or_, true
from sqlmodel import col, select

from storage.children import Allocation, Capacity, Child
from storage.concerns import Concern
from storage.contacts import Contact
from storage.people import Person
from storage.praise import Praise
from storage.reviews import Review

Ids = tuple[int, ...]
OfPeople = Callable[[Ids], ColumnElement[bool]]


@dataclass(frozen=True, kw_only=True)
class Whose:
    """The whole service where nothing is named.

    `iro_ids` and `holder_ids` say whose rows may be counted: either lets a row in. An IRO's are the concerns they
    raised, the reviews they held and the children they have; a holder's (and so a part of the line's) are those about
    the children held by these people now. `team` (empty: what belongs to none), `iro_id` and `no_iro_of` (what is
    nobody's of these) then narrow what is counted, and never widen it.
    """

    iro_ids: Ids | None = None
    holder_ids: Ids | None = None
    team: str | None = None
    iro_id: int | None = None
    no_iro_of: Ids | None = None

    @property
    def is_everybody(self) -> bool:
        """Whether the whole service is counted."""
        return self == EVERYBODY

    def concerns(self) -> ColumnElement[bool]:
        """Whether a concern is among them: an IRO's is what they raised."""
        return self._all(
            lambda iros: col(Concern.iro_id).in_(iros), _concern_of_holders, col(Concern.team) == self.team
        )

    def concerns_now(self) -> ColumnElement[bool]:
        """Whether a concern is theirs now: the child's present IRO's, else (of the service) its raiser's."""
        return self._all(_concern_of_iros_now, _concern_of_holders, col(Concern.team) == self.team)

    def reviews(self) -> ColumnElement[bool]:
        """Whether a review is among them: it is the child's IRO's where nobody is named with it."""
        return self._all(
            _review_of_iros,
            lambda holders: col(Review.child_id).in_(_held_by(holders)),
            col(Review.child_id).in_(self._of_team()),
        )

    def children(self) -> ColumnElement[bool]:
        """Whether a child is among those they have now."""
        return self._all(
            lambda iros: col(Child.iro_id).in_(iros),
            lambda holders: col(Child.holder_id).in_(holders),
            col(Child.id).in_(self._of_team()),
        )

    def children_on(self, day: date) -> ColumnElement[bool]:
        """Whether a child is among those they had at the end of that day."""
        return self._all(
            lambda iros: col(Child.id).in_(_allocated(Capacity.IRO, iros, day)),
            lambda holders: col(Child.id).in_(_allocated(Capacity.HOLDER, holders, day)),
            col(Child.id).in_(self._of_team()),
        )

    def contacts(self) -> ColumnElement[bool]:
        """Whether a contact is among them."""
        return self._all(
            lambda iros: or_(col(Contact.by_id).in_(iros), col(Contact.for_id).in_(iros)),
            lambda holders: col(Contact.child_id).in_(_held_by(holders)),
            col(Contact.team) == self.team,
        )

    def praise(self) -> ColumnElement[bool]:
        """Whether a recognition is among them: an IRO's are those sent, a holder's those received."""
        return self._all(
            lambda iros: or_(col(Praise.by_id).in_(iros), col(Praise.for_id).in_(iros)),
            lambda holders: col(Praise.person_id).in_(holders),
            col(Praise.team) == self.team,
        )

    def _all(self, of_iros: OfPeople, of_holders: OfPeople, of_team: ColumnElement[bool]) -> ColumnElement[bool]:
        """What may be counted, narrowed to what is asked for."""
        entitled = [
            of_people(ids)
            for ids, of_people in ((self.iro_ids, of_iros), (self.holder_ids, of_holders))
            if ids is not None
        ]
        narrowed = [of_team] if self.team is not None else []
        if self.iro_id is not None:
            narrowed.append(of_iros((self.iro_id,)))
        if self.no_iro_of is not None:
            narrowed.append(case((of_iros(self.no_iro_of), 1), else_=0) == 0)  # NOT would leave out what is NULL
        return and_(or_(false(), *entitled) if entitled else true(), *narrowed)

    def _of_team(self) -> Select[tuple[int]]:
        """Children whose holder is in the team now; whom nobody holds is in none."""
        query = select(Child.id).join(Person, col(Person.id) == col(Child.holder_id), isouter=True)
        nobody = col(Child.holder_id).is_(None) if self.team == "" else false()
        return query.where(or_(col(Person.team) == self.team, nobody))  # type: ignore[return-value]


EVERYBODY = Whose()


def _concern_of_holders(holders: Ids) -> ColumnElement[bool]:
    return col(Concern.child_id).in_(_held_by(holders))


def _concern_of_iros_now(iros: Ids) -> ColumnElement[bool]:
    of_iros = select(Child.id).where(col(Child.iro_id).in_(iros))
    without = select(Child.id).where(col(Child.iro_id).is_(None))
    nobody = or_(col(Concern.child_id).is_(None), col(Concern.child_id).in_(without))
    return or_(col(Concern.child_id).in_(of_iros), and_(nobody, col(Concern.iro_id).in_(iros)))


def _review_of_iros(iros: Ids) -> ColumnElement[bool]:
    of_iros = select(Child.id).where(col(Child.iro_id).in_(iros))
    nobody = and_(col(Review.iro_id).is_(None), col(Review.child_id).in_(of_iros))
    return or_(col(Review.iro_id).in_(iros), nobody)


def _held_by(holders: Ids) -> Select[tuple[int]]:
    return select(Child.id).where(col(Child.holder_id).in_(holders))  # type: ignore[return-value]


def _allocated(capacity: Capacity, person_ids: Ids, day: date) -> Select[tuple[int]]:
    return select(Allocation.child_id).where(  # type: ignore[return-value]
        Allocation.capacity == capacity,
        col(Allocation.person_id).in_(person_ids),
        Allocation.from_on <= day,
        or_(col(Allocation.to_on).is_(None), col(Allocation.to_on) > day),
    )
