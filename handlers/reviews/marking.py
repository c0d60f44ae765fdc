"""Marking decisions of reviews: done, by their owner or the IRO; no longer needed, by the IRO alone."""

from handlers.cards import Answer, Errors, Field, FieldKind, Form, Notice
from handlers.office import Desk
from handlers.refusals import Refused, no_such
from handlers.requests import Request
from handlers.reviews.case import ReviewCase, find_child, record
from handlers.reviews.decision_words import as_read, ticked_by
from handlers.reviews.decisions import follow_what_is_to_send
from handlers.reviews.near import seeing_to
from handlers.rights import May, acts_for, child_standing, may
from storage import decisions, reviews
from storage.children import Child
from storage.decisions import Decision, DecisionState


def markable(desk: Desk, child: Child) -> list[Decision]:
    """The open decisions this person may mark: all of them the child's IRO, an owner their own that were sent."""
    assert child.id is not None
    found = decisions.open_of_child(desk.session, child.id)
    who = child_standing(desk, child)
    if may(who, May.CHAIR):
        return found
    sent = [one for one in found if one.sent_at is not None]
    return [one for one in sent if one.owner_id in who.acting or desk.actor_id in seeing_to(desk, child, one)]


def done_form(desk: Desk, request: Request) -> Answer:
    """ "Mark as done": tick what is done; the IRO also what is no longer needed. Reading is recorded."""
    child, own = _theirs(desk, request, for_change=False)
    if not own:
        raise Refused(f"No open decision about {child.reference} waits for you.")
    _record(desk, child, "decisions read", None, {"number": len(own)})
    choices = ticked_by(own)
    fields = [as_read(desk, number, one) for number, one in enumerate(own, start=1)]
    fields.append(Field(key="done", kind=FieldKind.CHOICES, label="Done", choices=choices))
    if _steers(desk, child):
        fields.append(Field(key="not_needed", kind=FieldKind.CHOICES, label="No longer needed", choices=choices))
    return Form(
        deed="review.decisions.done.send",
        title="Mark decisions",
        submit="Save",
        subject=_case(desk, child, own).ref,
        fields=tuple(fields),
    )


def _theirs(desk: Desk, request: Request, *, for_change: bool) -> tuple[Child, list[Decision]]:
    """The child and the open decisions the person may mark; refused as if there were none to those who may not know."""
    child = find_child(desk, request.subject, for_change=for_change)
    own = markable(desk, child) if child is not None else []
    if child is None or (not own and not may(child_standing(desk, child), May.SEE_REVIEWS)):
        raise no_such(request.subject.strip().upper()[:40] or "such child")
    return child, own


def _case(desk: Desk, child: Child, own: list[Decision]) -> ReviewCase:
    """The child's review for who may mark these decisions: as the IRO, or for the owner they cover."""
    who = child_standing(desk, child)
    owners = [one.owner_id for one in own if one.owner_id in who.acting]
    owner_id = None if may(who, May.CHAIR) or desk.actor_id in owners else next(iter(owners), None)
    return ReviewCase(desk=desk, child=child, review=None, who=who, what=May.CHAIR, owner_id=owner_id)


def _steers(desk: Desk, child: Child) -> bool:
    return may(child_standing(desk, child), May.CHAIR)


def _record(desk: Desk, child: Child, what: str, decision: Decision | None, details: dict[str, int | None]) -> None:
    """Under the person's name, and for the IRO or the owner they cover."""
    who = child_standing(desk, child)
    for_id = acts_for(who, May.CHAIR)
    if decision is not None and decision.owner_id in who.acting.keys() - {desk.actor_id}:
        for_id = decision.owner_id
    record(desk, child, what, actor_id=desk.actor_id, for_id=for_id, details=details)


def send_done(desk: Desk, request: Request) -> Answer:
    """Keep what was ticked; what somebody marked in the meantime stays as they marked it."""
    child, own = _theirs(desk, request, for_change=True)
    done = set(request.many("done"))
    dropped = set(request.many("not_needed")) if _steers(desk, child) else set()
    if done & dropped:
        return Errors(by_field={"not_needed": "A decision is either done or no longer needed."})
    if not done | dropped:
        return Errors(by_field={"done": "Tick at least one, or cancel."})
    marked = [one for one in own if str(one.id) in done | dropped]
    for one in marked:
        one.state = DecisionState.DONE if str(one.id) in done else DecisionState.NO_LONGER_NEEDED
        one.settled_on = desk.today
        desk.session.add(one)
        _record(desk, child, f"decision {one.state.value}", one, {"decision": one.id})
    for review in reviews.of_child(desk.session, child.id or 0):
        if review.id in {one.review_id for one in marked}:  # a change of what is done is sent no more
            follow_what_is_to_send(desk, review)
    return Notice(text=_said(child, len(marked), len(done | dropped) - len(marked)))


def _said(child: Child, marked: int, before: int) -> str:
    kept = f"Saved: {marked} decision{'s' if marked != 1 else ''} about {child.reference} marked."
    already = "Somebody had marked what you ticked before you." if not marked else f"{before} had been marked before."
    return " ".join(filter(None, (kept if marked else "", already if before else "")))
