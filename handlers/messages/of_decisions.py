"""Messages about the decisions of a review: to the manager who agrees or disputes them, and to the IRO."""

from sqlmodel import Session

from handlers.cards import Card
from handlers.holders_manager import holds_place
from handlers.messages import subjects
from handlers.messages.dates import by
from handlers.messages.message import Buttons, Topic, message
from handlers.messages.of_reviews import (
    Matter,
    answer_buttons,
    answer_deadline,
    card,
    for_the_iro,
    for_the_line,
    lost,
    matter_of,
    sending_of,
)
from handlers.messages.together import decisions_to_agree
from handlers.office import Scene
from handlers.timetable.tasks import plan_tasks
from handlers.wording import name_of, when
from scheduling.deadline_wording import say_day
from scheduling.ladder import Rung
from scheduling.procedures.terms import IRO
from scheduling.working_days import local
from storage import decisions, history, live_messages, nudges, reviews
from storage.outbox import Outbox
from storage.reviews import Review


def _subject(row: Outbox) -> str | None:
    return subjects.of_decisions(row.review_id) if row.review_id is not None else None


def _owed(matter: Matter) -> Buttons:
    """The answer, for the one asked, or the person who stands in for them."""
    review = matter.review
    if review is None or review.decisions_sent_at is None or review.decisions_answer is not None:
        return ()
    asked = holds_place(matter.scene, matter.child, matter.acting)
    return answer_buttons(matter.child.reference, review) if asked else ()


def _prove_delivery(scene: Scene, row: Outbox) -> None:
    """Keep the proof that decisions arrived: from then, and only then, silence can agree them."""
    review = reviews.get(scene.session, row.review_id, for_change=True) if row.review_id is not None else None
    matter = matter_of(scene, row)
    if review is None or matter is None or matter.details.get("sent") != sending_of(review):
        return
    if review.decisions_delivered_at is not None or review.decisions_answer is not None or matter.number("beside"):
        return
    due = answer_deadline(scene, scene.now)
    review.decisions_delivered_at = scene.now
    review.decisions_answer_due_at = due.at if due is not None else None
    scene.session.add(review)
    live_messages.overtake(scene.session, subjects.of_decisions(row.review_id), scene.now)
    planned = subjects.of_review(review.id)
    nudges.forget(scene.session, planned, Rung.DECISIONS_SILENT, Rung.DECISIONS_UNPROVEN)
    if due is not None:
        nudges.plan(scene.session, subject=planned, rung=Rung.DECISIONS_SILENT, due_at=due.at)
    history.record(
        scene.session,
        chain=subjects.of_child(matter.child.id),
        at=scene.now,
        actor_id=None,
        what="decisions delivered",
        details={"review": review.id, "until": local(due.at).date().isoformat() if due is not None else None},
    )
    plan_tasks(scene, matter.child, review)


def _ended(session: Session, row: Outbox) -> str:
    review = reviews.get(session, row.review_id) if row.review_id is not None else None
    return _ANSWERS.get(review.decisions_answer or "", "") if review is not None else ""


_ANSWERS = {"agreed": "Agreed", "disputed": "Disputed", "silence": "Agreed by silence"}
DECISIONS = Topic(
    name="decisions", read=matter_of, reach=for_the_iro, subject=_subject, owed=_owed, lost=lost, ended=_ended
)


def _unanswered(matter: Matter) -> Review | None:
    """The review, while this sending of its decisions waits for an answer."""
    review = matter.review
    if review is None or review.decisions_answer is not None or matter.details.get("sent") != sending_of(review):
        return None
    return review


@message(
    "decisions",
    DECISIONS,
    title="AB-1042: 4 decisions to agree by Thu 18 Feb 2027",
    to="the holder's line manager",
    buttons=("Read", "Agree", "Dispute"),
    reach=for_the_line,
    arrived=_prove_delivery,
    together=decisions_to_agree,
)
def to_be_agreed(matter: Matter) -> Card | None:
    """Silence agrees five working days after delivery, so the message says the deadline that its delivery sets."""
    review = _unanswered(matter)
    if review is None or (matter.number("beside") and not _owed(matter)):
        return None
    assert review.id is not None
    number = len(decisions.of_review(matter.scene.session, review.id))
    due = answer_deadline(matter.scene, review.decisions_delivered_at or matter.scene.now)
    title = f"{matter.whom_first}: {number} decision{'s' if number != 1 else ''} to agree"
    agrees = due is not None and not matter.number("beside")
    clock = f"If you do not answer by {when(due.at)}, they count as agreed." if due is not None and agrees else ""
    return card(
        f"{title} by {by(matter.scene, due.at)}" if due is not None else title,
        f"From {matter.iro}, {_review(review)}.",
        _again(matter),
        clock,
        matter.in_place_of(),
        buttons=(*_read(matter, review), *answer_buttons(matter.child.reference, review)),
    )


