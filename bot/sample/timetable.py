"""What the product planned once the past was imported: when each child's next review and midway check fall due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine
from sqlmodel import col, select

from handlers.timetable.tasks import MIDWAY
from storage.children import Child
from storage.database import transaction
from storage.review_tasks import ReviewTask
from storage.reviews import OPEN_REVIEWS, Review


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """By the child's reference."""

    due: Mapping[str, date]
    midway: Mapping[str, date]


def timetable_of(engine: Engine, authority: str) -> Timetable:
    """As it stands."""
    reviews = select(Child.reference, col(Review.due_on)).join(Review, col(Review.child_id) == col(Child.id))
    checks = select(Child.reference, col(ReviewTask.due_on)).join(ReviewTask, col(ReviewTask.child_id) == col(Child.id))
    with transaction(engine, authority, writes=False) as session:
        due = session.exec(reviews.where(col(Review.state).in_(OPEN_REVIEWS))).all()
        midway = session.exec(checks.where(ReviewTask.task == MIDWAY, col(ReviewTask.done_on).is_(None))).all()
    return Timetable(due=dict(due), midway={reference: day for reference, day in midway if day is not None})
