"""What stands on the lock screen, and under it: first lines with their day, each message as words.md drafts it.

The days are those of the handbook: ten working days at stage 1, five at stage 2, twenty in all.
"""

from datetime import date, timedelta
from pathlib import Path

import pytest

from handlers.cards import Button
from handlers.requests import Value
from scheduling.procedures import shipped_text
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import ASSISTANT_DIRECTOR, IRO, IRO_MANAGER, SERVICE_MANAGER, SOCIAL_WORKER, TEAM_MANAGER
from tests.databases import sqlite_engine
from tests.handlers.steps import NOT_AGREED, act, close, form, logged, move, reason, reply

TELEPHONE = '\n[immediate.telephone]\nname = "Duty manager"\nnumber = "01234 567890"\n'


def text(bench: Bench, who: str) -> str:
    return words(bench.last(who))


def labels(bench: Bench, who: str) -> list[str]:
    return [one.label for one in buttons(bench.last(who))]


def at(tmp_path: Path, day: str, procedures: str = "handbook") -> Bench:
    (bench,) = (Bench(engine, utc(day), procedures) for engine in sqlite_engine(tmp_path))
    return bench


@pytest.fixture
def december(tmp_path: Path) -> Bench:
    return at(tmp_path, "2026-12-24")


def test_asked_with_the_day_of_another_year(december: Bench) -> None:
    logged(december)
    assert text(december, TEAM_MANAGER) == (
        "Please reply to C-1 by Tue 12 Jan 2027\n"
        "Ann Lee (IRO) has raised a concern. Child in care AB-1042, stage 1.\n"
        "Reply by 5 pm, Tue 12 Jan 2027: 10 working days, not counting 25 Dec, 28 Dec and 1 Jan.\n"
        "If it is not settled, all stages end on Tue 26 Jan 2027."
    )
    assert labels(december, TEAM_MANAGER) == ["Reply", "Open", "This needs my manager"]


def test_for_information_speaks_of_their_reply(december: Bench) -> None:
    logged(december)
    assert text(december, SOCIAL_WORKER) == (
        "For information: C-1 (nothing to do)\n"
        "Tess Hill has been asked. Their reply is due by 5 pm, Tue 12 Jan 2027.\n"
        "Child in care AB-1042, stage 1. IRO: Ann Lee."
    )
    assert labels(december, SOCIAL_WORKER) == ["Open"]


def test_asked_informally_there_is_no_set_time(december: Bench) -> None:
    logged(december, 0)
    assert text(december, TEAM_MANAGER) == (
        "Please reply to C-1\n"
        "Ann Lee (IRO) has raised a concern. Child in care AB-1042, informal.\n"
        "There is no set time to reply. The IRO will ask if it stays quiet."
    )


@pytest.mark.slow
def test_no_reply_asks_the_iro_what_next(tmp_path: Path) -> None:
    bench = at(tmp_path, "2026-12-07")
    ref = logged(bench)
    bench.wait(timedelta(days=1))
    bench.command(TEAM_MANAGER, f"/concern {ref}")
    bench.go_to_day(date(2026, 12, 21))
    bench.forget()
    bench.wait(timedelta(hours=8))
    assert text(bench, IRO) == (
        "No reply to C-1 by Mon 21 Dec. What next?\n"
        "Tess Hill was asked on Mon 7 Dec 2026, stage 1, and opened it the next day.\n"
        "It stays where it is until you decide. Please decide by Wed 30 Dec 2026.\n"
        "All stages end on Thu 7 Jan 2027.\n"
        "Child in care AB-1042, stage 1. IRO: Ann Lee."
    )
    assert labels(bench, IRO) == ["Move to stage 2", "Agree an extension", "Record a reply", "Open"]
    assert text(bench, TEAM_MANAGER).startswith(
        "Your reply to C-1 is late (Mon 21 Dec)\nYou can still reply. Ann Lee (IRO) and Sunil Rao have been told.\n"
    )
    assert labels(bench, TEAM_MANAGER) == ["Reply", "Open"]
    assert text(bench, SERVICE_MANAGER).startswith(
        "Tess Hill's reply to C-1 is late (Mon 21 Dec)\n"
        "Please see that it is answered. You can now read it. Ann Lee (IRO) decides what comes next.\n"
    )
    assert labels(bench, SERVICE_MANAGER) == ["Open"]