def _review(review: Review) -> str:
    return f"review of {say_day(review.held_on)}" if review.held_on is not None else "the review"


def _again(matter: Matter) -> str:
    """ "Sent again after your dispute: 1 is changed.", for a question put again."""
    if not matter.number("again"):
        return ""
    counted = ((matter.number(key) or 0, word) for key, word in _CHANGES.items())
    said = [f"{number} {'is' if number == 1 else 'are'} {word}" for number, word in counted if number]
    by = matter.number("disputed_by")
    whose = "your" if by == matter.reader_id else f"{name_of(matter.scene, by)}'s"
    after = f" after {whose} dispute" if by else ""
    return f"Sent again{after}: {', '.join(said) or 'nothing is changed'}."


_CHANGES = {"changed": "changed", "added": "new", "removed": "taken out"}


def _read(matter: Matter, review: Review, label: str = "Read", weight: str = "primary") -> Buttons:
    return (matter.button(label, "review.decisions.open", review.id, weight),)


@message(
    "decisions disputed",
    DECISIONS,
    title="AB-1042: Tess Hill disputes the decisions",
    to="the IRO",
    buttons=("Open",),
)
def disputed(matter: Matter) -> Card | None:
    review = matter.review
    if review is None or review.decisions_answer != "disputed":
        return None
    who = name_of(matter.scene, matter.number("person"))
    return card(
        f"{matter.whom_first}: {who} disputes the decisions",
        f"They are from the {_review(review)}. Open it to read why.",
        "You can change or take out a decision there, and send them again.",
        buttons=_read(matter, review, "Open"),
    )


def _sent_again(matter: Matter) -> str:
    who = "You" if matter.is_for_iro else f"The {IRO}"
    return f"{who} can send the decisions again: they go to somebody who is here."


@message(
    "decisions not proved to have arrived",
    DECISIONS,
    title="AB-1042: the decisions have not arrived",
    to="the IRO and the IRO manager, when silence cannot agree",
    buttons=("Open",),
)
def unproven(matter: Matter) -> Card | None:
    review = _unanswered(matter)
    absent = bool(matter.number("absent"))
    if review is None or (not absent and review.decisions_delivered_at is not None):
        return None
    asked = name_of(matter.scene, review.decisions_to_id)
    if absent:
        return card(
            f"{matter.whom_first}: the decisions wait for an answer",
            f"{asked} was away when the time to answer ended, and nobody stood in. So silence agrees nothing.",
            f"The time begins again when they are back. {_sent_again(matter)}",
            buttons=(*_owed(matter), *_read(matter, review, "Open")),
        )
    return card(
        f"{matter.whom_first}: the decisions have not arrived",
        f"There is no proof that {asked} got them. So silence agrees nothing.",
        f"Speak to them. {_sent_again(matter)}",
        buttons=(*_owed(matter), *_read(matter, review, "Open")),
    )


@message(
    "decisions are with another",
    DECISIONS,
    title="AB-1042: the decisions are now with Sunil Rao",
    to="the IRO, when who was asked has left, is away without cover, or is the holder's line manager no more",
    buttons=("Open",),
    reach=for_the_iro,
)
def with_another(matter: Matter) -> Card | None:
    review = _unanswered(matter)
    if review is None:
        return None
    before, now = (name_of(matter.scene, matter.number(one)) for one in ("before", "now"))
    return card(
        f"{matter.whom_first}: the decisions are now with {now}",
        *_why_with_another(matter, f"{before} was asked about the {_review(review)}"),
        buttons=(*_owed(matter), *_read(matter, review, "Open")),
    )


def _why_with_another(matter: Matter, asked: str) -> tuple[str, str]:
    if matter.number("beside"):
        return (
            f"{asked}, and is away without cover.",
            "Either may answer, by the same time. Silence agrees nothing while they are away.",
        )
    return f"{asked}, and is not the line manager now.", "The time to answer begins when they get them."
