"""What has to be done around a review: each task with its owner, its day, and whether it rests today."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Session, col, select

from storage.at_hand import AtHand
from storage.scope import Scoped


class ReviewTask(Scoped, table=True):
    """One task by its key in the procedures. The owner is found by `owner_role` when it is named in "Your day"."""

    __tablename__ = "review_tasks"
    __table_args__ = (
        UniqueConstraint("authority", "review_id", "task"),
        Index("ix_review_tasks_open", "authority", "done_on", "due_on"),
        Index("ix_review_tasks_of_child", "child_id", "authority", "done_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    child_id: int = Field(foreign_key="children.id")
    review_id: int = Field(foreign_key="reviews.id", index=True)
    task: str = Field(max_length=60)
    owner_role: str = Field(max_length=60)
    due_on: date | None = None
    done_on: date | None = None
    done_by_id: int | None = Field(default=None, foreign_key="people.id")
    not_needed: bool = False


class TaskRest(Scoped, table=True):
    """ "Not today": the reminder rests for one person on one day; the deadline never does."""

    __tablename__ = "task_rests"
    __table_args__ = (UniqueConstraint("authority", "task_id", "person_id", "rested_on"),)

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="review_tasks.id", index=True)
    person_id: int = Field(foreign_key="people.id", index=True)
    rested_on: date
    rested_at: datetime


def get(session: Session, task_id: int) -> ReviewTask | None:
    """The task of that id."""
    return session.get(ReviewTask, task_id)


_TASKS = AtHand(ReviewTask, "review_id")


def know(session: Session, review_ids: Collection[int]) -> None:
    """Read the tasks of these reviews at once."""
    _TASKS.know(session, review_ids)


def of_review(session: Session, review_id: int) -> list[ReviewTask]:
    """The tasks of a review, soonest due first."""
    at_hand = _TASKS.of(session, review_id)
    if at_hand is not None:
        return sorted(at_hand, key=lambda one: (one.due_on or date.max, one.id or 0))
    return list(
        session.exec(
            select(ReviewTask)
            .where(ReviewTask.review_id == review_id)
            .order_by(col(ReviewTask.due_on), col(ReviewTask.id))
        )
    )
