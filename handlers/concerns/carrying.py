"""Carrying on an open dispute that came from a history file: its IRO says where it stands, and its clocks run."""

from datetime import date

from handlers.asking import check_years, with_typed
from handlers.cards import Answer, Button, Choice, Errors, Field, FieldKind, Form, Notice
from handlers.concerns.carrying_on import Before, asked_at, carry_on
from handlers.concerns.case import OpenCase, open_case, require_present
from handlers.concerns.moving import asked_words
from handlers.concerns.raising import team_of
from handlers.concerns.sending_now import with_hours
from handlers.concerns.stages import stage_choices
from handlers.concerns.standing_in import reason_field, reason_missing
from handlers.concerns.starting import due_of, stage_of
from handlers.day_windows import DayOf
from handlers.days import Edge, day_field, given_day, wrong_day
from handlers.fitting import fitted
from handlers.forms.detail import check_detail
from handlers.lifecycle import Act
from handlers.numbers import number_of
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.rights import May
from handlers.wording import both_clocks, name_of, stage_named
from scheduling.deadline_wording import say_day, say_list
from scheduling.working_days import local
from storage import concern_lists, replies, stage_runs
from storage.stage_runs import Part, RunKind

ON_RECORD = "See the child's record."
"""Kept as what the concern says where its IRO has it there and types nothing."""
_LABEL, _DEED = "Carry on", "concern.carry"


def is_to_be_carried_on(case: OpenCase) -> bool:
    """Whether it came from a history file, is open, and nobody has carried it on."""
    return case.concern.imported and bool(concern_lists.to_be_carried_on(case.desk.session, concern_id=case.id))


def carry_button(case: OpenCase) -> Button:
    """ "Carry on"."""
    return case.button(_LABEL, _DEED, "primary")


def carry_form(desk: Desk, request: Request) -> Answer:
    """ "Carry on": the stage at which it stands, when it was asked, by when a reply is wanted, and what it says."""
    case = _opened(desk, request)
    return _form(case, case.present_run.number)


def show_stage(desk: Desk, request: Request) -> Answer:
    """The form again, for the stage chosen in it: whom it asks. What was typed stays."""
    case = _opened(desk, request)
    return with_typed(_form(case, _stage(case, request)), request)


def carry(desk: Desk, request: Request) -> Answer:
    """Let the stage run from the days given; who is asked is told that it is carried on from before."""
    case = _opened(desk, request, for_change=True)
    number = _stage(case, request)
    form = fitted(_form(case, number), request, {"stage": str(case.present_run.number)})
    if wrong := _wrong(case, form, request, number):
        return Errors(by_field=wrong)
    problem = check_years(desk, form, request) or check_detail(desk, form, request, ("says",))
    problem = problem or reason_missing(case, request)
    if problem is not None:
        return problem
    asked_on, wanted_by = given_day(request, "asked_on"), given_day(request, "wanted_by")
    assert asked_on is not None
    assert wanted_by is not None
    case.become(Act.CARRY_ON)
    case.concern.worries = request.text("says") or ON_RECORD
    if case.child is not None and not case.concern.team:
        case.concern.team = team_of(desk, case.child)
    run = carry_on(case, Before(number=number, asked_on=asked_on, wanted_by=wanted_by, by_id=desk.actor_id))
    case.record("carried on", stage=number, asked=asked_on.isoformat(), until=wanted_by.isoformat())
    case.tell_absent_iro("carried it on")
    asked = stage_runs.people_of(desk.session, run.id or 0, Part.ADDRESSED)
    names = say_list([name_of(desk, one.person_id) for one in asked]) or "nobody could be found"
    said = f"{case.ref} is carried on at {stage_named(number)}. Asked: {names}."
    done = Notice(text=f"{said} {both_clocks(desk, case.rules, case.concern, run)}")
    return with_hours(case, done, starts=False)


