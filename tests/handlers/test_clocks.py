"""Every clock to its end: who owes what, until when, and what happens when it passes (section 5 of the contract)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from handlers.cards import Button, Errors, Form
from handlers.dispatch import answer
from scheduling.procedures import shipped_text
from scheduling.working_days import at_local
from storage.concerns import ConcernState
from storage.stage_runs import Part
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import (
    ASSISTANT_DIRECTOR,
    DIRECTOR,
    IRO,
    IRO_MANAGER,
    OTHER_IRO,
    OTHER_MANAGER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
    away,
    leave,
)
from tests.databases import sqlite_engine
from tests.first_lines import undated
from tests.handlers.steps import (
    CLOSED,
    DONE,
    NOT_AGREED,
    PLAN,
    act,
    close,
    concern,
    entries,
    field,
    form,
    happened,
    logged,
    move,
    people_asked,
    planned,
    put_in_force,
    reason,
    reply,
    run,
    said,
)

HANDBOOK = shipped_text("handbook")
ESCALATE = HANDBOOK.replace('on_no_reply = "prompt"', 'on_no_reply = "escalate"')


@pytest.fixture
def twin(engine: Engine) -> Bench:
    """A bench on SQLite, and again on PostgreSQL."""
    return Bench(engine, utc("2026-12-07"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a bench of its own is kept."""
    return tmp_path


def _bench(folder: Path, text: str, start: str = "2026-12-07") -> Iterator[Bench]:
    for engine in sqlite_engine(folder):
        yield Bench(engine, utc(start), text)


@pytest.fixture
def escalating(folder: Path) -> Iterator[Bench]:
    """A bench where each stage without a reply moves by itself."""
    yield from _bench(folder, ESCALATE)


@pytest.fixture
def each(folder: Path) -> Iterator[Bench]:
    """A bench where both the social worker and the team manager must answer stage 1."""
    text = HANDBOOK.replace(
        'addressees = ["team_manager"]\nanswer = "any"',
        'addressees = ["social_worker", "team_manager"]\nanswer = "each"',
    )
    assert text != HANDBOOK
    yield from _bench(folder, text)


@pytest.fixture
def immediate(folder: Path) -> Iterator[Bench]:
    """A bench with an immediate route that names a telephone."""
    text = shipped_text("nottinghamshire") + '\n[immediate.telephone]\nname = "Duty desk"\nnumber = "01709 000111"\n'
    yield from _bench(folder, text)


def _titles(bench: Bench, who: str) -> list[str]:
    """The events a person was told, without the mornings."""
    return [title for title in bench.titles(who) if not title.startswith("Your day")]


def _days(bench: Bench, who: str, ref: str) -> list[date]:
    """The days on which a person's morning named the concern."""
    return [one.at.date() for one in bench.inbox(who) if one.title.startswith("Your day") and ref in words(one.card)]


# draft


def test_a_draft_is_named_from_its_fifth_working_day_and_nothing_else_happens(bench: Bench) -> None:
    opened = form(bench.command(IRO, "/concern AB-1042"))
    bench.press(IRO, button(opened, "Save draft"), {"child": field(opened, "child").initial})
    bench.go_to_day(date(2026, 12, 15))
    assert _days(bench, IRO, "C-1") == [date(2026, 12, 14), date(2026, 12, 15)]
    assert {one.to for one in bench.told} == {IRO}


# informal


def test_a_quiet_informal_concern_is_asked_about_after_ten_working_days(bench: Bench) -> None:
    ref = logged(bench, 0)
    assert run(bench, ref).due_at is None
    assert "There is no set time to reply." in words(bench.last(TEAM_MANAGER))
    bench.go_to(utc("2026-12-21", "16:59"))
    assert bench.titles(IRO) == []
    bench.forget()
    bench.go_to(utc("2026-12-21", "17:00"))
    assert bench.titles(IRO) == [f"No reply to {ref} yet. What next?"]
    assert {one.to for one in bench.told} == {IRO}, "an informal concern without a clock alerts no manager"
    assert concern(bench, ref).state is ConcernState.ASKED
    labels = [one.label for one in buttons(bench.last(IRO))]
    assert labels == ["Move to stage 1", "Agree an extension", "Record a reply", "Open"]


