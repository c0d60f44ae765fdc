"""Drafts: kept, edited, shared or thrown away, and seen by the IRO alone until logged."""

from dataclasses import replace

from handlers.asking import check_years, with_typed
from handlers.cards import WRONG, Answer, Errors, Field, FieldKind, Form, Notice
from handlers.concerns.asking import check_detail
from handlers.concerns.before_log import ask_before_log
from handlers.concerns.case import OpenCase, case_of, open_case
from handlers.concerns.log_form import NARRATIVE, log_form, typed_in
from handlers.concerns.who_may_log import may_log_something, require_may_log
from handlers.days import given_day, wrong_days
from handlers.fitting import fitted
from handlers.lifecycle import Act
from handlers.numbers import number_of
from handlers.office import Desk
from handlers.people.allocating import is_holder
from handlers.people.chosen import chosen_child, chosen_person
from handlers.people.independence import check
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.rights import May, Place, require, standing
from handlers.standing import acting_as, roles_of
from scheduling.procedures.terms import CONCERNS_FIRST, IRO, IRO_MANAGER, IROS
from storage import authorities, children, concerns, history
from storage.children import Capacity, Child
from storage.concerns import Concern, ConcernState

_WRITTEN = (*NARRATIVE, "agency_contact")
"""What is written in the form: kept as typed, and gone with a draft that is thrown away."""


def save_draft(desk: Desk, request: Request) -> Answer:
    """ "Save draft": keep what is typed, seen by the IRO alone."""
    draft, problem = keep_draft(desk, request, complete=False)
    if problem is not None or draft is None:
        return _as_form(desk, request, problem)
    return Notice(
        text=f"Saved as draft {draft.reference}. Only you can see it. It is sent to nobody until you log it: "
        f"/concern {draft.reference} opens it again."
    )


def _as_form(desk: Desk, request: Request, problem: Errors | Form | None) -> Answer:
    """A press inside a form cannot mark fields, so what is wrong is said on top of the form."""
    if isinstance(problem, Errors):
        text = " ".join(problem.by_field.values())
        return _with_line(with_typed(_form(desk, request), request), WRONG, text)
    assert problem is not None
    return problem


def _with_line(form: Form, key: str, text: str) -> Form:
    return replace(form, fields=(Field(key=key, kind=FieldKind.STATEMENT, text=text), *form.fields))


def discard(desk: Desk, request: Request) -> Answer:
    """ "Discard draft": it is gone from every list; its number stays unused."""
    case = draft_case(desk, request)
    case.become(Act.DISCARD)
    for field in _WRITTEN:
        setattr(case.concern, field, None)
    case.record("discarded")
    return Notice(text=f"Draft {case.ref} is discarded.")


def share(desk: Desk, request: Request) -> Answer:
    """Share a draft, and later its Cafcass and legal notes, with the IRO manager."""
    case = open_case(desk, request.subject, May.STEER, for_change=True)
    if not case.who.holds(Place.IRO) and case.concern.drafted_by_id != desk.actor_id:
        raise Refused(f"Only the child's {IRO}, or their cover, can share what is theirs alone in {case.ref}.")
    case.concern.notes_shared = True
    desk.session.add(case.concern)
    case.record("shared with the IRO manager")
    text = f"The {IRO_MANAGER} can now open {case.ref} with its notes: /concern {case.ref}."
    if request.values and case.concern.state is ConcernState.DRAFT:  # from inside the form, in which words may be typed
        return _with_line(with_typed(_form(desk, request), request), "shared", text)
    return Notice(text=text)


def draft_case(desk: Desk, request: Request) -> OpenCase:
    case = open_case(desk, request.subject, May.STEER, for_change=True)
    if case.concern.state is not ConcernState.DRAFT:
        raise Refused(f"{case.ref} has been logged already.", case.button("Open", "concern.open"))
    return case


def edit_draft(desk: Desk, case: OpenCase) -> Answer:
    """The form with what the draft holds."""
    require(case.who, May.STEER)
    return log_form(
        desk,
        values=typed_in(desk, case.concern),
        about_service=case.concern.about_service,
        draft=case.concern,
    )


def case_at(desk: Desk, concern: Concern) -> OpenCase:
    base = case_of(desk, concern)
    return OpenCase(
        scene=desk,
        desk=desk,
        concern=concern,
        child=base.child,
        run=base.run,
        rules=base.rules,
        who=standing(desk, concern),
    )


def _form(desk: Desk, request: Request, *, ask_holder: bool = False, as_manager: bool = False) -> Form:
    draft = draft_case(desk, request).concern if request.subject else None
    return log_form(
        desk,
        values=request.values,
        about_service=bool(request.context.get("about_service")),
        draft=draft,
        ask_holder=ask_holder,
        as_manager=as_manager,
    )


