"""Participation: how children took part in their reviews, and which parents and carers did."""

from handlers.figures.tables import Row
from handlers.paper import Chapter, Heading, Paragraph, Part, ToBeWritten
from handlers.report import review_charts
from handlers.report.reading import Reading
from handlers.report.sentences import counted, listed, number, of, whole
from scheduling.procedures.terms import CHILD, CHILDREN, CHILDREN_FIRST

HEARD = ("PN1", "PN2", "PN3", "PN5", "PN6")


def participation(reading: Reading) -> Chapter:
    """Item 3 of the guidance: the extent of participation of children and their parents."""
    table = reading.table("participation")
    chart = review_charts.participation(table) if table is not None else None
    return Chapter(
        number="3",
        title="Participation of children and their parents",
        parts=(
            Heading(text=f"How {CHILDREN} took part"),
            *_children(reading),
            *reading.figured(chart),
            *reading.grids("participation"),
            Heading(text="Parents and carers"),
            *_parents(reading),
            *reading.grids("parents_and_carers"),
            Heading(text="What is behind the numbers"),
            ToBeWritten(
                items=(
                    f"What is done so that every {CHILD} can take part in their own way, and chair if they wish.",
                    "Advocates and independent visitors: who is offered one, and who takes it up.",
                    "Parents who do not take part: why, and what is tried.",
                )
            ),
        ),
    )


def _children(reading: Reading) -> list[Part]:
    heard = [whole(reading.row("participation", "code", code).get("total")) for code in HEARD]
    base, young, neither = (
        whole(reading.row("participation", "code", code).get("total")) for code in ("base", "PN0", "PN7")
    )
    if not base:
        return []
    said = []
    if None not in heard:
        took_part = sum(one or 0 for one in heard)
        said.append(f"{CHILDREN_FIRST} took part in {of(took_part, base, 'review')}{_young(young)}.")
    spoke = whole(reading.row("participation", "code", "PN1").get("total"))
    if spoke is not None:
        said.append(f"In {of(spoke, base, 'review')}, the child attended and spoke for themselves.")
    if neither is not None:
        said.append(f"In {of(neither, base, 'review')}, the child neither attended nor conveyed their views.")
    return [Paragraph(text=" ".join(said))] if said else []


def _young(young: int | None) -> str:
    """That the youngest are in no base."""
    if not young:
        return ""
    return f"; {counted(young, 'review')} of children under four {'is' if young == 1 else 'are'} left out"


def _parents(reading: Reading) -> list[Part]:
    table = reading.table("parents_and_carers")
    base = whole(reading.row("parents_and_carers", "code", "base").get("total"))
    if base == 0:
        return [Paragraph(text="Who else took part is known only of reviews recorded here, and there are none.")]
    if table is None or table.held_back or base is None:  # the commonest may be among those held back
        return []
    rows = [row for row in reading.rows("parents_and_carers") if whole(row["total"])]
    rows.sort(key=lambda row: -(whole(row["total"]) or 0))
    if not rows:
        return []
    named = [_took_part(row, base) for row in rows[:4]]
    text = f"Of {counted(base, 'review')} recorded here, those who took part most often were {listed(named)}."
    return [Paragraph(text=text)]


def _took_part(row: Row, base: int) -> str:
    total = whole(row["total"]) or 0
    return f"{str(row['label']).lower()} ({of(total, base) if base != total else number(total)})"