def test_an_informal_concern_with_a_clock_asks_the_iro_when_it_passes(folder: Path) -> None:
    text = HANDBOOK.replace('name = "Informal"', 'name = "Informal"\nreply_within = "3 working days"')
    for bench in _bench(folder, text):
        ref = logged(bench, 0)
        bench.go_to(utc("2026-12-10", "17:00"))
        assert _titles(bench, IRO) == [f"No reply to {ref} by Thu 10 Dec. What next?"]
        assert f"A reply to {ref} is late" in bench.titles(TEAM_MANAGER)
        assert concern(bench, ref).limit_at is None, "informal is not counted in the limit of all stages"


# stage n


def test_at_a_prompting_stages_deadline_the_iro_is_asked_and_the_line_alerted(twin: Bench) -> None:
    ref = logged(twin, 1)
    twin.go_to(utc("2026-12-21", "16:59"))
    assert _titles(twin, IRO) == []
    twin.forget()
    twin.go_to(utc("2026-12-21", "17:00"))
    assert twin.titles(IRO) == [f"No reply to {ref} by Mon 21 Dec. What next?"]
    assert twin.titles(TEAM_MANAGER) == twin.titles(SERVICE_MANAGER) == [f"A reply to {ref} is late"]
    assert [one.label for one in buttons(twin.last(TEAM_MANAGER))] == ["Reply", "Open"]
    assert [one.label for one in buttons(twin.last(SERVICE_MANAGER))] == ["Open"]
    assert [one.label for one in buttons(twin.last(IRO))] == [
        "Move to stage 2",
        "Agree an extension",
        "Record a reply",
        "Open",
    ]
    assert concern(twin, ref).state is ConcernState.ASKED
    assert {one.to for one in twin.told} == {IRO, TEAM_MANAGER, SERVICE_MANAGER}


@pytest.mark.slow
def test_an_escalating_stage_moves_by_itself_and_says_so_to_all(escalating: Bench) -> None:
    ref = logged(escalating, 1)
    escalating.forget()
    escalating.go_to(utc("2026-12-21", "17:00"))
    assert run(escalating, ref).number == 2
    assert run(escalating, ref).started_by_id is None
    assert _titles(escalating, SERVICE_MANAGER) == [f"{ref} is now with you: reply"]
    assert _titles(escalating, IRO) == [f"{ref} has moved to stage 2 by itself"]
    assert _titles(escalating, TEAM_MANAGER) == [f"A reply to {ref} is late"]
    assert _titles(escalating, SOCIAL_WORKER) == [f"For information: {ref} is at stage 2 (nothing to do)"]
    assert "moved by the clock" in happened(escalating, ref)


@pytest.mark.slow
def test_the_top_stage_never_moves_by_itself_and_never_to_cafcass(escalating: Bench) -> None:
    ref = logged(escalating, 3)
    escalating.forget()
    escalating.go_to_day(date(2026, 12, 9))
    assert f"No reply to {ref} by 9:30 am, Tue 8 Dec. What next?" in escalating.titles(IRO)
    labels = [one.label for one in buttons(next(one.card for one in escalating.inbox(IRO)))]
    assert labels[:3] == ["Note a Cafcass referral", "Legal advice", "Ask again"]
    escalating.go_to_day(date(2026, 12, 31))
    assert run(escalating, ref).number == 3
    assert not any("afcass" in what for what in happened(escalating, ref))


@pytest.mark.slow
def test_where_any_may_answer_one_reply_is_enough(bench: Bench) -> None:
    ref = logged(bench, 0)
    reply(bench, SOCIAL_WORKER, ref)
    assert concern(bench, ref).state is ConcernState.REPLIED
    bench.forget()
    bench.go_to_day(date(2027, 1, 15))
    assert bench.inbox(TEAM_MANAGER) == bench.inbox(SOCIAL_WORKER) == []


