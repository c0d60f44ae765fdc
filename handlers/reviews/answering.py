"""The manager's answer to the decisions of a review: read, agreed or disputed; silence agrees by the clock alone."""

from dataclasses import replace

from handlers.cards import Answer, Button, Field, FieldKind, Form, Notice
from handlers.forms.deeds import done_by
from handlers.forms.fields import words
from handlers.forms.form import Place
from handlers.hearing import for_iro_of
from handlers.messages.of_decisions import disputed
from handlers.messages.of_reviews import SENDING, answer_buttons, sending_of
from handlers.messages.owing import about_child, owe
from handlers.messages.subjects import of_decisions
from handlers.office import Desk
from handlers.refusals import Refused, Stale
from handlers.requests import Request
from handlers.reviews.by_form import OfReview
from handlers.reviews.case import ReviewCase, find_child
from handlers.reviews.clock import SILENCE, forget_answer
from handlers.reviews.decision_words import answer_words, as_read, news_of, statement
from handlers.reviews.decisions import follow_what_is_to_send, has_unsent, held_case, making_form
from handlers.reviews.marking import done_form, markable
from handlers.rights import May, child_standing, may
from handlers.timetable.tasks import ANSWERED, finish
from scheduling.procedures.terms import IRO
from storage import decisions, live_messages
from storage.reviews import Review


def decisions_form(desk: Desk, request: Request) -> Answer:
    """ "Decisions": the IRO adds to them and sends them; anybody else who may read them is shown them."""
    child = find_child(desk, request.subject)
    if child is not None and not may(child_standing(desk, child), May.CHAIR):
        return show_decisions(desk, request)
    return making_form(held_case(desk, request, May.CHAIR))


def show_decisions(desk: Desk, request: Request) -> Answer:
    """ "Open": the decisions of a review, to those entitled; an owner sees their own. Reading is recorded."""
    child = find_child(desk, request.subject)
    if child is not None and not may(child_standing(desk, child), May.READ_REVIEWS) and markable(desk, child):
        return done_form(desk, request)
    case = held_case(desk, request, May.READ_REVIEWS)
    case.record("decisions read", review=case.review_id)
    fields = [statement("answer", answer_words(case.desk, case.present)), *_as_shown(case)]
    if case.present.decisions_dispute:
        fields.append(statement("dispute", case.present.decisions_dispute, "Why they are disputed"))
    if buttons := _what_can_be_done(case):
        fields.append(Field(key="buttons", kind=FieldKind.BUTTONS, buttons=buttons))
    return Form(
        deed="",
        title="Decisions of the review",
        cancel="Close",
        subject=case.ref,
        run=case.review_id,
        fields=tuple(fields),
    )


def _as_shown(case: ReviewCase) -> list[Field]:
    """The decisions that were sent, as they stand; what is not sent yet is its IRO's alone."""
    desk, made = case.desk, decisions.of_review(case.desk.session, case.review_id)
    last = case.present.decisions_sent_at
    again = any(one.sent_at != last for one in made)
    fields = [
        as_read(desk, number, one, news_of(one, case.present, again=again)) for number, one in enumerate(made, start=1)
    ]
    if not made:
        fields.append(statement("none", "No decision has been sent."))
    if case.may(May.CHAIR) and has_unsent(desk, case.review_id):
        fields.append(statement("unsent", 'Some of it is not sent yet: "Change, add or send" has all.'))
    return fields


def _what_can_be_done(case: ReviewCase) -> tuple[Button, ...]:
    review = case.present
    buttons: list[Button] = []
    if review.decisions_sent_at is not None and review.decisions_answer is None and case.may(May.ANSWER_DECISIONS):
        buttons += answer_buttons(case.ref, review)
    if case.may(May.CHAIR):
        buttons.append(case.button("Change, add or send", "review.decisions"))
    if markable(case.desk, case.child):
        buttons.append(case.button("Mark as done", "review.decisions.done"))
    return tuple(buttons)


