"""Bringing a review forward: for the law's reasons and the authority's own, or because the child or the IRO asks."""

from datetime import date, timedelta

from handlers.cards import Answer, Choice, Notice
from handlers.day_windows import DayOf
from handlers.forms.fields import choice, day
from handlers.refusals import Refused
from handlers.reviews.by_form import OfReview, by_form
from handlers.reviews.case import ReviewCase
from handlers.reviews.planning import Cause, plan_review
from handlers.reviews.wording import due_words, state_words
from handlers.rights import May
from handlers.timetable.counting import values_of
from scheduling.deadline_wording import say_day
from scheduling.timetable import bring_forward
from storage.reviews import Review, ReviewState

_ASKED_BY = {"child_requests": "child", "iro_requests": "iro"}


def _not_begun(case: ReviewCase) -> None:
    review = case.present
    if review.state not in (ReviewState.DUE, ReviewState.BOOKED):
        raise Refused(
            f"The review of {case.ref} has begun already: complete it.", case.button("Complete", "review.hold")
        )
    if review.due_on <= case.desk.today:
        raise Refused(f"It is due already: {due_words(case.desk, review)}", case.button("Book", "review.book"))


def _reasons(case: ReviewCase) -> tuple[Choice, ...]:
    """Those the law and the procedures know."""
    return tuple(Choice(value=one.key, label=one.label) for one in values_of(case.desk).early)


class Earlier(
    OfReview,
    deed="review.early",
    title=lambda case: f"Bring forward: {case.ref}",
    submit="Bring forward",
    watches=True,
):
    """Why, and by when the review is to be held instead."""

    reason: str = choice("Why", _reasons, str, missing="Choose why it is brought forward.")
    due_on: date = day(DayOf.BROUGHT_FORWARD, "To be held by")

    @classmethod
    def above(cls, about: ReviewCase) -> tuple[str, ...]:
        """By when it is due, and how it stands."""
        return (f"{due_words(about.desk, about.present)} Now {state_words(about.desk, about.present)}.",)

    def wrong(self, about: ReviewCase) -> dict[str, str]:
        """A later day is no bringing forward."""
        due = about.present.due_on
        if self.due_on >= due:
            return {"due_on": f"This is not earlier: give {say_day(due - timedelta(days=1))} at the latest."}
        return {}


@by_form(Earlier, May.CHAIR, also=_not_begun)
def bring_review_forward(case: ReviewCase, given: Earlier) -> Answer:
    """Keep the earlier day; a booking stays, and everything after the review will count from when it is held."""
    desk, review, before = case.desk, case.present, case.present.due_on
    reason = next(one for one in values_of(desk).early if one.key == given.reason)
    review.brought_forward_from = review.brought_forward_from or before
    review.due_on = bring_forward(before, wanted_on=given.due_on, today=desk.today)
    review.early_reason, review.asked_for_by = reason.label[:120], _ASKED_BY.get(reason.key)
    desk.session.add(review)
    days = {"before": before.isoformat(), "due": review.due_on.isoformat()}
    case.record("review brought forward", review=review.id, **days, reason=reason.key)
    plan_review(desk, case.child, Cause(why="brought forward", actor_id=desk.actor_id, for_id=case.acts_for))
    return _said(case, review)


def _said(case: ReviewCase, review: Review) -> Notice:
    text = f"The review of {case.ref} is brought forward. {due_words(case.desk, review)}"
    if review.booked_for is None:
        return Notice(text=text, buttons=(case.button("Book", "review.book", "primary"),))
    if review.booked_for > review.due_on:
        text += f" It is booked for {say_day(review.booked_for)}, which is now too late: move it."
        return Notice(text=text, buttons=(case.button("Move", "review.book", "primary"),))
    return Notice(text=text)
