"""Exercises around a child's review: booked in time, papers in."""

from datetime import datetime

from sqlmodel import Session

from bot.sample.exercises.exercise import DONE, NOT_YET, Result, Task, otherwise
from bot.sample.looking import NotThere, child, open_review
from scheduling.deadline_wording import say_day
from scheduling.working_days import local
from storage import reviews
from storage.reviews import Review


def about_review(session: Session, now: datetime, number: int, text: str) -> Task:
    """A task about a child's open review; `text` has room for the reference and the day it is due: {ref}, {due}."""
    about = child(session, number)
    review = open_review(session, about)
    facts = {"review": str(review.id), "ref": about.reference}
    return Task(text=text.format(ref=about.reference, due=say_day(review.due_on, local(now).date())), facts=facts)


def booked(session: Session, task: Task) -> Result:
    """Whether it has a day that is in time, or has one at all where its time is over already."""
    review = _review(session, task)
    if review.booked_for is None:
        return NOT_YET
    if review.booked_for > review.due_on and (review.booked_at is None or review.booked_at.date() <= review.due_on):
        on, due = say_day(review.booked_for), say_day(review.due_on)
        return otherwise(f"It is booked for {on}, after {due}, by which it is due: move it forward.")
    return DONE


def papers_in(session: Session, task: Task) -> Result:
    """Whether the papers are noted as in."""
    return DONE if _review(session, task).papers_in_on is not None else NOT_YET


def _review(session: Session, task: Task) -> Review:
    review = reviews.get(session, int(task.facts["review"]))
    if review is None:
        raise NotThere(f"The review of {task.facts['ref']} is no longer there.")
    return review