def agree(desk: Desk, request: Request) -> Answer:
    """ "Agree": one press. A person who comes second is told what happened."""
    case, sending = _case_and_sending(desk, request)
    review = _require_unanswered(case)
    _require_sending(case, sending)
    _answer(case, review, "agreed")
    case.record("decisions agreed", review=case.review_id)
    return Notice(text=f"The decisions of this review of {case.ref} are agreed. Thank you.")


def _case_and_sending(desk: Desk, request: Request) -> tuple[ReviewCase, str]:
    """The review a press is about, and the sending its button belongs to (nothing for a typed command)."""
    reference, _, sending = request.subject.partition(SENDING)
    asked = replace(request, subject=reference)
    return held_case(desk, asked, May.ANSWER_DECISIONS, for_change=True), sending


def _require_sending(case: ReviewCase, sending: str) -> None:
    """Pass when the decisions are those that were sent with the button; else nothing is agreed unread."""
    if sending != sending_of(case.present):
        raise Stale(
            f"The decisions of this review of {case.ref} have been sent anew since. Open them and look again.",
            case.button("Open", "review.decisions.open"),
        )


def _require_unanswered(case: ReviewCase) -> Review:
    review = case.present
    if review.decisions_sent_at is None:
        raise Refused(f"The decisions of this review of {case.ref} have not been sent to you yet.")
    if review.decisions_answer is None:
        return review
    then = "" if review.decisions_answer == "disputed" else f" To change something now, tell the {IRO}:"
    tell = f"{then} /tell {case.ref}." if then else f" The {IRO} has been told."
    late = " Silence agreed them." if review.decisions_answer == SILENCE else ""
    raise Stale(f"{answer_words(case.desk, review)}{late}{tell}", case.button("Open", "review.decisions.open"))


def _answer(case: ReviewCase, review: Review, answer: str) -> None:
    review.decisions_answer, review.decisions_answered_at = answer, case.desk.now
    review.decisions_answered_by_id = case.desk.actor_id
    case.desk.session.add(review)
    live_messages.overtake(case.desk.session, of_decisions(case.review_id), case.desk.now)
    forget_answer(case.desk, review)
    finish(case.desk, case.review_id, ANSWERED, case.desk.today)


def _to_be_disputed(desk: Desk, request: Request, *, for_change: bool) -> ReviewCase:
    """The review a button or the form is about, whose decisions are those that were sent with it."""
    case, sending = _case_and_sending(desk, request)
    _require_unanswered(case)
    _require_sending(case, request.context.get("sent", "") if for_change else sending)
    return case


class Dispute(OfReview, deed="review.decisions.dispute", title="Dispute decisions", submit=f"Send to the {IRO}"):
    """Why the decisions are disputed."""

    reason: str = words(
        "Which decision do you dispute, and why?",
        hint="No names, addresses or dates of birth.",
        missing="Say what you dispute, and why.",
        column=Review.decisions_dispute,
    )

    @classmethod
    def place(cls, about: ReviewCase) -> Place:
        """The review, and the sending that is disputed."""
        return replace(super().place(about), context={"sent": sending_of(about.present)})

    @classmethod
    def above(cls, about: ReviewCase) -> tuple[str, ...]:
        """By when they are to be answered."""
        return (answer_words(about.desk, about.present),)


@done_by(Dispute, _to_be_disputed)
def dispute(case: ReviewCase, given: Dispute) -> Answer:
    """Keep the reason and tell the IRO that there is one."""
    desk, review = case.desk, case.present
    review.decisions_dispute = given.reason
    _answer(case, review, "disputed")
    follow_what_is_to_send(desk, review)
    case.record("decisions disputed", review=case.review_id, words=given.reason)
    cause = about_child(case.child, review, f"{case.review_id}:{sending_of(review)}")
    owe(desk, disputed, for_iro_of(desk, case.child), cause, person=desk.actor_id)
    return Notice(text=f"Your dispute of the decisions for {case.ref} is with the {IRO}.")
