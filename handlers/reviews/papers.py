"""The papers for a review, and other work around it that has no form of its own: noted with the day it was done."""

from handlers.asking import check_years
from handlers.cards import Answer, Errors, Form, Notice
from handlers.day_windows import DayOf
from handlers.days import day_field, given_day, wrong_day
from handlers.fitting import fitted
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.reviews.case import ReviewCase, context_of, find_child, open_review, require_same
from handlers.reviews.earliest import since_task_can_be_done
from handlers.reviews.near import holding
from handlers.rights import May, child_standing, require
from handlers.timetable.tasks import PAPERS, finish, label_of
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import IRO
from storage import review_tasks, reviews
from storage.review_tasks import ReviewTask
from storage.reviews import Review

_IN_THE_TABLE = ("iro", "social_worker", "support")
"""Owners of tasks whom the table of permissions knows."""


def papers_form(desk: Desk, request: Request) -> Answer:
    """ "Papers in": the form; refused where they are noted already."""
    case = open_review(desk, request.subject, May.PAPERS, review_id=request.run)
    return _papers_form(case, _without_papers(case, request))


def _papers_form(case: ReviewCase, review: Review) -> Form:
    hint = "Reports, care plan, education and health."
    return Form(
        deed="review.papers.send",
        title=f"Papers: {case.ref}",
        submit="Note",
        subject=case.ref,
        run=review.id,
        context=context_of(case),
        fields=(day_field(DayOf.AROUND_REVIEW, "on", f"With the {IRO} since", case.desk.today, hint=hint),),
    )


def _without_papers(case: ReviewCase, request: Request) -> Review:
    review = require_same(case, request)
    if review.papers_in_on is not None:
        raise Refused(f"The papers for {case.ref} are noted as in since {say_day(review.papers_in_on)}.")
    return review


def note_papers(desk: Desk, request: Request) -> Answer:
    """Keep the day the papers came."""
    case = open_review(desk, request.subject, May.PAPERS, review_id=request.run, for_change=True)
    review = _without_papers(case, request)
    since, form = since_task_can_be_done(desk, case.child, review), fitted(_papers_form(case, review), request)
    wrong = wrong_day(desk, form, request, "on", since=since)
    on = given_day(request, "on")
    if wrong or on is None:
        return Errors(by_field=wrong)
    asked = check_years(desk, form, request)
    if asked is not None:
        return asked
    review.papers_in_on = on
    desk.session.add(review)
    finish(desk, case.review_id, PAPERS, on)
    case.record("papers in", review=review.id, day=on.isoformat())
    return Notice(text=f"Noted: the papers for the review of {case.ref} are in since {say_day(on)}.")


def task_form(desk: Desk, request: Request) -> Answer:
    """Any other task of the procedures: the form that notes it as done. `run` is the task."""
    return _task_form(*_task(desk, request))


def _task_form(case: ReviewCase, row: ReviewTask) -> Form:
    return Form(
        deed="review.task.send",
        title=f"Done: {case.ref}",
        submit="Note as done",
        subject=case.ref,
        run=row.id,
        fields=(day_field(DayOf.AROUND_REVIEW, "on", label_of(case.desk, row.task), case.desk.today),),
    )


def _task(desk: Desk, request: Request, *, for_change: bool = False) -> tuple[ReviewCase, ReviewTask]:
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
    return ReviewCase(desk=desk, child=case.child, review=case.review, who=case.who, what=what), row


def _as_owner(desk: Desk, request: Request, row: ReviewTask | None, *, for_change: bool) -> ReviewCase | None:
    """The case for the person who holds the task's role for the child, where the procedures give it to another role."""
    if row is None or row.owner_role in _IN_THE_TABLE:
        return None
    child = find_child(desk, request.subject, for_change=for_change)
    if child is None or row.child_id != child.id or desk.actor_id not in holding(desk, row.owner_role, child):
        return None
    return ReviewCase(desk=desk, child=child, review=None, who=child_standing(desk, child), what=May.PAPERS)


def do_task(desk: Desk, request: Request) -> Answer:
    """Keep the day the task was done."""
    case, row = _task(desk, request, for_change=True)
    review = reviews.get(desk.session, row.review_id)
    assert review is not None
    since, form = since_task_can_be_done(desk, case.child, review, row.task), fitted(_task_form(case, row), request)
    wrong = wrong_day(desk, form, request, "on", since=since)
    on = given_day(request, "on")
    if wrong or on is None:
        return Errors(by_field=wrong)
    asked = check_years(desk, form, request)
    if asked is not None:
        return asked
    finish(desk, row.review_id, row.task, on)
    case.record("task done", review=row.review_id, task=row.task, day=on.isoformat())
    return Notice(text=f"Noted for {case.ref}: {label_of(desk, row.task)}, {say_day(on)}.")
