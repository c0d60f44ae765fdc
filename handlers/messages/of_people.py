"""The message that somebody could not be told, whatever it was about: to the IRO managers, who can tell them."""

from dataclasses import dataclass

from handlers.cards import Button, Card, Line
from handlers.messages import of_concerns, of_reviews, subjects
from handlers.messages.matter import Matter
from handlers.messages.message import Buttons, Topic, anybody, message
from handlers.messages.owed import owed
from handlers.messages.owing import Cause, details_of, number_of
from handlers.office import Scene
from handlers.wording import name_of
from storage.outbox import Outbox

KEPT = ("child", "news")
"""What of a message that was lost says what it was about."""


@dataclass(frozen=True, kw_only=True)
class Lost:
    """Who could not be told, why, and what it was about: a concern, a child's review, or their day."""

    scene: Scene
    person_id: int | None
    reason: str
    concern: Matter | None
    child: of_reviews.Matter | None


def about_lost(row: Outbox) -> Cause:
    """For telling of a message that could not be delivered, once to each reader."""
    return Cause(
        key=f"lost {row.id}:{{person}}",
        concern_id=row.concern_id,
        run_id=row.run_id,
        review_id=row.review_id,
        details={key: value for key, value in details_of(row).items() if key in KEPT},
    )


def _lost_of(scene: Scene, row: Outbox) -> Lost:
    return Lost(
        scene=scene,
        person_id=number_of(row, "person"),
        reason=str(details_of(row).get("reason") or ""),
        concern=of_concerns.matter_of(scene, row),
        child=of_reviews.matter_of(scene, row),
    )


def _subject(row: Outbox) -> str | None:
    return subjects.of_concern(row.concern_id) if row.concern_id is not None else None


def _owed(lost: Lost) -> Buttons:
    return owed(lost.concern) if lost.concern is not None else ()


def _on_record(scene: Scene, row: Outbox) -> list[int]:
    """Of such a telling itself nobody is told; that it failed is kept with what it was about."""
    (of_concerns.lost if row.concern_id is not None else of_reviews.lost)(scene, row)
    return []


PEOPLE = Topic(name="people", read=_lost_of, reach=anybody, subject=_subject, owed=_owed, lost=_on_record)


@message(
    "undelivered",
    PEOPLE,
    title="Mary Cole could not be told about C-12",
    to="the IRO manager",
    buttons=("Open",),
)
def undelivered(lost: Lost) -> Card | None:
    return Card(
        title=f"{name_of(lost.scene, lost.person_id)} could not be told{_about(lost)}",
        lines=(
            Line(text=f"The message was not delivered: {lost.reason}"),
            Line(text="Tell them yourself, and ask your administrator to put this right. The clocks run on."),
        ),
        buttons=(*_owed(lost), *_open(lost)),
    )


def _about(lost: Lost) -> str:
    if lost.concern is not None:
        return f" about {lost.concern.ref}"
    if lost.child is None:
        return ""
    return f" about {'the review of ' if lost.child.review is not None else ''}{lost.child.whom}"


def _open(lost: Lost) -> tuple[Button, ...]:
    if lost.concern is not None:
        return (lost.concern.open_button,)
    if lost.child is None:
        return ()
    review = lost.child.review
    return (lost.child.button("Open", "review.open", review.id if review is not None else None),)
