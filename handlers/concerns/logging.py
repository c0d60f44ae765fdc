"""Logging a concern: from an empty form, a draft or a confirmation, to its first stage."""

from handlers import did_you_mean
from handlers.cards import Answer, Button, Field, FieldKind, Form, Notice
from handlers.concerns.before_log import open_already
from handlers.concerns.case import OpenCase
from handlers.concerns.drafting import case_at, draft_case, keep_draft, logging_of
from handlers.concerns.log import ADD, LogForm, Logging
from handlers.concerns.raising import team_of
from handlers.concerns.sending_now import with_hours
from handlers.concerns.siblings import sibling_button
from handlers.concerns.starting import (
    Start,
    begin,
    immediate_number,
    lowest_for_service,
    stage_of,
    whom_to_ask,
)
from handlers.concerns.who_may_log import may_log_about, may_log_something, require_may_log
from handlers.lifecycle import Act
from handlers.office import Desk
from handlers.people.entitlement import may_add_children
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.rights import May, require
from handlers.wording import stage_words
from scheduling.procedures.terms import CONCERNS_FIRST, IRO, IROS
from storage import children, concerns, people, stage_runs
from storage.concerns import Concern
from storage.stage_runs import Part, RunKind


def open_log(desk: Desk, request: Request) -> Answer:
    """`/concern`, `/concern AB-1042` or `/concern service`: the empty form."""
    about_service = request.subject == "service"
    if not may_log_something(desk):
        raise Refused(f"{CONCERNS_FIRST} are logged by {IROS}. To tell a child's {IRO} that something changed: /tell.")
    if about_service or not request.subject:
        return LogForm.draw(Logging(desk=desk, rules=desk.rules, about_service=about_service))
    if request.subject.startswith(ADD):
        return _of_a_new_child(desk, request.subject.removeprefix(ADD))
    child = children.by_reference(desk.session, request.subject)
    if child is None:
        return _not_listed(desk, request.subject)
    as_manager = require_may_log(desk, child)
    about = Logging(desk=desk, rules=desk.rules, child=child, as_manager=as_manager)
    return LogForm.draw(about, {"child": str(child.id)})


def _of_a_new_child(desk: Desk, reference: str) -> Form:
    return LogForm.draw(Logging(desk=desk, rules=desk.rules, adds=reference), {"child": f"{ADD}{reference}"})


def _not_listed(desk: Desk, reference: str) -> Answer:
    """Those who may have been meant come before a new child: half a reference never adds one by a hasty press."""
    add = f"{ADD}{reference}"
    meant = did_you_mean.children(desk, reference, lambda one: may_log_about(desk, one))
    if not meant:
        return _of_a_new_child(desk, reference)
    refs = [one.reference for one in meant]
    buttons = [Button(label=ref, deed="concern.new", subject=ref) for ref in refs]
    if may_add_children(desk):
        buttons.append(Button(label=f"Add {reference}", deed="concern.new", subject=add))
    return Notice(text=f"{did_you_mean.question(*refs)} {reference} is not listed.", buttons=tuple(buttons))


def log(desk: Desk, request: Request) -> Answer:
    """ "Log": check, keep, and start; a risk of significant harm is confirmed first."""
    draft = keep_draft(logging_of(desk, request), request)
    if not isinstance(draft, Concern):
        return draft
    case = case_at(desk, draft)
    if draft.significant_harm and case.rules.immediate is not None:
        return _confirm_form(case)
    return _start(case, RunKind.ENTRY, draft.start_at)


def confirm_immediate(desk: Desk, request: Request) -> Answer:
    """The confirmed immediate route: everyone on it is told at once, at any hour."""
    case = draft_case(desk, request)
    if case.rules.immediate is None:
        raise Refused("These procedures have no immediate route; log it at a stage instead.")
    return _start(case, RunKind.IMMEDIATE, immediate_number(case.rules))


def _confirm_form(case: OpenCase) -> Form:
    route = case.rules.immediate
    assert route is not None
    found = whom_to_ask(case.desk, case.concern, case.rules, 0, RunKind.IMMEDIATE)
    names = ", ".join(f"{one.person.name} ({case.desk.rules.role_label(one.role)})" for one in found)
    lines = [
        f"{case.ref} goes at once, at any hour, to: {names or 'nobody could be found: telephone now'}.",
        f"They are asked to press Seen within {route.seen_within}.",
    ]
    if route.telephone is not None:
        lines.append(f"Telephone as well: {route.telephone.name}, {route.telephone.number}.")
    lines += open_already(case.desk, _main_reason(case), case.child, besides=case.ref).values()
    lines.append("If a child is in immediate danger, ring 999. Until you send it, it stays a draft.")
    return Form(
        deed="concern.confirm_immediate",
        title="Use the immediate route",
        submit="Send now",
        subject=case.ref,
        fields=tuple(Field(key=f"line{n}", kind=FieldKind.STATEMENT, text=text) for n, text in enumerate(lines)),
    )


def _main_reason(case: OpenCase) -> str:
    return next((one.reason for one in concerns.reasons_of(case.desk.session, case.id) if one.main), "")


def _start(case: OpenCase, kind: RunKind, number: int) -> Answer:
    desk, concern = case.desk, case.concern
    require_may_log_case(case)
    case.become(Act.LOG)
    concern.raised_at = desk.now
    stage_of(case.rules, number)
    if case.child is not None and not concern.team:
        concern.team = team_of(desk, case.child)
    lowest = 0 if case.rules.informal and not concern.about_service else _first(case)
    skipped = kind is RunKind.ENTRY and number > max(lowest, 1 if lowest else 0)
    run = begin(
        case,
        Start(number=number, kind=kind, by_id=desk.actor_id, reason=concern.start_reason or "", skipped=skipped),
    )
    case.record("logged", stage=number, route="immediate" if kind is RunKind.IMMEDIATE else None)
    case.tell_absent_iro("logged it")
    asked = stage_runs.people_of(desk.session, run.id or 0, Part.ADDRESSED)
    names = [person.name for one in asked if (person := people.get(desk.session, one.person_id)) is not None]
    where = "as urgent" if kind is RunKind.IMMEDIATE else f"at {stage_words(number)}"
    where = "informally" if where == "at informal" else where
    told = f"Asked to reply: {', '.join(names)}." if names else "Nobody could be found to ask: see your message."
    said = f"{concern.reference} is logged {where}. {told}"
    return with_hours(case, Notice(text=said, buttons=(case.button("Open", "concern.open"), *sibling_button(case))))


def _first(case: OpenCase) -> int:
    return lowest_for_service(case.rules) if case.concern.about_service else case.rules.stages[0].number


def require_may_log_case(case: OpenCase) -> None:
    """Pass when the person may send this concern out."""
    if case.child is not None:
        require_may_log(case.desk, case.child)
    else:
        require(case.who, May.STEER)
