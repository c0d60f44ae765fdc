"""Decisions of a held review: made by the IRO one by one, each with its owner and its day."""

from datetime import date

from sqlmodel import col, select

from handlers.asking import check_years
from handlers.cards import Answer, Button, Choice, Errors, Field, FieldKind, Form
from handlers.day_windows import DayOf
from handlers.days import Edge, day_field, given_day, wrong_day
from handlers.fitting import fitted
from handlers.forms.detail import check_detail
from handlers.namesakes import person_label
from handlers.office import Desk, Scene
from handlers.people.chosen import chosen_person
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.reviews.case import ReviewCase, find_child, open_review
from handlers.reviews.decision_words import answer_words, as_the_iro_has_it, statement, ticked_by
from handlers.rights import May
from handlers.timetable.tasks import DECISIONS, due_anew, finish, put_again
from storage import decisions, people, reviews
from storage.decisions import Decision, DecisionChange, DecisionState
from storage.reviews import Review, ReviewState

DISPUTED = "disputed"
NEVER_SENT = "Not done, or never sent, since the last review: decide again"
LONGEST = 1000
"""Characters of one decision."""


def held_case(desk: Desk, request: Request, what: May, *, for_change: bool = False) -> ReviewCase:
    """The held review a button names, else the child's last one. Refused where none has been recorded as held."""
    child = find_child(desk, request.subject)
    wanted = request.run
    if wanted is None and child is not None and child.id is not None:
        last = reviews.last_held(desk.session, child.id)
        wanted = last.id if last is not None else None
    case = open_review(desk, request.subject, what, review_id=wanted, for_change=for_change)
    if case.review is None or case.review.state is not ReviewState.HELD:
        raise Refused(f"No review of {case.ref} has been recorded as held yet: record it first.")
    return case


def making_form(case: ReviewCase, said: str = "") -> Form:
    """What was decided so far, each to be changed or taken out while it is open, and room for one more."""
    made = decisions.in_hand(case.desk.session, case.review_id)
    changes = decisions.changes_to_send(case.desk.session, case.review_id)
    fields = [statement("said", said)] if said else []
    fields += [statement("answer", answer_words(case.desk, case.present))]
    for number, one in enumerate(made, start=1):
        change = changes.get(one.id or 0)
        fields += [
            as_the_iro_has_it(case.desk, number, one, change, case.present),
            *_changing_buttons(case, one, change),
        ]
    fields += [*decision_fields(case.desk), *_taken_up_again(case)]
    if made:
        fields.append(Field(key="send", kind=FieldKind.BUTTONS, buttons=_sending_buttons(case)))
    return Form(
        deed="review.decisions.add",
        title="Decisions of the review",
        submit="Add",
        cancel="Close",
        subject=case.ref,
        run=case.review_id,
        fields=tuple(fields),
    )


def _changing_buttons(case: ReviewCase, decision: Decision, change: DecisionChange | None) -> tuple[Field, ...]:
    """ "Change" and "Take out" for a decision that is still open; "Keep it" for one to be taken out."""
    if decision.state is not DecisionState.OPEN:
        return ()
    last = ("Take out", "review.decisions.take_out")
    if change is not None and change.takes_out:
        last = ("Keep it", "review.decisions.keep")
    buttons = tuple(
        Button(label=label, deed=deed, subject=case.ref, run=decision.id)
        for label, deed in (("Change", "review.decisions.change"), last)
    )
    return (Field(key=f"acts{decision.id}", kind=FieldKind.BUTTONS, buttons=buttons),)


def decision_fields(desk: Desk, present: Decision | DecisionChange | None = None) -> tuple[Field, ...]:
    """What is decided, who sees to it and by when; as it is at present, where it is changed."""
    roles = ("social_worker", *desk.rules.line_roles, "iro", "support", *desk.rules.other_roles)
    choices = tuple(Choice(value=role, label=desk.rules.role_label(role)) for role in roles)
    owner_id = present.owner_id if present is not None else None
    owner = people.get(desk.session, owner_id) if owner_id is not None else None
    return (
        Field(
            key="what",
            kind=FieldKind.LONG,
            label="What was decided?",
            hint="One decision at a time. No names, addresses or dates of birth.",
            initial=(present.words or "") if present is not None else "",
            max_length=LONGEST,
        ),
        Field(
            key="owner",
            kind=FieldKind.SEARCH,
            label="Who sees to it?",
            search="person.cover",
            hint="Or choose a role.",
            initial=str(owner_id) if owner_id is not None else "",
            initial_label=person_label(desk, owner) if owner is not None else "",
        ),
        Field(
            key="owner_role",
            kind=FieldKind.CHOICE,
            label="Or a role",
            choices=choices,
            initial=present.owner_role if present is not None else "",
        ),
        day_field(
            DayOf.DECISION, "due_on", "By when?", present.due_on if present is not None else None, required=False
        ),
    )


def _taken_up_again(case: ReviewCase) -> tuple[Field, ...]:
    found = _undone(case)
    if not found:
        return ()
    choices = ticked_by(found)
    hint = "Each becomes a new decision of this review, by the date above."
    unsent = any(one.state is DecisionState.OPEN for one in found)
    label = NEVER_SENT if unsent else "Not done since the last review: decide again"
    return (Field(key="again", kind=FieldKind.CHOICES, label=label, hint=hint, choices=choices),)


