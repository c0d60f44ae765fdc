"""The figures of one report, looked up by table, row and column, with its tables and charts numbered as they come."""

from collections.abc import Mapping
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

    def label(self, key: str) -> str:
        """How the authority calls it."""
        return self.rules.labels.get(key, key)

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
        return next((row for row in table.rows if row[key] == value), {}) if table else {}

    def total(self, name: str, key: str) -> int | None:
        """The counts of a column added up; None where one of them is not known."""
        counts = [whole(row[key]) for row in self.rows(name)]
        return sum(one for one in counts if one is not None) if counts and None not in counts else None

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


Printed = Mapping[str, PrintedTable]
