"""What is published gives away no count under five, whatever of it is subtracted from what."""

from collections.abc import Iterator, Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from handlers.figures.concern_tables import first_senior_stage
from handlers.figures.public import published
from handlers.figures.public_rows import HELD_BACK
from handlers.figures.suppression import FEWEST
from handlers.figures.tables import Kind, PrintedTable, Row
from scheduling.procedures import Procedures, parse_procedures, shipped_text
from storage.concerns import Outcome
from tests.made_year import MadeYear, as_history, made_year, tables_of

Tables = Mapping[str, PrintedTable]
Name = tuple[str, str, str]
"""A count by its table, the words of its row, and its column; complements have made-up columns."""
Equation = dict[Name, int]
"""Counts and the sign they are added with; together they make nought."""
Matrix = NDArray[np.float64]
QUARTERS = ("q1", "q2", "q3", "q4")
TOP = 3


@pytest.fixture(scope="module")
def rules() -> Procedures:
    """The handbook's, whose third stage asks the assistant director."""
    made = parse_procedures(shipped_text("handbook"), "handbook.toml")
    assert first_senior_stage(made) == TOP
    return made


def row_name(table: PrintedTable, row: Row) -> str:
    words = [str(row[one.key]) for one in table.columns if one.kind in (Kind.TEXT, Kind.MONTH) and one.key != "label"]
    return "|".join(words)


def counts(tables: Tables) -> dict[Name, int]:
    """Every count that is printed as a number."""
    return {
        (name, row_name(table, row), column.key): cell
        for name, table in tables.items()
        for row in table.rows
        for column in table.columns
        if column.kind is Kind.COUNT and isinstance(cell := row[column.key], int)
    }


class Adversary:
    """Knows how tables add up, also where that is only nearly always so, and all that is published."""

    def __init__(self, truth: dict[Name, int]) -> None:
        self.truth = dict(truth)
        self.equations: list[Equation] = []

    def add_up(self, whole: Name, parts: list[Name]) -> None:
        """Keep that these parts make the whole, if in this year they do."""
        if {whole, *parts} <= self.truth.keys() and sum(self.truth[part] for part in parts) == self.truth[whole]:
            self.equations.append({whole: -1} | dict.fromkeys(parts, 1))

    def rest(self, whole: Name, *parts: Name) -> Name:
        """What is left of the whole without these parts: a count of people too, though it is printed nowhere."""
        left = (*whole[:2], f"{whole[2]} without {'+'.join(part[2] + part[1] for part in parts)}")
        self.truth[left] = self.truth[whole] - sum(self.truth[part] for part in parts)
        self.add_up(whole, [*parts, left])
        return left

    def known(self, published_counts: Mapping[Name, int]) -> tuple[Matrix, Matrix, list[Name]]:
        """The equations over what is not published, and what they come to."""
        unknown = [name for name in self.truth if name not in published_counts]
        places = {name: place for place, name in enumerate(unknown)}
        matrix = np.zeros((len(self.equations), len(unknown)))
        come_to = np.zeros(len(self.equations))
        for line, equation in enumerate(self.equations):
            for name, sign in equation.items():
                if name in places:
                    matrix[line, places[name]] = sign
                else:
                    come_to[line] -= sign * published_counts[name]
        return matrix, come_to, unknown

    def recovered(self, published_counts: Mapping[Name, int]) -> list[str]:
        """Every count under five that follows from what is published, or is known to be under five."""
        matrix, come_to, unknown = self.known(published_counts)
        settled = determined(matrix)
        lowest, highest = bounds(matrix, come_to)
        return [
            f"{name} = {self.truth[name]}: {lowest[place]} to {highest[place]}"
            for place, name in enumerate(unknown)
            if self.truth[name] < FEWEST and (place in settled or highest[place] < FEWEST)
        ]


def determined(matrix: Matrix) -> set[int]:
    """The unknowns that the equations settle: those left alone in a row once the others are eliminated."""
    rows = matrix.copy()
    done = 0
    for column in range(rows.shape[1]):
        best = done + int(np.argmax(np.abs(rows[done:, column]))) if done < len(rows) else 0
        if done == len(rows) or abs(rows[best, column]) < 1e-6:
            continue
        rows[[done, best]] = rows[[best, done]]
        rows[done] /= rows[done, column]
        others = np.flatnonzero(np.abs(rows[:, column]) > 1e-6)
        others = others[others != done]
        rows[others] -= np.outer(rows[others, column], rows[done])
        done += 1
    left = np.abs(rows[:done]) > 1e-6
    return {int(np.argmax(row)) for row in left if row.sum() == 1}


