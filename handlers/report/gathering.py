"""Everything the report's files are made from, gathered in one transaction; drawing them needs no database."""

from dataclasses import dataclass
from datetime import datetime

from handlers.figures.counting_rules import rules_as_notes
from handlers.figures.making import figures
from handlers.figures.period import Period
from handlers.figures.public import public_figures
from handlers.figures.reporting_years import ReportingYear
from handlers.figures.tables import Figures
from handlers.office import Scene
from handlers.paper import Paper
from handlers.report.annual import annual_paper
from handlers.report.quotes import quotes_of
from scheduling.procedures import Procedures


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """A report before it is drawn: the paper, the figures it quotes, and under which name its files go."""

    paper: Paper
    figures: Figures
    rules: Procedures
    year: ReportingYear
    public: bool
    made_at: datetime

    @property
    def name(self) -> str:
        """How the files' names begin: "iro-annual-report-2025-26", "...-public"."""
        return f"iro-annual-report-{self.year.name}{'-public' if self.public else ''}"


def gathered(scene: Scene, year: ReportingYear, period: Period, *, public: bool, quoting: bool = True) -> Gathered:
    """The report of a year over the rows of `period` (all of the year's, or those of one part of the service).

    `quoting` False leaves out what people wrote, as `public` does.
    """
    made = public_figures(scene, period) if public else figures(scene, period)
    notes = () if public else _oddities(made)
    quotes = quotes_of(scene, period) if quoting and not public else ()
    paper = annual_paper(scene, made, year, public=public, data_notes=notes, quotes=quotes)
    return Gathered(paper=paper, figures=made, rules=scene.rules, year=year, public=public, made_at=scene.now)


def _oddities(made: Figures) -> tuple[str, ...]:
    """What in the data is odd; the rules stand under their tables."""
    rules = rules_as_notes()
    return tuple(note for note in made.notes[1:] if note not in rules and not note.startswith("reached_"))
