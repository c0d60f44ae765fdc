"""The appendices: how good the data is, and what the words and codes mean."""

from handlers.figures.participation_codes import LABELS
from handlers.figures.public import NOTE
from handlers.figures.quality import Finding
from handlers.paper import Chapter, Grid, GridColumn, Heading, Paragraph, Part
from handlers.report.quality_page import quality_parts
from handlers.report.reading import Reading
from scheduling.procedures.terms import A_CONCERN, A_CONCERN_FIRST, AN_IRO, CONCERN_FIRST, CONCERNS, IRO, IRO_FIRST


def data_quality(reading: Reading, found: tuple[Finding, ...]) -> Chapter:
    """Every row that is incomplete or disagrees; for publication only what is held back."""
    intro = Paragraph(
        text="Every total and every share in this report is added up from the rows when the report is made; none is "
        "typed. What is incomplete or disagrees is named here, so that nobody has to find it."
    )
    if reading.public:
        told: list[Part] = [
            Paragraph(text=f"In this edition {NOTE}"),
            Paragraph(text="The list names single records, so it stands in the internal edition alone."),
        ]
    else:
        nothing = Paragraph(text="Nothing in the data of this year was found incomplete or in disagreement.")
        told = quality_parts(found) or [nothing]
    return Chapter(number="A", title="Data quality", parts=(intro, *told))


def definitions(reading: Reading) -> Chapter:
    """The words of this report, the codes of participation, and the roles as the authority calls them."""
    return Chapter(
        number="B",
        title="Definitions",
        parts=(
            _words(reading),
            Heading(text="Codes of participation"),
            Grid(
                name="codes",
                number=0,
                title="How a child took part in a review (Department for Education, SSDA903)",
                columns=(GridColumn(title="Code"), GridColumn(title="Meaning")),
                rows=tuple((code.value, label[:1].upper() + label[1:]) for code, label in LABELS.items()),
            ),
        ),
    )


def _words(reading: Reading) -> Grid:
    low, high = reading.rules.caseload_range
    pairs = (
        ("Year", f"1 April {reading.year.begins} to 31 March {reading.year.begins + 1}, by the calendar of London."),
        (IRO_FIRST, "Independent Reviewing Officer, appointed under section 25A of the Children Act 1989."),
        (CONCERN_FIRST, f"What {AN_IRO} raised under the process of chapter 1. Drafts are never counted."),
        ("Entry to a stage", f"{A_CONCERN_FIRST} coming to a stage. One that moves up enters each stage it comes to, "
         f"so entries are more than {CONCERNS}."),
        ("Highest stage", f"The furthest {A_CONCERN} has come by the day the report was made. Each counts once."),
        ("Formal", f"{A_CONCERN_FIRST} that reached stage 1 or above."),
        ("In time", "A review held by the day it was due, by the counting rule of the authority at that day."),
        ("Participation", "Reviews with a code other than PN0; PN4 and PN7 are no participation."),
        ("Working day", "Monday to Friday but for the bank holidays of England and Wales and the authority's own "
         "closure days."),
        ("Caseload range", f"{low} to {high} children for each full-time {IRO}."),
    )  # fmt: skip
    return Grid(
        name="words",
        number=0,
        title="Words used in this report",
        columns=(GridColumn(title="Word"), GridColumn(title="Meaning")),
        rows=pairs,
    )
