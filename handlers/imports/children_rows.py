"""What each row of a children file says of one child, by reference alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.day_windows import DayOf, could_be_born, is_month
from handlers.imports.outcome import Findings
from handlers.imports.rows import Columns, Row, read_rows, shown
from handlers.imports.staff_rows import email_of
from scheduling.procedures import Procedures

COLUMNS = Columns(
    required=("reference", "looked_after_from", "iro_email", "holder_email"),
    optional=("track", "track_from", "last_review_on", "left_care_on", "born"),
    about_children=True,
)
LOOKED_AFTER = "looked_after"
TRACKS = (LOOKED_AFTER, "short_breaks", "adoption_authorised", "adoption_placed")
_DAYS = {
    "looked_after_from": DayOf.CARE_BEGAN,
    "track_from": DayOf.TRACK_BEGAN,
    "last_review_on": DayOf.LAST_REVIEW,
    "left_care_on": DayOf.CARE_ENDED,
}


@dataclass(frozen=True, kw_only=True)
class ChildRow:
    """A child as the file has it; `values` are the columns it gives, by their name in the children table."""

    row: Row
    reference: str
    iro_email: str
    holder_email: str
    values: Mapping[str, date | str | None]


def read_children(rules: Procedures, text: str, today: date, findings: Findings) -> list[ChildRow]:
    """The children of a file; each wrong cell and each reference given twice is kept in `findings`."""
    rows = [_child_row(rules, row, today) for row in read_rows(text, COLUMNS, findings)]
    first: dict[str, int] = {}
    for one in rows:
        if one.reference and first.setdefault(one.reference, one.row.line) != one.row.line:
            one.row.wrong("reference", f"stands in line {first[one.reference]} already")
    return rows


def _child_row(rules: Procedures, row: Row, today: date) -> ChildRow:
    reference = row.needed("reference")
    if reference and (rules.child_reference.fullmatch(reference) is None or len(reference) > 40):
        row.wrong("reference", f"is not written as the procedures say ({rules.child_reference.pattern})")
    values = _values(row, today)
    in_care = values.get("left_care_on") is None
    if in_care and not row["looked_after_from"] and not row["last_review_on"]:
        row.wrong("looked_after_from", "is empty: it is needed, or else the date of the last review")
    return ChildRow(
        row=row,
        reference=reference,
        iro_email=email_of(row, "iro_email", needed=in_care),
        holder_email=email_of(row, "holder_email", needed=in_care),
        values=values,
    )


def _values(row: Row, today: date) -> dict[str, date | str | None]:
    values: dict[str, date | str | None] = {}
    ended = bool(row["left_care_on"])
    for column, means in _DAYS.items():
        if row.has(column):
            # of children who have left care long ago old days are right
            values[column] = row.day(column, DayOf.CARE_ENDED if ended else means, today)
    if row.has("track"):
        values["track"] = _track(row)
    if row.has("born"):
        values["born"] = _born(row, today)
    return values


def _track(row: Row) -> str:
    track = row["track"].lower().replace(" ", "_") or TRACKS[0]
    if track not in TRACKS:
        row.wrong("track", f"{shown(row['track'])} is no track: write one of {', '.join(TRACKS)}")
    return track


def _born(row: Row, today: date) -> str | None:
    text = row["born"]
    if not text:
        return None
    if not is_month(text):
        row.wrong("born", "is kept as year and month only: write 2014-05")
    elif not could_be_born(text, today):
        row.wrong("born", f"{text} is not when a child of today was born")
    return text