@pytest.mark.slow
def test_where_each_must_answer_the_clock_runs_for_the_silent_one_alone(each: Bench) -> None:
    ref = logged(each, 1)
    reply(each, SOCIAL_WORKER, ref)
    assert concern(each, ref).state is ConcernState.WAITING
    assert "Still awaited: Tess Hill." in words(each.last(IRO))
    each.forget()
    each.go_to(utc("2026-12-21", "17:00"))
    assert _titles(each, SOCIAL_WORKER) == []
    assert _titles(each, TEAM_MANAGER) == [f"A reply to {ref} is late"]
    reply(each, TEAM_MANAGER, ref)
    assert concern(each, ref).state is ConcernState.REPLIED


def test_a_reply_stops_the_stages_reminders(bench: Bench) -> None:
    ref = logged(bench, 1)
    reply(bench, TEAM_MANAGER, ref)
    assert {one.rung for one in planned(bench, ref)} == {"verdict", "limit passed"}


# replied, planned, asked


@pytest.mark.slow
def test_a_reply_waits_in_the_iros_mornings_then_the_iro_manager_hears(bench: Bench) -> None:
    ref = logged(bench, 1)
    reply(bench, TEAM_MANAGER, ref, NOT_AGREED)
    bench.go_to(utc("2026-12-14", "16:59"))
    assert _days(bench, IRO, ref) == [date(2026, 12, day) for day in (8, 9, 10, 11, 14)]
    assert bench.titles(IRO_MANAGER) == []
    bench.go_to(utc("2026-12-14", "17:00"))
    assert bench.titles(IRO_MANAGER) == [f"{ref}: no decision since"]
    bench.go_to_day(date(2026, 12, 16))
    assert _titles(bench, IRO_MANAGER) == [f"{ref}: no decision since"], "told once"
    assert _days(bench, IRO, ref)[-1] == date(2026, 12, 16)


@pytest.mark.slow
def test_a_plans_date_asks_the_iro_who_may_give_a_new_one(twin: Bench) -> None:
    ref = logged(twin, 1)
    reply(twin, TEAM_MANAGER, ref, PLAN, plan_by="2026-12-11")
    twin.forget()
    twin.go_to(utc("2026-12-11", "17:00"))
    assert _titles(twin, IRO) == [f"{ref}: the plan was due by Fri 11 Dec. Is it done?"]
    labels = [one.label for one in buttons(twin.last(IRO))]
    assert labels == ["Read the reply", "Not done: move up", "New date", "Done: close"]
    opened = form(twin.press(IRO, button(twin.last(IRO), "New date")))
    assert isinstance(twin.submit(IRO, opened, {"until": "2026-12-11", "reason": "X"}), Errors)
    twin.submit(IRO, opened, {"until": "2026-12-18", "reason": "Half done."})
    assert concern(twin, ref).state is ConcernState.PLANNED
    twin.forget()
    twin.go_to(utc("2026-12-18", "17:00"))
    assert _titles(twin, IRO) == [f"{ref}: the plan was due by Fri 18 Dec. Is it done?"]
    assert twin.inbox(IRO_MANAGER) == []
    twin.go_to(utc("2026-12-29", "17:00"))
    assert _titles(twin, IRO_MANAGER) == [f"{ref}: no decision since"]


@pytest.mark.slow
def test_an_undecided_deadline_is_told_to_the_iro_manager_after_five_working_days(bench: Bench) -> None:
    ref = logged(bench, 1)
    bench.go_to(utc("2026-12-30", "16:59"))
    assert f"{ref}: no decision since" not in bench.titles(IRO_MANAGER)
    bench.go_to(utc("2026-12-30", "17:00"))
    assert bench.titles(IRO_MANAGER).count(f"{ref}: no decision since") == 1


