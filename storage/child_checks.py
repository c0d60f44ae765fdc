"""What people say of their children before a start: right, the wrong worker, not theirs. Nothing changes by it."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, UniqueConstraint
from sqlmodel import Field, Session, and_, col, or_, select

from storage.children import Capacity, Child
from storage.columns import named
from storage.scope import Scoped


class Checked(StrEnum):
    """What somebody says of a child."""

    RIGHT = "right"
    WRONG_WORKER = "wrong worker"
    NOT_MINE = "not mine"


class ChildCheck(Scoped, table=True):
    """One person's present answer about one child.

    It speaks of who held the place, `capacity`, that day (`held_by_id`), and stands while they do.
    """

    __tablename__ = "child_checks"
    __table_args__ = (UniqueConstraint("authority", "child_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    child_id: int = Field(foreign_key="children.id")
    person_id: int = Field(foreign_key="people.id", index=True)
    answer: Checked = Field(sa_type=named(Checked))
    answered_on: date
    capacity: Capacity = Field(sa_type=named(Capacity))
    held_by_id: int | None = Field(default=None, foreign_key="people.id")


def answer(session: Session, child: Child, person_id: int, said: Checked, capacity: Capacity, on: date) -> None:
    """Keep what the person says of the child, in the place of what they said before."""
    assert child.id is not None
    where = (ChildCheck.child_id == child.id, ChildCheck.person_id == person_id)
    kept = session.exec(select(ChildCheck).where(*where)).first() or ChildCheck(
        child_id=child.id, person_id=person_id, answer=said, answered_on=on, capacity=capacity
    )
    kept.answer, kept.answered_on, kept.capacity = said, on, capacity
    kept.held_by_id = child.iro_id if capacity is Capacity.IRO else child.holder_id
    session.add(kept)
    session.flush()


def standing(session: Session, person_id: int, child_ids: Collection[int]) -> dict[int, ChildCheck]:
    """By the child: the person's answers about these that stand."""
    query = select(ChildCheck).join(Child, col(Child.id) == col(ChildCheck.child_id))
    query = query.where(ChildCheck.person_id == person_id, col(ChildCheck.child_id).in_(child_ids), _stands())
    return {one.child_id: one for one in session.exec(query)} if child_ids else {}


def not_right(session: Session) -> list[tuple[ChildCheck, Child]]:
    """The answers that stand and say that something is wrong, by the child's reference."""
    query = (
        select(ChildCheck, Child)
        .join(Child, col(Child.id) == col(ChildCheck.child_id))
        .where(ChildCheck.answer != Checked.RIGHT, _stands())
        .order_by(Child.reference, col(ChildCheck.id))
    )
    return [(one, child) for one, child in session.exec(query)]


def _stands() -> ColumnElement[bool]:
    """Of a child in care whose place is held by the person of whom it was said."""
    held_by = col(ChildCheck.held_by_id)
    of_iro = and_(col(ChildCheck.capacity) == Capacity.IRO, col(Child.iro_id).is_not_distinct_from(held_by))
    of_holder = and_(col(ChildCheck.capacity) == Capacity.HOLDER, col(Child.holder_id).is_not_distinct_from(held_by))
    return and_(col(Child.left_care_on).is_(None), or_(of_iro, of_holder))
