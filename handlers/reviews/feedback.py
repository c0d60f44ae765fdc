"""Feedback after a review to the team manager: what was good, what was missing, and a grade of the plan.

Only where the procedures switch the task on. The message carries none of the words.
"""

from handlers.cards import Answer, Choice, Errors, Field, FieldKind, Form, Notice
from handlers.fitting import fitted
from handlers.forms.detail import check_detail
from handlers.messages import of_news
from handlers.messages.owing import about_child, owe
from handlers.office import Desk
from handlers.people.addressees import Found, find_addressees
from handlers.people.line import id_of
from handlers.refusals import Refused
from handlers.requests import Request
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


def feedback_form(desk: Desk, request: Request) -> Answer:
    """The form, or what was said where feedback on this review has been given."""
    case = held_case(desk, request, May.CHAIR)
    _require_switched_on(desk)
    given = feedback.of_review(desk.session, case.review_id)
    return _shown(case, given) if given is not None else _form(case)


def _require_switched_on(desk: Desk) -> None:
    if not values_of(desk).switched_on(TASK):
        raise Refused("Feedback after reviews is not switched on in the procedures of your authority.")


def _form(case: ReviewCase) -> Form:
    grades = tuple(Choice(value=grade, label=grade) for grade in values_of(case.desk).grades)
    held_on = case.present.held_on
    held = f", held {say_day(held_on)}" if held_on is not None else ""
    return Form(
        deed="review.feedback.send",
        title="Feedback on a review",
        submit="Send",
        subject=case.ref,
        run=case.review_id,
        fields=(
            statement("about", f"On the review of {case.ref}{held}, to the team manager."),
            Field(key="good", kind=FieldKind.LONG, label="What was good?", hint="No names of children."),
            Field(key="missing", kind=FieldKind.LONG, label="What was missing?", hint="No names of children."),
            Field(key="grade", kind=FieldKind.CHOICE, label="Grade of the plan", required=True, choices=grades),
        ),
    )


def send_feedback(desk: Desk, request: Request) -> Answer:
    """Keep the feedback and tell the team manager that there is some; once for each review."""
    case = held_case(desk, request, May.CHAIR, for_change=True)
    _require_switched_on(desk)
    before = feedback.of_review(desk.session, case.review_id)
    if before is not None:
        raise Refused(f"{name_of(desk, before.by_id)} gave feedback on this review at {when(before.given_at)}.")
    form = fitted(_form(case), request)
    if request.text("grade") not in values_of(desk).grades:
        return Errors(by_field={"grade": "Choose a grade."})
    if not request.text("good") and not request.text("missing"):
        return Errors(by_field={"good": "Say what was good, or what was missing."})
    problem = check_detail(desk, form, request, ("good", "missing"))
    if problem is not None:
        return problem
    return _give(case, request, _team_manager(case))


def _team_manager(case: ReviewCase) -> Found:
    desk, child = case.desk, case.child
    found = find_addressees(
        desk.session, desk.rules, roles=["team_manager"], child=child, iro_id=child.iro_id or 0, on=desk.today
    )
    if not found:
        raise Refused(f"No team manager of {case.ref} can be found. Ask your administrator to put the line right.")
    return found[0]


def _give(case: ReviewCase, request: Request, manager: Found) -> Notice:
    desk = case.desk
    given = Feedback(
        authority=desk.authority,
        review_id=case.review_id,
        good=request.text("good") or None,
        missing=request.text("missing") or None,
        grade=request.text("grade"),
        to_id=id_of(manager.person),
        by_id=desk.actor_id,
        given_at=desk.now,
    )
    desk.session.add(given)
    desk.session.flush()
    person_id, instead = id_of(manager.person), manager.standing_for_id
    cause = about_child(case.child, case.present, f"feedback {given.id}")
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
