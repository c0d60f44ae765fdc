"""Changing a child's IRO or worker, or that of all whom one person has: what is open goes with it, and all are told."""

from handlers.cards import Answer, Errors, Field, FieldKind, Form, Notice
from handlers.fitting import fitted
from handlers.handing_over import tell_handover, tell_lost
from handlers.namesakes import person_label
from handlers.office import Desk
from handlers.people.all_of_one import ALL, WithAll, all_field, of_same, with_all
from handlers.people.allocating import (
    REASON,
    iro_is_managers_alone,
    is_holder,
    opens_to_oneself,
    reason_field,
    reason_missing,
)
from handlers.people.chosen import chosen_person
from handlers.people.entitlement import OFFICE, may_allocate
from handlers.people.handover import hand_on, handover_of
from handlers.people.independence import check
from handlers.people.line import id_of
from handlers.people.lost_line import asked_in_line
from handlers.refusals import Refused, no_such
from handlers.requests import Request
from handlers.standing import acting_as, roles_acting
from scheduling.deadline_wording import say_list
from scheduling.procedures.terms import AN_IRO, AN_IRO_FIRST, CONCERN, IRO, IRO_FIRST, IRO_MANAGER
from storage import children, handovers, people
from storage.children import Capacity, Child
from storage.concerns import Concern
from storage.people import Person

_KEYS = {Capacity.IRO: "iro", Capacity.HOLDER: "holder"}


def allocate_form(desk: Desk, request: Request) -> Answer:
    """`/iro allocate AB-1042`: who reviews and who holds the case now, what is open, and who is to take over."""
    return _form(desk, *_allowed(desk, request))


def _form(desk: Desk, child: Child, may: tuple[Capacity, ...]) -> Form:
    handover = handover_of(desk.session, child)
    texts = (_present(desk, child), handover.in_words(with_drafts=Capacity.IRO in may))
    fields = [
        Field(key="now", kind=FieldKind.STATEMENT, text=" ".join(texts)),
        *(_field(desk, child, capacity) for capacity in may),
        *all_field(desk, child, may),
        *(reason_field(desk, *_of_same_iro(desk, child)) if Capacity.IRO in may else ()),
    ]
    if not_theirs := _not_theirs(desk, child, may):
        fields.append(Field(key="not_theirs", kind=FieldKind.STATEMENT, text=not_theirs))
    if handover.open and Capacity.HOLDER in may:
        text = (
            f"Who is asked to reply to an open {CONCERN} stays asked. The {IRO} is told where that is another line now."
        )
        fields.append(Field(key="open", kind=FieldKind.STATEMENT, text=text))
    return Form(
        deed="iro.allocate.send",
        title="Allocate",
        submit="Allocate",
        subject=child.reference,
        fields=tuple(fields),
    )


def allocate(desk: Desk, request: Request) -> Answer:
    """Keep the new IRO or worker. Errors beside the field for a person who cannot be one."""
    child, may = _allowed(desk, request)
    fitted(_form(desk, child, may), request)
    chosen = {capacity: chosen_person(desk, request, _KEYS[capacity]) for capacity in may}
    wrong = {_KEYS[one]: text for one in may if (text := _cannot(desk, request, one, chosen[one])) is not None}
    if not wrong:
        wrong = _dependent(desk, child, chosen)
    changed = {
        capacity: person
        for capacity, person in chosen.items()
        if person is not None and person.id != _present_id(child, capacity)
    }
    with_it = {one: with_all(desk, child, one, who) for one, who in changed.items() if one in request.many(ALL)}
    going = [child, *(with_it[Capacity.IRO].going if Capacity.IRO in with_it else ())]
    wrong = wrong or _not_allowed(desk, request, child, may, changed, going)
    if wrong:
        return Errors(by_field=wrong)
    if not changed:
        return Notice(text=f"Nothing was changed. {_present(desk, child)}")
    asked_elsewhere = _hand_over(desk, request, child, changed, with_it)
    said = _said(desk, child, list(changed), with_it, asked_elsewhere)
    return Notice(text=said)


def _hand_over(
    desk: Desk, request: Request, child: Child, changed: dict[Capacity, Person], with_it: dict[Capacity, WithAll]
) -> list[Concern]:
    """Do it as one act, told once to each; gives the concerns about which somebody is asked in another line now."""
    act = handovers.begin(desk.session, desk.now, desk.actor_id)
    handed = {one: [child, *(with_it[one].going if one in with_it else ())] for one in changed}
    ids = {one.id for each in handed.values() for one in each if one.id is not None}
    before = asked_in_line(desk.session, ids)
    reason = request.text(REASON)
    for capacity, person in changed.items():
        for one in handed[capacity]:
            hand_on(desk, act, one, capacity, id_of(person), reason=reason)
    desk.session.flush()
    tell_handover(desk, act, with_reason=bool(reason))
    return tell_lost(desk, before - asked_in_line(desk.session, ids), act)


