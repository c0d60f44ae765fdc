"""What people read as a place goes to another: who is asked, since when, for whom, and nothing that is true no more."""

from datetime import date, time

import pytest

from handlers.cards import Button
from handlers.imports import import_staff
from scheduling.procedures import parse_procedures, shipped_text
from storage.database import transaction
from tests.bench import Bench, button, buttons, words
from tests.cast import (
    ASSISTANT_DIRECTOR,
    AUTHORITY,
    CHILD,
    DIRECTOR,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_MANAGER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    STAFF,
    TEAM_MANAGER,
    away,
    leave,
)
from tests.handlers.steps import PLAN, form, leave_to_manager, logged, notice, reply, said

AT = "@anyshire.example"
RULES = parse_procedures(shipped_text("handbook"), "procedures.toml")


def without_tess(bench: Bench, manager: str = "") -> None:
    """A staff file without Tess Hill, whose worker has that manager now."""
    rows = ["email,name,roles,manager_email,team"]
    for login, name, roles, above, team in STAFF:
        if login != TEAM_MANAGER:
            leads = manager if login == SOCIAL_WORKER else above
            email, leads = login + AT, leads + AT if leads else ""
            rows.append(f"{email},{name},{';'.join(roles)},{leads},{team}")
    with transaction(bench.engine, AUTHORITY) as session:
        import_staff(session, RULES, "\n".join(rows), bench.now.date(), bench.now, leavers=True)


def test_a_leaver_whose_workers_have_another_manager_is_not_said_to_stay_asked(bench: Bench) -> None:
    logged(bench, 1)
    bench.go_to_day(date(2026, 12, 8))
    without_tess(bench, OTHER_MANAGER)
    bench.forget()
    bench.go_to_day(date(2026, 12, 9))
    assert bench.titles(IRO) == ["C-1 is now with Mona Ruiz"], "and no line says that Tess Hill is asked"
    assert bench.titles(OTHER_MANAGER) == ["C-1 is now yours: reply"]


def test_who_passed_it_on_to_a_worker_now_away_is_told_that_it_is_theirs_again(bench: Bench) -> None:
    logged(bench, 0)
    leave_to_manager(bench, SOCIAL_WORKER, "C-1")
    opened = form(bench.press(TEAM_MANAGER, Button(label="", deed="concern.pass", subject="C-1")))
    bench.submit(TEAM_MANAGER, opened, {"person": str(bench.cast.people[SOCIAL_WORKER])})
    away(bench.engine, bench.cast, SOCIAL_WORKER, date(2026, 12, 8), date(2026, 12, 11))
    bench.forget()
    bench.go_to_day(date(2026, 12, 8))
    assert bench.titles(TEAM_MANAGER) == ["C-1 is now yours: please reply"]
    assert words(bench.last(TEAM_MANAGER)).count("Sam Okoro is away") == 1
    assert "The date stays" not in words(bench.last(TEAM_MANAGER)), "there is none"


def test_who_is_asked_where_the_line_is_lost_stands_in_for_the_leaver(bench: Bench) -> None:
    logged(bench, 1)
    bench.go_to_day(date(2026, 12, 8))
    without_tess(bench)
    bench.go_to_day(date(2026, 12, 9))
    read = words(bench.command(IRO, "/concern C-1"))
    assert "Sunil Rao, Service manager, for Tess Hill, who has left" in read


@pytest.mark.slow
def test_a_stand_in_was_asked_on_the_day_they_were_asked(bench: Bench) -> None:
    logged(bench, 1)
    leave(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 8))
    bench.go_to_day(date(2026, 12, 9))
    bench.command(SERVICE_MANAGER, "/concern C-1")
    bench.forget()
    bench.go_to_day(date(2026, 12, 21), time(17, 30))
    assert "Sunil Rao was asked on Wed 9 Dec 2026, stage 1, and opened it the same day." in words(bench.last(IRO))


@pytest.mark.slow
def test_what_comes_to_somebody_late_says_that_it_is_late(bench: Bench) -> None:
    logged(bench, 1)
    bench.go_to_day(date(2026, 12, 22))
    leave(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 22))
    bench.forget()
    bench.go_to_day(date(2026, 12, 23))
    told = next(one.card for one in bench.inbox(SERVICE_MANAGER) if "now yours" in one.title)
    assert told.title == "C-1 is now yours: late since Mon 21 Dec"
    assert "The reply was due by 5 pm, Mon 21 Dec 2026: 10 working days." in words(told)
    assert "Reply by" not in words(told)


def test_whoever_cannot_ask_again_gets_no_button_for_it(bench: Bench) -> None:
    logged(bench, 3)
    for who in (ASSISTANT_DIRECTOR, DIRECTOR):
        away(bench.engine, bench.cast, who, date(2026, 12, 8), date(2026, 12, 11))
    bench.forget()
    bench.go_to_day(date(2026, 12, 8), time(9, 15))
    gone = {one.to: [each.label for each in buttons(one.card)] for one in bench.told if "waits for" in one.title}
    assert gone == {IRO: ["Ask again", "Open"], IRO_MANAGER: ["Open"]}
    asks_again = "Ann Lee (IRO) can then ask again."
    assert asks_again in words(bench.last(IRO_MANAGER))


def test_after_many_are_handed_over_nothing_is_said_of_one_alone(bench: Bench) -> None:
    logged(bench, 0, about=OTHER_CHILD)
    opened = form(bench.command(IRO_MANAGER, f"/iro allocate {CHILD}"))
    told = said(bench.submit(IRO_MANAGER, opened, {"iro": str(bench.cast.people[OTHER_IRO]), "all": ("iro",)}))
    assert "1 other child went with it" in told
    assert "No concern is open" not in told


def test_nobody_gone_is_told_that_their_reply_is_late(bench: Bench) -> None:
    logged(bench, 3)
    leave(bench.engine, bench.cast, ASSISTANT_DIRECTOR, date(2026, 12, 7))
    away(bench.engine, bench.cast, DIRECTOR, date(2026, 12, 8), date(2026, 12, 11))
    bench.forget()
    bench.go_to_day(date(2026, 12, 8), time(10, 0))
    assert "What next?" in bench.inbox(IRO)[-1].title
    assert {one.to for one in bench.told} == {IRO, IRO_MANAGER}


def test_who_keeps_a_leavers_promise_says_that_it_is_done_and_has_no_reply_to_add_to(bench: Bench) -> None:
    logged(bench, 1)
    reply(bench, TEAM_MANAGER, "C-1", PLAN, plan_by="2027-02-09")
    without_tess(bench, OTHER_MANAGER)
    bench.go_to_day(date(2026, 12, 8))
    opened = form(bench.command(OTHER_MANAGER, "/concern C-1"))
    assert [one.label for one in buttons(opened)][:2] == ["Done", "History"]
    told = notice(bench.press(OTHER_MANAGER, button(opened, "Done")))
    assert "what was promised on C-1 is done" in told.text
    assert told.buttons == ()