def bounds(matrix: Matrix, come_to: Matrix) -> tuple[list[float], list[float]]:
    """The least and the most each count can be, since none is below nought: each equation narrows, until none does."""
    lowest, highest = [0.0] * matrix.shape[1], [1e6] * matrix.shape[1]
    lines = [[(int(place), float(line[place])) for place in np.flatnonzero(line)] for line in matrix]
    narrowed = True
    while narrowed:
        narrowed = False
        for terms, whole in zip(lines, come_to, strict=True):
            least = sum(sign * (lowest if sign > 0 else highest)[place] for place, sign in terms)
            most = sum(sign * (highest if sign > 0 else lowest)[place] for place, sign in terms)
            for place, sign in terms:
                own_least, own_most = sorted((sign * lowest[place], sign * highest[place]))
                ends = sorted(((whole - (most - own_most)) * sign, (whole - (least - own_least)) * sign))
                if ends[0] > lowest[place] + 0.5 or ends[1] < highest[place] - 0.5:
                    lowest[place], highest[place] = max(lowest[place], ends[0]), min(highest[place], ends[1])
                    narrowed = True
                    break
    return lowest, highest


def adversary(tables: Tables) -> Adversary:
    one = Adversary(counts(tables))
    _concerns(one, tables)
    _chain(one)
    _replies(one, tables)
    _reviews(one, tables)
    for name in ("good_practice", "contacts", "review_late_reasons"):
        column = "reviews" if name == "review_late_reasons" else "number"
        words = [row_name(tables[name], row) for row in tables[name].rows]
        if words:
            one.add_up((name, words[-1], column), [(name, each, column) for each in words[:-1]])
    return one


def _concerns(one: Adversary, tables: Tables) -> None:
    months = [str(row["month"]) for row in tables["concerns_by_month"].rows[:-1]]
    stages = [str(row["stage"]) for row in tables["concerns_by_highest_stage"].rows[:-1]]
    for column in (*stages, "cafcass"):
        one.add_up(("concerns_by_month", "total", column), [("concerns_by_month", month, column) for month in months])
    for column in ("concerns", "completed", "open", "agencies"):
        parts = [("concerns_by_highest_stage", stage, column) for stage in stages]
        one.add_up(("concerns_by_highest_stage", "total", column), parts)
    for stage in (*stages, "total"):
        of_stage = ("concerns_by_highest_stage", stage, "concerns")
        one.add_up(of_stage, [(*of_stage[:2], "completed"), (*of_stage[:2], "open")])
        one.rest(of_stage, (*of_stage[:2], "agencies"))
    raised = ("concerns_and_children", "", "concerns")
    one.add_up(raised, [("concerns_by_highest_stage", "total", "concerns")])
    for column in ("children", "reached_assistant_director", "service_concerns"):
        one.rest(raised, ("concerns_and_children", "", column))
    for kind in ("informal", "formal"):
        _reasons(one, tables, kind, [stage for stage in stages if (stage == "informal") is (kind == "informal")])
    outcomes = [str(row["outcome"]) for row in tables["outcomes"].rows[:-1]]
    for column in ("concerns", "change_recorded", "lasted"):
        one.add_up(("outcomes", "total", column), [("outcomes", each, column) for each in outcomes])
    for each in (*outcomes, "total"):
        for column in ("change_recorded", "lasted"):
            one.rest(("outcomes", each, "concerns"), ("outcomes", each, column))
        one.rest(("outcomes", each, "change_recorded"), ("outcomes", each, "lasted"))
    one.add_up(("outcomes", "total", "concerns"), [("concerns_by_highest_stage", "total", "completed")])


def _reasons(one: Adversary, tables: Tables, kind: str, stages: list[str]) -> None:
    rows = [row_name(tables["reasons"], row) for row in tables["reasons"].rows if row["kind"] == kind]
    for row in rows:
        one.add_up(("reasons", row, "base"), [("concerns_by_highest_stage", stage, "concerns") for stage in stages])
        one.rest(("reasons", row, "base"), ("reasons", row, "any"))
        one.rest(("reasons", row, "any"), ("reasons", row, "main"))
    if len(rows) > 1:  # of a single row that is left out nobody can know that it was the only one
        one.add_up(("reasons", rows[0], "base"), [("reasons", row, "any") for row in rows])
        one.add_up(("reasons", rows[0], "base"), [("reasons", row, "main") for row in rows])


