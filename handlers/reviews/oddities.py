"""What is odd in the data about reviews, for the page on data quality: how many, and the first few children."""

from collections.abc import Callable, Sequence

from sqlmodel import col, select

from handlers.office import Scene
from handlers.reviews.counting import ended_on
from handlers.reviews.planning import why_not_counted
from storage.children import Child
from storage.reviews import OPEN_REVIEWS, Review
from storage.whose import Whose

NAMED = 10
"""Children named of each oddity."""

Find = Callable[[Scene, Whose], Sequence[str]]


def oddities(scene: Scene, whose: Whose) -> tuple[str, ...]:
    """A sentence for each oddity there is among those children."""
    found = ((words, find(scene, whose)) for words, find in _ODDITIES.items())
    return tuple(f"{words}: {_named(references)}." for words, references in found if references)


def _named(references: Sequence[str]) -> str:
    more = f" and {len(references) - NAMED} more" if len(references) > NAMED else ""
    return f"{len(references)} ({', '.join(references[:NAMED])}{more})"


def _not_counted(scene: Scene, whose: Whose) -> Sequence[str]:
    """Children in care without a review to come, because no law of the procedures counts it."""
    with_one = select(Review.child_id).where(col(Review.state).in_(OPEN_REVIEWS))
    query = select(Child).where(
        col(Child.looked_after_from).is_not(None),
        col(Child.left_care_on).is_(None),
        col(Child.historical).is_(False),
        col(Child.id).not_in(with_one),
        whose.children(),
    )
    in_care = scene.session.exec(query.order_by(col(Child.reference))).all()
    return [one.reference for one in in_care if ended_on(one, scene.today) is None and why_not_counted(scene, one)]


_ODDITIES: dict[str, Find] = {
    "In care, and no review can be counted for them": _not_counted,
}
