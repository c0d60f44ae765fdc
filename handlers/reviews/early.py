"""Bringing a review forward: for the law's reasons and the authority's own, or because the child or the IRO asks."""

from datetime import timedelta

from handlers.asking import check_years
from handlers.cards import Answer, Choice, Errors, Field, FieldKind, Form, Notice
from handlers.day_windows import DayOf
from handlers.days import day_field, given_day, wrong_day
from handlers.fitting import fitted
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.reviews.case import ReviewCase, context_of, open_review, require_same
from handlers.reviews.planning import Cause, plan_review
from handlers.reviews.wording import due_words, state_words
from handlers.rights import May
from handlers.timetable.counting import values_of
from scheduling.deadline_wording import say_day
from scheduling.procedures.review_values import EarlyReason
from scheduling.timetable import bring_forward
from storage.reviews import Review, ReviewState

_ASKED_BY = {"child_requests": "child", "iro_requests": "iro"}


def early_form(desk: Desk, request: Request) -> Answer:
    """ "Bring forward": the form with the reasons the law and the procedures know."""
    case = open_review(desk, request.subject, May.CHAIR, review_id=request.run)
    return _form(case, _not_begun(case, request))


def _form(case: ReviewCase, review: Review) -> Form:
    desk = case.desk
    reasons = tuple(Choice(value=one.key, label=one.label) for one in values_of(desk).early)
    return Form(
        deed="review.early.send",
        title=f"Bring forward: {case.ref}",
        submit="Bring forward",
        subject=case.ref,
        run=review.id,
        context=context_of(case),
        fields=(
            Field(
                key="due",
                kind=FieldKind.STATEMENT,
                text=f"{due_words(desk, review)} Now {state_words(desk, review)}.",
            ),
            Field(key="reason", kind=FieldKind.CHOICE, label="Why", required=True, choices=reasons),
            day_field(DayOf.BROUGHT_FORWARD, "due_on", "To be held by"),
        ),
    )


def _not_begun(case: ReviewCase, request: Request) -> Review:
    review = require_same(case, request)
    if review.state not in (ReviewState.DUE, ReviewState.BOOKED):
        raise Refused(
            f"The review of {case.ref} has begun already: complete it.", case.button("Complete", "review.hold")
        )
    if review.due_on <= case.desk.today:
        raise Refused(f"It is due already: {due_words(case.desk, review)}", case.button("Book", "review.book"))
    return review


def bring_review_forward(desk: Desk, request: Request) -> Answer:
    """Keep the earlier day; a booking stays, and everything after the review will count from when it is held."""
    case = open_review(desk, request.subject, May.CHAIR, review_id=request.run, for_change=True)
    review = _not_begun(case, request)
    form = fitted(_form(case, review), request)
    reason = next((one for one in values_of(desk).early if one.key == request.text("reason")), None)
    wrong = wrong_day(desk, form, request, "due_on") or _wrong_day(review, request)
    if reason is None:
        wrong["reason"] = "Choose why it is brought forward."
    if wrong or reason is None:
        return Errors(by_field=wrong)
    asked = check_years(desk, form, request)
    if asked is not None:
        return asked
    _keep(case, review, request, reason)
    return _said(case, review)


def _wrong_day(review: Review, request: Request) -> dict[str, str]:
    day = given_day(request, "due_on")
    if day is not None and day >= review.due_on:
        before = review.due_on - timedelta(days=1)
        return {"due_on": f"This is not earlier: give {say_day(before)} at the latest."}
    return {}


def _keep(case: ReviewCase, review: Review, request: Request, reason: EarlyReason) -> None:
    desk, wanted, before = case.desk, given_day(request, "due_on"), review.due_on
    assert wanted is not None
    review.brought_forward_from = review.brought_forward_from or before
    review.due_on = bring_forward(before, wanted_on=wanted, today=desk.today)
    review.early_reason, review.asked_for_by = reason.label[:120], _ASKED_BY.get(reason.key)
    desk.session.add(review)
    case.record(
        "review brought forward",
        review=review.id,
        before=before.isoformat(),
        due=review.due_on.isoformat(),
        reason=reason.key,
    )
    plan_review(desk, case.child, Cause(why="brought forward", actor_id=desk.actor_id, for_id=case.acts_for))


def _said(case: ReviewCase, review: Review) -> Notice:
    text = f"The review of {case.ref} is brought forward. {due_words(case.desk, review)}"
    if review.booked_for is None:
        return Notice(text=text, buttons=(case.button("Book", "review.book", "primary"),))
    if review.booked_for > review.due_on:
        text += f" It is booked for {say_day(review.booked_for)}, which is now too late: move it."
        return Notice(text=text, buttons=(case.button("Move", "review.book", "primary"),))
    return Notice(text=text)
