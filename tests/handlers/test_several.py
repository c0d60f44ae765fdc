"""What one act or one hour brings to one person about several children is one message; what asks is not held for it."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlmodel import select

from handlers.cards import Button, Card, Form
from handlers.messages.bundling import MOST
from handlers.messages.informing import for_information
from handlers.messages.owing import about_concern, newly_owed, owe
from handlers.messages.table import MESSAGES
from handlers.office import Scene, rules_in_force
from storage import children
from storage.children import Capacity
from storage.database import transaction
from storage.outbox import Outbox
from storage.people import Person
from tests.bench import Bench, button, utc
from tests.cast import AUTHORITY, CHILD, IRO, OTHER_CHILD, SERVICE_MANAGER, SOCIAL_WORKER, TEAM_MANAGER
from tests.databases import sqlite_engine
from tests.handlers.reviews.decided import as_form, held_review
from tests.handlers.steps import close, concern, logged, reason


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    for engine in sqlite_engine(tmp_path):
        yield Bench(engine, utc("2026-12-07", "10:00"))


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Bench]:
    for engine in sqlite_engine(tmp_path):
        yield Bench(engine, utc("2026-12-04", "18:30"))


def first_lines(card: Card) -> list[str]:
    return [line.text.splitlines()[0] for line in card.lines]


def test_deadlines_that_pass_together_are_one_message_to_each(bench: Bench) -> None:
    for _ in range(3):
        logged(bench)
    bench.go_to(utc("2026-12-21", "16:59"))
    bench.forget()
    bench.go_to(utc("2026-12-21", "17:00"))
    (told,) = bench.inbox(IRO)
    assert told.title == "No reply to C-1, C-2 and C-3 by Mon 21 Dec. What next?"
    assert first_lines(told.card) == [f"No reply to C-{number} by Mon 21 Dec. What next?" for number in (1, 2, 3)]
    for line, ref in zip(told.card.lines, ("C-1", "C-2", "C-3"), strict=True):
        assert [one.label for one in line.buttons] == [
            "Move to stage 2",
            "Agree an extension",
            "Record a reply",
            "Open",
        ]
        assert {one.subject for one in line.buttons} == {ref}
    assert [one.title for one in bench.inbox(TEAM_MANAGER)] == ["Replies to C-1, C-2 and C-3 are late (Mon 21 Dec)"]
    assert [one.title for one in bench.inbox(SERVICE_MANAGER)] == ["Replies to C-1, C-2 and C-3 are late (Mon 21 Dec)"]


def test_logged_after_hours_they_come_as_one_message_at_the_opening(evening: Bench) -> None:
    for minutes in (0, 40, 90):
        evening.now = utc("2026-12-04", "18:30") + timedelta(minutes=minutes)
        logged(evening, 0)
    evening.go_to(utc("2026-12-07", "08:59"))
    assert evening.told == []
    evening.go_to(utc("2026-12-07", "09:00"))
    asked = [one for one in evening.inbox(SOCIAL_WORKER) if not one.title.startswith("Your day")]
    assert [one.title for one in asked] == ["Please reply to C-1, C-2 and C-3"]
    assert [line.buttons[0].label for line in asked[0].card.lines] == ["Reply"] * 3


def test_what_was_closed_before_the_opening_is_left_out(evening: Bench) -> None:
    refs = [logged(evening) for _ in range(3)]
    close(evening, refs[0])
    evening.go_to(utc("2026-12-07", "09:00"))
    assert "Please reply to C-2 and C-3 by Fri 18 Dec" in [one.title for one in evening.inbox(TEAM_MANAGER)]
    assert "Please reply to C-1" not in "".join(str(one.card) for one in evening.inbox(TEAM_MANAGER))


def test_where_one_is_left_it_reads_as_alone(evening: Bench) -> None:
    refs = [logged(evening) for _ in range(2)]
    close(evening, refs[0])
    evening.go_to(utc("2026-12-07", "09:00"))
    (asked,) = [one for one in evening.inbox(TEAM_MANAGER) if one.title.startswith("Please")]
    assert asked.title == "Please reply to C-2 by Fri 18 Dec"
    assert button(asked.card, "Reply") in asked.card.buttons


def test_in_office_hours_what_asks_comes_at_once(bench: Bench) -> None:
    logged(bench)
    bench.wait(timedelta(minutes=20))
    logged(bench)
    assert bench.titles(TEAM_MANAGER) == ["Please reply to C-1", "Please reply to C-2"]


def test_copies_within_an_hour_are_one_message_after_the_first(bench: Bench) -> None:
    for _ in range(3):
        logged(bench)
        bench.wait(timedelta(minutes=10))
    assert bench.titles(SOCIAL_WORKER) == ["For information: C-1 (nothing to do)"]
    bench.go_to(utc("2026-12-07", "10:59"))
    assert len(bench.inbox(SOCIAL_WORKER)) == 1
    bench.go_to(utc("2026-12-07", "11:00"))
    assert bench.titles(SOCIAL_WORKER)[1:] == ["For information: C-2 and C-3 (nothing to do)"]
    bench.wait(timedelta(hours=2))
    logged(bench)
    assert bench.titles(SOCIAL_WORKER)[2:] == ["For information: C-4 (nothing to do)"], "an hour later it comes at once"


def test_a_copy_that_waits_is_no_message_held_for_the_opening(bench: Bench) -> None:
    logged(bench)
    opened = bench.command(IRO, f"/concern {CHILD}")
    assert isinstance(opened, Form)
    given = bench.submit(IRO, opened, {"worries": "X", "main_reason": reason(opened), "start_at": "1"})
    assert "go out at" not in str(given)
    assert "Send now" not in str(given)


def test_one_sent_now_leaves_the_others_where_they_wait(evening: Bench) -> None:
    refs = [logged(evening) for _ in range(3)]
    evening.press(IRO, Button(label="Send now", deed="concern.send_now", subject=refs[0]))
    assert [one.title for one in evening.inbox(TEAM_MANAGER)] == ["Please reply to C-1 by Fri 18 Dec"]
    evening.go_to(utc("2026-12-07", "09:00"))
    titles = [one.title for one in evening.inbox(TEAM_MANAGER) if one.title.startswith("Please")]
    assert titles == ["Please reply to C-1 by Fri 18 Dec", "Please reply to C-2 and C-3 by Fri 18 Dec"]


def test_a_message_asked_again_of_the_same_concern_goes_by_itself(evening: Bench) -> None:
    refs = [logged(evening) for _ in range(MOST + 1)]
    with transaction(evening.engine, AUTHORITY, writes=False) as session:
        # To mypy a column is its value.
        rows = session.exec(select(Outbox).where(Outbox.kind == "needs reply").order_by(Outbox.id)).all()  # type: ignore[arg-type]
        assert len(rows) == len(refs)
        assert [row.bundle_id for row in rows] == [None, *[rows[0].id] * (MOST - 1), None]


@pytest.mark.parametrize("number", [3, 50])
def test_owing_many_people_takes_as_many_statements_as_owing_one(engine: Engine, number: int) -> None:
    bench = Bench(engine, utc("2026-12-07", "18:00"))
    found = concern(bench, logged(bench))
    statements: list[str] = []
    with transaction(engine, AUTHORITY) as session:
        scene = Scene(session=session, now=bench.now, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))
        newcomers = [
            Person(authority=AUTHORITY, email=f"p{one}@x.example", name="P", welcomed_on=date(2026, 1, 5))
            for one in range(number)
        ]
        session.add_all(newcomers)
        session.flush()
        event.listen(engine, "before_cursor_execute", lambda *given: statements.append(str(given[2]).split()[0]))
        owed = owe(scene, for_information, [one.id or 0 for one in newcomers], about_concern(found))
        assert len(newly_owed(scene, owed)) == number
    assert statements.count("SELECT") <= 6, statements
    assert statements.count("INSERT") == 1


def test_what_is_urgent_always_comes_by_itself() -> None:
    assert [one.name for one in MESSAGES.values() if one.is_urgent and one.together] == []


def test_decisions_of_several_reviews_sent_in_the_evening_are_one_message(evening: Bench) -> None:
    with transaction(evening.engine, AUTHORITY) as session:
        other = children.by_reference(session, OTHER_CHILD)
        assert other is not None
        children.allocate(session, other, Capacity.HOLDER, evening.cast.people[SOCIAL_WORKER], date(2026, 12, 1))
    for child in (CHILD, OTHER_CHILD):
        held_review(evening, child)
        opened = as_form(evening.command(IRO, f"/review {child} decisions"))
        given = {"what": "Something.", "owner_role": "social_worker", "due_on": "2027-01-29"}
        evening.press(IRO, button(as_form(evening.submit(IRO, opened, given)), "Send to the manager"))
    evening.go_to(utc("2026-12-07", "09:00"))
    (told,) = [one for one in evening.inbox(TEAM_MANAGER) if "decisions" in one.title]
    assert told.title == "2 children: decisions to agree by Mon 14 Dec"
    evening.press(TEAM_MANAGER, next(one for one in told.card.lines[0].buttons if one.label == "Agree"))
    assert [live.overtaken_at is not None for live in evening.lives() if live.subject.startswith("decisions")] == [
        True,
        False,
    ]
