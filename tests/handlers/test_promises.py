"""Who promised a plan is reminded of it as of any date, told of another, and says that it is done; the IRO decides."""

from datetime import date, timedelta

import pytest

from handlers.cards import Button
from storage.concerns import ConcernState
from storage.replies import Reply
from tests.bench import Bench, buttons, words
from tests.cast import (
    ASSISTANT_DIRECTOR,
    DIRECTOR,
    IRO,
    IRO_MANAGER,
    OTHER_MANAGER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
    away,
    leave,
)
from tests.handlers.steps import DONE, PLAN, act, concern, form, happened, logged, move, reply, rows, run, said
from tests.led import led

DONE_BUTTON = Button(label="", deed="concern.done", subject="C-1")


@pytest.fixture
def promised(bench: Bench) -> Bench:
    """The team manager has promised it by Tue 9 Feb."""
    return led(bench, _promise)


def _promise(bench: Bench) -> None:
    reply(bench, TEAM_MANAGER, logged(bench), PLAN, plan_by="2027-02-09")
    bench.go_to_day(date(2027, 2, 4))
    bench.forget()


def lines(bench: Bench, who: str, day: date) -> list[str]:
    """What somebody's "Your day" says on a day."""
    bench.forget()
    bench.go_to_day(day)
    return [line.text for one in bench.inbox(who) if one.title.startswith("Your day") for line in one.card.lines]


def agree_new_date(bench: Bench, until: str) -> None:
    opened = form(bench.press(IRO, Button(label="", deed="concern.new_date", subject="C-1")))
    said(bench.submit(IRO, opened, {"until": until, "reason": "Snow."}))


@pytest.mark.slow
def test_who_promised_is_reminded_as_of_any_date(promised: Bench) -> None:
    assert promised.inbox(TEAM_MANAGER) == []
    assert lines(promised, TEAM_MANAGER, date(2027, 2, 5)) == ["C-1: what you promised is due Tue 9 Feb."]
    assert [one.label for one in buttons(promised.last(TEAM_MANAGER))] == ["Done", "Open"]
    assert lines(promised, TEAM_MANAGER, date(2027, 2, 8)) == []
    assert lines(promised, TEAM_MANAGER, date(2027, 2, 9)) == ["C-1: what you promised is due today."]
    assert lines(promised, TEAM_MANAGER, date(2027, 2, 10)) == ["C-1: what you promised is late since Tue 9 Feb."]
    assert lines(promised, SOCIAL_WORKER, date(2027, 2, 11)) == []


@pytest.mark.slow
def test_the_reminder_ends_when_the_iro_decides(promised: Bench) -> None:
    promised.go_to_day(date(2027, 2, 10))
    move(promised, "C-1", 2)
    assert lines(promised, TEAM_MANAGER, date(2027, 2, 11)) == []


@pytest.mark.slow
def test_done_tells_the_iro_and_leaves_the_decision_there(promised: Bench) -> None:
    promised.go_to_day(date(2027, 2, 5))
    promised.forget()
    pressed = promised.press(TEAM_MANAGER, DONE_BUTTON)
    assert "The IRO is told that what you promised on C-1 is done" in said(pressed)
    assert concern(promised, "C-1").state is ConcernState.REPLIED
    assert promised.titles(IRO) == ["Tess Hill says the plan for C-1 is done"]
    assert "Satisfied: close" in [one.label for one in buttons(promised.last(IRO))]
    assert "You said at 9:30 am, Fri 5 Feb 2027" in said(promised.press(TEAM_MANAGER, DONE_BUTTON))
    assert happened(promised, "C-1").count("said the plan is done") == 1
    assert lines(promised, TEAM_MANAGER, date(2027, 2, 10)) == []