def _chain(one: Adversary) -> None:
    """Entries to a stage are the concerns that got there, in a year in which each started and moved within it."""
    names = [f"stage_{number}" for number in range(1, TOP + 1)]
    for place, name in enumerate(names):
        reached = [("concerns_by_highest_stage", above, "concerns") for above in names[place:]]
        one.add_up(("concerns_by_month", "total", name), reached)
    one.add_up(
        ("concerns_and_children", "", "reached_assistant_director"),
        [("concerns_by_highest_stage", names[-1], "concerns")],
    )
    entered = ("concerns_by_month", "total", "informal")
    went_on = one.rest(entered, ("concerns_by_highest_stage", "informal", "concerns"))
    at_once = ("", "", "formal at once")
    one.truth[at_once] = one.truth["concerns_by_month", "total", "stage_1"] - one.truth[went_on]
    one.equations.append({("concerns_by_month", "total", "stage_1"): -1, went_on: 1, at_once: 1})


def _replies(one: Adversary, tables: Tables) -> None:
    for row in tables["replies"].rows:
        name = row_name(tables["replies"], row)
        asked = ("replies", name, "asked")
        one.add_up(asked, [("concerns_by_month", "total", str(row["stage"]))])
        one.rest(asked, ("replies", name, "replied"))
        one.rest(asked, ("replies", name, "substitutions"))
        if row["in_time"] is not None:
            one.rest(("replies", name, "replied"), ("replies", name, "in_time"))
    replied = [("replies", row_name(tables["replies"], row), "replied") for row in tables["replies"].rows]
    if replied and all(row["role"] == "not recorded" for row in tables["replies"].rows):
        one.rest(("concerns_and_children", "", "concerns"), *replied)  # imported: a concern has one reply at most


def _reviews(one: Adversary, tables: Tables) -> None:
    year = row_name(tables["reviews_by_year"], tables["reviews_by_year"].rows[-1])
    held = ("reviews_by_year", year, "reviews")
    late = one.rest(held, ("reviews_by_year", year, "in_time"))
    one.add_up(late, [("review_late_reasons", "total", "reviews")])
    one.rest(("reviews_by_year", year, "children"), ("reviews_by_year", year, "children_in_time"))
    codes = [str(row["code"]) for row in tables["participation"].rows]
    for column in (*QUARTERS, "total"):
        of = {code: ("participation", code, column) for code in codes}
        one.add_up(of["total"], [of[code] for code in codes if code not in ("base", "total")])
        one.add_up(of["base"], [of[f"PN{number}"] for number in range(1, 8)])
    for code in codes:
        one.add_up(("participation", code, "total"), [("participation", code, quarter) for quarter in QUARTERS])
    one.add_up(held, [("participation", "total", "total")])
    not_there = one.rest(("participation", "base", "total"), ("reviews_by_year", year, "participated"))
    one.add_up(not_there, [("participation", code, "total") for code in ("PN4", "PN7")])
    _others(one, tables, held)


def _others(one: Adversary, tables: Tables, held: Name) -> None:
    whole = ("parents_and_carers", "base", "total")
    if one.truth[whole] == one.truth[held]:
        one.add_up(held, [whole])
    else:
        one.rest(held, whole)
    for row in tables["parents_and_carers"].rows:
        who = str(row["code"])
        one.add_up(("parents_and_carers", who, "total"), [("parents_and_carers", who, each) for each in QUARTERS])
        if who != "base":
            for column in (*QUARTERS, "total"):
                one.rest(("parents_and_carers", "base", column), ("parents_and_carers", who, column))
    for row in tables["review_moved_reasons"].rows:
        one.rest(held, ("review_moved_reasons", str(row["reason"]), "reviews"))
    for row in tables["around_reviews"].rows:
        one.rest(("around_reviews", str(row["what"]), "due"), ("around_reviews", str(row["what"]), "done"))


def shares(tables: Tables) -> Iterator[tuple[PrintedTable, int, str, str]]:
    for table in tables.values():
        for place, row in enumerate(table.rows):
            for column in table.columns:
                if column.kind is Kind.SHARE and isinstance(row[column.key], float):
                    yield table, place, column.key, column.part


def attack(seed: int, rules: Procedures, *, imported: bool = False) -> list[str]:
    """All that is wrong with one made-up year's published tables."""
    year = made_year(seed, TOP)
    tables = tables_of(as_history(year) if imported else year, rules)
    made = published(tables, rules)
    seen = counts(made)
    wrong = [f"{name} printed as {number}" for name, number in seen.items() if number < FEWEST]
    wrong += adversary(tables).recovered(seen)
    wrong += [
        f"{table.name} {place} {key} stands without its count or its base"
        for table, place, key, part in shares(made)
        if not isinstance(table.rows[place][part], int) or (place, key) not in table.bases
    ]
    return wrong


