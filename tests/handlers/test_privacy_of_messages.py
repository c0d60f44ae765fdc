"""What a concern says never leaves its forms: not in a message, a button, the outbox, the history or a log line."""

import json
import logging
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from handlers.cards import Form, Notice
from handlers.messages.sending import shrunk
from handlers.requests import Value
from scheduling.procedures import parse_procedures, shipped_text
from storage.database import transaction
from storage.history import History
from storage.live_messages import LiveMessage
from storage.nudges import Nudge
from storage.outbox import Outbox
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import AUTHORITY, CHILD, IRO, IRO_MANAGER, OTHER_CHILD, OTHER_IRO, SERVICE_MANAGER, TEAM_MANAGER, away
from tests.databases import sqlite_engine
from tests.handlers.steps import (
    CLOSED,
    DONE,
    NOT_AGREED,
    PLAN,
    act,
    concern,
    form,
    logged,
    reason,
    reference,
    rows,
    said,
)

CANARY = "canaryword"
TEXT = shipped_text("nottinghamshire").replace("agencies = [", 'agencies = ["canaryword agency", ')
FIELDS = ("worries", "working_well", "impact", "needs", "spoken_to", "start_reason", "agency_contact")
ALL: dict[str, Value] = {
    **{key: f"{CANARY} {key}" for key in FIELDS},
    "agency": "canaryword agency",
    "duty": "needs_in_plan",
    "child_voice": ("told", "complaint"),
    "raised_during": "midway",
}


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Bench]:
    """A bench whose every free text holds the canary."""
    for engine in sqlite_engine(tmp_path):
        yield Bench(engine, utc("2026-12-07"), TEXT)


def _logged(bench: Bench) -> str:
    """A concern with words in every field."""
    opened = form(bench.command(IRO, f"/concern {CHILD}"))
    given = bench.submit(IRO, opened, {**ALL, "main_reason": reason(opened), "start_at": "1"})
    if isinstance(given, Form):  # another is open on this child with this reason: it is asked about once
        given = bench.submit(IRO, given, {})
    return reference(said(given))


def _story(bench: Bench) -> None:
    """A long case with words in every field that takes any."""
    ref = _logged(bench)
    act(bench, IRO, f"/concern {ref} legal", words=CANARY)
    act(bench, IRO, f"/concern {ref} cafcass", words=CANARY)
    asking = form(
        bench.press(
            "sam.okoro",
            next(
                b for b in buttons(form(bench.command("sam.okoro", f"/concern {ref}"))) if b.deed == "concern.ask_time"
            ),
        )
    )
    bench.submit("sam.okoro", asking, {"until": "2027-01-15", "reason": CANARY})
    act(bench, IRO, f"/concern {ref} extend", until="2026-12-29", reason=CANARY)
    bench.go_to_day(date(2026, 12, 31))
    act(bench, IRO, f"/concern {ref} again", reason=CANARY)
    act(bench, "sam.okoro", f"/concern {ref} reply", answer=NOT_AGREED, words=CANARY)
    act(bench, "sam.okoro", f"/concern {ref} reply", words=CANARY)
    act(bench, IRO, f"/concern {ref} stage 2", reason=CANARY)
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2027, 1, 4), None, "mona.ruiz")
    bench.go_to_day(date(2027, 1, 5))
    act(bench, "mona.ruiz", f"/concern {ref} reply", answer=PLAN, words=CANARY, plan_by="2027-01-08")
    bench.go_to_day(date(2027, 1, 11))
    away(bench.engine, bench.cast, IRO, date(2027, 1, 11), date(2027, 1, 11), None)
    act(bench, IRO_MANAGER, f"/concern {ref} stage 3", reason=CANARY, manager_reason=CANARY)
    bench.go_to_day(date(2027, 1, 12))
    act(bench, IRO, f"/concern {ref} record", answer=DONE, words=CANARY)
    act(bench, IRO, f"/concern {ref} close", **{**CLOSED, "what_changed": CANARY})
    act(bench, IRO, f"/concern {ref} reopen", stage="0", reason=CANARY)
    correcting = form(bench.command(IRO, f"/concern {ref} correct"))
    bench.submit(IRO, correcting, {"child": str(bench.cast.children[OTHER_CHILD])})
    act(bench, IRO, f"/concern {ref} withdraw", what_changed=CANARY)
    _urgent(bench)
    bench.wake_on_day(date(2027, 4, 20))


