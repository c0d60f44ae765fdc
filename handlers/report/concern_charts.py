"""The charts about concerns: entries by month, stages as a flow, reasons, and how concerns ended."""

from datetime import date

from handlers.figures.columns import stage_number
from handlers.figures.shares import share
from handlers.figures.tables import PrintedTable, Row
from handlers.report.pictures import Bar, BarGroup, Bars, Chart, Flow, Panel, Step, Tone, Trend, anything_to_see
from handlers.report.sentences import counted, listed, number, per_cent, sentence, whole
from scheduling.procedures.terms import CONCERN, CONCERNS

MOST_BARS = 8
HIDDEN = "held back"
SEE = "Every number is in the table that follows."


def trend(table: PrintedTable) -> Chart | None:
    """Entries to each stage by month; a stage that nobody came to is left out."""
    months = [row for place, row in enumerate(table.rows) if place not in table.totals]
    panels = []
    for column in table.columns[1:]:
        values = tuple(whole(row[column.key]) for row in months)
        if anything_to_see(values):
            panels.append(Panel(title=column.title, values=values, said=tuple(_said(value) for value in values)))
    if not panels:
        return None
    along = tuple(f"{_month(row):%b}" for row in months)
    peaks = [f"{panel.title}: {_peak(panel, months)}" for panel in panels]
    return Chart(
        title="Entries to each stage by month",
        alt=f"Columns for each month from {_month(months[0]):%B %Y} to {_month(months[-1]):%B %Y}. "
        f"{'; '.join(peaks)}. {SEE}",
        drawing=Trend(along=along, panels=tuple(panels)),
        table=table.name,
    )


def _said(value: int | None) -> str:
    return "*" if value is None else number(value)


def _month(row: Row) -> date:
    return date.fromisoformat(f"{row['month']}-01")


def _peak(panel: Panel, months: list[Row]) -> str:
    known = [value or 0 for value in panel.values]
    place = known.index(max(known))
    total = "" if None in panel.values else f"{number(sum(known))} in all, "
    return f"{total}most in {_month(months[place]):%B} ({number(known[place])})"


def flow(table: PrintedTable) -> Chart | None:
    """How far concerns went; not drawn where a number is held back, since widths would give it away."""
    rows = [row for place, row in enumerate(table.rows) if place not in table.totals]
    stayed = [whole(row["concerns"]) for row in rows]
    if not anything_to_see(stayed) or any(whole(row[key]) is None for row in rows for key in ("concerns", "open")):
        return None
    steps = []
    for place, row in enumerate(rows):
        here = whole(row["concerns"]) or 0
        steps.append(
            Step(
                title="Raised" if place == 0 else stage_number(str(row["stage"])),
                reached=sum(one or 0 for one in stayed[place:]),
                stayed=here,
                stands=_stands(row),
            )
        )
    told = [f"{number(step.reached)} came to {step.title.lower()} or beyond" for step in steps[1:]]
    raised = f"{counted(steps[0].reached, CONCERN, CONCERNS)} raised"
    all_told = f"{raised}, of which {listed(told)}" if told else raised
    return Chart(
        title=f"How far the {CONCERNS} raised in the year went",
        alt=f"A band that narrows from stage to stage: {all_told}. {SEE}",
        drawing=Flow(steps=tuple(steps)),
        table=table.name,
    )


def _stands(row: Row) -> str:
    parts = [f"{number(count)} {word}" for word in ("completed", "open") if (count := whole(row[word]))]
    return ", ".join(parts)


def reasons(table: PrintedTable, many: str) -> Chart | None:
    """The reasons given most often, formal concerns first; the rarest are left to the table."""
    key = reason_key(table)
    groups = []
    for kind in ("formal", "informal"):
        rows = [row for row in table.rows if row["kind"] == kind and whole(row[key])]
        rows.sort(key=lambda row: -(whole(row[key]) or 0))
        if rows:
            bars = tuple(_reason_bar(row, key) for row in rows[:MOST_BARS])
            groups.append(BarGroup(title=f"{sentence(kind)} {many}", bars=bars))
    if not groups:
        return None
    told = [f"{group.title}: most often {group.bars[0].label}, {group.bars[0].said}" for group in groups]
    return Chart(
        title="The reasons named, as far as they are shown" if table.held_back else "The main reasons given most often",
        alt=f"Bars for each reason, the longest first. {'; '.join(told)}. {SEE}",
        drawing=Bars(groups=tuple(groups)),
        table=table.name,
    )


def reason_key(table: PrintedTable) -> str:
    """The column to tell reasons by: the main ones, or any mention where an edition leaves those out."""
    return "main" if any(column.key == "main" for column in table.columns) else "any"


def _reason_bar(row: Row, key: str) -> Bar:
    times, base = whole(row[key]) or 0, whole(row["base"])
    shared = share(times, base) if base else None
    said = f"{number(times)} ({per_cent(shared)})" if shared is not None else number(times)
    return Bar(label=str(row["reason"]), value=times, said=said)


def outcomes(table: PrintedTable, many: str) -> Chart | None:
    """How concerns ended."""
    return count_bars(table, "outcome", "concerns", f"How the {many} closed in the year ended", "outcome")


def count_bars(table: PrintedTable, label: str, key: str, title: str, each: str) -> Chart | None:
    """A bar for each row of a table of counts, the longest first; rows of nothing are left out."""
    rows = [row for place, row in enumerate(table.rows) if place not in table.totals and row[key] != 0]
    rows.sort(key=lambda row: -(whole(row[key]) or 0))
    bars = [_count_bar(row, label, key) for row in rows[:MOST_BARS]]
    if not anything_to_see([bar.value for bar in bars]):
        return None
    told = [f"{bar.label} {bar.said}" for bar in bars]
    return Chart(
        title=title,
        alt=f"Bars for each {each}, the longest first: {'; '.join(told)}. {SEE}",
        drawing=Bars(groups=(BarGroup(title="", bars=tuple(bars)),)),
        table=table.name,
    )


def _count_bar(row: Row, label: str, key: str) -> Bar:
    value = whole(row[key])
    said = HIDDEN if value is None else number(value)
    return Bar(
        label=sentence(str(row[label])), value=value, said=said, tone=Tone.MAIN if value is not None else Tone.QUIET
    )
