"""Recording a review as held: one meeting, or a series of them, in time or late, and who took part in it.

Whether a series was in time is counted by its start or by its completion, as the authority's procedures say.
"""

from dataclasses import replace
from datetime import date

from handlers.asking import check_years, with_typed
from handlers.cards import Answer, Button, Errors, Form, Notice
from handlers.day_windows import DayOf
from handlers.days import Edge, given_day, wrong_day
from handlers.fitting import fitted
from handlers.forms.fields import day
from handlers.numbers import number_of
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request, Value
from handlers.reviews.by_form import OfReview, by_form, today, until_care_ends
from handlers.reviews.case import ReviewCase, context_of, open_review, require_same, require_unchanged
from handlers.reviews.earliest import (
    LAST_MET,
    last_ended,
    last_met,
    meeting_days,
    since_last_review,
)
from handlers.reviews.hold_form import NO_MEETING, HowHeld, hold_fields, how_held, wrong_how_held
from handlers.reviews.planning import Cause, none_to_come, plan_review
from handlers.reviews.siblings import ALSO, Siblings, also_field, chosen, siblings
from handlers.reviews.undone import settle
from handlers.reviews.wording import due_words
from handlers.rights import May, child_standing, may
from handlers.timetable.counting import latest_day, values_of
from handlers.timetable.tasks import close_before, close_missed, plan_tasks
from scheduling.deadline_wording import say_day
from scheduling.timetable import in_time
from storage import children, reviews
from storage.concerns import Concern
from storage.reviews import BEGUN, Meeting, Review, ReviewState


def hold_form(desk: Desk, request: Request) -> Answer:
    """ "Record as held", or "Complete" for a review that has begun."""
    case, review = _opened(desk, request)
    return _form(case, review)


def _opened(desk: Desk, request: Request, *, for_change: bool = False) -> tuple[ReviewCase, Review]:
    """The open review in hand, or the one that ended with care: it may have been held by then."""
    case = open_review(desk, request.subject, May.CHAIR, review_id=request.run, for_change=for_change)
    ended = last_ended(desk, case.child)
    if ended is None or (case.review is not None and case.review.id != ended.id):
        return case, require_same(case, request)
    require_unchanged(case, request, ended)
    return replace(case, review=ended), ended


def _form(case: ReviewCase, review: Review) -> Form:
    begun = review.state in BEGUN
    return Form(
        deed="review.hold.send",
        title=f"{'Completed' if begun else 'Held'}: {case.ref}",
        submit="Record",
        subject=case.ref,
        run=review.id,
        context=context_of(case),
        fields=(*hold_fields(case, review, begun=begun), *also_field(case.desk, _to_be_held(case, review), SAME)),
    )


SAME = "Their forms open next with the same day, and how it was held. How each child took part is theirs."


def _to_be_held(case: ReviewCase, review: Review) -> Siblings:
    if review.state not in (ReviewState.DUE, ReviewState.BOOKED):
        return ()
    return siblings(case, review, May.CHAIR, ReviewState.DUE, ReviewState.BOOKED)


def also_held_form(desk: Desk, request: Request) -> Answer:
    """ "Record AB-2077 too": the form with the day, and how it was held, of the review that was recorded before it."""
    reference, _, before = request.subject.partition(" ")
    case, review = _opened(desk, replace(request, subject=reference))
    number = number_of(before)
    held = reviews.get(desk.session, number) if number is not None else None
    child = children.get(desk.session, held.child_id) if held is not None else None
    form = _form(case, review)
    if held is None or held.held_on is None or child is None or not may(child_standing(desk, child), May.CHAIR):
        return form
    how = held.held_how if held.held_how not in (None, NO_MEETING) else ""
    alike: dict[str, Value] = {"held_on": held.held_on.isoformat(), "held_how": how or ""}
    return with_typed(form, replace(request, values=alike))


def _theirs_next(ticked: Siblings, held: Review) -> tuple[Button, ...]:
    """A button for each that was ticked."""
    return tuple(
        Button(
            label=f"Record {child.reference} too",
            deed="review.hold.also",
            subject=f"{child.reference} {held.id}",
            run=review.id,
            weight="primary",
        )
        for review, child in ticked
    )


def hold(desk: Desk, request: Request) -> Answer:
    """Record the review as held, or its series as begun; the next review is planned at once."""
    case, review = _opened(desk, request, for_change=True)
    begun = review.state in BEGUN
    day_key = "completed_on" if begun else "held_on"
    form = fitted(_form(case, review), request)
    wrong = _wrong_day(case, review, form, request, day_key)
    if wrong:
        return Errors(by_field=wrong)
    asked = check_years(desk, form, request)
    if asked is not None:
        return asked
    day = given_day(request, day_key)
    assert day is not None
    ticked, gone = chosen(request, _to_be_held(case, review))
    if gone:
        return Errors(by_field={ALSO: gone})
    if not begun and request.many("series"):
        return _with(_begin_series(case, review, day), _theirs_next(ticked, review))
    first = review.held_on if begun and review.held_on is not None else day
    timely = _in_time(case, review, first, day)
    wrong = wrong_how_held(case, request, first, timely=timely)
    if wrong:
        return Errors(by_field=wrong)
    _complete(case, review, first, day, how_held(request, timely=timely))
    return _with(_said(case, review, settle(desk, review)), _theirs_next(ticked, review))


def _with(notice: Notice, first: tuple[Button, ...]) -> Notice:
    return replace(notice, buttons=(*first, *notice.buttons))


