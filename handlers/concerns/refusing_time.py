"""More time refused: the deadline stays, and who asked is told, and reads why where a word was given."""

from handlers.cards import Answer, Choice, Errors, Field, FieldKind, Form, Notice
from handlers.concerns.asking import check_detail
from handlers.concerns.case import OpenCase, open_case, require_present
from handlers.concerns.extending import open_wishes, tell_refused
from handlers.concerns.standing_in import reason_field, reason_missing
from handlers.fitting import fitted
from handlers.lifecycle import Act, advance
from handlers.namesakes import names_apart
from handlers.office import Desk
from handlers.refusals import Stale
from handlers.requests import Request
from handlers.rights import May
from handlers.wording import due_words, name_of
from scheduling.deadline_wording import say_day
from scheduling.procedures.terms import CONCERN


def refuse_form(desk: Desk, request: Request) -> Answer:
    """ "Refuse more time": who asked for it and why, and a word to them."""
    case = open_case(desk, request.subject, May.STEER)
    return _form(_to_answer(case, request))


def _to_answer(case: OpenCase, request: Request) -> OpenCase:
    require_present(case, request.run)
    advance(case.ref, case.concern.state, Act.REFUSE_TIME)
    if not open_wishes(case):
        raise Stale(f"Nobody asks for more time for {case.ref} now.", case.button("Open", "concern.open"))
    return case


def _form(case: OpenCase) -> Form:
    wishes = open_wishes(case)
    names = names_apart(case.desk, (one.person_id for one in wishes))
    asked = (f"{name_of(case.desk, one.person_id)}, until {say_day(one.until)}: {one.reason}" for one in wishes)
    clock = f"{due_words(case.desk, case.rules, case.present_run)} Refused, it stays so."
    return Form(
        deed="concern.refuse_time.send",
        title="Refuse more time",
        submit="Refuse",
        subject=case.ref,
        run=case.present_run.id,
        fields=(
            Field(key="clock", kind=FieldKind.STATEMENT, text=clock),
            *(Field(key=f"wish{n}", kind=FieldKind.STATEMENT, text=text) for n, text in enumerate(asked)),
            Field(
                key="wish",
                kind=FieldKind.CHOICE,
                label="Who asked?",
                required=True,
                choices=tuple(Choice(value=str(one.id), label=names[one.person_id]) for one in wishes),
                initial=str(wishes[-1].id),
            ),
            Field(
                key="refusal",
                kind=FieldKind.LONG,
                label="A word to them",
                hint=f"They read it when they open the {CONCERN}. It can stay empty.",
            ),
            *reason_field(case),
        ),
    )


def refuse(desk: Desk, request: Request) -> Answer:
    """Answer one wish for more time with no: it waits for nobody any more, and nothing moves."""
    case = _to_answer(open_case(desk, request.subject, May.STEER, for_change=True), request)
    form = fitted(_form(case), request)
    wish = next((one for one in open_wishes(case) if str(one.id) == request.text("wish")), None)
    if wish is None:
        return Errors(by_field={"wish": "Choose who asked."})
    problem = check_detail(desk, form, request, ("refusal",)) or reason_missing(case, request)
    if problem is not None:
        return problem
    wish.refused_at, wish.refusal = desk.now, request.text("refusal") or None
    desk.session.add(wish)
    desk.session.flush()
    case.record("refused more time", person=wish.person_id, until=wish.until.isoformat())
    case.tell_absent_iro("refused more time")
    tell_refused(case, wish)
    case.overtake_where_nothing_is_owed(desk.actor_id, case.who.iro_id)
    stays = due_words(desk, case.rules, case.present_run)
    return Notice(text=f"{name_of(desk, wish.person_id)} is told that the date for {case.ref} stays. {stays}")
