"""Between which days something about a child's reviews can have happened, each with the words that say why."""

from datetime import date

from sqlmodel import col, select

from handlers.days import Edge
from handlers.office import Scene
from handlers.timetable.counting import ended_on, in_care_since, values_of
from scheduling.review_tasks import BECOMING_LOOKED_AFTER, DUE_DATE, PREVIOUS_VISIT, REVIEW
from storage import reviews
from storage.children import Child
from storage.reviews import BEGUN, Meeting, Review, ReviewState

LOOKED_AFTER = "when the child became looked after"
LAST_REVIEW = "when the last review was held"
HELD = "when the review was held"
LAST_MET = "when the review last met"
LEFT = "when care was left"
EIGHTEEN = "the end of the month of the eighteenth birthday"
_AHEAD = (DUE_DATE, BECOMING_LOOKED_AFTER, PREVIOUS_VISIT)
"""What tasks that lie before their review are counted from."""


def since_last_review(scene: Scene, child: Child) -> Edge:
    """From the last review held, here or before go-live, else from when the child became looked after."""
    assert child.id is not None
    last = reviews.last_held(scene.session, child.id)
    known = [day for day in (last.held_on if last is not None else None, child.last_review_on) if day is not None]
    return _latest(known, child.looked_after_from)


def since_last_meeting(scene: Scene, child: Child) -> Edge:
    """From the last day a review met: held, completed, or a meeting of one that has begun."""
    assert child.id is not None
    since = since_last_review(scene, child)
    for review in reviews.of_child(scene.session, child.id):
        met = last_met(scene, review)
        if met is not None and (since.day is None or met > since.day):
            since = Edge(day=met, why=LAST_MET)
    return since


def last_met(scene: Scene, review: Review) -> date | None:
    """The last day a review that was held or has begun met; None of any other."""
    if review.state not in (ReviewState.HELD, *BEGUN):
        return None
    days = [*meeting_days(scene, review), review.held_on, review.completed_on]
    return max((day for day in days if day is not None), default=None)


def meeting_days(scene: Scene, review: Review) -> list[date]:
    """The days of a series, in order."""
    query = select(col(Meeting.held_on)).where(Meeting.review_id == review.id)
    return sorted(scene.session.exec(query)) if review.series else []


def until_the_end(scene: Scene, child: Child) -> Edge:
    """Up to the day care was left, or the end of the month of the eighteenth birthday; no day while neither is."""
    why = LEFT if child.left_care_on is not None else EIGHTEEN
    return Edge(day=ended_on(child, scene.today), why=why)


def since_task_can_be_done(scene: Scene, child: Child, review: Review, task: str | None = None) -> Edge:
    """From when work around a review can have been done: the papers, or the task of that key in the procedures.

    What follows a review, from the day it was held; what prepares one, from the review before it, else from when the
    child became looked after.
    """
    rule = values_of(scene).task(task) if task is not None else None
    prepares = rule is None or (rule.counted_from == REVIEW and not rule.within) or rule.counted_from in _AHEAD
    if not prepares and review.held_on is not None:
        return Edge(day=review.held_on, why=HELD)
    assert child.id is not None
    earlier = [one for one in reviews.of_child(scene.session, child.id) if _lies_before(one, review)]
    known = [one.held_on for one in earlier if one.held_on is not None]
    if child.last_review_on is not None and (review.held_on is None or child.last_review_on < review.held_on):
        known.append(child.last_review_on)
    return _latest(known, child.looked_after_from)


def _lies_before(one: Review, review: Review) -> bool:
    held = one.state is ReviewState.HELD and one.id != review.id and one.held_on is not None
    return held and (review.held_on is None or (one.held_on or date.max) < review.held_on)


def _latest(known: list[date], start: date | None) -> Edge:
    if known and (start is None or max(known) >= start):
        return Edge(day=max(known), why=LAST_REVIEW)
    return Edge(day=start, why=LOOKED_AFTER)


def last_possible(scene: Scene, child: Child) -> date:
    """The last day on which something about the child's reviews can have happened: today, or when care ended."""
    return min(scene.today, until_the_end(scene, child).day or scene.today)


def last_ended(scene: Scene, child: Child) -> Review | None:
    """The review that was not needed any more once care was left or childhood ended, while it is the child's last.

    It may have taken place by then. None where a review is to come, or a later one was recorded.
    """
    assert child.id is not None
    every = reviews.of_child(scene.session, child.id)
    ended = [one for one in every if one.state is ReviewState.NOT_NEEDED and one.id is not None]
    since = in_care_since(child)
    if not ended or since is None or any(one.state in reviews.OPEN_REVIEWS for one in every):
        return None
    last = max(ended, key=lambda one: one.id or 0)
    held = [one for one in every if one.state is ReviewState.HELD]
    if any(one.due_on == last.due_on or (not one.imported and (one.id or 0) > (last.id or 0)) for one in held):
        return None
    return last if last.due_on >= since else None
