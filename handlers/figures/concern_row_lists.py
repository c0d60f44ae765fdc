"""The concerns behind each number, by the row and the column of their table."""

from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import ColumnElement, true
from sqlmodel import col

from handlers.figures.concern_tables import first_senior_stage, senior_roles
from handlers.figures.open_table import age_of
from handlers.figures.period import Period
from handlers.figures.reason_table import reason_labels
from handlers.figures.review_reason_tables import NOT_RECORDED
from handlers.figures.tables import Row, stage_column
from handlers.office import Desk
from handlers.undrawn import rules_known
from storage import caseload, concern_statistics, counted, figure_rows
from storage.concerns import Concern, Outcome


def _stage(name: object) -> int | None:
    text = str(name)
    return 0 if text == "informal" else int(text[6:]) if text.startswith("stage_") else None


def _by_month(desk: Desk, period: Period, row: Row, column: str) -> Iterator[int]:
    part = dict(period.months()).get(str(row["month"]), period)
    stage = _stage(column)
    condition = (
        figure_rows.referred(part.within, part.days) if stage is None else figure_rows.entries(part.within, stage)
    )
    return figure_rows.concerns(desk.session, condition)


def _by_highest(desk: Desk, period: Period, row: Row, column: str) -> Iterator[int]:
    return figure_rows.concerns(desk.session, figure_rows.at_highest_stage(period.within, _stage(row["stage"]))[column])


def _summary(desk: Desk, period: Period, row: Row, column: str) -> Iterator[int]:
    raised = counted.raised(period.within)
    more: ColumnElement[bool] = true()
    if column == "service_concerns":
        more = col(Concern.about_service).is_(True)
    elif column == "children":
        more = col(Concern.child_id).is_not(None)
    elif column == "reached_assistant_director":
        known = rules_known(desk, concern_statistics.procedures_of(desk.session, period.within))
        stages = {digest: first_senior_stage(rules) for digest, rules in known.items()}
        from_stage = {digest: stage for digest, stage in stages.items() if stage is not None}
        more = concern_statistics.came_before(from_stage, senior_roles(desk.rules))
    return figure_rows.concerns(desk.session, raised & more)


def _reasons(desk: Desk, period: Period, row: Row, column: str) -> Iterator[int]:
    keys = {one.reason for one in concern_statistics.reasons(desk.session, period.within)}
    labels = reason_labels(desk, period, keys)
    named = [key for key, label in labels.items() if label == row["reason"]]
    for key in named:
        formal = row["kind"] == "formal"
        condition = figure_rows.naming(period.within, key, formal=formal, main=column == "main")
        yield from figure_rows.concerns(desk.session, condition)


def _replies(desk: Desk, period: Period, row: Row, column: str) -> Iterator[int]:
    stage, role = _stage(row["stage"]) or 0, str(row["role"])
    if role == NOT_RECORDED:
        condition = figure_rows.imported_at(period.within, stage, replied=column == "replied")
    else:
        condition = figure_rows.asked_at(period.within, stage, role, column)
    return figure_rows.concerns(desk.session, condition)


def _outcomes(desk: Desk, period: Period, row: Row, column: str) -> Iterator[int]:
    outcome = None if row["outcome"] == NOT_RECORDED else Outcome(str(row["outcome"]))
    return figure_rows.concerns(desk.session, figure_rows.ended(period.within, outcome, column))


def _open(desk: Desk, period: Period, row: Row, column: str) -> Iterator[int]:
    for one in caseload.open_concerns(desk.session, period.whose):
        if stage_column(one.stage) == row["stage"] and column in ("open", age_of(desk, one)):
            yield one.number


CONCERN_ROWS: Mapping[str, Callable[[Desk, Period, Row, str], Iterator[int]]] = {
    "concerns_by_month": _by_month,
    "concerns_by_highest_stage": _by_highest,
    "concerns_and_children": _summary,
    "reasons": _reasons,
    "replies": _replies,
    "outcomes": _outcomes,
    "open_by_age": _open,
}
