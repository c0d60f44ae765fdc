"""Replying: an answer from someone addressed. Opening the form counts as seen; only the IRO closes."""

from functools import partial

from handlers.cards import Answer, Field, FieldKind, Notice
from handlers.concerns.adding import Addition
from handlers.concerns.by_form import OfOwnPlace, by_form
from handlers.concerns.case import OpenCase, open_case, require_present
from handlers.concerns.log import WORRIED
from handlers.concerns.said_before import said_before
from handlers.concerns.settling import Answering, answered_by, take
from handlers.forms.fields import words
from handlers.lifecycle import Act, advance
from handlers.office import Desk
from handlers.refusals import Refused
from handlers.requests import Request
from handlers.rights import May, may, require
from handlers.undrawn import all_readable, drawn
from handlers.wording import both_clocks, name_of, when
from scheduling.procedures.terms import CONCERN, IRO
from storage.replies import Reply
from storage.stage_runs import Addressee


def _title(case: OpenCase) -> str:
    return f"Reply to {case.ref}"


class Replied(Answering, OfOwnPlace, deed="concern.reply", title=_title, submit="Send reply"):
    """The answer of somebody addressed."""

    words: str = words(
        "What will happen",
        hint="No names of children.",
        missing="Say what will happen.",
        column=Reply.words,
    )

    @classmethod
    def above(cls, about: OpenCase) -> tuple[str | Field, ...]:
        """By when, what the concern says, and what was said at this stage before."""
        return (_clock(about), *_worry(about), *said_before(about, _own_place(about)))


def _worry(case: OpenCase) -> tuple[Field, ...]:
    """What is to be answered, for those who may read it. What cannot be read says so itself, and is named."""
    worries = case.concern.worries
    if not worries or not may(case.who, May.READ):
        return ()
    drawn(case.desk, f"{case.ref}: words", partial(all_readable, case.concern, case.run), lambda: None)
    return (Field(key="worry", kind=FieldKind.STATEMENT, label=WORRIED, text=worries),)


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


def _not_replied(case: OpenCase) -> None:
    part = _own_place(case)
    if part.replied_at is not None:
        raise Refused(
            f"You have already replied to {case.ref}, at {when(part.replied_at)}. You can add to your reply.",
            case.button("Add to my reply", "concern.add"),
        )


@by_form(Replied, May.SEE_IT_EXISTS, also=_not_replied)
def reply(case: OpenCase, given: Replied) -> Answer:
    """Take a reply: it stops the stage's reminders and goes to the IRO. Only the IRO closes."""
    take(case, _own_place(case), given, given_at=case.desk.now)
    return Notice(
        text=f"Your reply to {case.ref} is with the {IRO}. You can add to it; only the {IRO} closes the {CONCERN}."
    )


def reply_form(desk: Desk, request: Request) -> Answer:
    """ "Reply": the form, or the one to add to a reply already given. Opening it counts as seen, and is recorded."""
    case = open_case(desk, request.subject, May.SEE_IT_EXISTS, for_change=True)
    require_present(case, request.run)
    if may(case.who, May.ADD) and not case.who.awaited:
        return Addition.draw(case)
    part = _own_place(case)
    mark_seen(case)
    if part.replied_at is not None:
        return Addition.draw(case)
    if may(case.who, May.READ):
        case.record("read")  # what it says stands above the fields
    return Replied.draw(case)


def mark_seen(case: OpenCase) -> None:
    """Record that the person has opened what is asked of them, or of whom they stand in for; the first time counts."""
    unseen = [part for part in case.who.awaited if part.seen_at is None]
    for part in unseen:
        part.seen_at = case.desk.now
        case.desk.session.add(part)
    if unseen:
        case.record("seen")


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
