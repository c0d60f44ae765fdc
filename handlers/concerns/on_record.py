""" "On the record": the day on which a concern's copy went into the child's file.

The IRO, who acts in their place, and business support note it; support without reading: reference and dates alone.
"""

from datetime import date

from handlers.asking import check_years
from handlers.cards import Answer, Errors, Field, FieldKind, Form, Notice
from handlers.concerns.case import OpenCase, open_case
from handlers.concerns.standing_in import reason_field, reason_missing
from handlers.day_windows import DayOf
from handlers.days import Edge, day_field, given_day, wrong_day
from handlers.fitting import fitted
from handlers.lifecycle import Act, advance
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.rights import May, goes_on_file, may
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import CONCERN
from scheduling.working_days import local
from storage.concerns import Concern, ConcernState

ON_RECORD = ("On the record", "concern.on_record")


def may_note(case: OpenCase) -> bool:
    """Whether the person can note it now."""
    return goes_on_file(case.concern) and may(case.who, May.NOTE_ON_RECORD)


def record_words(concern: Concern) -> str:
    """ "On the child's record since Mon 4 Jan 2027.", or, of what is closed, that it is not yet."""
    if concern.on_record_on is not None:
        return f"A copy was put on the child's record on {say_day(concern.on_record_on)}."
    unknown = concern.about_service or (concern.imported and concern.what_changed is None)
    return "" if concern.state is not ConcernState.CLOSED or unknown else "It is not on the child's record yet."


def on_record_form(desk: Desk, request: Request) -> Answer:
    """ "On the record": which day it was."""
    return _form(_open(desk, request))


def _open(desk: Desk, request: Request, *, for_change: bool = False) -> OpenCase:
    case = open_case(desk, request.subject, May.NOTE_ON_RECORD, for_change=for_change)
    if case.concern.about_service:
        raise Refused(f"{case.ref} is about the service, and so on no child's record.")
    advance(case.ref, case.concern.state, Act.NOTE_ON_RECORD)
    return case


def _form(case: OpenCase) -> Form:
    return Form(
        deed="concern.on_record.send",
        title=f"On the record: {case.ref}",
        submit="Save",
        subject=case.ref,
        fields=(
            *_noted_before(case.concern),
            on_record_field(case.desk.today, required=True),
            *reason_field(case),
        ),
    )


def _noted_before(concern: Concern) -> tuple[Field, ...]:
    """The day that was noted before; all else that may be known here stands in the first line."""
    if concern.on_record_on is None:
        return ()
    return (Field(key="before", kind=FieldKind.STATEMENT, text=f"Noted before: {say_day(concern.on_record_on)}."),)


def on_record_field(initial: date | None, *, required: bool) -> Field:
    """The day on which the copy went into the child's file."""
    hint = "The day on which the copy went into the child's file."
    if not required:
        hint = "The day on which the copy, with how it ended, went into the child's file. Empty: you are asked once."
    return day_field(DayOf.ON_RECORD, "on_record_on", ON_RECORD[0], initial, hint=hint, required=required)


def wrong_record_day(case: OpenCase, form: Form, request: Request) -> dict[str, str]:
    """What is wrong with the day: nothing is on the record before it is raised, nor what is closed before its end."""
    concern = case.concern
    since, why = concern.raised_at, f"when the {CONCERN} was raised"
    if concern.closed_at is not None:
        since, why = concern.closed_at, "when it was closed"
    edge = Edge(day=local(since).date() if since is not None else None, why=why)
    return wrong_day(case.desk, form, request, "on_record_on", since=edge)


def put_on_record(desk: Desk, request: Request) -> Answer:
    """Note the day, on the concern and in its history. The form shows it from then on."""
    case = _open(desk, request, for_change=True)
    form = fitted(_form(case), request)
    wrong = wrong_record_day(case, form, request)
    problem = (Errors(by_field=wrong) if wrong else None) or check_years(desk, form, request)
    problem = problem or reason_missing(case, request)
    if problem is not None:
        return problem
    day = given_day(request, "on_record_on")
    assert day is not None
    note(case, day)
    case.tell_absent_iro("noted that the copy is on the record")
    opens = (case.button("Open", "concern.open"),) if may(case.who, May.SEE_IT_EXISTS) else ()
    return Notice(text=f"{case.ref} is on the child's record: {say_day(day)}.", buttons=opens)


def note(case: OpenCase, day: date) -> None:
    """Keep the day, and who noted it."""
    case.concern.on_record_on, case.concern.on_record_by_id = day, case.desk.actor_id
    case.desk.session.add(case.concern)
    case.record("put on the child's record", on=day.isoformat())
