"""More time: asked for by someone addressed, agreed by the IRO alone, counted, and never moving the total limit.

What the IRO does not agree to is refused in `handlers.concerns.refusing_time`.
"""

from datetime import date

from handlers.asking import check_years
from handlers.cards import Answer, Choice, Errors, Field, FieldKind, Form, Notice
from handlers.concerns.asking import check_detail
from handlers.concerns.case import OpenCase, open_case, require_present
from handlers.concerns.sending_now import with_hours
from handlers.concerns.standing_in import reason_field, reason_missing
from handlers.day_windows import DayOf
from handlers.days import day_field, given_day, wrong_day
from handlers.fitting import fitted
from handlers.hearing import for_iro, reached
from handlers.lengthened import told_a_date
from handlers.lifecycle import Act, advance
from handlers.messages.asking import add_to_reply, extended, time_refused
from handlers.messages.deciding import more_time
from handlers.messages.informing import extended_information
from handlers.messages.owing import about_concern, owe
from handlers.namesakes import names_apart
from handlers.office import Desk
from handlers.parts import wanted_from
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.rights import May, may, require
from handlers.wording import due_words, limit_words, name_of, when
from scheduling import ladder
from scheduling.deadline_wording import say_day
from scheduling.deadlines import close_of
from scheduling.procedures.terms import IRO
from scheduling.working_days import local
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
        submit=f"Ask the {IRO}",
        subject=case.ref,
        run=case.concern.run_id,
        fields=(
            Field(
                key="clock",
                kind=FieldKind.STATEMENT,
                text=f"{due_words(case.desk, case.rules, case.present_run)} It stands unless the {IRO} agrees another.",
            ),
            day_field(DayOf.MORE_TIME, "until", "Until"),
            Field(key="reason", kind=FieldKind.LONG, label="Why?", required=True),
        ),
    )


def send_ask(desk: Desk, request: Request) -> Answer:
    """Put the wish before the IRO; the deadline stays until they agree."""
    case = open_case(desk, request.subject, May.SEE_IT_EXISTS, for_change=True)
    require_present(case, request.run)
    require(case.who, May.ANSWER)
    advance(case.ref, case.concern.state, Act.ASK_EXTENSION)
    form, until = fitted(_ask_form(case), request), given_day(request, "until")
    run, part = case.present_run, case.who.addressed_now
    assert run.id is not None
    assert part is not None
    if run.due_at is None:
        raise Refused(f"{case.ref} has no set time to reply at this stage, so there is none to extend.")
    wrong = wrong_day(desk, form, request, "until")
    if not wrong and (until is None or close_of(until, desk.calendar) <= max(run.due_at, desk.now)):
        wrong = {"until": f"Give a day after {when(run.due_at)}, and still to come."}
    if wrong:
        return Errors(by_field=wrong)
    problem = check_years(desk, form, request) or check_detail(desk, form, request, ("reason",))
    if problem is not None:
        return problem
    assert until is not None
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
    readers, cause = for_iro(desk, case.concern, case.child), about_concern(case.concern, str(wish.id))
    owe(desk, more_time, readers, cause, person=part.person_id, until=until.isoformat())
    return Notice(text=f"The {IRO} has been asked for more time for {case.ref}. Until they agree, the deadline stands.")


def tell_refused(case: OpenCase, wish: ExtensionRequest) -> None:
    """Tell the person who asked for more time that the date stays; the word that goes with it is read in the form."""
    to = reached(case.desk, wish.person_id, never=case.who.iro_id)
    owe(case.desk, time_refused, to, about_concern(case.concern, str(wish.id)), until=wish.until.isoformat())


def extend_form(desk: Desk, request: Request) -> Answer:
    """ "Agree an extension": the IRO sees who asked and why. A person who is asked to reply asks for it."""
    case = open_case(desk, request.subject, May.SEE_IT_EXISTS)
    if may(case.who, May.ANSWER) and not may(case.who, May.STEER):
        return ask_form(desk, request)
    require(case.who, May.STEER)
    require_present(case, request.run)
    advance(case.ref, case.concern.state, Act.EXTEND)
    return _extend_form(case)


