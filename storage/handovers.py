"""Children changing hands: one act, by a person or a file, with each child in it, from whom and to whom."""

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel import Field, Session, col, func, select

from storage.children import Capacity, Child
from storage.columns import named
from storage.scope import Scoped


class Handover(Scoped, table=True):
    """One act. `by_id` is empty for a file; `told_on` is the first morning on which "Your day" tells of it."""

    __tablename__ = "handovers"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    by_id: int | None = Field(default=None, foreign_key="people.id")
    told_on: date | None = Field(default=None, index=True)


class HandedChild(Scoped, table=True):
    """One child in it. `formal`: a formal concern was open; `came_back`: the child was not in care here before."""

    __tablename__ = "handed_children"

    id: int | None = Field(default=None, primary_key=True)
    handover_id: int = Field(foreign_key="handovers.id", index=True)
    child_id: int = Field(foreign_key="children.id", index=True)
    capacity: Capacity = Field(sa_type=named(Capacity))
    from_id: int | None = Field(default=None, foreign_key="people.id")
    to_id: int = Field(foreign_key="people.id")
    formal: bool = False
    came_back: bool = False


def begin(session: Session, at: datetime, by_id: int | None) -> Handover:
    """A new act, with its id."""
    act = Handover(at=at, by_id=by_id)
    session.add(act)
    session.flush()
    return act


def get(session: Session, handover_id: int) -> Handover | None:
    """The act of that id."""
    return session.get(Handover, handover_id)


def handed_in(session: Session, handover_id: int) -> list[tuple[HandedChild, Child]]:
    """The children of an act, by reference."""
    query = select(HandedChild, Child).join(Child, col(Child.id) == col(HandedChild.child_id))
    query = query.where(HandedChild.handover_id == handover_id)
    return [(one, child) for one, child in session.exec(query.order_by(Child.reference, col(HandedChild.id)))]


def of_child_at(session: Session, child_id: int, at: datetime) -> Handover | None:
    """The act of that moment by which a child changed hands."""
    query = select(Handover).join(HandedChild, col(HandedChild.handover_id) == col(Handover.id))
    query = query.where(HandedChild.child_id == child_id, Handover.at == at).order_by(col(Handover.id).desc())
    return session.exec(query.limit(1)).first()


def told_after(session: Session, day: date) -> list[Handover]:
    """The acts of which a morning after that day tells, oldest first."""
    return list(session.exec(select(Handover).where(col(Handover.told_on) > day).order_by(col(Handover.id))))


def tell_on(session: Session, day: date) -> None:
    """Let this morning tell of every act that no morning has told of."""
    for act in session.exec(select(Handover).where(col(Handover.told_on).is_(None))):
        act.told_on = day
        session.add(act)


def changes_under_formal(session: Session, first: datetime, before: datetime, iros: Collection[int] | None) -> int:
    """How often a child's IRO changed while a formal concern was open, from one moment to another.

    With `iros` only those that brought a child to one of them.
    """
    query = (
        select(func.count())
        .select_from(HandedChild)
        .join(Handover, col(Handover.id) == col(HandedChild.handover_id))
        .where(
            HandedChild.capacity == Capacity.IRO,
            col(HandedChild.formal).is_(True),
            col(HandedChild.from_id) != col(HandedChild.to_id),
            Handover.at >= first,
            Handover.at < before,
        )
    )
    return session.exec(query if iros is None else query.where(col(HandedChild.to_id).in_(iros))).one()
