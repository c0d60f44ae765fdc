"""Adjourning a review: once, up to 20 working days, where what the IRO was given is not enough (regulation 36(2))."""

from datetime import date, timedelta

from handlers.cards import Answer, Choice, Notice
from handlers.day_windows import DayOf
from handlers.days import Edge
from handlers.forms.fields import choice, day, day_if_any, tick
from handlers.refusals import Refused
from handlers.reviews.by_form import OfReview, by_form, today
from handlers.reviews.case import ReviewCase
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


def _may_be_adjourned(case: ReviewCase) -> None:
    review = case.present
    if review.state is ReviewState.IN_SERIES:
        raise Refused(f"The review of {case.ref} goes on as a series of meetings: add the next meeting instead.")
    times = 1 if review.adjourned_on is not None else 0
    if not may_adjourn(values_of(case.desk).adjournment, on=case.desk.today, times=times):
        since = f" It was adjourned on {say_day(review.adjourned_on)}." if review.adjourned_on else ""
        raise Refused(
            f"A review can be adjourned once only.{since} {due_words(case.desk, review)}",
            case.button("Complete", "review.hold"),
        )


def _reasons(case: ReviewCase) -> tuple[Choice, ...]:
    return tuple(Choice(value=one, label=one) for one in values_of(case.desk).late_reasons)


def _booked_or_today(case: ReviewCase) -> str:
    booked = case.present.booked_for
    return booked.isoformat() if booked is not None and booked <= case.desk.today else today(case)


def _since(case: ReviewCase) -> Edge:
    """From the day after the last review, held here or before go-live, else from when the child became looked after."""
    since = since_last_review(case.desk, case.child)
    if since.day is None or since.why != LAST_REVIEW:
        return since
    return Edge(day=since.day + timedelta(days=1), why="the day after the last review")


class Adjournment(
    OfReview, deed="review.adjourn", title=lambda case: f"Adjourn: {case.ref}", submit="Adjourn", watches=True
):
    """When and why it was adjourned, and the day on which it goes on."""

    adjourned_on: date = day(DayOf.MET, "Adjourned on", first=_booked_or_today, since=_since)
    reason: str = choice("Why", _reasons, str, missing="Say why it is adjourned.")
    booked_for: date | None = day_if_any(DayOf.BOOKED, "Goes on on", hint="Where the day is known already.")
    papers: bool = tick(
        "The papers",
        (Choice(value="again", label="They are wanted again"),),
        asks=lambda case: case.present.papers_in_on is not None,
    )

    @classmethod
    def above(cls, about: ReviewCase) -> tuple[str, ...]:
        """What the law allows."""
        within = values_of(about.desk).adjournment.within
        return (f"Once, up to {within}. Nothing proposed is carried out before the review is completed.",)

    def wrong(self, about: ReviewCase) -> dict[str, str]:
        """It goes on after it was adjourned, and within the time the law adds."""
        desk, again = about.desk, self.booked_for
        until = adjourn_until(values_of(desk).adjournment, self.adjourned_on, desk.calendar)
        if until < desk.today:
            return {"adjourned_on": f"The time of this adjournment ended on {say_day(until)}: record the review."}
        if again is not None and again <= self.adjourned_on:
            return {"booked_for": "This date has passed."}
        if again is not None and again > until:
            return {"booked_for": f"It has to be completed by {say_day(until)}."}
        return {}


@by_form(Adjournment, May.CHAIR, also=_may_be_adjourned)
def adjourn(case: ReviewCase, given: Adjournment) -> Answer:
    """Keep the adjournment: the review has begun, and has the time the law adds to be completed."""
    desk, review, on = case.desk, case.present, given.adjourned_on
    review.state, review.adjourned_on, review.adjourned_reason = ReviewState.ADJOURNED, on, given.reason
    review.held_on, review.booked_for, review.booked_time = on, given.booked_for, ""
    review.iro_id = case.child.iro_id
    desk.session.add(review)
    _follow_booking(case, review)
    if given.papers:
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
