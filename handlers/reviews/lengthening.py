"""A new holiday lengthens what is open around reviews, never shortens it, and is recorded: reviews, tasks, answers."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlmodel import col, select

from handlers.lengthened import LENGTHENED, days_kept
from handlers.office import Scene
from handlers.reviews.case import record
from handlers.reviews.clock import lengthen_answer, review_of
from handlers.timetable.counting import values_of
from handlers.timetable.tasks import plan_tasks, planned_days
from scheduling.duration import Duration, Unit
from scheduling.ladder import Rung
from scheduling.timetable import ReviewRule, last_day, law_days
from storage import nudges
from storage.children import Child
from storage.review_tasks import ReviewTask
from storage.reviews import OPEN_REVIEWS, Review

LONGEST = timedelta(days=120)
"""Rules and tasks counted in working days lie no further ahead than this; what is due later need not be looked at."""


def lengthen_reviews(scene: Scene) -> int:
    """Give what is open and counted in working days the time that holidays added; returns how many changed.

    What a new holiday would bring forward (the papers before a review) stays where it was.
    """
    return _reviews(scene) + _tasks(scene) + _answers(scene)


def _by_working_days(within: Duration | None) -> bool:
    return within is not None and within.unit in (Unit.WORKING_DAYS, Unit.HOURS)


def _reviews(scene: Scene) -> int:
    rules = {rule.key: rule for rule in values_of(scene).rules if _by_working_days(rule.within)}
    query = (
        select(Review, Child)
        .join(Child, col(Child.id) == col(Review.child_id))
        .where(
            col(Review.state).in_(OPEN_REVIEWS),
            col(Review.due_on).between(scene.today, scene.today + LONGEST),
            col(Review.rule).in_(rules),
            col(Review.brought_forward_from).is_(None),
        )
    )
    changed = 0
    for review, child in scene.session.exec(query).all():
        later = _later(scene, review, rules[review.rule])
        if later is not None:
            before, review.due_on = review.due_on, later
            if rules[review.rule].law:
                review.law_due_on = later
            scene.session.add(review)
            _record(scene, child, review, days_kept(before, later))
            plan_tasks(scene, child, review)
            changed += 1
    return changed


def _later(scene: Scene, review: Review, rule: ReviewRule) -> date | None:
    """The later day by today's calendar, never beyond the law's; None where it stands."""
    if review.counts_from is None:
        return None
    due_on = last_day(review.counts_from, rule.within, law_days(scene.calendar))
    if not rule.law and review.law_due_on is not None:
        due_on = min(due_on, review.law_due_on)
    return due_on if due_on > review.due_on else None


def _tasks(scene: Scene) -> int:
    changed = 0
    for row, review, child in _open_tasks(scene):
        later = planned_days(scene, child, review).get(row.task)
        if later is not None and row.due_on is not None and later > row.due_on:
            before, row.due_on = row.due_on, later
            scene.session.add(row)
            _record(scene, child, review, days_kept(before, later), task=row.task)
            changed += 1
    return changed


def _open_tasks(scene: Scene) -> Iterator[tuple[ReviewTask, Review, Child]]:
    keys = [rule.key for rule in values_of(scene).tasks if _by_working_days(rule.within)]
    query = (
        select(ReviewTask, Review, Child)
        .join(Review, col(Review.id) == col(ReviewTask.review_id))
        .join(Child, col(Child.id) == col(ReviewTask.child_id))
        .where(
            col(ReviewTask.done_on).is_(None),
            col(ReviewTask.due_on).between(scene.today, scene.today + LONGEST),
            col(ReviewTask.not_needed).is_(False),
            col(ReviewTask.task).in_(keys),
        )
    )
    yield from scene.session.exec(query).all()


def _answers(scene: Scene) -> int:
    waiting = scene.session.exec(select(nudges.Nudge).where(nudges.Nudge.rung == Rung.DECISIONS_SILENT)).all()
    changed = 0
    for nudge in waiting:
        child, review = review_of(scene, nudge)
        changed += review is not None and child is not None and lengthen_answer(scene, child, review)
    return changed


def _record(scene: Scene, child: Child, review: Review, days: dict[str, str], task: str | None = None) -> None:
    record(scene, child, LENGTHENED, details={"review": review.id, "task": task, **days})
