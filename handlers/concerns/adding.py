"""Adding to a reply, one's own or that of the manager who asked for it: the first words stay as they were."""

from handlers.cards import Answer, Choice, Errors, Field, FieldKind, Form, Notice
from handlers.concerns.case import OpenCase, open_case, require_present
from handlers.concerns.promising import promised_by, say_done, tell_done
from handlers.concerns.said_before import said_before
from handlers.fitting import fitted
from handlers.forms.detail import check_detail
from handlers.hearing import for_iro, reached
from handlers.messages import deciding
from handlers.messages.asking import worker_added
from handlers.messages.owing import about_concern, owe
from handlers.office import Desk
from handlers.parts import wanted_from
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.rights import May, may
from handlers.wording import due_words, name_of
from scheduling.procedures.terms import IRO
from storage import replies, stage_runs
from storage.replies import Reply
from storage.stage_runs import Addressee


def add_form(case: OpenCase) -> Form:
    """ "Add to my reply"; for a worker, to that of the manager who asked for it."""
    asked = _asked_to_add(case)
    words = Field(key="words", kind=FieldKind.LONG, label="What do you want to add?", required=True)
    if asked is not None:
        return _form(case, f"Add to {case.ref}", (_for_whom(case, asked), *said_before(case, asked), words))
    choices = (Choice(value="done", label="The plan is done"),)
    done = Field(key="done", kind=FieldKind.CHOICES, label="The plan", choices=choices)
    return _form(case, "Add to my reply", (words, done) if promised_by(case) else (words,))


def _form(case: OpenCase, title: str, fields: tuple[Field, ...]) -> Form:
    return Form(
        deed="concern.add.send", title=title, submit="Add", subject=case.ref, run=case.concern.run_id, fields=fields
    )


def _for_whom(case: OpenCase, part: Addressee) -> Field:
    manager = name_of(case.desk, part.adds_for_id)
    due = due_words(case.desk, case.rules, case.present_run)
    text = f"{manager} asks you to add to their reply, and stays asked for it. {due} No names of children."
    return Field(key="for", kind=FieldKind.STATEMENT, text=text)


def _asked_to_add(case: OpenCase) -> Addressee | None:
    """The place from which a worker is asked to add; nothing for who gave a reply of their own."""
    if case.who.answered is not None and may(case.who, May.ANSWER):
        return None
    part = case.who.asked_to_add
    if part is None or not may(case.who, May.ADD):
        return None
    if not wanted_from(case.scene, case.concern, part):
        manager = name_of(case.desk, part.adds_for_id)
        raise Refused(f"{manager} does not have to reply to {case.ref} any more: tell them what you wanted to add.")
    return part


def open_add(desk: Desk, request: Request) -> Answer:
    """The press on "Add to my reply", or on a worker's "Add"."""
    case = open_case(desk, request.subject, May.SEE_IT_EXISTS, for_change=True)
    require_present(case, request.run)
    if _asked_to_add(case) is None:
        _own_reply(case)
    return add_form(case)


def _own_reply(case: OpenCase) -> Reply:
    part = case.who.answered
    run = case.present_run
    assert run.id is not None
    if part is None or not may(case.who, May.ANSWER):
        raise Refused(f"You have not replied to {case.ref} at this stage yet.", case.button("Reply", "concern.reply"))
    stood_in = stage_runs.given_back(case.desk.session, run.id)
    by = {part.person_id, *(one for one, owner in stood_in.items() if owner == part.person_id)}
    mine = [one for one in replies.of_run(case.desk.session, run.id) if one.person_id in by]
    return next(one for one in mine if one.adds_to_id is None)


def send_addition(desk: Desk, request: Request) -> Answer:
    """Add to a reply; the first words stay as they were. Saying the plan is done hands it back to the IRO."""
    case = open_case(desk, request.subject, May.SEE_IT_EXISTS, for_change=True)
    require_present(case, request.run)
    asked = _asked_to_add(case)
    first = _own_reply(case) if asked is None else None
    form = fitted(add_form(case), request)
    if not request.text("words"):
        return Errors(by_field={"words": "Say what you want to add."})
    problem = check_detail(desk, form, request, ("words",))
    if problem is not None:
        return problem
    if first is None:
        assert asked is not None
        return _add_for_manager(case, asked, request.text("words"))
    addition = _addition(case, first.person_id, request.text("words"), first.id)
    case.record("added to a reply", for_id=addition.for_id, reply=addition.id)
    kept = promised_by(case) if "done" in request.many("done") else []
    for promise in kept:
        say_done(case, promise)
        tell_done(case, promise, str(addition.id))
    if not kept:
        readers, cause = for_iro(desk, case.concern, case.child), about_concern(case.concern, str(addition.id))
        owe(desk, deciding.added, readers, cause, person=first.person_id)
    return Notice(text=f"Added to your reply to {case.ref}; the {IRO} is told.")


def _addition(case: OpenCase, person_id: int | None, words: str, adds_to_id: int | None) -> Reply:
    desk = case.desk
    addition = Reply(
        authority=desk.authority,
        concern_id=case.id,
        run_id=case.present_run.id or 0,
        person_id=person_id,
        for_id=person_id if desk.actor_id != person_id else None,
        adds_to_id=adds_to_id,
        words=words,
        given_at=desk.now,
    )
    desk.session.add(addition)
    desk.session.flush()
    return addition


def _add_for_manager(case: OpenCase, part: Addressee, words: str) -> Notice:
    """A worker's addition: the manager who asked for it is told, and replies still."""
    desk = case.desk
    addition = _addition(case, part.person_id, words, None)
    part.replied_at = part.replied_at or desk.now
    part.seen_at = part.seen_at or desk.now
    desk.session.add(part)
    assert part.adds_for_id is not None
    case.record("added for the reply of their manager", reply=addition.id, person=part.adds_for_id)
    case.overtake_where_nothing_is_owed(part.person_id, desk.actor_id)
    to = reached(desk, part.adds_for_id, never=case.who.iro_id)
    owe(desk, worker_added, to, about_concern(case.concern, str(addition.id)), person=part.person_id)
    return Notice(text=f"Added to {case.ref}. {name_of(desk, part.adds_for_id)} is told, and replies to the {IRO}.")