def _opened(desk: Desk, request: Request, *, for_change: bool = False) -> OpenCase:
    """The case, for those who may steer it. Refused where nothing of it is to be carried on: it is done once."""
    case = open_case(desk, request.subject, May.STEER, for_change=for_change)
    require_present(case, request.run)
    if is_to_be_carried_on(case):
        return case
    why = "is carried on already" if case.concern.imported else "was raised here, and needs no carrying on"
    raise Refused(f"{case.ref} {why}.", case.button("Open", "concern.open"))


def _stage(case: OpenCase, request: Request) -> int:
    """The stage chosen; the one at which the file left it where none is."""
    given = number_of(request.text("stage"))
    number = given if given is not None else case.present_run.number
    stage_of(case.rules, number)
    return number


def _form(case: OpenCase, number: int) -> Form:
    desk, begun = case.desk, _begun(case, number)
    before = (
        f"{case.ref} came from a file ({case.concern.imported_reference}), and no clock runs for it. {_replied(case)}"
    )
    texts = (before.strip(), asked_words(case, number))
    due = due_of(case, number, RunKind.ENTRY, asked_at(desk, begun)) if begun is not None else None
    return Form(
        deed=f"{_DEED}.send",
        title=f"Carry on {case.ref}",
        submit=_LABEL,
        subject=case.ref,
        run=case.concern.run_id,
        fields=(
            *(Field(key=f"line{n}", kind=FieldKind.STATEMENT, text=text) for n, text in enumerate(texts)),
            Field(
                key="stage",
                kind=FieldKind.CHOICE,
                label="The stage at which it stands",
                required=True,
                choices=stage_choices(case.rules, about_service=case.concern.about_service),
                initial=str(number),
            ),
            Field(key="show", kind=FieldKind.BUTTONS, buttons=(case.button("Show whom this asks", f"{_DEED}.show"),)),
            day_field(DayOf.ASKED_BEFORE, "asked_on", "Asked on", begun),
            day_field(
                DayOf.WANTED_BEFORE,
                "wanted_by",
                "Reply wanted by",
                local(due).date() if due is not None else None,
                hint="A day that has passed is right too: then what comes next is yours to decide.",
            ),
            Field(
                key="says",
                kind=FieldKind.LONG,
                label="What it says",
                hint="Who is asked reads it. Leave it empty where they have it on the child's record.",
            ),
            Field(
                key="on_record",
                kind=FieldKind.CHOICES,
                label="Or",
                choices=(Choice(value="yes", label=ON_RECORD.removesuffix(".")),),
            ),
            *reason_field(case),
        ),
    )


def _begun(case: OpenCase, number: int) -> date | None:
    """When it came to the stage at which the file left it; of another nothing is known."""
    run = case.present_run
    return local(run.started_at).date() if run.number == number else None


def _replied(case: OpenCase) -> str:
    """That a reply came, as the file says: whether it is the answer to this the IRO knows."""
    found = replies.of_run(case.desk.session, case.present_run.id or 0)
    return f"A reply came on {say_day(local(found[-1].given_at).date(), case.desk.today)}." if found else ""


def _wrong(case: OpenCase, form: Form, request: Request, number: int) -> dict[str, str]:
    """What is wrong, beside its field."""
    desk = case.desk
    asked = Edge(day=given_day(request, "asked_on"), why="the day on which it was asked")
    wrong = wrong_day(desk, form, request, "asked_on", since=_earliest(case, number))
    wrong |= wrong_day(desk, form, request, "wanted_by", since=asked)
    if not request.text("says") and not request.many("on_record"):
        wrong["says"] = "Say what it is about, or tick that it stands in the child's record."
    return wrong


def _earliest(case: OpenCase, number: int) -> Edge:
    """Nobody was asked before it was raised, nor at another stage before it came to the one in the file."""
    run = case.present_run
    if run.number != number:
        return Edge(day=local(run.started_at).date(), why=f"when {stage_named(run.number)} began")
    raised = case.concern.raised_at
    return Edge(day=local(raised).date() if raised is not None else None, why="when it was raised")
