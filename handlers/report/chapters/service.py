"""The development of the service: caseloads, continuity, and what only the service can say of itself."""

from handlers.figures.tables import Row
from handlers.paper import Chapter, Heading, Paragraph, Part, ToBeWritten
from handlers.report import review_charts
from handlers.report.reading import Reading
from handlers.report.sentences import amount, counted, number, sentence, was, whole


def service(reading: Reading) -> Chapter:
    """Item 2 of the guidance: caseloads, continuity of employment, and how the team is made up."""
    iro = reading.label("iro")
    return Chapter(
        number="2",
        title=f"The {iro} service",
        parts=(
            Heading(text="Caseloads"),
            *_caseload(reading),
            Heading(text="Continuity"),
            *_continuity(reading),
            ToBeWritten(
                items=(
                    f"How long {iro}s have been in post, who joined and who left in the year, and agency staff.",
                    "Sickness and vacancies, and how they were covered.",
                )
            ),
            Heading(text="The team"),
            ToBeWritten(
                items=(
                    "How the team is made up: posts, experience, gender, ethnicity, languages.",
                    "How that reflects the identity of the children it serves.",
                    "Supervision, training and access to independent legal advice.",
                )
            ),
        ),
    )


def _caseload(reading: Reading) -> list[Part]:
    table = reading.table("caseload")
    rows = reading.rows("caseload")
    if table is None or not rows:
        what = f"How many children each full-time {reading.label('iro')} has, against the range of the procedures."
        return [ToBeWritten(items=(what,))]
    chart = review_charts.caseload(
        table, reading.rules.caseload_range, f"Children for each full-time {reading.label('iro')}"
    )
    return [*_said(reading, rows), *reading.figured(chart), *reading.grids("caseload")]


def _said(reading: Reading, rows: list[Row]) -> list[Part]:
    total = reading.row("caseload", "iro", "total")
    children, load = whole(total.get("children")), amount(total.get("children_per_fte"))
    if children is None or load is None:
        return []
    low, high = reading.rules.caseload_range
    iro = reading.label("iro")
    loads = [amount(row["children_per_fte"]) for row in rows]
    above = sum(1 for one in loads if one is not None and one > high)
    below = sum(1 for one in loads if one is not None and one < low)
    text = (
        f"{sentence(counted(len(rows), iro))} held the cases of {counted(children, 'child', 'children')}: "
        f"{number(load)} for each full-time equivalent, where the range is {low} to {high}. "
        f"{sentence(number(above) if above else 'none')} of them had more than the range, "
        f"{number(below) if below else 'none'} had less."
    )
    return [Paragraph(text=text)]


def _continuity(reading: Reading) -> list[Part]:
    changed = reading.total("caseload", "changes_of_iro")
    if changed is None:
        return []
    text = f"In {reading.year.name}, {counted(changed, 'child', 'children')} {was(changed)} given another "
    return [Paragraph(text=sentence(f"{text}{reading.label('iro')}."))]
