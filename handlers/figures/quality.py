"""The data-quality page: every row that is incomplete or disagrees, by name, and every printed total that differs."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlmodel import Session

from handlers.figures.beginning import since_the_start
from handlers.figures.period import Period
from handlers.figures.tables import Cell, Figures, PrintedTable, Row
from handlers.office import Scene
from handlers.reviews.oddities import odd_children
from scheduling.procedures.terms import CONCERNS, CONCERNS_FIRST
from storage import people, printed_totals, quality
from storage.counted import Within
from storage.printed_totals import PrintedTotal
from storage.review_statistics import Days


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is incomplete or disagrees, and every row it is about; without rows the sentence says it all."""

    what: str
    rows: tuple[str, ...] = ()


_OF_CONCERNS: tuple[tuple[str, Callable[[Session, Within], Iterable[str]]], ...] = (
    (f"{CONCERNS_FIRST} without any reason", quality.without_reason),
    (f"{CONCERNS_FIRST} with reasons and no main reason", quality.without_main_reason),
    (f"{CONCERNS_FIRST} without a team", quality.without_team),
    (f"{CONCERNS_FIRST} closed without an outcome", quality.without_outcome),
    (f"{CONCERNS_FIRST} closed and not on the child's record", quality.not_on_record),
    (f"{CONCERNS_FIRST} withdrawn since, and still counted as raised", quality.withdrawn),
    (f"{CONCERNS_FIRST} closed before they were raised, or before a stage they came to", quality.closed_too_early),
    (f"{CONCERNS_FIRST} that came to a stage before they were raised", quality.stage_before_raised),
    (f"{CONCERNS_FIRST} whose highest stage is none they came to", quality.highest_stage_disagrees),
)
_OF_REVIEWS: tuple[tuple[str, Callable[[Session, Days], Iterable[str]]], ...] = (
    ("Reviews without a code of taking part", quality.without_code),
    ("Reviews whose code disagrees with the child's age (PN0: under four)", quality.code_disagrees_with_age),
    ("Reviews held late without a reason", quality.late_without_reason),
    ("Reviews of which it is not known whether they were in time", quality.not_known_in_time),
    ("Reviews whose days disagree with what is recorded as in time or late", quality.in_time_disagrees),
    ("Contacts without a team", quality.contacts_without_team),
    ("Children in care now without a reviewing officer", quality.without_iro),
    ("Children in care now whom nobody holds", quality.without_holder),
    ("Children in care now of whom it is not known since when", quality.without_start),
)


def data_quality(scene: Scene, period: Period, made: Figures) -> tuple[Finding, ...]:
    """Everything found in the period's rows; `made` are its figures, with which printed totals are compared."""
    period = since_the_start(scene, period)
    found = [Finding(what=what, rows=tuple(ask(scene.session, period.within))) for what, ask in _OF_CONCERNS]
    found += [Finding(what=what, rows=tuple(ask(scene.session, period.days))) for what, ask in _OF_REVIEWS]
    overdue = replace(period.days, last=min(period.last, scene.today - timedelta(days=1)))
    found.append(Finding(what="Reviews due, and not held yet", rows=tuple(quality.not_held(scene.session, overdue))))
    from_before = tuple(quality.not_held_from_before(scene.session, overdue))
    found.append(Finding(what="Reviews due before the start, and not held yet", rows=from_before))
    found.append(Finding(what="Reviewing officers without working time", rows=tuple(_without_time(scene))))
    odd = odd_children(scene, period.whose)
    found += [Finding(what=what, rows=tuple(references)) for what, references in odd.items()]
    found = [one for one in found if one.rows]
    return (*found, *_unexplained(made.printed), *_printed_otherwise(scene, period, made))


def _without_time(scene: Scene) -> Iterator[str]:
    return (one.name for one in people.holders_of(scene.session, "iro", scene.today) if one.fte <= 0)


def _unexplained(tables: Mapping[str, PrintedTable]) -> Iterator[Finding]:
    """Reasons that explain fewer concerns than there are."""
    rows = tables["reasons"].rows if "reasons" in tables else ()
    for kind in dict.fromkeys(str(row["kind"]) for row in rows):
        of_kind = [row for row in rows if row["kind"] == kind]
        main, base = sum(_whole(row["main"]) for row in of_kind), _whole(of_kind[0]["base"])
        if main != base:
            text = f"Main reasons explain {main} of {base} {kind} {CONCERNS}."
            yield Finding(what=text)


def _whole(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0


def _printed_otherwise(scene: Scene, period: Period, made: Figures) -> Iterator[Finding]:
    """Every total that an earlier report printed for these days and that the rows do not come to."""
    if not period.whose.is_everybody:
        return
    for one in printed_totals.of_period(scene.session, period.first, period.last):
        row = row_named(made.printed.get(one.table_name), one.row_name)
        said = f"{_said(one.printed)} is printed for {one.table_name}, {one.row_name}, {one.column_name}"
        said += f" ({one.source})" if one.source else ""
        if row is None or one.column_name not in row:
            yield Finding(what=f"{said}: there is no such number here.")
        elif row[one.column_name] != one.printed:
            yield Finding(what=f"{said}; the rows come to {_said(row[one.column_name])}{_apart(row, one)}.")


def row_named(table: PrintedTable | None, name: str) -> Row | None:
    """The row in which one of the words is that name: "total", "2015-04", "PN6"."""
    for row in table.rows if table is not None else ():
        if any(isinstance(cell, str) and cell.casefold() == name.casefold() for cell in row.values()):
            return row
    return None


def _apart(row: Row, one: PrintedTotal) -> str:
    cell = row[one.column_name]
    if not isinstance(cell, int | float):
        return ""
    return f", {_said(abs(cell - one.printed))} {'more' if cell > one.printed else 'fewer'}"


def _said(number: Cell) -> str:
    if not isinstance(number, int | float):
        return str(number or "nothing")
    return f"{number:,.1f}" if number % 1 else f"{int(number):,}"