@pytest.mark.slow
@pytest.mark.parametrize("decision", ["stage 2", "again", "extend", "close"])
def test_a_decision_stops_that_clock(decision: str, bench: Bench) -> None:
    ref = logged(bench, 1)
    bench.go_to_day(date(2026, 12, 22))
    act(bench, IRO, f"/concern {ref} {decision}", reason="X", until="2027-01-29", **CLOSED)
    assert "decision" not in {one.rung for one in planned(bench, ref)}
    assert "next senior" not in {one.rung for one in planned(bench, ref)}


# the immediate route


def _urgent(bench: Bench) -> str:
    opened = form(bench.command(IRO, "/concern AB-1042"))
    confirm = bench.submit(
        IRO, opened, {"worries": "X", "main_reason": reason(opened), "significant_harm": ("yes",), "start_at": "0"}
    )
    assert bench.told == [], "nothing is sent before the confirmation"
    assert "Telephone as well: Duty desk, 01709 000111." in words(confirm)
    bench.submit(IRO, form(confirm), {})
    return "C-1"


def test_the_immediate_route_asks_its_people_at_any_hour(immediate: Bench) -> None:
    immediate.now = utc("2026-12-26", "23:10")
    ref = _urgent(immediate)
    for who in (SERVICE_MANAGER, IRO_MANAGER):
        assert immediate.titles(who) == [f"Urgent {ref}: press Seen"]
        assert [one.label for one in buttons(immediate.last(who))] == ["Seen", "Reply", "Open"]
        assert immediate.last(who).title == f"Urgent {ref}: press Seen by 12:10 am, Sun 27 Dec"


def test_an_hour_unseen_asks_the_next_senior_with_the_telephone_line(immediate: Bench) -> None:
    immediate.now = utc("2026-12-26", "23:10")
    ref = _urgent(immediate)
    immediate.press(IRO_MANAGER, button(immediate.last(IRO_MANAGER), "Seen"))
    immediate.forget()
    immediate.wait(timedelta(hours=1))
    assert immediate.titles(ASSISTANT_DIRECTOR) == [f"Urgent {ref}: press Seen"]
    assert "Telephone Duty desk, 01709 000111." in words(immediate.last(ASSISTANT_DIRECTOR))
    for who in (IRO, IRO_MANAGER):
        assert immediate.titles(who) == [f"{ref} not seen: telephone now"]
        assert "Not yet seen by Sunil Rao." in words(immediate.last(who))
        assert "01709 000111" in words(immediate.last(who))
    assert immediate.inbox(DIRECTOR) == []


def test_seen_by_each_stops_the_hour_and_never_the_reply(immediate: Bench) -> None:
    ref = _urgent(immediate)
    for who in (SERVICE_MANAGER, IRO_MANAGER):
        told = said(immediate.press(who, button(immediate.last(who), "Seen")))
        assert "It still needs your reply." in told
    immediate.forget()
    immediate.wait(timedelta(hours=2))
    assert immediate.told == []
    reply(immediate, SERVICE_MANAGER, ref)
    assert concern(immediate, ref).state is ConcernState.WAITING, "each must reply"
    immediate.go_to(utc("2026-12-08", "09:30"))
    assert f"No reply to {ref} by 9:30 am, Tue 8 Dec. What next?" in immediate.titles(IRO)


def test_more_time_to_reply_leaves_the_hour_to_be_seen(immediate: Bench) -> None:
    ref = _urgent(immediate)
    act(immediate, IRO, f"/concern {ref} extend", until="2026-12-11", reason="X")
    immediate.forget()
    immediate.wait(timedelta(hours=1))
    assert f"{ref} not seen: telephone now" in immediate.titles(IRO)


# all stages together


