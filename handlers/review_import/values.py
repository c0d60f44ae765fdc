"""One past review as a value, read from its row; every fault is noted and none stops the reading."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from handlers.day_windows import DayOf
from handlers.figures.participation_codes import LABELS
from handlers.imports.outcome import Findings
from handlers.imports.rows import Columns, Row, read_rows
from handlers.reviews.wording import PARTICIPATION
from scheduling.duration import add_months
from scheduling.procedures import Procedures
from scheduling.procedures.review_values import review_values
from scheduling.timetable import in_time
from storage.reviews import Chaired, Order, Participation

COLUMNS = Columns(
    required=("child", "kind", "due_on", "held_on"),
    optional=("completed_on", "participation", "chaired_by_child", "late_reason"),
    about_children=True,
)
_NO_DATE = "is no date: write 2026-12-21 or 21/12/2026"
_TO_COME = "lies in the future: only reviews that were held can be imported"
DUE_AHEAD = 12
"""Months: no review is held longer than this before it is due."""
_ORDERS = {order.value: order for order in Order}
_CHAIRED = {
    "yes": Chaired.CHAIRED,
    "y": Chaired.CHAIRED,
    "true": Chaired.CHAIRED,
    "1": Chaired.CHAIRED,
    "chaired": Chaired.CHAIRED,
    "co-chaired": Chaired.CO_CHAIRED,
    "no": Chaired.NO,
    "n": Chaired.NO,
    "false": Chaired.NO,
    "0": Chaired.NO,
}


@dataclass(frozen=True, kw_only=True)
class PastReview:
    """A review as a file tells it. `in_time` is by the authority's counting rule, from the day it was due."""

    line: int
    child: str
    order: Order
    due_on: date
    held_on: date
    completed_on: date
    in_time: bool
    participation: Participation | None
    chaired: Chaired | None
    late_reason: str | None


def _participation_words() -> Mapping[str, Participation]:
    """Every way to write a code: "pn6", its label in reports, its label in forms with and without the code."""
    words: dict[str, Participation] = {}
    for code in Participation:
        in_forms = PARTICIPATION[code]
        for text in (code.value, LABELS[code], in_forms, in_forms.removeprefix(code.value).strip()):
            words[text.casefold()] = code
    return words


_PARTICIPATION = _participation_words()


def read_past(text: str, reader: "ReviewReader", findings: Findings) -> list[PastReview]:
    """The reviews of a file as far as they are right; what is wrong is kept in `findings`."""
    rows = read_rows(text, COLUMNS, findings)
    return [one for row in rows if (one := reader.read(row)) is not None]


@dataclass(kw_only=True)
class ReviewReader:
    """Reads rows by one authority's rules; what is wrong is kept with the row."""

    rules: Procedures
    today: date
    seen: dict[tuple[str, date], int] = field(default_factory=dict)
    due: dict[tuple[str, date], int] = field(default_factory=dict)

    @cached_property
    def _late_reasons(self) -> Mapping[str, str]:
        return {reason.casefold(): reason for reason in review_values(self.rules).late_reasons}

    def read(self, row: Row) -> PastReview | None:
        """The review of a row; None where anything in the row is wrong."""
        before = len(row.findings.problems)
        child, order = self._child(row), self._order(row)
        due_on, held_on = self._day(row, "due_on"), self._day(row, "held_on")
        completed_on = self._day(row, "completed_on", needed=False) or held_on
        participation, chaired = self._participation(row), self._chaired(row)
        late_reason = self._late_reason(row)
        if due_on is None or held_on is None or completed_on is None or order is None:
            return None
        self._check_days(row, due_on, held_on, completed_on)
        if late_reason is not None and completed_on <= due_on:
            row.wrong("late_reason", f"the review was in time, by {due_on}: leave it out, or put a date right")
        self._check_once(row, child, held_on, due_on)
        if len(row.findings.problems) > before:
            return None
        return PastReview(
            line=row.line,
            child=child,
            order=order,
            due_on=due_on,
            held_on=held_on,
            completed_on=completed_on,
            in_time=in_time(
                review_values(self.rules).counting, due_on=due_on, held_on=held_on, completed_on=completed_on
            ),
            participation=participation,
            chaired=chaired,
            late_reason=late_reason,
        )

    def _child(self, row: Row) -> str:
        reference = row.needed("child")
        if reference and (self.rules.child_reference.fullmatch(reference) is None or len(reference) > 40):
            row.wrong("child", f"is not written as the procedures say ({self.rules.child_reference.pattern})")
        return reference

    def _order(self, row: Row) -> Order | None:
        found = _ORDERS.get(row["kind"].casefold())
        if found is None:
            row.wrong("kind", f"write one of: {', '.join(_ORDERS)}")
        return found

    def _day(self, row: Row, column: str, *, needed: bool = True) -> date | None:
        if needed and not row[column]:
            row.wrong(column, _EMPTY[column])
        means = DayOf.REVIEW_DUE if column == "due_on" else DayOf.PAST_REVIEW
        return row.day(column, means, self.today, no_date=_NO_DATE, to_come=_TO_COME)

    def _check_days(self, row: Row, due_on: date, held_on: date, completed_on: date) -> None:
        if completed_on < held_on:
            row.wrong("completed_on", "is before held_on: check both dates")
        if due_on > add_months(held_on, DUE_AHEAD):
            row.wrong("due_on", "is more than a year after held_on: check both dates")

    def _check_once(self, row: Row, child: str, held_on: date, due_on: date) -> None:
        first = self.seen.setdefault((child, held_on), row.line)
        if first != row.line:
            row.wrong("held_on", f"line {first} has a review of this child on that day too: keep one")
            return
        first = self.due.setdefault((child, due_on), row.line)
        if first != row.line:
            row.wrong("due_on", f"line {first} has a review of this child due on that day too: keep one")

    def _participation(self, row: Row) -> Participation | None:
        words = row["participation"].casefold()
        if words and words not in _PARTICIPATION:
            row.wrong("participation", f"write one of {', '.join(Participation)}, or the label of one")
        return _PARTICIPATION.get(words)

    def _chaired(self, row: Row) -> Chaired | None:
        words = row["chaired_by_child"].casefold()
        if words and words not in _CHAIRED:
            row.wrong("chaired_by_child", "write yes, no or co-chaired")
        return _CHAIRED.get(words)

    def _late_reason(self, row: Row) -> str | None:
        words = row["late_reason"].casefold()
        if words and words not in self._late_reasons:
            known = ", ".join(self._late_reasons.values())
            row.wrong("late_reason", f"is no reason of the procedures: write one of {known}")
        return self._late_reasons.get(words)


_EMPTY = {
    "due_on": "is empty: without it nobody can tell whether the review was in time",
    "held_on": "is empty: only reviews that were held are imported; the one to come is planned from them",
}
