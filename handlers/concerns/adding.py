"""Adding to a reply, one's own or that of the manager who asked for it: the first words stay as they were."""

from handlers.cards import Answer, Choice, Field, Notice
from handlers.concerns.by_form import OfOwnPlace, by_form
from handlers.concerns.case import OpenCase
from handlers.concerns.promising import promised_by, say_done, tell_done
from handlers.concerns.said_before import said_before
from handlers.forms.fields import tick, words
from handlers.hearing import for_iro, reached
from handlers.messages import deciding
from handlers.messages.asking import worker_added
from handlers.messages.owing import about_concern, owe
from handlers.parts import wanted_from
from handlers.refusals import Refused
from handlers.rights import May, may
from handlers.wording import due_words, name_of
from scheduling.procedures.terms import IRO
from storage import replies, stage_runs
from storage.replies import Reply
from storage.stage_runs import Addressee

_DONE = (Choice(value="done", label="The plan is done"),)


def _title(case: OpenCase) -> str:
    return "Add to my reply" if _asked_to_add(case) is None else f"Add to {case.ref}"


def _has_promised(case: OpenCase) -> bool:
    return _asked_to_add(case) is None and bool(promised_by(case))


class Addition(OfOwnPlace, deed="concern.add", title=_title, submit="Add"):
    """What is added to one's own reply; by a worker, to that of the manager who asked for it."""

    words: str = words("What do you want to add?", missing="Say what you want to add.", column=Reply.words)
    done: bool = tick("The plan", _DONE, asks=_has_promised)

    @classmethod
    def above(cls, about: OpenCase) -> tuple[str | Field, ...]:
        """Who asks a worker for it, and what was said at this stage before."""
        asked = _asked_to_add(about)
        return () if asked is None else (_for_whom(about, asked), *said_before(about, asked))


def _for_whom(case: OpenCase, part: Addressee) -> str:
    manager = name_of(case.desk, part.adds_for_id)
    due = due_words(case.desk, case.rules, case.present_run)
    return f"{manager} asks you to add to their reply, and stays asked for it. {due} No names of children."


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


def _has_a_reply(case: OpenCase) -> None:
    if _asked_to_add(case) is None:
        _own_reply(case)


@by_form(Addition, May.SEE_IT_EXISTS, also=_has_a_reply, locks=True)
def add(case: OpenCase, given: Addition) -> Answer:
    """Add to a reply; the first words stay as they were. Saying the plan is done hands it back to the IRO."""
    asked = _asked_to_add(case)
    return _add_to_own(case, given) if asked is None else _add_for_manager(case, asked, given.words)


def _add_to_own(case: OpenCase, given: Addition) -> Notice:
    first = _own_reply(case)
    addition = _addition(case, first.person_id, given.words, first.id)
    case.record("added to a reply", for_id=addition.for_id, reply=addition.id)
    kept = promised_by(case) if given.done else []
    for promise in kept:
        say_done(case, promise)
        tell_done(case, promise, str(addition.id))
    if not kept:
        cause = about_concern(case.concern, str(addition.id))
        owe(case.desk, deciding.added, for_iro(case.desk, case.concern, case.child), cause, person=first.person_id)
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
