"""The tasks around a review: planned from the procedures, moved with the review, and closed by what people do.

What had to be done before a review and was not is closed when the review is held: marked `not_needed` on a review
that was held, it was missed.
"""

from dataclasses import replace
from datetime import date

from sqlmodel import col, select

from handlers.cards import Button
from handlers.office import Desk, Scene
from handlers.timetable.counting import Counted, as_it_stands, values_of
from scheduling.booking import book_by
from scheduling.deadlines import deadline
from scheduling.procedures.review_values import ReviewValues
from scheduling.review_tasks import BETWEEN, DUE_DATE, HALFWAY, REVIEW, PlannedTask, ReviewDays, tasks_for
from scheduling.working_days import local
from storage import review_tasks
from storage.children import Child
from storage.review_tasks import ReviewTask
from storage.reviews import Order, Review, ReviewState

BOOK = "book"
PAPERS = "papers_in"
DECISIONS = "decisions"
ANSWERED = "decisions_agreed"
RECORD_WRITTEN = "record_written"
RECORD_SENT = "record_sent"
MIDWAY = "midway"
SEEN = "child_seen"
SPOKEN_TO = "child_spoken_to"

DEED_OF_TASK = {
    BOOK: "review.book",
    PAPERS: "review.papers",
    DECISIONS: "review.decisions",
    ANSWERED: "review.decisions.open",
    RECORD_WRITTEN: "review.record",
    RECORD_SENT: "review.record_sent",
    MIDWAY: "review.midway",
    SEEN: "review.seen",
    SPOKEN_TO: "review.seen",
    "feedback_to_team_manager": "review.feedback",
}
"""The deed that does a task, at the review the task belongs to; any other task has a form of its own."""


def plan_tasks(
    scene: Scene, child: Child, review: Review, *, next_due_on: date | None = None, is_new: bool = False
) -> None:
    """Lay the procedures' tasks over the review as it stands: new ones added, days moved, what is done left alone.

    `next_due_on` is the day the review after this one is due, where it is known; a review that `is_new` has no tasks
    to look up. The caller flushes.
    """
    assert review.id is not None
    assert child.id is not None
    rows = {} if is_new else {row.task: row for row in review_tasks.of_review(scene.session, review.id)}
    for task in _wanted(scene, child, review, next_due_on):
        row = rows.get(task.key)
        if row is None:
            row = ReviewTask(child_id=child.id, review_id=review.id, task=task.key, owner_role=task.owner)
        elif row.done_on is not None or (row.due_on == task.due_on and row.owner_role == task.owner):
            continue
        row.due_on, row.owner_role = task.due_on, task.owner
        scene.session.add(row)


def first_tasks(scene: Scene, child: Child, counted: Counted) -> list[PlannedTask]:
    """The tasks before a review that has just been planned."""
    start = child.looked_after_from if counted.order is Order.FIRST else None
    return _by_procedures(scene, counted, ReviewDays(due_on=counted.due_on, looked_after_from=start))


def _wanted(scene: Scene, child: Child, review: Review, next_due_on: date | None) -> list[PlannedTask]:
    values = values_of(scene)
    planned = _by_procedures(scene, review, _days(child, review, next_due_on))
    answer_due_at = review.decisions_answer_due_at
    if answer_due_at is not None:  # which a holiday or an empty chair has moved
        due_on = local(answer_due_at).date()
        planned = [replace(task, due_on=due_on) if task.key == ANSWERED else task for task in planned]
    own_days = {DECISIONS} if review.decisions_sent_at is not None else set()
    if review.adjourned_on is not None:
        own_days |= {BOOK, PAPERS}
    planned = [task for task in planned if task.key not in own_days]  # put again, they count from then
    if review.state is not ReviewState.HELD:
        return planned
    if review.imported:
        return [task for task in planned if is_between(values, task.key) and task.due_on >= scene.today]
    return [task for task in planned if not is_before(values, task.key)]


def planned_days(scene: Scene, child: Child, review: Review) -> dict[str, date]:
    """By the procedures and today's calendar the day of each task that counts from this review alone, by its key."""
    return {task.key: task.due_on for task in _wanted(scene, child, review, None)}


def _by_procedures(scene: Scene, review: Review | Counted, days: ReviewDays) -> list[PlannedTask]:
    planned = tasks_for(values_of(scene).tasks, days, scene.calendar)
    return [_by_target(scene, review, task) if task.key == BOOK else task for task in planned]


def _days(child: Child, review: Review, next_due_on: date | None) -> ReviewDays:
    delivered = review.decisions_delivered_at
    return ReviewDays(
        due_on=review.due_on,
        booked_for=review.booked_for,
        held_on=review.held_on,
        completed_on=review.completed_on,
        next_due_on=next_due_on,
        delivered_on=local(delivered).date() if delivered is not None else None,
        looked_after_from=child.looked_after_from if review.order is Order.FIRST else None,
    )


