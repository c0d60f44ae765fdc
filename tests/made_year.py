"""A made-up reporting year as printed tables, counted here by plain Python from made-up concerns and reviews."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from handlers.figures.describing import described
from handlers.figures.participation_codes import LABELS
from handlers.figures.shares import share
from handlers.figures.tables import PrintedTable, Row
from scheduling.procedures import Procedures
from storage.concerns import Outcome

MONTHS = tuple(f"{2025 + (3 + n) // 12}-{(3 + n) % 12 + 1:02}" for n in range(12))
NOT_COUNTED, ABSENT = ("PN0",), ("PN4", "PN7")
WHO = ("mother", "father", "carers", "others")
TASKS = ("midway done", "child seen", "record out in time")
TEAMS = ("East", "North", "West")


@dataclass(kw_only=True)
class MadeConcern:
    """One concern: at which stages it stood and when, and how it ended."""

    child: int | None
    stages: list[tuple[int, int]]  # stage, month from 0
    closed: bool
    outcome: Outcome | None
    changed: bool
    lasted: bool
    agency: bool
    reasons: list[str]
    replied: dict[int, int | None]  # stage: working days until the reply, None where there was none

    @property
    def highest(self) -> int:
        return self.stages[-1][0]


@dataclass(kw_only=True)
class MadeReview:
    """One review held."""

    child: int
    quarter: int
    code: str
    in_time: bool
    why_late: str
    moved: str
    came: tuple[str, ...]
    imported: bool


@dataclass(kw_only=True)
class MadeYear:
    """A year's rows."""

    top: int
    concerns: list[MadeConcern]
    reviews: list[MadeReview]
    work: dict[str, tuple[int, int]]
    praise: Counter[tuple[str, str]]
    contacts: Counter[tuple[str, str]]
    in_care: int
    imported: bool = False
    fixed: dict[str, int] = field(default_factory=dict)


