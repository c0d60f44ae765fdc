"""How the counts about reviews hang together, so that none under five can be worked out from the others."""

from collections.abc import Mapping

from handlers.figures.public_concerns import node, number
from handlers.figures.reporting_years import QUARTERS
from handlers.figures.suppression import FEWEST, Node, settle
from handlers.figures.tables import PrintedTable

Tables = Mapping[str, PrintedTable]
YEARS, LATE, MOVED, CODES, PARENTS, AROUND = (
    "reviews_by_year",
    "review_late_reasons",
    "review_moved_reasons",
    "participation",
    "parents_and_carers",
    "around_reviews",
)
TOOK_PART = ("PN1", "PN2", "PN3", "PN5", "PN6")
DID_NOT = ("PN4", "PN7")


def review_trees(tables: Tables) -> list[Node]:
    """The trees of the tables about one year's reviews, settled: that year is the last row of the years."""
    year = len(tables[YEARS].rows) - 1
    codes = {str(row["code"]): place for place, row in enumerate(tables[CODES].rows)}
    held = node(tables, (YEARS, year, "reviews"), (CODES, codes["total"], "total"))
    in_time = node(tables, (YEARS, year, "in_time"))
    late = Node(values=(held.values[0] - in_time.values[0],))
    held.family(in_time, late)
    _late(tables, late)
    held.family(*_codes(tables, codes, year))
    children = node(tables, (YEARS, year, "children"))
    children.divided(node(tables, (YEARS, year, "children_in_time")))
    in_care = node(tables, (YEARS, year, "children_on_31_march"))
    roots = [held, children, in_care, *_parents(tables, held), *_moved(tables, held), *_around(tables)]
    for name in ("good_practice", "contacts"):
        roots += _by_team(tables, name)
    for one in roots:
        settle(one)
    return roots


def _late(tables: Tables, late: Node) -> None:
    rows = tables[LATE].rows
    if not rows:
        return
    total = node(tables, (LATE, len(rows) - 1, "reviews"))
    total.family(*(node(tables, (LATE, place, "reviews")) for place in range(len(rows) - 1)))
    unknown = late.values[0] - total.values[0]
    late.family(total, *([Node(values=(unknown,))] if unknown else []))


def _codes(tables: Tables, codes: Mapping[str, int], year: int) -> list[Node]:
    """The reviews by code: those that are a base of shares, and beside them PN0 and those without a code."""
    each = {code: _with_quarters(tables, CODES, codes[code]) for code in codes if code not in ("base", "total")}
    base = node(tables, (CODES, codes["base"], "total"))
    base.spots.append((YEARS, year, "participation_base"))
    took_part = node(tables, (YEARS, year, "participated"))
    took_part.family(*(each[code] for code in TOOK_PART))
    did_not = Node(values=(base.values[0] - took_part.values[0],))
    did_not.family(*(each[code] for code in DID_NOT))
    base.family(took_part, did_not)
    return [base, *(each[code] for code in ("PN0", "none") if code in each)]


def _with_quarters(tables: Tables, table: str, place: int, *, telltale: bool = False) -> Node:
    whole = node(tables, (table, place, "total"), telltale=telltale)
    whole.family(*(node(tables, (table, place, f"q{quarter}")) for quarter in QUARTERS))
    return whole


def _parents(tables: Tables, held: Node) -> list[Node]:
    """Who else took part, each of the reviews recorded here; where that is all reviews, the base is that count."""
    rows = tables[PARENTS].rows
    base_place = next(place for place, row in enumerate(rows) if row["code"] == "base")
    base = node(tables, (PARENTS, base_place, "total"))
    if base.values[0] == held.values[0]:
        held.spots += base.spots
    else:
        held.divided(base)
    return [
        _with_quarters(tables, PARENTS, place, telltale=base.values[0] - number(row["total"]) < FEWEST)
        for place, row in enumerate(rows)
        if place != base_place
    ]


def _moved(tables: Tables, held: Node) -> list[Node]:
    """Reasons overlap and have no total; each is set against the reviews held."""
    return [
        node(
            tables,
            (MOVED, place, "reviews"),
            telltale=held.values[0] - number(row["reviews"]) < FEWEST,
        )
        for place, row in enumerate(tables[MOVED].rows)
    ]


def _around(tables: Tables) -> list[Node]:
    roots = []
    for place in range(len(tables[AROUND].rows)):
        due = node(tables, (AROUND, place, "due"))
        due.divided(node(tables, (AROUND, place, "done")))
        roots.append(due)
    return roots


def _by_team(tables: Tables, name: str) -> list[Node]:
    rows = tables[name].rows
    if not rows:
        return []
    total = node(tables, (name, len(rows) - 1, "number"))
    total.family(*(node(tables, (name, place, "number")) for place in range(len(rows) - 1)))
    return [total]
