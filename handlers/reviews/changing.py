"""Changing a decision or taking it out: at once while it is the IRO's own, with the next sending once it was sent.

What the manager has, and may have agreed to, stands as it is until they are asked again.
"""

from dataclasses import dataclass, replace

from handlers.asking import check_years, with_typed
from handlers.cards import Answer, Errors, Form
from handlers.days import given_day
from handlers.fitting import fitted
from handlers.forms.deeds import done_by
from handlers.forms.detail import check_detail
from handlers.forms.fields import words
from handlers.forms.form import Declared, Place
from handlers.office import Desk
from handlers.people.chosen import chosen_person
from handlers.refusals import Refused, Stale
from handlers.requests import Request
from handlers.reviews.case import ReviewCase
from handlers.reviews.decision_words import answer_words, statement
from handlers.reviews.decisions import (
    decision_fields,
    follow_what_is_to_send,
    held_case,
    making_form,
    wrong_decision,
)
from handlers.rights import May
from storage import decisions
from storage.decisions import Decision, DecisionChange, DecisionState

_LATER = "It stands as it was sent until you send the decisions again."


@dataclass(frozen=True, kw_only=True)
class _InHand:
    """An open decision of a held review, and the change of it that is not sent yet."""

    case: ReviewCase
    decision: Decision
    waiting: DecisionChange | None

    @property
    def stamp(self) -> str:
        """How it stands, as text for the context of a form."""
        parts = (self.decision.sent_at, self.decision.changed_at, self.waiting and self.waiting.made_at)
        return "|".join(str(part) for part in parts)


def _in_hand(desk: Desk, request: Request, *, for_change: bool = False) -> _InHand:
    """The decision a button names. Refused to all but the IRO or their cover, and where it is not open any more."""
    found = decisions.get(desk.session, request.run) if request.run is not None else None
    asked = replace(request, run=found.review_id if found is not None else None)
    case = held_case(desk, asked, May.CHAIR, for_change=for_change)
    opened = case.button("Open", "review.decisions")
    if found is None or found.child_id != case.child_id:
        raise Refused(f"There is no such decision about {case.ref}.", opened)
    if found.taken_out_at is not None or found.state is not DecisionState.OPEN:
        how = "taken out" if found.taken_out_at is not None else found.state.value
        raise Stale(f"This decision about {case.ref} is {how}: it stays as it is.", opened)
    one = _InHand(case=case, decision=found, waiting=_waiting(case, found))
    since = request.context.get("since", "")
    if since and since != one.stamp:
        raise Stale(f"This decision about {case.ref} was changed while this was open. Nothing was done.", opened)
    return one


def _waiting(case: ReviewCase, decision: Decision) -> DecisionChange | None:
    return decisions.changes_to_send(case.desk.session, case.review_id).get(decision.id or 0)


def change_form(desk: Desk, request: Request) -> Answer:
    """ "Change": the decision's words, owner and day."""
    one = _in_hand(desk, request)
    return _to_be_added_first(one, request) or _change_form(one)


def _to_be_added_first(one: _InHand, request: Request) -> Form | None:
    """The form once more while a new decision is typed in it: another form in its place would lose the words."""
    if not request.text("what") and not request.many("again"):
        return None
    return with_typed(
        making_form(one.case, "Add what you have begun first, or empty it: then change this one."), request
    )


def _change_form(one: _InHand) -> Form:
    present = one.decision if one.waiting is None or one.waiting.takes_out else one.waiting
    fields = [statement("answer", answer_words(one.case.desk, one.case.present))]
    if one.decision.sent_at is not None:
        fields.append(statement("later", _LATER))
    return Form(
        deed="review.decisions.change.send",
        title="Change a decision",
        submit="Keep",
        subject=one.case.ref,
        run=one.decision.id,
        context={"since": one.stamp},
        fields=(*fields, *decision_fields(one.case.desk, present)),
    )


