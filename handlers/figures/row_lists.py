"""The rows behind a number, by name, as far as the person may know of them; what they may not is only counted."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, true
from sqlmodel import col

from handlers.figures.caseload_table import officers
from handlers.figures.concern_tables import first_senior_stage, senior_roles
from handlers.figures.entitlement import entitled_to
from handlers.figures.open_table import age_of
from handlers.figures.participation_codes import LABELS
from handlers.figures.period import Period
from handlers.figures.reason_table import reason_labels
from handlers.figures.review_reason_tables import NOT_RECORDED
from handlers.figures.splitting import By, parts
from handlers.figures.tables import Row, stage_column
from handlers.office import Desk
from handlers.permissions import May, may
from handlers.reviews.counting import values_of
from handlers.reviews.permissions import ChildStanding
from handlers.reviews.permissions import May as MayOfChild
from handlers.reviews.permissions import may as may_of_child
from handlers.reviews.tasks import MIDWAY, RECORD_SENT, SEEN, SPOKEN_TO, is_before
from handlers.standing import standing
from handlers.wording import name_of
from scheduling.deadline_wording import say_day_short
from storage import caseload, children, concerns, figure_rows, review_statistics, statistics
from storage.concerns import Concern, Outcome
from storage.figure_rows import AboutChild
from storage.review_statistics import NOT_COUNTED
from storage.review_tasks import ReviewTask
from storage.reviews import Participation

MOST = 200
QUARTERS = {"q1": (4, 5, 6), "q2": (7, 8, 9), "q3": (10, 11, 12), "q4": (1, 2, 3)}
TASKS = {"midway done": MIDWAY, "child seen": SEEN, "child spoken to": SPOKEN_TO}


@dataclass(frozen=True, kw_only=True)
class Behind:
    """The rows as they are shown, and what else is to be said of them."""

    shown: tuple[str, ...]
    sentences: tuple[str, ...] = ()


def rows_behind(desk: Desk, period: Period, table: str, row: Row, column: str) -> Behind:
    """What one number of a table counts; the period's rows are narrowed to the person's own once more."""
    mine = replace(period, whose=replace(entitled_to(desk), team=period.whose.team, iro_id=period.whose.iro_id))
    if table in _CONCERNS:
        numbers = _CONCERNS[table](desk, mine, row, column)
        return _behind(desk, (_concern_named(desk, number, column) for number in numbers), column)
    if table == "good_practice":
        praise = figure_rows.praised(desk.session, _quarter(mine, desk, row).within, _team(row))
        names = (one.to_name or name_of(desk, one.person_id) for one in praise)
        return _behind(desk, names, column)
    found = _CHILDREN[table](desk, mine, row, column)
    return _behind(desk, (_child_named(desk, one) for one in found), column)


def can_list(table: str, column: str = "") -> bool:
    """Whether there are rows to be named behind the numbers of a table, or of one column of it."""
    if column in ("fte", "children_in_time", "changes_of_iro", "children_on_31_march"):
        return False
    return table in _CONCERNS or table in _CHILDREN or table == "good_practice"


def _behind(desk: Desk, names: Iterable[str | None], column: str) -> Behind:
    shown: dict[str, None] = {}
    hidden = more = 0
    for name in names:
        if name is None:
            hidden += 1
        elif len(shown) < MOST:
            shown[name] = None
        else:
            more += name not in shown
    sentences = []
    if more:
        sentences.append(f"And {more:,} more: choose a shorter period to see them.")
    if hidden:
        sentences.append(f"{hidden:,} more you may not open: they are counted, and not named.")
    if not shown and not hidden:
        sentences.append("Nothing is counted here.")
    return Behind(shown=tuple(shown), sentences=tuple(sentences))


def _concern_named(desk: Desk, number: int, column: str) -> str | None:
    concern = concerns.by_number(desk.session, number)
    if concern is None or not may(standing(desk, concern), May.SEE_IT_EXISTS):
        return None
    child = children.get(desk.session, concern.child_id) if concern.child_id is not None else None
    if column == "children" and child is not None:
        return child.reference
    return f"{concern.reference} ({child.reference if child is not None else 'the service'})"


def _child_named(desk: Desk, one: AboutChild) -> str | None:
    child = children.get(desk.session, one.child_id)
    if child is None or not may_of_child(ChildStanding(desk=desk, child=child, review=None), MayOfChild.SEE):
        return None
    return f"{child.reference}, {say_day_short(one.on)}" if one.on is not None else child.reference


# concerns, by the row and the column of their table


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
    raised = statistics.raised(period.within)
    more: ColumnElement[bool] = true()
    if column == "service_concerns":
        more = col(Concern.about_service).is_(True)
    elif column == "children":
        more = col(Concern.child_id).is_not(None)
    elif column == "reached_assistant_director":
        digests = statistics.procedures_of(desk.session, period.within)
        stages = {digest: first_senior_stage(desk.frozen_rules(digest)) for digest in digests}
        known = {digest: stage for digest, stage in stages.items() if stage is not None}
        more = statistics.came_before(known, senior_roles(desk.rules))
    return figure_rows.concerns(desk.session, raised & more)


def _reasons(desk: Desk, period: Period, row: Row, column: str) -> Iterator[int]:
    keys = {one.reason for one in statistics.reasons(desk.session, period.within)}
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


_CONCERNS: Mapping[str, Callable[[Desk, Period, Row, str], Iterator[int]]] = {
    "concerns_by_month": _by_month,
    "concerns_by_highest_stage": _by_highest,
    "concerns_and_children": _summary,
    "reasons": _reasons,
    "replies": _replies,
    "outcomes": _outcomes,
    "open_by_age": _open,
}

# reviews and children


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
    for name, part in parts(desk, period, By.IRO):
        if name == row["iro"] and part.whose.iro_id is not None:
            found, _ = officers(desk, part)
            yield from (AboutChild(child_id=one, on=None) for one, iro in found.items() if iro == part.whose.iro_id)


def _contacts(desk: Desk, period: Period, row: Row, column: str) -> Iterator[AboutChild]:
    return figure_rows.contacts(desk.session, _quarter(period, desk, row).days, _team(row))


def _quarter(period: Period, desk: Desk, row: Row) -> Period:
    return dict(parts(desk, period, By.QUARTER)).get(str(row["quarter"]), period)


def _team(row: Row) -> str:
    return "" if row["team"] == NOT_RECORDED else str(row["team"])


_CHILDREN: Mapping[str, Callable[[Desk, Period, Row, str], Iterator[AboutChild]]] = {
    "reviews_by_year": _years,
    "review_late_reasons": _late,
    "review_moved_reasons": _moved,
    "participation": _codes,
    "around_reviews": _around,
    "caseload": _caseload,
    "contacts": _contacts,
}
