"""Children in care, known by reference only: no name, address, school or placement is ever kept."""

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, UniqueConstraint, false
from sqlmodel import Field, Session, col, func, or_, select

from storage.at_hand import AtHand
from storage.columns import named
from storage.scope import Scoped, hold


class Capacity(StrEnum):
    """What someone is to a child."""

    IRO = "iro"
    HOLDER = "holder"


class Child(Scoped, table=True):
    """A child by reference. `holder_id` is the social worker, or a manager while unallocated. `born` is YYYY-MM."""

    __tablename__ = "children"
    __table_args__ = (UniqueConstraint("authority", "reference"),)

    id: int | None = Field(default=None, primary_key=True)
    reference: str = Field(max_length=40)
    looked_after_from: date | None = None
    iro_id: int | None = Field(default=None, foreign_key="people.id", index=True)
    holder_id: int | None = Field(default=None, foreign_key="people.id", index=True)
    track: str = Field(default="looked_after", max_length=40)
    track_from: date | None = None
    last_review_on: date | None = None
    left_care_on: date | None = None
    born: str | None = Field(default=None, max_length=7)
    historical: bool = False


class Allocation(Scoped, table=True):
    """Who was the child's IRO or holder, from when to when; the open row is the present one."""

    __tablename__ = "allocations"

    id: int | None = Field(default=None, primary_key=True)
    child_id: int = Field(foreign_key="children.id", index=True)
    capacity: Capacity = Field(sa_type=named(Capacity))
    person_id: int = Field(foreign_key="people.id", index=True)
    from_on: date
    to_on: date | None = None


_ALLOCATIONS = AtHand(Allocation, "child_id")


def know(session: Session, child_ids: Collection[int]) -> None:
    """Read these children at once, with everybody who was ever allocated to them."""
    if child_ids:
        hold(session, session.exec(select(Child).where(col(Child.id).in_(child_ids))).all())
        _ALLOCATIONS.know(session, child_ids)


def get(session: Session, child_id: int) -> Child | None:
    """The child of that id."""
    return session.get(Child, child_id)


def by_reference(session: Session, reference: str) -> Child | None:
    """The child of that reference, as the authority writes it."""
    return session.exec(select(Child).where(Child.reference == reference)).one_or_none()


def allocate(session: Session, child: Child, capacity: Capacity, person_id: int, on: date) -> None:
    """Make the person the child's IRO or holder from that day, closing the row of the one before."""
    present = session.exec(
        select(Allocation).where(
            Allocation.child_id == child.id, Allocation.capacity == capacity, col(Allocation.to_on).is_(None)
        )
    ).all()
    for row in present:
        row.to_on = on
        session.add(row)
    assert child.id is not None
    session.add(
        Allocation(authority=child.authority, child_id=child.id, capacity=capacity, person_id=person_id, from_on=on)
    )
    if capacity is Capacity.IRO:
        child.iro_id = person_id
    else:
        child.holder_id = person_id
    session.add(child)


def of_iros(session: Session, iro_ids: list[int]) -> list[Child]:
    """The children whose IRO is among these people and who are in care, by reference."""
    return list(
        session.exec(
            select(Child)
            .where(col(Child.iro_id).in_(iro_ids), col(Child.left_care_on).is_(None))
            .order_by(Child.reference)
        )
    )


def held_by(session: Session, holder_id: int) -> list[Child]:
    """The children whose case this person holds and who are in care, by reference."""
    query = select(Child).where(Child.holder_id == holder_id, col(Child.left_care_on).is_(None))
    return list(session.exec(query.order_by(Child.reference)))


def matching(session: Session, text: str, limit: int = 100) -> list[Child]:
    """Children in care whose reference contains the text, by reference."""
    query = select(Child).where(reads_like(text), col(Child.left_care_on).is_(None))
    return list(session.exec(query.order_by(Child.reference).limit(limit)))


def reads_like(text: str) -> ColumnElement[bool]:
    """Whether a reference contains the text, in any case, with or without its dashes and spaces."""
    bare = func.replace(func.replace(col(Child.reference), "-", ""), " ", "")
    wanted = text.replace("-", "").replace(" ", "")
    return bare.icontains(wanted, autoescape=True) if wanted or not text else false()


def references(session: Session) -> list[str]:
    """The references of all children in care."""
    query = select(Child.reference).where(col(Child.left_care_on).is_(None))
    return list(session.exec(query.order_by(Child.reference)))


def allocate_first(session: Session, child: Child, capacity: Capacity, person_id: int, on: date) -> None:
    """Make the person the first IRO or holder of a child who never had one; nothing is looked up."""
    assert child.id is not None
    session.add(
        Allocation(authority=child.authority, child_id=child.id, capacity=capacity, person_id=person_id, from_on=on)
    )
    if capacity is Capacity.IRO:
        child.iro_id = person_id
    else:
        child.holder_id = person_id


def ever_held(session: Session, child_ids: Collection[int]) -> dict[int, list[tuple[int, date | None]]]:
    """By the child: everyone who holds the case or ever held it, each with the last day, where there is one."""
    found: dict[int, list[tuple[int, date | None]]] = {}
    for child_id, person_id, last in _ever_held(session, child_ids):
        found.setdefault(child_id, []).append((person_id, last))
    return found


def _ever_held(session: Session, child_ids: Collection[int]) -> Iterable[tuple[int, int, date | None]]:
    at_hand = _ALLOCATIONS.of_all(session, child_ids)
    if at_hand is not None:
        return [(one.child_id, one.person_id, one.to_on) for one in at_hand if one.capacity is Capacity.HOLDER]
    query = select(Allocation.child_id, Allocation.person_id, col(Allocation.to_on)).where(
        col(Allocation.child_id).in_(child_ids), Allocation.capacity == Capacity.HOLDER
    )
    return session.exec(query).all()


def allocated(session: Session, child: Child, on: date) -> set[int]:
    """The child's IRO and holder on that day, with those who were it until that day."""
    return {*_allocated(session, child, on), *(one for one in (child.iro_id, child.holder_id) if one is not None)}


def _allocated(session: Session, child: Child, on: date) -> Iterable[int]:
    at_hand = _ALLOCATIONS.of(session, child.id or 0)
    if at_hand is not None:
        return [one.person_id for one in at_hand if one.to_on is None or one.to_on >= on]
    query = select(Allocation.person_id).where(
        Allocation.child_id == child.id, or_(col(Allocation.to_on).is_(None), col(Allocation.to_on) >= on)
    )
    return session.exec(query).all()
