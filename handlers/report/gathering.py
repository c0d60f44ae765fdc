"""Everything the report's files are made from, gathered in one transaction; drawing them needs no database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.figures.counting_rules import rules_as_notes
from handlers.figures.making import figures
from handlers.figures.named_year import refuse_too_early
from handlers.figures.period import Period
from handlers.figures.public import public_figures
from handlers.figures.quality import Finding, data_quality
from handlers.figures.reporting_years import ReportingYear
from handlers.figures.tables import Figures, PrintedTable
from handlers.office import Scene
from handlers.paper import Paper
from handlers.report.annual import annual_paper
from handlers.report.quality_page import NAME, quality_table, unnamed
from handlers.report.quotes import quotes_of
from handlers.reviews.oddities import ODDITIES
from handlers.terms import in_words
from scheduling.procedures import Procedures


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """A report before it is drawn: the paper, its tables, and under which name its files go."""

    paper: Paper
    tables: Mapping[str, PrintedTable]
    rules: Procedures
    year: ReportingYear
    public: bool
    made_at: datetime

    @property
    def name(self) -> str:
        """How the files' names begin: "iro-annual-report-2025-26", "...-public"."""
        return f"iro-annual-report-{self.year.name}{'-public' if self.public else ''}"


def gathered(
    scene: Scene, year: ReportingYear, period: Period, *, public: bool, quoting: bool = True, naming: bool = True
) -> Gathered:
    """The report of a year over the rows of `period` (all of the year's, or those of one part of the service).

    `quoting` False leaves out what people wrote, as `public` does; `naming` False says only how many rows are
    incomplete, not which. Refused for publication while the year runs.
    """
    if public:
        refuse_too_early(year, scene.today)
    made = public_figures(scene, period) if public else figures(scene, period)
    found = () if public else (*data_quality(scene, period, made), *_other_notes(made))
    found = found if naming else tuple(map(unnamed, found))
    quotes = quotes_of(scene, period) if quoting and not public else ()
    paper = annual_paper(scene, made, year, public=public, found=found, quotes=quotes)
    tables = made.printed if public else {**made.printed, NAME: quality_table(found)}
    all_made = Gathered(paper=paper, tables=tables, rules=scene.rules, year=year, public=public, made_at=scene.now)
    return in_words(all_made, scene.rules)


NAMED_IN_FULL = ("Raised in the period", "Closed in the period", "Reviews due in the period", "reached_", *ODDITIES)
"""How notes begin that stand under their table, or that the data quality page tells in full."""


def _other_notes(made: Figures) -> Iterator[Finding]:
    """What else is odd: the notes that are neither counting rules, nor under their table, nor told in full already."""
    told = {*rules_as_notes(), made.beginning, *(note for one in made.printed.values() for note in one.notes)}
    for note in made.notes[1:]:
        if note not in told and not note.startswith(NAMED_IN_FULL):
            yield Finding(what=note)
