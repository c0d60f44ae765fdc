"""Takes up what a set of nudges is about: locked, and with all that is asked of each read for all of them at once.

Ten statements or so, for fifty as for one. Where somebody is at work nothing is done: it is left.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from sqlmodel import Session

from handlers.messages.subjects import number_in
from handlers.office import Scene
from storage import children, concerns, people, review_tasks, reviews, stage_runs
from storage.concerns import Concern, ConcernState
from storage.nudges import Due
from storage.reviews import Review

Row = TypeVar("Row", Concern, Review)
FreeOf = Callable[[Session, Collection[int]], Mapping[int, Row]]
There = Callable[[Session, Collection[int]], Collection[int]]


def take_up_concerns(scene: Scene, due: Sequence[Due]) -> tuple[list[tuple[Due, Concern]], list[Due]]:
    """Each nudge that still applies with its concern; and those whose concern somebody else is at work at."""
    taken, busy = _take_up(scene, due, concerns.free_of, concerns.there)
    applying = [(nudge, concern) for nudge, concern in taken if _applies(nudge, concern)]
    stage_runs.know(scene.session, [one.id for _, one in applying if one.id is not None])
    _know(scene, {one.child_id for _, one in applying if one.child_id is not None})
    return applying, busy


def take_up_reviews(scene: Scene, due: Sequence[Due]) -> tuple[list[tuple[Due, Review]], list[Due]]:
    """The same of reviews."""
    taken, busy = _take_up(scene, due, reviews.free_of, reviews.there)
    review_tasks.know(scene.session, [one.id for _, one in taken if one.id is not None])
    _know(scene, {review.child_id for _, review in taken})
    return taken, busy


def _take_up(
    scene: Scene, due: Sequence[Due], free_of: FreeOf[Row], there: There
) -> tuple[list[tuple[Due, Row]], list[Due]]:
    if not due:
        return [], []
    about = {number_in(one.subject): one for one in due}
    free = free_of(scene.session, about.keys())
    others = there(scene.session, about.keys() - free.keys())
    taken = [(nudge, free[ident]) for ident, nudge in about.items() if ident in free]
    return taken, [about[ident] for ident in others]


def _applies(nudge: Due, concern: Concern) -> bool:
    """Whether the concern is open, and stands where it stood when this was planned."""
    return concern.state is not ConcernState.CLOSED and nudge.run_id in (None, concern.run_id)


def _know(scene: Scene, child_ids: Collection[int]) -> None:
    """The children, who was allocated to them, and all staff."""
    if child_ids:
        children.know(scene.session, child_ids)
        people.know_everyone(scene.session, scene.today)
