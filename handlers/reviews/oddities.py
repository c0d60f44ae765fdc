"""What is odd in the data about reviews, for the page on data quality: how many, and the first few children."""

from collections.abc import Callable, Sequence

from sqlmodel import col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from handlers.office import Scene
from handlers.reviews.planning import why_not_counted
from handlers.timetable.counting import ended_on
from scheduling.deadline_wording import say_first
from storage.children import Child
from storage.reviews import OPEN_REVIEWS, Order, Review
from storage.whose import Whose

NAMED = 10
"""Children named of each oddity."""

Find = Callable[[Scene, Whose], Sequence[str]]


def oddities(scene: Scene, whose: Whose) -> tuple[str, ...]:
    """A sentence for each oddity there is among those children."""
    return tuple(f"{words}: {_named(references)}." for words, references in odd_children(scene, whose).items())


def odd_children(scene: Scene, whose: Whose) -> dict[str, Sequence[str]]:
    """Every oddity there is among those children, with the references of all it is about."""
    found = {words: find(scene, whose) for words, find in _ODDITIES.items()}
    return {words: references for words, references in found.items() if references}


def _named(references: Sequence[str]) -> str:
    return f"{len(references)} ({say_first(references, NAMED)})"


def _not_counted(scene: Scene, whose: Whose) -> Sequence[str]:
    """Children in care without a review to come, because no law of the procedures counts it."""
    with_one = select(Review.child_id).where(col(Review.state).in_(OPEN_REVIEWS))
    query = select(Child).where(
        or_(col(Child.looked_after_from).is_not(None), col(Child.last_review_on).is_not(None)),
        col(Child.left_care_on).is_(None),
        col(Child.historical).is_(False),
        col(Child.id).not_in(with_one),
        whose.children(),
    )
    in_care = scene.session.exec(query.order_by(col(Child.reference))).all()
    return [one.reference for one in in_care if ended_on(one, scene.today) is None and why_not_counted(scene, one)]


def _before_care(scene: Scene, whose: Whose) -> Sequence[str]:
    """Children with an imported review held before their present time in care."""
    query = _imported(whose).where(col(Child.historical).is_(False), col(Review.held_on) < col(Child.looked_after_from))
    return scene.session.exec(query.distinct()).all()


def _first_twice(scene: Scene, whose: Whose) -> Sequence[str]:
    """Children with more than one first review on a track, imported ones among them."""
    query = _imported(whose).where(Review.order == Order.FIRST).group_by(col(Child.reference), col(Review.track))
    return sorted(set(scene.session.exec(query.having(func.count() > 1))))


def _imported(whose: Whose) -> SelectOfScalar[str]:
    query = select(Child.reference).join(Review, col(Review.child_id) == col(Child.id))
    return query.where(col(Review.imported).is_(True), whose.children()).order_by(col(Child.reference))


_ODDITIES: dict[str, Find] = {
    "Imported reviews held before care began (an earlier time in care, or a wrong date)": _before_care,
    "More than one first review on a track (right only after coming back into care)": _first_twice,
    "In care, and no review can be counted for them": _not_counted,
}

ODDITIES = tuple(_ODDITIES)
"""How the sentences begin."""
