"""Sending the decisions of a review to the holder's line manager, to be agreed or disputed."""

from dataclasses import dataclass, replace

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
from handlers.reviews.case import ReviewCase, record
from handlers.reviews.clock import forget_answer, plan_proof
from handlers.reviews.decision_words import answer_words, statement
from handlers.reviews.decisions import held_case, keep, making_form
from handlers.rights import May
from handlers.timetable.tasks import ANSWERED, DECISIONS, close_offered, finish, put_again
from handlers.wording import name_of, when
from storage import decisions, live_messages
from storage.decisions import Decision, DecisionChange
from storage.outbox import Outbox, OutboxState
from storage.reviews import Review


def send_decisions(desk: Desk, request: Request) -> Answer:
    """ "Send to the manager": asks them to agree or dispute; what is still typed in the form is kept first."""
    case = held_case(desk, request, May.CHAIR, for_change=True)
    if request.text("what") or request.many("again"):
        problem = keep(case, request)
        if isinstance(problem, Errors):
            form = with_typed(making_form(case), request)
            wrong = statement("wrong", " ".join(problem.by_field.values()))
            return replace(form, fields=(wrong, *form.fields))
        if isinstance(problem, Form):
            return problem
    change = _to_send(case)
    if not change.stands and not change.removed:
        raise Refused(f"No decision of this review of {case.ref} is recorded yet: add them first.")
    if not change.stands:
        return _take_back(case, change)
    manager = _manager(case)
    _require_something_to_send(case, change, manager)
    return _send(case, manager, change)


@dataclass(frozen=True, kw_only=True)
class Sending:
    """What one sending holds: the decisions that stand with it, and what is other than at the last."""

    stands: tuple[Decision, ...]
    added: tuple[Decision, ...]
    changed: tuple[tuple[Decision, DecisionChange], ...]
    removed: tuple[tuple[Decision, DecisionChange], ...]

    @property
    def is_anything(self) -> bool:
        """Whether there is anything that was not sent yet."""
        return bool(self.added or self.changed or self.removed)


def _to_send(case: ReviewCase) -> Sending:
    made = decisions.in_hand(case.desk.session, case.review_id)
    waiting = decisions.changes_to_send(case.desk.session, case.review_id)
    pairs = [(one, waiting[one.id]) for one in made if one.id in waiting]
    removed = tuple(pair for pair in pairs if pair[1].takes_out)
    out = {one.id for one, _ in removed}
    return Sending(
        stands=tuple(one for one in made if one.id not in out),
        added=tuple(one for one in made if one.sent_at is None),
        changed=tuple(pair for pair in pairs if not pair[1].takes_out),
        removed=removed,
    )


def _manager(case: ReviewCase) -> Found:
    desk, child = case.desk, case.child
    found = None
    if child.holder_id is not None:
        found = line_manager(desk.session, desk.rules, child.holder_id, child.iro_id or 0, desk.today)
    if found is None:
        raise Refused(
            f"Nobody above the holder of {case.ref} can be asked today. The decisions are kept; "
            "ask your administrator to put the line manager right, and send them then."
        )
    return found


def _require_something_to_send(case: ReviewCase, change: Sending, manager: Found) -> None:
    """Pass when it is the first sending, was disputed, has something new, or never arrived."""
    review = case.present
    if review.decisions_sent_at is None or review.decisions_answer == "disputed" or change.is_anything:
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


def _send(case: ReviewCase, manager: Found, change: Sending) -> Notice:
    desk, review, person_id = case.desk, case.present, id_of(manager.person)
    again = _what_changed(review, change)
    _bring_into_force(case, change)
    _ask_anew(review)
    review.decisions_sent_at, review.decisions_to_id = desk.now, person_id
    desk.session.add(review)
    live_messages.overtake(desk.session, of_decisions(case.review_id), desk.now)
    sent, in_place_of = sending_of(review), manager.standing_for_id
    cause = about_child(case.child, review, f"{case.review_id}:{sent}")
    owe(desk, to_be_agreed, person_id, cause, sent=sent, in_place_of=in_place_of, **again)
    plan_proof(desk, review)
    finish(desk, case.review_id, DECISIONS, desk.today)
    put_again(desk, case.review_id, ANSWERED, None)
    _record_sending(case, person_id, in_place_of, change, again)
    why = f" ({manager.why})" if manager.why else ""
    opens = "" if desk.calendar.is_open(desk.now) else f" They go out at {when(desk.calendar.next_opening(desk.now))}."
    return Notice(text=f"The decisions are on their way to {manager.person.name}{why}, to agree or dispute.{opens}")


def _record_sending(
    case: ReviewCase, person_id: int, in_place_of: int | None, change: Sending, again: dict[str, int | None]
) -> None:
    """Which decisions went out, to whom, and what was other than before."""
    held = ",".join(str(one.id) for one in change.stands)
    details = {"review": case.review_id, "person": person_id, "in_place_of": in_place_of, "decisions": held, **again}
    record(
        case.desk,
        case.child,
        "decisions sent",
        actor_id=case.desk.actor_id,
        for_id=case.acts_for,
        details={"number": len(change.stands), **details},
    )


def _what_changed(review: Review, change: Sending) -> dict[str, int | None]:
    """Whether the question is put again, who disputed it, and how many decisions are other than they had them.

    What never reached anybody is not put again: it comes for the first time.
    """
    disputed = review.decisions_answer == "disputed"
    return {
        "again": int(review.decisions_sent_at is not None and review.decisions_delivered_at is not None),
        "disputed_by": review.decisions_answered_by_id if disputed else None,
        "changed": len(change.changed),
        "added": len(change.added),
        "removed": len(change.removed),
    }


def _bring_into_force(case: ReviewCase, change: Sending) -> None:
    """From now on what is sent is what stands: for its owner, for the manager, and in every figure."""
    now, session = case.desk.now, case.desk.session
    for one in change.added:
        one.sent_at = now
    for one, other in change.changed:
        one.words, one.due_on, one.changed_at = other.words, other.due_on, now
        one.owner_id, one.owner_role = other.owner_id, other.owner_role
    for one, _ in change.removed:
        one.taken_out_at = now
    for one, other in (*change.changed, *change.removed):
        other.sent_at = now
        session.add_all((one, other))
    session.add_all(change.added)


def _ask_anew(review: Review) -> None:
    """Forget the last answer, and the proof of what was sent before."""
    review.decisions_delivered_at = review.decisions_answer_due_at = None
    review.decisions_answer = review.decisions_answered_at = review.decisions_dispute = None
    review.decisions_answered_by_id = None


def _take_back(case: ReviewCase, change: Sending) -> Notice:
    """Every decision that was sent is taken out: nothing is asked of the manager any more."""
    desk, review = case.desk, case.present
    asked = name_of(desk, review.decisions_to_id)
    _bring_into_force(case, change)
    _ask_anew(review)
    review.decisions_sent_at = review.decisions_to_id = None
    desk.session.add(review)
    live_messages.overtake(desk.session, of_decisions(case.review_id), desk.now)
    forget_answer(desk, review)
    finish(desk, case.review_id, DECISIONS, desk.today)
    close_offered(desk, case.review_id, ANSWERED)
    case.record("decisions taken back", review=case.review_id, removed=len(change.removed))
    return Notice(text=f"No decision of this review of {case.ref} is left: nothing is asked of {asked} any more.")
