"""Brothers and sisters at one meeting: children of the same IRO and holder whose reviews are due near each other.

A tick carries the day, the time and the kind of place, and nothing that is said of a child.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from sqlmodel import col, select

from handlers.cards import Choice
from handlers.forms.fields import ticks
from handlers.office import Desk
from handlers.refusals import Unfit
from handlers.requests import Request
from handlers.reviews.case import ReviewCase, find_child
from handlers.rights import May, child_standing, may
from scheduling.deadline_wording import say_day
from storage import reviews
from storage.children import Child
from storage.reviews import Review, ReviewState

ALSO = "also"
"""The key of the ticks."""
NEAR = timedelta(days=28)
MOST = 10
"""Ticks that every platform takes in one field (Slack's limit)."""
Siblings = Sequence[tuple[Review, Child]]


class WithOthers(Protocol):
    """What a form is about that can be sent for brothers and sisters too."""

    @property
    def case(self) -> ReviewCase:
        """The child it is about first."""

    @property
    def others(self) -> Siblings:
        """Those to be ticked."""


def siblings(case: ReviewCase, review: Review, what: May, *states: ReviewState) -> Siblings:
    """The others with a review in these states due within 28 days of this one, for whom the person may do the same."""
    child = case.child
    if child.iro_id is None or child.holder_id is None:
        return ()
    query = (
        select(Review, Child)
        .join(Child, col(Child.id) == col(Review.child_id))
        .where(
            col(Child.id) != child.id,
            col(Child.iro_id) == child.iro_id,
            col(Child.holder_id) == child.holder_id,
            col(Child.left_care_on).is_(None),
            col(Review.state).in_(states),
            col(Review.due_on).between(review.due_on - NEAR, review.due_on + NEAR),
        )
        .order_by(col(Review.due_on), Child.reference)
    )
    session = case.desk.session
    known = [(other, one) for other, one in session.exec(query) if may(child_standing(case.desk, one), what)]
    found = [(other, one) for other, one in known if reviews.open_of(session, other.child_id) == other]
    return sorted(found, key=lambda pair: abs(pair[0].due_on - review.due_on))[:MOST]


def also_for(hint: str) -> tuple[str, ...]:
    """ "Also for", in a form that is about `others` too: a tick for each; not asked where there is nobody."""
    return ticks("Also for", _to_tick, hint=hint, asks=lambda about: bool(about.others), at_end=True)


def _to_tick(about: WithOthers) -> tuple[Choice, ...]:
    today = about.case.desk.today
    return tuple(
        Choice(value=child.reference, label=f"{child.reference}, due {say_day(review.due_on, today)}")
        for review, child in about.others
    )


def require_offered(request: Request, found: Siblings) -> None:
    """Pass when all that were ticked are still among them."""
    if set(request.many(ALSO)) - {child.reference for _, child in found}:
        raise Unfit({ALSO: "What was ticked here has changed meanwhile: open the form again."})


def locked(desk: Desk, request: Request) -> None:
    """Lock the children of a form that is about several, in one order, so that no two people wait for each other."""
    for reference in sorted({request.subject, *request.many(ALSO)}):
        find_child(desk, reference, for_change=True)