@pytest.mark.slow
def test_the_limit_of_all_stages_is_told_near_and_when_passed(bench: Bench) -> None:
    ref = logged(bench, 1)
    assert concern(bench, ref).limit_at == utc("2027-01-07", "17:00")
    near, passed = f"{ref} (AB-1042): all stages end Thu 7 Jan 2027; stage 1.", f"All stages of {ref} ended"
    bench.go_to_day(date(2026, 12, 29))
    assert near not in words(bench.last(IRO))
    bench.go_to_day(date(2026, 12, 30))
    for who in (IRO, IRO_MANAGER):
        assert near in words(bench.last(who))
    bench.go_to(utc("2027-01-07", "17:00"))
    for who in (IRO, IRO_MANAGER):
        assert bench.titles(who).count(passed) == 1
    bench.go_to_day(date(2027, 1, 22))
    assert {bench.titles(who).count(passed) for who in (IRO, IRO_MANAGER)} == {1}
    assert concern(bench, ref).state is not ConcernState.CLOSED


def test_informal_time_is_not_counted_and_nothing_moves_the_limit(bench: Bench) -> None:
    ref = logged(bench, 0)
    bench.go_to_day(date(2026, 12, 9))
    assert concern(bench, ref).limit_at is None
    move(bench, ref, 1)
    limit = concern(bench, ref).limit_at
    assert limit == utc("2027-01-11", "17:00")
    act(bench, IRO, f"/concern {ref} extend", until="2027-02-26", reason="X")
    move(bench, ref, 2)
    act(bench, IRO, f"/concern {ref} again", reason="X")
    move(bench, ref, 0)
    move(bench, ref, 1)
    assert concern(bench, ref).limit_at == limit
    assert sum(one.rung == "limit passed" for one in planned(bench, ref)) == 1


def test_reopening_starts_another_limit(bench: Bench) -> None:
    ref = logged(bench, 1)
    close(bench, ref)
    assert planned(bench, ref) == []
    bench.wake_on_day(date(2027, 3, 1))
    act(bench, IRO, f"/concern {ref} reopen", stage="0", reason="X")
    assert concern(bench, ref).limit_at is None
    move(bench, ref, 1)
    assert concern(bench, ref).limit_at == utc("2027-03-31", "17:00")
    assert concern(bench, ref).cycle == 2


# three months later


def test_three_months_later_the_iro_is_asked_once_whether_it_lasted(bench: Bench) -> None:
    ref = logged(bench, 1)
    close(bench, ref)
    bench.wake_on_day(date(2027, 3, 1))
    bench.forget()
    bench.go_to_day(date(2027, 3, 24))
    assert [(one.to, one.at.date()) for one in bench.told] == [(IRO, date(2027, 3, 8))]
    assert "did the change last?" in words(bench.last(IRO))
    assert isinstance(bench.press(IRO, button(bench.last(IRO), "Answer")), Form)


def test_a_withdrawn_concern_is_not_asked_about(bench: Bench) -> None:
    ref = logged(bench, 1)
    act(bench, IRO, f"/concern {ref} withdraw", what_changed="A mistake.")
    bench.wake_on_day(date(2027, 3, 1))
    bench.forget()
    bench.go_to_day(date(2027, 3, 24))
    assert bench.told == []


@pytest.mark.slow
def test_an_iro_away_without_cover_is_asked_when_they_are_back(bench: Bench) -> None:
    ref = logged(bench, 1)
    close(bench, ref)
    away(bench.engine, bench.cast, IRO, date(2027, 3, 1), date(2027, 3, 19))
    bench.wake_on_day(date(2027, 3, 1))
    bench.forget()
    bench.go_to_day(date(2027, 4, 7))
    assert _days(bench, IRO, ref) == [date(2027, 3, 22)]


# the ladder


@pytest.mark.slow
def test_the_ladder_of_one_stage_rung_by_rung(bench: Bench) -> None:
    ref = logged(bench, 1)
    bench.go_to_day(date(2027, 1, 13))
    days = _days(bench, TEAM_MANAGER, ref)
    assert days[:2] == [date(2026, 12, 17), date(2026, 12, 21)], "2 working days before, and on the day"
    after = [date(2026, 12, day) for day in (22, 23, 24, 29, 30, 31)] + [date(2027, 1, 4), date(2027, 1, 5)]
    assert days[2:10] == after, "then daily, on working days alone"
    quarter = date(2027, 1, 4)  # the quarter's summary brings a morning, in which what is late in the team stands too
    assert _days(bench, SERVICE_MANAGER, ref) == [date(2026, 12, 30), quarter, date(2027, 1, 7)], "weekly"
    senior = [one for one in bench.inbox(ASSISTANT_DIRECTOR) if undated(one.title) == f"A reply to {ref} is late"]
    assert [one.at for one in senior] == [utc("2027-01-07", "09:00")], "then the next senior, after two"


