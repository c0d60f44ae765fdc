"""Adding to a reply: the first words stay as they were."""

from handlers.cards import Answer, Choice, Errors, Field, FieldKind, Form, Notice
from handlers.concerns.asking import check_detail
from handlers.concerns.case import OpenCase, open_case, require_present
from handlers.concerns.settling import plan_verdict
from handlers.concerns.starting import forget_run
from handlers.hearing import for_iro
from handlers.lifecycle import Act
from handlers.messages import deciding
from handlers.messages.owing import about_concern, owe
from handlers.office import Desk
from handlers.permissions import May, may
from handlers.refusals import Refused
from handlers.requests import Request
from scheduling.procedures.terms import IRO
from storage import replies
from storage.concerns import ConcernState
from storage.replies import Reply


def add_form(case: OpenCase) -> Form:
    """ "Add to my reply"."""
    done = (Choice(value="done", label="The plan is done"),)
    fields = [Field(key="words", kind=FieldKind.LONG, label="What do you want to add?", required=True)]
    if case.concern.state is ConcernState.PLANNED:
        fields.append(Field(key="done", kind=FieldKind.CHOICES, label="The plan", choices=done))
    return Form(
        deed="concern.add.send",
        title="Add to my reply",
        submit="Add",
        subject=case.ref,
        run=case.concern.run_id,
        fields=tuple(fields),
    )


def open_add(desk: Desk, request: Request) -> Answer:
    """The press on "Add to my reply"."""
    case = open_case(desk, request.subject, May.SEE_IT_EXISTS, for_change=True)
    require_present(case, request.run)
    _own_reply(case)
    return add_form(case)


def _own_reply(case: OpenCase) -> Reply:
    part = case.who.answered
    run = case.present_run
    assert run.id is not None
    if part is None or not may(case.who, May.ANSWER):
        raise Refused(f"You have not replied to {case.ref} at this stage yet.", case.button("Reply", "concern.reply"))
    mine = [one for one in replies.of_run(case.desk.session, run.id) if one.person_id == part.person_id]
    return next(one for one in mine if one.adds_to_id is None)


def send_addition(desk: Desk, request: Request) -> Answer:
    """Add to a reply; the first words stay as they were. Saying the plan is done hands it back to the IRO."""
    case = open_case(desk, request.subject, May.SEE_IT_EXISTS, for_change=True)
    require_present(case, request.run)
    first = _own_reply(case)
    if not request.text("words"):
        return Errors(by_field={"words": "Say what you want to add."})
    problem = check_detail(desk, add_form(case), request, ("words",))
    if problem is not None:
        return problem
    done = "done" in request.many("done") and case.concern.state is ConcernState.PLANNED
    for_id = first.person_id if desk.actor_id != first.person_id else None
    addition = Reply(
        authority=desk.authority,
        concern_id=case.id,
        run_id=first.run_id,
        person_id=first.person_id,
        for_id=for_id,
        adds_to_id=first.id,
        words=request.text("words"),
        given_at=desk.now,
    )
    desk.session.add(addition)
    desk.session.flush()
    case.record("added to a reply", for_id=for_id, reply=addition.id, done=1 if done else None)
    if done:
        forget_run(case)
        case.become(Act.PLAN_DONE)
        plan_verdict(case)
    cause = about_concern(case.concern, str(addition.id))
    readers = for_iro(desk, case.concern, case.child)
    owe(desk, deciding.added, readers, cause, person=first.person_id, done=1 if done else None)
    return Notice(text=f"Added to your reply to {case.ref}; the {IRO} is told.")
