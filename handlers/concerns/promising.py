""" "Done": who promised a plan says that it is done. The IRO is told and decides; only the IRO closes."""

from handlers.cards import Answer, Notice
from handlers.concerns.case import OpenCase, open_case, require_present
from handlers.concerns.settling import plan_verdict
from handlers.concerns.starting import forget_run
from handlers.hearing import for_iro
from handlers.lifecycle import Act
from handlers.messages import deciding
from handlers.messages.owing import about_concern, owe
from handlers.office import Desk
from handlers.promises import Promise, open_promises, promised_of, promises_of
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.rights import May, require
from handlers.wording import when
from scheduling.procedures.terms import IRO
from storage.concerns import ConcernState


def promised_by(case: OpenCase) -> list[Promise]:
    """What the person, or somebody they stand in for, has promised and not said to be done."""
    return promised_of(open_promises(case.desk, case.concern, case.present_run), _people(case))


def _people(case: OpenCase) -> set[int]:
    return {part.person_id for part in case.who.parts}


def done(desk: Desk, request: Request) -> Answer:
    """The press on "Done": one press, and a second one says when it was done."""
    case = open_case(desk, request.subject, May.SEE_IT_EXISTS, for_change=True)
    require_present(case, request.run)
    mine = promised_by(case)
    if not mine:
        require(case.who, May.ANSWER)
        raise Refused(_nothing_open(case), case.button("Open", "concern.open"))
    for promise in mine:
        say_done(case, promise)
        tell_done(case, promise, f"done {promise.reply.id}:{desk.now.isoformat()}")
    theirs = case.who.answered is not None
    what = "what you promised" if theirs else "what was promised"
    return Notice(
        text=f"Thank you. The {IRO} is told that {what} on {case.ref} is done, and decides what comes next.",
        buttons=(case.button("Add to my reply", "concern.add"),) if theirs else (),
    )


def _nothing_open(case: OpenCase) -> str:
    kept = promised_of(promises_of(case.desk, case.concern, case.present_run), _people(case))
    said = next((one.reply.done_at for one in kept if one.reply.done_at is not None), None)
    if said is None:
        return f"Nothing you promised on {case.ref} is waiting to be done."
    return f"You said at {when(said)} that what you promised on {case.ref} is done. The {IRO} decides what comes next."


def say_done(case: OpenCase, promise: Promise) -> None:
    """Keep that it is done; once all that was promised is, the concern goes back to the IRO."""
    promise.reply.done_at = case.desk.now
    case.desk.session.add(promise.reply)
    case.desk.session.flush()
    case.record("said the plan is done", person=promise.person_id)
    if case.concern.state is ConcernState.PLANNED and not open_promises(case.desk, case.concern, case.present_run):
        forget_run(case)
        case.become(Act.PLAN_DONE)
        plan_verdict(case)
    case.overtake_where_nothing_is_owed(promise.person_id, case.desk.actor_id)


def tell_done(case: OpenCase, promise: Promise, because: str) -> None:
    """Tell the IRO, with what can be decided."""
    readers = for_iro(case.desk, case.concern, case.child)
    owe(case.desk, deciding.added, readers, about_concern(case.concern, because), person=promise.person_id, done=1)
