"""Feedback after a review to the team manager: what was good, what was missing, and a grade of the plan.

Only where the procedures switch the task on. The message carries none of the words.
"""

from handlers.cards import Answer, Choice, Form, Notice
from handlers.forms.deeds import done_by
from handlers.forms.fields import choice, words
from handlers.messages import of_news
from handlers.messages.owing import about_child, owe
from handlers.office import Desk
from handlers.people.addressees import Found, find_addressees
from handlers.people.line import id_of
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.reviews.by_form import OfReview
from handlers.reviews.case import ReviewCase
from handlers.reviews.decision_words import statement
from handlers.reviews.decisions import held_case
from handlers.rights import May
from handlers.timetable.counting import values_of
from handlers.timetable.tasks import finish
from handlers.wording import name_of, when
from scheduling.deadline_wording import say_day
from storage import feedback
from storage.feedback import Feedback
from storage.reviews import Review

TASK = "feedback_to_team_manager"


def feedback_deed(case: ReviewCase, last: Review) -> str | None:
    """The deed of the "Feedback" button on the last review: to give or read it; None where it is not this person's."""
    if not values_of(case.desk).switched_on(TASK) or last.id is None or last.imported:
        return None
    if case.may(May.CHAIR):
        return "review.feedback"
    given = feedback.of_review(case.desk.session, last.id)
    return "review.feedback.open" if given is not None and _may_read(case, given) else None


def _to_be_given(desk: Desk, request: Request, *, for_change: bool) -> ReviewCase:
    case = held_case(desk, request, May.CHAIR, for_change=for_change)
    _require_switched_on(desk)
    before = feedback.of_review(desk.session, case.review_id)
    if before is not None:
        raise Refused(f"{name_of(desk, before.by_id)} gave feedback on this review at {when(before.given_at)}.")
    return case


def _require_switched_on(desk: Desk) -> None:
    if not values_of(desk).switched_on(TASK):
        raise Refused("Feedback after reviews is not switched on in the procedures of your authority.")


def _grades(case: ReviewCase) -> tuple[Choice, ...]:
    return tuple(Choice(value=grade, label=grade) for grade in values_of(case.desk).grades)


class PlanFeedback(OfReview, deed="review.feedback", title="Feedback on a review", submit="Send"):
    """What was good, what was missing, and a grade."""

    good: str = words("What was good?", hint="No names of children.", required=False, column=Feedback.good)
    missing: str = words("What was missing?", hint="No names of children.", required=False, column=Feedback.missing)
    grade: str = choice("Grade of the plan", _grades, str, missing="Choose a grade.")

    @classmethod
    def above(cls, about: ReviewCase) -> tuple[str, ...]:
        """On which review, and to whom."""
        held_on = about.present.held_on
        held = f", held {say_day(held_on)}" if held_on is not None else ""
        return (f"On the review of {about.ref}{held}, to the team manager.",)

    def wrong(self, about: ReviewCase) -> dict[str, str]:
        """A grade alone says too little."""
        return {} if self.good or self.missing else {"good": "Say what was good, or what was missing."}


def feedback_form(desk: Desk, request: Request) -> Answer:
    """The form, or what was said where feedback on this review has been given."""
    case = held_case(desk, request, May.CHAIR)
    _require_switched_on(desk)
    given = feedback.of_review(desk.session, case.review_id)
    return _shown(case, given) if given is not None else PlanFeedback.draw(case)


def _team_manager(case: ReviewCase) -> Found:
    desk, child = case.desk, case.child
    found = find_addressees(
        desk.session, desk.rules, roles=["team_manager"], child=child, iro_id=child.iro_id or 0, on=desk.today
    )
    if not found:
        raise Refused(f"No team manager of {case.ref} can be found. Ask your administrator to put the line right.")
    return found[0]


@done_by(PlanFeedback, _to_be_given)
def send_feedback(case: ReviewCase, given: PlanFeedback) -> Answer:
    """Keep the feedback and tell the team manager that there is some; once for each review."""
    desk, manager = case.desk, _team_manager(case)
    kept = Feedback(
        authority=desk.authority,
        review_id=case.review_id,
        good=given.good or None,
        missing=given.missing or None,
        grade=given.grade,
        to_id=id_of(manager.person),
        by_id=desk.actor_id,
        given_at=desk.now,
    )
    desk.session.add(kept)
    desk.session.flush()
    person_id, instead = id_of(manager.person), manager.standing_for_id
    cause = about_child(case.child, case.present, f"feedback {kept.id}")
    owe(desk, of_news.feedback, person_id, cause, in_place_of=instead)
    finish(desk, case.review_id, TASK, desk.today)
    case.record("feedback given", review=case.review_id, person=person_id)
    return Notice(text=f"Your feedback on the review of {case.ref} is on its way to {manager.person.name}.")


def show_feedback(desk: Desk, request: Request) -> Answer:
    """ "Open": what was said, to whom it was said, the IRO and the IRO manager. Reading is recorded."""
    case = held_case(desk, request, May.SEE_REVIEWS)
    given = feedback.of_review(desk.session, case.review_id)
    if given is None or not _may_read(case, given):
        raise Refused(f"No feedback on this review of {case.ref} is open to you.")
    return _shown(case, given)


def _may_read(case: ReviewCase, given: Feedback) -> bool:
    return given.to_id in case.who.acting or case.may(May.READ_TOLD)


def _shown(case: ReviewCase, given: Feedback) -> Form:
    case.record("feedback read", review=case.review_id)
    by = f"From {name_of(case.desk, given.by_id)} to {name_of(case.desk, given.to_id)}, {when(given.given_at)}."
    said = (("What was good?", given.good), ("What was missing?", given.missing), ("Grade of the plan", given.grade))
    fields = [statement(f"said{number}", text, label) for number, (label, text) in enumerate(said) if text]
    return Form(
        deed="",
        title="Feedback on a review",
        cancel="Close",
        subject=case.ref,
        run=case.review_id,
        fields=(statement("by", by), *fields),
    )
