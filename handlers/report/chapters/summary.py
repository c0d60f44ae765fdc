"""The year at a glance: the few figures a committee should take away."""

from handlers.figures.public_rows import HELD_BACK
from handlers.figures.tables import Row
from handlers.paper import Chapter, Highlight, Highlights, Paragraph, Part
from handlers.report.reading import Reading
from handlers.report.sentences import amount, counted, number, per_cent, quoted, whole
from scheduling.procedures.terms import CHILD, CHILDREN, CONCERN, CONCERNS, IRO

UNKNOWN = f"Nothing of this year is recorded yet: import the year's reviews and {CONCERNS}, and make the report again."

TOO_FEW = "The numbers of this year are too small to be published."


def summary(reading: Reading) -> Chapter:
    """Highlights, each with what it is counted out of; one whose numbers are not known is left out."""
    items = [*_reviews(reading), *_concerns(reading), *_children(reading)]
    nothing = TOO_FEW if reading.public else UNKNOWN
    beginning = reading.figures.beginning
    parts: list[Part] = [Paragraph(text=beginning)] if beginning else []
    parts.append(Highlights(items=tuple(items)) if items else Paragraph(text=nothing))
    if reading.public:
        parts.append(
            Paragraph(
                text="This edition is for publication. Counts under five, and whatever would let them be worked out, "
                f"are held back and shown as {quoted(HELD_BACK)}; nobody is named, and nothing that was written is "
                "quoted."
            )
        )
    return Chapter(number="", title="The year at a glance", parts=tuple(parts))


def _reviews(reading: Reading) -> list[Highlight]:
    row = reading.row("reviews_by_year", "year", reading.year.name)
    reviews, in_time, shared = (row.get(key) for key in ("reviews", "in_time", "in_time_share"))
    items = []
    if (held := whole(reviews)) and (value := amount(shared)) is not None:
        base = f"{_count(whole(in_time))} of {counted(held, 'review')}{_before(reading, 'in_time_share')}"
        items.append(Highlight(figure=per_cent(value), words="of reviews were held in time", base=base))
    if (value := amount(row.get("participated_share"))) is not None:
        table = reading.table("reviews_by_year")
        place = len(table.rows) - 1 if table else 0
        of = table.bases.get((place, "participated_share")) if table else None
        base = f"{_count(whole(row.get('participated')))} of {number(of)} with children of four and over" if of else ""
        words = f"of reviews had the {CHILD} take part"
        items.append(Highlight(figure=per_cent(value), words=words, base=base + _before(reading, "participated_share")))
    return items


def _count(value: int | None) -> str:
    return number(value) if value is not None else "a number held back"


def _before(reading: Reading, key: str) -> str:
    """The share of the year before, to compare with."""
    earlier = [row for row in reading.rows("reviews_by_year") if str(row["year"]) < reading.year.name]
    value = amount(earlier[-1][key]) if earlier else None
    return f"; {per_cent(value)} in {earlier[-1]['year']}" if value is not None else ""


def _concerns(reading: Reading) -> list[Highlight]:
    row: Row = next(iter(reading.rows("concerns_and_children")), {})
    raised, children = whole(row.get("concerns")), whole(row.get("children"))
    if not raised:
        return []
    about = f"about {counted(children, 'child', 'children')}" if children else ""
    items = [Highlight(figure=number(raised), words=f"{CONCERN if raised == 1 else CONCERNS} raised", base=about)]
    still_open = reading.total("concerns_by_highest_stage", "open")
    completed = reading.total("concerns_by_highest_stage", "completed")
    if completed is not None and still_open is not None:
        base = f"of those raised in the year, as of {reading.as_of}; {number(still_open)} still open"
        items.append(
            Highlight(figure=number(completed), words=f"{CONCERN if completed == 1 else CONCERNS} completed", base=base)
        )
    return items


def _children(reading: Reading) -> list[Highlight]:
    items = []
    row = reading.row("reviews_by_year", "year", reading.year.name)
    if looked_after := whole(row.get("children_on_31_march")):
        label = CHILD if looked_after == 1 else CHILDREN
        items.append(Highlight(figure=number(looked_after), words=label, base=f"on 31 March {reading.year.end.year}"))
    if load := amount(reading.caseload().get("children_per_fte")):
        low, high = reading.rules.caseload_range
        words = f"children for each full-time {IRO}"
        items.append(Highlight(figure=number(load), words=words, base=f"the range is {low} to {high}"))
    return items
