"""Recording a review as held: one meeting, or a series of them, in time or late, and who took part in it.

Whether a series was in time is counted by its start or by its completion, as the authority's procedures say.
"""

from dataclasses import replace
from datetime import date

from handlers.cards import Answer, Button, Notice
from handlers.day_windows import DayOf
from handlers.days import Edge
from handlers.forms.deeds import done_by
from handlers.forms.fields import day
from handlers.numbers import number_of
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.reviews.by_form import OfReview, by_form, today, until_care_ends
from handlers.reviews.case import ReviewCase, open_review, require_same, require_unchanged
from handlers.reviews.earliest import last_ended, meeting_days
from handlers.reviews.hold_form import NO_MEETING, Held, Holding
from handlers.reviews.planning import Cause, none_to_come, plan_review
from handlers.reviews.siblings import Siblings, require_offered, siblings
from handlers.reviews.undone import settle
from handlers.reviews.wording import due_words
from handlers.rights import May, child_standing, may
from handlers.timetable.counting import values_of
from handlers.timetable.tasks import close_before, close_missed, plan_tasks
from scheduling.deadline_wording import say_day
from storage import children, reviews
from storage.concerns import Concern
from storage.reviews import Chaired, Meeting, Review, ReviewState


def _holding(desk: Desk, request: Request, *, for_change: bool) -> Holding:
    """The open review in hand, or the one that ended with care: it may have been held by then."""
    case = open_review(desk, request.subject, May.CHAIR, review_id=request.run, for_change=for_change)
    ended = last_ended(desk, case.child)
    if ended is not None and (case.review is None or case.review.id == ended.id):
        require_unchanged(case, request, ended)
        return Holding(case=replace(case, review=ended))
    others = _to_be_held(case, require_same(case, request))
    require_offered(request, others)
    return Holding(case=case, others=others)


def _to_be_held(case: ReviewCase, review: Review) -> Siblings:
    if review.state not in (ReviewState.DUE, ReviewState.BOOKED):
        return ()
    return siblings(case, review, May.CHAIR, ReviewState.DUE, ReviewState.BOOKED)


def also_held_form(desk: Desk, request: Request) -> Answer:
    """ "Record AB-2077 too": the form with the day, and how it was held, of the review that was recorded before it."""
    reference, _, before = request.subject.partition(" ")
    about = _holding(desk, replace(request, subject=reference), for_change=False)
    number = number_of(before)
    held = reviews.get(desk.session, number) if number is not None else None
    child = children.get(desk.session, held.child_id) if held is not None else None
    if held is None or held.held_on is None or child is None or not may(child_standing(desk, child), May.CHAIR):
        return Held.draw(about)
    how = held.held_how if held.held_how not in (None, NO_MEETING) else ""
    return Held.draw(about, {"held_on": held.held_on.isoformat(), "held_how": how or ""})


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


@done_by(Held, _holding)
def hold(about: Holding, given: Held) -> Answer:
    """Record the review as held, or its series as begun; the next review is planned at once."""
    case, review = about.case, about.review
    theirs = _theirs_next([one for one in about.others if one[1].reference in given.also], review)
    if given.series:
        return _with(_begin_series(case, review, given.held_on), theirs)
    _complete(about, given)
    return _with(_said(case, review, settle(case.desk, review)), theirs)


def _with(notice: Notice, first: tuple[Button, ...]) -> Notice:
    return replace(notice, buttons=(*first, *notice.buttons))


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


def _complete(about: Holding, given: Held) -> None:
    case, review, desk = about.case, about.review, about.case.desk
    (held_on, completed_on), timely = given.met(about), given.is_timely(about)
    previous = reviews.last_held(desk.session, case.child_id)
    _keep_meeting(case, review, completed_on)
    review.state, review.held_on, review.completed_on = ReviewState.HELD, held_on, completed_on
    review.in_time, review.late_reason = timely, None if timely else given.late_reason
    review.held_how, review.participation = given.held_how or "", given.participation
    review.chaired = given.chaired or Chaired.NO
    review.took_part, review.offered = ",".join(given.took_part), ",".join(given.offered)
    review.iro_id = case.child.iro_id
    desk.session.add(review)
    desk.session.flush()
    close_missed(desk, review, previous)
    _record_held(case, review)
    cause = Cause(why="review held", actor_id=desk.actor_id, for_id=case.acts_for)
    following = plan_review(desk, case.child, cause)
    plan_tasks(desk, case.child, review, next_due_on=following.due_on if following is not None else None)
    desk.session.flush()


def _record_held(case: ReviewCase, review: Review) -> None:
    case.record(
        "review held",
        review=review.id,
        day=str(review.held_on),
        completed=str(review.completed_on),
        due=review.due_on.isoformat(),
        in_time=int(review.in_time or False),
        late_reason=review.late_reason,
        participation=review.participation.value if review.participation is not None else None,
        chaired=review.chaired.value if review.chaired is not None else None,
    )


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
