"""Decisions not done by the next review: each is found so, counted through its repeats, and readies a concern."""

from collections.abc import Sequence
from datetime import date

from handlers.office import Desk
from handlers.reviews.case import record
from handlers.reviews.decision_words import owner_words, times
from handlers.reviews.decisions import follow_what_is_to_send
from scheduling.deadline_wording import say_day
from scheduling.procedures import REVIEW_DECISIONS_NOT_DONE
from storage import authorities, children, concerns, decisions, history, reviews
from storage.children import Child
from storage.concerns import Concern, ConcernState
from storage.decisions import Decision, DecisionState
from storage.reviews import Review

LONGEST = 2600
"""Characters of all decisions together in the draft's words."""
DUTY = "review_decision_not_implemented"


def settle(desk: Desk, review: Review) -> Concern | None:
    """When a review is held: what earlier ones decided and nobody did by now is not done, and readies one draft.

    A decision whose own day is still to come stays open. Idempotent: what is settled is not settled again. Returns
    the draft for the IRO, which names each decision and how often it was found not done; None where all was done.
    """
    child = children.get(desk.session, review.child_id)
    held_on = review.completed_on or review.held_on or desk.today
    if child is None or child.id is None or review.imported:
        return None
    found = [one for one in decisions.open_of_child(desk.session, child.id) if _was_to_be_done(one, review, held_on)]
    for one in found:
        one.state = DecisionState.NOT_DONE
        one.settled_on, one.settled_at_review_id = held_on, review.id
        one.times_undone += 1
        desk.session.add(one)
        details = {"decision": one.id, "review": review.id, "times": one.times_undone}
        record(desk, child, "decision not done", actor_id=desk.actor_id, details=details)
    for review_id in {one.review_id for one in found}:
        decided_at = reviews.get(desk.session, review_id)
        if decided_at is not None:  # a change of what is settled is sent no more
            follow_what_is_to_send(desk, decided_at)
    return _ready_concern(desk, child, found, held_on) if found else None


def _was_to_be_done(decision: Decision, review: Review, held_on: date) -> bool:
    return decision.review_id != review.id and (decision.due_on is None or decision.due_on <= held_on)


def _ready_concern(desk: Desk, child: Child, found: Sequence[Decision], held_on: date) -> Concern:
    rules = desk.rules
    draft = Concern(
        authority=desk.authority,
        number=authorities.next_concern_number(desk.session, desk.authority),
        child_id=child.id,
        iro_id=child.iro_id or desk.actor_id,
        state=ConcernState.DRAFT,
        procedures_digest=rules.digest,
        drafted_at=desk.now,
        drafted_by_id=desk.actor_id,
        state_since=desk.now,
        worries=_worries(desk, found, held_on),
        duty=DUTY if DUTY in rules.duties else None,
        raised_during="review",
        start_at=0 if rules.informal is not None else rules.stages[0].number,
    )
    desk.session.add(draft)
    desk.session.flush()
    assert draft.id is not None
    concerns.set_reasons(desk.session, draft.id, REVIEW_DECISIONS_NOT_DONE, ())
    for one in found:
        one.concern_id = draft.id
        desk.session.add(one)
    details = {"decisions": len(found)}
    chain = f"concern:{draft.id}"
    history.record(desk.session, chain=chain, at=desk.now, actor_id=desk.actor_id, what="drafted", details=details)
    desk.session.flush()
    return draft


def _worries(desk: Desk, found: Sequence[Decision], held_on: date) -> str:
    """Each decision, when it was made and for whom, and how many reviews have now found it not done."""
    room = max(LONGEST // len(found) - 200, 60)
    number = "A decision" if len(found) == 1 else f"{len(found)} decisions"
    head = f"{number} of earlier reviews had not been done by the review of {say_day(held_on)}:"
    return "\n".join([head, *(_worry(desk, one, room) for one in found)])[: LONGEST + 250]


def _worry(desk: Desk, decision: Decision, room: int) -> str:
    words = " ".join((decision.words or "").split())
    said = words if len(words) <= room else f"{words[:room]}..."
    made = reviews.get(desk.session, decision.review_id)
    at = f", decided on {say_day(made.held_on)}" if made is not None and made.held_on is not None else ""
    due = f" by {say_day(decision.due_on)}" if decision.due_on is not None else ""
    often = decision.times_undone
    repeated = f" It has now been found not done {times(often)}." if often > 1 else ""
    unsent = " It was never sent to the manager." if decision.sent_at is None else ""
    return f'- "{said}"{at}, for {owner_words(desk, decision)}{due}.{repeated}{unsent}'