def change(desk: Desk, request: Request) -> Answer:
    """Keep the change: in force at once while the decision is not sent, else with the next sending."""
    one = _in_hand(desk, request, for_change=True)
    form = fitted(_change_form(one), request)
    wrong = wrong_decision(one.case, form, request)
    if not request.text("what"):
        wrong = {"what": "Say what was decided, or take it out."}
    if wrong:
        return Errors(by_field=wrong)
    asked = check_years(desk, form, request) or check_detail(desk, form, request, ("what",))
    if asked is not None:
        return asked
    wanted = _typed(one, request)
    if one.waiting is not None:
        desk.session.delete(one.waiting)
    if _says(wanted) == _says(one.decision):
        follow_what_is_to_send(desk, one.case.present)
        return making_form(one.case, "Kept as it was.")
    _keep(one, wanted)
    follow_what_is_to_send(desk, one.case.present)
    one.case.record("decision changed", words=wanted.words, review=one.case.review_id, decision=one.decision.id)
    return making_form(one.case, f"Changed. {_LATER if one.decision.sent_at is not None else 'It is not sent yet.'}")


def _typed(one: _InHand, request: Request) -> DecisionChange:
    """What was typed. Where a role was chosen and the person left as they were, it is the role's from now on."""
    desk, owner, role = one.case.desk, chosen_person(one.case.desk, request, "owner"), request.text("owner_role")
    shown = one.waiting if one.waiting is not None and not one.waiting.takes_out else one.decision
    if owner is not None and owner.id == shown.owner_id and role:
        owner = None
    return DecisionChange(
        authority=desk.authority,
        decision_id=one.decision.id or 0,
        words=request.text("what"),
        owner_id=owner.id if owner is not None else None,
        owner_role="" if owner is not None else role,
        due_on=given_day(request, "due_on"),
        made_by_id=desk.actor_id,
        made_at=desk.now,
    )


def _says(one: Decision | DecisionChange) -> tuple[object, ...]:
    return one.words, one.owner_id, one.owner_role, one.due_on


def _keep(one: _InHand, wanted: DecisionChange) -> None:
    decision, session = one.decision, one.case.desk.session
    if decision.sent_at is not None:
        session.add(wanted)
        return
    decision.words, decision.due_on, decision.changed_at = wanted.words, wanted.due_on, one.case.desk.now
    decision.owner_id, decision.owner_role = wanted.owner_id, wanted.owner_role
    session.add(decision)


class TakenOut(Declared[_InHand], deed="review.decisions.take_out", title="Take out a decision", submit="Take out"):
    """Why a decision that was sent is taken out."""

    because: str = words(
        "Why is it taken out?",
        hint="No names, addresses or dates of birth.",
        missing="Say why it is taken out.",
        column=DecisionChange.because,
    )

    @classmethod
    def place(cls, about: _InHand) -> Place:
        """The decision, and how it stood."""
        return Place(subject=about.case.ref, run=about.decision.id, context={"since": about.stamp})

    @classmethod
    def above(cls, about: _InHand) -> tuple[str, ...]:
        """The decision, and when it is out."""
        return (about.decision.words or "", _LATER)


def take_out_form(desk: Desk, request: Request) -> Answer:
    """ "Take out": at once while it is not sent; else the form for the reason."""
    one = _in_hand(desk, request, for_change=True)
    if one.decision.sent_at is not None:
        return _to_be_added_first(one, request) or TakenOut.draw(one)
    one.decision.taken_out_at = desk.now
    desk.session.add(one.decision)
    follow_what_is_to_send(desk, one.case.present)
    one.case.record("decision taken out", review=one.case.review_id, decision=one.decision.id)
    return with_typed(making_form(one.case, "Taken out."), request)


@done_by(TakenOut, _in_hand)
def take_out(one: _InHand, given: TakenOut) -> Answer:
    """Keep why a decision that was sent is taken out; the next sending takes it out."""
    desk = one.case.desk
    if one.waiting is not None:
        desk.session.delete(one.waiting)
    out = DecisionChange(
        authority=desk.authority,
        decision_id=one.decision.id or 0,
        takes_out=True,
        because=given.because,
        made_by_id=desk.actor_id,
        made_at=desk.now,
    )
    desk.session.add(out)
    follow_what_is_to_send(desk, one.case.present)
    one.case.record("decision taken out", words=given.because, review=one.case.review_id, decision=one.decision.id)
    return making_form(one.case, f"It is taken out by the next sending. {_LATER}")


def keep_in(desk: Desk, request: Request) -> Answer:
    """ "Keep it": a decision that was to be taken out stays."""
    one = _in_hand(desk, request, for_change=True)
    if one.waiting is not None and one.waiting.takes_out:
        desk.session.delete(one.waiting)
        follow_what_is_to_send(desk, one.case.present)
        one.case.record("decision kept in", review=one.case.review_id, decision=one.decision.id)
    return with_typed(making_form(one.case, "It stays."), request)
