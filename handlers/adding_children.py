"""Adding a child: by reference alone, with the IRO and the person who holds the case."""

from collections.abc import Mapping
from dataclasses import replace

from handlers.asking import check_years
from handlers.cards import Answer, Choice, Errors, Field, FieldKind, Form, Notice
from handlers.day_windows import DayOf
from handlers.days import Edge, day_field, given_day, ticked_years, wrong_day
from handlers.fitting import fitted
from handlers.folding import plain_reference
from handlers.handing_over import tell_handover, tell_lost
from handlers.namesakes import person_label
from handlers.office import Desk
from handlers.people.allocating import (
    REASON,
    iro_is_managers_alone,
    is_holder,
    opens_to_oneself,
    reason_field,
    reason_missing,
    was_known,
)
from handlers.people.chosen import chosen_person
from handlers.people.entitlement import adds_own_only, may_add_children
from handlers.people.handover import hand_on
from handlers.people.independence import check
from handlers.people.line import id_of
from handlers.people.lost_line import asked_in_line
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.reviews.planning import Cause, plan_review
from handlers.standing import roles_of
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import AN_IRO, IRO, IRO_FIRST, IRO_MANAGER, IRO_MANAGERS, IROS
from storage import children, handovers, history, people
from storage.children import Capacity, Child
from storage.people import Person

TRACKS = (
    Choice(value="looked_after", label="Looked after"),
    Choice(value="short_breaks", label="Short breaks"),
    Choice(value="adoption_authorised", label="Adoption: authorised to place"),
    Choice(value="adoption_placed", label="Adoption: placed"),
)

MOST_ASKED = 4
"""So many are named whom to ask."""

ADOPTION = ("adoption_authorised", "adoption_placed")


def add_child_form(desk: Desk, request: Request) -> Answer:
    """`/iro child`: the form, the reference filled in where one was typed. Refused for those who may not add."""
    _require_may_add(desk)
    typed = request.words.strip().upper()
    known = children.by_reference(desk.session, typed)
    if (
        known is not None
        and (known.left_care_on or known.historical)
        and adds_own_only(desk)
        and was_known(desk, known)
    ):
        raise Refused(_whom_to_ask(desk, known))
    return _form(desk, typed if desk.rules.child_reference.fullmatch(typed) else "")


def _whom_to_ask(desk: Desk, known: Child) -> str:
    """To an IRO: that a child who comes back is allocated, and who may do it."""
    found = [one for role in ("iro_manager", "support") for one in people.holders_of(desk.session, role, desk.today)]
    names = " or ".join(one.name for one in found[:MOST_ASKED]) or "one of them"
    return (
        f"{known.reference} was known here before. A child who comes back is allocated by the {IRO_MANAGER} or "
        f"business support: ask {names}."
    )


def _form(desk: Desk, reference: str, *more: Field) -> Form:
    is_iro = "iro" in roles_of(desk, desk.actor)
    fields = (
        _reference_field(reference),
        day_field(DayOf.CARE_BEGAN, "looked_after_from", "Looked after from"),
        Field(key="track", kind=FieldKind.CHOICE, label="Reviews", choices=TRACKS, initial=TRACKS[0].value),
        day_field(
            DayOf.TRACK_BEGAN,
            "track_from",
            "Counted from",
            hint="For short breaks and adoption: when these began.",
            required=False,
        ),
        *(() if adds_own_only(desk) else (_iro_field(desk, is_iro),)),
        Field(
            key="holder",
            kind=FieldKind.SEARCH,
            label="Who holds the case?",
            hint="The social worker, or the manager while nobody is allocated.",
            search="person.worker",
            required=True,
        ),
        *more,
    )
    return Form(deed="iro.child.add", title="Add a child", submit="Add", fields=fields)


def _reference_field(reference: str) -> Field:
    return Field(
        key="reference",
        kind=FieldKind.TEXT,
        label="Child reference",
        hint="No names: the reference of the case system.",
        required=True,
        initial=reference,
        max_length=40,
    )


def _iro_field(desk: Desk, is_iro: bool) -> Field:
    return Field(
        key="iro",
        kind=FieldKind.SEARCH,
        label=IRO_FIRST,
        search="person.iro",
        required=True,
        initial=str(desk.actor_id) if is_iro else "",
        initial_label=person_label(desk, desk.actor) if is_iro else "",
    )


def _require_may_add(desk: Desk) -> None:
    if not may_add_children(desk):
        raise Refused(f"Children are added by {IROS}, {IRO_MANAGERS} and business support: ask one of them.")


