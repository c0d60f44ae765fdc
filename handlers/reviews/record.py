"""The full record of a review: written by the IRO, sent out by business support, and kept elsewhere."""

from collections.abc import Callable
from datetime import date

from handlers.cards import Answer, Notice
from handlers.day_windows import DayOf
from handlers.days import Edge
from handlers.forms.deeds import Opens, done_by
from handlers.forms.fields import day
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.reviews.by_form import OfReview, today
from handlers.reviews.case import ReviewCase, open_review
from handlers.reviews.earliest import HELD
from handlers.rights import May
from handlers.timetable.tasks import RECORD_SENT, RECORD_WRITTEN, finish
from scheduling.deadline_wording import say_day
from storage import reviews
from storage.reviews import ReviewState


def _held(what: May, also: Callable[[ReviewCase], None]) -> Opens[ReviewCase]:
    """Opens the review held that is meant: the one named, else the child's last."""

    def opened(desk: Desk, request: Request, *, for_change: bool) -> ReviewCase:
        case = open_review(desk, request.subject, what, review_id=request.run, for_change=for_change)
        found = case.review
        if found is None or found.state is not ReviewState.HELD:
            found = reviews.last_held(desk.session, case.child_id)
        if found is None:
            raise Refused(f"No review of {case.ref} is recorded as held yet.", case.button("Open", "review.open"))
        held = ReviewCase(desk=desk, child=case.child, review=found, who=case.who, what=what)
        also(held)
        return held

    return opened


def _not_written(case: ReviewCase) -> None:
    written = case.present.record_written_on
    if written is not None:
        raise Refused(f"The record for {case.ref} is noted as written on {say_day(written)}.")


def _not_sent(case: ReviewCase) -> None:
    sent = case.present.record_sent_on
    if sent is not None:
        raise Refused(f"The record for {case.ref} is noted as sent out on {say_day(sent)}.")


def _since_held(case: ReviewCase) -> Edge:
    return Edge(day=case.present.completed_on or case.present.held_on, why=HELD)


class Written(OfReview, deed="review.record", title=lambda case: f"Record written: {case.ref}"[:24], submit="Note"):
    """When the record was written."""

    on: date = day(DayOf.AROUND_REVIEW, "Written on", first=today, since=_since_held)


class Sent(OfReview, deed="review.record_sent", title=lambda case: f"Record sent: {case.ref}"[:24], submit="Note"):
    """When the record went out."""

    on: date = day(DayOf.AROUND_REVIEW, "Sent out on", first=today, since=_since_held)

    def wrong(self, about: ReviewCase) -> dict[str, str]:
        """Nothing goes out before it is written."""
        written = about.present.record_written_on
        if written is not None and self.on < written:
            return {"on": f"This is before {say_day(written)}, when it was written."}
        return {}


@done_by(Written, _held(May.CHAIR, _not_written))
def note_written(case: ReviewCase, given: Written) -> Answer:
    """Keep the day the record was written."""
    desk, review = case.desk, case.present
    review.record_written_on = given.on
    desk.session.add(review)
    finish(desk, case.review_id, RECORD_WRITTEN, given.on)
    case.record("record written", review=review.id, day=given.on.isoformat())
    return Notice(
        text=f"Noted: the record of the review of {case.ref} was written on {say_day(given.on)}.",
        buttons=(case.button("Record sent", "review.record_sent"),),
    )


@done_by(Sent, _held(May.SEND_RECORD, _not_sent))
def note_sent(case: ReviewCase, given: Sent) -> Answer:
    """Keep the day the record went out; what went out was written by then, no matter who noted it."""
    desk, review, on = case.desk, case.present, given.on
    review.record_sent_on = on
    if review.record_written_on is None:
        review.record_written_on = on
        finish(desk, case.review_id, RECORD_WRITTEN, on)
    desk.session.add(review)
    finish(desk, case.review_id, RECORD_SENT, on)
    case.record("record sent", review=review.id, day=on.isoformat())
    return Notice(text=f"Noted: the record of the review of {case.ref} was sent out on {say_day(on)}.")
