"""Past concerns come in from a file: all rows or none, once, silently."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from handlers.history_import import Imported, import_history
from handlers.imports import ImportRefused
from handlers.office import Scene, rules_in_force
from storage import concerns, history, referrals, replies, stage_runs
from storage.children import Child, by_reference
from storage.concerns import Concern, ConcernState, Outcome
from storage.database import transaction
from storage.nudges import Nudge
from storage.outbox import Outbox
from tests.cast import AUTHORITY, CHILD, settle

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
IRO = "ann.lee@anyshire.example"
HEADER = "reference,child,raised_on,raised_by,main_reason,other_reasons,informal_on,stage_1_on,stage_2_on"
TAIL = "cafcass_on,replied_on,closed_on,outcome,agency,significant_harm"


@pytest.fixture
def engine(engine: Engine) -> Engine:
    """A database with the cast in it."""
    settle(engine)
    return engine


def imported(engine: Engine, *rows: str, header: str = f"{HEADER},{TAIL}") -> Imported:
    with transaction(engine, AUTHORITY) as session:
        return import_history(scene(session), "\n".join([header, *rows]))


def scene(session: Session) -> Scene:
    return Scene(session=session, now=NOW, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))


def problems(engine: Engine, *rows: str, header: str = f"{HEADER},{TAIL}") -> list[str]:
    with pytest.raises(ImportRefused) as refused:
        imported(engine, *rows, header=header)
    return [str(problem) for problem in refused.value.problems]


def how_many(session: Session, table: type[Concern | Child | Nudge | Outbox]) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


CLOSED = f"OLD-7,{CHILD},02/04/2025,{IRO},drift_and_delay,Other,2025-04-02,2025-04-10,2025-05-01,"
CLOSED += "2025-05-03,2025-05-06,2025-06-02,Partly resolved,Health,yes"


def test_a_closed_concern_is_kept_with_its_stages_reply_referral_and_outcome(engine: Engine) -> None:
    assert imported(engine, CLOSED) == Imported(added=1, unchanged=0, children=0)

    with transaction(engine, AUTHORITY, writes=False) as session:
        kept = concerns.by_number(session, 1)
        assert kept is not None
        assert kept.id is not None
        runs = stage_runs.of_concern(session, kept.id)
        answers = replies.of_concern(session, kept.id)
        beside = referrals.of_concern(session, kept.id)
        reasons = [(one.reason, one.main) for one in concerns.reasons_of(session, kept.id)]
    assert (kept.imported_reference, kept.state, kept.outcome) == (
        "OLD-7",
        ConcernState.CLOSED,
        Outcome.PARTLY_RESOLVED,
    )
    assert kept.imported
    assert kept.significant_harm
    assert kept.agency == "Health"
    assert kept.closed_at == datetime(2025, 6, 2, 11, tzinfo=UTC)
    assert kept.highest_stage == 2
    assert kept.run_id == runs[-1].id
    assert [(run.number, run.started_at.date(), run.due_at) for run in runs] == [
        (0, date(2025, 4, 2), None),
        (1, date(2025, 4, 10), None),
        (2, date(2025, 5, 1), None),
    ]
    assert [run.ended_at for run in runs] == [runs[1].started_at, runs[2].started_at, kept.closed_at]
    assert [(reply.run_id, reply.person_id, reply.given_at.date()) for reply in answers] == [
        (runs[-1].id, None, date(2025, 5, 6))
    ]
    assert [one.happened_on for one in beside] == [date(2025, 5, 3)]
    assert reasons == [("drift_and_delay", True), ("other", False)]


def test_an_open_concern_stands_at_its_last_stage_without_a_clock(engine: Engine) -> None:
    imported(engine, f"OLD-8,{CHILD},2026-11-02,{IRO},,,,2026-11-02,,,,,,,")

    with transaction(engine, AUTHORITY, writes=False) as session:
        kept = concerns.by_number(session, 1)
        assert kept is not None
        assert kept.state is ConcernState.WAITING
        assert kept.limit_at is None
        runs = stage_runs.of_concern(session, kept.id or 0)
    assert [(run.number, run.due_at, run.ended_at) for run in runs] == [(1, None, None)]


def test_nobody_is_told_and_nothing_is_planned(engine: Engine) -> None:
    imported(engine, CLOSED, f"OLD-8,{CHILD},2026-11-02,{IRO},,,,2026-11-02,,,,,,,")

    with transaction(engine, AUTHORITY, writes=False) as session:
        assert how_many(session, Outbox) == 0
        assert how_many(session, Nudge) == 0


def test_importing_again_changes_nothing(engine: Engine) -> None:
    imported(engine, CLOSED)

    assert imported(engine, CLOSED) == Imported(added=0, unchanged=1, children=0)
    with transaction(engine, AUTHORITY, writes=False) as session:
        assert how_many(session, Concern) == 1
        assert len(history.entries(session, "authority")) == 1


def test_the_import_is_recorded_with_how_many_and_which_numbers(engine: Engine) -> None:
    imported(engine, CLOSED)

    with transaction(engine, AUTHORITY, writes=False) as session:
        entry = history.entries(session, "authority")[-1]
    assert entry.what == "concerns imported"
    assert '"first":1' in entry.details
    assert '"last":1' in entry.details


def test_an_unknown_child_is_created_as_historical_once(engine: Engine) -> None:
    rows = [f"OLD-{n},ZZ-900{n % 2},2025-04-0{n},{IRO},,,,2025-05-01,,,,,,," for n in range(1, 5)]

    assert imported(engine, *rows) == Imported(added=4, unchanged=0, children=2, open=4)
    with transaction(engine, AUTHORITY, writes=False) as session:
        child = by_reference(session, "ZZ-9001")
        assert child is not None
        assert child.historical
        numbers = session.exec(select(Concern.number).where(Concern.child_id == child.id).order_by(col(Concern.number)))
        assert list(numbers) == [1, 3]


def test_a_concern_about_the_service_has_no_child(engine: Engine) -> None:
    imported(engine, f"OLD-9,service,2025-04-01,{IRO},,,,2025-04-01,,,,,,,")

    with transaction(engine, AUTHORITY, writes=False) as session:
        kept = concerns.by_number(session, 1)
        assert kept is not None
        assert (kept.about_service, kept.child_id) == (True, None)


def test_new_concerns_are_numbered_after_those_imported(engine: Engine) -> None:
    imported(engine, CLOSED)
    imported(engine, f"OLD-8,{CHILD},2026-11-02,{IRO},,,,2026-11-02,,,,,,,")

    with transaction(engine, AUTHORITY, writes=False) as session:
        assert sorted(session.exec(select(Concern.number))) == [1, 2]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (f",{CHILD},2025-04-01,{IRO},,,2025-04-01,,,,,,,,", "line 2, reference: it is empty"),
        (f"A,AB-1042x,2025-04-01,{IRO},,,2025-04-01,,,,,,,,", "line 2, child: it must be a child's reference"),
        (f"A,{CHILD},01/13/2025,{IRO},,,2025-04-01,,,,,,,,", "line 2, raised_on: it is no date"),
        (f"A,{CHILD},2027-04-01,{IRO},,,2025-04-01,,,,,,,,", "line 2, raised_on: it lies in the future"),
        (f"A,{CHILD},2025-04-01,x@y.example,,,2025-04-01,,,,,,,,", "line 2, raised_by: nobody has this"),
        (f"A,{CHILD},2025-04-01,{IRO},boredom,,2025-04-01,,,,,,,,", "line 2, main_reason: it is no reason"),
        (f"A,{CHILD},2025-04-01,{IRO},,,2025-03-31,,,,,,,,", "line 2, informal_on: it is before raised_on"),
        (f"A,{CHILD},2025-04-01,{IRO},,,,2025-04-09,2025-04-08,,,,,,", "stage_2_on: it is before stage_1_on"),
        (f"A,{CHILD},2025-04-01,{IRO},,,,2025-04-09,,,,2025-04-08,,,", "closed_on: it is before stage_1_on"),
        (f"A,{CHILD},2025-04-01,{IRO},,,,2025-04-01,,,,,resolved,,", "outcome: the concern is not closed"),
        (f"A,{CHILD},2025-04-01,{IRO},,,,2025-04-01,,,,2025-05-01,fine,,", "outcome: write one of: resolved"),
        (f"A,{CHILD},2025-04-01,{IRO},,,,2025-04-01,,,,,,,perhaps", "significant_harm: write yes or no"),
        (f"A,{CHILD},2025-04-01,{IRO},,,,,,,,,,,", "informal_on: the row has no stage"),
        (f"A,{CHILD},2025-04-01", "line 2: has 3 values, the header 15"),
    ],
)
def test_a_wrong_row_is_named_with_line_column_and_what_to_do(engine: Engine, row: str, said: str) -> None:
    found = problems(engine, row)

    assert len(found) == 1
    assert said in found[0]


def test_one_wrong_row_keeps_all_rows_out(engine: Engine) -> None:
    found = problems(engine, CLOSED, f"OLD-7,{CHILD},2025-04-01,{IRO},,,2025-04-01,,,,,,,,")

    assert found == ["line 3, reference: it stands on line 2 too: each row needs its own"]
    with transaction(engine, AUTHORITY, writes=False) as session:
        assert how_many(session, Concern) == 0


def test_a_stage_the_procedures_do_not_have_is_one_clear_problem(engine: Engine) -> None:
    found = problems(engine, CLOSED, header=f"{HEADER},stage_7_on,{TAIL}")

    assert len(found) == 1
    assert found[0].startswith("line 1, stage_7_on: the procedures IRO Handbook have no stage 7")


def test_a_misspelt_column_is_named_with_the_nearest(engine: Engine) -> None:
    found = problems(engine, header="reference,child,raised_on,raised_by,close_on")

    assert found == ["line 1, close_on: is no column of this file; did you mean closed_on?"]


def test_a_missing_column_is_named(engine: Engine) -> None:
    found = problems(engine, header="reference,child,raised_on")

    assert found == ["line 1, raised_by: is missing: the file needs reference, child, raised_on, raised_by"]