def add_child(desk: Desk, request: Request) -> Answer:
    """Keep a new child, or one who was known from the past; one who comes back into care is an allocation."""
    _require_may_add(desk)
    iro = desk.actor if adds_own_only(desk) else chosen_person(desk, request, "iro")
    holder = chosen_person(desk, request, "holder")
    reference = plain_reference(request.text("reference"))
    known = children.by_reference(desk.session, reference)
    why = reason_field(desk, known) if known is not None and request.text(REASON) else ()
    form = fitted(_form(desk, reference, *why), request)
    wrong = _wrong(desk, form, request) | _wrong_people(desk, iro, holder)
    if not wrong and known is not None and iro is not None and holder is not None:
        wrong = _wrong_return(desk, request, known, iro, holder)
    if wrong or iro is None or holder is None:
        return Errors(by_field=wrong)
    asked = check_years(desk, form, request)
    if asked is not None:
        return asked
    if known is not None and iro.id != known.iro_id and reason_missing(desk, request, known):
        return _asking_why(desk, request, known)
    child = known or Child(authority=desk.authority, reference=reference)
    came_back = known is not None and was_known(desk, known)
    waiting = asked_in_line(desk.session, [known.id]) if known is not None and known.id is not None else set()
    child.looked_after_from = given_day(request, "looked_after_from")
    child.track = request.text("track") or TRACKS[0].value
    child.track_from = given_day(request, "track_from")
    child.left_care_on, child.historical = None, False
    desk.session.add(child)
    desk.session.flush()
    reason = request.text(REASON) if iro.id != child.iro_id else ""
    _allocate(desk, child, {Capacity.IRO: iro, Capacity.HOLDER: holder}, waiting, reason, came_back)
    history.record(
        desk.session,
        chain=f"child:{child.id}",
        at=desk.now,
        actor_id=desk.actor_id,
        what="added",
        details={"iro": iro.id, "holder": holder.id},
    )
    plan_review(desk, child, Cause(why="added", actor_id=desk.actor_id))
    return Notice(text=f"{reference} is listed. {IRO_FIRST}: {iro.name}. The case is held by {holder.name}.")


def _allocate(
    desk: Desk, child: Child, to: Mapping[Capacity, Person], waiting: set[int], reason: str, came_back: bool
) -> None:
    """Of a child who comes back all are told; of a new one the IRO, where somebody else added it."""
    act = handovers.begin(desk.session, desk.now, desk.actor_id)
    for capacity, person in to.items():
        if came_back or capacity is Capacity.IRO:
            hand_on(desk, act, child, capacity, id_of(person), reason=reason, came_back=came_back)
        else:
            children.allocate(desk.session, child, capacity, id_of(person), desk.today)
    desk.session.flush()
    tell_handover(desk, act, with_reason=bool(reason), is_new=not came_back)
    assert child.id is not None
    tell_lost(desk, waiting - asked_in_line(desk.session, [child.id]), act)


def _asking_why(desk: Desk, request: Request, known: Child) -> Form:
    """The form again, as it was filled in, with the question why the IRO changes under an open formal concern."""
    form = _form(desk, known.reference, *reason_field(desk, known))
    filled = (_filled(desk, request, one) for one in form.fields)
    return replace(form, fields=(*ticked_years(form, request), *filled))


def _filled(desk: Desk, request: Request, field: Field) -> Field:
    person = chosen_person(desk, request, field.key) if field.kind is FieldKind.SEARCH else None
    label = person_label(desk, person) if person is not None else field.initial_label
    return replace(field, initial=request.text(field.key) or field.initial, initial_label=label)


def _wrong(desk: Desk, form: Form, request: Request) -> dict[str, str]:
    wrong: dict[str, str] = {}
    reference = plain_reference(request.text("reference"))
    if desk.rules.child_reference.fullmatch(reference) is None or len(reference) > 40:
        wrong["reference"] = "This is not written like a child reference here. Names are never kept."
    else:
        present = children.by_reference(desk.session, reference)
        if present is not None and present.left_care_on is None and not present.historical:
            wrong["reference"] = (
                f"{reference} is listed already: /iro allocate {reference} changes its {IRO} or worker."
            )
    track = request.text("track") or TRACKS[0].value
    if track not in {choice.value for choice in TRACKS}:
        wrong["track"] = "Choose one of the list."
    return wrong | _wrong_days(desk, form, request, track)


def _wrong_return(desk: Desk, request: Request, known: Child, iro: Person, holder: Person) -> dict[str, str]:
    """What stands against this person's bringing back a child who was here before."""
    if not was_known(desk, known):
        return {}
    if adds_own_only(desk):
        return {"reference": _whom_to_ask(desk, known)}
    began = given_day(request, "looked_after_from")
    if known.left_care_on is not None and began is not None and began < known.left_care_on:
        left = say_day(known.left_care_on, desk.today)
        return {"looked_after_from": f"{known.reference} left care on {left}: give the day since when it is again."}
    if iro.id != known.iro_id and (sentence := iro_is_managers_alone(desk, known)):
        return {"iro": sentence}
    chosen = {Capacity.IRO: (iro, known.iro_id), Capacity.HOLDER: (holder, known.holder_id)}
    return {
        capacity.value: sentence
        for capacity, (person, before) in chosen.items()
        if person.id != before and (sentence := opens_to_oneself(desk, known, capacity, person))
    }


def _wrong_days(desk: Desk, form: Form, request: Request, track: str) -> dict[str, str]:
    """Nobody is authorised or placed for adoption before they are looked after; short breaks count from themselves."""
    began = given_day(request, "looked_after_from") if track in ADOPTION else None
    since = Edge(day=began, why="when the child became looked after")
    wrong = wrong_day(desk, form, request, "looked_after_from")
    wrong |= wrong_day(desk, form, request, "track_from", since=since)
    if track != TRACKS[0].value and not request.text("track_from"):
        wrong["track_from"] = "Give a date."
    return wrong


def _wrong_people(desk: Desk, iro: Person | None, holder: Person | None) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if iro is None or "iro" not in people.roles_on(desk.session, id_of(iro), desk.today):
        wrong["iro"] = f"Choose {AN_IRO} of this service."
    if holder is None or not is_holder(desk, holder):
        wrong["holder"] = "Choose a social worker or a manager of this service."
    if not wrong:
        sentence = check(desk.session, holder.id if holder else None, iro.id if iro else None)
        if sentence is not None:
            wrong["holder"] = sentence
    return wrong
