"""Recording a reply that was given by telephone, by e-mail or in person."""

from datetime import date, datetime

from handlers.asking import check_years
from handlers.cards import Answer, Choice, Errors, Field, FieldKind, Form, Notice
from handlers.concerns.case import OpenCase, open_case, require_present
from handlers.concerns.settling import ANSWERS, plan_field, take, wrong_answer
from handlers.concerns.standing_in import reason_field, reason_missing
from handlers.day_windows import DayOf
from handlers.days import Edge, day_field, given_day, wrong_day
from handlers.fitting import fitted
from handlers.forms.detail import check_detail
from handlers.hearing import reached
from handlers.lifecycle import Act, advance
from handlers.messages.informing import recorded_for_you
from handlers.messages.owing import about_concern, owe
from handlers.messages.undelivered import serves
from handlers.namesakes import names_apart
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.rights import May
from handlers.wording import name_of
from scheduling.deadlines import close_of
from scheduling.procedures.terms import CONCERN
from scheduling.working_days import local
from storage import stage_runs
from storage.stage_runs import Part, StageRun


def record_form(desk: Desk, request: Request) -> Answer:
    """ "Record a reply": the IRO writes down a reply given by telephone, e-mail or in person."""
    case = open_case(desk, request.subject, May.RECORD_REPLY, for_change=True)
    require_present(case, request.run)
    advance(case.ref, case.concern.state, Act.REPLY)
    return _record_form(case)


def _record_form(case: OpenCase) -> Form:
    run = case.present_run
    assert run.id is not None
    people = stage_runs.people_of(case.desk.session, run.id, Part.ADDRESSED)
    open_places = [part for part in people if part.replied_at is None]
    if not open_places:
        raise Refused(f"Nobody asked at this stage of {case.ref} still owes a reply.")
    names = names_apart(case.desk, (part.person_id for part in open_places))
    choices = tuple(Choice(value=str(ident), label=name) for ident, name in names.items())
    return Form(
        deed="concern.record.send",
        title="Record a reply",
        submit="Record",
        subject=case.ref,
        run=case.concern.run_id,
        fields=(
            Field(
                key="person",
                kind=FieldKind.CHOICE,
                label="Who replied?",
                required=True,
                choices=choices,
                initial=choices[0].value,
            ),
            day_field(DayOf.REPLY_GIVEN, "given_on", "When?", case.desk.today),
            Field(key="answer", kind=FieldKind.CHOICE, label="Answer", required=True, choices=ANSWERS),
            Field(key="words", kind=FieldKind.LONG, label="What will happen", required=True),
            plan_field(),
            *reason_field(case),
        ),
    )


def send_recorded(desk: Desk, request: Request) -> Answer:
    """Take a reply given elsewhere, on the day it was given."""
    case = open_case(desk, request.subject, May.RECORD_REPLY, for_change=True)
    require_present(case, request.run)
    form = fitted(_record_form(case), request)
    given_on, run = given_day(request, "given_on"), case.present_run
    problem = _wrong_days(case, form, request) or wrong_answer(desk, request) or check_years(desk, form, request)
    problem = problem or check_detail(desk, form, request, ("words",))
    if problem is not None:
        return problem
    assert given_on is not None
    assert run.id is not None
    people = stage_runs.people_of(desk.session, run.id, Part.ADDRESSED)
    part = next((one for one in people if str(one.person_id) == request.text("person")), None)
    if part is None or part.replied_at is not None:
        return Errors(by_field={"person": "Choose who replied."})
    missing = reason_missing(case, request)
    if missing is not None:
        return missing
    take(case, part, request, given_at=min(desk.now, _moment(desk, run, given_on)), recorded=True)
    to = reached(desk, part.person_id, never=case.who.iro_id)
    told = ""
    if serves(desk, to):
        owe(desk, recorded_for_you, to, about_concern(case.concern, f"recorded {part.id}"), person=desk.actor_id)
        told = f" {name_of(desk, to)} is told, and can add to it."
    case.tell_absent_iro("recorded a reply")
    return Notice(text=f"The reply to {case.ref} is recorded.{told}", buttons=(case.button("Open", "concern.open"),))


def _wrong_days(case: OpenCase, form: Form, request: Request) -> Errors | None:
    """No reply was given before there was a concern, nor will be."""
    raised = case.concern.raised_at
    since = local(raised).date() if raised is not None else None
    wrong = wrong_day(case.desk, form, request, "given_on", since=Edge(day=since, why=f"when the {CONCERN} was raised"))
    wrong |= wrong_day(case.desk, form, request, "plan_by")
    return Errors(by_field=wrong) if wrong else None


def _moment(desk: Desk, run: StageRun, given_on: date) -> datetime:
    """Close of business on that day; given on the day on which it fell due by the hour, it was not late."""
    closing = max(run.started_at, close_of(given_on, desk.calendar))
    due = run.due_at
    return min(closing, due) if due is not None and local(due).date() == given_on else closing
