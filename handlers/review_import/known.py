"""What is known of the children a file of reviews is about: since when they are in care, and their reviews so far."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select as select_many
from sqlmodel import Session, col, select

from handlers.timetable.counting import started_on
from scheduling.track_changes import LOOKED_AFTER
from storage.children import Child
from storage.reviews import Order, Review, ReviewState

UNDER_WAY = (ReviewState.BOOKED, ReviewState.ADJOURNED, ReviewState.IN_SERIES)


@dataclass(frozen=True, kw_only=True)
class KnownReview:
    """A review that is kept here, held or under way."""

    order: Order
    due_on: date
    held_on: date | None
    completed_on: date | None
    booked_for: date | None
    counts_from: date | None


@dataclass(frozen=True, kw_only=True)
class InCare:
    """A child's present time in care. `since` is nothing where it is not known, `one_track_since` where the child
    has been on several tracks in a way that only the history tells.
    """

    since: date | None = None
    left_on: date | None = None
    one_track_since: date | None = None


@dataclass(frozen=True, kw_only=True)
class Known:
    """All of it, by the child's reference."""

    held: Mapping[str, Sequence[KnownReview]]
    under_way: Mapping[str, Sequence[KnownReview]]
    in_care: Mapping[str, InCare]


def what_is_known(session: Session, references: Set[str]) -> Known:
    """These children and their reviews held or under way; nothing is kept of the others."""
    held: dict[str, list[KnownReview]] = {}
    under_way: dict[str, list[KnownReview]] = {}
    query = select_many(
        col(Child.reference),
        col(Review.state),
        col(Review.order),
        col(Review.due_on),
        col(Review.held_on),
        col(Review.completed_on),
        col(Review.booked_for),
        col(Review.counts_from),
    ).join(Review, col(Review.child_id) == col(Child.id))
    for reference, state, *values in session.execute(query):
        if reference not in references:
            continue
        names = ("order", "due_on", "held_on", "completed_on", "booked_for", "counts_from")
        review = KnownReview(**dict(zip(names, values, strict=True)))
        if state is ReviewState.HELD and review.held_on is not None:
            held.setdefault(reference, []).append(review)
        elif state in UNDER_WAY:
            under_way.setdefault(reference, []).append(review)
    children = (child for child in session.exec(select(Child)) if child.reference in references)
    in_care = {child.reference: _in_care(child) for child in children}
    return Known(held=held, under_way=under_way, in_care=in_care)


def _in_care(child: Child) -> InCare:
    if child.looked_after_from is None or child.historical:
        return InCare()
    came_back = child.track == LOOKED_AFTER and (child.track_from or child.looked_after_from) > child.looked_after_from
    return InCare(
        since=child.looked_after_from,
        left_on=child.left_care_on,
        one_track_since=None if came_back else started_on(child),
    )
