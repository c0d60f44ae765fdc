"""Beside the stages: Cafcass and legal advice. Never automatic, never ending a stage, the notes the IRO's alone."""

from handlers.asking import ask_once, check_years
from handlers.cards import Answer, Choice, Errors, Field, FieldKind, Form, Notice
from handlers.concerns.asking import check_detail
from handlers.concerns.case import OpenCase, open_case
from handlers.concerns.standing_in import reason_field, reason_missing
from handlers.day_windows import DayOf
from handlers.days import Edge, day_field, given_day, wrong_day
from handlers.fitting import fitted
from handlers.lifecycle import Act, advance
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.rights import May
from scheduling.deadline_wording import say_time
from scheduling.procedures.terms import CONCERN, IRO_MANAGER
from scheduling.working_days import local
from storage import referrals
from storage.referrals import Referral, ReferralKind

_SHARED = (Choice(value="yes", label=f"Share this note with the {IRO_MANAGER}"),)
_CAFCASS = (
    Choice(value=ReferralKind.CAFCASS_REFERRAL.value, label="Refer to Cafcass"),
    Choice(value=ReferralKind.CAFCASS_CONTACT.value, label="Contact with Cafcass"),
)


def cafcass_form(desk: Desk, request: Request) -> Answer:
    """ "Refer to Cafcass" or "Contact with Cafcass", at any point (Children Act 1989, section 25B(3))."""
    case = open_case(desk, request.subject, May.STEER)
    return _cafcass_form(case)


def _cafcass_form(case: OpenCase) -> Form:
    advance(case.ref, case.concern.state, Act.REFER)
    if case.concern.about_service:
        raise Refused(f"{case.ref} is about the service and no one child, so there is nobody to refer to Cafcass.")
    kind = Field(
        key="kind",
        kind=FieldKind.CHOICE,
        label="What was done?",
        required=True,
        choices=_CAFCASS,
        initial=_CAFCASS[0].value,
    )
    sent = "Nothing is sent to Cafcass from here: this notes what you did yourself."
    said = Field(key="say", kind=FieldKind.STATEMENT, text=sent)
    return _form(case, "concern.cafcass.send", "Refer to Cafcass", said, kind)


def legal_form(desk: Desk, request: Request) -> Answer:
    """A note that legal advice was taken: the IRO's alone unless shared."""
    case = open_case(desk, request.subject, May.STEER)
    return _legal_form(case)


def _legal_form(case: OpenCase) -> Form:
    advance(case.ref, case.concern.state, Act.REFER)
    say = case.rules.legal_advice
    return _form(case, "concern.legal.send", "Legal advice", Field(key="say", kind=FieldKind.STATEMENT, text=say))


def _form(case: OpenCase, deed: str, title: str, *first: Field) -> Form:
    return Form(
        deed=deed,
        title=title,
        submit="Save",
        subject=case.ref,
        fields=(
            *first,
            day_field(DayOf.BESIDE, "happened_on", "Date", case.desk.today),
            Field(
                key="words",
                kind=FieldKind.LONG,
                label="Note",
                hint="Only you can read it, unless you share it. The open stage goes on beside it.",
                required=True,
            ),
            Field(key="shared", kind=FieldKind.CHOICES, label="Sharing", choices=_SHARED),
            *reason_field(case),
        ),
    )


def cafcass(desk: Desk, request: Request) -> Answer:
    """Keep a referral to or contact with Cafcass."""
    case = open_case(desk, request.subject, May.STEER, for_change=True)
    form = fitted(_cafcass_form(case), request)
    if request.text("kind") not in {choice.value for choice in _CAFCASS}:
        return Errors(by_field={"kind": "Choose what was done."})
    kind = ReferralKind(request.text("kind"))
    said = "The referral to Cafcass" if kind is ReferralKind.CAFCASS_REFERRAL else "The contact with Cafcass"
    return _keep(case, form, request, kind) or Notice(
        text=f"{said} is on record for {case.ref}. Nothing was sent to Cafcass from here, and the open stage goes on."
    )


def legal(desk: Desk, request: Request) -> Answer:
    """Keep a note of legal advice."""
    case = open_case(desk, request.subject, May.STEER, for_change=True)
    form = fitted(_legal_form(case), request)
    return _keep(case, form, request, ReferralKind.LEGAL_ADVICE) or Notice(
        text=f"The note is kept with {case.ref}. The open stage goes on beside it."
    )


def _keep(case: OpenCase, form: Form, request: Request, kind: ReferralKind) -> Answer | None:
    desk = case.desk
    problem = _wrong(case, form, request) or check_years(desk, form, request)
    problem = problem or check_detail(desk, form, request, ("words",))
    problem = problem or _noted_today(case, form, request, kind) or reason_missing(case, request)
    day = given_day(request, "happened_on")
    if problem is not None:
        return problem
    assert day is not None
    note = Referral(
        authority=desk.authority,
        concern_id=case.id,
        kind=kind,
        happened_on=day,
        words=request.text("words"),
        shared="yes" in request.many("shared"),
        by_id=desk.actor_id,
        recorded_at=desk.now,
    )
    desk.session.add(note)
    desk.session.flush()
    case.record(kind.value, note=note.id, on=day.isoformat())
    case.tell_absent_iro(kind.value)
    return None


def _noted_today(case: OpenCase, form: Form, request: Request, kind: ReferralKind) -> Form | None:
    """The hint, put once, that a referral was noted on this concern today already: each is counted."""
    if kind is not ReferralKind.CAFCASS_REFERRAL:
        return None
    noted = [
        one.recorded_at
        for one in referrals.of_concern(case.desk.session, case.id)
        if one.kind is kind and local(one.recorded_at).date() == case.desk.today
    ]
    if not noted:
        return None
    at = say_time(local(max(noted)).time())
    hint = f"A referral was noted today at {at}: note another? Press Save again to note it."
    return ask_once(form, request, {kind.value: hint})


def _wrong(case: OpenCase, form: Form, request: Request) -> Errors | None:
    """A note says something, and nothing was done beside a concern before it was raised."""
    since = local(case.concern.raised_at or case.concern.drafted_at).date()
    wrong = wrong_day(
        case.desk, form, request, "happened_on", since=Edge(day=since, why=f"when the {CONCERN} was raised")
    )
    if not request.text("words"):
        wrong["words"] = "Say in a sentence what was done."
    return Errors(by_field=wrong) if wrong else None
