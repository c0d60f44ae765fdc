"""Whether an open review is late, or at risk of being late, and why."""

from handlers.office import Scene
from handlers.timetable.counting import latest_day, values_of
from handlers.timetable.tasks import PAPERS
from scheduling.booking import Risk, at_risk
from scheduling.timetable import in_time
from storage.reviews import Review, ReviewState

NOT_COMPLETED = "not completed"


def is_late(scene: Scene, review: Review) -> bool:
    """Whether an open review would be late, were it held or completed today, as the authority counts a series."""
    return not in_time(
        values_of(scene).counting,
        due_on=review.due_on,
        held_on=review.held_on or scene.today,
        completed_on=scene.today,
        adjourned_until=latest_day(scene, review),
    )


def risks_of(scene: Scene, review: Review) -> tuple[str, ...]:
    """Why an open review is at risk today, in words; nothing when it is not.

    One that has begun is at risk while no day to complete it is booked; papers count where the procedures ask for
    them before a review.
    """
    values = values_of(scene)
    latest = latest_day(scene, review)
    papers = values.task(PAPERS)
    wanted = papers is not None and papers.on and papers.before is not None
    begun = review.state in (ReviewState.IN_SERIES, ReviewState.ADJOURNED)
    coming = review.booked_for if review.booked_for is not None and review.booked_for >= scene.today else None
    found = at_risk(
        due_on=latest,
        booked_for=coming if begun else review.booked_for,
        papers_in=begun or not wanted or review.papers_in_on is not None,
        today=scene.today,
        calendar=scene.calendar,
        within=values.at_risk_within,
        **({"papers_before": papers.before} if papers is not None and papers.before is not None else {}),
    )
    return tuple(NOT_COMPLETED if begun and risk is Risk.NOT_BOOKED else risk.value for risk in found)
