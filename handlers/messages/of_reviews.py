"""What all messages about a child's reviews share: what a writer works with, whom they may reach, and their fate."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.cards import Button, Card, Line
from handlers.hearing import for_iro_of, iro_managers_of
from handlers.iro_place import place_of_child
from handlers.messages import subjects
from handlers.messages.message import Buttons
from handlers.messages.owing import Detail, details_of
from handlers.messages.undelivered import on_record
from handlers.office import Scene
from handlers.people.covering import acting_roles
from handlers.people.line import in_line
from handlers.wording import name_of, whom
from scheduling.deadlines import Deadline, deadline
from scheduling.procedures.review_values import review_values
from storage import children, people, reviews
from storage.children import Child
from storage.outbox import Outbox
from storage.reviews import Review

SENDING = "@"
"""Stands between a child's reference and the sending a button belongs to."""


@dataclass(frozen=True, kw_only=True)
class Matter:
    """All a writer needs: the child, the review as it is, the reader and the details the message was owed with."""

    scene: Scene
    child: Child
    review: Review | None
    reader_id: int
    details: Mapping[str, Detail]

    @property
    def acting(self) -> Mapping[int, frozenset[str]]:
        """The reader and those they cover today, with the roles they act by."""
        return acting_roles(self.scene.session, self.scene.rules, self.reader_id, self.scene.today)

    @property
    def whom(self) -> str:
        """The child as messages may say it."""
        return whom(self.scene, self.child)

    @property
    def whom_first(self) -> str:
        """The same, as a sentence begins."""
        return f"{self.whom[:1].upper()}{self.whom[1:]}"

    @property
    def is_for_iro(self) -> bool:
        """Whether the reader is the child's IRO today, or hears in the IRO's place."""
        place = place_of_child(self.scene, self.child)
        return place.is_filled_by(self.reader_id) or self.reader_id in place.heard_by

    @property
    def iro(self) -> str:
        """The IRO's name, as a sentence needs it."""
        return name_of(self.scene, self.child.iro_id) if self.child.iro_id is not None else "nobody yet"

    def number(self, name: str) -> int | None:
        """A whole-number detail."""
        value = self.details.get(name)
        return value if isinstance(value, int) else None

    def button(self, label: str, deed: str, run: int | None, weight: str = "") -> Button:
        """A button about this child."""
        return Button(label=label, deed=deed, subject=self.child.reference, run=run, weight=weight)

    def in_place_of(self) -> str:
        """In whose place the reader is asked."""
        person_id = self.number("in_place_of")
        return f"You are asked in place of {name_of(self.scene, person_id)}." if person_id else ""


def matter_of(scene: Scene, row: Outbox) -> Matter | None:
    """What a message is about; None where it is not there any more."""
    details = details_of(row)
    child_id = details.get("child")
    child = children.get(scene.session, child_id) if isinstance(child_id, int) else None
    if child is None:
        return None
    review = reviews.get(scene.session, row.review_id) if row.review_id is not None else None
    return Matter(scene=scene, child=child, review=review, reader_id=row.person_id, details=details)


def lost(scene: Scene, row: Outbox) -> list[int]:
    """Put it on record that it could not be delivered; the IRO and the IRO managers hear of it."""
    matter = matter_of(scene, row)
    if matter is None:
        return []
    on_record(scene, row, subjects.of_child(matter.child.id))
    return [*for_iro_of(scene, matter.child), *iro_managers_of(scene, matter.child)]


def card(title: str, *lines: str, buttons: Buttons = ()) -> Card:
    """A message of these lines; empty ones are left out."""
    return Card(title=title, lines=tuple(Line(text=text) for text in lines if text), buttons=buttons)


def for_the_line(matter: Matter) -> bool:
    """Whether the reader is a manager in the child's line today, or covers one."""
    return _is_gone(matter) or any(in_line(matter.scene.session, matter.child, one) for one in matter.acting)


def for_the_iro(matter: Matter) -> bool:
    """Whether the reader is the child's IRO today, covers them, or is an IRO manager."""
    if _is_gone(matter) or place_of_child(matter.scene, matter.child).is_filled_by(matter.reader_id):
        return True
    return any("iro_manager" in roles for roles in matter.acting.values())


def _is_gone(matter: Matter) -> bool:
    """Whether the reader has left: then delivery fails for good with that reason, and the IRO manager hears of it."""
    person = people.get(matter.scene.session, matter.reader_id)
    return person is None or person.has_left(matter.scene.today)


def answer_deadline(scene: Scene, delivered_at: datetime) -> Deadline | None:
    """Until when silence does not yet agree decisions delivered then; None where the procedures ask for no answer.

    Five working days of receipt: IRO Handbook (2010), chapter 3.
    """
    task = review_values(scene.rules).task("decisions_agreed")
    if task is None or not task.on or task.within is None:
        return None
    return deadline(delivered_at, task.within, scene.calendar)


def sending_of(review: Review) -> str:
    """Which sending of the decisions is the present one; nothing before the first."""
    return review.decisions_sent_at.isoformat() if review.decisions_sent_at is not None else ""


def answer_buttons(reference: str, review: Review) -> tuple[Button, Button]:
    """ "Agree" and "Dispute" for one sending: what is added and sent anew is not agreed by an older message."""
    subject = f"{reference}{SENDING}{sending_of(review)}"
    return (
        Button(label="Agree", deed="review.decisions.agree", subject=subject, run=review.id),
        Button(label="Dispute", deed="review.decisions.dispute", subject=subject, run=review.id),
    )
