"""The midway check: between two reviews, from the day after the last one, while the child is looked after."""

from datetime import date, timedelta

from handlers.cards import Answer, Notice
from handlers.day_windows import DayOf
from handlers.days import Edge
from handlers.forms.fields import day
from handlers.refusals import Refused
from handlers.reviews.by_form import OfReview, by_form, until_care_ends
from handlers.reviews.case import ReviewCase
from handlers.reviews.contacts import add_to, what_was_found
from handlers.reviews.earliest import last_possible
from handlers.rights import May
from handlers.timetable.tasks import MIDWAY, finish
from scheduling.deadline_wording import say_day
from storage import reviews
from storage.contacts import ContactKind
from storage.reviews import Review

_AFTER = "the day after the last review"


def _last_without_midway(case: ReviewCase) -> Review:
    """The review after which the check is made: the last one held, on a day before today and before care ended."""
    last = reviews.last_held(case.desk.session, case.child_id)
    if last is None:
        raise Refused(f"{case.ref} has had no review here yet, so none to check midway from. Record a contact instead.")
    if last.midway_on is not None:
        raise Refused(f"The midway check of {case.ref} is recorded already, for {say_day(last.midway_on)}.")
    first, until = _from(last), until_care_ends(case)
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


class Midway(OfReview, deed="review.midway", title=lambda case: f"Midway: {case.ref}", submit="Record", of_run=False):
    """When it was checked, and what was found."""

    on: date = day(
        DayOf.AROUND_REVIEW,
        "Checked on",
        first=lambda case: last_possible(case.desk, case.child).isoformat(),
        since=lambda case: Edge(day=_from(_last_without_midway(case)), why=_AFTER),
        until=until_care_ends,
    )
    words: str = what_was_found()


@by_form(Midway, May.CHAIR, also=_last_without_midway)
def record_midway(case: ReviewCase, given: Midway) -> Answer:
    """Keep the midway check on the review it follows."""
    last = _last_without_midway(case)
    assert last.id is not None
    add_to(case, ContactKind.MIDWAY, given.on, words=given.words, review=last)
    last.midway_on = given.on
    case.desk.session.add(last)
    finish(case.desk, last.id, MIDWAY, given.on)
    return Notice(text=f"The midway check of {case.ref} is recorded for {say_day(given.on)}.")
