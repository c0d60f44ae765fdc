"""Writes past reviews in bulk: no messages, no tasks, no nudges."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session, select

from handlers.history_import.writing import written_children
from handlers.imports.outcome import Progress
from handlers.review_import.values import PastReview
from scheduling.track_changes import LOOKED_AFTER
from storage.children import Child
from storage.reviews import Review, ReviewState

BATCH = 2000
RULE = "imported"
"""In the place of the rule that set the due date: the file gave it."""


def write(session: Session, past: Sequence[PastReview], now: datetime, progress: Progress) -> None:
    """Write the reviews, oldest first, creating children that are not known as historical."""
    ordered = sorted(past, key=lambda one: (one.held_on, one.line))
    ids = written_children(session, {one.child for one in ordered})
    children = {child.reference: child for child in session.exec(select(Child))}
    for start in range(0, len(ordered), BATCH):
        batch = ordered[start : start + BATCH]
        session.execute(insert(Review), [_row(one, ids[one.child], children[one.child], now) for one in batch])
        progress(start + len(batch), len(ordered))


def _row(one: PastReview, child_id: int, child: Child, now: datetime) -> Mapping[str, object]:
    return {
        "child_id": child_id,
        "state": ReviewState.HELD,
        "track": _track(one, child),
        "order": one.order,
        "rule": RULE,
        "due_on": one.due_on,
        "created_at": now,
        "series": one.completed_on > one.held_on,
        "held_on": one.held_on,
        "completed_on": one.completed_on,
        "in_time": one.in_time,
        "late_reason": one.late_reason,
        "participation": one.participation,
        "chaired": one.chaired,
        "imported": True,
    }


def _track(one: PastReview, child: Child) -> str:
    """The child's track, where it had begun by then; before that the child was looked after, as far as is known."""
    began = child.track_from
    return child.track if began is None or one.held_on >= began else LOOKED_AFTER
