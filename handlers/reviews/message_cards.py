"""What messages about reviews say: written from the state at sending, and never with a word of what was decided."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from handlers.cards import Button, Card, Line
from handlers.iro_place import place_of_child
from handlers.messages.kinds import Kind
from handlers.messages.owing import Detail, details_of
from handlers.office import Scene
from handlers.people.covering import acting_roles
from handlers.people.line import in_line
from handlers.reviews.messages import answer_buttons, answer_deadline, sending_of, whom
from handlers.wording import name_of, when
from scheduling.deadline_wording import say_day, say_deadline
from storage import children, decisions, news, people, reviews
from storage.children import Child
from storage.feedback import of_review as feedback_on
from storage.news import News
from storage.outbox import Outbox
from storage.reviews import OPEN_REVIEWS, Review


@dataclass(frozen=True, kw_only=True)
class Matter:
    """All a writer needs: the child, the review as it is, the reader and the details the message was owed with."""

    scene: Scene
    child: Child
    review: Review | None
    reader_id: int
    details: Mapping[str, Detail]

    @property
    def mine(self) -> set[int]:
        """The reader, and those they cover today."""
        return {*self.acting}

    @property
    def acting(self) -> Mapping[int, frozenset[str]]:
        """The reader and those they cover today, with the roles they act by."""
        return acting_roles(self.scene.session, self.scene.rules, self.reader_id, self.scene.today)

    @property
    def whom(self) -> str:
        """The child as messages may say it."""
        return whom(self.scene, self.child)

    def number(self, name: str) -> int | None:
        """A whole-number detail."""
        value = self.details.get(name)
        return value if isinstance(value, int) else None

    def button(self, label: str, deed: str, run: int | None, weight: str = "") -> Button:
        """A button about this child."""
        return Button(label=label, deed=deed, subject=self.child.reference, run=run, weight=weight)


def is_about_review(row: Outbox) -> bool:
    """Whether a message is about a child's review, or news of a child."""
    return Kind(row.kind) in WRITERS or (row.concern_id is None and "child" in details_of(row))


def matter_of(scene: Scene, row: Outbox) -> Matter | None:
    """What a message is about; None where it is not there any more."""
    details = details_of(row)
    child_id = details.get("child")
    child = children.get(scene.session, child_id) if isinstance(child_id, int) else None
    if child is None:
        return None
    review = reviews.get(scene.session, row.review_id) if row.review_id is not None else None
    return Matter(scene=scene, child=child, review=review, reader_id=row.person_id, details=details)


def about_words(scene: Scene, row: Outbox) -> str:
    """ " about the review of AB-1042", " about AB-1042", or nothing, for a message that could not be delivered."""
    matter = matter_of(scene, row)
    if matter is None:
        return ""
    return f" about the review of {matter.whom}" if matter.review is not None else f" about {matter.whom}"


def open_button(scene: Scene, row: Outbox) -> tuple[Button, ...]:
    """ "Open", for a message that could not be delivered; nothing where there is nothing to open."""
    matter = matter_of(scene, row)
    return () if matter is None else (matter.button("Open", "review.open", row.review_id),)


def answered_words(session: Session, subject: str) -> str:
    """The answer to decisions or news, in a word, for the message that asked for it; nothing while there is none."""
    about, _, number = subject.partition(":")
    if about == "decisions":
        review = reviews.get(session, int(number))
        return _ANSWERS.get(review.decisions_answer or "", "") if review is not None else ""
    told = news.get(session, int(number)) if about == "news" else None
    return "Answered" if told is not None and told.answer is not None else ""


def review_card(scene: Scene, row: Outbox) -> Card | None:
    """The message as it reads now; None when it is no longer needed, or no longer this person's to have."""
    matter = matter_of(scene, row)
    if matter is None or not _still_entitled(matter, Kind(row.kind)):
        return None
    return WRITERS[Kind(row.kind)](matter)


def _still_entitled(matter: Matter, kind: Kind) -> bool:
    scene = matter.scene
    person = people.get(scene.session, matter.reader_id)
    if person is None or (person.left_on is not None and person.left_on < scene.today):
        return True  # delivery fails for good with that reason, and the IRO manager hears of it
    if kind in TO_MANAGERS:
        return any(in_line(scene.session, matter.child, one) for one in matter.mine)
    if place_of_child(scene, matter.child).is_filled_by(matter.reader_id):
        return True
    return any("iro_manager" in roles for roles in matter.acting.values())


def _card(matter: Matter, title: str, *lines: str, buttons: tuple[Button, ...] = ()) -> Card:
    texts = (_head(matter), *lines)
    return Card(title=title, lines=tuple(Line(text=text) for text in texts if text), buttons=buttons)


