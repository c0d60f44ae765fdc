"""`/tell`: something changed for a child; the IRO is told that there is news, and says whether a review is needed."""

from dataclasses import dataclass, replace

from handlers.cards import Answer, Button, Choice, Field, FieldKind, Form, Notice
from handlers.forms.deeds import done_by
from handlers.forms.fields import choice, search, tick, words
from handlers.forms.form import Declared, Place
from handlers.forms.kinds import Wrong
from handlers.hearing import for_iro_of
from handlers.messages.of_news import something_new
from handlers.messages.owing import about_child, owe
from handlers.messages.subjects import of_news
from handlers.office import Desk
from handlers.people.chosen import listed_child
from handlers.refusals import Refused, Stale, no_such
from handlers.requests import Request
from handlers.reviews.case import ReviewCase, open_review
from handlers.reviews.decision_words import statement
from handlers.reviews.early import bring_review_forward
from handlers.rights import May, require
from handlers.wording import name_of, when
from scheduling.deadline_wording import say_list
from scheduling.procedures.terms import IRO, IRO_MANAGER
from storage import live_messages, news
from storage.news import News, NewsAnswer, NewsKind

_LABELS = {
    NewsKind.MISSING: "Missing from care",
    NewsKind.MOVE: "Change of placement",
    NewsKind.PLAN: "Change of the care plan",
    NewsKind.SCHOOL: "School",
    NewsKind.WORKER: "Change of worker",
    NewsKind.COMPLAINT: "Complaint",
    NewsKind.OTHER: "Something else",
}


@dataclass(frozen=True, kw_only=True)
class _Telling:
    """At whose desk, and about which child, unless that is to be chosen yet."""

    desk: Desk
    case: ReviewCase | None


def _telling(desk: Desk, request: Request, *, for_change: bool) -> _Telling:
    """`/tell AB-1042`, or `/tell` with the child to be chosen."""
    named = request.subject != ""
    case = open_review(desk, request.subject, May.TELL, for_change=for_change) if named else None
    return _Telling(desk=desk, case=case)


def _child_of(about: _Telling, chosen: str) -> ReviewCase:
    child = listed_child(about.desk, chosen)
    if child is None:
        raise Wrong("Choose the child's reference from the list.")
    return open_review(about.desk, child.reference, May.TELL, for_change=True)


def _reference(about: _Telling, chosen: str) -> str:
    child = listed_child(about.desk, chosen)
    return child.reference if child is not None else ""


class Tell(
    Declared[_Telling],
    deed="review.tell",
    title=f"Tell the {IRO} of a change",
    submit=f"Tell the {IRO}",
):
    """ "Tell the IRO something changed"."""

    child: ReviewCase | None = search(
        "Child reference",
        "child",
        _child_of,
        named=_reference,
        hint="Type part of the reference.",
        missing="Choose the child's reference from the list.",
        asks=lambda about: about.case is None,
    )
    kind: NewsKind = choice(
        "What changed?",
        tuple(Choice(value=kind.value, label=label) for kind, label in _LABELS.items()),
        NewsKind,
        missing="Say what changed.",
    )
    words: str = words(
        f"Tell the {IRO} something changed",
        hint="No names, addresses or dates of birth.",
        missing=f"Tell the {IRO} what changed.",
        column=News.words,
    )
    first: bool = tick("Before it happens", (Choice(value="yes", label="A review is needed first"),))

    @classmethod
    def place(cls, about: _Telling) -> Place:
        """The child, where it is known."""
        return Place(subject=about.case.ref if about.case is not None else "")

    @classmethod
    def above(cls, about: _Telling) -> tuple[str, ...]:
        """About whom, and what is done with it."""
        if about.case is None:
            return ()
        return (f"About {about.case.ref}. The {IRO} is told that there is news, and reads it here.",)


