"""A row of a children file held against what is stored of the child: nothing left out contradicts what it says.

A start later than the end that is stored begins a new stay in care: the end is cleared, the track begins anew unless
the file gives one, and the first review counts from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from handlers.day_windows import CHILDHOOD, DayOf, born_after, doubt
from handlers.imports.children_rows import LOOKED_AFTER, TRACKS, ChildRow
from handlers.imports.rows import Row
from scheduling.deadline_wording import say_day
from storage.children import Child

Values = Mapping[str, date | str | None]
ADOPTION = TRACKS[2:]
_KEPT = ("looked_after_from", "track", "track_from", "last_review_on", "left_care_on", "born")


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A row as it is to be written: `left_before` is the end of an earlier stay, where a new one begins."""

    one: ChildRow
    left_before: date | None = None

    @property
    def in_words(self) -> str:
        """What is said of a new stay in the result; nothing of any other row."""
        began = self.one.values.get("looked_after_from")
        if self.left_before is None or not isinstance(began, date):
            return ""
        return (
            f"{self.one.reference} is looked after again since {say_day(began)}, having left care on "
            f"{say_day(self.left_before)}: the first review counts from it."
        )


def judged(one: ChildRow, child: Child | None, held: date | None, today: date) -> Judged:
    """The row with all that follows from it; what cannot be true together is kept as its problem.

    `held` is the day of the last review of the child that was held here.
    """
    stored: Values = child.model_dump(include=set(_KEPT)) if child is not None else {}
    values = dict(one.values)
    if values.get("looked_after_from") is None and stored.get("looked_after_from") is not None:
        del values["looked_after_from"]  # an empty cell takes no known day away
    left_before = _left_before(values, stored)
    if left_before is not None:
        values = {"left_care_on": None, "track": LOOKED_AFTER, "track_from": None, "last_review_on": None, **values}
    elif values.get("track", stored.get("track")) != stored.get("track"):
        values = {"track_from": None, **values}
    _check(one.row, values, stored, today)
    if left_before is None and child is not None and held is not None:
        _check_held(one.row, values, stored, held)
    return Judged(one=replace(one, values=values), left_before=left_before)


def _left_before(values: Values, stored: Values) -> date | None:
    """The end that is stored, where the file has the child looked after from a later day."""
    left, began = stored.get("left_care_on"), values.get("looked_after_from")
    return left if isinstance(left, date) and isinstance(began, date) and began > left else None


def _check(row: Row, values: Values, stored: Values, today: date) -> None:
    """No day that the row gives or leaves as it is may contradict another."""
    after = {**stored, **values}
    began = after.get("looked_after_from")
    if isinstance(began, date):
        _check_year(row, began, after, today)
        for column in ("last_review_on", "left_care_on", *(("track_from",) if after.get("track") in ADOPTION else ())):
            day = after.get(column)
            if isinstance(day, date) and day < began:
                _contradicts(row, values, column, day, began)
        born = after.get("born")
        if isinstance(born, str) and born_after(born, began):
            at = "born" if values.get("born") else "looked_after_from"
            row.wrong(at, f"{born} lies after {began}, when the child became looked after")
    left = after.get("left_care_on") if "left_care_on" not in values else None
    for column in ("last_review_on", "track_from"):
        day = values.get(column)
        if isinstance(left, date) and isinstance(day, date) and day > left:
            row.wrong(column, f"{day} lies after {left}, when the child left care: give looked_after_from anew")
    track = after.get("track") or LOOKED_AFTER
    if track in TRACKS[1:] and after.get("track_from") is None and not row["track_from"]:
        row.wrong("track_from", f"is empty: the reviews of {track} are counted from it")


def _contradicts(row: Row, values: Values, column: str, day: date, began: date) -> None:
    """Named at the column that the file gives, and as stored where it gives but one of the two."""
    if values.get(column) is None:
        row.wrong("looked_after_from", f"{began} lies after {day}, the {column} that is stored: give both, or neither")
        return
    stored = "" if values.get("looked_after_from") is not None else ", as it is stored"
    row.wrong(column, f"{day} lies before {began}, when the child became looked after{stored}")


def _check_year(row: Row, began: date, after: Values, today: date) -> None:
    """Nobody is looked after beyond eighteen; who has left care may have been, long ago."""
    if row["looked_after_from"] and after.get("left_care_on") is None and doubt(DayOf.CARE_BEGAN, began, today):
        row.wrong(
            "looked_after_from",
            f"{began} is more than {CHILDHOOD} years ago: check the year, or give left_care_on. "
            "If it is right, add the child with /iro child",
        )


def _check_held(row: Row, values: Values, stored: Values, held: date) -> None:
    """No child left care before a review of theirs was held, nor came into it between two of the same stay."""
    left, began, before = values.get("left_care_on"), values.get("looked_after_from"), stored.get("looked_after_from")
    if isinstance(left, date) and left < held:
        row.wrong("left_care_on", f"{left} lies before {held}, when the last review was held")
    if isinstance(began, date) and isinstance(before, date) and before <= held < began:
        mend = "where the child had left care meanwhile, import the day with the former start first"
        row.wrong("looked_after_from", f"{began} lies after {held}, when the last review was held: {mend}")