def _wrong_day(case: ReviewCase, review: Review, form: Form, request: Request, key: str) -> dict[str, str]:
    desk, day = case.desk, given_day(request, key)
    since = since_last_review(desk, case.child)
    if key == "completed_on":
        since = Edge(day=last_met(desk, review), why=LAST_MET)
    else:
        before = reviews.last_held(desk.session, case.child_id)
        if before is not None and before.held_on is not None and day == before.held_on:
            return {key: f"A review is recorded for {say_day(before.held_on)} already."}
    return wrong_day(desk, form, request, key, since=since, until=until_care_ends(case))


def _in_time(case: ReviewCase, review: Review, held_on: date, completed_on: date) -> bool:
    return in_time(
        values_of(case.desk).counting,
        due_on=review.due_on,
        held_on=held_on,
        completed_on=completed_on,
        adjourned_until=latest_day(case.desk, review),
    )


def _begin_series(case: ReviewCase, review: Review, day: date) -> Notice:
    review.state, review.series, review.held_on = ReviewState.IN_SERIES, True, day
    review.iro_id = case.child.iro_id
    case.desk.session.add_all((review, Meeting(review_id=case.review_id, held_on=day)))
    close_before(case.desk, review)
    case.record("series begun", review=review.id, day=day.isoformat())
    counted = "counted by its start" if values_of(case.desk).counting == "start" else "counted by its completion"
    return Notice(
        text=f"The review of {case.ref} is a series of meetings, begun on {say_day(day)}. Whether it is in time "
        f"is {counted}. {due_words(case.desk, review)}",
        buttons=(case.button("Add a meeting", "review.meeting"), case.button("Complete", "review.hold")),
    )


def _complete(case: ReviewCase, review: Review, held_on: date, completed_on: date, how: HowHeld) -> None:
    desk = case.desk
    previous = reviews.last_held(desk.session, case.child_id)
    _keep_meeting(case, review, completed_on)
    review.state, review.held_on, review.completed_on = ReviewState.HELD, held_on, completed_on
    review.in_time, review.late_reason = how.in_time, how.late_reason
    review.held_how, review.participation, review.chaired = how.held_how, how.participation, how.chaired
    review.took_part, review.offered = ",".join(how.took_part), ",".join(how.offered)
    review.iro_id = case.child.iro_id
    desk.session.add(review)
    desk.session.flush()
    close_missed(desk, review, previous)
    case.record(
        "review held",
        review=review.id,
        day=held_on.isoformat(),
        completed=completed_on.isoformat(),
        due=review.due_on.isoformat(),
        in_time=int(how.in_time),
        late_reason=how.late_reason,
        participation=how.participation.value,
        chaired=how.chaired.value,
    )
    cause = Cause(why="review held", actor_id=desk.actor_id, for_id=case.acts_for)
    following = plan_review(desk, case.child, cause)
    plan_tasks(desk, case.child, review, next_due_on=following.due_on if following is not None else None)
    desk.session.flush()


def _keep_meeting(case: ReviewCase, review: Review, day: date) -> None:
    if review.series and day not in meeting_days(case.desk, review):
        case.desk.session.add(Meeting(review_id=case.review_id, held_on=day))


def _said(case: ReviewCase, review: Review, readied: Concern | None) -> Notice:
    timely = "in time" if review.in_time else f"late ({review.late_reason})"
    assert review.held_on is not None
    following = reviews.open_of(case.desk.session, case.child_id)
    after = due_words(case.desk, following) if following is not None else none_to_come(case.desk, case.child)
    buttons = [case.button("Add decisions", "review.decisions", "primary")]
    if following is not None and case.may(May.BOOK):
        buttons.append(Button(label="Book the next", deed="review.book", subject=case.ref, run=following.id))
    text = f"The review of {case.ref} is recorded as held on {say_day(review.held_on)}, {timely}. {after}"
    if readied is not None:
        text += f" What earlier reviews decided was not all done: {readied.reference} is ready as a draft."
        buttons.append(Button(label=f"Open {readied.reference}", deed="concern.open", subject=readied.reference))
    return Notice(text=text, buttons=tuple(buttons))


def _of_a_series(case: ReviewCase) -> None:
    if case.present.state is not ReviewState.IN_SERIES:
        raise Refused(f"The review of {case.ref} is no series of meetings.", case.button("Open", "review.open"))


class NextMeeting(
    OfReview, deed="review.meeting", title=lambda case: f"Meeting: {case.ref}", submit="Add", watches=True
):
    """ "Add a meeting" to a series."""

    held_on: date = day(
        DayOf.MET,
        "Held on",
        first=today,
        since=lambda case: Edge(day=case.present.held_on, why="when the series began"),
        until=until_care_ends,
    )

    def wrong(self, about: ReviewCase) -> dict[str, str]:
        """One meeting a day."""
        if self.held_on in meeting_days(about.desk, about.present):
            return {"held_on": "A meeting is recorded for this day already."}
        return {}


@by_form(NextMeeting, May.CHAIR, also=_of_a_series)
def add_meeting(case: ReviewCase, given: NextMeeting) -> Answer:
    """Keep one more meeting of a series."""
    case.desk.session.add(Meeting(review_id=case.review_id, held_on=given.held_on))
    case.record("meeting of the series", review=case.review_id, day=given.held_on.isoformat())
    return Notice(
        text=f"The meeting of {say_day(given.held_on)} is kept. {due_words(case.desk, case.present)}",
        buttons=(case.button("Complete", "review.hold"),),
    )
