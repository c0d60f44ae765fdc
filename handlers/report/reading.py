"""The figures of one report, looked up by table, row and column, with its tables and charts numbered as they come."""

from dataclasses import dataclass, field
from itertools import count

from handlers.figures.reporting_years import ReportingYear
from handlers.figures.tables import Figures, PrintedTable, Row
from handlers.office import Scene
from handlers.paper import Figured, Grid
from handlers.report.cells import grid_of
from handlers.report.pictures import Chart
from handlers.report.sentences import whole
from scheduling.procedures import Procedures


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What chapters are written from. `public`: for publication, so that nobody is named and small counts are gone."""

    figures: Figures
    rules: Procedures
    year: ReportingYear
    as_of: str
    public: bool
    tables: "count[int]" = field(default_factory=lambda: count(1))
    charts: "count[int]" = field(default_factory=lambda: count(1))
    placed: dict[str, int] = field(default_factory=dict)

    def table(self, name: str) -> PrintedTable | None:
        """The table of that name; None where this report has none."""
        return self.figures.printed.get(name)

    def rows(self, name: str) -> list[Row]:
        """The rows of a table but for totals; none where there is no such table."""
        table = self.table(name)
        return [] if table is None else [row for place, row in enumerate(table.rows) if place not in table.totals]

    def row(self, name: str, key: str, value: str) -> Row:
        """The row whose column has that value; an empty one where there is none."""
        table = self.table(name)
        return next((row for row in table.rows if row.get(key) == value), {}) if table else {}

    def total(self, name: str, key: str) -> int | None:
        """The column's total as printed, or added up where no row of totals is; None where it is not known.

        Rows of a table that holds counts back are never added up: some may have been left out.
        """
        table = self.table(name)
        if table is None or not table.rows:
            return None
        printed = [row for place, row in enumerate(table.rows) if place in table.totals]
        if printed:
            return whole(printed[-1].get(key))
        counts = [whole(row.get(key)) for row in table.rows]
        return None if table.held_back or None in counts else sum(one or 0 for one in counts)

    def caseload(self) -> Row:
        """The caseload of the whole service: the total inside it, the one row that is published."""
        return self.row("caseload", "iro", "total") or self.row("caseload", "iro", "All")

    def grids(self, *names: str) -> list[Grid]:
        """The tables of these names as printed, each with the next number."""
        grids = []
        for name in names:
            if (table := self.table(name)) is not None:
                self.placed[name] = next(self.tables)
                grids.append(grid_of(table, self.rules, self.placed[name]))
        return grids

    def figured(self, chart: Chart | None) -> list[Figured]:
        """The chart with the next number; nothing where there is nothing to draw."""
        return [] if chart is None else [Figured(number=next(self.charts), chart=chart)]


def reading_of(scene: Scene, figures: Figures, year: ReportingYear, *, as_of: str, public: bool) -> Reading:
    """A reading of these figures under the authority's rules."""
    return Reading(figures=figures, rules=scene.rules, year=year, as_of=as_of, public=public)
