"""One row that cannot be worked out is left out and named, wherever it would stand; everything else goes on.

Each way in which a row can be broken meets each list, day, file and duty.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest
from sqlmodel import SQLModel, col, select, update

from bot.housekeeping import Housekeeping
from handlers import undrawn
from handlers.export.as_json import as_json
from handlers.export.child_file import export_child
from handlers.export.concern_file import export_concern
from handlers.figures.making import UNKNOWN_RULES, figures
from handlers.figures.period import Period
from handlers.figures.reporting_years import ReportingYear
from handlers.missing_nudges import plan_missing
from handlers.odd_rows import examined
from handlers.office import Desk
from handlers.report.gathering import gathered
from handlers.upcoming import rehearse
from storage import nudges, people
from storage.concerns import Concern, ConcernState
from storage.database import transaction
from storage.encrypted import UNREADABLE, KeysWrong
from storage.stage_runs import StageRun
from tests.bench import Bench, utc, words
from tests.cast import AUTHORITY, CHILD, IRO, IRO_MANAGER, OTHER_CHILD, SOCIAL_WORKER, SUPPORT, TEAM_MANAGER
from tests.handlers.reviews.steps import in_care, scene_of
from tests.handlers.steps import DONE, field, form, logged


def broken(bench: Bench, table: type[SQLModel], **columns: object) -> None:
    """Change the row of the first concern, or its run, by hand."""
    with transaction(bench.engine, AUTHORITY) as session:
        run_id = session.exec(select(Concern.run_id).where(Concern.number == 1)).one()
        which = col(Concern.number) == 1 if table is Concern else col(StageRun.id) == run_id
        session.execute(update(table).where(which).values(**columns))


def no_rules(bench: Bench) -> None:
    broken(bench, Concern, procedures_digest="gone")


def unreadable_words(bench: Bench) -> None:
    with bench.engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("UPDATE concerns SET worries = 'gAAAA', needs = 'gAAAA' WHERE number = 1")


def no_run(bench: Bench) -> None:
    broken(bench, Concern, run_id=None)


def no_plan(bench: Bench) -> None:
    broken(bench, Concern, state=ConcernState.PLANNED)


def no_such_stage(bench: Bench) -> None:
    broken(bench, StageRun, number=99)


def no_such_day(bench: Bench) -> None:
    broken(bench, StageRun, due_at=utc("2999-01-01"), extensions=1)


YEAR = Period(first=date(2026, 4, 1), last=date(2027, 3, 31))
BREAKS = (no_rules, unreadable_words, no_run, no_plan, no_such_stage, no_such_day)


def broken_by(*always: Callable[[Bench], None]) -> pytest.MarkDecorator:
    """In these ways each time, and in the others with THOROUGH=1."""
    return pytest.mark.parametrize(
        "breaks",
        [pytest.param(one, id=one.__name__, marks=() if one in always else pytest.mark.slow) for one in BREAKS],
    )


PEOPLE = (IRO, SOCIAL_WORKER, TEAM_MANAGER, IRO_MANAGER, SUPPORT)
COMMANDS = (
    *((who, line) for who in PEOPLE for line in ("/concern list", "/iro day", "/iro help", "/review list")),
    (IRO, "/concern list closed"),
    (IRO, "/concern list overdue"),
    (TEAM_MANAGER, "/concern list team"),
    (IRO_MANAGER, "/concern list team"),
    (IRO, f"/concern {CHILD}"),
    (IRO, f"/review {CHILD}"),
    (IRO, f"/iro child {CHILD}"),
    (IRO, "/iro check"),
    (IRO_MANAGER, "/caseload"),
    (IRO_MANAGER, "/caseload @Ann Lee"),
    (TEAM_MANAGER, "/caseload @Sam Okoro"),
    (IRO_MANAGER, "/iro figures"),
    (IRO_MANAGER, "/iro report"),
    (IRO, "/concern C-2"),
    (IRO, "/concern C-2 history"),
    (IRO, "/concern C-1"),
)


@pytest.fixture(autouse=True)
def _nothing_is_odd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undrawn, "_NOTED", {})


@pytest.fixture
def two(bench: Bench) -> Bench:
    """Two concerns about a child."""
    for _ in range(2):
        logged(bench, 1)
    return bench


@pytest.fixture
def council(two: Bench) -> Bench:
    """Three concerns about two children, two of them about one, on the day on which their replies are due."""
    in_care(two, "2026-11-16", OTHER_CHILD)
    logged(two, 1, about=OTHER_CHILD)
    two.wake_on_day(date(2026, 12, 21))
    return two


@pytest.mark.slow
@broken_by(unreadable_words)
def test_one_broken_row_takes_no_list_day_or_duty_with_it(council: Bench, breaks: Callable[[Bench], None]) -> None:
    breaks(council)
    said = {(who, line): words(council.command(who, line)) for who, line in COMMANDS}
    for who in (IRO, TEAM_MANAGER):
        assert "C-2" in said[who, "/iro day"]
        assert "C-2" in said[who, "/concern list"]
    assert "C-1" in said[IRO, "/concern list"]
    assert "C-2" in exported(council, "C-2")
    file = exported(council, CHILD)
    assert "C-1" in file, "it is in it, or said to be left out"
    assert "C-2" in file
    assert {"reasons", "open_by_age", "replies"} <= {*reported(council)}
    Housekeeping(council.engine).daily(council.now + timedelta(days=1))
    plan_missing(council.engine, AUTHORITY, council.now)


@broken_by()
def test_the_others_are_acted_upon_and_the_morning_goes_out(council: Bench, breaks: Callable[[Bench], None]) -> None:
    breaks(council)
    with transaction(council.engine, AUTHORITY, writes=False) as session:
        broken_id = session.exec(select(Concern.id).where(Concern.number == 1)).one()
    with transaction(council.engine, AUTHORITY) as session:
        nudges.forget(session, f"concern:{broken_id}")  # the sweep puts off what fails; here nothing would
    council.forget()
    council.go_to_day(date(2026, 12, 22))
    assert any("C-2" in one.title and "No reply" in one.title for one in council.inbox(IRO))
    assert any(one.title.startswith("Your day") for one in council.inbox(TEAM_MANAGER))


@pytest.mark.parametrize("breaks", [unreadable_words, no_such_stage], ids=lambda one: one.__name__)
def test_it_is_named_for_administrators(two: Bench, breaks: Callable[[Bench], None]) -> None:
    breaks(two)
    with transaction(two.engine, AUTHORITY, writes=False) as session:
        named = {one.name for one in examined(scene_of(two, session))}
    assert "C-1" in named
    assert "C-2" not in named


def test_the_figures_say_of_which_concerns_the_procedures_cannot_be_read(two: Bench) -> None:
    no_rules(two)
    with transaction(two.engine, AUTHORITY, writes=False) as session:
        made = figures(scene_of(two, session), YEAR)
    assert f"{UNKNOWN_RULES}: 1 (C-1)." in made.notes


def test_words_that_no_key_opens_say_so_where_they_would_stand_and_are_never_written_over(two: Bench) -> None:
    unreadable_words(two)
    assert UNREADABLE in words(two.command(IRO, "/concern C-1"))
    assert "C-1: words" in undrawn.not_drawn(AUTHORITY)
    before = lying(two)
    as_it_was_read(two, "")
    with pytest.raises(KeysWrong):
        as_it_was_read(two, " And more.")
    assert lying(two) == before


def test_who_replies_reads_that_the_words_cannot_be_read_and_replies_all_the_same(two: Bench) -> None:
    unreadable_words(two)
    opened = form(two.command(TEAM_MANAGER, "/concern C-1 reply"))
    assert field(opened, "worry").text == UNREADABLE
    assert "C-1: words" in undrawn.not_drawn(AUTHORITY)
    assert "is with the IRO" in words(two.submit(TEAM_MANAGER, opened, {"answer": DONE, "words": "Words."}))


def as_it_was_read(bench: Bench, more: str) -> None:
    """A form that begins with what was read is sent back, with more or without."""
    with transaction(bench.engine, AUTHORITY) as session:
        concern = session.exec(select(Concern).where(Concern.number == 1)).one()
        concern.worries = "".join([concern.worries or "", more])
        session.add(concern)


def lying(bench: Bench) -> list[object]:
    with bench.engine.connect() as connection:
        return [*connection.exec_driver_sql("SELECT worries, needs FROM concerns WHERE number = 1").one()]


def test_a_person_may_write_that_very_sentence(two: Bench) -> None:
    with transaction(two.engine, AUTHORITY) as session:
        concern = session.exec(select(Concern).where(Concern.number == 2)).one()
        concern.worries = UNREADABLE
        session.add(concern)
    assert UNREADABLE in words(two.command(IRO, "/concern C-2"))
    assert undrawn.not_drawn(AUTHORITY) == []


def test_what_would_be_sent_is_told_of_the_others(two: Bench) -> None:
    no_rules(two)
    with transaction(two.engine, AUTHORITY) as session:
        found = list(rehearse(session, AUTHORITY, two.now, date(2026, 12, 22)))
        session.rollback()
    assert any("C-2" in one.what for one in found)
    assert any(one.what.startswith("C-1 cannot be worked out") for one in found)


def exported(bench: Bench, reference: str) -> str:
    """The file of a child, or of a concern, as text."""
    with transaction(bench.engine, AUTHORITY) as session:
        actor = people.get(session, bench.cast.people[IRO])
        assert actor is not None
        scene = scene_of(bench, session)
        desk = Desk(session=session, now=bench.now, authority=AUTHORITY, rules=scene.rules, actor=actor)
        if reference.startswith("C-"):
            return as_json(export_concern(desk, reference, "Asked for."))
        return as_json(export_child(desk, reference, "Asked for."))


def reported(bench: Bench) -> Mapping[str, object]:
    """The tables of the year's report, which quotes people too."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        return gathered(scene_of(bench, session), ReportingYear(begins=2026), YEAR, public=False).tables