@pytest.mark.slow
def test_moved_up_says_who_did_not_reply_and_who_moved_it(tmp_path: Path) -> None:
    bench = at(tmp_path, "2026-12-14")
    ref = logged(bench)
    bench.go_to_day(date(2026, 12, 31))
    move(bench, ref, 2)
    assert text(bench, SERVICE_MANAGER) == (
        "C-1 is now with you: reply by Fri 8 Jan 2027\n"
        "Child in care AB-1042, stage 2. Tess Hill did not reply by Wed 30 Dec 2026, "
        "so Ann Lee (IRO) moved it up on Thu 31 Dec 2026.\n"
        "Reply by 5 pm, Fri 8 Jan 2027: 5 working days, not counting 1 Jan.\n"
        "If it is not settled, all stages end on Thu 14 Jan 2027."
    )
    assert labels(bench, SERVICE_MANAGER) == ["Reply", "Open", "This needs my manager"]
    assert "For information: C-1 is at stage 2 (nothing to do)" in text(bench, TEAM_MANAGER)


def test_a_reply_is_read_first_and_closing_comes_last(tmp_path: Path) -> None:
    bench = at(tmp_path, "2026-12-14")
    reply(bench, TEAM_MANAGER, logged(bench))
    assert text(bench, IRO).startswith(
        "Tess Hill has replied to C-1\n"
        "Please read it and say by Mon 21 Dec 2026 whether you are satisfied. Only you can close it.\n"
    )
    assert labels(bench, IRO) == ["Read the reply", "Not satisfied: move up", "Ask again", "Satisfied: close"]


def test_at_the_top_a_reply_leaves_cafcass_and_legal_advice(tmp_path: Path) -> None:
    bench = at(tmp_path, "2026-12-14")
    ref = logged(bench)
    move(bench, ref, 3)
    reply(bench, ASSISTANT_DIRECTOR, ref, NOT_AGREED)
    assert labels(bench, IRO) == [
        "Read the reply",
        "Note a Cafcass referral",
        "Legal advice",
        "Ask again",
        "Satisfied: close",
    ]


def test_asked_again_and_reopened_say_so(tmp_path: Path) -> None:
    bench = at(tmp_path, "2026-12-14")
    ref = logged(bench)
    reply(bench, TEAM_MANAGER, ref, NOT_AGREED)
    opened = form(bench.press(IRO, button(bench.last(IRO), "Ask again")))
    bench.submit(IRO, opened, {"reason": "It does not say when."})
    assert text(bench, TEAM_MANAGER).startswith(
        "C-1, asked again: please reply by Wed 30 Dec\nAnn Lee (IRO) asks again. Child in care AB-1042, stage 1.\n"
    )


def test_the_clock_s_own_move_says_so_to_all(tmp_path: Path) -> None:
    escalating = shipped_text("handbook").replace('on_no_reply = "prompt"', 'on_no_reply = "escalate"')
    bench = at(tmp_path, "2026-12-14", escalating)
    logged(bench)
    bench.go_to_day(date(2026, 12, 30))
    bench.forget()
    bench.wait(timedelta(hours=8))
    assert text(bench, IRO).startswith(
        "C-1 has moved to stage 2 by itself\n"
        "No reply by Wed 30 Dec 2026: moved to stage 2 by itself, as your procedures say.\n"
        "Now asked: Sunil Rao. They have until 5 pm, Thu 7 Jan 2027.\n"
    )
    assert labels(bench, IRO) == ["Agree an extension", "Record a reply", "Open"]
    asked = next(one.card for one in bench.inbox(SERVICE_MANAGER) if "now with you" in one.title)
    assert "Tess Hill did not reply by Wed 30 Dec 2026, so it moved up by itself, as your procedures say." in words(
        asked
    )
    assert any(one.title == "Your reply to C-1 is late (Wed 30 Dec)" for one in bench.inbox(TEAM_MANAGER))
    lapsed = next(one.card for one in bench.inbox(TEAM_MANAGER) if "is late" in one.title)
    assert "It moved to stage 2 by itself, as your procedures say. Nothing more is needed from you on it." in words(
        lapsed
    )


