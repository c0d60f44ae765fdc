"""The manager's answer to decisions: one press, a reason, or a silence that needs proof of delivery."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from handlers.cards import Button, Errors
from handlers.messages.sending import render, undeliverable
from handlers.upcoming import rehearse
from scheduling.ladder import Rung
from scheduling.procedures import shipped_text
from storage import children, nudges
from storage.database import transaction
from storage.nudges import Nudge
from storage.outbox import Outbox, OutboxState
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import AUTHORITY, CHILD, IRO, IRO_MANAGER, OTHER_MANAGER, OUTSIDER, SOCIAL_WORKER, TEAM_MANAGER, away
from tests.handlers.reviews.decided import (
    as_form,
    as_notice,
    decide,
    everything_sent,
    held_review,
    rows,
    send,
    sent,
)
from tests.handlers.reviews.steps import last_held_of, story, tasks_of
from tests.handlers.steps import put_in_force

REASON = "yak-canary: the pool is closed"


def asked(bench: Bench) -> None:
    """Decisions of a held review are with the manager."""
    held_review(bench)
    decide(bench)
    send(bench)


def planned(bench: Bench) -> list[str]:
    return [one.rung for one in rows(bench, Nudge) if one.subject.startswith("review:")]


def test_one_press_agrees_and_the_second_says_so(on_both: Bench) -> None:
    asked(on_both)
    press = button(sent(on_both, TEAM_MANAGER), "Agree")
    assert "are agreed. Thank you" in as_notice(on_both.press(TEAM_MANAGER, press))
    review = last_held_of(on_both)
    assert (review.decisions_answer, review.decisions_answered_at) == ("agreed", on_both.now)
    assert tasks_of(on_both, review)["decisions_agreed"].done_on == on_both.now.date()
    assert planned(on_both) == []
    assert "were agreed by Tess Hill at 9:30 am, Mon 7 Dec 2026" in as_notice(on_both.press(TEAM_MANAGER, press))
    assert [one.what for one in story(on_both)].count("decisions agreed") == 1


def test_an_older_message_agrees_nothing_that_was_sent_anew(bench: Bench) -> None:
    asked(bench)
    first = button(sent(bench, TEAM_MANAGER), "Agree")
    bench.wait(timedelta(minutes=5))
    decide(bench)
    send(bench)
    assert "sent anew since" in as_notice(bench.press(TEAM_MANAGER, first))
    assert last_held_of(bench).decisions_answer is None
    assert "are agreed" in as_notice(bench.press(TEAM_MANAGER, button(sent(bench, TEAM_MANAGER), "Agree")))


@pytest.mark.slow
def test_a_dispute_goes_to_the_iro_without_its_reason(on_both: Bench) -> None:
    asked(on_both)
    opened = as_form(on_both.press(TEAM_MANAGER, button(sent(on_both, TEAM_MANAGER), "Dispute")))
    assert isinstance(on_both.submit(TEAM_MANAGER, opened, {"reason": ""}), Errors)
    assert "with the IRO" in as_notice(on_both.submit(TEAM_MANAGER, opened, {"reason": REASON}))
    message = sent(on_both, IRO)
    assert message.title == f"{CHILD}: Tess Hill disputes the decisions"
    assert REASON not in everything_sent(on_both)
    assert REASON in words(on_both.press(IRO, button(message, "Open")))
    late = as_notice(on_both.press(TEAM_MANAGER, button(sent(on_both, TEAM_MANAGER), "Agree")))
    assert "were disputed by Tess Hill at" in late
    on_both.go_to_day(date(2026, 12, 20))
    assert last_held_of(on_both).decisions_answer == "disputed"


def test_after_a_dispute_the_decisions_are_sent_anew(bench: Bench) -> None:
    asked(bench)
    opened = as_form(bench.press(TEAM_MANAGER, button(sent(bench, TEAM_MANAGER), "Dispute")))
    bench.submit(TEAM_MANAGER, opened, {"reason": REASON})
    bench.wait(timedelta(hours=1))
    bench.forget()
    send(bench)
    bench.press(TEAM_MANAGER, button(sent(bench, TEAM_MANAGER), "Agree"))
    assert last_held_of(bench).decisions_answer == "agreed"
    assert [one.words for one in story(bench) if one.what == "decisions disputed"] == [REASON]


def test_a_dispute_of_what_was_sent_before_is_not_taken(bench: Bench) -> None:
    asked(bench)
    opened = as_form(bench.press(TEAM_MANAGER, button(sent(bench, TEAM_MANAGER), "Dispute")))
    bench.wait(timedelta(hours=1))
    decide(bench, "One more.")
    send(bench)
    assert "sent anew" in as_notice(bench.submit(TEAM_MANAGER, opened, {"reason": REASON}))
    assert last_held_of(bench).decisions_answer is None


def test_silence_agrees_five_working_days_after_delivery(on_both: Bench) -> None:
    asked(on_both)
    on_both.go_to(utc("2026-12-14", "16:59"))
    assert last_held_of(on_both).decisions_answer is None
    on_both.go_to(utc("2026-12-14", "17:00"))
    review = last_held_of(on_both)
    assert (review.decisions_answer, review.decisions_answered_at) == ("silence", on_both.now)
    assert tasks_of(on_both, review)["decisions_agreed"].done_on == date(2026, 12, 14)
    late = as_notice(on_both.press(TEAM_MANAGER, button(sent(on_both, TEAM_MANAGER), "Dispute")))
    assert "nobody answered in time, which counts as agreed" in late
    assert f"/tell {CHILD}" in late


def test_silence_counts_from_the_delivery_and_not_from_the_sending(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    sending = button(as_form(bench.command(IRO, f"/review {CHILD} decisions")), "Send to the manager")
    bench.deliver, delivering = lambda: None, bench.deliver  # type: ignore[method-assign]  # nothing is sent for now
    bench.press(IRO, sending)
    bench.go_to(utc("2026-12-10", "18:00"))
    bench.deliver = delivering  # type: ignore[method-assign]  # and again from here
    bench.deliver()
    assert last_held_of(bench).decisions_delivered_at == utc("2026-12-10", "18:00")
    assert "Thu 17 Dec 2026" in words(sent(bench, TEAM_MANAGER))
    bench.go_to(utc("2026-12-17", "16:59"))
    assert last_held_of(bench).decisions_answer is None
    bench.go_to(utc("2026-12-17", "17:00"))
    assert last_held_of(bench).decisions_answer == "silence"


@pytest.mark.slow
def test_what_was_never_delivered_is_never_agreed_and_the_iro_manager_hears(on_both: Bench) -> None:
    bench = on_both
    held_review(bench)
    decide(bench)
    sending = button(as_form(bench.command(IRO, f"/review {CHILD} decisions")), "Send to the manager")
    delivering, bench.deliver = bench.deliver, lambda: None  # type: ignore[method-assign]  # nothing is sent for now
    bench.press(IRO, sending)
    with transaction(bench.engine, AUTHORITY) as session:
        (row,) = [one for one in session.exec(select(Outbox)) if one.kind == "decisions"]
        row.state = OutboxState.FAILED
        session.add(row)
        undeliverable(session, row, "the account is gone", bench.now)
    bench.deliver = delivering  # type: ignore[method-assign]  # and again from here
    bench.deliver()
    told = bench.last(IRO_MANAGER)
    assert told.title == f"Tess Hill could not be told about the review of {CHILD}"
    bench.go_to_day(bench.now.date() + timedelta(days=14))
    assert last_held_of(bench).decisions_answer is None
    assert bench.titles(IRO).count(f"{CHILD}: the decisions have not arrived") == 1
    assert "are on their way to Tess Hill" in send(bench)


@pytest.mark.parametrize("cover", [None, OTHER_MANAGER])
def test_silence_agrees_only_where_somebody_was_there_to_answer(bench: Bench, cover: str | None) -> None:
    asked(bench)
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 9), date(2027, 1, 4), cover)
    bench.forget()
    bench.wake_on_day(date(2026, 12, 15))
    if cover is not None:
        assert last_held_of(bench).decisions_answer == "silence"
        return
    assert last_held_of(bench).decisions_answer is None
    for who in (IRO, IRO_MANAGER):
        title = f"{CHILD}: the decisions wait for an answer"
        (told,) = [one.card for one in bench.inbox(who) if one.title == title]
        assert "Tess Hill was away when the time to answer ended, and nobody stood in." in words(told)
        assert "The time begins again when they are back" in words(told)
    shown = words(bench.press(IRO, button(bench.last(IRO), "Open")))
    assert "Tess Hill, who was away on the last day; the time begins again when they are back." in shown
    assert "are on their way to Sunil Rao" in send(bench)
    bench.wake_on_day(date(2026, 12, 23))
    assert last_held_of(bench).decisions_answer == "silence"


@pytest.mark.slow
def test_the_time_to_answer_begins_again_when_somebody_is_back(bench: Bench) -> None:
    asked(bench)
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 14), date(2026, 12, 16), None)
    bench.go_to_day(date(2026, 12, 17))
    title = f"{CHILD}: the decisions wait for an answer"
    assert bench.titles(IRO).count(title) == bench.titles(IRO_MANAGER).count(title) == 1
    assert [one.what for one in story(bench)].count("nobody was there to answer the decisions") == 1
    assert last_held_of(bench).decisions_answer is None
    assert "who can answer until 5 pm, Thu 24 Dec 2026" in send(bench)
    assert tasks_of(bench, last_held_of(bench))["decisions_agreed"].due_on == date(2026, 12, 24)
    bench.go_to(utc("2026-12-24", "16:59"))
    assert last_held_of(bench).decisions_answer is None
    bench.go_to(utc("2026-12-24", "17:00"))
    assert last_held_of(bench).decisions_answer == "silence"
    assert planned(bench) == []


def test_whoever_was_there_on_the_last_day_was_silent_whenever_we_look(bench: Bench) -> None:
    asked(bench)
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 15), None, None)
    bench.sleep_until(utc("2026-12-16", "11:00"))
    assert last_held_of(bench).decisions_answer == "silence"


def test_on_waking_late_one_step_is_taken_and_told_once(bench: Bench) -> None:
    asked(bench)
    bench.forget()
    bench.sleep_until(utc("2027-01-18", "10:00"))
    review = last_held_of(bench)
    assert (review.decisions_answer, review.decisions_answered_at) == ("silence", bench.now)
    bench.tick()
    assert [one.what for one in story(bench)].count("decisions agreed by silence") == 1
    assert planned(bench) == []


def test_a_new_holiday_gives_the_manager_its_day(bench: Bench) -> None:
    asked(bench)
    text = shipped_text("handbook").replace("closure_days = []", 'closure_days = ["2026-12-10"]')
    put_in_force(bench, text)
    bench.go_to(utc("2026-12-14", "17:00"))
    assert last_held_of(bench).decisions_answer is None
    bench.go_to(utc("2026-12-15", "17:00"))
    assert last_held_of(bench).decisions_answer == "silence"


@pytest.mark.parametrize(
    ("who", "said"),
    [(IRO, "Only the line manager"), (SOCIAL_WORKER, "Only the line manager"), (OUTSIDER, "There is no AB-1042")],
)
def test_nobody_else_agrees(bench: Bench, who: str, said: str) -> None:
    asked(bench)
    for label in ("Agree", "Dispute"):
        assert said in as_notice(bench.press(who, button(sent(bench, TEAM_MANAGER), label)))
    assert last_held_of(bench).decisions_answer is None


def test_another_childs_review_opens_no_door(bench: Bench) -> None:
    asked(bench)
    review = last_held_of(bench)
    press = Button(label="Agree", deed="review.decisions.agree", subject="AB-2077", run=review.id)
    assert "There is no AB-2077" in as_notice(bench.press(TEAM_MANAGER, press))
    assert "no longer there" in as_notice(bench.press(OTHER_MANAGER, press))
    assert last_held_of(bench).decisions_answer is None


def test_a_cover_agrees_for_the_manager_and_it_is_recorded_so(bench: Bench) -> None:
    asked(bench)
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 7), None, OTHER_MANAGER)
    bench.press(OTHER_MANAGER, button(sent(bench, TEAM_MANAGER), "Agree"))
    (entry,) = [one for one in story(bench) if one.what == "decisions agreed"]
    assert (entry.actor_id, entry.for_id) == (bench.cast.people[OTHER_MANAGER], bench.cast.people[TEAM_MANAGER])


def test_the_message_is_dropped_for_who_is_no_longer_entitled(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    sending = button(as_form(bench.command(IRO, f"/review {CHILD} decisions")), "Send to the manager")
    bench.deliver = lambda: None  # type: ignore[method-assign]  # nothing is sent for now
    bench.press(IRO, sending)
    with transaction(bench.engine, AUTHORITY) as session:
        child = children.by_reference(session, CHILD)
        assert child is not None
        child.holder_id = bench.cast.people["will.dean"]
        session.add(child)
        session.flush()
        (row,) = [one for one in session.exec(select(Outbox)) if one.kind == "decisions"]
        assert render(session, row, bench.now) is None


def test_what_is_upcoming_can_be_told_beforehand(bench: Bench) -> None:
    asked(bench)
    with transaction(bench.engine, AUTHORITY) as session:
        lines = [one.what for one in rehearse(session, AUTHORITY, bench.now, date(2026, 12, 15))]
        session.rollback()
    assert any("Agree or dispute" in one for one in lines)


def test_answered_decisions_show_no_buttons_to_answer(bench: Bench) -> None:
    asked(bench)
    bench.press(TEAM_MANAGER, button(sent(bench, TEAM_MANAGER), "Agree"))
    opened = as_form(bench.press(TEAM_MANAGER, button(sent(bench, TEAM_MANAGER), "Read")))
    assert {"Agree", "Dispute"}.isdisjoint(one.label for one in buttons(opened))


def test_proof_is_asked_for_where_delivery_is_not_known(engine: Engine) -> None:
    bench = Bench(engine, utc("2026-12-07"))
    held_review(bench)
    decide(bench)
    sending = button(as_form(bench.command(IRO, f"/review {CHILD} decisions")), "Send to the manager")
    bench.deliver = lambda: None  # type: ignore[method-assign]  # nothing is sent for now
    bench.press(IRO, sending)
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        review = last_held_of(bench)
        (nudge,) = nudges.planned_about(session, f"review:{review.id}")
    assert (nudge.rung, nudge.due_at) == (Rung.DECISIONS_UNPROVEN, utc("2026-12-14", "17:00"))


def test_who_answered_stands_with_the_review_until_the_decisions_are_sent_anew(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)
    bench.press(TEAM_MANAGER, button(sent(bench, TEAM_MANAGER), "Agree"))
    assert last_held_of(bench).decisions_answered_by_id == bench.cast.people[TEAM_MANAGER]
    bench.wait(timedelta(minutes=5))
    decide(bench, "Another one.")
    send(bench)
    assert last_held_of(bench).decisions_answered_by_id is None