def test_done_after_the_day_has_come_is_told_too(promised: Bench) -> None:
    promised.go_to_day(date(2027, 2, 10))
    since = concern(promised, "C-1").state_since
    promised.forget()
    promised.press(TEAM_MANAGER, DONE_BUTTON)
    assert promised.titles(IRO) == ["Tess Hill says the plan for C-1 is done"]
    assert concern(promised, "C-1").state_since == since
    assert lines(promised, TEAM_MANAGER, date(2027, 2, 11)) == []


@pytest.mark.slow
def test_who_promised_is_told_another_date_and_reminded_of_it(promised: Bench) -> None:
    agree_new_date(promised, "2027-02-23")
    assert promised.last(TEAM_MANAGER).title == "C-1: your plan is now due by Tue 23 Feb"
    assert [one.label for one in buttons(promised.last(TEAM_MANAGER))] == ["Done", "Open"]
    assert lines(promised, TEAM_MANAGER, date(2027, 2, 9)) == []
    assert lines(promised, TEAM_MANAGER, date(2027, 2, 19)) == ["C-1: what you promised is due Tue 23 Feb."]


def test_another_date_after_done_asks_for_it_again(promised: Bench) -> None:
    promised.press(TEAM_MANAGER, DONE_BUTTON)
    promised.forget()
    agree_new_date(promised, "2027-02-23")
    assert [one.title for one in promised.inbox(TEAM_MANAGER)] == ["C-1: your plan is now due by Tue 23 Feb"]
    assert [one.done_at for one in rows(promised, Reply)] == [None]
    assert "Thank you." in said(promised.press(TEAM_MANAGER, DONE_BUTTON))


def test_an_earlier_date_is_reminded_of_too(promised: Bench) -> None:
    agree_new_date(promised, "2027-02-08")
    assert lines(promised, TEAM_MANAGER, date(2027, 2, 8)) == ["C-1: what you promised is due today."]


def test_while_away_their_cover_is_reminded_and_may_say_done(promised: Bench) -> None:
    away(promised.engine, promised.cast, TEAM_MANAGER, date(2027, 2, 5), date(2027, 2, 12), OTHER_MANAGER)
    (line,) = lines(promised, OTHER_MANAGER, date(2027, 2, 5))
    assert line == "C-1: what you promised is due Tue 9 Feb (for Tess Hill)."
    assert promised.inbox(TEAM_MANAGER) == []
    assert "Thank you." in said(promised.press(OTHER_MANAGER, DONE_BUTTON))


def test_nobody_else_says_done(promised: Bench) -> None:
    for who in (IRO, SOCIAL_WORKER, SERVICE_MANAGER):
        assert "not waiting for a reply from you" in said(promised.press(who, DONE_BUTTON)), who
    assert concern(promised, "C-1").state is ConcernState.PLANNED


def test_the_plan_is_done_ticked_with_words_is_the_same(promised: Bench) -> None:
    act(promised, TEAM_MANAGER, "/concern C-1 reply", words="All of it.", done=("done",))
    assert concern(promised, "C-1").state is ConcernState.REPLIED
    assert promised.titles(IRO) == ["Tess Hill says the plan for C-1 is done"]
    assert rows(promised, Reply)[0].done_at == promised.now


@pytest.mark.slow
def test_of_two_who_promised_each_has_their_own_day_and_both_must_say_done(bench: Bench) -> None:
    logged(bench, 0)
    reply(bench, SOCIAL_WORKER, "C-1", PLAN, plan_by="2027-02-09")
    reply(bench, TEAM_MANAGER, "C-1", PLAN, plan_by="2027-02-16")
    assert run(bench, "C-1").plan_by == date(2027, 2, 16)
    bench.go_to_day(date(2027, 2, 8))
    assert lines(bench, SOCIAL_WORKER, date(2027, 2, 9)) == ["C-1: what you promised is due today."]
    assert bench.inbox(TEAM_MANAGER) == []
    bench.press(SOCIAL_WORKER, DONE_BUTTON)
    assert concern(bench, "C-1").state is ConcernState.PLANNED
    bench.press(TEAM_MANAGER, DONE_BUTTON)
    assert concern(bench, "C-1").state is ConcernState.REPLIED


