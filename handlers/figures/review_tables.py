"""All tables about reviews, with notes on how each is counted and what in the data is odd."""

from collections.abc import Mapping
from datetime import timedelta

from handlers.figures.around_reviews_table import around_reviews
from handlers.figures.contact_table import contacts
from handlers.figures.participation_tables import parents_and_carers, participation
from handlers.figures.period import Period
from handlers.figures.review_reason_tables import review_late_reasons, review_moved_reasons
from handlers.figures.reviews_by_year import reviews_by_year, years_without_dates
from handlers.figures.tables import Table
from handlers.office import Scene
from storage import review_statistics
from storage.review_statistics import Days

COUNTING = (
    "Reviews: a review counts on the day it began, once it has been held. Every share is per cent with one decimal, "
    "and empty where its base is 0.",
    "reviews_by_year: years from April to March, up to five, the last up to the end of the period; in_time_share is "
    "of reviews, children_in_time_share of children: those all of whose reviews were in time, and none missed; "
    "participated_share is of reviews with a code other than PN0, and PN4 and PN7 are no participation; whether a "
    "review was in time was counted when it was recorded, by the counting rule of that day.",
    "review_late_reasons: reviews held late; review_moved_reasons: reviews held that had been moved within time, once "
    "for each reason.",
    "participation: q1 is April to June; shares are of the row base, which leaves out PN0; the row total is added up "
    "here and may differ from a printed one. parents_and_carers: shares are of reviews recorded here; imported ones "
    "do not say who came.",
    "around_reviews: what fell due in the period by today; record out in time: sent by its day; decisions: those "
    "found done, or found not done by the next review, in the period. A task that the procedures do not ask for is "
    "never due.",
    "contacts: of every kind (seen, spoken to, monitoring, midway), by the team recorded with them.",
)


def review_tables(scene: Scene, period: Period) -> Mapping[str, Table]:
    """The tables about reviews for the period."""
    return {
        "reviews_by_year": reviews_by_year(scene, period),
        "review_late_reasons": review_late_reasons(scene, period),
        "review_moved_reasons": review_moved_reasons(scene, period),
        "participation": participation(scene, period),
        "parents_and_carers": parents_and_carers(scene, period),
        "around_reviews": around_reviews(scene, period),
        "contacts": contacts(scene, period),
    }


def review_notes(scene: Scene, period: Period) -> tuple[str, ...]:
    """How the tables are counted, and what in the data is odd."""
    notes = [*COUNTING]
    yesterday = min(period.last, scene.today - timedelta(days=1))
    if overdue := review_statistics.not_held(scene.session, Days(first=period.first, last=yesterday)):
        notes.append(f"Reviews due in the period, not held yet and in no table: {overdue}.")
    if years := years_without_dates(scene, period):
        notes.append(
            "children_on_31_march is empty for years with children of whom it is not known since when they were in "
            f"care: {', '.join(years)}."
        )
    return tuple(notes)
