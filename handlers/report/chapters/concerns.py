"""Resolving concerns: the procedure in the authority's words, what was raised, how it was answered, how it ended."""

from handlers.figures.columns import stage_name
from handlers.figures.tables import PrintedTable, Row
from handlers.paper import Chapter, Heading, Paragraph, Part, ToBeWritten
from handlers.report import concern_charts
from handlers.report.chapters.procedure import procedure
from handlers.report.reading import Reading
from handlers.report.sentences import amount, counted, listed, number, of, quoted, sentence, times, was, whole
from scheduling.procedures.terms import A_CONCERN, A_CONCERN_FIRST, CONCERN, CONCERNS
from storage.counted import BEFORE_THE_START

FEW = 3


def concerns(reading: Reading) -> Chapter:
    """Item 1 of the guidance: the procedures for resolving concerns, the issues raised, and the outcomes."""
    return Chapter(
        number="1",
        title=f"Resolving {CONCERNS}",
        parts=(
            *procedure(reading.rules),
            Heading(text=f"How many {CONCERNS} were raised"),
            *_said(_raised(reading)),
            *_drawn(reading, "concerns_by_highest_stage"),
            *reading.grids("concerns_by_highest_stage", "concerns_and_children"),
            Heading(text="Through the year"),
            *_said(_through_the_year(reading)),
            *_drawn(reading, "concerns_by_month"),
            *reading.grids("concerns_by_month"),
            Heading(text=f"What {CONCERNS} were about"),
            *_said(_reasons(reading)),
            *_drawn(reading, "reasons"),
            *reading.grids("reasons"),
            Heading(text="How managers replied"),
            *_said(_replies(reading)),
            *reading.grids("replies"),
            Heading(text=f"How {CONCERNS} ended"),
            *_said(_outcomes(reading)),
            *_drawn(reading, "outcomes"),
            *reading.grids("outcomes"),
            *_open_now(reading),
            Heading(text="Analysis"),
            ToBeWritten(
                items=(
                    f"What the {CONCERNS} of the year show about practice, and what managers did about it.",
                    f"Examples, without names, of what changed for children because of {A_CONCERN}.",
                    "Independent legal advice: how it can be had, and whether it was needed.",
                )
            ),
        ),
    )


def _said(text: str) -> list[Part]:
    return [Paragraph(text=text)] if text else []


def _drawn(reading: Reading, name: str) -> list[Part]:
    table = reading.table(name)
    if table is None:
        return []
    match name:
        case "concerns_by_month":
            chart = concern_charts.trend(table)
        case "concerns_by_highest_stage":
            chart = concern_charts.flow(table)
        case "reasons":
            chart = concern_charts.reasons(table, CONCERNS)
        case _:
            chart = concern_charts.outcomes(table, CONCERNS)
    return list(reading.figured(chart))


def _raised(reading: Reading) -> str:
    row: Row = next(iter(reading.rows("concerns_and_children")), {})
    raised, children, service = (whole(row.get(key)) for key in ("concerns", "children", "service_concerns"))
    if raised is None:
        return ""
    if not raised:
        return f"No {CONCERNS} were raised in {reading.year.name}."
    about = f" about {counted(children, 'child', 'children')}" if children else ""
    said = [f"In {reading.year.name}, {counted(raised, CONCERN, CONCERNS)} {was(raised)} raised{about}."]
    if service:
        about_service = sentence(counted(service, CONCERN, CONCERNS))
        said.append(f"{about_service} {was(service)} about the service and no one child.")
    said += _how_far(reading, raised)
    seniors = whole(row.get("reached_assistant_director"))
    table = reading.table("concerns_and_children")
    if seniors is not None and table is not None:
        title = table.column("reached_assistant_director").title.removeprefix("Reached ")
        said.append(
            f"The {title} {'was' if seniors else 'was never'} reached"
            + (f" by {of(seniors, raised)}." if seniors else ".")
        )
    return " ".join(said)


def _how_far(reading: Reading, raised: int) -> list[str]:
    stages = [row for row in reading.rows("concerns_by_highest_stage") if row["stage"] != "informal"]
    formal = [whole(row["concerns"]) for row in stages]
    said = []
    if formal and None not in formal:
        said.append(_formal(reading, sum(one or 0 for one in formal), raised))
    completed, still_open = (reading.total("concerns_by_highest_stage", key) for key in ("completed", "open"))
    if completed is not None and still_open is not None:
        said.append(
            f"By {reading.as_of}, {number(completed)} {was(completed)} completed and {number(still_open)} open."
        )
    agencies = reading.total("concerns_by_highest_stage", "agencies")
    if agencies:
        said.append(f"{sentence(number(agencies))} involved another agency.")
    return said


def _formal(reading: Reading, formal: int, raised: int) -> str:
    if not formal:
        return "None of them reached a formal stage."
    if formal == raised:
        return f"{'It' if raised == 1 else 'All of them'} reached a formal stage."
    share_of = of(formal, raised, CONCERN, CONCERNS)
    return f"{share_of}, reached a formal stage; the others stayed informal."


