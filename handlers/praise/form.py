"""`/praise`: "Recognise good practice" to a named worker, a carer's service or a partner, and their manager."""

from handlers.cards import Answer, Choice, Errors, Field, FieldKind, Form, Notice
from handlers.fitting import fitted
from handlers.forms.detail import check_detail
from handlers.hearing import present
from handlers.messages.of_praise import about_praise, recognised
from handlers.messages.owing import owe
from handlers.office import Desk
from handlers.people.chosen import chosen_person
from handlers.people.line import line_above
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.standing import roles_of
from handlers.wording import name_of
from scheduling.deadline_wording import say_list
from scheduling.procedures.terms import IRO, IROS
from storage import history
from storage.people import Person
from storage.praise import Praise, PraiseTo

MAY_PRAISE = frozenset({"iro", "iro_manager"})
MOST_WORDS, LONGEST_NAME = 2000, 120
_RECIPIENTS = {
    PraiseTo.WORKER: "A worker",
    PraiseTo.CARERS_SERVICE: "A carer's service",
    PraiseTo.PARTNER: "A partner (health, school, police ...)",
}
_QUOTABLE = Choice(value="yes", label="May be quoted in the annual report: I have asked those concerned")


def praise_form(desk: Desk, _request: Request) -> Answer:
    """The empty form, for IROs, their cover and the IRO manager."""
    _require_may_praise(desk)
    return _form()


def _form() -> Form:
    return Form(
        deed="praise.send",
        title="Recognise good practice",
        submit="Send",
        fields=(
            Field(
                key="recipient",
                kind=FieldKind.CHOICE,
                label="To whom?",
                choices=tuple(Choice(value=one.value, label=label) for one, label in _RECIPIENTS.items()),
                initial=PraiseTo.WORKER.value,
                required=True,
            ),
            Field(
                key="person",
                kind=FieldKind.SEARCH,
                label="Member of staff",
                search="person.cover",
                hint="The worker; or who should hear of it for a carer's service or a partner.",
            ),
            Field(
                key="to_name",
                kind=FieldKind.TEXT,
                label="Carer's service or partner",
                hint="The service or organisation and its contact; never a carer's address. It is recorded, not told.",
                max_length=LONGEST_NAME,
            ),
            Field(
                key="words",
                kind=FieldKind.LONG,
                label="What was done well, and what it changed",
                hint="No child's name or reference.",
                required=True,
                max_length=MOST_WORDS,
            ),
            Field(key="quotable", kind=FieldKind.CHOICES, label="Annual report", choices=(_QUOTABLE,)),
        ),
    )


def send_praise(desk: Desk, request: Request) -> Answer:
    """Keep it, and tell the member of staff and their manager that there is something to read."""
    _require_may_praise(desk)
    form, person = fitted(_form(), request), chosen_person(desk, request, "person")
    problem = _wrong(desk, request, person) or check_detail(desk, form, request, ("words", "to_name"))
    if problem is not None:
        return problem
    manager = _manager_of(desk, person) if person is not None else None
    made = Praise(
        authority=desk.authority,
        recipient=PraiseTo(request.text("recipient")),
        person_id=person.id if person is not None else None,
        manager_id=manager,
        to_name=request.text("to_name"),
        team=person.team if person is not None else "",
        words=request.text("words"),
        quotable="yes" in request.many("quotable"),
        by_id=desk.actor_id,
        sent_at=desk.now,
    )
    desk.session.add(made)
    desk.session.flush()
    _record(desk, made)
    told = [one for one in (made.person_id, made.manager_id) if one is not None]
    owe(desk, recognised, told, about_praise(made))
    if not told:
        return Notice(text="Recorded. Nobody of the staff is named with it, so nobody is told.")
    return Notice(text=f"Sent. {say_list([name_of(desk, one) for one in told])} will be told, and read it here.")


def _require_may_praise(desk: Desk) -> None:
    """Pass for an IRO or an IRO manager: their cover is one of the two. Refused to others."""
    if not roles_of(desk, desk.actor) & MAY_PRAISE:
        raise Refused(
            f"Good practice is recognised by {IROS} and their manager. Tell the child's {IRO} what went well."
        )


def _wrong(desk: Desk, request: Request, person: Person | None) -> Errors | None:
    wrong: dict[str, str] = {}
    recipient = request.text("recipient")
    if recipient not in set(PraiseTo):
        wrong["recipient"] = "Choose whom it is for."
    elif recipient == PraiseTo.WORKER and person is None:
        wrong["person"] = "Choose the worker from the list."
    elif recipient != PraiseTo.WORKER and not request.text("to_name"):
        wrong["to_name"] = "Name the service or the partner."
    elif recipient == PraiseTo.WORKER and request.text("to_name"):
        wrong["to_name"] = "Leave this empty for a worker, or say above that it is for a service or a partner."
    if person is not None and person.id == desk.actor_id:
        wrong["person"] = "Choose somebody else: good practice is recognised in others."
    if not request.text("words"):
        wrong["words"] = "Say what was done well."
    if desk.rules.child_reference.search(f"{request.text('words')} {request.text('to_name')}".upper()):
        wrong["words"] = "Leave the child's reference out: this is about people's work, and others read it."
    return Errors(by_field=wrong) if wrong else None


def _manager_of(desk: Desk, person: Person) -> int | None:
    """The nearest manager who is here and is not the sender."""
    for one in line_above(desk.session, person.id):
        if one.id is not None and one.id != desk.actor_id and present(desk, one.id):
            return one.id
    return None


def _record(desk: Desk, made: Praise) -> None:
    history.record(
        desk.session,
        chain=f"praise:{made.id}",
        at=desk.now,
        actor_id=desk.actor_id,
        for_id=made.for_id,
        what="good practice recognised",
        details={"person": made.person_id, "manager": made.manager_id, "quotable": int(made.quotable)},
        words=made.words,
    )
