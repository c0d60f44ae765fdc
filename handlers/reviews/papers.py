"""The papers for a review, and other work around it that has no form of its own: noted with the day it was done."""

from dataclasses import dataclass
from datetime import date

from handlers.cards import Answer, Notice
from handlers.day_windows import DayOf
from handlers.days import Edge
from handlers.forms.deeds import done_by
from handlers.forms.fields import day
from handlers.forms.form import Declared, Place
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.reviews.by_form import OfReview, by_form, today
from handlers.reviews.case import ReviewCase, find_child, open_review
from handlers.reviews.earliest import since_task_can_be_done
from handlers.reviews.near import holding
from handlers.rights import May, child_standing, require
from handlers.timetable.tasks import PAPERS, finish, label_of
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import IRO
from storage import review_tasks, reviews
from storage.review_tasks import ReviewTask

_IN_THE_TABLE = ("iro", "social_worker", "support")
"""Owners of tasks whom the table of permissions knows."""


def _without_papers(case: ReviewCase) -> None:
    noted = case.present.papers_in_on
    if noted is not None:
        raise Refused(f"The papers for {case.ref} are noted as in since {say_day(noted)}.")


class Papers(OfReview, deed="review.papers", title=lambda case: f"Papers: {case.ref}", submit="Note", watches=True):
    """Since when the papers are in."""

    on: date = day(
        DayOf.AROUND_REVIEW,
        f"With the {IRO} since",
        hint="Reports, care plan, education and health.",
        first=today,
        since=lambda case: since_task_can_be_done(case.desk, case.child, case.present),
    )


@by_form(Papers, May.PAPERS, also=_without_papers)
def note_papers(case: ReviewCase, given: Papers) -> Answer:
    """Keep the day the papers came."""
    desk, review = case.desk, case.present
    review.papers_in_on = given.on
    desk.session.add(review)
    finish(desk, case.review_id, PAPERS, given.on)
    case.record("papers in", review=review.id, day=given.on.isoformat())
    return Notice(text=f"Noted: the papers for the review of {case.ref} are in since {say_day(given.on)}.")


@dataclass(frozen=True, kw_only=True)
class _ToDo:
    """Any other task of the procedures, still to be done."""

    case: ReviewCase
    row: ReviewTask

    @property
    def label(self) -> str:
        """As the procedures name it."""
        return label_of(self.case.desk, self.row.task)

    @property
    def since(self) -> Edge:
        """From when it can have been done."""
        desk = self.case.desk
        review = reviews.get(desk.session, self.row.review_id)
        assert review is not None
        return since_task_can_be_done(desk, self.case.child, review, self.row.task)


def _to_do(desk: Desk, request: Request, *, for_change: bool) -> _ToDo:
    """The task that `run` names. Refused to all but its owner, and once it is done or no longer to be done."""
    row = review_tasks.get(desk.session, request.run) if request.run is not None else None
    case = _as_owner(desk, request, row, for_change=for_change)
    if case is None:
        case = open_review(desk, request.subject, May.SEE_REVIEWS, for_change=for_change)
    if row is None or row.child_id != case.child_id:
        raise Refused(f"That is no longer to be done for {case.ref}.", case.button("Open", "review.open"))
    what = May.CHAIR if row.owner_role == "iro" else May.PAPERS
    if case.what is not May.PAPERS:
        require(case.who, what)
    if row.done_on is not None:
        raise Refused(f"{label_of(desk, row.task)}, {case.ref}: noted as done on {say_day(row.done_on)}.")
    if row.not_needed:
        raise Refused(f"{label_of(desk, row.task)}, {case.ref}: no longer to be done.")
    return _ToDo(case=ReviewCase(desk=desk, child=case.child, review=case.review, who=case.who, what=what), row=row)


def _as_owner(desk: Desk, request: Request, row: ReviewTask | None, *, for_change: bool) -> ReviewCase | None:
    """The case for the person who holds the task's role for the child, where the procedures give it to another role."""
    if row is None or row.owner_role in _IN_THE_TABLE:
        return None
    child = find_child(desk, request.subject, for_change=for_change)
    if child is None or row.child_id != child.id or desk.actor_id not in holding(desk, row.owner_role, child):
        return None
    return ReviewCase(desk=desk, child=child, review=None, who=child_standing(desk, child), what=May.PAPERS)


class TaskDone(Declared[_ToDo], deed="review.task", title=lambda task: f"Done: {task.case.ref}", submit="Note as done"):
    """When a task was done."""

    on: date = day(
        DayOf.AROUND_REVIEW,
        lambda task: task.label,
        first=lambda task: today(task.case),
        since=lambda task: task.since,
    )

    @classmethod
    def place(cls, about: _ToDo) -> Place:
        """The child, and the task."""
        return Place(subject=about.case.ref, run=about.row.id)


@done_by(TaskDone, _to_do)
def do_task(task: _ToDo, given: TaskDone) -> Answer:
    """Keep the day the task was done."""
    case, row = task.case, task.row
    finish(case.desk, row.review_id, row.task, given.on)
    case.record("task done", review=row.review_id, task=row.task, day=given.on.isoformat())
    return Notice(text=f"Noted for {case.ref}: {task.label}, {say_day(given.on)}.")
