"""A report that goes into a chat as a file: what it holds, and that the history has it once it is there."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from bot.documents.made import File
from bot.files import file_to_send
from handlers.figures.asked_report import AskedReport
from handlers.figures.report_shape import ReportShape
from handlers.messages import sending
from handlers.messages.of_reports import placed
from handlers.office import Desk, rules_in_force
from handlers.refusals import Refused
from handlers.report.asked import report_for
from handlers.requests import Value
from storage import history, people
from storage.children import Child
from storage.database import transaction
from storage.outbox import Outbox
from storage.people import PersonRole
from storage.reviews import Order, Review, ReviewState
from tests.bench import Bench, utc
from tests.bot.reading_documents import everything_in, read_page
from tests.cast import AUTHORITY, CHILD, IRO, IRO_MANAGER, OTHER_CHILD, SOCIAL_WORKER, TEAM_MANAGER
from tests.databases import sqlite_engine
from tests.handlers.steps import close, form, logged

NAMED = re.compile(r"\bC-\d+\b")
CANARY = "quetzal"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    for engine in sqlite_engine(tmp_path):
        bench = Bench(engine, utc("2026-12-07"))
        _a_year_with_words_and_gaps(bench)
        yield bench


def _a_year_with_words_and_gaps(bench: Bench) -> None:
    words = {key: f"{CANARY} {key}" for key in ("worries", "working_well", "impact", "needs")}
    logged(bench, 1, **words)
    close(bench, logged(bench, 2, **words), outcome="withdrawn", what_changed=f"{CANARY} change")
    praised: dict[str, Value] = {
        "person": str(bench.cast.people[SOCIAL_WORKER]),
        "words": f"{CANARY} praise",
        "quotable": ("yes",),
    }
    bench.submit(IRO, form(bench.command(IRO, "/praise")), praised)
    _an_odd_review(bench)
    bench.now = utc("2026-12-08")


def _an_odd_review(bench: Bench) -> None:
    """One held, by its import, before the child came into care, and not done with its code."""
    child_id = bench.cast.children[CHILD]
    odd: dict[str, object] = {
        "child_id": child_id,
        "state": ReviewState.HELD,
        "track": "looked_after",
        "order": Order.FIRST,
        "rule": "first_review",
        "due_on": date(2026, 5, 1),
        "held_on": date(2026, 5, 1),
        "created_at": bench.now,
        "imported": True,
    }
    with transaction(bench.engine, AUTHORITY) as session:
        child = session.exec(select(Child).where(Child.id == child_id)).one()
        child.looked_after_from = date(2026, 6, 1)
        session.add(child)
        session.add(Review.model_validate(odd))


def owed(bench: Bench, who: str, report: str) -> Outbox:
    """A report owed to a person; every one under its own key."""
    row = Outbox(
        authority=AUTHORITY,
        key=f"report_file:{who}:{report}",
        kind="report_file",
        person_id=bench.cast.people[who],
        details=json.dumps({"report": report, "on": "slack"}),
        owed_at=bench.now,
    )
    with transaction(bench.engine, AUTHORITY) as session:
        session.add(row)
        session.flush()
        session.expunge(row)
    return row


def sent(bench: Bench, row: Outbox) -> File:
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        draw = file_to_send(session, row, bench.now)
    return draw()


def behind_a_link(bench: Bench, who: str) -> str:
    """All that stands in the page behind a link."""
    with transaction(bench.engine, AUTHORITY) as session:
        actor = people.get(session, bench.cast.people[who])
        assert actor is not None
        rules = rules_in_force(session, AUTHORITY)
        desk = Desk(session=session, now=bench.now, authority=AUTHORITY, rules=rules, actor=actor)
        report = report_for(desk, AskedReport(year="2026-27", public=False, shape=ReportShape.HTML))
        return repr(report.paper) + repr(report.tables)


def taken(bench: Bench, who: str) -> list[str]:
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        entries = history.entries(session, f"person:{bench.cast.people[who]}")
        return [f"{one.what} {one.details}" for one in entries]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("who", "shape"),
    [*((IRO_MANAGER, shape) for shape in ReportShape), (TEAM_MANAGER, ReportShape.HTML), (IRO, ReportShape.HTML)],
)
def test_a_file_in_a_chat_quotes_nobody_and_names_no_child_and_no_concern(
    bench: Bench, who: str, shape: ReportShape
) -> None:
    file = sent(bench, owed(bench, who, f"2026-27 internal {shape}"))
    assert file.name == f"annual-report-2026-27-internal-20261208-093000.{shape}"
    text = everything_in(file.content)
    assert "2026-27" in text
    for word in (CANARY, CHILD, OTHER_CHILD):
        assert word not in text
    assert NAMED.findall(text) == []


def test_what_it_leaves_out_stands_behind_a_link(bench: Bench) -> None:
    text = behind_a_link(bench, IRO_MANAGER)
    assert f"{CANARY} praise" in text
    assert f"{CANARY} worries" not in text
    assert NAMED.search(text)
    assert CHILD in text


def test_its_data_quality_says_how_many_rows_and_where_they_are_named(bench: Bench) -> None:
    page = read_page(sent(bench, owed(bench, IRO_MANAGER, "2026-27 internal html")).content)
    text = " ".join(page.text)
    assert "Concerns withdrawn since, and still counted as raised: 1. /iro figures names them." in text


def test_it_is_recorded_when_the_file_stands_in_the_chat_and_not_before(bench: Bench) -> None:
    row = owed(bench, IRO_MANAGER, "2026-27 internal html")
    sent(bench, row)
    assert taken(bench, IRO_MANAGER) == []
    with transaction(bench.engine, AUTHORITY) as session:
        sending.delivered(session, row, bench.now)
    assert taken(bench, IRO_MANAGER) == [], "a message without the file took nothing out"
    placed(row, "annual-report.html")
    with transaction(bench.engine, AUTHORITY) as session:
        sending.delivered(session, row, bench.now)
    assert taken(bench, IRO_MANAGER) == ['took a report {"report":"2026-27 internal html"}']


def test_one_that_never_arrived_is_on_record_and_nobody_else_is_told(bench: Bench) -> None:
    row = owed(bench, TEAM_MANAGER, "2026-27 internal html")
    with transaction(bench.engine, AUTHORITY) as session:
        sending.undeliverable(session, row, "No account.", bench.now)
        assert [one.kind for one in session.exec(select(Outbox)) if one.kind == "undelivered"] == []
    assert len([one for one in taken(bench, TEAM_MANAGER) if one.startswith("could not be delivered")]) == 1


@pytest.mark.slow
def test_each_gets_their_own_part(bench: Bench) -> None:
    def raised(who: str) -> str:
        page = read_page(sent(bench, owed(bench, who, "2026-27 internal html")).content)
        rows = page.tables.get("Concerns and children")
        return rows[1][0] if rows else "0"

    assert [raised(who) for who in (IRO_MANAGER, TEAM_MANAGER, "mona.ruiz")] == ["2", "2", "0"]


def test_nothing_is_drawn_for_someone_whose_role_has_ended(bench: Bench) -> None:
    row = owed(bench, TEAM_MANAGER, "2026-27 internal html")
    with transaction(bench.engine, AUTHORITY) as session:
        for held in session.exec(select(PersonRole).where(PersonRole.person_id == row.person_id)):
            session.delete(held)
    with pytest.raises(Refused, match="Figures are for IROs"):
        sent(bench, row)


@pytest.mark.parametrize(
    ("who", "report"), [(TEAM_MANAGER, "2025-26 public html"), (IRO_MANAGER, "2026-27 public html")]
)
def test_an_edition_for_publication_is_made_for_nobody_else_and_not_too_early(
    bench: Bench, who: str, report: str
) -> None:
    with pytest.raises(Refused):
        sent(bench, owed(bench, who, report))