def test_rungs_earlier_than_the_stage_fall_away(bench: Bench) -> None:
    ref = logged(bench, 3)
    assert run(bench, ref).due_at == utc("2026-12-08", "09:30")
    bench.go_to_day(date(2026, 12, 8))
    assert _days(bench, ASSISTANT_DIRECTOR, ref) == [date(2026, 12, 8)]


def test_an_urgent_stage_after_close_counts_from_the_next_opening(bench: Bench) -> None:
    bench.now = utc("2026-12-11", "18:30")
    ref = logged(bench, 3)
    assert run(bench, ref).due_at == utc("2026-12-15", "09:00")


# after downtime


def test_after_weeks_of_downtime_a_prompting_stage_takes_one_step(bench: Bench) -> None:
    ref = logged(bench, 1)
    bench.forget()
    bench.sleep_until(utc("2027-02-15", "11:00"))
    assert _titles(bench, IRO).count(f"No reply to {ref} by Mon 21 Dec 2026. What next?") == 1
    assert _titles(bench, TEAM_MANAGER) == [f"A reply to {ref} is late"]
    assert _titles(bench, SERVICE_MANAGER) == [f"A reply to {ref} is late"]
    assert _titles(bench, ASSISTANT_DIRECTOR) == [], "the next step comes later"
    assert f"{ref}: no decision since" not in bench.titles(IRO_MANAGER)
    assert bench.titles(IRO_MANAGER) == [f"All stages of {ref} ended"]
    told = len(bench.told)
    bench.tick()
    assert len(bench.told) == told
    bench.go_to(utc("2027-02-22", "17:00"))
    assert bench.titles(IRO_MANAGER)[-1] == f"{ref}: no decision since"


def test_after_weeks_of_downtime_an_escalating_stage_takes_one_step(escalating: Bench) -> None:
    ref = logged(escalating, 1)
    escalating.forget()
    escalating.sleep_until(utc("2027-02-15", "11:00"))
    assert run(escalating, ref).number == 2
    assert run(escalating, ref).counted_from == utc("2027-02-15", "11:00")
    assert run(escalating, ref).due_at == utc("2027-02-22", "17:00")
    assert _titles(escalating, SERVICE_MANAGER) == [f"{ref} is now with you: reply"]


@pytest.mark.slow
def test_waking_at_night_or_on_a_day_off_sends_no_morning(bench: Bench) -> None:
    ref = logged(bench, 1)
    bench.go_to_day(date(2026, 12, 22))
    bench.forget()
    for day, wall in (("2026-12-24", "03:00"), ("2026-12-26", "11:00"), ("2026-12-28", "11:00")):
        bench.sleep_until(utc(day, wall))
        assert bench.told == [], day
    bench.go_to_day(date(2026, 12, 29))
    assert _days(bench, TEAM_MANAGER, ref) == [date(2026, 12, 29)]


# day 0


def _undelivered(bench: Bench, days: int) -> str:
    """A concern whose messages could not be sent for some days."""
    opened = form(bench.command(IRO, "/concern AB-1042"))
    values = {"child": field(opened, "child").initial, "worries": "X", "main_reason": reason(opened), "start_at": "1"}
    answer(bench.office, bench.request(IRO, "concern.log", values=values))
    bench.now += timedelta(days=days)
    return "C-1"


