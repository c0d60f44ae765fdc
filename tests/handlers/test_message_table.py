"""The table of messages: every kind declared once, beside its words; the guide's table is made from it."""

import ast
from pathlib import Path

import pytest

from handlers.cards import Card
from handlers.messages import table
from handlers.messages.matter import Matter
from handlers.messages.message import Hours, Message, anybody, message
from handlers.messages.of_concerns import CONCERN
from handlers.messages.owed import card
from handlers.messages.owing import about_concern, newly_owed, owe
from handlers.messages.sending import render
from handlers.messages.table import MESSAGES, message_table
from handlers.office import Scene, rules_in_force
from storage.database import transaction
from storage.outbox import Outbox
from tests.bench import Bench
from tests.cast import AUTHORITY, IRO, OUTSIDER
from tests.handlers.steps import concern, logged

ROOT = Path(__file__).resolve().parents[2]

CONTRACT = {
    "needs reply": ("Reply", "Open", "This needs my manager"),
    "moved": ("Reply", "Open", "This needs my manager"),
    "for information": ("Open",),
    "no reply": ("Move to stage 2", "Agree an extension", "Record a reply", "Open"),
    "moved by the clock": ("Agree an extension", "Record a reply", "Open"),
    "overdue": ("Reply", "Open"),
    "replied": ("Read the reply", "Not satisfied: move up", "Ask again", "Satisfied: close"),
    "urgent": ("Seen", "Reply", "Open"),
    "unseen": ("Open",),
    "decisions": ("Read", "Agree", "Dispute"),
    "news of a child": ("Bring the review forward", "Noted", "Open"),
    "closed": ("Open",),
    "withdrawn": ("Open",),
    "reopened": ("Open",),
}
"""What the contract says of the buttons, in their order (surface 4; the labels in words.md)."""


@pytest.mark.parametrize("name", CONTRACT)
def test_the_declared_buttons_are_those_of_the_contract(name: str) -> None:
    assert MESSAGES[name].buttons == CONTRACT[name]


def test_the_table_in_the_guide_is_made_from_the_declarations() -> None:
    assert message_table() in (ROOT / "docs/messages.md").read_text()


def test_what_is_urgent_alone_comes_at_any_hour_before_all_others() -> None:
    urgent = {one.name for one in MESSAGES.values() if one.hours is Hours.URGENT}
    assert urgent == {"urgent", "unseen"}
    asked_for = {one.name for one in MESSAGES.values() if one.hours is Hours.ANY}
    assert asked_for == {"your day", "report_file", "report_outcome"}


def test_only_what_is_named_here_may_be_had_by_whoever_it_was_owed_to() -> None:
    open_to_all = {one.name for one in MESSAGES.values() if (one.reach or one.topic.reach) is anybody}
    assert open_to_all == {"your day", "undelivered", "report_file", "report_outcome"}


def test_no_two_kinds_share_a_name_and_each_fits_the_outbox() -> None:
    declared = [one for room in table.ROOMS for one in vars(room).values() if isinstance(one, Message)]
    assert len({one.name for one in declared}) == len({id(one) for one in declared}) == len(MESSAGES)
    assert all(len(one.name) <= Outbox.__table__.c.kind.type.length for one in declared)  # type: ignore[attr-defined]  # SQLModel hides the table


def test_first_lines_are_short_enough_for_a_lock_screen() -> None:
    longest = 62  # 55 of the drafts, and a year where a day lies in another
    assert [one.title for one in MESSAGES.values() if len(one.title) > longest] == []


@pytest.mark.slow
def test_only_one_place_makes_rows_of_the_outbox() -> None:
    makers = set()
    for room in ("handlers", "bot", "scheduling", "storage"):
        for file in (ROOT / room).rglob("*.py"):
            calls = (node.func for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call))
            if any(isinstance(one, ast.Name) and one.id == "Outbox" for one in calls):
                makers.add(str(file.relative_to(ROOT)))
    assert makers == {"handlers/messages/owing.py"}


def test_a_new_kind_is_one_declaration_and_a_writer(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = logged(bench)
    about = concern(bench, ref)

    @message("tried", CONCERN, title="C-12 was tried", to="the IRO", buttons=("Open",))
    def tried(matter: Matter) -> Card | None:
        return card(matter, f"{matter.ref} was tried")

    monkeypatch.setattr("handlers.messages.sending.MESSAGES", {**MESSAGES, "tried": tried})
    with transaction(bench.engine, AUTHORITY) as session:
        scene = Scene(session=session, now=bench.now, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))
        first, again, outside = (
            owe(scene, tried, bench.cast.people[who], about_concern(about)) for who in (IRO, IRO, OUTSIDER)
        )
        assert newly_owed(scene, first) == [bench.cast.people[IRO]]
        assert newly_owed(scene, again) == [], "never twice"
        assert newly_owed(scene, outside)
        assert newly_owed(scene, owe(scene, tried, bench.cast.people[IRO], about_concern(about))) == [], "nor later"
    bench.deliver()
    assert bench.titles(IRO) == [f"{ref} was tried"]
    assert bench.titles(OUTSIDER) == [], "it reaches whom its topic reaches"


def test_a_kind_that_this_version_does_not_know_is_not_sent(bench: Bench) -> None:
    logged(bench)
    with transaction(bench.engine, AUTHORITY) as session:
        row = Outbox(authority=AUTHORITY, key="k", kind="limit near", person_id=1, owed_at=bench.now)
        session.add(row)
        session.flush()
        assert render(session, row, bench.now) is None
