"""Adjourning a review: once, up to 20 working days, where what the IRO was given is not enough (regulation 36(2))."""

from datetime import date, timedelta

from handlers.asking import check_years
from handlers.cards import Answer, Choice, Errors, Field, FieldKind, Form, Notice
from handlers.day_windows import DayOf
from handlers.days import Edge, day_field, given_day, wrong_day
from handlers.fitting import fitted
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.reviews.case import ReviewCase, context_of, open_review, require_same
from handlers.reviews.earliest import LAST_REVIEW, since_last_review
from handlers.reviews.planning import Cause, plan_review
from handlers.reviews.wording import due_words
from handlers.rights import May
from handlers.timetable.counting import complete_by, values_of
from handlers.timetable.tasks import BOOK, PAPERS, finish, put_again
from scheduling.deadline_wording import say_day
from scheduling.review_tasks import day_before
from scheduling.timetable import adjourn_until, may_adjourn
from storage.reviews import Review, ReviewState

AGAIN = "again"


def adjourn_form(desk: Desk, request: Request) -> Answer:
    """ "Adjourn": the form; refused the second time."""
    case = open_review(desk, request.subject, May.CHAIR, review_id=request.run)
    return _form(case, _may_be_adjourned(case, request))


def _form(case: ReviewCase, review: Review) -> Form:
    booked, today = review.booked_for, case.desk.today
    within = values_of(case.desk).adjournment.within
    reasons = tuple(Choice(value=one, label=one) for one in values_of(case.desk).late_reasons)
    again = (Choice(value=AGAIN, label="They are wanted again"),)
    return Form(
        deed="review.adjourn.send",
        title=f"Adjourn: {case.ref}",
        submit="Adjourn",
        subject=case.ref,
        run=review.id,
        context=context_of(case),
        fields=(
            Field(
                key="rule",
                kind=FieldKind.STATEMENT,
                text=f"Once, up to {within}. Nothing proposed is carried out before the review is completed.",
            ),
            day_field(
                DayOf.MET, "adjourned_on", "Adjourned on", booked if booked is not None and booked <= today else today
            ),
            Field(key="reason", kind=FieldKind.CHOICE, label="Why", required=True, choices=reasons),
            day_field(DayOf.BOOKED, "booked_for", "Goes on on", required=False, hint="Where the day is known already."),
            *(
                (Field(key="papers", kind=FieldKind.CHOICES, label="The papers", choices=again),)
                if review.papers_in_on is not None
                else ()
            ),
        ),
    )


def _may_be_adjourned(case: ReviewCase, request: Request, *, on: date | None = None) -> Review:
    review = require_same(case, request)
    if review.state is ReviewState.IN_SERIES:
        raise Refused(f"The review of {case.ref} goes on as a series of meetings: add the next meeting instead.")
    times = 1 if review.adjourned_on is not None else 0
    if not may_adjourn(values_of(case.desk).adjournment, on=on or case.desk.today, times=times):
        since = f" It was adjourned on {say_day(review.adjourned_on)}." if review.adjourned_on else ""
        raise Refused(
            f"A review can be adjourned once only.{since} {due_words(case.desk, review)}",
            case.button("Complete", "review.hold"),
        )
    return review


def adjourn(desk: Desk, request: Request) -> Answer:
    """Keep the adjournment: the review has begun, and has the time the law adds to be completed."""
    case = open_review(desk, request.subject, May.CHAIR, review_id=request.run, for_change=True)
    review = _may_be_adjourned(case, request)
    since, form = _since(case), fitted(_form(case, review), request)
    wrong = wrong_day(desk, form, request, "adjourned_on", since=since)
    on = given_day(request, "adjourned_on")
    if request.text("reason") not in values_of(desk).late_reasons:
        wrong["reason"] = "Say why it is adjourned."
    if on is not None and not wrong:
        wrong = wrong_day(desk, form, request, "booked_for") or _wrong_resumption(desk, request, on)
    if wrong or on is None:
        return Errors(by_field=wrong)
    asked = check_years(desk, form, request)
    if asked is not None:
        return asked
    review.state, review.adjourned_on, review.adjourned_reason = ReviewState.ADJOURNED, on, request.text("reason")
    review.held_on, review.booked_for, review.booked_time = on, given_day(request, "booked_for"), ""
    review.iro_id = case.child.iro_id
    desk.session.add(review)
    _follow_booking(case, review)
    if AGAIN in request.many("papers") and review.papers_in_on is not None:
        _want_papers(case, review)
    case.record("review adjourned", review=review.id, day=on.isoformat(), reason=review.adjourned_reason)
    plan_review(desk, case.child, Cause(why="review adjourned", actor_id=desk.actor_id, for_id=case.acts_for))
    return Notice(
        text=f"The review of {case.ref} is adjourned. {due_words(desk, review)}",
        buttons=() if review.booked_for else (case.button("Book the day", "review.book"),),
    )


def _follow_booking(case: ReviewCase, review: Review) -> None:
    """The day on which it goes on is a booking; without one it is to be booked again by anyone who may."""
    if review.booked_for is None:
        put_again(case.desk, case.review_id, BOOK, case.desk.calendar.following(case.desk.today))
        return
    review.booked_by_id, review.booked_at = case.desk.actor_id, case.desk.now
    finish(case.desk, case.review_id, BOOK, case.desk.today)


def _want_papers(case: ReviewCase, review: Review) -> None:
    """What was given is not enough: the papers are to come again, as long before it goes on as before any review."""
    desk, task = case.desk, values_of(case.desk).task(PAPERS)
    goes_on = review.booked_for or complete_by(desk, review)
    by = day_before(goes_on, task.before, desk.calendar) if task is not None and task.before else goes_on
    review.papers_in_on = None
    put_again(desk, case.review_id, PAPERS, max(by, desk.calendar.following(desk.today)))
    case.record("papers wanted again", review=review.id)


def _since(case: ReviewCase) -> Edge:
    """From the day after the last review, held here or before go-live, else from when the child became looked after."""
    since = since_last_review(case.desk, case.child)
    if since.day is None or since.why != LAST_REVIEW:
        return since
    return Edge(day=since.day + timedelta(days=1), why="the day after the last review")


def _wrong_resumption(desk: Desk, request: Request, on: date) -> dict[str, str]:
    until = adjourn_until(values_of(desk).adjournment, on, desk.calendar)
    again = given_day(request, "booked_for")
    if until < desk.today:
        return {"adjourned_on": f"The time of this adjournment ended on {say_day(until)}: record the review."}
    if again is None:
        return {}
    if again <= on:
        return {"booked_for": "This date has passed."}
    if again > until:
        return {"booked_for": f"It has to be completed by {say_day(until)}."}
    return {}
