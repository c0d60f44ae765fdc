"""The development of the service: caseloads, continuity, and what only the service can say of itself."""

from handlers.paper import Chapter, Heading, Paragraph, Part, ToBeWritten
from handlers.report import review_charts
from handlers.report.reading import Reading
from handlers.report.sentences import amount, counted, number, sentence, was, whole
from scheduling.procedures.terms import IRO, IROS


def service(reading: Reading) -> Chapter:
    """Item 2 of the guidance: caseloads, continuity of employment, and how the team is made up."""
    return Chapter(
        number="2",
        title=f"The {IRO} service",
        parts=(
            Heading(text="Caseloads"),
            *_caseload(reading),
            Heading(text="Continuity"),
            *_continuity(reading),
            ToBeWritten(
                items=(
                    f"How long {IROS} have been in post, who joined and who left in the year, and agency staff.",
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
    if table is None or not table.rows:
        what = f"How many children each full-time {IRO} has, against the range of the procedures."
        return [ToBeWritten(items=(what,))]
    title = f"Children for each full-time {IRO}"
    chart = review_charts.caseload(table, reading.rules.caseload_range, title)
    said = [Paragraph(text=text)] if (text := _load(reading)) else []
    return [*said, *reading.figured(chart), *reading.grids("caseload")]


def _load(reading: Reading) -> str:
    """How many children each has; of the published table only what it still says."""
    row = reading.caseload()
    load, children = amount(row.get("children_per_fte")), whole(row.get("children"))
    if load is None:
        return ""
    low, high = reading.rules.caseload_range
    average = f"{number(load)} for each full-time equivalent, where the range is {low} to {high}"
    if children is None:
        return f"Children for each full-time {IRO}: {average}."
    rows = [one for one in reading.rows("caseload") if one.get("children") != 0]
    known = [value for one in rows if (value := amount(one.get("children_per_fte"))) is not None]
    above, below = (sum(one > high for one in known), sum(one < low for one in known))
    officers = sentence(counted(len(rows), IRO, IROS))
    return (
        f"{officers} held the cases of {counted(children, 'child', 'children')}: {average}. "
        f"{sentence(number(above) if above else 'none')} of them had more than the range, "
        f"{number(below) if below else 'none'} had less.{_unmeasured(len(rows) - len(known))}"
    )


def _unmeasured(officers: int) -> str:
    if not officers:
        return ""
    are = "is" if officers == 1 else "are"
    return f" Left out of both {are} {counted(officers, IRO, IROS)} with no working time recorded."


def _continuity(reading: Reading) -> list[Part]:
    changed = whole(reading.caseload().get("changes_of_iro"))
    if changed is None:
        return []
    text = f"In {reading.year.name}, there {was(changed)} {counted(changed, f'change of {IRO}', f'changes of {IRO}')}"
    several = "; a child who had several counts each time" if changed > 1 else ""
    return [Paragraph(text=f"{text}{several}.")]
