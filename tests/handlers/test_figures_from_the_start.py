"""With a start set, what fell due before it is counted neither as in time nor as late, team by team."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import count

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from handlers.dispatch import answer
from handlers.figures.making import figures, printed_tables
from handlers.figures.period import Period
from handlers.figures.public import public_figures
from handlers.figures.quality import data_quality
from handlers.figures.reporting_years import year_of
from handlers.figures.splitting import By
from handlers.figures.tables import Row
from handlers.office import Office, Scene, rules_in_force
from handlers.paper import Paragraph
from handlers.report.gathering import gathered
from handlers.requests import Request
from handlers.starts import start
from scheduling.procedures import load_procedures
from scheduling.working_days import at_local
from storage.concerns import ConcernState, Outcome
from storage.database import transaction
from storage.decisions import Decision, DecisionState
from storage.reviews import ReviewState
from storage.whose import Whose
from tests.bench import utc, words
from tests.cast import AUTHORITY, CHILD, IRO_MANAGER, OTHER_CHILD, OTHER_MANAGER, TEAM_MANAGER, settle
from tests.handlers.test_figures import Records as Concerns
from tests.handlers.test_review_figures import Records as Reviews

START, LATER = date(2025, 6, 16), date(2025, 9, 15)
"""Of everybody, and of the South team, who hold the other child."""
BEFORE, AFTER, MUCH_LATER = date(2025, 5, 12), date(2025, 7, 14), date(2025, 10, 13)
YEAR = Period(first=date(2025, 4, 1), last=date(2026, 3, 31))
NOW = utc("2026-06-01", "10:00")
SENTENCE = "Counted from Mon 16 Jun 2025, when the service began to use it; South team from Mon 15 Sep 2025."


def noon(day: date) -> datetime:
    return at_local(day, time(12))


@dataclass
class Year:
    """A year whose rows lie before a start, between it and the later one of a team, and after both."""

    engine: Engine

    def __post_init__(self) -> None:
        cast = settle(self.engine)
        self.concerns, self.reviews = Concerns(self.engine, cast), Reviews(self.engine, cast)
        for child, team, manager in ((CHILD, "North team", TEAM_MANAGER), (OTHER_CHILD, "South team", OTHER_MANAGER)):
            for day in (BEFORE, AFTER, MUCH_LATER):
                self._asked(cast.children[child], team, manager, day)
                self._reviewed(cast.children[child], day)

    def _asked(self, child: int, team: str, manager: str, day: date) -> None:
        """Asked ten days before, answered on the day that was due, closed then, and put on the record."""
        ended = {"state": ConcernState.CLOSED, "closed_at": noon(day), "outcome": Outcome.RESOLVED}
        concern = self.concerns.concern(
            day - timedelta(10), child_id=child, team=team, highest_stage=1, on_record_on=day, **ended
        )
        run = self.concerns.run(concern, 1, noon(day - timedelta(10)), due_at=noon(day))
        self.concerns.ask(concern, run, manager, "team_manager", replied_at=noon(day))

    def _reviewed(self, child: int, day: date) -> None:
        """Held in time; its midway check due and done on the day, a decision found done, and another never held."""
        held = self.reviews.held(day.isoformat(), child_id=child)
        self.reviews.task(held, "midway", day.isoformat(), child_id=child, done_on=day)
        self.reviews.put(
            Decision(
                child_id=child, review_id=held, state=DecisionState.DONE, made_at=NOW,
                settled_on=day, sent_at=noon(day),
            )
        )  # fmt: skip
        self.reviews.review(day.isoformat(), child_id=child, state=ReviewState.NOT_NEEDED, in_time=False)

    def started(self) -> "Year":
        """The same with a start for everybody, and a later one for the South team."""
        with transaction(self.engine, AUTHORITY) as session:
            rules = rules_in_force(session, AUTHORITY)
            before = Scene(session=session, now=utc("2025-04-01"), authority=AUTHORITY, rules=rules)
            start(before, "", START)
            start(before, "south team", LATER)
        return self

    def scene_of(self, session: Session) -> Scene:
        return self.concerns.scene(session)

    def table(self, name: str, period: Period = YEAR) -> list[Row]:
        with transaction(self.engine, AUTHORITY, writes=False) as session:
            return list(figures(self.scene_of(session), period).tables[name])


@pytest.fixture
def year(engine: Engine) -> Year:
    return Year(engine)


def column(rows: list[Row], of: str, named: str, wanted: str) -> object:
    return next(row[wanted] for row in rows if row[of] == named)


@pytest.mark.slow
def test_without_a_start_everything_is_counted_and_nothing_is_said(year: Year) -> None:
    assert [(row["role"], row["asked"], row["in_time"]) for row in year.table("replies")] == [("team_manager", 6, 6)]
    assert column(year.table("around_reviews"), "what", "midway done", "due") == 6
    assert column(year.table("outcomes"), "outcome", "resolved", "on_record") == 6
    assert column(year.table("reviews_by_year"), "year", "2025-26", "children_in_time") == 0
    with transaction(year.engine, AUTHORITY, writes=False) as session:
        made = figures(year.scene_of(session), YEAR)
    assert made.beginning == ""
    assert not any("start (" in note for one in made.printed.values() for note in one.notes)


def test_what_fell_due_before_the_start_of_its_team_is_neither_in_time_nor_late(year: Year) -> None:
    year.started()
    rows = [
        tuple(row[key] for key in ("stage", "role", "asked", "replied", "in_time")) for row in year.table("replies")
    ]
    assert rows == [("stage_1", "team_manager", 3, 3, 3), ("stage_1", "before the start", 3, 3, None)]
    around = {row["what"]: (row["due"], row["done"]) for row in year.table("around_reviews")}
    assert (around["midway done"], around["decisions done by the next review"]) == ((3, 3), (3, 3))
    assert column(year.table("outcomes"), "outcome", "resolved", "on_record") == 3


@pytest.mark.slow
def test_of_a_team_that_waits_for_a_day_nothing_is_in_time_or_late(year: Year) -> None:
    with transaction(year.engine, AUTHORITY) as session:
        before = replace(year.scene_of(session), now=utc("2025-04-01"))
        start(before, "north team", START)
    rows = {row["role"]: row["asked"] for row in year.table("replies")}
    assert rows == {"team_manager": 2, "before the start": 4}
    with transaction(year.engine, AUTHORITY, writes=False) as session:
        scene = year.scene_of(session)
        said = "have no day yet: nothing of them is counted as in time or late."
        assert figures(scene, YEAR).beginning.endswith(f"began to use it. Another service and South team {said}")
        said = "South team has no day yet: nothing of it is counted as in time or late."
        assert figures(scene, replace(YEAR, whose=Whose(team="South team"))).beginning == said


@pytest.mark.slow
def test_history_stays_counted_and_only_what_was_never_held_before_is_no_fault(year: Year) -> None:
    months, stages, reviews = (
        year.table(one) for one in ("concerns_by_month", "concerns_by_highest_stage", "reviews_by_year")
    )
    year.started()
    assert year.table("concerns_by_month") == months
    assert year.table("concerns_by_highest_stage") == stages
    assert column(year.table("outcomes"), "outcome", "resolved", "concerns") == 6
    now = year.table("reviews_by_year")[-1]
    assert {key for key in now if now[key] != reviews[-1][key]} == set()
    only_before = Period(first=date(2025, 5, 1), last=date(2025, 5, 31))
    assert year.table("reviews_by_year", only_before)[-1]["children_in_time"] == 2


def test_each_part_is_counted_from_its_own_start(year: Year) -> None:
    year.started()
    with transaction(year.engine, AUTHORITY, writes=False) as session:
        made = printed_tables(year.scene_of(session), YEAR, By.TEAM, only=("replies", "around_reviews"))
    found = {
        (row["team"], row["role"]): row["asked"]
        for row in made["replies"].rows
        if row["team"] in ("North team", "South team")
    }
    assert found == {
        ("North team", "team_manager"): 2, ("North team", "before the start"): 1,
        ("South team", "team_manager"): 1, ("South team", "before the start"): 2,
    }  # fmt: skip
    due = {row["team"]: row["due"] for row in made["around_reviews"].rows if row["what"] == "midway done"}
    assert (due["North team"], due["South team"], due["total"]) == (2, 1, 3)


SOUTH = "Counted for South team from Mon 15 Sep 2025, when it began to use it."
CASES = (
    (YEAR, SENTENCE),
    (Period(first=date(2025, 7, 1), last=date(2025, 9, 30)), SOUTH),
    (Period(first=LATER, last=date(2025, 12, 31)), ""),
    (replace(YEAR, whose=Whose(team="South team")), SOUTH),
    (replace(YEAR, whose=Whose(team="North team")), f"{SENTENCE.partition(';')[0]}."),
)


@pytest.mark.slow
def test_one_sentence_says_from_which_day(year: Year) -> None:
    year.started()
    with transaction(year.engine, AUTHORITY, writes=False) as session:
        scene = year.scene_of(session)
        for period, said in CASES:
            made = figures(scene, period)
            assert made.beginning == said
            assert (made.beginning in made.notes) is bool(said)
            under = [name for name, one in made.printed.items() if any("the start (" in note for note in one.notes)]
            assert under == (["replies", "outcomes", "reviews_by_year", "around_reviews"] if said else [])
        assert public_figures(scene, YEAR).beginning == SENTENCE
        elsewhere = replace(scene, rules=load_procedures("southwark"), now=utc("2025-06-01"))
        said = "Counted from Mon 16 Jun 2025, when Southwark begins to use it; South team from Mon 15 Sep 2025."
        assert figures(elsewhere, YEAR).beginning == said


def test_the_report_says_it_once_in_front_and_not_as_something_odd(year: Year) -> None:
    year.started()
    with transaction(year.engine, AUTHORITY, writes=False) as session:
        report = gathered(year.scene_of(session), year_of(YEAR.first), YEAR, public=False)
    said = "\n".join(part.text for one in report.paper.chapters for part in one.parts if isinstance(part, Paragraph))
    assert not any("start (" in str(part) for part in report.paper.chapters[-2].parts)
    assert said.count("Counted from Mon 16 Jun 2025") == 1
    assert "Stage 1: 3 requests for a reply, answered 3 of 3" in said
    assert "; 3 more fell due before the start." in said


def test_a_review_still_open_from_before_is_named_as_that(year: Year) -> None:
    year.reviews.review(BEFORE.isoformat())
    year.reviews.review(AFTER.isoformat(), child_id=year.reviews.cast.children[OTHER_CHILD])
    year.reviews.review(AFTER.isoformat())
    year.started()
    with transaction(year.engine, AUTHORITY, writes=False) as session:
        scene = year.scene_of(session)
        made = figures(scene, YEAR)
        found = {one.what: one.rows for one in data_quality(scene, YEAR, made)}
    assert found["Reviews due, and not held yet"] == (f"{CHILD} (2025-07-14)",)
    assert found["Reviews due before the start, and not held yet"] == (
        f"{CHILD} (2025-05-12)", f"{OTHER_CHILD} (2025-07-14)",
    )  # fmt: skip
    assert "Reviews due in the period, not held yet and in no table: 1." in made.notes


def test_the_chat_says_it_over_every_table_and_lists_what_is_counted(year: Year) -> None:
    year.started()
    keys = count()

    def asked(deed: str, subject: str, **values: str) -> str:
        request = Request(
            authority=AUTHORITY, person_id=year.concerns.cast.people[IRO_MANAGER], platform="bench", deed=deed,
            key=f"key {next(keys)}", subject=subject, values=values,
        )  # fmt: skip
        return words(answer(Office(engine=year.engine, clock=lambda: NOW), request))

    assert "Counted from Mon 16 Jun 2025" in asked("iro.figures", "2025-26")
    shown = asked("iro.figures.table", "2025-26@replies")
    assert "Counted from Mon 16 Jun 2025" in shown
    assert "Before the start" in shown
    assert "Counted from Mon 16 Jun 2025" in asked("iro.quarter", "2025-26 Q1")
    for row, column, numbers in (("0", "in_time", "2 3 6"), ("1", "replied", "1 4 5")):
        behind = asked("iro.figures.rows", "2025-26@replies", row=row, column=column)
        assert [f"C-{one} (" in behind for one in range(1, 7)] == [str(one) in numbers for one in range(1, 7)]
    for table, row, column in (("around_reviews", "0", "done"), ("around_reviews", "4", "due")):
        behind = asked("iro.figures.rows", f"2025-26@{table}", row=row, column=column)
        assert behind.count(f"{CHILD}, ") == 2
        assert behind.count(f"{OTHER_CHILD}, ") == 1
    behind = asked("iro.figures.rows", "2025-26@outcomes", row="0", column="on_record")
    assert [f"C-{one} (" in behind for one in range(1, 7)] == [False, True, True, False, False, True]
