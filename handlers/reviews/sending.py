"""Sending the decisions of a review to the holder's line manager, to be agreed or disputed."""

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import col, select

from handlers.asking import with_typed
from handlers.cards import Answer, Errors, Form, Notice
from handlers.messages.of_decisions import to_be_agreed
from handlers.messages.of_reviews import sending_of
from handlers.messages.owing import about_child, owe
from handlers.messages.subjects import of_decisions
from handlers.office import Desk
from handlers.people.addressees import Found, line_manager
from handlers.people.line import id_of
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.reviews.case import ReviewCase
from handlers.reviews.clock import plan_proof
from handlers.reviews.decision_words import answer_words, statement
from handlers.reviews.decisions import held_case, keep, making_form
from handlers.reviews.permissions import May
from handlers.reviews.tasks import DECISIONS, finish
from storage import decisions, live_messages
from storage.decisions import Decision
from storage.outbox import Outbox, OutboxState


def send_decisions(desk: Desk, request: Request) -> Answer:
    """ "Send to the manager": asks them to agree or dispute; what is still typed in the form is kept first."""
    case = held_case(desk, request, May.STEER, for_change=True)
    if request.text("what") or request.many("again"):
        problem = keep(case, request)
        if isinstance(problem, Errors):
            form = with_typed(making_form(case), request)
            wrong = statement("wrong", " ".join(problem.by_field.values()))
            return replace(form, fields=(wrong, *form.fields))
        if isinstance(problem, Form):
            return problem
    made = decisions.of_review(desk.session, case.review_id)
    if not made:
        raise Refused(f"No decision of this review of {case.ref} is recorded yet: add them first.")
    manager = _manager(case)
    _require_something_to_send(case, made, manager)
    return _send(case, manager, len(made))


def _manager(case: ReviewCase) -> Found:
    desk, child = case.desk, case.child
    found = None
    if child.holder_id is not None:
        found = line_manager(desk.session, desk.rules, child.holder_id, child.iro_id or 0, desk.today)
    if found is None:
        raise Refused(
            f"Nobody above whoever holds {case.ref} can be asked today. The decisions are kept; "
            "ask your administrator to put the line manager right, and send them then."
        )
    return found


def _require_something_to_send(case: ReviewCase, made: Sequence[Decision], manager: Found) -> None:
    """Pass when it is the first sending, was disputed, has something new, or never arrived."""
    review = case.present
    sent_at = review.decisions_sent_at
    if sent_at is None or review.decisions_answer == "disputed" or any(one.made_at > sent_at for one in made):
        return
    lost = review.decisions_delivered_at is None and not _on_its_way(case)
    if review.decisions_answer is None and (lost or manager.person.id != review.decisions_to_id):
        return
    raise Refused(f"Nothing new is to be sent. {answer_words(case.desk, review)}")


def _on_its_way(case: ReviewCase) -> bool:
    query = select(Outbox.id).where(
        Outbox.review_id == case.review_id,
        Outbox.kind == to_be_agreed.name,
        col(Outbox.state).in_((OutboxState.OWED, OutboxState.ATTEMPTED)),
    )
    return case.desk.session.exec(query.limit(1)).first() is not None


def _send(case: ReviewCase, manager: Found, number: int) -> Notice:
    desk, review, person_id = case.desk, case.present, id_of(manager.person)
    review.decisions_sent_at, review.decisions_to_id = desk.now, person_id
    review.decisions_delivered_at = review.decisions_answer_due_at = None
    review.decisions_answer = review.decisions_answered_at = review.decisions_dispute = None
    review.decisions_answered_by_id = None
    desk.session.add(review)
    live_messages.overtake(desk.session, of_decisions(case.review_id), desk.now)
    sent, in_place_of = sending_of(review), manager.standing_for_id
    cause = about_child(case.child, review, f"{case.review_id}:{sent}")
    owe(desk, to_be_agreed, person_id, cause, sent=sent, in_place_of=in_place_of)
    plan_proof(desk, review)
    finish(desk, case.review_id, DECISIONS, desk.today)
    case.record("decisions sent", review=case.review_id, person=person_id, in_place_of=in_place_of, number=number)
    why = f" ({manager.why})" if manager.why else ""
    return Notice(text=f"The decisions are on their way to {manager.person.name}{why}, to agree or dispute.")