def _head(matter: Matter) -> str:
    role = matter.scene.rules.role_label("iro")
    iro = name_of(matter.scene, matter.child.iro_id) if matter.child.iro_id is not None else "nobody allocated"
    held = matter.review.held_on if matter.review is not None else None
    first = f"Review held {say_day(held)}" if held is not None else f"{matter.whom[:1].upper()}{matter.whom[1:]}"
    return f"{first} · {role}: {iro}"


def _decisions(matter: Matter) -> Card | None:
    review = matter.review
    if review is None or review.decisions_answer is not None or matter.details.get("sent") != sending_of(review):
        return None
    assert review.id is not None
    number = len(decisions.of_review(matter.scene.session, review.id))
    due = answer_deadline(matter.scene, review.decisions_delivered_at or matter.scene.now)
    buttons = (
        *answer_buttons(matter.child.reference, review),
        matter.button("Open", "review.decisions.open", review.id),
    )
    asked = f"{number} decision{'s' if number != 1 else ''} to agree or dispute."
    clock = ""
    if due is not None:
        clock = f"{say_deadline(due, matter.scene.now, matter.scene.calendar)} Without an answer they count as agreed."
    title = f"Decisions from the review of {matter.whom}"
    return _card(matter, title, asked, clock, _in_place_of(matter), buttons=buttons)


def _in_place_of(matter: Matter) -> str:
    person_id = matter.number("in_place_of")
    return f"You are asked in place of {name_of(matter.scene, person_id)}." if person_id else ""


def _disputed(matter: Matter) -> Card | None:
    review = matter.review
    if review is None or review.decisions_answer != "disputed":
        return None
    by = f"Disputed by {name_of(matter.scene, matter.number('person'))}. Open it to read why."
    title = f"Decisions from the review of {matter.whom} are disputed"
    buttons = (matter.button("Open", "review.decisions.open", review.id, "primary"),)
    return _card(matter, title, by, "Change what you will, and send them to the manager again.", buttons=buttons)


def _unproven(matter: Matter) -> Card | None:
    review = matter.review
    if review is None or review.decisions_answer is not None or matter.details.get("sent") != sending_of(review):
        return None
    asked, absent = name_of(matter.scene, review.decisions_to_id), bool(matter.number("absent"))
    if not absent and review.decisions_delivered_at is not None:
        return None
    text = f"The decisions sent to {asked} are not proved to have arrived, so their silence agrees nothing."
    title = f"Decisions from the review of {matter.whom} have not arrived"
    if absent:
        text = f"{asked} was away when the time to answer ended and nobody stood in, so silence agrees nothing."
        title = f"Decisions from the review of {matter.whom} wait for an answer"
    then = "Speak to them, or send the decisions again."
    if absent:
        then = "The time begins again when they are back. Sent again now, the decisions go to whoever can be asked."
    buttons = (matter.button("Open", "review.decisions.open", review.id, "primary"),)
    return _card(matter, title, text, then, buttons=buttons)


def _feedback(matter: Matter) -> Card | None:
    review = matter.review
    given = feedback_on(matter.scene.session, review.id) if review is not None and review.id is not None else None
    if review is None or given is None:
        return None
    by = f"From {name_of(matter.scene, given.by_id)}. For your information; no answer is needed."
    buttons = (matter.button("Open", "review.feedback.open", review.id),)
    return _card(matter, f"Feedback on the review of {matter.whom}", by, _in_place_of(matter), buttons=buttons)


def _news(matter: Matter) -> Card | None:
    told = news.get(matter.scene.session, matter.number("news") or 0)
    if told is None or told.answer is not None:
        return None
    buttons = (
        matter.button("Bring the review forward", "review.news.forward", told.id),
        matter.button("Noted", "review.news.noted", told.id),
        matter.button("Open", "review.news.open", told.id, "primary"),
    )
    whose = f"{matter.whom[:1].upper()}{matter.whom[1:]}"
    asked = "Open it to read what changed, and say whether a review is needed."
    return _card(matter, f"{whose} has something new", _told_by(matter, told), _next(matter), asked, buttons=buttons)


def _told_by(matter: Matter, told: News) -> str:
    return f"Told by {name_of(matter.scene, told.told_by_id)} at {when(told.told_at)}."


def _next(matter: Matter) -> str:
    review = matter.review
    if review is None or review.state not in OPEN_REVIEWS:
        return ""
    booked = f", booked for {say_day(review.booked_for)}" if review.booked_for is not None else ""
    return f"The next review is due by {say_day(review.due_on)}{booked}."


_ANSWERS = {"agreed": "Agreed", "disputed": "Disputed", "silence": "Agreed by silence"}
TO_MANAGERS = (Kind.DECISIONS, Kind.FEEDBACK)
WRITERS: dict[Kind, Callable[[Matter], Card | None]] = {
    Kind.DECISIONS: _decisions,
    Kind.DECISIONS_DISPUTED: _disputed,
    Kind.DECISIONS_UNPROVEN: _unproven,
    Kind.FEEDBACK: _feedback,
    Kind.NEWS: _news,
}
