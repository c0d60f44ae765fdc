"""The review rules of an authority as typed values, from the rows that its procedures file was read into."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from scheduling.booking import BookingTarget
from scheduling.duration import Duration, parse_duration
from scheduling.procedures.types import Procedures
from scheduling.review_tasks import REVIEW, TaskRule
from scheduling.timetable import PREVIOUS_REVIEW, Adjournment, CountingRule, ReviewOrder, ReviewRule

Row = Mapping[str, object]

_ORDERS: Mapping[str, ReviewOrder] = {"first": "first", "second": "second", "later": "later"}
_COUNTING: Mapping[str, CountingRule] = {"start": "start", "completion": "completion"}


@dataclass(frozen=True, kw_only=True)
class EarlyReason:
    """Why a review may be held before it is due: its key, and its words for a list."""

    key: str
    label: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Share:
    """The authority's target for reviews in time, in per cent, from and to a day."""

    key: str
    label: str
    per_cent: int
    from_on: date
    to_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ReviewValues:
    """All that an authority's procedures say about reviews. `rules` are those switched on; `tasks` are all."""

    rules: tuple[ReviewRule, ...]
    tasks: tuple[TaskRule, ...]
    targets: tuple[BookingTarget, ...]
    shares: tuple[Share, ...]
    early: tuple[EarlyReason, ...]
    adjournment: Adjournment
    counting: CountingRule
    at_risk_within: Duration
    late_reasons: tuple[str, ...]
    moved_reasons: tuple[str, ...]
    grades: tuple[str, ...]

    def task(self, key: str) -> TaskRule | None:
        """The task of that key, on or off; None where the procedures have none."""
        return next((task for task in self.tasks if task.key == key), None)

    def switched_on(self, key: str) -> bool:
        """Whether the task of that key is asked for."""
        task = self.task(key)
        return task is not None and task.on


@lru_cache(maxsize=64)
def review_values(procedures: Procedures) -> ReviewValues:
    """What the procedures say about reviews; their file was checked when it was read."""
    reviews = procedures.reviews
    adjournment, targets = _row(reviews.get("adjournment")), [*_rows(reviews, "targets")]
    return ReviewValues(
        rules=tuple(_rule(row) for row in _rows(reviews, "rules") if row.get("on") is not False),
        tasks=tuple(_task(row) for row in _rows(reviews, "tasks")),
        targets=tuple(_target(row) for row in targets if "within" in row),
        shares=tuple(_share(row) for row in targets if "share" in row),
        early=tuple(
            EarlyReason(key=_text(row, "key"), label=_text(row, "label"), source=_text(row, "source"))
            for row in _rows(reviews, "early")
        ),
        adjournment=Adjournment(
            times=_number(adjournment, "times") or 0,
            within=parse_duration(_text(adjournment, "within")),
            from_on=_from(adjournment),
            to_on=_day(adjournment, "to"),
        ),
        counting=_COUNTING[_text(_row(reviews.get("counting")), "series_in_time_by")],
        at_risk_within=parse_duration(_text(reviews, "at_risk_within")),
        late_reasons=_words(reviews, "late_reasons"),
        moved_reasons=_words(reviews, "moved_reasons"),
        grades=_words(reviews, "grades"),
    )


def _rule(row: Row) -> ReviewRule:
    order = _ORDERS[_text(row, "review")]
    return ReviewRule(
        key=_text(row, "key"),
        track=_text(row, "track"),
        order=order,
        within=parse_duration(_text(row, "within")),
        counted_from=_text(row, "counted_from") or ("" if order == "first" else PREVIOUS_REVIEW),
        from_on=_from(row),
        to_on=_day(row, "to"),
        law=row.get("law") is True,
        source=_text(row, "source"),
        under_age=_number(row, "under_age"),
    )


def _task(row: Row) -> TaskRule:
    return TaskRule(
        key=_text(row, "key"),
        label=_text(row, "label"),
        owner=_text(row, "owner"),
        on=row.get("on") is True,
        from_on=_from(row),
        to_on=_day(row, "to"),
        counted_from=_text(row, "counted_from") or REVIEW,
        within=_duration(row, "within"),
        before=_duration(row, "before"),
        source=_text(row, "source"),
    )


def _target(row: Row) -> BookingTarget:
    return BookingTarget(
        key=_text(row, "key"),
        label=_text(row, "label"),
        order=_ORDERS[_text(row, "review")],
        within=parse_duration(_text(row, "within")),
        from_on=_from(row),
        to_on=_day(row, "to"),
        track=_text(row, "track") or None,
    )


def _share(row: Row) -> Share:
    return Share(
        key=_text(row, "key"),
        label=_text(row, "label"),
        per_cent=_number(row, "share") or 0,
        from_on=_from(row),
        to_on=_day(row, "to"),
    )


def _rows(reviews: Row, name: str) -> Iterator[Row]:
    rows = reviews.get(name)
    yield from (row for row in rows if isinstance(row, Mapping)) if isinstance(rows, tuple) else ()


def _row(value: object) -> Row:
    return value if isinstance(value, Mapping) else {}


def _text(row: Row, key: str) -> str:
    value = row.get(key)
    return value.strip() if isinstance(value, str) else ""


def _number(row: Row, key: str) -> int | None:
    value = row.get(key)
    return value if isinstance(value, int) else None


def _duration(row: Row, key: str) -> Duration | None:
    text = _text(row, key)
    return parse_duration(text) if text else None


def _day(row: Row, key: str) -> date | None:
    value = row.get(key)
    return value if isinstance(value, date) else None


def _from(row: Row) -> date:
    day = _day(row, "from")
    assert day is not None, "the file was checked when it was read"
    return day


def _words(row: Row, key: str) -> tuple[str, ...]:
    words = row.get(key)
    return tuple(str(word) for word in words) if isinstance(words, tuple) else ()