@done_by(Tell, _telling)
def tell(about: _Telling, given: Tell) -> Answer:
    """Keep the news and tell the IRO, their cover or the IRO manager: at once where it cannot wait, else in the day."""
    case = about.case or given.child
    assert case is not None
    told = _kept(case, given)
    desk, readers = case.desk, for_iro_of(case.desk, case.child)
    if told.cannot_wait:
        owe(desk, something_new, readers, about_child(case.child, case.review, f"news {told.id}"), news=told.id)
    if not readers:
        return Notice(
            text=f"Kept, but {case.ref} has no {IRO} and no {IRO_MANAGER} is listed. Tell your administrator."
        )
    who = say_list([name_of(desk, one) for one in readers])
    if told.cannot_wait:
        return Notice(text=f"{who} will be told that {case.ref} has news.")
    return Notice(text=f'{who} will read in the next "Your day" that {case.ref} has news.')


def _kept(case: ReviewCase, given: Tell) -> News:
    desk = case.desk
    told = News(
        authority=desk.authority,
        child_id=case.child_id,
        kind=given.kind,
        words=given.words,
        told_by_id=desk.actor_id,
        told_at=desk.now,
        review_first=given.first,
    )
    desk.session.add(told)
    desk.session.flush()
    case.record("told the IRO something changed", news=told.id, words=given.words)
    return told


def show_news(desk: Desk, request: Request) -> Answer:
    """ "Open": what changed, for the IRO, the IRO manager and the person who told it. Reading is recorded."""
    case = open_review(desk, request.subject, May.SEE_REVIEWS)
    told = _told(case, request)
    if told.told_by_id not in case.who.acting:
        require(case.who, May.READ_TOLD)
    case.record("news read", news=told.id)
    by = f"Told by {name_of(desk, told.told_by_id)} at {when(told.told_at)}."
    fields = [statement("by", by), statement("words", told.words or "", _LABELS[told.kind])]
    if told.answer is not None:
        fields.append(statement("answer", _answer_words(desk, told)))
    elif case.may(May.CHAIR):
        buttons = (
            Button(label="Bring the review forward", deed="review.news.forward", subject=case.ref, run=told.id),
            Button(label="Noted", deed="review.news.noted", subject=case.ref, run=told.id),
        )
        fields.append(Field(key="buttons", kind=FieldKind.BUTTONS, buttons=buttons))
    return Form(deed="", title="Something changed", cancel="Close", subject=case.ref, fields=tuple(fields))


def _told(case: ReviewCase, request: Request) -> News:
    """The news a button names, if it is about the child in hand."""
    told = news.get(case.desk.session, request.run) if request.run is not None else None
    if told is None or told.child_id != case.child_id:
        raise no_such(case.ref)
    return told


def _answer_words(desk: Desk, told: News) -> str:
    assert told.answer is not None
    at = f" at {when(told.answered_at)}" if told.answered_at is not None else ""
    return f"{name_of(desk, told.answered_by_id)} answered this{at}: {told.answer.value}."


def noted(desk: Desk, request: Request) -> Answer:
    """ "Noted": no review is needed now."""
    case = _answered(desk, request, NewsAnswer.NOTED)
    return Notice(text=f"Noted. The next review of {case.ref} stays where it is.")


def bring_forward(desk: Desk, request: Request) -> Answer:
    """ "Bring the review forward": the answer is kept, and the form that brings it forward opens."""
    case = _answered(desk, request, NewsAnswer.BRING_FORWARD)
    try:
        return bring_review_forward.open(desk, replace(request, subject=case.ref, run=None, context={}))
    except Refused as refusal:  # the answer is kept all the same
        return Notice(text=f"Your answer is kept. {refusal.sentence}", buttons=refusal.buttons)


def _answered(desk: Desk, request: Request, answer: NewsAnswer) -> ReviewCase:
    """Keep the IRO's answer; the second one is told what the first was."""
    case = open_review(desk, request.subject, May.CHAIR, for_change=True)
    told = _told(case, request)
    if told.answer is not None:
        early = case.button("Bring the review forward", "review.early")
        raise Stale(_answer_words(desk, told), *((early,) if told.answer is NewsAnswer.BRING_FORWARD else ()))
    told.answer, told.answered_by_id, told.answered_at = answer, desk.actor_id, desk.now
    desk.session.add(told)
    live_messages.overtake(desk.session, of_news(told.id or 0), desk.now)
    case.record("answered news", news=told.id, answer=answer.value)
    return case
