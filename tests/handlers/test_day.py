""" "Your day": one message a morning with everything that is a reminder, and silence where there is nothing."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from handlers.day.day import morning_card as day_card
from handlers.office import Scene, rules_in_force
from scheduling.procedures import shipped_text
from scheduling.working_days import local
from storage.concerns import ConcernState
from storage.database import transaction
from tests.bench import Bench, buttons, utc, words
from tests.cast import (
    AUTHORITY,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_MANAGER,
    SERVICE_MANAGER,
    TEAM_MANAGER,
    away,
    leave,
)
from tests.databases import sqlite_engine
from tests.handlers.steps import NOT_AGREED, close, concern, form, logged, move, reply

HANDBOOK = shipped_text("handbook")


def _mornings(bench: Bench, who: str = "") -> list[str]:
    return [one.title for one in bench.told if one.title.startswith("Your day") and who in ("", one.to)]


@pytest.fixture
def closing(tmp_path: Path) -> Iterator[Bench]:
    """An authority that closes on 23 and 24 December."""
    text = HANDBOOK.replace("closure_days = []", 'closure_days = ["2026-12-23", "2026-12-24"]')
    for engine in sqlite_engine(tmp_path):
        yield Bench(engine, utc("2026-12-07"), text)


@pytest.mark.slow
def test_without_anything_to_do_mornings_are_silent(bench: Bench) -> None:
    bench.go_to_day(date(2027, 1, 29))
    assert bench.told == []


def test_a_fresh_concern_is_no_reminder(bench: Bench) -> None:
    logged(bench, 1)
    bench.go_to_day(date(2026, 12, 16))
    assert _mornings(bench) == []


@pytest.mark.slow
def test_however_often_the_clock_ticks_there_is_one_message_a_person_and_day(bench: Bench) -> None:
    first, second = logged(bench, 1), logged(bench, 1, about=OTHER_CHILD)
    reply(bench, TEAM_MANAGER, first, NOT_AGREED)
    for _ in range(60):
        bench.wait(timedelta(hours=9))
        bench.tick()
    counted = Counter((one.to, one.title) for one in bench.told if one.title.startswith("Your day"))
    assert set(counted.values()) == {1}
    both = [one.card for one in bench.inbox(IRO) if first in words(one.card) and second in words(one.card)]
    assert both, "all of a morning stands in one message"


@pytest.mark.slow
def test_nobody_is_written_to_on_weekends_bank_holidays_and_closure_days(closing: Bench) -> None:
    ref = logged(closing, 1)
    reply(closing, TEAM_MANAGER, ref, NOT_AGREED)
    logged(closing, 1, about=OTHER_CHILD)
    closing.go_to_day(date(2027, 1, 8))
    sent = {local(one.at).date() for one in closing.told if one.title.startswith("Your day")}
    closed = {date(2026, 12, 23), date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}
    assert not sent & closed
    assert {day.weekday() for day in sent} <= {0, 1, 2, 3, 4}
    assert {date(2026, 12, 22), date(2026, 12, 29), date(2027, 1, 4)} <= sent


@pytest.mark.slow
def test_it_comes_at_nine_in_london(bench: Bench) -> None:
    ref = logged(bench, 1)
    reply(bench, TEAM_MANAGER, ref, NOT_AGREED)
    bench.go_to_day(date(2026, 12, 10))
    bench.wake_on_day(date(2027, 3, 25))
    bench.go_to_day(date(2027, 3, 31))
    mornings = [local(one.at) for one in bench.told if one.title.startswith("Your day")]
    assert {one.time().isoformat("minutes") for one in mornings if one.date() != date(2027, 3, 25)} == {"09:00"}
    assert {one.utcoffset() for one in mornings} == {timedelta(0), timedelta(hours=1)}, "both sides of a clock change"


@pytest.mark.slow
def test_the_iros_decisions_stand_in_it_until_decided(bench: Bench) -> None:
    quiet, answered = logged(bench, 1), logged(bench, 1, about=OTHER_CHILD)
    reply(bench, OTHER_MANAGER, answered, NOT_AGREED)
    bench.go_to_day(date(2026, 12, 22))
    text = words(bench.last(IRO))
    nobody_replied = f"{quiet} (AB-1042): no reply from Tess Hill by Mon 21 Dec, stage 1. What next? Please decide by "
    assert nobody_replied in text
    replied = f"{answered} (AB-2077): Mona Ruiz replied on Mon 7 Dec, stage 1. Are you satisfied? By "
    assert replied in text
    move(bench, quiet, 2)
    close(bench, answered)
    bench.forget()
    bench.go_to_day(date(2026, 12, 23))
    assert _mornings(bench, IRO) == []


@pytest.mark.slow
def test_a_covers_lines_say_for_whom(bench: Bench) -> None:
    ref = logged(bench, 1)
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 15), None, OTHER_MANAGER)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 22), None, OTHER_IRO)
    bench.go_to_day(date(2026, 12, 22))
    late = f"{ref} (AB-1042): your reply is 1 working day late (Mon 21 Dec), stage 1; you can still answer"
    assert f"{late} (for Tess Hill)." in words(bench.last(OTHER_MANAGER))
    assert "(for Ann Lee)." in words(bench.last(OTHER_IRO))
    assert _mornings(bench, TEAM_MANAGER) == []
    assert _mornings(bench, IRO) == []


@pytest.mark.slow
def test_each_line_has_its_buttons(bench: Bench) -> None:
    ref = logged(bench, 1)
    bench.go_to_day(date(2026, 12, 21))
    card = bench.last(TEAM_MANAGER)
    assert [line.text for line in card.lines] == [f"{ref} (AB-1042): reply to Ann Lee by 5 pm today, stage 1."]
    assert [one.label for one in buttons(card)] == ["Reply", "Open"]
    assert form(bench.press(TEAM_MANAGER, buttons(card)[0])).title == f"Reply to {ref}"


@pytest.mark.slow
def test_what_was_owed_for_yesterday_is_not_sent_today(bench: Bench) -> None:
    logged(bench, 1)
    bench.go_to(utc("2026-12-20", "20:00"))
    bench.forget()
    for day in ("2026-12-21", "2026-12-22"):
        bench.now = utc(day, "09:00")
        _tick_without_sending(bench)
    bench.now = utc("2026-12-22", "10:00")
    bench.deliver()
    assert _mornings(bench, TEAM_MANAGER) == ["Your day, Tue 22 Dec: 1 for you, 1 late"]


def _tick_without_sending(bench: Bench) -> None:
    """The clock goes on while no message can be sent."""
    send = bench.deliver
    bench.deliver = lambda: None  # type: ignore[method-assign]  # nothing is sent for now
    bench.tick()
    bench.deliver = send  # type: ignore[method-assign]  # and again from here


@pytest.mark.slow
def test_the_iro_manager_has_no_mornings_of_other_peoples_decisions(bench: Bench) -> None:
    logged(bench, 1)
    bench.go_to_day(date(2026, 12, 29))
    assert _mornings(bench, IRO_MANAGER) == []
    bench.go_to_day(date(2027, 1, 5))
    mornings = [one.card for one in bench.inbox(IRO_MANAGER) if one.title.startswith("Your day")]
    assert {line.text for card in mornings for line in card.lines} == {
        "C-1 (AB-1042): all stages end Thu 7 Jan 2027; stage 1. IRO Ann Lee.",
        "C-1 (AB-1042): all stages end Thu 7 Jan; stage 1. IRO Ann Lee.",
    }, "only the end of all stages, five working days ahead"


@pytest.mark.slow
def test_a_long_morning_is_five_lines_and_more(bench: Bench) -> None:
    for _ in range(32):
        logged(bench, 1)
    bench.sleep_until(utc("2026-12-21", "17:30"))
    bench.forget()
    bench.go_to_day(date(2026, 12, 22))
    card = next(one.card for one in bench.inbox(IRO) if one.title.startswith("Your day"))
    assert card.title == "Your day, Tue 22 Dec: 32 for you"
    assert [bool(line.text) for line in card.lines] == [True] * 5 + [False]
    assert [one.label for one in card.lines[-1].buttons] == ["More (27)"]


@pytest.mark.slow
def test_what_waited_for_an_iro_who_left_waits_for_the_iro_manager(bench: Bench) -> None:
    ref = logged(bench, 3)
    leave(bench.engine, bench.cast, IRO, date(2026, 12, 7))
    bench.go_to_day(date(2026, 12, 11))
    assert _mornings(bench, IRO) == []
    lines = [words(one.card) for one in bench.inbox(IRO_MANAGER) if one.title.startswith("Your day")]
    waiting = "Ann Lee has left: 2 children wait for an IRO (AB-1042 and AB-2077). Open concerns: C-1."
    assert lines
    assert all(waiting in one for one in lines), "reminded until the children are allocated"
    decided = [one for one in lines if f"{ref} (AB-1042): no reply" in one and "(for Ann Lee)" in one]
    assert decided == lines[-len(decided) :]
    assert decided
    assert not [one for one in bench.titles(IRO_MANAGER) if "could not be told" in one]


@pytest.mark.slow
def test_nobody_who_has_a_line_is_left_out(bench: Bench) -> None:
    replied, waiting = logged(bench, 1), logged(bench, 2)
    logged(bench, 0, about=OTHER_CHILD)
    reply(bench, TEAM_MANAGER, replied, NOT_AGREED)
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 9), date(2026, 12, 16), OTHER_MANAGER)
    away(bench.engine, bench.cast, SERVICE_MANAGER, date(2026, 12, 14), None)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 15), date(2026, 12, 17), OTHER_IRO)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 18), date(2026, 12, 22))
    said: list[str] = []
    for day in (10, 14, 15, 18, 22, 23):
        bench.go_to_day(date(2026, 12, day))
        with transaction(bench.engine, AUTHORITY, writes=False) as session:
            scene = Scene(session=session, now=bench.now, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))
            due = {who for who, one in bench.cast.people.items() if day_card(scene, one, scene.today) is not None}
        told = {one.to for one in bench.told if one.at.date() == scene.today and one.title.startswith("Your day")}
        assert told == due, scene.today
        said += sorted(due)
    assert set(said) >= {IRO, IRO_MANAGER, OTHER_IRO}
    assert concern(bench, waiting).state is ConcernState.ASKED