def _extend_form(case: OpenCase) -> Form:
    run = case.present_run
    assert run.id is not None
    wishes = replies.requests_of(case.desk.session, run.id)
    said = [
        f"{name_of(case.desk, wish.person_id)} asked for it until {say_day(wish.until)}: {wish.reason}"
        for wish in wishes
    ]
    wish = next(reversed(open_wishes(case)), None)
    people = stage_runs.people_of(case.desk.session, run.id, Part.ADDRESSED)
    names = names_apart(case.desk, (one.person_id for one in people))
    askers = tuple(Choice(value=str(ident), label=name) for ident, name in names.items())
    text = " ".join((due_words(case.desk, case.rules, run), limit_words(case.desk, case.rules, case.concern)))
    right = " To put the date agreed right, give the right one, earlier or later: the history keeps both."
    fields = [
        Field(
            key="clock",
            kind=FieldKind.STATEMENT,
            text=f"{text} An extension never moves the limit of all stages.{right if run.extensions else ''}".strip(),
        ),
        *(Field(key=f"wish{n}", kind=FieldKind.STATEMENT, text=words) for n, words in enumerate(said)),
        day_field(DayOf.MORE_TIME, "until", "New date", wish.until if wish is not None else None),
        Field(key="reason", kind=FieldKind.LONG, label="Reason", required=True),
    ]
    if askers:
        fields.append(
            Field(
                key="asked_by",
                kind=FieldKind.CHOICE,
                label="Who asked?",
                choices=askers,
                initial=str(wish.person_id) if wish is not None else "",
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


def open_wishes(case: OpenCase) -> list[ExtensionRequest]:
    """The wishes for more time at the present stage that were neither refused nor settled by a date agreed since."""
    run = case.present_run
    assert run.id is not None
    agreed = max((one.agreed_at for one in _extensions_of(case)), default=None)
    return [one for one in replies.requests_of(case.desk.session, run.id) if agreed is None or one.asked_at > agreed]


def extend(desk: Desk, request: Request) -> Answer:
    """Move the stage's deadline to close of business on the date agreed, or put one agreed before right."""
    case = open_case(desk, request.subject, May.STEER, for_change=True)
    require_present(case, request.run, request.context.get("since", ""))
    advance(case.ref, case.concern.state, Act.EXTEND)
    form, until = fitted(_extend_form(case), request), given_day(request, "until")
    wrong = wrong_day(desk, form, request, "until")
    if not wrong and until is not None:
        wrong = _wrong_until(case, until)
    if not wrong and not request.text("reason"):
        wrong = {"reason": "Say why: it is counted and reported."}
    if wrong or until is None:
        return Errors(by_field=wrong)
    problem = check_years(desk, form, request) or check_detail(desk, form, request, ("reason",))
    problem = problem or reason_missing(case, request)
    if problem is not None:
        return problem
    agreed = _agreed(case, request, until)
    _move_deadline(case, agreed)
    what = "put an agreed date right" if agreed.brings_back else "agreed an extension"
    before = local(agreed.before_at).date().isoformat() if agreed.brings_back else None
    case.record(what, until=until.isoformat(), before=before, extension=agreed.id)
    case.tell_absent_iro(what)
    told = [one for one in told_a_date(desk, case.present_run, case.who.iro_id) if one != desk.actor_id]
    _tell_everyone_told(case, agreed, told)
    said = f"{case.ref}: the new time to reply is {when(agreed.after_at)}.{_odd(case, until)}"
    names = ", ".join(name_of(desk, one) for one in told)
    done = Notice(text=f"{said} {f'Told: {names}.' if names else ''}".strip())
    return with_hours(case, done, starts=False)


def _wrong_until(case: OpenCase, until: date) -> dict[str, str]:
    """What is wrong with the day for this stage: its own time is never shortened, what was agreed besides may be."""
    desk, run = case.desk, case.present_run
    after = close_of(until, desk.calendar)
    if not run.extensions and after <= max(run.due_at or desk.now, desk.now):
        return {"until": "Give a day after the present deadline, and still to come."}
    if after <= desk.now:
        return {"until": "Give a day still to come."}
    if after == run.due_at:
        return {"until": "That is the date agreed already: give another."}
    own = next((one.before_at for one in _extensions_of(case)), None)
    if own is not None and after < own:
        return {"until": f"The time of the stage itself ends at {when(own)}: give that day or a later one."}
    return {}


def _extensions_of(case: OpenCase) -> list[Extension]:
    """What was agreed at the present stage run, oldest first."""
    every = replies.extensions_of(case.desk.session, case.id)
    return [one for one in every if one.run_id == case.present_run.id]


def _agreed(case: OpenCase, request: Request, until: date) -> Extension:
    desk, run = case.desk, case.present_run
    assert run.id is not None
    people = stage_runs.people_of(desk.session, run.id, Part.ADDRESSED)
    asked = request.text("asked_by")
    extension = Extension(
        authority=desk.authority,
        concern_id=case.id,
        run_id=run.id,
        before_at=run.due_at or desk.now,
        after_at=close_of(until, desk.calendar),
        asked_by_id=next((one.person_id for one in people if str(one.person_id) == asked), None),
        reason=request.text("reason"),
        agreed_by_id=desk.actor_id,
        agreed_at=desk.now,
    )
    desk.session.add(extension)
    desk.session.flush()
    return extension


def _move_deadline(case: OpenCase, agreed: Extension) -> None:
    """Let the clock run to the day agreed; a date that is only put right is no further extension."""
    session, run = case.desk.session, case.present_run
    run.due_at, run.deadline_told_at = agreed.after_at, None
    run.extensions += 0 if agreed.brings_back else 1
    session.add(run)
    nudges.forget(session, case.subject, *_OF_THE_DEADLINE)
    nudges.plan(session, subject=case.subject, rung=ladder.Rung.DEADLINE, due_at=agreed.after_at, run_id=run.id)
    case.become(Act.EXTEND)


def _tell_everyone_told(case: OpenCase, agreed: Extension, told: list[int]) -> None:
    """Those who are awaited are asked anew, and the others who were told the date before read the new one."""
    desk, back = case.desk, 1 if agreed.brings_back else None
    parts = stage_runs.people_of(desk.session, case.present_run.id or 0)
    asked = [reached(desk, one.person_id, never=case.who.iro_id) for one in parts if one.is_awaited]
    adding = [one.person_id for one in parts if wanted_from(desk, case.concern, one) and one.replied_at is None]
    adding = [reached(desk, one, never=case.who.iro_id) for one in adding]
    cause = about_concern(case.concern, str(agreed.id))
    owe(desk, extended, asked, cause, back=back)
    owe(desk, add_to_reply, [one for one in adding if one not in asked], cause, anew=1)
    others = [one for one in told if one not in {*asked, *adding}]
    owe(desk, extended_information, others, cause, back=back)


def _odd(case: OpenCase, until: date) -> str:
    """What is taken all the same, and said: a day on which nobody works, or beyond the limit of all stages."""
    limit_at = case.concern.limit_at
    idle = "" if case.desk.calendar.is_working(until) else " That is not a working day."
    if limit_at is None or until <= local(limit_at).date():
        return idle
    return f"{idle} That is after the limit of all stages, {say_day(local(limit_at).date())}, which does not move."
