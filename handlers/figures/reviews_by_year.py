"""Reviews year by year: held, in time, the children, and whether they took part; each share with its own base."""

from datetime import date

from handlers.figures.period import Period
from handlers.figures.reporting_years import years_to
from handlers.figures.shares import share
from handlers.figures.tables import Place, Row
from handlers.office import Scene
from storage import review_statistics
from storage.review_statistics import Days, HeldCounts


def reviews_by_year(scene: Scene, period: Period) -> tuple[list[Row], dict[Place, int]]:
    """Up to five reporting years, the last ending with the period; beside them the base of each share of taking part.

    That base, reviews with a code other than PN0, stands in no column.
    """
    since = review_statistics.first_held_on(scene.session)
    return _counted(scene, [(year.name, days, year.end) for year, days in years_to(period, since)])


def reviews_in(scene: Scene, period: Period) -> tuple[list[Row], dict[Place, int]]:
    """One row for exactly these days, as the table by years counts them."""
    return _counted(scene, [(str(period), period.days, period.last)])


def _counted(scene: Scene, parts: list[tuple[str, Days, date]]) -> tuple[list[Row], dict[Place, int]]:
    rows: list[Row] = []
    bases: dict[Place, int] = {}
    for name, days, end in parts:
        held = review_statistics.held(scene.session, days)
        if held.participation_base:
            bases[len(rows), "participated_share"] = held.participation_base
        rows.append(_row(name, held, _in_care_at_the_end(scene, days, end)))
    return rows, bases


def _row(name: str, held: HeldCounts, in_care: int | None) -> Row:
    return {
        "year": name,
        "reviews": held.reviews,
        "in_time": held.in_time,
        "in_time_share": share(held.in_time, held.reviews),
        "children": held.children,
        "children_in_time": held.children_in_time,
        "children_in_time_share": share(held.children_in_time, held.children),
        "participated": held.participated,
        "participated_share": share(held.participated, held.participation_base),
        "children_on_31_march": in_care,
    }


def _in_care_at_the_end(scene: Scene, days: Days, end: date) -> int | None:
    """None where the end is no 31 March or is to come, or where it is not known of every child reviewed."""
    if (end.month, end.day) != (3, 31) or days.last < end or end > scene.today:
        return None
    if review_statistics.reviewed_without_dates(scene.session, days):
        return None
    return review_statistics.in_care_on(scene.session, end, days.whose) or None


def years_without_dates(scene: Scene, period: Period) -> list[str]:
    """The years in which children were reviewed of whom it is not known since when they were in care."""
    since = review_statistics.first_held_on(scene.session)
    counted = [
        (year.name, review_statistics.reviewed_without_dates(scene.session, days))
        for year, days in years_to(period, since)
    ]
    return [f"{name} ({children})" for name, children in counted if children]
