"""Begins the reviews of many children at once: reviews and their tasks written in bulk."""

from collections.abc import Sequence

from sqlmodel import col, insert, select

from handlers.office import Scene
from handlers.reviews.next_step import Step
from handlers.timetable.tasks import first_tasks
from storage.children import Child
from storage.review_tasks import ReviewTask
from storage.reviews import OPEN_REVIEWS, Review, ReviewState

BATCH = 2000


def begin_many(scene: Scene, found: Sequence[tuple[Child, Step]]) -> None:
    """Write the reviews to be made, and the tasks before each. No child among them may have an open review."""
    for start in range(0, len(found), BATCH):
        _begin(scene, found[start : start + BATCH])


def _begin(scene: Scene, found: Sequence[tuple[Child, Step]]) -> None:
    rows = [
        {"child_id": child.id, "state": ReviewState.DUE, "created_at": scene.now, **vars(step.columns)}
        for child, step in found
    ]
    scene.session.execute(insert(Review), rows)
    made = select(Review.child_id, col(Review.id)).where(
        col(Review.child_id).in_([child.id for child, _ in found]), col(Review.state).in_(OPEN_REVIEWS)
    )
    ids = dict(scene.session.exec(made).all())
    tasks = [
        {
            "child_id": child.id,
            "review_id": ids[child.id],
            "task": task.key,
            "owner_role": task.owner,
            "due_on": task.due_on,
        }
        for child, step in found
        if child.id is not None and step.columns is not None
        for task in first_tasks(scene, child, step.columns)
    ]
    if tasks:
        scene.session.execute(insert(ReviewTask), tasks)
