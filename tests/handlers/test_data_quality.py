"""The data-quality page names every row that is incomplete or disagrees, and every printed total that differs."""

import json
from datetime import date
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import Settings
from handlers.figures.making import figures
from handlers.figures.printed_import import import_printed
from handlers.figures.quality import data_quality
from handlers.imports.outcome import ImportRefused
from storage.children import Child
from storage.concerns import ConcernState, Outcome
from storage.contacts import Contact, ContactKind
from storage.database import transaction
from storage.reviews import Participation
from storage.stage_runs import RunKind
from tests.cast import AUTHORITY, CHILD, IRO, OTHER_CHILD, settle
from tests.handlers.test_figures import MAY, NOW, YEAR, noon
from tests.handlers.test_figures import Records as ConcernRecords
from tests.handlers.test_review_figures import Records as ReviewRecords
from tests.nottinghamshire_year import nottinghamshire_year
from tests.rotherham_year import IRO as ROTHERHAM_IRO
from tests.rotherham_year import rotherham_year
from tests.terms_left import as_read

STAFF = f"email,name,roles,manager_email\n{ROTHERHAM_IRO},Ann Lee,iro,\n"
PRINTED = "from,to,table,row,column,printed,source\n"


@pytest.fixture
def _command_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder of its own and no settings but the keys."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("ENCRYPTION_KEYS", Fernet.generate_key().decode())


def done(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), prog_name="iro-bot")
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.slow
@pytest.mark.usefixtures("_command_line")
def test_rotherhams_printed_total_is_named_where_its_rows_come_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCEDURES", "rotherham")
    printed = {"informal": 66, "stage_1": 113, "stage_2": 19, "stage_3": 1, "cafcass": 0}
    lines = [f"2015-04-01,2016-03-31,concerns_by_month,total,{key},{n},Report 15.7\n" for key, n in printed.items()]
    for name, text in (("staff", STAFF), ("concerns", rotherham_year()), ("printed", PRINTED + "".join(lines))):
        Path(f"{name}.csv").write_text(text, encoding="utf-8")
    done("migrate")
    for name in ("staff", "concerns", "printed"):
        done("import", name, f"{name}.csv")

    said = json.loads(done("figures", "--from", "2015-04-01", "--to", "2016-03-31", "--json"))["notes"]
    assert [note for note in said if "is printed for" in note] == [
        "Data quality: 113 is printed for concerns_by_month, total, stage_1 (Report 15.7); "
        "the rows come to 114, 1 more."
    ]
    assert "0 added, 0 changed, 5 unchanged" in done("import", "printed", "printed.csv")


@pytest.mark.slow
@pytest.mark.usefixtures("_command_line")
def test_nottinghamshires_printed_quarters_are_named_where_they_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCEDURES", "nottinghamshire")
    totals = {"q1": 655, "q2": 606, "q3": 669, "q4": 617}
    lines = [f"2022-04-01,2023-03-31,participation,total,{quarter},{n},\n" for quarter, n in totals.items()]
    lines.append('2022-04-01,2023-03-31,reviews_by_year,2022-23,reviews,"2,409",prose\n')
    Path("reviews.csv").write_text(nottinghamshire_year(), encoding="utf-8")
    Path("printed.csv").write_text(PRINTED + "".join(lines), encoding="utf-8")
    done("migrate")
    done("import", "reviews", "reviews.csv")
    done("import", "printed", "printed.csv")

    said = done("figures", "--from", "2022-04-01", "--to", "2023-03-31")
    assert [line[2:] for line in said.splitlines() if "is printed for" in line] == [
        "606 is printed for participation, total, q2; the rows come to 605, 1 fewer.",
        "669 is printed for participation, total, q3; the rows come to 691, 22 more.",
        "617 is printed for participation, total, q4; the rows come to 616, 1 fewer.",
        "2,409 is printed for reviews_by_year, 2022-23, reviews (prose); the rows come to 2,567, 158 more.",
    ]


@pytest.fixture
def records(engine: Engine) -> ConcernRecords:
    """A database with the cast and nothing else."""
    return ConcernRecords(engine, settle(engine))


def found(records: ConcernRecords) -> dict[str, tuple[str, ...]]:
    with transaction(records.engine, AUTHORITY, writes=False) as session:
        scene = records.scene(session)
        return {as_read(one.what): one.rows for one in data_quality(scene, YEAR, figures(scene, YEAR))}


