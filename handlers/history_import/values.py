"""One past concern as a value, read from its row; every fault is noted and none stops the reading."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from handlers.day_windows import DayOf
from handlers.history_import.reading import stage_column
from handlers.imports.rows import Row
from scheduling.procedures import Procedures
from scheduling.procedures.terms import CONCERN
from storage.concerns import Outcome

SERVICE = "service"
YES = ("yes", "y", "true", "1")
NO = ("", "no", "n", "false", "0")
_NO_DATE = "it is no date: write it as 2026-04-01 or 01/04/2026"
_TO_COME = "it lies in the future: only what has happened can be imported"
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}


@dataclass(frozen=True, kw_only=True)
class PastConcern:
    """A concern as a file tells it. `stages` are (number, day), in order; no child: about the service."""

    line: int
    reference: str
    child: str | None
    raised_on: date
    raised_by_id: int
    team: str
    reasons: tuple[str, ...]  # the main one first
    has_main: bool
    agency: str | None
    significant_harm: bool
    stages: tuple[tuple[int, date], ...]
    cafcass_on: date | None
    replied_on: date | None
    closed_on: date | None
    outcome: Outcome | None


@dataclass(kw_only=True)
class RowReader:
    """Reads rows by one authority's rules and people; what is wrong is kept with the row."""

    rules: Procedures
    people: Mapping[str, int]
    today: date
    seen: dict[str, int] = field(default_factory=dict)

    @cached_property
    def _stage_numbers(self) -> tuple[int, ...]:
        """Informal and every formal stage, lowest first."""
        return (0, *sorted(stage.number for stage in self.rules.stages))

    def read(self, row: Row) -> PastConcern | None:
        """The concern of a row; None where anything in the row is wrong."""
        before = len(row.findings.problems)
        raised_on = self._day(row, "raised_on", required=True)
        stages = tuple(
            (number, day) for number in self._stage_numbers if (day := self._day(row, stage_column(number))) is not None
        )
        main, others = self._reasons(row, "main_reason"), self._reasons(row, "other_reasons")
        read = PastConcern(
            line=row.line,
            reference=self._reference(row),
            child=self._child(row),
            raised_on=raised_on or self.today,
            raised_by_id=self._raised_by(row),
            team=self._short(row, "team", 120),
            reasons=tuple(dict.fromkeys((*main, *others))),
            has_main=bool(main),
            agency=self._short(row, "agency", 120) or None,
            significant_harm=self._yes(row, "significant_harm"),
            stages=stages,
            cafcass_on=self._day(row, "cafcass_on"),
            replied_on=self._day(row, "replied_on"),
            closed_on=self._day(row, "closed_on"),
            outcome=self._outcome(row),
        )
        if len(row.findings.problems) == before:
            for column, reason in out_of_order(read):
                row.wrong(column, reason)
        return read if len(row.findings.problems) == before else None

    def _reference(self, row: Row) -> str:
        reference = row["reference"]
        if not reference:
            row.wrong("reference", f"it is empty: give the {CONCERN} the reference it had")
        elif len(reference) > 60:
            row.wrong("reference", "it is longer than 60 characters: shorten it")
        elif reference in self.seen:
            row.wrong("reference", f"it stands on line {self.seen[reference]} too: each row needs its own")
        self.seen.setdefault(reference, row.line)
        return reference

    def _child(self, row: Row) -> str | None:
        reference = row["child"]
        if reference.lower() == SERVICE:
            return None
        if not reference or len(reference) > 40 or not self.rules.child_reference.fullmatch(reference):
            pattern = self.rules.child_reference.pattern
            row.wrong("child", f'it must be a child\'s reference (like {pattern}), or "{SERVICE}"')
        return reference

    def _raised_by(self, row: Row) -> int:
        found = self.people.get(row["raised_by"].lower())
        if found is None:
            row.wrong("raised_by", "nobody has this e-mail address: import the staff first")
        return found or 0

    def _short(self, row: Row, column: str, longest: int) -> str:
        if len(row[column]) > longest:
            row.wrong(column, f"it is longer than {longest} characters: shorten it")
        return row[column]

    def _reasons(self, row: Row, column: str) -> list[str]:
        keys = []
        for words in filter(None, map(str.strip, row[column].split(";"))):
            category = self.rules.category(words)
            if category is None:
                row.wrong(column, "it is no reason of the procedures: use a key or label they name")
            else:
                keys.append(category.key)
        if column == "main_reason" and len(keys) > 1:
            row.wrong(column, "there can be one main reason: move the rest to other_reasons")
        return keys

    def _yes(self, row: Row, column: str) -> bool:
        if row[column].lower() not in (*YES, *NO):
            row.wrong(column, "write yes or no")
        return row[column].lower() in YES

    def _outcome(self, row: Row) -> Outcome | None:
        words = row["outcome"].lower().replace("_", " ")
        if words and words not in _OUTCOMES:
            row.wrong("outcome", f"write one of: {', '.join(_OUTCOMES)}")
        return _OUTCOMES.get(words)

    def _day(self, row: Row, column: str, *, required: bool = False) -> date | None:
        if required and not row[column]:
            row.wrong(column, "it is empty: give a date")
        return row.day(column, DayOf.PAST_CONCERN, self.today, no_date=_NO_DATE, to_come=_TO_COME)


def out_of_order(concern: PastConcern) -> Iterator[tuple[str, str]]:
    """What contradicts itself in a concern: (column, reason)."""
    if not concern.stages:
        yield "informal_on", "the row has no stage: give informal_on or the day of the stage it began at"
        return
    before, last = "raised_on", concern.raised_on
    for number, day in concern.stages:
        if day < last:
            yield stage_column(number), f"it is before {before}: check both dates"
        before, last = stage_column(number), max(day, last)
    first = concern.stages[0][1]
    if concern.cafcass_on and concern.cafcass_on < concern.raised_on:
        yield "cafcass_on", "it is before raised_on: check both dates"
    if concern.replied_on and concern.replied_on < first:
        yield "replied_on", "it is before the first stage: check both dates"
    if concern.closed_on and concern.closed_on < last:
        yield "closed_on", f"it is before {before}: check both dates"
    if concern.closed_on and concern.replied_on and concern.replied_on > concern.closed_on:
        yield "closed_on", "it is before replied_on: check both dates"
    if concern.outcome and not concern.closed_on:
        yield "outcome", f"the {CONCERN} is not closed: give closed_on too, or take the outcome out"