def _undone(case: ReviewCase) -> list[Decision]:
    """The decisions found not done, or left unsent with an earlier review, that no later one has taken up."""
    query = select(Decision).where(Decision.child_id == case.child_id, col(Decision.taken_out_at).is_(None))
    everything = case.desk.session.exec(query.order_by(col(Decision.id))).all()
    taken_up = {one.repeats_id for one in everything}
    left = [one for one in everything if one.state is DecisionState.NOT_DONE or _was_left_unsent(case, one)]
    return [one for one in left if one.id not in taken_up]


def _was_left_unsent(case: ReviewCase, decision: Decision) -> bool:
    return decision.state is DecisionState.OPEN and decision.sent_at is None and decision.review_id < case.review_id


def _sending_buttons(case: ReviewCase) -> tuple[Button, ...]:
    buttons = (case.button("Send to the manager", "review.decisions.send", "primary"),)
    return (*buttons, case.button("Mark as done", "review.decisions.done"))


def add_decision(desk: Desk, request: Request) -> Answer:
    """ "Add": keep what was typed as a decision, and what was ticked as decided again; then there is room for more."""
    case = held_case(desk, request, May.CHAIR, for_change=True)
    added = keep(case, request)
    if not isinstance(added, int):
        return added
    if not added:
        return Errors(by_field={"what": "Say what was decided, or close the form."})
    return making_form(
        case, "Kept. It is not sent yet." if added == 1 else f"{added} decisions kept. They are not sent yet."
    )


def keep(case: ReviewCase, request: Request) -> int | Errors | Form:
    """How many decisions were kept, or what stands in the way."""
    form = fitted(making_form(case), request)
    wrong = wrong_decision(case, form, request)
    if wrong:
        return Errors(by_field=wrong)
    asked = check_years(case.desk, form, request) or check_detail(case.desk, form, request, ("what",))
    if asked is not None:
        return asked
    made = [*_typed(case, request), *_ticked(case, request)]
    case.desk.session.add_all(made)
    case.desk.session.flush()
    if made:
        follow_what_is_to_send(case.desk, case.present)
    for one in made:
        case.record("decided", words=one.words, review=case.review_id, decision=one.id, repeats=one.repeats_id)
    return len(made)


def has_unsent(scene: Scene, review_id: int) -> bool:
    """Whether a review has decisions, or changes of them, that were not sent yet."""
    made = decisions.in_hand(scene.session, review_id)
    return any(one.sent_at is None for one in made) or bool(decisions.changes_to_send(scene.session, review_id))


def follow_what_is_to_send(desk: Desk, review: Review) -> None:
    """Remind the IRO to send decisions again while they are disputed or there is something new; else no longer."""
    assert review.id is not None
    if review.decisions_answer == DISPUTED or has_unsent(desk, review.id):
        put_again(desk, review.id, DECISIONS, due_anew(desk, DECISIONS))
    elif review.decisions_sent_at is not None:
        finish(desk, review.id, DECISIONS, desk.today)


def wrong_decision(case: ReviewCase, form: Form, request: Request) -> dict[str, str]:
    """What is missing or cannot be, beside its field."""
    wrong: dict[str, str] = {}
    owner, role = request.text("owner"), request.text("owner_role")
    if request.text("what") and not owner and not role:
        wrong["owner"] = "Say who sees to it: a person or a role."
    if owner and chosen_person(case.desk, request, "owner") is None:
        wrong["owner"] = "Choose a person from the list."
    if request.text("what") or request.many("again"):
        held = Edge(day=case.present.held_on, why="when the review was held")
        wrong |= wrong_day(case.desk, form, request, "due_on", since=held)
        if not request.text("due_on"):
            wrong["due_on"] = "Give the day by which it is to be done."
    return wrong


def _typed(case: ReviewCase, request: Request) -> list[Decision]:
    if not request.text("what"):
        return []
    owner = chosen_person(case.desk, request, "owner")
    return [
        _decision(
            case,
            words=request.text("what"),
            owner_id=owner.id if owner is not None else None,
            owner_role="" if owner is not None else request.text("owner_role"),
            due_on=given_day(request, "due_on"),
        )
    ]


def _ticked(case: ReviewCase, request: Request) -> list[Decision]:
    ticked = set(request.many("again"))
    return [
        _decision(
            case,
            words=one.words,
            owner_id=one.owner_id,
            owner_role=one.owner_role,
            due_on=given_day(request, "due_on"),
            repeats=one,
        )
        for one in _undone(case)
        if str(one.id) in ticked
    ]


def _decision(
    case: ReviewCase,
    *,
    words: str | None,
    owner_id: int | None,
    owner_role: str,
    due_on: date | None,
    repeats: Decision | None = None,
) -> Decision:
    return Decision(
        authority=case.desk.authority,
        child_id=case.child_id,
        review_id=case.review_id,
        words=words,
        owner_id=owner_id,
        owner_role=owner_role,
        due_on=due_on,
        state=DecisionState.OPEN,
        repeats_id=repeats.id if repeats is not None else None,
        times_undone=repeats.times_undone if repeats is not None else 0,
        made_at=case.desk.now,
    )
