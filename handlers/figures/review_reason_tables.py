"""Why reviews were late, and why they were moved within time."""

from collections.abc import Mapping

from handlers.figures.period import Period
from handlers.figures.tables import Row
from handlers.office import Scene
from storage import review_statistics

NOT_RECORDED = "not recorded"


def review_late_reasons(scene: Scene, period: Period) -> list[Row]:
    """Reviews held late in the period by reason, the most frequent first."""
    return _rows(review_statistics.late_reasons(scene.session, period.days))


def review_moved_reasons(scene: Scene, period: Period) -> list[Row]:
    """Reviews held in the period that had been moved within time, by reason, the most frequent first."""
    return _rows(review_statistics.moved_reasons(scene.session, period.days))


def _rows(counted: Mapping[str | None, int] | Mapping[str, int]) -> list[Row]:
    named = [(reason or NOT_RECORDED, reviews) for reason, reviews in counted.items()]
    named.sort(key=lambda one: (one[0] == NOT_RECORDED, -one[1], one[0]))
    return [{"reason": reason, "reviews": reviews} for reason, reviews in named]