def _through_the_year(reading: Reading) -> str:
    table = reading.table("concerns_by_month")
    if table is None:
        return ""
    keys = [column.key for column in table.columns[1:] if column.key != "cafcass"]
    total = reading.row("concerns_by_month", "month", "total")
    found = {key: whole(total.get(key)) for key in keys}
    entries = {key: value for key, value in found.items() if value is not None}
    cafcass = whole(total.get("cafcass"))
    if not any(entries.values()) or len(entries) < len(keys) or cafcass is None:
        return ""
    named = [f"{number(entries[key])} at {_lower(stage_name(reading.rules, key))}" for key in keys if entries[key]]
    referred = (
        f"{sentence(counted(cafcass, 'referral'))} {was(cafcass)} made to Cafcass."
        if cafcass
        else ("No referral was made to Cafcass.")
    )
    moved_up = f"{A_CONCERN_FIRST} that moved up counts at each stage it came to."
    return f"Stages were entered {times(sum(entries.values()))}: {listed(named)}. {moved_up} {referred}"


def _lower(stage: str) -> str:
    return "the informal stage" if stage.casefold().startswith("informal") else stage


def _reasons(reading: Reading) -> str:
    table = reading.table("reasons")
    if table is None or table.held_back:  # the commonest of all may be among those held back
        return ""
    return " ".join(_most_often(reading, table, kind) for kind in ("formal", "informal")).strip()


def _most_often(reading: Reading, table: PrintedTable, kind: str) -> str:
    rows = [row for row in table.rows if row["kind"] == kind and whole(row["main"])]
    rows.sort(key=lambda row: -(whole(row["main"]) or 0))
    base = whole(rows[0]["base"]) if rows else None
    if not base:
        return ""
    top = [f"{quoted(str(row['reason']))} ({of(whole(row['main']) or 0, base)})" for row in rows[:FEW]]
    most = f"for {kind} {CONCERNS} given most often"
    return f"The main reasons {most} were {listed(top)}." if len(top) > 1 else f"The main reason {most} was {top[0]}."


def _replies(reading: Reading) -> str:
    table = reading.table("replies")
    if table is None or table.held_back:  # rows may have been left out, so nothing is added up
        return ""
    said = []
    for stage in dict.fromkeys(str(row["stage"]) for row in reading.rows("replies")):
        every = [row for row in reading.rows("replies") if row["stage"] == stage]
        rows = [row for row in every if row["role"] != BEFORE_THE_START] or every
        asked, replied = ([whole(row[key]) for row in rows] for key in ("asked", "replied"))
        if None in asked or None in replied:
            continue
        total, answered = sum(one or 0 for one in asked), sum(one or 0 for one in replied)
        name = sentence(_lower(stage_name(reading.rules, stage)))
        said.append(
            f"{name}: {counted(total, 'request')} for a reply, answered {of(answered, total)}{_in_time(rows)}"
            f"{_and_before(every, rows)}."
        )
    return " ".join(said)


def _and_before(every: list[Row], rows: list[Row]) -> str:
    """How many more there were whose reply fell due before the start."""
    more = sum(whole(row["asked"]) or 0 for row in every if row not in rows)
    return f"; {number(more)} more fell due {BEFORE_THE_START}" if more else ""


def _in_time(rows: list[Row]) -> str:
    timed = [row for row in rows if whole(row["in_time"]) is not None]
    if len(timed) < len(rows):
        return ""
    in_time = sum(whole(row["in_time"]) or 0 for row in timed)
    middle = [value for row in rows if (value := amount(row["median_days"])) is not None]
    days = f", the middle reply after {counted_days(middle[0])}" if len(middle) == 1 else ""
    return f", {number(in_time)} in time{days}"


def counted_days(value: float) -> str:
    """ "1 working day", "4.5 working days"."""
    return f"{number(value)} working {'day' if value == 1 else 'days'}"


def _outcomes(reading: Reading) -> str:
    rows = [row for row in reading.rows("outcomes") if whole(row["concerns"])]
    closed = reading.total("outcomes", "concerns")
    if closed is None:
        return ""
    if not closed:
        return f"No {CONCERNS} were closed in {reading.year.name}."
    ended = [f"{number(whole(row['concerns']) or 0)} {row['outcome']}" for row in rows]
    some = ", among them" if sum(whole(row["concerns"]) or 0 for row in rows) < closed else ":"
    how = f"{some} {listed(ended)}" if ended else ""
    said = [f"In {reading.year.name}, {counted(closed, CONCERN, CONCERNS)} {was(closed)} closed{how}."]
    if (changed := reading.total("outcomes", "change_recorded")) is not None:
        said.append(f"What changed for the child is recorded for {of(changed, closed)}.")
    if lasted := reading.total("outcomes", "lasted"):
        said.append(f"Three months on, the change had lasted in {number(lasted)}.")
    if told := reading.total("outcomes", "child_told"):
        said.append(f"The child has been told how it ended in {number(told)}.")
    if filed := reading.total("outcomes", "on_record"):
        said.append(f"The copy of {number(filed)} is noted as on the child's record.")
    return " ".join(said)


def _open_now(reading: Reading) -> list[Part]:
    grids = reading.grids("open_by_age")
    return [Heading(text=f"Open {CONCERNS} by age"), *grids] if grids else []
