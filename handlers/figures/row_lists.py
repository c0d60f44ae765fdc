"""The rows behind a number, by name, as far as the person may know of them; what they may not is only counted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from handlers.figures.beginning import since_the_start
from handlers.figures.child_row_lists import CHILD_ROWS, quarter_of_row, team_of_row
from handlers.figures.concern_row_lists import CONCERN_ROWS
from handlers.figures.entitlement import entitled_to
from handlers.figures.period import Period
from handlers.figures.tables import Row
from handlers.office import Desk
from handlers.rights import May, child_standing, may, standing
from handlers.wording import name_of
from scheduling.deadline_wording import say_day
from scheduling.working_days import local
from storage import children, concerns, figure_rows
from storage.figure_rows import AboutChild
from storage.praise import Praise

MOST = 200


@dataclass(frozen=True, kw_only=True)
class Behind:
    """The rows as they are shown, and what else is to be said of them."""

    shown: tuple[str, ...]
    sentences: tuple[str, ...] = ()


def rows_behind(desk: Desk, period: Period, table: str, row: Row, column: str) -> Behind:
    """What one number of a table counts; the period's rows are narrowed to the person's own once more."""
    mine = replace(period, whose=replace(entitled_to(desk), team=period.whose.team, iro_id=period.whose.iro_id))
    mine = since_the_start(desk, mine)
    if table in CONCERN_ROWS:
        numbers = CONCERN_ROWS[table](desk, mine, row, column)
        return _behind(_each_once(_concern_named(desk, number, column) for number in numbers))
    if table == "good_practice":
        praise = figure_rows.praised(desk.session, quarter_of_row(mine, desk, row).within, team_of_row(row))
        return _behind(_recognition_named(desk, one) for one in praise)
    found = CHILD_ROWS[table](desk, mine, row, column)
    return _behind(_child_named(desk, one) for one in found)


def can_list(table: str, column: str = "") -> bool:
    """Whether there are rows to be named behind the numbers of a table, or of one column of it."""
    if column in ("fte", "children_in_time", "changes_of_iro", "children_on_31_march"):
        return False
    return table in CONCERN_ROWS or table in CHILD_ROWS or table == "good_practice"


def _each_once(names: Iterable[str | None]) -> Iterator[str | None]:
    """Concerns are counted once each, and so are their children, however often they are met."""
    seen: set[str] = set()
    for name in names:
        if name is None:
            yield None
        elif name not in seen:
            seen.add(name)
            yield name


def _behind(names: Iterable[str | None]) -> Behind:
    """The rows that have a name, as many as are counted: two that read the same are two."""
    shown: list[str] = []
    hidden = more = 0
    for name in names:
        if name is None:
            hidden += 1
        elif len(shown) < MOST:
            shown.append(name)
        else:
            more += 1
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


def _recognition_named(desk: Desk, one: Praise) -> str:
    return f"{one.to_name or name_of(desk, one.person_id)}, {say_day(local(one.sent_at).date(), desk.today)}"


def _child_named(desk: Desk, one: AboutChild) -> str | None:
    child = children.get(desk.session, one.child_id)
    if child is None or not may(child_standing(desk, child), May.SEE_REVIEWS):
        return None
    return f"{child.reference}, {say_day(one.on, desk.today)}" if one.on is not None else child.reference
