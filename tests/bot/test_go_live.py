"""Go-live by the command line: children and past reviews come in, nothing earlier is late, and nobody is told."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from freezegun import freeze_time
from sqlmodel import Session, SQLModel, func, select

from bot.commands import importing, migrating, upcoming
from bot.settings import Settings
from storage import children, reviews
from storage.database import make_engine, transaction
from storage.nudges import Nudge
from storage.outbox import Outbox
from storage.reviews import Review
from storage.tables import all_tables
from tests.command_line import iro_bot

COMMANDS = (importing, migrating, upcoming)
"""Imported before the clock is frozen: pydantic builds no models of a frozen date."""
STAFF = """email,name,roles,manager_email
dora.king@anyshire.example,Dora King,director,
ann.lee@anyshire.example,Ann Lee,iro,dora.king@anyshire.example
sam.okoro@anyshire.example,Sam Okoro,social_worker,dora.king@anyshire.example
"""
WHO = "ann.lee@anyshire.example,sam.okoro@anyshire.example"
CHILDREN = f"""reference,looked_after_from,iro_email,holder_email,last_review_on
AB-1001,2024-03-04,{WHO},2026-03-11
AB-1002,2026-05-25,{WHO},
AB-1003,2025-06-02,{WHO},2026-02-02
"""
REVIEWS = """child,kind,due_on,held_on,completed_on,participation,chaired_by_child,late_reason
AB-1001,first,2024-04-03,2024-04-02,,PN1,no,
AB-1001,second,2024-07-02,2024-07-09,,PN6,no,Lack of documents
AB-1001,later,2025-01-09,2025-01-08,,PN1,chaired,
AB-1001,later,2025-07-08,2025-09-12,,PN1,no,Other
AB-1001,later,2026-03-12,2026-03-11,,PN1,no,
"""


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder of its own, no settings, and every table known before the clock is frozen."""
    all_tables()
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def typed(*arguments: str) -> tuple[int, str]:
    """What the command line answers, and with which code."""
    with freeze_time("2026-06-01 10:00", real_asyncio=True):
        result = iro_bot(*arguments)
    return result.exit_code, result.output


def brought_in(what: str, text: str) -> tuple[int, str]:
    """A file of that kind imported."""
    Path(f"{what}.csv").write_text(text, encoding="utf-8")
    return typed("import", what, f"{what}.csv")


@contextmanager
def looked_into() -> Iterator[Session]:
    """What the commands left in the database."""
    engine = make_engine("sqlite:///iro-bot.db")
    with transaction(engine, "local", writes=False) as session:
        yield session
    engine.dispose()


def how_many(*tables: type[SQLModel]) -> Sequence[int]:
    """The rows of each table."""
    with looked_into() as session:
        return [session.exec(select(func.count()).select_from(table)).one() for table in tables]


def reviews_of(reference: str) -> Sequence[Review]:
    """The child's reviews."""
    with looked_into() as session:
        child = children.by_reference(session, reference)
        assert child is not None
        return reviews.of_child(session, child.id or 0)


@pytest.mark.slow
def test_years_of_reviews_come_in_and_the_next_are_planned_without_a_word_to_anybody() -> None:
    typed("migrate")
    assert brought_in("staff", STAFF)[0] == 0
    assert brought_in("children", CHILDREN)[0] == 0
    assert "5 reviews added, 0 known before" in brought_in("reviews", REVIEWS)[1]

    to_come = {one: [r.due_on for r in reviews_of(one) if r.held_on is None] for one in ("AB-1001", "AB-1002")}
    assert to_come == {"AB-1001": [date(2026, 9, 11)], "AB-1002": [date(2026, 6, 22)]}
    assert [one.in_time for one in reviews_of("AB-1001")][:5] == [True, False, True, False, True]
    assert how_many(Outbox, Nudge) == [0, 0]
    assert "overdue" not in typed("upcoming", "--until", "2026-06-05")[1].lower()

    code, said = brought_in("reviews", REVIEWS)
    assert (code, "0 reviews added, 5 known before" in said) == (0, True)
    assert how_many(Outbox, Nudge) == [0, 0]


def test_wrong_rows_are_named_together_and_nothing_is_taken_in() -> None:
    typed("migrate")
    brought_in("staff", STAFF)
    brought_in("children", CHILDREN)
    wrong = """AB-1001,first,2024-08-02,2024-08-01,,PN1,no,
AB-1002,first,2026-06-22,2026-05-20,,PN1,no,
AB-1003,first,2025-06-30,2025-06-27,,PN1,no,Other
"""
    code, said = brought_in("reviews", REVIEWS + wrong)
    assert code == 1
    for place in ("line 7, kind:", "line 8, held_on:", "line 9, late_reason:"):
        assert place in said
    assert how_many(Review)[0] == 3, "the three to come, and none of the past"
