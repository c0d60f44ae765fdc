"""How children took part in their reviews, and which parents and carers did, quarter by quarter."""

from collections import Counter
from collections.abc import Iterable

from handlers.figures.participation_codes import LABELS
from handlers.figures.period import Period
from handlers.figures.reporting_years import QUARTERS, quarter_of_month
from handlers.figures.review_reason_tables import NOT_RECORDED
from handlers.figures.shares import share
from handlers.figures.tables import Cell, Row
from handlers.office import Scene
from handlers.reviews.hold_form import TOOK_PART
from storage import review_statistics
from storage.reviews import Participation

ByQuarter = Counter[int]


def participation(scene: Scene, period: Period) -> list[Row]:
    """A row for each code, the base of the shares (every code but PN0), and the total of all reviews."""
    counted: dict[Participation | None, ByQuarter] = {code: Counter() for code in (*LABELS, None)}
    for month, code, reviews in review_statistics.participation(scene.session, period.days):
        counted[code][quarter_of_month(month)] += reviews
    base = _sum(counted[code] for code in LABELS if code not in review_statistics.NOT_COUNTED)
    unshared: ByQuarter = Counter()
    rows = [
        _row(code.value, label, counted[code], unshared if code in review_statistics.NOT_COUNTED else base)
        for code, label in LABELS.items()
    ]
    if counted[None]:
        rows.append(_row("none", NOT_RECORDED, counted[None], unshared))
    rows.append(_row("base", "base of the shares: PN1 to PN7", base, base))
    return [*rows, _row("total", "all reviews", _sum(counted.values()), unshared)]


def parents_and_carers(scene: Scene, period: Period) -> list[Row]:
    """Reviews in which each of them took part; the base is every review recorded here."""
    counted: dict[str, ByQuarter] = {who: Counter() for who in TOOK_PART}
    base: ByQuarter = Counter()
    for month, together, reviews in review_statistics.took_part(scene.session, period.days):
        quarter = quarter_of_month(month)
        base[quarter] += reviews
        for who in filter(None, together.split(",")):
            counted.setdefault(who, Counter())[quarter] += reviews
    rows = [_row(who, TOOK_PART.get(who, who), numbers, base) for who, numbers in counted.items()]
    return [*rows, _row("base", "base of the shares: reviews not imported", base, base)]


def _sum(numbers: Iterable[ByQuarter]) -> ByQuarter:
    return sum(numbers, Counter())


def _row(code: str, label: str, numbers: ByQuarter, base: ByQuarter) -> Row:
    row: dict[str, Cell] = {"code": code, "label": label}
    row |= {f"q{quarter}": numbers[quarter] for quarter in QUARTERS}
    row["total"] = numbers.total()
    row |= {f"share_q{quarter}": share(numbers[quarter], base[quarter]) for quarter in QUARTERS}
    row["share_total"] = share(numbers.total(), base.total())
    return row