def keep_draft(desk: Desk, request: Request, *, complete: bool) -> tuple[Concern | None, Errors | Form | None]:
    if not may_log_something(desk):
        raise Refused(f"{CONCERNS_FIRST} are logged by {IROS}.")
    about_service = bool(request.context.get("about_service"))
    child, problem = _child(desk, request, about_service, complete)
    if problem is not None:
        return None, problem
    as_manager = child is not None and require_may_log(desk, child)
    held = draft_case(desk, request).concern if request.subject else None
    form = _form(desk, request, as_manager=as_manager and complete)
    fitted(form, request, typed_in(desk, held) if held is not None else {})
    wrong = _wrong_values(request, complete) | wrong_days(desk, form, request)
    if wrong:
        return None, Errors(by_field=wrong)
    asked = check_years(desk, form, request) or check_detail(desk, form, request, NARRATIVE)
    if asked is not None:
        return None, asked
    if as_manager and complete and not request.text("manager_reason"):
        return None, with_typed(_form(desk, request, as_manager=True), request)
    question = ask_before_log(desk, form, request, child) if complete else None
    if question is not None:
        return None, question
    draft = held or _new_draft(desk, child, about_service)
    _fill(desk, draft, child, request)
    if as_manager and complete:
        case_at(desk, draft).record("acted for the IRO", words=request.text("manager_reason"))
    return draft, None


def _child(
    desk: Desk, request: Request, about_service: bool, complete: bool
) -> tuple[Child | None, Errors | Form | None]:
    chosen = request.text("child")
    if about_service:
        return None, None
    if chosen.startswith("add:"):
        return _added_child(desk, request, chosen.removeprefix("add:"))
    child = chosen_child(desk, request)
    if child is None and (complete or chosen):
        return None, Errors(by_field={"child": "Choose the child's reference from the list."})
    return child, None


def _added_child(desk: Desk, request: Request, reference: str) -> tuple[Child | None, Errors | Form | None]:
    known = children.by_reference(desk.session, reference)
    if known is not None:
        return known, None
    if desk.rules.child_reference.fullmatch(reference) is None or len(reference) > 40:
        return None, Errors(by_field={"child": "This is not written like a child reference here."})
    if "iro" not in roles_of(desk, desk.actor):
        return None, Errors(by_field={"child": f"Only the child's own {IRO} can add a child here; use /iro child."})
    holder = chosen_person(desk, request, "holder")
    if holder is None or holder.id is None:
        return None, with_typed(_form(desk, request, ask_holder=True), request)
    child = Child(authority=desk.authority, reference=reference)
    conflict = check(desk.session, holder.id, desk.actor_id)
    if not is_holder(desk, holder):
        conflict = "Choose a social worker or a manager of this service."
    if conflict:
        return None, Errors(by_field={"holder": conflict})
    desk.session.add(child)
    desk.session.flush()
    children.allocate(desk.session, child, Capacity.IRO, desk.actor_id, desk.today)
    children.allocate(desk.session, child, Capacity.HOLDER, holder.id, desk.today)
    history.record(
        desk.session,
        chain=f"child:{child.id}",
        at=desk.now,
        actor_id=desk.actor_id,
        for_id=None,
        what="added",
        details={"iro": desk.actor_id, "holder": holder.id},
        words=None,
    )
    return child, None


def _wrong_values(request: Request, complete: bool) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if complete and not request.text("worries"):
        wrong["worries"] = "Say what the worry is."
    if complete and not request.text("main_reason"):
        wrong["main_reason"] = "Choose the main reason."
    if complete and number_of(request.text("start_at")) is None:
        wrong["start_at"] = "Choose where it starts."
    return wrong


def _new_draft(desk: Desk, child: Child | None, about_service: bool) -> Concern:
    iro_id = child.iro_id if child is not None and child.iro_id is not None else _iro_behind(desk)
    draft = Concern(
        authority=desk.authority,
        number=authorities.next_concern_number(desk.session, desk.authority),
        about_service=about_service,
        iro_id=iro_id,
        state=ConcernState.DRAFT,
        procedures_digest=desk.rules.digest,
        drafted_at=desk.now,
        drafted_by_id=desk.actor_id,
        state_since=desk.now,
    )
    desk.session.add(draft)
    desk.session.flush()
    case_at(desk, draft).record("drafted")
    return draft


def _iro_behind(desk: Desk) -> int:
    """The IRO a cover acts for when no child says so; the person themself in every other case."""
    if roles_of(desk, desk.actor) & {"iro", "iro_manager"}:
        return desk.actor_id
    iros = [one for one, roles in acting_as(desk).items() if "iro" in roles]
    return iros[0] if iros else desk.actor_id


def _fill(desk: Desk, draft: Concern, child: Child | None, request: Request) -> None:
    assert draft.id is not None
    draft.child_id = child.id if child is not None else None
    if child is not None and child.iro_id is not None:
        draft.iro_id = child.iro_id
    for key in _WRITTEN:
        setattr(draft, key, request.text(key) or None)
    draft.kept_because = request.text("kept_because") or draft.kept_because
    draft.needed_by = given_day(request, "needed_by")
    draft.spoken_on = given_day(request, "spoken_on")
    draft.duty = request.text("duty") or None
    draft.raised_during = request.text("raised_during") or None
    draft.agency = request.text("agency") or None
    if not draft.about_service:  # of one child alone: the form about the service does not ask it
        draft.significant_harm = "yes" in request.many("significant_harm")
        draft.child_voice = ",".join(request.many("child_voice"))
    draft.start_at = number_of(request.text("start_at")) or 0
    concerns.set_reasons(desk.session, draft.id, request.text("main_reason"), request.many("other_reasons"))
    desk.session.add(draft)