def _of_same_iro(desk: Desk, child: Child) -> list[Child]:
    """The child first, and all others of the same IRO."""
    return list({one.id: one for one in (child, *of_same(desk, child, Capacity.IRO))}.values())


def _not_theirs(desk: Desk, child: Child, may: tuple[Capacity, ...]) -> str:
    """Why somebody of the office is not offered the child's IRO."""
    if Capacity.IRO in may or not roles_acting(desk) & OFFICE:
        return ""
    return iro_is_managers_alone(desk, child)


def _not_allowed(
    desk: Desk,
    request: Request,
    child: Child,
    may: tuple[Capacity, ...],
    changed: dict[Capacity, Person],
    going: list[Child],
) -> dict[str, str]:
    """What stands against these changes, beside the field."""
    given = request.text("iro")
    if Capacity.IRO not in may and given and given != str(child.iro_id) and _not_theirs(desk, child, may):
        return {"iro": _not_theirs(desk, child, may)}
    wrong = {_KEYS[one]: text for one, who in changed.items() if (text := opens_to_oneself(desk, child, one, who))}
    missing = filter(None, (reason_missing(desk, request, one) for one in going)) if Capacity.IRO in changed else ()
    if first := next(iter(missing), ""):
        wrong |= {REASON: first}
    return wrong


def _allowed(desk: Desk, request: Request) -> tuple[Child, tuple[Capacity, ...]]:
    reference = request.subject.strip().upper()
    if desk.rules.child_reference.fullmatch(reference) is None:
        raise Refused("Say which child: /iro allocate AB-1042.")
    child = children.by_reference(desk.session, reference)
    may = may_allocate(desk, child) if child is not None else ()
    if child is None or not may:
        if child is not None and child.iro_id in acting_as(desk):
            raise Refused(
                f"{AN_IRO_FIRST} is changed by the {IRO_MANAGER} or business support, a worker by their manager."
            )
        raise no_such(reference)
    return child, may


def _present_id(child: Child, capacity: Capacity) -> int | None:
    return child.iro_id if capacity is Capacity.IRO else child.holder_id


def _present(desk: Desk, child: Child) -> str:
    names = {}
    for capacity in _KEYS:
        present = _present_id(child, capacity)
        person = people.get(desk.session, present) if present is not None else None
        names[capacity] = person.name if person is not None else "nobody"
    return f"{child.reference}: the {IRO} is {names[Capacity.IRO]}; the case is held by {names[Capacity.HOLDER]}."


def _field(desk: Desk, child: Child, capacity: Capacity) -> Field:
    present = _present_id(child, capacity)
    person = people.get(desk.session, present) if present is not None else None
    return Field(
        key=_KEYS[capacity],
        kind=FieldKind.SEARCH,
        label=IRO_FIRST if capacity is Capacity.IRO else "Who holds the case?",
        search="person.iro" if capacity is Capacity.IRO else "person.worker",
        initial=str(person.id) if person is not None else "",
        initial_label=person_label(desk, person) if person is not None else "",
    )


def _cannot(desk: Desk, request: Request, capacity: Capacity, person: Person | None) -> str | None:
    if not request.text(_KEYS[capacity]):
        return None
    if person is None:
        return "Choose someone of this service."
    if capacity is Capacity.IRO and "iro" not in people.roles_on(desk.session, id_of(person), desk.today):
        return f"Choose {AN_IRO} of this service."
    if capacity is Capacity.HOLDER and not is_holder(desk, person):
        return "Choose a social worker or a manager of this service."
    return None


def _dependent(desk: Desk, child: Child, chosen: dict[Capacity, Person | None]) -> dict[str, str]:
    """Independence as it would be after the change."""
    iro, holder = chosen.get(Capacity.IRO), chosen.get(Capacity.HOLDER)
    sentence = check(
        desk.session,
        holder.id if holder is not None else child.holder_id,
        iro.id if iro is not None else child.iro_id,
    )
    return {"iro" if iro is not None and iro.id != child.iro_id else "holder": sentence} if sentence else {}


def _said(
    desk: Desk, child: Child, changed: list[Capacity], with_it: dict[Capacity, WithAll], elsewhere: list[Concern]
) -> str:
    is_office = "iro_manager" in roles_acting(desk) or Capacity.IRO in changed
    of_one = child.reference if with_it else ""
    parts = [_present(desk, child), handover_of(desk.session, child).in_words(with_drafts=is_office, of_one=of_one)]
    parts += [all_.in_words for all_ in with_it.values()]
    if elsewhere:
        refs = say_list([one.reference for one in elsewhere])
        parts.append(f"Who is asked about {refs} stays asked. The {IRO} is told, and can ask again.")
    elif Capacity.HOLDER in changed and handover_of(desk.session, child).open:
        parts.append("Those asked to reply stay asked.")
    return " ".join(parts)
