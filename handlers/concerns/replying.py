"""Replying: an answer from someone addressed. Opening the form counts as seen; only the IRO closes."""

from handlers.asking import check_days
from handlers.cards import Answer, Field, FieldKind, Form, Notice
from handlers.concerns.adding import add_form
from handlers.concerns.case import OpenCase, open_case, require_present
from handlers.concerns.said_before import said_before
from handlers.concerns.settling import ANSWERS, answered_by, plan_field, take, wrong_answer
from handlers.fitting import fitted
from handlers.forms.detail import check_detail
from handlers.lifecycle import Act, advance
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.rights import May, may, require
from handlers.wording import both_clocks, name_of, when
from scheduling.procedures.terms import CONCERN, IRO
from storage.stage_runs import Addressee


def reply_form(desk: Desk, request: Request) -> Answer:
    """ "Reply": the form, or the one to add to a reply already given. Opening it counts as seen."""
    case = open_case(desk, request.subject, May.SEE_IT_EXISTS, for_change=True)
    require_present(case, request.run)
    if may(case.who, May.ADD) and not case.who.awaited:
        return add_form(case)
    part = _own_place(case)
    mark_seen(case)
    if part.replied_at is not None:
        return add_form(case)
    return _form(case, part)


def _form(case: OpenCase, part: Addressee) -> Form:
    return Form(
        deed="concern.reply.send",
        title=f"Reply to {case.ref}",
        submit="Send reply",
        subject=case.ref,
        run=case.concern.run_id,
        fields=(
            Field(key="clock", kind=FieldKind.STATEMENT, text=_clock(case)),
            *said_before(case, part),
            Field(key="answer", kind=FieldKind.CHOICE, label="Answer", required=True, choices=ANSWERS),
            Field(
                key="words",
                kind=FieldKind.LONG,
                label="What will happen",
                required=True,
                hint="No names of children.",
            ),
            plan_field(),
        ),
    )


def _clock(case: OpenCase) -> str:
    first = answered_by(case)
    if first is not None:
        who = name_of(case.desk, first.person_id)
        return f"{who} has replied: no answer is needed from you. What you send goes to the {IRO} beside it."
    return both_clocks(case.desk, case.rules, case.concern, case.present_run)


def _own_place(case: OpenCase) -> Addressee:
    require(case.who, May.ANSWER)
    advance(case.ref, case.concern.state, Act.REPLY)
    part = case.who.addressed_now
    if part is None:
        raise Refused(f"{case.ref} is not waiting for a reply from you.")
    if part.passed_to_id is not None and part.replied_at is None:
        receiver = name_of(case.desk, part.passed_to_id)
        raise Refused(f"You passed {case.ref} to {receiver}, who has been asked to reply instead.")
    return part


def mark_seen(case: OpenCase) -> None:
    """Record that the person has opened what is asked of them, or of whom they stand in for; the first time counts."""
    unseen = [part for part in case.who.awaited if part.seen_at is None]
    for part in unseen:
        part.seen_at = case.desk.now
        case.desk.session.add(part)
    if unseen:
        case.record("seen")


def send_reply(desk: Desk, request: Request) -> Answer:
    """Take a reply: it stops the stage's reminders and goes to the IRO. Only the IRO closes."""
    case = open_case(desk, request.subject, May.SEE_IT_EXISTS, for_change=True)
    require_present(case, request.run)
    part = _own_place(case)
    if part.replied_at is not None:
        raise Refused(
            f"You have already replied to {case.ref}, at {when(part.replied_at)}. You can add to your reply.",
            case.button("Add to my reply", "concern.add"),
        )
    form = fitted(_form(case, part), request)
    problem = wrong_answer(desk, request) or check_days(desk, form, request)
    problem = problem or check_detail(desk, form, request, ("words",))
    if problem is not None:
        return problem
    take(case, part, request, given_at=desk.now)
    return Notice(
        text=f"Your reply to {case.ref} is with the {IRO}. You can add to it; only the {IRO} closes the {CONCERN}."
    )


def seen(desk: Desk, request: Request) -> Answer:
    """ "Seen" on the immediate route: stops the hour, never the reply."""
    case = open_case(desk, request.subject, May.SEE_IT_EXISTS, for_change=True)
    require_present(case, request.run)
    require(case.who, May.ANSWER)
    part = case.who.addressed_now
    if part is not None and part.seen_at is not None and all(one.seen_at for one in case.who.awaited):
        return Notice(text=f"{case.ref} was marked as seen at {when(part.seen_at)}. It still needs your reply.")
    mark_seen(case)
    return Notice(
        text=f"Thank you: {case.ref} is marked as seen. It still needs your reply.",
        buttons=(case.button("Reply", "concern.reply"), case.button("Open", "concern.open")),
    )