def test_a_stage_counts_from_the_day_its_message_was_delivered(bench: Bench) -> None:
    ref = _undelivered(bench, 2)
    bench.tick()
    assert run(bench, ref).due_at == utc("2026-12-23", "17:00")
    assert concern(bench, ref).limit_at == utc("2027-01-07", "17:00")
    assert [one.due_at for one in planned(bench, ref) if one.rung == "deadline"] == [utc("2026-12-23", "17:00")]
    assert "counts from the day its message was delivered" in happened(bench, ref)
    assert "Wed 23 Dec" in words(bench.last(TEAM_MANAGER))


def test_nobody_is_overdue_before_they_were_asked(bench: Bench) -> None:
    ref = _undelivered(bench, 21)
    bench.tick()
    assert _titles(bench, TEAM_MANAGER) == [f"Please reply to {ref}"]
    assert _titles(bench, IRO) == []
    assert run(bench, ref).due_at == utc("2027-01-12", "17:00")


def test_a_message_delivered_the_same_day_moves_nothing(bench: Bench) -> None:
    ref = logged(bench, 1)
    assert run(bench, ref).due_at == utc("2026-12-21", "17:00")
    assert run(bench, ref).counted_from == utc("2026-12-07")


# the calendar is live, the rules are frozen


def _closed_on(text: str, *days: str) -> str:
    dates = ", ".join(f'"{day}"' for day in days)
    return text.replace("closure_days = []", f"closure_days = [{dates}]")


@pytest.mark.slow
def test_a_new_holiday_lengthens_an_open_clock_and_is_recorded(twin: Bench) -> None:
    ref = logged(twin, 1)
    put_in_force(twin, _closed_on(HANDBOOK, "2026-12-18"))
    twin.forget()
    twin.go_to(utc("2026-12-21", "17:00"))
    assert _titles(twin, IRO) == []
    assert run(twin, ref).due_at == utc("2026-12-22", "17:00")
    assert "lengthened by the calendar" in happened(twin, ref)
    twin.go_to(utc("2026-12-22", "17:00"))
    assert _titles(twin, IRO) == [f"No reply to {ref} by Tue 22 Dec. What next?"]
    twin.go_to(utc("2027-01-07", "17:00"))
    assert f"All stages of {ref} ended" not in twin.titles(IRO)
    twin.go_to(utc("2027-01-08", "17:00"))
    assert twin.titles(IRO).count(f"All stages of {ref} ended") == 1


@pytest.mark.slow
def test_a_holiday_taken_away_never_shortens_an_open_clock(folder: Path) -> None:
    for bench in _bench(folder, _closed_on(HANDBOOK, "2026-12-18")):
        ref = logged(bench, 1)
        put_in_force(bench, HANDBOOK)
        bench.forget()
        bench.go_to(utc("2026-12-22", "16:59"))
        assert _titles(bench, IRO) == []
        bench.go_to(utc("2026-12-22", "17:00"))
        assert _titles(bench, IRO) == [f"No reply to {ref} by Tue 22 Dec. What next?"]


def test_new_rules_leave_an_open_concern_under_its_own(bench: Bench) -> None:
    ref = logged(bench, 1)
    put_in_force(bench, ESCALATE.replace('"10 working days"', '"2 working days"'))
    bench.go_to(utc("2026-12-21", "17:00"))
    assert concern(bench, ref).state is ConcernState.ASKED
    assert run(bench, ref).number == 1


@pytest.mark.parametrize(
    ("start", "due"),
    [("2027-03-22", datetime(2027, 4, 7, 16, tzinfo=UTC)), ("2026-10-19", datetime(2026, 11, 2, 17, tzinfo=UTC))],
)
def test_a_clock_across_the_change_of_time_ends_at_five_in_london(start: str, due: datetime, folder: Path) -> None:
    for bench in _bench(folder, HANDBOOK, start):
        ref = logged(bench, 1)
        due_at = run(bench, ref).due_at
        assert due_at is not None
        assert due_at == due
        bench.go_to(due_at)
        assert concern(bench, ref).state is ConcernState.ASKED
        mornings = {one.at for one in bench.told if one.title.startswith("Your day")}
        assert mornings == {at_local(one.date(), time(9)) for one in mornings}


