"""The annual report of the reviewing service as a paper: the statutory headings with the year's figures in them."""

from handlers.figures.quality import Finding
from handlers.figures.reporting_years import ReportingYear
from handlers.figures.tables import Figures
from handlers.office import Scene
from handlers.paper import Chapter, Paper
from handlers.report.chapters import appendices, unwritten
from handlers.report.chapters.concerns import concerns
from handlers.report.chapters.participation import participation
from handlers.report.chapters.reviews import reviews
from handlers.report.chapters.service import service
from handlers.report.chapters.summary import summary
from handlers.report.reading import Reading, reading_of
from scheduling.deadline_wording import say_day
from scheduling.procedures import Procedures
from scheduling.procedures.terms import IRO_FIRST

INTERNAL = "Internal: all numbers, not for publication"
PUBLIC = "For publication: counts under five are left out"
NAMELESS = "Name of the authority: to be written by the service"
HANDBOOK = "handbook"

Quotes = tuple[tuple[str, str], ...]


def annual_paper(
    scene: Scene, figures: Figures, year: ReportingYear, *, public: bool, found: tuple[Finding, ...], quotes: Quotes
) -> Paper:
    """The whole report. `found` is what the data quality page names; `quotes` who was praised and how."""
    reading = reading_of(scene, figures, year, as_of=say_day(scene.today), public=public)
    return Paper(
        title=f"{IRO_FIRST} annual report {year.name}",
        subtitle=authority_name(scene.rules),
        marking=PUBLIC if public else INTERNAL,
        facts=_facts(reading),
        chapters=_chapters(reading, found, () if public else quotes),
    )


def authority_name(rules: Procedures) -> str:
    """The authority as its procedures name it; a blank to fill in where the default procedures are in use."""
    return NAMELESS if rules.key == HANDBOOK else rules.name


def _facts(reading: Reading) -> tuple[tuple[str, str], ...]:
    begins = reading.year.begins
    return (
        ("Year", f"1 April {begins} to 31 March {begins + 1}"),
        ("Figures as of", reading.as_of),
        ("Guidance", "IRO Handbook, chapter 7, for the corporate parenting panel"),
        ("Written by", "To be written by the service"),
    )


def _chapters(reading: Reading, found: tuple[Finding, ...], quotes: Quotes) -> tuple[Chapter, ...]:
    return (
        summary(reading),
        concerns(reading),
        service(reading),
        participation(reading),
        reviews(reading),
        unwritten.audits(),
        unwritten.resources(reading),
        unwritten.siblings(),
        unwritten.barriers(reading),
        unwritten.good_practice(reading, quotes),
        unwritten.next_year(reading),
        unwritten.childrens_version(),
        appendices.data_quality(reading, found),
        appendices.definitions(reading),
    )
