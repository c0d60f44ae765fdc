"""Every printed number of a generated year, worked out once more by plain Python over the rows: no difference."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TypeVar

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

from handlers.figures.concern_tables import first_senior_stage, senior_roles
from handlers.figures.describing import shares_of
from handlers.figures.making import figures
from handlers.figures.period import Period
from handlers.figures.splitting import By
from handlers.figures.tables import Cell, Figures, Kind, PrintedTable, Row
from handlers.office import Scene, rules_in_force
from handlers.timetable.tasks import is_before
from scheduling.procedures.review_values import review_values
from scheduling.working_days import LONDON
from storage.children import Allocation, Capacity, Child
from storage.concerns import Concern, ConcernReason, ConcernState, Lasted, Outcome
from storage.contacts import Contact
from storage.database import transaction
from storage.decisions import Decision, DecisionState
from storage.people import Person
from storage.praise import Praise
from storage.referrals import Referral, ReferralKind
from storage.replies import Extension
from storage.review_tasks import ReviewTask
from storage.reviews import Participation, Review, ReviewMove, ReviewState
from storage.stage_runs import Addressee, Part, RunKind, StageRun
from tests.cast import AUTHORITY, settle
from tests.databases import sqlite_engine
from tests.generated_rows import Generated

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
FIRST, LAST = date(2025, 4, 1), date(2026, 3, 31)
YEAR = Period(first=FIRST, last=LAST)
Kept = TypeVar("Kept", bound=SQLModel)
Number = int | float | None


def in_london(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


def in_year(day: date | datetime | None) -> bool:
    if day is None:
        return False
    return FIRST <= (in_london(day) if isinstance(day, datetime) else day) <= LAST


def per_cent(part: int, base: int) -> float | None:
    return int(1000 * part / base + 0.5) / 10 if base else None


def quarter(day: date) -> int:
    return (day.month - 4) % 12 // 3 + 1


class Rows:
    """All rows of one database, as plain lists."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.rules = rules_in_force(session, AUTHORITY)
        self.logged = [
            one for one in self.all(Concern) if one.state not in (ConcernState.DRAFT, ConcernState.DISCARDED)
        ]
        self.raised = [one for one in self.logged if in_year(one.raised_at)]
        ids = {one.id for one in self.logged}
        self.runs = [one for one in self.all(StageRun) if one.concern_id in ids]
        self.held = [one for one in self.all(Review) if one.state is ReviewState.HELD and in_year(one.held_on)]

    def all(self, table: type[Kept]) -> list[Kept]:
        return list(self.session.exec(select(table)))

    # the tables

    def concerns_by_month(self) -> list[Row]:
        months = [f"{2025 + (3 + n) // 12}-{(3 + n) % 12 + 1:02}" for n in range(12)]
        entries = Counter(
            (f"{in_london(one.started_at):%Y-%m}", one.number)
            for one in self.runs
            if one.kind in (RunKind.ENTRY, RunKind.IMMEDIATE)
        )
        ids = {one.id for one in self.logged}
        cafcass = Counter(
            f"{one.happened_on:%Y-%m}"
            for one in self.all(Referral)
            if one.kind is ReferralKind.CAFCASS_REFERRAL and one.concern_id in ids
        )
        rows: list[dict[str, Cell]] = [
            {
                "month": month,
                "informal": entries[month, 0],
                **{f"stage_{n}": entries[month, n] for n in (1, 2, 3)},
                "cafcass": cafcass[month],
            }
            for month in months
        ]
        total = {key: sum(int(row[key] or 0) for row in rows) for key in list(rows[0])[1:]}
        return [*rows, {"month": "total", **total}]

    def concerns_by_highest_stage(self) -> list[Row]:
        return [
            {
                "stage": f"stage_{stage}" if stage else "informal",
                "concerns": len(those),
                "completed": sum(one.state is ConcernState.CLOSED for one in those),
                "open": sum(one.state is not ConcernState.CLOSED for one in those),
                "agencies": sum(bool(one.agency) for one in those),
            }
            for stage in range(4)
            for those in [[one for one in self.raised if one.highest_stage == stage]]
        ]

    def concerns_and_children(self) -> list[Row]:
        seniors, stage = senior_roles(self.rules), first_senior_stage(self.rules)
        asked = {one.concern_id for one in self.all(Addressee) if one.part is Part.ADDRESSED and one.role in seniors}
        assert stage is not None
        return [
            {
                "concerns": len(self.raised),
                "children": len({one.child_id for one in self.raised} - {None}),
                "reached_assistant_director": sum(one.id in asked or one.highest_stage >= stage for one in self.raised),
                "service_concerns": sum(one.about_service for one in self.raised),
            }
        ]

    def reasons(self) -> dict[tuple[str, str], tuple[int, int, int]]:
        by_id = {one.id: one for one in self.raised}
        found: dict[tuple[str, str], tuple[int, int, int]] = {}
        for formal in (False, True):
            base = sum((one.highest_stage > 0) is formal for one in self.raised)
            for row in self.all(ConcernReason):
                concern = by_id.get(row.concern_id)
                if concern is None or (concern.highest_stage > 0) is not formal:
                    continue
                category = self.rules.category(row.reason)
                key = ("formal" if formal else "informal", category.label if category else row.reason)
                main, named, _ = found.get(key, (0, 0, base))
                found[key] = (main + row.main, named + 1, base)
        return found

    def replies(self) -> dict[tuple[str, str], tuple[Number, ...]]:
        runs = {one.id: one for one in self.runs if in_year(one.started_at)}
        asked = [one for one in self.all(Addressee) if one.part is Part.ADDRESSED and one.run_id in runs]
        extensions = Counter(one.run_id for one in self.all(Extension) if not one.brings_back)
        calendar = self.rules.calendar()
        found: dict[tuple[str, str], tuple[Number, ...]] = {}
        for stage, role in {(runs[one.run_id].number, one.role) for one in asked}:
            those = [one for one in asked if (runs[one.run_id].number, one.role) == (stage, role)]
            days = sorted(
                sum(
                    calendar.is_working(in_london(runs[one.run_id].started_at) + timedelta(days=n))
                    for n in range(1, (in_london(one.replied_at) - in_london(runs[one.run_id].started_at)).days + 1)
                )
                for one in those
                if one.replied_at is not None
            )
            timed = [(one, due) for one in those if (due := runs[one.run_id].due_at) is not None]
            found[f"stage_{stage}" if stage else "informal", role] = (
                len(those),
                len(days),
                sum(one.replied_at is not None and one.replied_at <= due for one, due in timed) if timed else None,
                float(median(days)) if days else None,
                days[-(-9 * len(days) // 10) - 1] if days else None,
                sum(extensions[run] for run in {one.run_id for one in those}),
                sum(bool(one.standing_why) for one in those),
            )
        return found

    def outcomes(self) -> dict[str, tuple[int, ...]]:
        ended = [one for one in self.logged if one.state is ConcernState.CLOSED and in_year(one.closed_at)]
        wanted: list[Outcome | None] = [*Outcome, *([None] if any(one.outcome is None for one in ended) else [])]
        return {
            outcome.value if outcome else "not recorded": (
                len(those),
                sum(one.change_recorded for one in those),
                sum(one.lasted is Lasted.YES for one in those),
                sum(one.child_told == "yes" for one in those),
                sum(one.on_record_on is not None for one in those),
            )
            for outcome in wanted
            for those in [[one for one in ended if one.outcome is outcome]]
        }

    def year(self) -> Row:
        missed = {
            one.child_id
            for one in self.all(Review)
            if one.state is ReviewState.NOT_NEEDED and one.in_time is False and in_year(one.due_on)
        }
        children = {one.child_id for one in self.held} | missed
        late = {one.child_id for one in self.held if one.in_time is not True} | missed
        counted = [one for one in self.held if one.participation not in (None, Participation.PN0)]
        took_part = sum(one.participation not in (Participation.PN4, Participation.PN7) for one in counted)
        in_time = sum(one.in_time is True for one in self.held)
        in_care = [
            one
            for one in self.all(Child)
            if one.looked_after_from is not None
            and one.looked_after_from <= LAST
            and (one.left_care_on is None or one.left_care_on > LAST)
        ]
        return {
            "year": "2025-26",
            "reviews": len(self.held),
            "in_time": in_time,
            "in_time_share": per_cent(in_time, len(self.held)),
            "children": len(children),
            "children_in_time": len(children - late),
            "children_in_time_share": per_cent(len(children - late), len(children)),
            "participated": took_part,
            "participated_share": per_cent(took_part, len(counted)),
            "children_on_31_march": len(in_care),
        }

    def late_reasons(self) -> Counter[str]:
        return Counter(one.late_reason or "not recorded" for one in self.held if one.in_time is False)

    def moved_reasons(self) -> Counter[str]:
        held = {one.id: one for one in self.held}
        return Counter(
            reason
            for _, reason in {
                (one.review_id, one.reason)
                for one in self.all(ReviewMove)
                if one.review_id in held
                and (held[one.review_id].in_time is True or one.to_on <= held[one.review_id].due_on)
            }
        )

    def codes(self) -> dict[str, list[int]]:
        cells = Counter(
            (one.participation.value if one.participation else "none", quarter(one.held_on))
            for one in self.held
            if one.held_on
        )
        found = {
            code: [cells[code, n] for n in range(1, 5)] for code in [*(one.value for one in Participation), "none"]
        }
        base = [sum(cells[f"PN{code}", n] for code in range(1, 8)) for n in range(1, 5)]
        total = [sum(quarter(one.held_on) == n for one in self.held if one.held_on) for n in range(1, 5)]
        return {**found, "base": base, "total": total}

    def parents(self) -> dict[str, list[int]]:
        here = [one for one in self.held if not one.imported]
        found = {
            who: [sum(who in one.took_part.split(",") and in_quarter(one, n) for one in here) for n in range(1, 5)]
            for who in ("mother", "father", "carers", "others")
        }
        return {**found, "base": [sum(in_quarter(one, n) for one in here) for n in range(1, 5)]}

    def around(self) -> dict[str, tuple[int, int]]:
        reviews = {one.id: one for one in self.all(Review)}
        held_days = [(one.child_id, one.held_on) for one in reviews.values() if one.state is ReviewState.HELD]
        due = [
            (one, reviews[one.review_id])
            for one in self.all(ReviewTask)
            if in_year(one.due_on) and reviews[one.review_id].state is not ReviewState.NOT_NEEDED
        ]
        found = {}
        for what, task, before in (
            ("midway done", "midway", False),
            ("child seen", "child_seen", self.before("child_seen")),
            ("child spoken to", "child_spoken_to", self.before("child_spoken_to")),
        ):
            those = [
                one
                for one, review in due
                if one.task == task
                and (not one.not_needed or (review.state is ReviewState.HELD if before else later(review, held_days)))
            ]
            found[what] = (len(those), sum(one.done_on is not None for one in those))
        records = [(one, review.record_sent_on) for one, review in due if one.task == "record_sent"]
        in_time = sum(sent is not None and one.due_on is not None and sent <= one.due_on for one, sent in records)
        found["record out in time"] = (len(records), in_time)
        settled = [
            one.state
            for one in self.all(Decision)
            if one.state in (DecisionState.DONE, DecisionState.NOT_DONE) and in_year(one.settled_on)
            if one.sent_at is not None and one.taken_out_at is None
        ]
        found["decisions done by the next review"] = (len(settled), settled.count(DecisionState.DONE))
        return found

    def before(self, task: str) -> bool:
        return is_before(review_values(self.rules), task)

    def caseload(self) -> dict[str, tuple[int, int]]:
        in_care = [one for one in self.all(Child) if not one.historical and (one.looked_after_from or FIRST) <= LAST]
        names = {one.id: one.name for one in self.all(Person)}
        whose: Counter[str] = Counter()
        came: Counter[str] = Counter()
        for child in in_care:
            if child.left_care_on is not None and child.left_care_on <= LAST:
                continue
            line = [one for one in self.all(Allocation) if one.child_id == child.id and one.capacity is Capacity.IRO]
            line.sort(key=lambda one: (one.from_on, one.id or 0))
            whose[names[[one for one in line if one.from_on <= LAST][-1].person_id]] += 1
            for old, new in pairwise(line):
                came[names[new.person_id]] += old.person_id != new.person_id and in_year(new.from_on)
        return {name: (whose[name], came[name]) for name in ("Ann Lee", "Olu Ade")}

    def by_team(self, found: Iterable[tuple[str, date]]) -> Counter[tuple[str, str]]:
        return Counter((team or "not recorded", f"2025-26 Q{quarter(day)}") for team, day in found if in_year(day))


def in_quarter(review: Review, number: int) -> bool:
    return review.held_on is not None and quarter(review.held_on) == number


def later(review: Review, held_days: list[tuple[int, date | None]]) -> bool:
    return review.held_on is not None and any(
        child == review.child_id and day is not None and day > review.held_on for child, day in held_days
    )


def differences(made: Figures, rows: Rows) -> list[str]:
    """Every table that says anything else than the rows."""
    tables = made.tables

    def keyed(name: str, *keys: str) -> dict[object, tuple[object, ...]]:
        return {
            tuple(row[key] for key in keys) if len(keys) > 1 else row[keys[0]]: tuple(
                cell for key, cell in row.items() if key not in keys
            )
            for row in tables[name]
        }

    def quarters(name: str) -> dict[Cell, list[Cell]]:
        return {row["code"]: [row[f"q{n}"] for n in range(1, 5)] + [row["total"]] for row in tables[name]}

    checks: dict[str, Callable[[], bool]] = {
        "concerns_by_month": lambda: tables["concerns_by_month"] == rows.concerns_by_month(),
        "concerns_by_highest_stage": lambda: tables["concerns_by_highest_stage"] == rows.concerns_by_highest_stage(),
        "concerns_and_children": lambda: tables["concerns_and_children"] == rows.concerns_and_children(),
        "reasons": lambda: keyed("reasons", "kind", "reason") == rows.reasons(),
        "replies": lambda: keyed("replies", "stage", "role") == rows.replies(),
        "outcomes": lambda: keyed("outcomes", "outcome") == rows.outcomes(),
        "reviews_by_year": lambda: tables["reviews_by_year"][-1] == rows.year(),
        "review_late_reasons": lambda: keyed("review_late_reasons", "reason") == ones(rows.late_reasons()),
        "review_moved_reasons": lambda: keyed("review_moved_reasons", "reason") == ones(rows.moved_reasons()),
        "participation": lambda: quarters("participation") == with_sum(rows.codes()),
        "parents_and_carers": lambda: quarters("parents_and_carers") == with_sum(rows.parents()),
        "around_reviews": lambda: (
            {key: cells[:2] for key, cells in keyed("around_reviews", "what").items()} == rows.around()
        ),
        "caseload": lambda: (
            {row["iro"]: (row["children"], row["changes_of_iro"]) for row in tables["caseload"]} == rows.caseload()
        ),
        "good_practice": lambda: (
            keyed("good_practice", "team", "quarter")
            == ones(rows.by_team((one.team, in_london(one.sent_at)) for one in rows.all(Praise)))
        ),
        "contacts": lambda: (
            keyed("contacts", "team", "quarter")
            == ones(rows.by_team((one.team, one.happened_on) for one in rows.all(Contact)))
        ),
    }
    return [name for name, same in checks.items() if not same()]


def with_sum(found: dict[str, list[int]]) -> dict[str, list[int]]:
    return {code: [*numbers, sum(numbers)] for code, numbers in found.items()}


def ones(counted: Counter[str] | Counter[tuple[str, str]]) -> dict[object, tuple[int]]:
    return {key: (number,) for key, number in counted.items()}


def test_no_printed_number_differs_from_what_the_rows_come_to(engine: Engine) -> None:
    Generated(engine, settle(engine), seed=7).fill()
    with transaction(engine, AUTHORITY, writes=False) as session:
        scene = Scene(session=session, now=NOW, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))
        made = figures(scene, YEAR)
        assert differences(made, Rows(session)) == []
    assert [name for name, table in made.printed.items() if wrong_totals(table)] == []
    assert [name for name, table in made.printed.items() if baseless(table)] == []


def wrong_totals(table: PrintedTable) -> list[str]:
    """Columns whose printed total is not what the rows above it come to."""
    if not table.added:
        return []
    *rows, total = table.rows
    return [
        one.key
        for one in table.columns
        if one.kind is Kind.COUNT
        and total[one.key] is not None
        and sum(cell for row in rows if isinstance(cell := row[one.key], int)) != total[one.key]
    ]


def baseless(table: PrintedTable) -> list[tuple[int, str]]:
    """Shares without a base, or that are not their part of it."""
    return [
        place
        for place, words in shares_of(table)
        if not words
        or place not in table.bases
        or not isinstance(part := table.rows[place[0]][table.column(place[1]).part], int)
        or per_cent(part, table.bases[place]) != table.rows[place[0]][place[1]]
    ]


@pytest.mark.slow
def test_each_part_of_a_split_has_bases_and_the_whole_is_counted_anew(tmp_path: Path) -> None:
    (engine,) = sqlite_engine(tmp_path)
    Generated(engine, settle(engine), seed=11).fill()
    with transaction(engine, AUTHORITY, writes=False) as session:
        scene = Scene(session=session, now=NOW, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))
        whole = figures(scene, YEAR)
        for by in (By.QUARTER, By.TEAM, By.IRO):
            split = figures(scene, YEAR, by)
            assert [name for name, table in split.printed.items() if baseless(table)] == []
            entries = split.tables["concerns_by_month"]
            total = {key: cell for key, cell in entries[-1].items() if key != by.value}
            assert total == {k: cell for k, cell in whole.tables["concerns_by_month"][-1].items() if k != "month"}
            children = [row["children"] for row in split.tables["concerns_and_children"]]
            assert children[-1] == whole.tables["concerns_and_children"][0]["children"]
            if by.is_time:
                assert sum(int(row["stage_1"] or 0) for row in entries[:-1]) == entries[-1]["stage_1"]


@pytest.mark.slow
def test_a_number_that_is_wrong_is_noticed(tmp_path: Path) -> None:
    """Each table in turn is told one more than the rows come to."""
    (engine,) = sqlite_engine(tmp_path)
    Generated(engine, settle(engine), seed=7).fill()
    with transaction(engine, AUTHORITY, writes=False) as session:
        scene = Scene(session=session, now=NOW, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))
        made, rows = figures(scene, YEAR), Rows(session)
        wrong = {name: one_more(table) for name, table in made.tables.items() if name != "open_by_age"}
        assert differences(replace(made, tables={**made.tables, **wrong}), rows) == list(wrong)


def one_more(table: Sequence[Row]) -> list[Row]:
    """The table with one more in the last whole number of its last row."""
    *rows, last = table
    key = next(key for key, cell in reversed(list(last.items())) if type(cell) is int)
    return [*rows, {**last, key: int(last[key] or 0) + 1}]
