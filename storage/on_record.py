"""Which closed concerns are not on the child's record yet: what is not known of an import is not counted as missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from storage.children import Child
from storage.concerns import Concern, ConcernState


@dataclass(frozen=True, kw_only=True)
class NotYet:
    """A concern that was closed here and whose copy is not on the child's record, by its reference and dates alone."""

    number: int
    run_id: int | None
    child: str
    closed_at: datetime

    @property
    def reference(self) -> str:
        """What people call it: "C-12"."""
        return f"C-{self.number}"


def is_missing() -> ColumnElement[bool]:
    """Of concerns about a child that were closed here: that no copy is noted since."""
    here = or_(col(Concern.imported).is_(False), col(Concern.what_changed).is_not(None))
    return and_(
        col(Concern.state) == ConcernState.CLOSED,
        col(Concern.about_service).is_(False),
        col(Concern.on_record_on).is_(None),
        here,
    )


def closed_between(session: Session, first: datetime, before: datetime) -> Sequence[Concern]:
    """Those closed from `first` on and before `before`, the first to be closed on top."""
    query = select(Concern).where(is_missing(), col(Concern.closed_at) >= first, col(Concern.closed_at) < before)
    return session.exec(query.order_by(col(Concern.closed_at), col(Concern.id))).all()


def not_yet(session: Session, before: datetime) -> list[NotYet]:
    """All that were closed before a moment, the oldest first."""
    query = (
        select(col(Concern.number), col(Concern.run_id), col(Child.reference), col(Concern.closed_at))
        .join(Child, col(Child.id) == col(Concern.child_id))
        .where(is_missing(), col(Concern.closed_at) < before)
        .order_by(col(Concern.closed_at), col(Concern.id))
    )
    found = session.exec(query)
    return [
        NotYet(number=number, run_id=run_id, child=child, closed_at=closed_at)
        for number, run_id, child, closed_at in found
        if closed_at is not None
    ]
