"""Drafts: kept, edited, shared or thrown away, and seen by the IRO alone until logged."""

from dataclasses import replace

from handlers.cards import WRONG, Answer, Errors, Field, FieldKind, Form, Notice
from handlers.concerns import log
from handlers.concerns.case import OpenCase, case_of, open_case
from handlers.concerns.log import LogForm, Logging
from handlers.concerns.who_may_log import may_log_something, require_may_log
from handlers.lifecycle import Act
from handlers.office import Desk
from handlers.people.chosen import chosen_child
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.rights import May, Place, require, standing
from handlers.standing import acting_as, roles_of
from scheduling.procedures.terms import CONCERNS_FIRST, IRO, IRO_MANAGER, IROS
from storage import authorities, children, concerns, history
from storage.children import Capacity, Child
from storage.concerns import Concern, ConcernState
from storage.people import Person


def save_draft(desk: Desk, request: Request) -> Answer:
    """ "Save draft": keep what is typed, seen by the IRO alone."""
    draft = keep_draft(logging_of(desk, request, is_final=False), request)
    if not isinstance(draft, Concern):
        return _as_form(desk, request, draft)
    return Notice(
        text=f"Saved as draft {draft.reference}. Only you can see it. It is sent to nobody until you log it: "
        f"/concern {draft.reference} opens it again."
    )


def _as_form(desk: Desk, request: Request, problem: Errors | Form) -> Answer:
    """A press inside a form cannot mark fields, so what is wrong is said on top of the form."""
    if isinstance(problem, Form):
        return problem
    text = " ".join(problem.by_field.values())
    return _with_line(LogForm.draw(logging_of(desk, request), request.values), WRONG, text)


def _with_line(form: Form, key: str, text: str) -> Form:
    return replace(form, fields=(Field(key=key, kind=FieldKind.STATEMENT, text=text), *form.fields))


def logging_of(desk: Desk, request: Request, *, is_final: bool = True) -> Logging:
    """What a form "Log a concern" that was sent is about."""
    draft = draft_case(desk, request).concern if request.subject else None
    reference = request.text("child").removeprefix(log.ADD) if request.text("child").startswith(log.ADD) else ""
    listed = children.by_reference(desk.session, reference) if reference else chosen_child(desk, request)
    return Logging(
        desk=desk,
        rules=desk.frozen_rules(draft.procedures_digest) if draft is not None else desk.rules,
        about_service=bool(request.context.get("about_service")),
        draft=draft,
        child=listed,
        adds=reference if listed is None else "",
        is_final=is_final,
    )


def discard(desk: Desk, request: Request) -> Answer:
    """ "Discard draft": it is gone from every list; its number stays unused."""
    case = draft_case(desk, request)
    case.become(Act.DISCARD)
    log.erase(case.concern)
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
        return _with_line(LogForm.draw(logging_of(desk, request), request.values), "shared", text)
    return Notice(text=text)


def draft_case(desk: Desk, request: Request) -> OpenCase:
    case = open_case(desk, request.subject, May.STEER, for_change=True)
    if case.concern.state is not ConcernState.DRAFT:
        raise Refused(f"{case.ref} has been logged already.", case.button("Open", "concern.open"))
    return case


def edit_draft(desk: Desk, case: OpenCase) -> Answer:
    """The form with what the draft holds."""
    require(case.who, May.STEER)
    about = Logging(
        desk=desk, rules=case.rules, about_service=case.concern.about_service, draft=case.concern, child=case.child
    )
    return LogForm.draw(about, log.sent_with(desk, case.concern))


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


def keep_draft(about: Logging, request: Request) -> Concern | Errors | Form:
    """Keep what was sent as a draft; what is wrong in it, or a question about it, comes first."""
    desk = about.desk
    if not may_log_something(desk):
        raise Refused(f"{CONCERNS_FIRST} are logged by {IROS}.")
    stands_in = about.child is not None and not about.about_service and require_may_log(desk, about.child)
    about = replace(about, as_manager=stands_in)
    lacking = about.adds and not request.text("holder")
    if lacking or (stands_in and about.is_final and not request.text("manager_reason")):
        return LogForm.draw(about, request.values)
    given = LogForm.read(desk, about, request)
    if not isinstance(given, LogForm):
        return given
    child = _added(desk, about.adds, given.holder) if about.adds else about.child
    draft = about.draft or _new_draft(desk, child, about.about_service)
    _fill(desk, draft, child, given, request)
    if given.manager_reason:
        case_at(desk, draft).record("acted for the IRO", words=given.manager_reason)
    return draft


def _added(desk: Desk, reference: str, holder: Person) -> Child:
    assert holder.id is not None
    child = Child(authority=desk.authority, reference=reference)
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
    return child


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


def _fill(desk: Desk, draft: Concern, child: Child | None, given: LogForm, request: Request) -> None:
    assert draft.id is not None
    draft.child_id = child.id if child is not None else None
    if child is not None and child.iro_id is not None:
        draft.iro_id = child.iro_id
    log.keep(given, draft)
    draft.kept_because = request.text("kept_because") or draft.kept_because
    concerns.set_reasons(desk.session, draft.id, given.main_reason, given.other_reasons)
    desk.session.add(draft)
