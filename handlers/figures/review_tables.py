"""The tables about reviews and what IROs do around them, with notes on what in the data is odd."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from handlers.figures.around_reviews_table import around_reviews
from handlers.figures.caseload_table import caseload
from handlers.figures.contact_table import contacts
from handlers.figures.participation_tables import parents_and_carers, participation
from handlers.figures.period import Period
from handlers.figures.praise_table import good_practice
from handlers.figures.review_reason_tables import review_late_reasons, review_moved_reasons
from handlers.figures.reviews_by_year import years_without_dates
from handlers.figures.tables import Table
from handlers.office import Scene
from handlers.reviews.oddities import oddities
from storage import review_statistics

REVIEW_TABLES: Mapping[str, Callable[[Scene, Period], Table]] = {
    "review_late_reasons": review_late_reasons,
    "review_moved_reasons": review_moved_reasons,
    "participation": participation,
    "parents_and_carers": parents_and_carers,
    "around_reviews": around_reviews,
    "caseload": caseload,
    "good_practice": good_practice,
    "contacts": contacts,
}
"""The tables about reviews for a period, but for that by years."""


def review_notes(scene: Scene, period: Period) -> tuple[str, ...]:
    """What in the data is odd."""
    notes = []
    yesterday = min(period.last, scene.today - timedelta(days=1))
    if overdue := review_statistics.not_held(scene.session, replace(period.days, last=yesterday)):
        notes.append(f"Reviews due in the period, not held yet and in no table: {overdue}.")
    if years := years_without_dates(scene, period):
        notes.append(
            "Children on 31 March are not given for years with children of whom it is not known since when they were "
            f"in care: {', '.join(years)}."
        )
    return (*notes, *oddities(scene, period.whose))
