"""The charts about reviews and the service: timeliness, participation, the work around reviews, caseload."""

from handlers.figures.tables import PrintedTable, Row
from handlers.report.concern_charts import SEE
from handlers.report.pictures import Bar, BarGroup, Bars, Chart, Panel, Tone, Years, anything_to_see
from handlers.report.sentences import amount, listed, number, per_cent, sentence, whole

SHARES = {
    "in_time_share": "Reviews in time, per cent",
    "children_in_time_share": "Children with all in time, per cent",
    "participated_share": "Reviews with participation, per cent",
}
TOOK_PART = ("PN1", "PN2", "PN3", "PN5", "PN6")
TOOK_NO_PART = ("PN4", "PN7")
ABOVE, WITHIN, BELOW = "above the range", "within the range", "below the range"


def timeliness(table: PrintedTable) -> Chart | None:
    """Reviews in time, children with all reviews in time, and participation, up to five years side by side."""
    rows = [row for row in table.rows if whole(row.get("reviews")) != 0]
    known = {key: [amount(row.get(key)) for row in rows] for key in SHARES}
    shown = {key: values for key, values in known.items() if anything_to_see(values)}
    if not shown:
        return None
    years = [str(row["year"]) for row in rows]
    title = f"Timeliness and participation in {years[0]}" + (f" to {years[-1]}" if len(years) > 1 else "")
    told = [f"{SHARES[key]}: {_by_year(years, values)}" for key, values in shown.items()]
    alt = f"{'; '.join(told)}. {SEE}"
    if len(rows) == 1:
        bars = tuple(_share_bar(table, rows[0], key) for key in shown)
        return Chart(title=title, alt=alt, drawing=Bars(groups=(BarGroup(title="", bars=bars),)), table=table.name)
    panels = tuple(
        Panel(title=SHARES[key].removesuffix(", per cent") + ", %", values=tuple(values), said=_said(values))
        for key, values in shown.items()
    )
    return Chart(title=title, alt=alt, drawing=Years(along=tuple(years), panels=panels), table=table.name)


def _said(values: list[float | None]) -> tuple[str, ...]:
    return tuple("\N{EN DASH}" if value is None else f"{value:.1f}" for value in values)


def _by_year(years: list[str], values: list[float | None]) -> str:
    return listed([f"{year} {value:.1f}" for year, value in zip(years, values, strict=True) if value is not None])


def _share_bar(table: PrintedTable, row: Row, key: str) -> Bar:
    value, base = amount(row[key]) or 0.0, table.bases.get((table.rows.index(row), key))
    part = whole(row.get(table.column(key).part))
    said = f"{per_cent(value)}" + (f" ({number(part)} of {number(base)})" if part is not None and base else "")
    return Bar(label=SHARES[key].removesuffix(", per cent"), value=value, said=said)


def participation(table: PrintedTable) -> Chart | None:
    """How children took part over the year, those who took part apart from those who did not."""
    rows = {str(row["code"]): row for row in table.rows}
    base = whole(rows["base"].get("total")) if "base" in rows else None
    groups = (
        BarGroup(title="Took part", bars=_code_bars(rows, TOOK_PART, base, Tone.MAIN)),
        BarGroup(title="Did not take part", bars=_code_bars(rows, TOOK_NO_PART, base, Tone.SECOND)),
    )
    if not anything_to_see([bar.value for group in groups for bar in group.bars]):
        return None
    told = [f"{group.title}: {listed([f'{bar.label} {bar.said}' for bar in group.bars])}" for group in groups]
    return Chart(
        title="How children took part in their reviews, over the year",
        alt=f"Bars for each code. {'. '.join(told)}. {SEE}",
        drawing=Bars(groups=groups),
        table=table.name,
    )


def _code_bars(rows: dict[str, Row], codes: tuple[str, ...], base: int | None, tone: Tone) -> tuple[Bar, ...]:
    return tuple(_code_bar(rows[code], code, base, tone) for code in codes if code in rows)


def _code_bar(row: Row, code: str, base: int | None, tone: Tone) -> Bar:
    value, shared = whole(row["total"]), amount(row["share_total"])
    label = f"{code} {str(row['label']).removeprefix('child ')}"
    if value is None:
        return Bar(label=label, value=None, said="held back")
    said = f"{number(value)} ({per_cent(shared)})" if shared is not None and base else number(value)
    return Bar(label=label, value=value, said=said, tone=tone)


def around_reviews(table: PrintedTable) -> Chart | None:
    """The share done of each task around reviews; tasks never due are left out."""
    rows = [row for row in table.rows if whole(row["due"]) and amount(row["share"]) is not None]
    bars = [_done_bar(row) for row in rows]
    if not anything_to_see([bar.value for bar in bars]):
        return None
    return Chart(
        title="The work around reviews: what was done of what fell due",
        alt=f"A bar for each task: {listed([f'{bar.label}, {bar.said}' for bar in bars])}. {SEE}",
        drawing=Bars(groups=(BarGroup(title="", bars=tuple(bars)),)),
        table=table.name,
    )


def _done_bar(row: Row) -> Bar:
    done, due, shared = whole(row["done"]), whole(row["due"]), amount(row["share"]) or 0.0
    said = f"{per_cent(shared)} ({number(done)} of {number(due)})" if done is not None and due else per_cent(shared)
    return Bar(label=sentence(str(row["what"])), value=shared, said=said)


def caseload(table: PrintedTable, allowed: tuple[int, int], title: str) -> Chart | None:
    """Children for each full-time equivalent beside the range, in the order of the table."""
    bars = [
        _load_bar(row, value, allowed)
        for place, row in enumerate(table.rows)
        if place not in table.totals and (value := amount(row["children_per_fte"])) is not None
    ]
    if len(bars) < 2 or not anything_to_see([bar.value for bar in bars]):
        return None
    low, high = allowed
    told = listed([f"{bar.label} {bar.said}" for bar in bars])
    return Chart(
        title=title,
        alt=f"A bar for each person beside the range of {low} to {high}: {told}. {SEE}",
        drawing=Bars(
            groups=(BarGroup(title="", bars=tuple(bars)),),
            band=(float(low), float(high)),
            band_said=f"range {low} to {high}",
        ),
        table=table.name,
    )


def _load_bar(row: Row, value: float, allowed: tuple[int, int]) -> Bar:
    low, high = allowed
    stands, tone = (ABOVE, Tone.SECOND) if value > high else (BELOW, Tone.QUIET) if value < low else (WITHIN, Tone.MAIN)
    return Bar(label=str(row["iro"]), value=value, said=f"{number(value)}, {stands}", tone=tone)
