"""More time: asked for by someone addressed, agreed by the IRO alone, counted, and never moving the total limit."""

from handlers.cards import Answer, Choice, Errors, Field, FieldKind, Form, Notice
from handlers.concerns.asking import check_detail
from handlers.concerns.case import OpenCase, open_case, require_present
from handlers.concerns.settling import day_of
from handlers.concerns.standing_in import reason_field, reason_missing
from handlers.lifecycle import Act, advance
from handlers.messages.kinds import Kind
from handlers.messages.owing import owe
from handlers.messages.recipients import for_iro, reached
from handlers.office import Desk
from handlers.permissions import May, require
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.wording import due_words, limit_words, name_of, when
from scheduling import ladder
from scheduling.deadline_wording import say_day_long
from scheduling.deadlines import close_of
from storage import nudges, replies, stage_runs
from storage.replies import Extension, ExtensionRequest
from storage.stage_runs import Part

_OF_THE_DEADLINE = (
    ladder.Rung.DEADLINE,
    ladder.Rung.INFORMAL,
    ladder.Rung.NEXT_SENIOR,
    ladder.Rung.DECISION,
)
"""What a later deadline does away with; the immediate route's hour runs on."""


def ask_form(desk: Desk, request: Request) -> Answer:
    """An addressee asks for more time."""
    case = open_case(desk, request.subject, May.SEE_IT_EXISTS)
    require_present(case, request.run)
    require(case.who, May.ANSWER)
    advance(case.ref, case.concern.state, Act.ASK_EXTENSION)
    return _ask_form(case)


def _ask_form(case: OpenCase) -> Form:
    return Form(
        deed="concern.ask_time.send",
        title="Ask for more time",
        submit="Ask the IRO",
        subject=case.ref,
        run=case.concern.run_id,
        fields=(
            Field(
                key="clock",
                kind=FieldKind.STATEMENT,
                text=f"{due_words(case.desk, case.rules, case.present_run)} It stands unless the IRO agrees another.",
            ),
            Field(key="until", kind=FieldKind.DATE, label="Until", required=True),
            Field(key="reason", kind=FieldKind.LONG, label="Why?", required=True),
        ),
    )


def send_ask(desk: Desk, request: Request) -> Answer:
    """Put the wish before the IRO; the deadline stays until they agree."""
    case = open_case(desk, request.subject, May.SEE_IT_EXISTS, for_change=True)
    require_present(case, request.run)
    require(case.who, May.ANSWER)
    advance(case.ref, case.concern.state, Act.ASK_EXTENSION)
    until = day_of(request.text("until"))
    run, part = case.present_run, case.who.addressed_now
    assert run.id is not None
    assert part is not None
    if run.due_at is None:
        raise Refused(f"{case.ref} has no set time to reply at this stage, so there is none to extend.")
    if until is None or close_of(until, desk.calendar) <= max(run.due_at, desk.now):
        return Errors(by_field={"until": f"Give a day after {when(run.due_at)}, and still to come."})
    problem = check_detail(desk, _ask_form(case), request, ("reason",))
    if problem is not None:
        return problem
    wish = ExtensionRequest(
        authority=desk.authority,
        concern_id=case.id,
        run_id=run.id,
        person_id=part.person_id,
        until=until,
        reason=request.text("reason"),
        asked_at=desk.now,
    )
    desk.session.add(wish)
    desk.session.flush()
    case.record("asked for more time", until=until.isoformat())
    for person_id in for_iro(desk, case.concern, case.child):
        owe(
            desk,
            Kind.MORE_TIME,
            person_id,
            case.concern,
            because=str(wish.id),
            person=part.person_id,
            until=until.isoformat(),
        )
    return Notice(text=f"The IRO has been asked for more time for {case.ref}. Until they agree, the deadline stands.")


def extend_form(desk: Desk, request: Request) -> Answer:
    """ "Agree an extension": the IRO sees who asked and why."""
    case = open_case(desk, request.subject, May.STEER)
    require_present(case, request.run)
    advance(case.ref, case.concern.state, Act.EXTEND)
    return _extend_form(case)