def _urgent(bench: Bench) -> None:
    opened = form(bench.command(IRO, f"/concern {CHILD}"))
    confirm = bench.submit(IRO, opened, {**ALL, "main_reason": reason(opened), "significant_harm": ("yes",)})
    bench.submit(IRO, form(confirm), {})
    bench.go_to_day(date(2027, 1, 13))
    act(bench, SERVICE_MANAGER, "/concern C-2 reply", answer=NOT_AGREED, words=CANARY)


def _forbidden() -> list[str]:
    rules = parse_procedures(TEXT, "procedures.toml")
    labels = [text for one in rules.categories for text in (one.label, one.short) if text]
    return [CANARY, "significant harm", "harm", *labels, *rules.duties.values()]


def _clean(text: str, where: str) -> None:
    """No forbidden word begins in it: "Other" is a category's label, and "another child" does not say it."""
    for one in _forbidden():
        found = re.search(rf"(?<!\w){re.escape(one)}", text, re.IGNORECASE)
        assert found is None, f"{one!r} in {where}: {text}"


@pytest.mark.slow
def test_no_word_of_a_concern_is_ever_outside_its_forms(told: Bench, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        _story(told)
    assert concern(told, "C-1").worries == f"{CANARY} worries", "the story did keep the words"
    assert len({one.title for one in told.told if not one.title.startswith("Your day")}) > 15
    for one in told.told:
        _clean(words(one.card), "a message")
        for each in buttons(one.card):
            _clean(f"{each.label} {each.deed} {each.subject}", "a button")
    for owed in rows(told, Outbox):
        _clean(f"{owed.key} {owed.kind} {owed.details}", "the outbox")
        _holds_ids_dates_and_known_words(owed.details)
    for entry in rows(told, History):
        _clean(f"{entry.what} {entry.details}", "the history")
        _holds_ids_dates_and_known_words(entry.details)
    for nudge in rows(told, Nudge):
        _clean(f"{nudge.subject} {nudge.rung}", "the nudges")
    with transaction(told.engine, AUTHORITY, writes=False) as session:
        for live in rows(told, LiveMessage):
            _clean(words(shrunk(session, live)), "a shrunk message")
    for record in caplog.records:
        assert CANARY not in record.getMessage()


def _holds_ids_dates_and_known_words(details: str) -> None:
    for value in json.loads(details).values():
        assert value is None or isinstance(value, int) or len(str(value)) <= 60


def test_lists_hold_no_words_of_a_concern(told: Bench) -> None:
    _logged(told)
    opened = form(told.command(IRO, f"/concern {CHILD}"))
    told.press(IRO, button(opened, "Save draft"), {**ALL, "child": str(told.cast.children[CHILD])})
    act(told, IRO, f"/concern {_logged(told)} close", **{**CLOSED, "what_changed": CANARY})
    told.wake_on_day(date(2026, 12, 22))
    for which in ("mine", "team", "overdue", "drafts", "closed"):
        for who in (IRO, IRO_MANAGER, TEAM_MANAGER):
            _clean(words(told.command(who, f"/concern list {which}")), f"the list {which}")


def test_private_answers_hold_no_words_of_a_concern(told: Bench) -> None:
    ref = _logged(told)
    answers = [
        act(told, "sam.okoro", f"/concern {ref} reply", answer=DONE, words=CANARY),
        act(told, IRO, f"/concern {ref} legal", words=CANARY),
        act(told, IRO, f"/concern {ref} stage 2", reason=CANARY),
        act(told, IRO, f"/concern {ref} again", reason=CANARY),
        act(told, IRO, f"/concern {ref} close", **{**CLOSED, "what_changed": CANARY}),
        act(told, OTHER_IRO, f"/concern {ref}"),
    ]
    for one in answers:
        assert isinstance(one, Notice)
        _clean(one.text, "an answer")


@pytest.mark.slow
def test_the_childs_reference_can_be_left_out_of_messages(tmp_path: Path) -> None:
    text = shipped_text("handbook").replace("show = true", "show = false")
    for engine in sqlite_engine(tmp_path):
        bench = Bench(engine, utc("2026-12-07"), text)
        logged(bench, 1)
        bench.go_to_day(date(2026, 12, 22))
        assert bench.told
        assert not any(CHILD in words(one.card) for one in bench.told)
