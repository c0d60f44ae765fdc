"""The reviews, children and contacts behind each number, by the row and the column of their table."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from sqlalchemy import true
from sqlmodel import col

from handlers.figures.caseload_table import children_in_row
from handlers.figures.participation_codes import LABELS
from handlers.figures.period import Period
from handlers.figures.review_reason_tables import NOT_RECORDED
from handlers.figures.splitting import By, parts
from handlers.figures.tables import Row
from handlers.office import Desk
from handlers.timetable.counting import values_of
from handlers.timetable.tasks import MIDWAY, RECORD_SENT, SEEN, SPOKEN_TO, is_before
from storage import figure_rows, review_statistics
from storage.figure_rows import AboutChild
from storage.review_statistics import NOT_COUNTED
from storage.review_tasks import ReviewTask
from storage.reviews import Participation

QUARTERS = {"q1": (4, 5, 6), "q2": (7, 8, 9), "q3": (10, 11, 12), "q4": (1, 2, 3)}
TASKS = {"midway done": MIDWAY, "child seen": SEEN, "child spoken to": SPOKEN_TO}


def _years(desk: Desk, period: Period, row: Row, column: str) -> Iterator[AboutChild]:
    begins = int(str(row["year"])[:4])
    first = period.first.replace(year=begins, month=4, day=1)
    last = min(period.last, first.replace(year=begins + 1, month=3, day=31))
    held = figure_rows.reviews(desk.session, figure_rows.held(replace(period.days, first=first, last=last), column))
    if column != "children":
        return held
    return (AboutChild(child_id=child, on=None) for child in dict.fromkeys(one.child_id for one in held))


def _late(desk: Desk, period: Period, row: Row, column: str) -> Iterator[AboutChild]:
    reason = None if row["reason"] == NOT_RECORDED else str(row["reason"])
    return figure_rows.reviews(desk.session, figure_rows.late_for(period.days, reason))


def _moved(desk: Desk, period: Period, row: Row, column: str) -> Iterator[AboutChild]:
    return figure_rows.reviews(desk.session, figure_rows.moved_for(period.days, str(row["reason"])))


def _codes(desk: Desk, period: Period, row: Row, column: str) -> Iterator[AboutChild]:
    code = str(row["code"])
    wanted: tuple[Participation, ...] | None = None
    if code in ("base", "total"):
        wanted = tuple(one for one in LABELS if code == "total" or one not in NOT_COUNTED)
    elif code != "none":
        wanted = (Participation(code),)
    months = QUARTERS.get(column)
    yield from figure_rows.reviews(desk.session, figure_rows.coded(period.days, wanted, months))
    if code == "total":
        yield from figure_rows.reviews(desk.session, figure_rows.coded(period.days, None, months))


def _around(desk: Desk, period: Period, row: Row, column: str) -> Iterator[AboutChild]:
    days = replace(period.days, last=min(period.last, desk.today))
    what, done = str(row["what"]), column == "done"
    if what.startswith("decisions"):
        return figure_rows.decisions(desk.session, days, done=done)
    if what not in TASKS:
        sent = review_statistics.sent_in_time() if done else true()
        return figure_rows.tasks(desk.session, review_statistics.task_due(days, RECORD_SENT), sent)
    task = TASKS[what]
    due = review_statistics.task_counts(days, task, before_review=is_before(values_of(desk), task))
    return figure_rows.tasks(desk.session, due, col(ReviewTask.done_on).is_not(None) if done else true())


def _caseload(desk: Desk, period: Period, row: Row, column: str) -> Iterator[AboutChild]:
    return (AboutChild(child_id=one, on=None) for one in children_in_row(desk, period, str(row["iro"])))


def _contacts(desk: Desk, period: Period, row: Row, column: str) -> Iterator[AboutChild]:
    return figure_rows.contacts(desk.session, quarter_of_row(period, desk, row).days, team_of_row(row))


def quarter_of_row(period: Period, desk: Desk, row: Row) -> Period:
    return dict(parts(desk, period, By.QUARTER)).get(str(row["quarter"]), period)


def team_of_row(row: Row) -> str:
    return "" if row["team"] == NOT_RECORDED else str(row["team"])


CHILD_ROWS: Mapping[str, Callable[[Desk, Period, Row, str], Iterator[AboutChild]]] = {
    "reviews_by_year": _years,
    "review_late_reasons": _late,
    "review_moved_reasons": _moved,
    "participation": _codes,
    "around_reviews": _around,
    "caseload": _caseload,
    "contacts": _contacts,
}