def test_a_reply_without_a_plan_promises_nothing(bench: Bench) -> None:
    reply(bench, TEAM_MANAGER, logged(bench), DONE)
    assert said(bench.press(TEAM_MANAGER, DONE_BUTTON)) == "Nothing you promised on C-1 is waiting to be done."
    assert "Done" not in [one.label for one in buttons(form(bench.command(TEAM_MANAGER, "/concern C-1")))]
    assert words(bench.command(TEAM_MANAGER, "/concern C-1 reply")).startswith("Add to my reply")


# each its own day


def _agree_on_another_date(bench: Bench) -> None:
    logged(bench, 0)
    reply(bench, SOCIAL_WORKER, "C-1", PLAN, plan_by="2027-02-09")
    bench.go_to_day(date(2027, 2, 8))
    agree_new_date(bench, "2027-02-23")
    bench.wait(timedelta(hours=1))


@pytest.mark.slow
@pytest.mark.parametrize("later", ["2027-02-19", "2027-03-02"])
def test_a_date_agreed_stays_when_somebody_else_promises_later(bench: Bench, later: str) -> None:
    led(bench, _agree_on_another_date)
    reply(bench, TEAM_MANAGER, "C-1", PLAN, plan_by=later)
    bench.go_to_day(date(2027, 2, 18))
    assert lines(bench, SOCIAL_WORKER, date(2027, 2, 19)) == ["C-1: what you promised is due Tue 23 Feb."]
    theirs = [line.text for one in bench.inbox(TEAM_MANAGER) for line in one.card.lines]
    assert theirs == (["C-1: what you promised is due today."] if later == "2027-02-19" else [])


# of somebody who has left


@pytest.mark.slow
def test_the_promise_of_who_has_left_goes_to_who_fills_the_place(promised: Bench) -> None:
    leave(promised.engine, promised.cast, TEAM_MANAGER, date(2027, 2, 4))
    promised.go_to_day(date(2027, 2, 5))
    assert [one for one in promised.titles(SERVICE_MANAGER) if one.startswith("C-1")] == [
        "C-1: what Tess Hill promised is now yours"
    ]
    assert [one for one in promised.titles(IRO) if one.startswith("C-1")] == [
        "C-1: what Tess Hill promised is now with Sunil Rao"
    ]
    told = next(one.card for one in promised.inbox(SERVICE_MANAGER) if one.title.startswith("C-1"))
    assert "Tess Hill has left. The date stays: Tue 9 Feb. Press Done when it is done." in words(told)
    assert [one.label for one in buttons(told)] == ["Done", "Open"]
    assert lines(promised, SERVICE_MANAGER, date(2027, 2, 9)) == ["C-1: what Tess Hill promised is due today."]
    assert [one for one in promised.titles(SERVICE_MANAGER) if one.startswith("C-1")] == [], "told once"
    assert "Worry." in words(promised.command(SERVICE_MANAGER, "/concern C-1"))
    assert "Thank you." in said(promised.press(SERVICE_MANAGER, DONE_BUTTON))
    assert promised.titles(IRO) == ["Sunil Rao says the plan for C-1 is done"]
    assert lines(promised, SERVICE_MANAGER, date(2027, 2, 10)) == []
    assert promised.inbox(TEAM_MANAGER) == []


def test_where_nobody_fills_the_place_the_iro_is_told(promised: Bench) -> None:
    for who in (TEAM_MANAGER, SERVICE_MANAGER, ASSISTANT_DIRECTOR, DIRECTOR):
        leave(promised.engine, promised.cast, who, date(2027, 2, 4))
    promised.go_to_day(date(2027, 2, 9))
    for who in (IRO, IRO_MANAGER):
        assert promised.titles(who).count("C-1 waits for somebody who is gone") == 1
    assert "Tess Hill has left, and nobody more senior can be asked." in words(
        next(one.card for one in promised.inbox(IRO) if "waits for" in one.title)
    )