def test_every_incomplete_concern_is_named(records: ConcernRecords) -> None:
    good = records.concern(MAY, team="North", highest_stage=1)
    records.run(good, 1, noon(MAY))
    records.reason(good, "care_planning", main=True)
    assert "Concerns without any reason" not in found(records)

    odd = records.concern(
        MAY, state=ConcernState.CLOSED, closed_at=noon(date(2025, 5, 1)), imported_reference="OLD-1", highest_stage=2
    )
    records.run(odd, 1, noon(date(2025, 5, 2)), RunKind.ENTRY)
    gone = records.concern(MAY, team="North", state=ConcernState.CLOSED, closed_at=NOW, outcome=Outcome.WITHDRAWN)
    records.run(gone, 0, noon(MAY))
    records.reason(gone, "care_planning", main=False)
    what = found(records)
    assert what["Concerns without any reason"] == ("C-2 (OLD-1)",)
    assert what["Concerns with reasons and no main reason"] == ("C-3",)
    assert what["Concerns without a team"] == ("C-2 (OLD-1)",)
    assert what["Concerns closed without an outcome"] == ("C-2 (OLD-1)",)
    assert what["Concerns withdrawn since, and still counted as raised"] == ("C-3",)
    assert what["Concerns closed before they were raised, or before a stage they came to"] == ("C-2 (OLD-1)",)
    assert what["Concerns that came to a stage before they were raised"] == ("C-2 (OLD-1)",)
    assert what["Concerns whose highest stage is none they came to"] == ("C-2 (OLD-1)",)
    assert "Main reasons explain 0 of 2 informal concerns." not in what


def test_reasons_that_explain_fewer_concerns_than_there_are_say_so(records: ConcernRecords) -> None:
    for named in (True, False):
        one = records.concern(MAY)
        if named:
            records.reason(one, "care_planning", main=True)
    assert "Main reasons explain 1 of 2 informal concerns." in found(records)


def test_every_incomplete_review_and_child_is_named(records: ConcernRecords) -> None:
    made = ReviewRecords(records.engine, records.cast)
    made.child(CHILD, looked_after_from=date(2024, 1, 1), born="2023-05")
    made.child(OTHER_CHILD, iro_id=None, holder_id=None)
    made.held("2025-05-06", participation=Participation.PN1)
    made.held("2025-06-06", participation=Participation.PN0, in_time=False)
    made.held("2025-07-07", participation=Participation.PN0, in_time=None, due_on=date(2025, 7, 1))
    made.held("2025-08-08", due_on=date(2025, 8, 1), child_id=records.cast.children[OTHER_CHILD])
    made.review("2025-09-09")
    made.put(Child(reference="ZZ-9001", historical=True))
    made.put(
        Contact(
            child_id=records.cast.children[CHILD],
            kind=ContactKind.SEEN,
            happened_on=date(2025, 5, 5),
            by_id=records.cast.people[IRO],
            recorded_at=NOW,
        )
    )
    what = found(records)
    assert what["Reviews whose code disagrees with the child's age (PN0: under four)"] == (f"{CHILD} (2025-05-06)",)
    assert what["Reviews held late without a reason"] == (f"{CHILD} (2025-06-06)",)
    assert what["Reviews of which it is not known whether they were in time"] == (f"{CHILD} (2025-07-07)",)
    assert what["Reviews without a code of taking part"] == (f"{OTHER_CHILD} (2025-08-08)",)
    assert what["Reviews whose days disagree with what is recorded as in time or late"] == (
        f"{CHILD} (2025-06-06)",
        f"{OTHER_CHILD} (2025-08-08)",
    )
    assert what["Reviews due, and not held yet"] == (f"{CHILD} (2025-09-09)",)
    assert what["Contacts without a team"] == (f"{CHILD} (2025-05-05)",)
    assert what["Children in care now without a reviewing officer"] == (OTHER_CHILD,)
    assert what["Children in care now whom nobody holds"] == (OTHER_CHILD,)
    assert what["Children in care now of whom it is not known since when"] == (OTHER_CHILD,)


def test_a_printed_total_of_no_table_is_refused_and_of_no_row_is_named(records: ConcernRecords) -> None:
    with transaction(records.engine, AUTHORITY) as session:
        scene = records.scene(session)
        with pytest.raises(ImportRefused) as refused:
            import_printed(scene, f"{PRINTED}2025-04-01,2026-03-31,nothing,total,informal,many,\n")
        assert {one.column for one in refused.value.problems} == {"table", "printed"}
        import_printed(scene, f"{PRINTED}2025-04-01,2026-03-31,outcomes,abandoned,concerns,3,\n")
    what = found(records)
    assert "3 is printed for outcomes, abandoned, concerns: there is no such number here." in what