def test_urgent_says_seen_by_when_and_whom_to_telephone(tmp_path: Path) -> None:
    bench = at(tmp_path, "2026-12-14", shipped_text("nottinghamshire") + TELEPHONE)
    opened = form(bench.command(IRO, "/concern AB-1042"))
    typed: dict[str, Value] = {
        "worries": "X",
        "main_reason": reason(opened),
        "significant_harm": ("yes",),
        "start_at": "0",
    }
    bench.submit(IRO, form(bench.submit(IRO, opened, typed)), {})
    read = text(bench, SERVICE_MANAGER)
    assert read.startswith(
        "Urgent C-1: press Seen by 10:30 am\nAnn Lee (IRO) needs you now. Child in care AB-1042, urgent.\n"
    )
    assert "If you cannot act, telephone Duty manager, 01234 567890. In immediate danger: 999." in read
    assert labels(bench, SERVICE_MANAGER) == ["Seen", "Reply", "Open"]
    bench.press(IRO_MANAGER, button(bench.last(IRO_MANAGER), "Seen"))
    bench.wait(timedelta(hours=1))
    assert text(bench, IRO).startswith(
        "C-1 not seen by Sunil Rao: telephone now\nNot yet seen by Sunil Rao. Telephone Duty manager, 01234 567890.\n"
    )
    assert "have now been asked too, by 11:30 am" in text(bench, IRO) or "has now been asked too, by 11:30 am" in text(
        bench, IRO
    )


def test_more_time_is_told_to_all_who_were_told_the_date(tmp_path: Path) -> None:
    bench = at(tmp_path, "2026-12-14")
    ref = logged(bench)
    opened = form(bench.press(TEAM_MANAGER, Button(label="", deed="concern.ask_time", subject=ref)))
    bench.submit(TEAM_MANAGER, opened, {"until": "2027-01-08", "reason": "Ill."})
    assert text(bench, IRO).startswith("Tess Hill asks for more time for C-1, to Fri 8 Jan 2027\n")
    bench.forget()
    act(bench, IRO, f"/concern {ref} extend", until="2027-01-08", reason="Ill.")
    assert text(bench, TEAM_MANAGER).startswith("More time for C-1: reply by Fri 8 Jan 2027\n")
    assert text(bench, SOCIAL_WORKER).startswith(
        "For information: more time for C-1 (nothing to do)\n"
        "Ann Lee (IRO) agreed a new date. Their reply is due by 5 pm, Fri 8 Jan 2027.\n"
    )


def test_reopened_says_so(tmp_path: Path) -> None:
    bench = at(tmp_path, "2026-12-14")
    ref = logged(bench)
    reply(bench, TEAM_MANAGER, ref)
    close(bench, ref)
    act(bench, IRO, f"/concern {ref} reopen", stage="1", reason="It came back.")
    assert text(bench, TEAM_MANAGER).startswith(
        "C-1 is reopened: please reply by Wed 30 Dec\nAnn Lee (IRO) has reopened it. Child in care AB-1042, stage 1.\n"
    )


def test_the_immediate_route_is_called_urgent_in_the_day(tmp_path: Path) -> None:
    bench = at(tmp_path, "2026-12-14", shipped_text("nottinghamshire") + TELEPHONE)
    opened = form(bench.command(IRO, "/concern AB-1042"))
    typed: dict[str, Value] = {"worries": "X", "main_reason": reason(opened), "start_at": "0"}
    bench.submit(IRO, form(bench.submit(IRO, opened, {**typed, "significant_harm": ("yes",)})), {})
    bench.go_to_day(date(2026, 12, 16))
    for who in (SERVICE_MANAGER, IRO):
        morning = [one for one in bench.inbox(who) if one.title.startswith("Your day")][-1]
        assert ", urgent" in words(morning.card)
        assert "stage 3" not in words(morning.card)