def made_year(seed: int, top: int) -> MadeYear:
    """A year of any size from nothing to a large service; the seed decides."""
    chance = Random(seed)  # noqa: S311 - no secret is made of it
    size = chance.choice((0, 3, 9, 25, 60, 140))
    return MadeYear(
        top=top,
        concerns=[_concern(chance, top, size) for _ in range(chance.randint(size // 2, size))],
        reviews=[_review(chance, size) for _ in range(chance.randint(size, size * 4))],
        work={task: _work(chance, size) for task in TASKS},
        praise=_by_team(chance, size // 3),
        contacts=_by_team(chance, size),
        in_care=chance.randint(0, size * 3),
    )


def as_history(year: MadeYear) -> MadeYear:
    """The same year brought in from a file: one reply to nearly every concern, and no role, deadline or change."""
    year.imported = True
    for place, one in enumerate(year.concerns, start=1):
        stage = next((stage for stage, days in one.replied.items() if days is not None), one.highest)
        one.replied = {each: 4 if each == stage and place % 30 else None for each in one.replied}
        one.changed = one.lasted = False
        one.outcome = one.outcome if place % 50 else None
    return year


def _concern(chance: Random, top: int, size: int) -> MadeConcern:
    """It goes up stage by stage, each entered once: so entries and highest stages tell the most of each other."""
    first = chance.choice((0, 0, 1, 1, 1, 2))
    last = max(first, min(top, chance.choice((0, 1, 1, 1, 2, 2, 3))))
    month = chance.randint(0, 11)
    stages = [(stage, min(11, month + place)) for place, stage in enumerate(range(first, last + 1))]
    made = MadeConcern(
        child=chance.randint(1, max(1, size)) if chance.random() > 0.05 else None,
        stages=stages,
        closed=chance.random() < chance.choice((0.5, 0.9, 1)),
        outcome=chance.choice(list(Outcome)),
        changed=chance.random() < 0.6,
        lasted=chance.random() < 0.7,
        agency=chance.random() < 0.15,
        reasons=[f"Reason {n}" for n in chance.sample(range(8), chance.choice((0, 1, 1, 1, 1, 2)))],
        replied={stage: chance.choice((None, 1, 4, 9)) for stage, _ in stages},
    )
    made.lasted = made.lasted and made.changed  # only of what changed is it asked whether it lasted
    return made


def _review(chance: Random, size: int) -> MadeReview:
    return MadeReview(
        child=chance.randint(1, max(1, size * 2)),
        quarter=chance.randint(1, 4),
        code=chance.choice(("PN0", "PN1", "PN1", "PN1", "PN6", "PN6", "PN7", "PN2", "PN3", "PN4", "PN5", "none")),
        in_time=chance.random() < 0.93,
        why_late=chance.choice(("Sickness", "Lack of documents", "Change of placement", "not recorded")),
        moved=chance.choice(("", "", "", "Sickness", "Carers asked")),
        came=tuple(one for one in WHO if chance.random() < 0.4),
        imported=chance.random() < 0.05,
    )


def _work(chance: Random, size: int) -> tuple[int, int]:
    due = chance.randint(0, size)
    return due, due - min(due, chance.choice((0, 1, 3, 6, due)))


def _by_team(chance: Random, size: int) -> Counter[tuple[str, str]]:
    return Counter((chance.choice(TEAMS), f"2025-26 Q{chance.randint(1, 4)}") for _ in range(size))


def tables_of(year: MadeYear, rules: Procedures) -> dict[str, PrintedTable]:
    """The tables as they would be printed inside the service."""
    rows: Mapping[str, list[Row]] = {
        "concerns_by_month": _months(year),
        "concerns_by_highest_stage": _highest(year),
        "concerns_and_children": [_children(year)],
        "reasons": _reasons(year),
        "replies": _replies(year),
        "outcomes": _outcomes(year),
        "reviews_by_year": [_reviews(year)],
        "review_late_reasons": _counted("reason", Counter(one.why_late for one in year.reviews if not one.in_time)),
        "review_moved_reasons": _counted("reason", Counter(one.moved for one in year.reviews if one.moved)),
        "participation": _codes(year),
        "parents_and_carers": _parents(year),
        "around_reviews": [
            {"what": what, "due": due, "done": done, "share": share(done, due)}
            for what, (due, done) in year.work.items()
        ],
        "caseload": [],
        "good_practice": _teams(year.praise),
        "contacts": _teams(year.contacts),
    }
    base = sum(one.code not in (*NOT_COUNTED, "none") for one in year.reviews)
    bases = {"reviews_by_year": {(0, "participated_share"): base}} if base else {}
    return {name: described(name, table, rules, bases=bases.get(name)) for name, table in rows.items()}


def _stage(number: int) -> str:
    return f"stage_{number}" if number else "informal"


def _months(year: MadeYear) -> list[Row]:
    entries = Counter(entry for one in year.concerns for entry in one.stages)
    stages = range(year.top + 1)
    rows: list[Row] = [
        {"month": name, **{_stage(n): entries[n, month] for n in stages}, "cafcass": 0}
        for month, name in enumerate(MONTHS)
    ]
    total = {_stage(n): sum(entries[n, month] for month in range(12)) for n in stages}
    return [*rows, {"month": "total", **total, "cafcass": 0}]


def _highest(year: MadeYear) -> list[Row]:
    rows: list[Row] = []
    for number in range(year.top + 1):
        those = [one for one in year.concerns if one.highest == number]
        closed = sum(one.closed for one in those)
        rows.append(
            {
                "stage": _stage(number),
                "concerns": len(those),
                "completed": closed,
                "open": len(those) - closed,
                "agencies": sum(one.agency for one in those),
            }
        )
    return rows


def _children(year: MadeYear) -> Row:
    return {
        "concerns": len(year.concerns),
        "children": len({one.child for one in year.concerns} - {None}),
        "reached_assistant_director": sum(one.highest >= year.top for one in year.concerns),
        "service_concerns": sum(one.child is None for one in year.concerns),
    }


def _reasons(year: MadeYear) -> list[Row]:
    rows: list[Row] = []
    for kind in ("informal", "formal"):
        those = [one for one in year.concerns if (one.highest > 0) is (kind == "formal")]
        named = Counter(reason for one in those for reason in one.reasons)
        main = Counter(one.reasons[0] for one in those if one.reasons)
        rows += [
            {"kind": kind, "reason": reason, "main": main[reason], "any": named[reason], "base": len(those)}
            for reason in sorted(named)
        ]
    return rows


def _replies(year: MadeYear) -> list[Row]:
    rows: list[Row] = []
    for number in range(year.top + 1):
        waited = [one.replied[number] for one in year.concerns if number in one.replied]
        days = sorted(one for one in waited if one is not None)
        if waited:
            rows.append(
                {
                    "stage": _stage(number),
                    "role": "not recorded" if year.imported else "team_manager",
                    "asked": len(waited),
                    "replied": len(days),
                    "in_time": None if year.imported else sum(one <= 5 for one in days),
                    "median_days": float(days[len(days) // 2]) if days else None,
                    "p90_days": days[-1] if days else None,
                    "extensions": 0 if year.imported else len(waited) // 7,
                    "substitutions": 0 if year.imported else len(waited) // 5,
                }
            )
    return rows


def _outcomes(year: MadeYear) -> list[Row]:
    rows: list[Row] = []
    unnamed = any(one.closed and one.outcome is None for one in year.concerns)
    for outcome in (*Outcome, *((None,) if unnamed else ())):
        those = [one for one in year.concerns if one.closed and one.outcome is outcome]
        rows.append(
            {
                "outcome": outcome.value if outcome is not None else "not recorded",
                "concerns": len(those),
                "change_recorded": sum(one.changed for one in those),
                "lasted": sum(one.lasted for one in those),
                "child_told": len(those) // 2,
                "on_record": len(those) // 3,
            }
        )
    return rows


def _reviews(year: MadeYear) -> Row:
    held = year.reviews
    children = {one.child for one in held}
    late = {one.child for one in held if not one.in_time}
    counted = [one for one in held if one.code not in (*NOT_COUNTED, "none")]
    took_part = sum(one.code not in ABSENT for one in counted)
    in_time = sum(one.in_time for one in held)
    return {
        "year": "2025-26",
        "reviews": len(held),
        "in_time": in_time,
        "in_time_share": share(in_time, len(held)),
        "children": len(children),
        "children_in_time": len(children - late),
        "children_in_time_share": share(len(children - late), len(children)),
        "participated": took_part,
        "participated_share": share(took_part, len(counted)),
        "children_on_31_march": year.in_care,
    }


def _codes(year: MadeYear) -> list[Row]:
    cells = Counter((one.code, one.quarter) for one in year.reviews)
    codes = [code.value for code in LABELS]
    base = [sum(cells[code, quarter] for code in codes if code not in NOT_COUNTED) for quarter in range(1, 5)]
    rows = [_by_quarter(code, [cells[code, q] for q in range(1, 5)], None if code == "PN0" else base) for code in codes]
    if any(one.code == "none" for one in year.reviews):
        rows.append(_by_quarter("none", [cells["none", q] for q in range(1, 5)], None))
    rows.append(_by_quarter("base", base, base))
    return [*rows, _by_quarter("total", [sum(one.quarter == q for one in year.reviews) for q in range(1, 5)], None)]


def _parents(year: MadeYear) -> list[Row]:
    here = [one for one in year.reviews if not one.imported]
    base = [sum(one.quarter == quarter for one in here) for quarter in range(1, 5)]
    rows = [
        _by_quarter(
            who, [sum(who in one.came and one.quarter == quarter for one in here) for quarter in range(1, 5)], base
        )
        for who in WHO
    ]
    return [*rows, _by_quarter("base", base, base)]


def _by_quarter(code: str, numbers: list[int], base: list[int] | None) -> Row:
    shares = [share(number, whole) for number, whole in zip(numbers, base or [0] * 4, strict=True)]
    return {
        "code": code,
        "label": code,
        **{f"q{n}": number for n, number in enumerate(numbers, start=1)},
        "total": sum(numbers),
        **{f"share_q{n}": one for n, one in enumerate(shares, start=1)},
        "share_total": share(sum(numbers), sum(base or [0])),
    }


def _counted(first: str, found: Counter[str]) -> list[Row]:
    return [{first: name, "reviews": found[name]} for name in sorted(found)]


def _teams(found: Counter[tuple[str, str]]) -> list[Row]:
    return [{"team": team, "quarter": quarter, "number": found[team, quarter]} for team, quarter in sorted(found)]
