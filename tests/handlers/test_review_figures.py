"""The figures about reviews: a printed year comes back through the command line, and each table counts by its rule."""

import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine
from sqlmodel import SQLModel
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import Settings
from handlers.figures.making import figures
from handlers.figures.period import Period
from handlers.figures.public import public_figures
from handlers.figures.reporting_years import quarter_name, years_to
from handlers.figures.shares import share
from handlers.figures.tables import Figures, Row
from handlers.office import Scene, rules_in_force
from handlers.refusals import Refused
from handlers.review_import import import_reviews
from scheduling.procedures import parse_procedures, shipped_text
from storage.children import Child, by_reference
from storage.contacts import Contact, ContactKind
from storage.database import transaction
from storage.decisions import Decision, DecisionState
from storage.review_tasks import ReviewTask
from storage.reviews import Order, Participation, Review, ReviewMove, ReviewState
from tests.cast import AUTHORITY, CHILD, IRO, OTHER_CHILD, Cast, settle
from tests.databases import SERVER, WORKER, drop_scratch_database, make_scratch_database
from tests.nottinghamshire_year import nottinghamshire_year, printed_cells

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
YEAR = Period(first=date(2025, 4, 1), last=date(2026, 3, 31))
QUARTERS = ("q1", "q2", "q3", "q4")
STAFF = """email,name,roles,manager_email
dora.king@anyshire.example,Dora King,director,
ann.lee@anyshire.example,Ann Lee,iro,dora.king@anyshire.example
sam.okoro@anyshire.example,Sam Okoro,social_worker,dora.king@anyshire.example
"""
CHILDREN = """reference,looked_after_from,iro_email,holder_email
AB-1042,2025-03-03,ann.lee@anyshire.example,sam.okoro@anyshire.example
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def _command_line(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A folder and a database of its own, and no other settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    if request.param == "sqlite":
        yield
        return
    name = f"{WORKER}_reviews"
    if not make_scratch_database(name):
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail("no PostgreSQL answers")
        pytest.skip("no PostgreSQL answers")
    monkeypatch.setenv("DATABASE_URL", f"{SERVER.rpartition('/')[0]}/{name}")
    yield
    drop_scratch_database(name)


def done(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), prog_name="iro-bot")
    assert result.exit_code == 0, result.output
    return result.stdout


def tables_of(first: str, last: str) -> Mapping[str, list[dict[str, object]]]:
    printed: dict[str, Mapping[str, list[dict[str, object]]]] = json.loads(
        done("figures", "--from", first, "--to", last, "--json")
    )
    return printed["tables"]


@pytest.mark.slow
@pytest.mark.usefixtures("_command_line")
def test_a_printed_year_of_participation_comes_back_with_right_totals_and_shares(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PROCEDURES", "nottinghamshire")
    Path("reviews.csv").write_text(nottinghamshire_year(), encoding="utf-8")
    done("migrate")

    assert "Nothing was changed (dry run)" in done("import", "reviews", "reviews.csv", "--dry-run")
    assert done("import", "reviews", "reviews.csv").startswith("2567 reviews added, 0 known before, 2567 children")
    tables = tables_of("2022-04-01", "2023-03-31")
    rows = {str(row["code"]): row for row in tables["participation"]}
    for cell in printed_cells():
        found = rows[cell["code"]]
        assert {name: str(found[name]) for name in ("code", "label", *QUARTERS)} == cell
    assert [rows["total"][quarter] for quarter in (*QUARTERS, "total")] == [655, 605, 691, 616, 2567]
    assert [rows["base"][quarter] for quarter in (*QUARTERS, "total")] == [547, 507, 592, 518, 2164]
    assert rows["PN6"]["share_q2"] == 45.0  # 228 of 507; the printed 44.9 is of 508, a total that was one too high
    assert rows["PN6"]["share_q1"] == 46.1  # 252 of 547
    assert rows["PN7"]["share_total"] == 5.5  # 118 of 2,164
    assert [rows["PN0"][f"share_{quarter}"] for quarter in (*QUARTERS, "total")] == [None] * 5
    (year,) = tables["reviews_by_year"]
    assert (year["year"], year["reviews"], year["participated"], year["participated_share"]) == (
        "2022-23",
        2567,
        2038,
        94.2,
    )
    assert (year["in_time"], year["in_time_share"]) == (2479, 96.6)  # every twenty-ninth of 2,567 is late: 88
    assert tables["review_late_reasons"] == [{"reason": "Lack of documents", "reviews": 88}]

    assert done("import", "reviews", "reviews.csv").startswith("0 reviews added, 2567 known before")
    assert tables_of("2022-04-01", "2023-03-31") == tables


@pytest.mark.usefixtures("_command_line")
def test_a_child_s_file_is_written_for_its_owner_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCRYPTION_KEYS", Fernet.generate_key().decode())
    for name, text in (("staff", STAFF), ("children", CHILDREN)):
        Path(f"{name}.csv").write_text(text, encoding="utf-8")
    Path("reviews.csv").write_text(
        "child,kind,due_on,held_on,participation\nAB-1042,first,2025-03-31,2025-03-28,PN1\n", encoding="utf-8"
    )
    done("migrate")
    for name in ("staff", "children", "reviews"):
        done("import", name, f"{name}.csv")

    given = ("AB-1042", "--out", "files", "--as", "ann.lee@anyshire.example", "--reason", "For the case record")
    written = [Path(line) for line in done("export", "child", *given).splitlines()]
    assert [path.name for path in written] == ["child-AB-1042.docx", "child-AB-1042.md", "child-AB-1042.json"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}
    assert "First review held on Fri 28 Mar 2025, in time" in written[1].read_text(encoding="utf-8")
    stranger = CliRunner().invoke(app, ["export", "child", *given[:4], "bo@anyshire.example", *given[5:]])
    assert stranger.exit_code == 1
    assert "Nobody in service has the address" in stranger.stderr


@dataclass
class Records:
    """Puts reviews and what belongs to them straight into the database."""

    engine: Engine
    cast: Cast

    def held(self, on: str, **more: object) -> int:
        day = date.fromisoformat(on)
        given: dict[str, object] = {"state": ReviewState.HELD, "held_on": day, "completed_on": day, "in_time": True}
        return self.review(on, **(given | more))

    def review(self, due_on: str, /, **more: object) -> int:
        given: dict[str, object] = {
            "child_id": self.cast.children[CHILD],
            "state": ReviewState.DUE,
            "track": "looked_after",
            "order": Order.LATER,
            "rule": "later_reviews",
            "due_on": date.fromisoformat(due_on),
            "created_at": NOW,
        }
        row = Review.model_validate(given | more)
        self.put(row)
        assert row.id is not None
        return row.id

    def task(self, review_id: int, task: str, due_on: str, **more: object) -> None:
        given: dict[str, object] = {
            "child_id": self.cast.children[CHILD],
            "review_id": review_id,
            "task": task,
            "owner_role": "iro",
            "due_on": date.fromisoformat(due_on),
        }
        self.put(ReviewTask.model_validate(given | more))

    def put(self, row: SQLModel) -> None:
        with transaction(self.engine, AUTHORITY) as session:
            session.add(row)
            session.flush()
            session.expunge(row)

    def child(self, reference: str, **columns: object) -> None:
        with transaction(self.engine, AUTHORITY) as session:
            child = by_reference(session, reference)
            assert child is not None
            for column, value in columns.items():
                setattr(child, column, value)
            session.add(child)

    def figures(self, period: Period = YEAR) -> Figures:
        with transaction(self.engine, AUTHORITY, writes=False) as session:
            rules = rules_in_force(session, AUTHORITY)
            return figures(Scene(session=session, now=NOW, authority=AUTHORITY, rules=rules), period)

    def table(self, name: str, period: Period = YEAR) -> list[Row]:
        return list(self.figures(period).tables[name])

    def around(self) -> dict[str, tuple[object, object, object]]:
        return {str(row["what"]): (row["due"], row["done"], row["share"]) for row in self.table("around_reviews")}


@pytest.fixture
def records(engine: Engine) -> Records:
    """A database with the cast and no review yet."""
    return Records(engine, settle(engine))


def test_a_year_counts_reviews_and_the_children_all_of_whose_reviews_were_in_time(records: Records) -> None:
    records.held("2025-04-01")
    records.held("2026-03-31", in_time=False)
    records.held("2025-10-01", child_id=records.cast.children[OTHER_CHILD])
    records.held("2026-04-01")
    records.review("2025-05-05")

    (year,) = records.table("reviews_by_year")
    assert (year["year"], year["reviews"], year["in_time"], year["in_time_share"]) == ("2025-26", 3, 2, 66.7)
    assert (year["children"], year["children_in_time"], year["children_in_time_share"]) == (2, 1, 50.0)


def test_a_review_missed_for_good_counts_against_its_child_and_among_no_reviews(records: Records) -> None:
    records.held("2025-05-01")
    records.review("2025-11-01", state=ReviewState.NOT_NEEDED, in_time=False)

    (year,) = records.table("reviews_by_year")
    assert (year["reviews"], year["in_time"], year["children"], year["children_in_time"]) == (1, 1, 1, 0)


def test_taking_part_leaves_out_pn0_and_what_is_not_recorded(records: Records) -> None:
    for code in (*Participation, None):
        records.held("2025-05-01", participation=code)

    (year,) = records.table("reviews_by_year")
    assert (year["participated"], year["participated_share"]) == (5, 71.4)  # all but PN4 and PN7, of PN1 to PN7
    rows = {row["code"]: row for row in records.table("participation")}
    assert (rows["none"]["q1"], rows["base"]["q1"], rows["total"]["q1"]) == (1, 7, 9)


def test_no_reviews_have_no_share(records: Records) -> None:
    (year,) = records.table("reviews_by_year")
    shares = [year[name] for name in ("in_time_share", "children_in_time_share", "participated_share")]
    assert shares == [None, None, None]


def test_there_are_up_to_five_years_the_last_as_far_as_the_period_goes(records: Records) -> None:
    for year in range(2019, 2026):
        records.held(f"{year}-05-01")
    records.held("2026-02-01")

    rows = records.table("reviews_by_year", Period(first=date(2025, 10, 1), last=date(2025, 12, 31)))
    assert [(row["year"], row["reviews"]) for row in rows] == [
        ("2021-22", 1),
        ("2022-23", 1),
        ("2023-24", 1),
        ("2024-25", 1),
        ("2025-26", 1),
    ]
    assert rows[-1]["children_on_31_march"] is None


def test_children_on_31_march_are_those_in_care_on_that_day_or_unknown(records: Records) -> None:
    records.child(CHILD, looked_after_from=date(2026, 3, 31))
    records.child(OTHER_CHILD, looked_after_from=date(2020, 1, 1), left_care_on=date(2026, 3, 31))
    assert records.table("reviews_by_year")[-1]["children_on_31_march"] == 1

    records.put(Child(reference="ZZ-9001", historical=True))
    with transaction(records.engine, AUTHORITY, writes=False) as session:
        historical = by_reference(session, "ZZ-9001")
    assert historical is not None
    records.held("2025-05-01", child_id=historical.id)
    assert records.table("reviews_by_year")[-1]["children_on_31_march"] is None
    assert any("not known since when" in note and "2025-26 (1)" in note for note in records.figures().notes)


def test_late_reviews_are_counted_by_reason_and_moved_ones_by_theirs(records: Records) -> None:
    records.held("2025-05-01", in_time=False, late_reason="IRO turnover")
    records.held("2025-05-02", in_time=False)
    records.held("2024-05-02", in_time=False, late_reason="Other")
    moved, late = records.held("2025-06-02"), records.held("2025-06-01", in_time=False, late_reason="IRO turnover")
    for review_id, to_on in ((moved, date(2025, 6, 1)), (moved, date(2025, 6, 2)), (late, date(2025, 6, 9))):
        records.put(
            ReviewMove(review_id=review_id, from_on=date(2025, 5, 30), to_on=to_on, reason="Other", moved_at=NOW)
        )

    assert records.table("review_late_reasons") == [
        {"reason": "IRO turnover", "reviews": 2},
        {"reason": "not recorded", "reviews": 1},
    ]
    assert records.table("review_moved_reasons") == [{"reason": "Other", "reviews": 1}]


def test_parents_and_carers_are_of_the_reviews_recorded_here(records: Records) -> None:
    records.held("2025-04-05", took_part="mother,carers")
    records.held("2025-05-05", took_part="mother")
    records.held("2026-01-05")
    records.held("2025-05-06", imported=True)

    rows = {row["code"]: row for row in records.table("parents_and_carers")}
    assert (rows["mother"]["q1"], rows["mother"]["share_q1"], rows["mother"]["share_total"]) == (2, 100.0, 66.7)
    assert (rows["carers"]["total"], rows["carers"]["share_q4"], rows["father"]["total"]) == (1, 0.0, 0)
    assert rows["base"]["q2"] == 0
    assert rows["mother"]["share_q2"] is None


def test_work_around_reviews_counts_what_fell_due_and_what_was_done(records: Records) -> None:
    last = records.held("2025-05-01", record_sent_on=date(2025, 5, 30))
    records.task(last, "midway", "2025-08-01", done_on=date(2025, 8, 4))
    records.task(last, "record_sent", "2025-05-30", done_on=date(2025, 5, 30))
    following = records.held("2025-10-31", record_sent_on=date(2025, 12, 2))
    records.task(following, "midway", "2026-02-02", not_needed=True)
    records.task(following, "record_sent", "2025-12-01", done_on=date(2025, 12, 2))
    records.task(following, "child_spoken_to", "2025-10-17", not_needed=True)
    open_one = records.review("2026-04-30")
    records.task(open_one, "child_spoken_to", "2026-03-30")
    dropped = records.review("2025-09-09", state=ReviewState.NOT_NEEDED)
    records.task(dropped, "child_spoken_to", "2025-09-01", not_needed=True)
    for state in (DecisionState.DONE, DecisionState.NOT_DONE, DecisionState.NO_LONGER_NEEDED, DecisionState.OPEN):
        records.put(
            Decision(
                child_id=records.cast.children[CHILD],
                review_id=last,
                state=state,
                settled_on=date(2025, 10, 31),
                made_at=NOW,
                sent_at=NOW,
            )
        )
    for sent_at, taken_out_at in ((None, None), (NOW, NOW)):  # not sent, and taken out: counted nowhere
        records.put(
            Decision(
                child_id=records.cast.children[CHILD],
                review_id=last,
                state=DecisionState.NOT_DONE,
                settled_on=date(2025, 10, 31),
                made_at=NOW,
                sent_at=sent_at,
                taken_out_at=taken_out_at,
            )
        )

    assert records.around() == {
        "midway done": (1, 1, 100.0),  # the second had become needless: no review was held after it
        "child seen": (0, 0, None),
        "child spoken to": (2, 0, 0.0),
        "record out in time": (2, 1, 50.0),
        "decisions done by the next review": (2, 1, 50.0),
    }
    records.held("2026-03-01")
    assert records.around()["midway done"] == (2, 1, 50.0)


def test_contacts_are_counted_by_team_and_quarter(records: Records) -> None:
    for day, team in (("2025-06-30", "North"), ("2025-07-01", "North"), ("2025-07-02", "North"), ("2026-01-01", "")):
        records.put(
            Contact(
                child_id=records.cast.children[CHILD],
                kind=ContactKind.MONITORING,
                happened_on=date.fromisoformat(day),
                team=team,
                by_id=records.cast.people[IRO],
                recorded_at=NOW,
            )
        )

    assert records.table("contacts") == [
        {"team": "North", "quarter": "2025-26 Q1", "number": 1},
        {"team": "North", "quarter": "2025-26 Q2", "number": 2},
        {"team": "not recorded", "quarter": "2025-26 Q4", "number": 1},
    ]


def test_a_review_due_and_not_held_is_named_in_a_note(records: Records) -> None:
    records.review("2026-03-31")
    records.review("2026-04-01")

    assert "Reviews due in the period, not held yet and in no table: 1." in records.figures().notes


def test_another_authority_s_reviews_are_not_counted(records: Records) -> None:
    records.held("2025-05-01", in_time=False)
    with transaction(records.engine, AUTHORITY, writes=False) as session:
        rules = rules_in_force(session, AUTHORITY)

    with transaction(records.engine, "elsewhere", writes=False) as session:
        elsewhere = figures(Scene(session=session, now=NOW, authority="elsewhere", rules=rules), YEAR)
    assert elsewhere.tables["reviews_by_year"][0]["reviews"] == 0
    assert elsewhere.tables["review_late_reasons"] == []


@pytest.mark.parametrize(("rule", "share_in_time"), [("completion", 50.0), ("start", 75.0)])
def test_a_series_counted_by_its_start_or_its_completion_gives_another_share(
    records: Records, rule: str, share_in_time: float
) -> None:
    text = shipped_text("rotherham").replace('series_in_time_by = "completion"', f'series_in_time_by = "{rule}"')
    own = parse_procedures(text, "own.toml")
    rows = (
        "RO-1001,first,2015-06-10,2015-06-09,2015-06-24",
        "RO-1002,first,2015-06-10,2015-06-09,2015-06-10",
        "RO-1003,first,2015-06-10,2015-06-09,",
        "RO-1004,first,2015-06-10,2015-06-11,2015-06-11",
    )
    with transaction(records.engine, AUTHORITY) as session:
        scene = Scene(session=session, now=NOW, authority=AUTHORITY, rules=own)
        import_reviews(scene, "\n".join(["child,kind,due_on,held_on,completed_on", *rows]))
        made = figures(scene, Period(first=date(2015, 4, 1), last=date(2016, 3, 31)))

    assert made.tables["reviews_by_year"][-1]["in_time_share"] == share_in_time


def test_years_and_quarters_begin_in_april() -> None:
    assert [quarter_name(2026, month) for month in (3, 4, 12)] == ["2025-26 Q4", "2026-27 Q1", "2026-27 Q3"]
    assert quarter_name(2000, 1) == "1999-00 Q4"
    assert [year.name for year, _ in years_to(YEAR, date(2024, 3, 31))] == ["2023-24", "2024-25", "2025-26"]
    assert [year.name for year, _ in years_to(YEAR, None)] == ["2025-26"]


def test_shares_have_one_decimal_and_halves_go_up() -> None:
    assert [share(1, 3), share(2, 3), share(1, 2000), share(0, 5), share(0, 0)] == [33.3, 66.7, 0.1, 0.0, None]


def test_public_figures_are_of_a_whole_year_and_name_no_officer(records: Records) -> None:
    for day in range(1, 31):
        records.held(f"2025-06-{day:02}", participation=Participation.PN1, in_time=day > 2)
        records.held(f"2024-06-{day:02}", participation=Participation.PN1, in_time=day > 2)
    with transaction(records.engine, AUTHORITY, writes=False) as session:
        scene = Scene(session=session, now=NOW, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))
        made = public_figures(scene, YEAR).printed
        in_2024 = Period(first=date(2024, 4, 1), last=date(2025, 3, 31))
        before = public_figures(scene, in_2024).printed["reviews_by_year"].rows[-1]
        with pytest.raises(Refused, match="whole reporting year"):
            public_figures(scene, replace(YEAR, last=date(2026, 3, 30)))

    earlier, this_year = made["reviews_by_year"].rows
    assert (earlier["reviews"], earlier["in_time"], earlier["participated"]) == (30, "*", "*")
    assert earlier == before
    assert (this_year["reviews"], this_year["in_time"], this_year["children"]) == (30, "*", "*")
    assert [row["iro"] for row in made["caseload"].rows] == ["All"]
    assert "open_by_age" not in made