@pytest.mark.slow
def test_no_count_under_five_is_recovered_from_what_is_published(rules: Procedures) -> None:
    assert {seed: wrong for seed in range(50) if (wrong := attack(seed, rules))} == {}


@pytest.mark.slow
def test_a_year_brought_in_from_a_file_does_not_tell_how_few_concerns_had_no_reply(rules: Procedures) -> None:
    wrong = {seed: found for seed in range(50) if (found := attack(seed, rules, imported=True))}
    assert wrong == {}


def test_few_imported_concerns_without_an_outcome_are_not_told_by_a_row_of_their_own(rules: Procedures) -> None:
    year = as_history(made_year(38, TOP))
    assert any(row["outcome"] == "not recorded" for row in tables_of(year, rules)["outcomes"].rows)
    named = [row["outcome"] for row in published(tables_of(year, rules), rules)["outcomes"].rows]
    assert "not recorded" not in named
    for one in year.concerns[::2]:
        one.outcome = None
    many = published(tables_of(year, rules), rules)["outcomes"].rows
    assert "not recorded" in [row["outcome"] for row in many if row["concerns"] != HELD_BACK]


def test_few_changes_that_did_not_last_are_not_found_beside_those_recorded(rules: Procedures) -> None:
    """30 changes recorded and 28 that lasted say that of two it was not so."""
    year = made_year(38, TOP)
    for place, one in enumerate(year.concerns):
        one.closed, one.outcome = True, Outcome.RESOLVED if place < 50 else list(Outcome)[place % len(Outcome)]
        one.changed, one.lasted = place < 30, place < 28
    assert outcome_resolved(year, rules)["change_recorded"] == 30
    assert outcome_resolved(year, rules)["lasted"] == HELD_BACK
    for place, one in enumerate(year.concerns):
        one.lasted = place < 20
    assert outcome_resolved(year, rules)["lasted"] == 20
    for place, one in enumerate(year.concerns):
        one.changed = place < 30 or one.outcome is Outcome.RESOLVED
    assert outcome_resolved(year, rules)["change_recorded"] == HELD_BACK, "all of those resolved: nought without"
    assert outcome_resolved(year, rules)["lasted"] == 20


def outcome_resolved(year: MadeYear, rules: Procedures) -> Row:
    rows = published(tables_of(year, rules), rules)["outcomes"].rows
    return next(row for row in rows if row["outcome"] == Outcome.RESOLVED)


@pytest.mark.slow
def test_a_thousand_years_of_published_tables_give_nothing_away(rules: Procedures) -> None:
    assert {seed: wrong for seed in range(50, 1_050) if (wrong := attack(seed, rules))} == {}
    assert {seed: wrong for seed in range(50, 1_050) if (wrong := attack(seed, rules, imported=True))} == {}


def test_the_adversary_is_no_straw_man(rules: Procedures) -> None:
    """Holding back nothing but the counts under five themselves, and nought, is undone by subtraction in most years."""
    undone = 0
    for seed in range(20):
        tables = tables_of(made_year(seed, TOP), rules)
        seen = {name: number for name, number in counts(tables).items() if number >= FEWEST}
        undone += bool(adversary(tables).recovered(seen))
    assert undone >= 15


def test_most_of_a_large_year_is_still_published(rules: Procedures) -> None:
    for seed in (20, 27, 38):
        tables = tables_of(made_year(seed, TOP), rules)
        large = [name for name, number in counts(tables).items() if number >= FEWEST]
        kept = counts(published(tables, rules))
        assert sum(name in kept for name in large) > 0.7 * len(large)


def test_a_review_out_of_time_is_not_found_beside_those_in_time(rules: Procedures) -> None:
    """98 of 100 in time says that two were late."""
    year = made_year(38, TOP)
    for place, one in enumerate(year.reviews):
        one.in_time = place >= 2
    row = published(tables_of(year, rules), rules)["reviews_by_year"].rows[0]
    assert (row["in_time"], row["in_time_share"]) == (HELD_BACK, HELD_BACK)
    assert row["reviews"] == len(year.reviews)


def test_a_middle_of_few_replies_is_held_back_with_them(rules: Procedures) -> None:
    year = made_year(38, TOP)
    for one in year.concerns:
        one.replied = {stage: None for stage, _ in one.stages}
    for one in year.concerns[:3]:
        one.replied = {stage: 4 for stage, _ in one.stages}
    rows = published(tables_of(year, rules), rules)["replies"].rows
    assert {(row["replied"], row["median_days"]) for row in rows} <= {(HELD_BACK, HELD_BACK), (HELD_BACK, None)}
