"""What messages say is true of their reader when it is read: after hours too, and where people come and go."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from handlers.requests import Value
from scheduling.procedures import shipped_text
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import (
    ASSISTANT_DIRECTOR,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
    away,
    leave,
)
from tests.databases import sqlite_engine
from tests.handlers.steps import NOT_AGREED, act, close, form, logged, move, reason, reply, said


@pytest.fixture
def urgent(tmp_path: Path) -> Iterator[Bench]:
    for engine in sqlite_engine(tmp_path):
        bench = Bench(engine, utc("2026-12-10", "16:30"), shipped_text("nottinghamshire"))
        opened = form(bench.command(IRO, "/concern AB-1042"))
        typed: dict[str, Value] = {"worries": "X", "main_reason": reason(opened), "start_at": "0"}
        bench.submit(IRO, form(bench.submit(IRO, opened, {**typed, "significant_harm": ("yes",)})), {})
        yield bench


def live(bench: Bench, who: str) -> list[str]:
    """The first lines of what a person has with its buttons."""
    person = bench.cast.people[who]
    return [one.title for one in bench.lives() if one.person_id == person and one.overtaken_at is None]


def test_whatever_happens_to_what_is_urgent_is_told_at_any_hour(urgent: Bench) -> None:
    urgent.now = utc("2026-12-10", "18:10")
    urgent.forget()
    reply(urgent, SERVICE_MANAGER, "C-1")
    assert urgent.titles(IRO) == ["Sunil Rao has replied to C-1"]
    close(urgent, "C-1")
    assert urgent.titles(IRO_MANAGER) == ["C-1 is closed"]
    assert [one.title for one in urgent.lives() if one.overtaken_at is None and "Urgent" in one.title] == []


def test_asked_again_for_the_right_child_nobody_reads_that_it_is_not_theirs(urgent: Bench) -> None:
    urgent.wait(timedelta(hours=1))
    urgent.now = utc("2026-12-10", "18:30")
    act(urgent, IRO, "/concern C-1 correct", child=str(urgent.cast.children[OTHER_CHILD]))
    urgent.wait(timedelta(hours=24))
    for who in (SERVICE_MANAGER, IRO_MANAGER):
        assert "C-1 is no longer with you" not in urgent.titles(who)
        assert live(urgent, who) != []


def test_who_was_never_told_hears_neither_of_an_error_nor_of_an_end(tmp_path: Path) -> None:
    (bench,) = (Bench(engine, utc("2026-12-05", "12:00")) for engine in sqlite_engine(tmp_path))
    close(bench, logged(bench))
    act(bench, IRO, f"/concern {logged(bench)} withdraw", what_changed="Much.")
    bench.go_to_day(date(2026, 12, 7))
    assert bench.titles(TEAM_MANAGER) == bench.titles(SOCIAL_WORKER) == []


def test_a_late_reply_is_not_said_to_be_none(bench: Bench) -> None:
    ref = logged(bench)
    bench.wake_on_day(date(2026, 12, 22))
    reply(bench, TEAM_MANAGER, ref, NOT_AGREED)
    move(bench, ref, 2)
    asked = words(bench.last(SERVICE_MANAGER))
    assert "stage 2. Ann Lee (IRO) moved it up on Tue 22 Dec 2026." in asked
    assert "did not reply" not in asked


def test_the_one_who_decides_today_is_named(bench: Bench) -> None:
    logged(bench)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 18), date(2027, 1, 29), OTHER_IRO)
    bench.wake_on_day(date(2026, 12, 22))
    late = next(one.card for one in bench.inbox(TEAM_MANAGER) if "is late" in one.title)
    assert "Olu Ade and Sunil Rao have been told." in words(late)
    above = next(one.card for one in bench.inbox(SERVICE_MANAGER) if "is late" in one.title)
    assert "Olu Ade decides what comes next." in words(above)


@pytest.mark.slow
def test_what_is_decided_shrinks_what_waited_for_it_with_everybody_but_the_copied(bench: Bench) -> None:
    ref = logged(bench)
    bench.go_to_day(date(2026, 12, 31))
    assert live(bench, IRO_MANAGER) != []
    reply(bench, TEAM_MANAGER, ref, NOT_AGREED)
    assert live(bench, IRO_MANAGER) == live(bench, SERVICE_MANAGER) == []
    assert live(bench, SOCIAL_WORKER) == ["For information: C-1 (nothing to do)"]
    close(bench, ref)
    assert [one.title for one in bench.lives() if one.overtaken_at is None] == [
        "C-1 is closed" for _ in (TEAM_MANAGER,)
    ]


def test_the_iro_reads_who_closed_it(bench: Bench) -> None:
    ref = logged(bench)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 7), date(2026, 12, 9), OTHER_IRO)
    close(bench, ref, who=OTHER_IRO)
    assert "Olu Ade" in words(bench.last(IRO))
    assert "Thank you" not in words(bench.last(IRO))


def test_reached_by_nobody_it_can_be_asked_again_and_nothing_leads_nowhere(bench: Bench) -> None:
    for who in (TEAM_MANAGER, SERVICE_MANAGER, ASSISTANT_DIRECTOR, "dora.king"):
        leave(bench.engine, bench.cast, who, date(2026, 12, 1))
    logged(bench)
    told = next(one.card for one in bench.inbox(IRO) if "nobody" in one.title)
    assert [one.label for one in buttons(told)] == ["Move to stage 2", "Ask again", "Open"]


def test_after_hours_every_answer_says_when_it_goes_out(bench: Bench) -> None:
    ref = logged(bench)
    bench.now = utc("2026-12-07", "18:30")
    extended = said(act(bench, IRO, f"/concern {ref} extend", until="2027-01-08", reason="Ill."))
    assert extended.endswith("The messages go out at 9 am, Tue 8 Dec 2026.")
    closed = said(close(bench, ref))
    assert closed.endswith("The messages go out at 9 am, Tue 8 Dec 2026.")


def test_no_more_time_is_offered_where_no_time_is_set(bench: Bench) -> None:
    ref = logged(bench, 0)
    view = form(bench.command(TEAM_MANAGER, f"/concern {ref}"))
    assert "Ask for more time" not in [one.label for one in buttons(view)]
    assert button(view, "Reply").deed == "concern.reply"