# cover and vacancies


def test_an_absent_addressees_cover_is_asked_and_it_is_recorded(bench: Bench) -> None:
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 1), date(2027, 1, 4), OTHER_MANAGER)
    ref = logged(bench, 1)
    assert bench.titles(OTHER_MANAGER) == [f"Please reply to {ref}"]
    assert "You are asked because you cover for Tess Hill, away until Mon 4 Jan 2027." in words(
        bench.last(OTHER_MANAGER)
    )
    assert bench.inbox(TEAM_MANAGER) == []
    asked = next(one for one in people_asked(bench, ref) if one.part is Part.ADDRESSED)
    assert asked.standing_for_id == bench.cast.people[TEAM_MANAGER]


def test_without_cover_the_next_senior_is_asked_instead(bench: Bench) -> None:
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 1), None)
    ref = logged(bench, 1)
    assert bench.titles(SERVICE_MANAGER) == [f"Please reply to {ref}"]
    assert "Tess Hill is away without cover" in words(bench.last(SERVICE_MANAGER))


@pytest.mark.slow
def test_a_vacancy_asks_the_next_senior_and_says_why(bench: Bench) -> None:
    leave(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 4))
    ref = logged(bench, 1)
    assert bench.titles(SERVICE_MANAGER) == [f"Please reply to {ref}"]
    assert "Tess Hill has left" in words(bench.last(SERVICE_MANAGER))
    bench.go_to_day(date(2026, 12, 22))
    assert f"A reply to {ref} is late" in bench.titles(ASSISTANT_DIRECTOR)


@pytest.mark.slow
def test_an_addressee_who_goes_away_later_is_stood_in_for(bench: Bench) -> None:
    ref = logged(bench, 1)
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 17), None, OTHER_MANAGER)
    bench.forget()
    bench.go_to_day(date(2026, 12, 22))
    overdue = next(one.card for one in bench.inbox(OTHER_MANAGER) if undated(one.title) == f"A reply to {ref} is late")
    assert [one.label for one in buttons(overdue)] == ["Reply", "Open"]
    assert overdue.title == "Tess Hill's reply to C-1 is late (Mon 21 Dec)"
    assert "You stand in: please reply." in words(overdue)
    assert _days(bench, OTHER_MANAGER, ref)[0] == date(2026, 12, 17)
    assert bench.inbox(TEAM_MANAGER) == []
    act(bench, IRO, f"/concern {ref} extend", until="2027-01-29", reason="X")
    assert bench.titles(OTHER_MANAGER)[-1] == f"More time for {ref}: reply"
    assert "with the IRO" in said(reply(bench, OTHER_MANAGER, ref, DONE))


def test_an_absent_iros_events_go_to_the_cover_or_the_iro_manager(bench: Bench) -> None:
    ref = logged(bench, 1)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 8), date(2026, 12, 8), OTHER_IRO)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 9), date(2026, 12, 31))
    bench.go_to_day(date(2026, 12, 8))
    act(bench, TEAM_MANAGER, f"/concern {ref} reply", answer=DONE, words="X")
    assert bench.titles(OTHER_IRO) == [f"Tess Hill has replied to {ref}"]
    bench.go_to_day(date(2026, 12, 9))
    act(bench, TEAM_MANAGER, f"/concern {ref} reply", words="More.")
    assert bench.titles(IRO_MANAGER) == ["Your day, Wed 9 Dec", f"Tess Hill has added to their reply to {ref}"]
    assert bench.inbox(IRO) == []


@pytest.mark.slow
def test_a_silent_addressee_pressed_late_still_answers(bench: Bench) -> None:
    ref = logged(bench, 1)
    bench.go_to_day(date(2027, 1, 5))
    bench.press(TEAM_MANAGER, Button(label="", deed="concern.seen", subject=ref))
    assert "seen" in [one.what for one in entries(bench, ref)]
