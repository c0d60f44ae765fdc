"""What is not urgent and done after hours goes out at the next opening; its day stays day 0; "Send now" sends it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from handlers.cards import Button
from handlers.requests import Value
from scheduling.procedures import shipped_text
from storage.database import transaction
from storage.outbox import Outbox
from tests.bench import Bench, button, utc, words
from tests.cast import AUTHORITY, IRO, SERVICE_MANAGER, SOCIAL_WORKER, TEAM_MANAGER
from tests.databases import sqlite_engine
from tests.handlers.steps import form, logged, notice, reason, said


@pytest.fixture
def friday_evening(tmp_path: Path) -> Iterator[Bench]:
    for engine in sqlite_engine(tmp_path):
        yield Bench(engine, utc("2026-12-04", "18:30"))


def test_logged_after_hours_it_goes_out_at_the_next_opening_and_counts_from_the_day_of_logging(
    friday_evening: Bench,
) -> None:
    logged(friday_evening)
    assert friday_evening.told == []
    friday_evening.go_to(utc("2026-12-05", "12:00"))
    friday_evening.go_to(utc("2026-12-07", "08:59"))
    assert friday_evening.told == [], "silent on the weekend"
    friday_evening.go_to(utc("2026-12-07", "09:00"))
    assert friday_evening.titles(TEAM_MANAGER)[0] == "Please reply to C-1"
    assert "Reply by 5 pm, Fri 18 Dec 2026: 10 working days." in words(friday_evening.inbox(TEAM_MANAGER)[0].card)
    assert len(friday_evening.titles(SOCIAL_WORKER)) == 1


def test_the_iro_reads_when_it_goes_out_and_may_send_it_now(friday_evening: Bench) -> None:
    opened = form(friday_evening.command(IRO, "/concern AB-1042"))
    values: dict[str, Value] = {"worries": "X", "main_reason": reason(opened), "start_at": "1"}
    given = friday_evening.submit(IRO, opened, values)
    assert "The messages go out at 9 am, Mon 7 Dec 2026. The time to reply counts from today." in said(given)
    sent = friday_evening.press(IRO, button(notice(given), "Send now"))
    assert said(sent) == "The messages about C-1 are going out now."
    assert friday_evening.titles(TEAM_MANAGER) == ["Please reply to C-1"]
    again = friday_evening.press(IRO, button(notice(given), "Send now"))
    assert said(again) == "Nothing about C-1 waits: everything has gone out."
    friday_evening.go_to(utc("2026-12-07", "09:30"))
    assert friday_evening.titles(TEAM_MANAGER) == ["Please reply to C-1"], "never twice"


def test_nobody_but_the_iro_sends_it_now(friday_evening: Bench) -> None:
    ref = logged(friday_evening)
    pressed = friday_evening.press(SERVICE_MANAGER, Button(label="", deed="concern.send_now", subject=ref))
    assert said(pressed) == "Only the child's IRO, or their cover, can do this to C-1."
    assert friday_evening.told == []


def test_what_the_clock_does_at_close_of_business_is_told_on_the_day(tmp_path: Path) -> None:
    (bench,) = (Bench(engine, utc("2026-12-07")) for engine in sqlite_engine(tmp_path))
    logged(bench)
    bench.go_to(utc("2026-12-21", "16:59"))
    bench.forget()
    bench.go_to(utc("2026-12-21", "17:00"))
    assert bench.titles(IRO) == ["No reply to C-1 by Mon 21 Dec. What next?"]


def test_what_is_urgent_goes_at_any_hour(tmp_path: Path) -> None:
    (bench,) = (
        Bench(one, utc("2026-12-05", "23:00"), shipped_text("nottinghamshire")) for one in sqlite_engine(tmp_path)
    )
    opened = form(bench.command(IRO, "/concern AB-1042"))
    typed: dict[str, Value] = {
        "worries": "X",
        "main_reason": reason(opened),
        "significant_harm": ("yes",),
        "start_at": "0",
    }
    bench.submit(IRO, form(bench.submit(IRO, opened, typed)), {})
    assert bench.titles(SERVICE_MANAGER) == ["Urgent C-1: press Seen"]
    bench.wait(timedelta(hours=1))
    assert "C-1 not seen: telephone now" in bench.titles(IRO)


def test_what_the_clock_owes_is_told_apart_from_what_somebody_did(tmp_path: Path) -> None:
    (bench,) = (Bench(engine, utc("2026-12-07", "10:00")) for engine in sqlite_engine(tmp_path))
    logged(bench)
    bench.go_to(utc("2026-12-22", "10:00"))
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        fell_due = {row.kind: row.fell_due_at for row in session.exec(select(Outbox))}
    assert fell_due["needs reply"] is None
    assert fell_due["no reply"] == utc("2026-12-21", "17:00")
