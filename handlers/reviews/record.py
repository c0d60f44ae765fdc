"""The full record of a review: written by the IRO, sent out by business support, and kept elsewhere."""

from handlers.asking import check_years
from handlers.cards import Answer, Errors, Form, Notice
from handlers.day_windows import DayOf
from handlers.days import Edge, day_field, given_day, wrong_day
from handlers.fitting import fitted
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.reviews.case import ReviewCase, open_review
from handlers.rights import May
from handlers.timetable.tasks import RECORD_SENT, RECORD_WRITTEN, finish
from scheduling.deadline_wording import say_day
from storage import reviews
from storage.reviews import Review, ReviewState


def written_form(desk: Desk, request: Request) -> Answer:
    """ "Record written": the form."""
    case = _held(desk, request, May.CHAIR)
    _require_not_written(case, case.present)
    return _written_form(case)


def _written_form(case: ReviewCase) -> Form:
    return _form(case, "review.record.send", "Record written", "Written on")


def sent_form(desk: Desk, request: Request) -> Answer:
    """ "Record sent": the form."""
    case = _held(desk, request, May.SEND_RECORD)
    _require_not_sent(case, case.present)
    return _sent_form(case)


def _sent_form(case: ReviewCase) -> Form:
    return _form(case, "review.record_sent.send", "Record sent", "Sent out on")


def _form(case: ReviewCase, deed: str, title: str, label: str) -> Form:
    return Form(
        deed=deed,
        title=f"{title}: {case.ref}"[:24],
        submit="Note",
        subject=case.ref,
        run=case.review_id,
        fields=(day_field(DayOf.AROUND_REVIEW, "on", label, case.desk.today),),
    )


def _held(desk: Desk, request: Request, what: May, *, for_change: bool = False) -> ReviewCase:
    """The review held that is meant: the one named, else the child's last."""
    case = open_review(desk, request.subject, what, review_id=request.run, for_change=for_change)
    found = case.review
    if found is None or found.state is not ReviewState.HELD:
        found = reviews.last_held(desk.session, case.child_id)
    if found is None:
        raise Refused(f"No review of {case.ref} is recorded as held yet.", case.button("Open", "review.open"))
    return ReviewCase(desk=desk, child=case.child, review=found, who=case.who, what=what)


def _require_not_written(case: ReviewCase, review: Review) -> None:
    if review.record_written_on is not None:
        raise Refused(f"The record for {case.ref} is noted as written on {say_day(review.record_written_on)}.")


def _require_not_sent(case: ReviewCase, review: Review) -> None:
    if review.record_sent_on is not None:
        raise Refused(f"The record for {case.ref} is noted as sent out on {say_day(review.record_sent_on)}.")


def note_written(desk: Desk, request: Request) -> Answer:
    """Keep the day the record was written."""
    case = _held(desk, request, May.CHAIR, for_change=True)
    review = case.present
    _require_not_written(case, review)
    form, on = fitted(_written_form(case), request), given_day(request, "on")
    wrong = _wrong_day(case, form, request)
    if wrong or on is None:
        return Errors(by_field=wrong)
    asked = check_years(desk, form, request)
    if asked is not None:
        return asked
    review.record_written_on = on
    desk.session.add(review)
    finish(desk, case.review_id, RECORD_WRITTEN, on)
    case.record("record written", review=review.id, day=on.isoformat())
    return Notice(
        text=f"Noted: the record of the review of {case.ref} was written on {say_day(on)}.",
        buttons=(case.button("Record sent", "review.record_sent"),),
    )


def note_sent(desk: Desk, request: Request) -> Answer:
    """Keep the day the record went out; what went out was written by then, no matter who noted it."""
    case = _held(desk, request, May.SEND_RECORD, for_change=True)
    review = case.present
    _require_not_sent(case, review)
    form, on = fitted(_sent_form(case), request), given_day(request, "on")
    wrong = _wrong_day(case, form, request)
    if not wrong and on is not None and review.record_written_on is not None and on < review.record_written_on:
        wrong = {"on": f"This is before {say_day(review.record_written_on)}, when it was written."}
    if wrong or on is None:
        return Errors(by_field=wrong)
    asked = check_years(desk, form, request)
    if asked is not None:
        return asked
    review.record_sent_on = on
    if review.record_written_on is None:
        review.record_written_on = on
        finish(desk, case.review_id, RECORD_WRITTEN, on)
    desk.session.add(review)
    finish(desk, case.review_id, RECORD_SENT, on)
    case.record("record sent", review=review.id, day=on.isoformat())
    return Notice(text=f"Noted: the record of the review of {case.ref} was sent out on {say_day(on)}.")


def _wrong_day(case: ReviewCase, form: Form, request: Request) -> dict[str, str]:
    review = case.present
    held = review.completed_on or review.held_on
    return wrong_day(case.desk, form, request, "on", since=Edge(day=held, why="when the review was held"))
