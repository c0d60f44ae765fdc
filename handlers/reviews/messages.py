"""Who hears of a child's reviews, and messages owed to them once; `message_cards` writes them when they are sent."""

import json
from datetime import datetime

from handlers.cards import Button
from handlers.iro_place import iro_managers_for, place_of_child
from handlers.messages.kinds import Kind
from handlers.messages.owing import Detail
from handlers.office import Scene
from scheduling.deadlines import Deadline, deadline
from scheduling.procedures.review_values import review_values
from storage import outbox
from storage.children import Child
from storage.outbox import Outbox
from storage.reviews import Review

SENDING = "@"
"""Stands between a child's reference and the sending a button belongs to."""


def whom(scene: Scene, child: Child) -> str:
    """The child as messages may say it: the reference, or none of it where a setting hides it."""
    return child.reference if scene.rules.show_child_reference else f"a {scene.rules.labels.get('child', 'child')}"


def for_iro_of(scene: Scene, child: Child) -> list[int]:
    """The child's IRO; while away, their cover; away without cover, gone or nobody: the IRO managers."""
    return place_of_child(scene, child).heard_by


def iro_managers_of(scene: Scene, child: Child) -> list[int]:
    """The IRO managers who hear of a child's reviews."""
    return iro_managers_for(scene, child.iro_id)


def owe_about(
    scene: Scene, kind: Kind, person_id: int, child: Child, review: Review | None, because: str, **details: Detail
) -> bool:
    """Owe a person one message about a child's review, or about news of the child; `because` tells one cause
    from another. Details hold ids, dates and numbers only. False when the same message was owed before.
    """
    return outbox.owe(
        scene.session,
        Outbox(
            authority=scene.authority,
            key=f"{kind.value}:child {child.id}:{because}:{person_id}",
            kind=kind.value,
            person_id=person_id,
            review_id=review.id if review is not None else None,
            details=json.dumps({"child": child.id, **details}),
            owed_at=scene.now,
        ),
    )


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
        Button(label="Agree", deed="review.decisions.agree", subject=subject, run=review.id, weight="primary"),
        Button(label="Dispute", deed="review.decisions.dispute", subject=subject, run=review.id),
    )
