"""One line of "Your day" about a child's reviews, and the people it is for today."""

from dataclasses import dataclass
from datetime import date

from handlers.cards import Button
from handlers.office import Scene
from handlers.wording import whom
from storage.children import Child


@dataclass(frozen=True, kw_only=True)
class Named:
    """One line and the people it is for today.

    `on` is the day that has passed or falls, none where something is only told; `owed_by` the day by which the reader
    is to have done it.
    """

    child: Child
    text: str
    owners: tuple[int, ...]
    buttons: tuple[Button, ...]
    meant: int | None = None  # the one person it would be for were they here
    task_id: int | None = None
    on: date | None = None
    owed_by: date | None = None


def whose(scene: Scene, child: Child) -> str:
    """The child at the head of a line, as messages may say it."""
    said = whom(scene, child)
    return f"{said[:1].upper()}{said[1:]}"


def open_review_button(child: Child, review_id: int | None) -> Button:
    """ "Open": the child's reviews."""
    return Button(label="Open", deed="review.open", subject=child.reference, run=review_id)
