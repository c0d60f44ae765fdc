"""A new holiday lengthens what is open around reviews, never shortens it, and is recorded: reviews, tasks, answers."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import col, select, true

from handlers.lengthened import LENGTHENED, days_kept
from handlers.messages.subjects import number_in, of_review
from handlers.office import Scene
from handlers.reviews.case import record
from handlers.reviews.clock import later_answer, lengthen_answer
from handlers.timetable.counting import values_of
from handlers.timetable.tasks import plan_tasks, planned_days
from scheduling.duration import Duration, Unit
from scheduling.ladder import Rung
from scheduling.timetable import ReviewRule, last_day, law_days
from storage import nudges, reviews
from storage.children import Child
from storage.review_tasks import ReviewTask
from storage.reviews import OPEN_REVIEWS, Review

LONGEST = timedelta(days=120)
"""Rules and tasks counted in working days lie no further ahead than this; what is due later need not be looked at."""


def reviews_to_lengthen(scene: Scene) -> list[int]:
    """The ids of those around which anything would change now, by sets. Writes nothing."""
    found = {review.id for review, *_ in _reviews(scene)}
    found |= {review.id for _, review, *_ in _tasks(scene)}
    found |= {review.id for review, _ in _answers(scene)}
    return sorted(one for one in found if one is not None)


def lengthen_review(scene: Scene, review_id: int) -> int:
    """Give what is open and counted in working days the time that holidays added; returns how many changed.

    What a new holiday would bring forward (the papers before a review) stays where it was.
    """
    reviews.get(scene.session, review_id, for_change=True)
    changed = 0
    for review, child, rule, later in _reviews(scene, review_id):
        before, review.due_on = review.due_on, later
        if rule.law:
            review.law_due_on = later
        scene.session.add(review)
        _record(scene, child, review, days_kept(before, later))
        plan_tasks(scene, child, review)
        changed += 1
    for row, review, child, later in _tasks(scene, review_id):
        days = days_kept(row.due_on or later, later)
        row.due_on = later
        scene.session.add(row)
        _record(scene, child, review, days, task=row.task)
        changed += 1
    return changed + sum(lengthen_answer(scene, child, review) for review, child in _answers(scene, review_id))


def _by_working_days(within: Duration | None) -> bool:
    return within is not None and within.unit in (Unit.WORKING_DAYS, Unit.HOURS)


def _of(review_id: int | None) -> ColumnElement[bool]:
    """Of one review, or of all."""
    return col(Review.id) == review_id if review_id is not None else true()


def _reviews(scene: Scene, review_id: int | None = None) -> list[tuple[Review, Child, ReviewRule, date]]:
    """The open reviews that are due later by today's calendar, with that day."""
    rules = {rule.key: rule for rule in values_of(scene).rules if _by_working_days(rule.within)}
    query = (
        select(Review, Child)
        .join(Child, col(Child.id) == col(Review.child_id))
        .where(
            col(Review.state).in_(OPEN_REVIEWS),
            col(Review.due_on).between(scene.today, scene.today + LONGEST),
            col(Review.rule).in_(rules),
            col(Review.brought_forward_from).is_(None),
            _of(review_id),
        )
    )
    found = [
        (review, child, _later(scene, review, rules[review.rule])) for review, child in scene.session.exec(query).all()
    ]
    return [(review, child, rules[review.rule], later) for review, child, later in found if later is not None]


def _later(scene: Scene, review: Review, rule: ReviewRule) -> date | None:
    """The later day by today's calendar, never beyond the law's; None where it stands."""
    if review.counts_from is None:
        return None
    due_on = last_day(review.counts_from, rule.within, law_days(scene.calendar))
    if not rule.law and review.law_due_on is not None:
        due_on = min(due_on, review.law_due_on)
    return due_on if due_on > review.due_on else None


def _tasks(scene: Scene, review_id: int | None = None) -> list[tuple[ReviewTask, Review, Child, date]]:
    """The open tasks that are due later by today's calendar, with that day."""
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
            _of(review_id),
        )
    )
    found, days = [], dict[int | None, dict[str, date]]()
    for row, review, child in scene.session.exec(query).all():
        if review.id not in days:
            days[review.id] = planned_days(scene, child, review)
        later = days[review.id].get(row.task)
        if later is not None and row.due_on is not None and later > row.due_on:
            found.append((row, review, child, later))
    return found


def _answers(scene: Scene, review_id: int | None = None) -> list[tuple[Review, Child]]:
    """The reviews whose decisions are agreed by silence later by today's calendar."""
    subject = (nudges.Nudge.subject == of_review(review_id),) if review_id is not None else ()
    waiting = select(nudges.Nudge.subject).where(nudges.Nudge.rung == Rung.DECISIONS_SILENT, *subject)
    ids = [number_in(one) for one in scene.session.exec(waiting)]
    query = select(Review, Child).join(Child, col(Child.id) == col(Review.child_id)).where(col(Review.id).in_(ids))
    found = scene.session.exec(query).all() if ids else ()
    return [(review, child) for review, child in found if later_answer(scene, review) is not None]


def _record(scene: Scene, child: Child, review: Review, days: dict[str, str], task: str | None = None) -> None:
    record(scene, child, LENGTHENED, details={"review": review.id, "task": task, **days})