def _by_target(scene: Scene, review: Review | Counted, task: PlannedTask) -> PlannedTask:
    """The booking task, by the authority's booking target where that comes first."""
    targets = book_by(values_of(scene).targets, as_it_stands(scene, review), scene.calendar)
    if not targets or targets[0].on >= task.due_on:
        return task
    return PlannedTask(key=task.key, label=task.label, owner=task.owner, due_on=targets[0].on)


def is_before(values: ReviewValues, key: str) -> bool:
    """Whether a task belongs before its review, and is over with it."""
    rule = values.task(key)
    return rule is not None and rule.before is not None and rule.counted_from in (REVIEW, DUE_DATE)


def is_between(values: ReviewValues, key: str) -> bool:
    """Whether a task belongs between its review and the next, and is over with the next."""
    rule = values.task(key)
    return rule is not None and rule.counted_from in (HALFWAY, BETWEEN)


def finish(desk: Desk, review_id: int, key: str, on: date) -> None:
    """Close a task of a review as done on that day; nothing where the procedures do not ask for it."""
    for row in review_tasks.of_review(desk.session, review_id):
        if row.task == key and row.done_on is None:
            row.done_on, row.done_by_id, row.not_needed = on, desk.actor_id, False
            desk.session.add(row)


def close_offered(scene: Scene, review_id: int, key: str) -> None:
    """Close a task that was offered to the child and refused: nobody is reminded, and it does not count as done."""
    _close(scene, [row for row in review_tasks.of_review(scene.session, review_id) if row.task == key])


def put_again(scene: Scene, review_id: int, key: str, due_on: date | None) -> None:
    """Open a task again whose question is put again, or whose work no longer stands; its owner is reminded anew.

    Without a day it waits for the one that comes with what it counts from.
    """
    for row in review_tasks.of_review(scene.session, review_id):
        if row.task == key and (row.done_on is not None or row.not_needed):
            row.done_on, row.done_by_id, row.not_needed, row.due_on = None, None, False, due_on
            scene.session.add(row)


def due_anew(scene: Scene, key: str) -> date | None:
    """By when a task put again today is due: as long from now as the procedures give it, however late it was."""
    task = values_of(scene).task(key)
    if task is None or task.within is None:
        return None
    return local(deadline(scene.now, task.within, scene.calendar).at).date()


def close_before(scene: Scene, review: Review) -> None:
    """Close what had to be done before a review that has now met: nobody books or prepares it any more."""
    values = values_of(scene)
    assert review.id is not None
    _close(scene, [row for row in review_tasks.of_review(scene.session, review.id) if is_before(values, row.task)])


def close_missed(scene: Scene, review: Review, previous: Review | None) -> None:
    """Close what had to be done before a review that has now been held, and since the one before it."""
    values = values_of(scene)
    close_before(scene, review)
    if previous is not None and previous.id is not None:
        rows = review_tasks.of_review(scene.session, previous.id)
        _close(scene, [row for row in rows if is_between(values, row.task)])


def drop_tasks(scene: Scene, child: Child, *, since: date) -> None:
    """Close what is no longer needed once a child has left care or grown up: all but the work on reviews held.

    A review that has begun is still to be completed, but no longer to be booked or prepared.
    """
    values = values_of(scene)
    rows = scene.session.exec(
        select(ReviewTask, Review.state)
        .join(Review, col(Review.id) == col(ReviewTask.review_id))
        .where(ReviewTask.child_id == child.id, col(ReviewTask.done_on).is_(None))
    ).all()
    over = [
        row
        for row, state in rows
        if state is not ReviewState.HELD
        or (is_between(values, row.task) and row.due_on is not None and row.due_on >= since)
    ]
    _close(scene, over)


def _close(scene: Scene, rows: list[ReviewTask]) -> None:
    for row in rows:
        if row.done_on is None and not row.not_needed:
            row.not_needed = True
            scene.session.add(row)


def label_of(scene: Scene, key: str) -> str:
    """The task in the procedures' words."""
    rule = values_of(scene).task(key)
    return rule.label if rule is not None else key.replace("_", " ").capitalize()


def do_button(child: Child, row: ReviewTask, label: str = "Do") -> Button:
    """The button that opens the form of a task."""
    deed = DEED_OF_TASK.get(row.task)
    if deed is None:
        return Button(label=label, deed="review.task", subject=child.reference, run=row.id)
    return Button(label=label, deed=deed, subject=child.reference, run=row.review_id)
