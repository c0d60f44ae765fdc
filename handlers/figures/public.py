"""The figures as they may be published: counts under five held back, so that no subtraction gives them away.

What is held back depends on one reporting year's own tables, so a year keeps its gaps in every later report.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from handlers.figures.beginning import beginning_said
from handlers.figures.concern_tables import first_senior_stage
from handlers.figures.counting_rules import rules_as_notes
from handlers.figures.making import printed_tables
from handlers.figures.period import Period
from handlers.figures.public_concerns import concern_trees
from handlers.figures.public_reviews import YEARS, review_trees
from handlers.figures.public_rows import HELD_BACK, caseload_of_all, publish_table
from handlers.figures.reporting_years import ReportingYear, year_of
from handlers.figures.review_tables import REVIEW_TABLES
from handlers.figures.suppression import FEWEST, Spot, shown_spots
from handlers.figures.tables import Figures, PrintedTable
from handlers.office import Scene
from handlers.refusals import Refused
from scheduling.procedures import Procedures

Tables = Mapping[str, PrintedTable]
NOT_PUBLISHED = ("open_by_age",)
"""What is open today changes from day to day, and two days' tables could be subtracted."""
NOTE = (
    f'"{HELD_BACK}" stands for a count under {FEWEST}, zero included, or for one that would let a count under '
    f"{FEWEST} be worked out; rows that would show nothing else are left out. Shares and middles of such counts are "
    "held back with them. Rows and columns shown need not add up to their totals."
)


def public_figures(scene: Scene, period: Period) -> Figures:
    """The tables of one reporting year as they may be published; Refused for any other period.

    Periods that overlap could be subtracted from each other, and so could the figures of one team or one officer.
    """
    if not _is_reporting_year(period) or not period.whose.is_everybody:
        raise Refused(
            "Public figures are made for a whole reporting year (April to March) of the whole service: parts of it "
            "could be subtracted from each other. Give 2025-26, or 1 April to 31 March."
        )
    tables = printed_tables(scene, period)
    earlier = {place: _row_of_year(scene, str(row["year"])) for place, row in enumerate(tables[YEARS].rows[:-1])}
    beginning = beginning_said(scene, period)
    days = f"{period}, both days included, by the London calendar."
    return Figures(
        tables={},
        notes=(days, *filter(None, (beginning,)), NOTE, *rules_as_notes()),
        printed=published(tables, scene.rules, earlier),
        beginning=beginning,
    )


def _is_reporting_year(period: Period) -> bool:
    year = year_of(period.first)
    return (period.first, period.last) == (year.days.first, year.end)


def _row_of_year(scene: Scene, name: str) -> set[Spot]:
    """What may be shown of an earlier year: the same as in that year's own report."""
    year = ReportingYear(begins=int(name[:4]))
    own = printed_tables(scene, Period(first=date(year.begins, 4, 1), last=year.end), only=(YEARS, *REVIEW_TABLES))
    return shown_spots(review_trees(own))


def published(
    tables: Tables, rules: Procedures, earlier: Mapping[int, set[Spot]] | None = None
) -> dict[str, PrintedTable]:
    """The tables of one year with what has to be held back; `earlier` says what earlier rows of the years may show."""
    shown = shown_spots([*concern_trees(tables, first_senior_stage(rules)), *review_trees(tables)])
    for place, spots in (earlier or {}).items():
        shown |= _moved_to(place, spots)
    made = {
        name: publish_table(table, shown) for name, table in tables.items() if name not in (*NOT_PUBLISHED, "caseload")
    }
    made["caseload"] = caseload_of_all(tables["caseload"])
    return {name: replace(made[name], notes=(*made[name].notes, NOTE)) for name in tables if name in made}


def _moved_to(place: int, spots: set[Spot]) -> set[Spot]:
    """An earlier year's row as it stands in this year's table."""
    last = max((row for table, row, _ in spots if table == YEARS), default=0)
    return {(YEARS, place, column) for table, row, column in spots if table == YEARS and row == last}
