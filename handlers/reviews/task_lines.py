"""Tasks of reviews that are due, as "Your day" names them to those who do them."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from handlers.cards import Button
from handlers.day_words import by, said
from handlers.holders_manager import fills_today
from handlers.messages.of_reviews import answer_buttons
from handlers.office import Scene
from handlers.people.line import id_of
from handlers.reviews.day_line import Named, open_review_button, whose
from handlers.reviews.naming import horizon, meant_for, named_on, or_said
from handlers.reviews.near import Near
from handlers.timetable.tasks import ANSWERED, do_button, label_of
from handlers.wording import name_of
from scheduling.deadline_wording import say_day, say_time
from scheduling.working_days import local
from storage import decisions
from storage.children import Child
from storage.review_tasks import ReviewTask
from storage.reviews import Review

RESTS = "review.rest"
"""What "Not today" does."""


def task_lines(near: Near) -> Iterator[Named]:
    """What is named today."""
    soon = col(ReviewTask.due_on) <= horizon(near, near.scene.rules.ladder.before.number)
    for task, review, child in near.scene.session.exec(_open_tasks().where(soon, near.asked())):
        yield from or_said(near, child, f"task {task.id}", partial(_task, near, task, review, child))


def answer_lines(near: Near) -> Iterator[Named]:
    """Decisions to be agreed or disputed, named today or not."""
    for task, review, child in near.scene.session.exec(_open_tasks().where(ReviewTask.task == ANSWERED, near.asked())):
        yield from or_said(near, child, f"task {task.id}", partial(_asked, near, task, review, child))


def _open_tasks() -> Select[ReviewTask, Review, Child]:
    return (
        select(ReviewTask, Review, Child)
        .join(Review, col(Review.id) == col(ReviewTask.review_id))
        .join(Child, col(Child.id) == col(ReviewTask.child_id))
        .where(col(ReviewTask.done_on).is_(None), col(ReviewTask.not_needed).is_(False))
        .order_by(col(ReviewTask.due_on), col(ReviewTask.id))
    )


def _asked(near: Near, task: ReviewTask, review: Review, child: Child) -> Named | None:
    due_on = _due_on(task, review)
    owners = _owners(near, task, review, child)
    return _drawn_task(near, task, review, child, due_on, owners) if due_on is not None else None


def _task(near: Near, task: ReviewTask, review: Review, child: Child) -> Named | None:
    scene, due_on = near.scene, _due_on(task, review)
    if due_on is None or not any(named_on(scene, due_on, day) for day in near.days):
        return None
    owners = near.reminded(_owners(near, task, review, child), partial(named_on, scene, due_on))
    return _drawn_task(near, task, review, child, due_on, owners)


def _drawn_task(
    near: Near, task: ReviewTask, review: Review, child: Child, due_on: date, owners: tuple[int, ...]
) -> Named:
    return Named(
        child=child,
        text=_task_words(near.scene, task, review, child, due_on),
        owners=owners,
        buttons=_task_buttons(task, review, child),
        meant=review.decisions_to_id if task.task == ANSWERED else meant_for(task.owner_role, child),
        task_id=task.id,
        on=due_on,
        owed_by=due_on,
    )


def _task_buttons(task: ReviewTask, review: Review, child: Child) -> tuple[Button, ...]:
    """What does it, and "Not today"; an answer is given at once."""
    if task.task == ANSWERED:
        return (do_button(child, task, "Read"), *answer_buttons(child.reference, review))
    return (do_button(child, task), open_review_button(child, review.id), _not_today(child, task))


def _due_on(task: ReviewTask, review: Review) -> date | None:
    """The task's day; the manager's answer is due when the message that asked for it says."""
    if task.task != ANSWERED:
        return task.due_on
    waits = review.decisions_answer is None and review.decisions_delivered_at is not None
    due_at = review.decisions_answer_due_at
    return local(due_at).date() if waits and due_at is not None else None


def _owners(near: Near, task: ReviewTask, review: Review, child: Child) -> tuple[int, ...]:
    if task.task == ANSWERED and review.decisions_to_id is not None:
        found = fills_today(near.scene, child)
        return (id_of(found.person),) if found is not None else ()
    return near.of_role(task.owner_role, child)


def _task_words(scene: Scene, task: ReviewTask, review: Review, child: Child, due_on: date) -> str:
    if task.task == ANSWERED:
        return _answer_words(scene, review, child)
    label = label_of(scene, task.task)
    if child.iro_id is not None:
        label = label.replace("the IRO", name_of(scene, child.iro_id))  # as the handbook's labels have it
    text = f"{whose(scene, child)}: {label[:1].lower()}{label[1:]} {by(scene, due_on)}"
    if review.held_on is not None:
        return f"{text} (review of {say_day(review.held_on, scene.today)})"
    if review.booked_for is not None:
        return f"{text} (review {said(scene, review.booked_for)})"
    return f"{text} (review due {say_day(review.due_on, scene.today)})"


def _answer_words(scene: Scene, review: Review, child: Child) -> str:
    """ "AB-1201: 4 decisions from Ann Lee. Agree or dispute by 5 pm, Wed 2 Dec, or they count as agreed"."""
    number, due_at = len(decisions.of_review(scene.session, review.id or 0)), review.decisions_answer_due_at
    sent = f"{number} decision{'s' if number != 1 else ''} from {name_of(scene, child.iro_id)}"
    here = local(due_at) if due_at is not None else None
    when = f" by {say_time(here.time())}, {said(scene, here.date())}" if here is not None else ""
    return f"{whose(scene, child)}: {sent}. Agree or dispute{when}, or they count as agreed"


def _not_today(child: Child, task: ReviewTask) -> Button:
    return Button(label="Not today", deed=RESTS, subject=child.reference, run=task.id)
