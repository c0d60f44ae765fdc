"""The midway check: between two reviews, from the day after the last one, while the child is looked after."""

from datetime import date, timedelta

from handlers.asking import check_years
from handlers.cards import Answer, Errors, Form, Notice
from handlers.day_windows import DayOf
from handlers.days import Edge, day_field, wrong_day
from handlers.fitting import fitted
from handlers.forms.detail import check_detail
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.reviews.case import ReviewCase, open_review
from handlers.reviews.contacts import WORDS, add_to
from handlers.reviews.earliest import last_possible, until_the_end
from handlers.rights import May
from handlers.timetable.tasks import MIDWAY, finish
from scheduling.deadline_wording import say_day
from storage import reviews
from storage.contacts import ContactKind
from storage.reviews import Review

_AFTER = "the day after the last review"


def midway_form(desk: Desk, request: Request) -> Answer:
    """ "Midway check": the form; refused where it is recorded already."""
    case = open_review(desk, request.subject, May.CHAIR)
    _last_without_midway(case)
    return _midway_form(case)


def _midway_form(case: ReviewCase) -> Form:
    return Form(
        deed="review.midway.send",
        title=f"Midway: {case.ref}",
        submit="Record",
        subject=case.ref,
        fields=(day_field(DayOf.AROUND_REVIEW, "on", "Checked on", last_possible(case.desk, case.child)), WORDS),
    )


def _last_without_midway(case: ReviewCase) -> Review:
    """The review after which the check is made: the last one held, on a day before today and before care ended."""
    last = reviews.last_held(case.desk.session, case.child_id)
    if last is None:
        raise Refused(f"{case.ref} has had no review here yet, so none to check midway from. Record a contact instead.")
    if last.midway_on is not None:
        raise Refused(f"The midway check of {case.ref} is recorded already, for {say_day(last.midway_on)}.")
    first, until = _from(last), until_the_end(case.desk, case.child)
    if until.day is not None and until.day < first:
        raise Refused(f"{case.ref} has not been looked after since {say_day(until.day)}: there is no midway.")
    if first > case.desk.today:
        raise Refused(f"The midway check of {case.ref} can be recorded from {say_day(first)}, {_AFTER}.")
    return last


def _from(last: Review) -> date:
    """The first day of a midway check: the day after the review was completed."""
    ended = last.completed_on or last.held_on
    assert ended is not None
    return ended + timedelta(days=1)


def record_midway(desk: Desk, request: Request) -> Answer:
    """Keep the midway check on the review it follows."""
    case = open_review(desk, request.subject, May.CHAIR, for_change=True)
    last = _last_without_midway(case)
    assert last.id is not None
    until = until_the_end(desk, case.child)
    form = fitted(_midway_form(case), request)
    wrong = wrong_day(desk, form, request, "on", since=Edge(day=_from(last), why=_AFTER), until=until)
    if wrong:
        return Errors(by_field=wrong)
    problem = check_years(desk, form, request) or check_detail(desk, form, request, ("words",))
    if problem is not None:
        return problem
    made = add_to(case, ContactKind.MIDWAY, request, words=request.text("words") or None, review=last)
    last.midway_on = made.happened_on
    desk.session.add(last)
    finish(desk, last.id, MIDWAY, made.happened_on)
    return Notice(text=f"The midway check of {case.ref} is recorded for {say_day(made.happened_on)}.")