def _extend_form(case: OpenCase) -> Form:
    run = case.present_run
    assert run.id is not None
    wishes = replies.requests_of(case.desk.session, run.id)
    said = [
        f"{name_of(case.desk, wish.person_id)} asked for it until {say_day_long(wish.until)}: {wish.reason}"
        for wish in wishes
    ]
    people = stage_runs.people_of(case.desk.session, run.id, Part.ADDRESSED)
    askers = tuple(Choice(value=str(one.person_id), label=name_of(case.desk, one.person_id)) for one in people)
    text = " ".join((due_words(case.desk, case.rules, run), limit_words(case.desk, case.rules, case.concern)))
    fields = [
        Field(
            key="clock",
            kind=FieldKind.STATEMENT,
            text=f"{text} An extension never moves the limit of all stages.".strip(),
        ),
        *(Field(key=f"wish{n}", kind=FieldKind.STATEMENT, text=words) for n, words in enumerate(said)),
        Field(
            key="until",
            kind=FieldKind.DATE,
            label="New date",
            required=True,
            initial=wishes[-1].until.isoformat() if wishes else "",
        ),
        Field(key="reason", kind=FieldKind.LONG, label="Reason", required=True),
    ]
    if askers:
        fields.append(
            Field(
                key="asked_by",
                kind=FieldKind.CHOICE,
                label="Who asked?",
                choices=askers,
                initial=str(wishes[-1].person_id) if wishes else "",
            )
        )
    return Form(
        deed="concern.extend.send",
        title="Agree an extension",
        submit="Agree",
        subject=case.ref,
        run=run.id,
        fields=(*fields, *reason_field(case)),
        context={"since": case.concern.state_since.isoformat()},
    )


def extend(desk: Desk, request: Request) -> Answer:
    """Move the stage's deadline to close of business on the date agreed."""
    case = open_case(desk, request.subject, May.STEER, for_change=True)
    require_present(case, request.run, request.context.get("since", ""))
    advance(case.ref, case.concern.state, Act.EXTEND)
    run, until = case.present_run, day_of(request.text("until"))
    assert run.id is not None
    after = close_of(until, desk.calendar) if until is not None else None
    if after is None or after <= max(run.due_at or desk.now, desk.now):
        return Errors(by_field={"until": "Give a day after the present deadline, and still to come."})
    if not request.text("reason"):
        return Errors(by_field={"reason": "Say why: it is counted and reported."})
    problem = check_detail(desk, _extend_form(case), request, ("reason",)) or reason_missing(case, request)
    if problem is not None:
        return problem
    asked_by = request.text("asked_by")
    extension = Extension(
        authority=desk.authority,
        concern_id=case.id,
        run_id=run.id,
        before_at=run.due_at or desk.now,
        after_at=after,
        asked_by_id=int(asked_by) if asked_by.isdigit() else None,
        reason=request.text("reason"),
        agreed_by_id=desk.actor_id,
        agreed_at=desk.now,
    )
    desk.session.add(extension)
    desk.session.flush()
    run.due_at, run.extensions, run.deadline_told_at = after, run.extensions + 1, None
    desk.session.add(run)
    nudges.forget(desk.session, case.subject, *_OF_THE_DEADLINE)
    nudges.plan(desk.session, subject=case.subject, rung=ladder.Rung.DEADLINE, due_at=after, run_id=run.id)
    case.become(Act.EXTEND)
    case.record("agreed an extension", until=str(until), extension=extension.id)
    case.tell_absent_iro("agreed an extension")
    for part in stage_runs.people_of(desk.session, run.id, Part.ADDRESSED):
        if part.replied_at is None and part.passed_to_id is None:
            to = reached(desk, part.person_id, never=case.who.iro_id)
            owe(desk, Kind.EXTENDED, to, case.concern, because=str(extension.id))
    return Notice(text=f"{case.ref}: the new time to reply is {when(after)}. {_addressees_told(case)}")


def _addressees_told(case: OpenCase) -> str:
    run = case.present_run
    assert run.id is not None
    told = [
        name_of(case.desk, one.person_id)
        for one in stage_runs.people_of(case.desk.session, run.id, Part.ADDRESSED)
        if one.replied_at is None and one.passed_to_id is None
    ]
    return f"Told: {', '.join(told)}." if told else ""
