"""Decisions are asked of a place: the holder's line manager. Who is that no more neither reads nor answers."""

from datetime import date

import pytest

from storage import people
from storage.database import transaction
from storage.reviews import Review
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import (
    AUTHORITY,
    CHILD,
    IRO,
    OTHER_MANAGER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
    away,
    leave,
)
from tests.handlers.reviews.decided import CANARY, as_notice, decide, held_review, rows, send, sent
from tests.led import led

READ = f"/review {CHILD} decisions"


@pytest.fixture
def asked(bench: Bench) -> Bench:
    """On Mon 7 Dec Tess Hill is sent one decision."""
    return led(bench, _ask)


def _ask(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    assert "Tess Hill" in send(bench)


def _held(bench: Bench) -> Review:
    return next(one for one in rows(bench, Review) if one.held_on is not None)


def led_by(bench: Bench, who: str, manager: str) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        person = people.get(session, bench.cast.people[who])
        assert person is not None
        person.manager_id = bench.cast.people[manager]
        session.add(person)


@pytest.mark.slow
def test_a_former_line_manager_neither_reads_nor_answers(asked: Bench) -> None:
    message = sent(asked, TEAM_MANAGER)
    led_by(asked, SOCIAL_WORKER, OTHER_MANAGER)
    assert "that you can open" in words(asked.command(TEAM_MANAGER, READ))
    assert "that you can open" in words(asked.press(TEAM_MANAGER, button(message, "Agree")))
    assert _held(asked).decisions_answer is None
    assert CANARY in words(asked.command(OTHER_MANAGER, READ))
    agreed = asked.press(OTHER_MANAGER, button(message, "Agree"))
    assert "are agreed" in as_notice(agreed)


def test_in_the_morning_the_new_line_manager_is_asked_with_a_time_of_their_own(asked: Bench) -> None:
    led_by(asked, SOCIAL_WORKER, OTHER_MANAGER)
    asked.forget()
    asked.go_to_day(date(2026, 12, 9))
    assert asked.titles(OTHER_MANAGER) == [f"{CHILD}: 1 decision to agree"]
    assert [one.label for one in buttons(sent(asked, OTHER_MANAGER))] == ["Read", "Agree", "Dispute"]
    assert asked.titles(IRO)[0] == f"{CHILD}: the decisions are now with Mona Ruiz"
    assert "Tess Hill was asked about the review of Mon 7 Dec 2026" in words(asked.inbox(IRO)[0].card)
    review = next(one for one in rows(asked, Review) if one.decisions_sent_at is not None)
    assert review.decisions_answer_due_at == utc("2026-12-15", "17:00")
    asked.forget()
    asked.go_to_day(date(2026, 12, 11))
    assert asked.inbox(TEAM_MANAGER) == []
    asked.go_to_day(date(2026, 12, 14))
    assert any("decision from" in line.text for one in asked.inbox(OTHER_MANAGER) for line in one.card.lines)


def test_one_who_left_is_followed_by_the_next_senior_the_morning_after(asked: Bench) -> None:
    leave(asked.engine, asked.cast, TEAM_MANAGER, date(2026, 12, 7))
    asked.forget()
    asked.go_to_day(date(2026, 12, 8))
    assert asked.titles(SERVICE_MANAGER)[0] == f"{CHILD}: 1 decision to agree"
    assert f"{CHILD}: the decisions are now with Sunil Rao" in asked.titles(IRO)


def test_the_silence_of_a_former_line_manager_agrees_nothing(asked: Bench) -> None:
    asked.go_to(utc("2026-12-14", "12:00"))
    led_by(asked, SOCIAL_WORKER, OTHER_MANAGER)
    asked.go_to(utc("2026-12-14", "18:00"))
    review = next(one for one in rows(asked, Review) if one.decisions_sent_at is not None)
    assert review.decisions_answer is None
    assert review.decisions_to_id == asked.cast.people[OTHER_MANAGER]


def test_while_away_with_cover_the_cover_is_reminded_and_answers_and_nothing_is_sent_anew(asked: Bench) -> None:
    away(asked.engine, asked.cast, TEAM_MANAGER, date(2026, 12, 9), date(2026, 12, 16), OTHER_MANAGER)
    asked.forget()
    asked.go_to_day(date(2026, 12, 10))
    assert [one for one in asked.titles(OTHER_MANAGER) if "to agree" in one] == []
    assert "(for Tess Hill)" in words(asked.last(OTHER_MANAGER))
    assert asked.inbox(TEAM_MANAGER) == []
    message = asked.command(OTHER_MANAGER, READ)
    assert "are agreed" in as_notice(asked.press(OTHER_MANAGER, button(message, "Agree")))  # type: ignore[arg-type]


def test_while_away_without_cover_the_next_senior_is_sent_them_once_and_may_answer(asked: Bench) -> None:
    away(asked.engine, asked.cast, TEAM_MANAGER, date(2026, 12, 8), date(2026, 12, 11), None)
    asked.forget()
    asked.go_to_day(date(2026, 12, 8))
    assert asked.titles(SERVICE_MANAGER) == [f"{CHILD}: 1 decision to agree"]
    message = sent(asked, SERVICE_MANAGER)
    assert [one.label for one in buttons(message)] == ["Read", "Agree", "Dispute"]
    assert "You are asked in place of Tess Hill." in words(message)
    assert "count as agreed" not in words(message), "her silence is not theirs"
    assert asked.titles(IRO) == [f"{CHILD}: the decisions are now with Sunil Rao"]
    assert "Tess Hill was asked about the review of Mon 7 Dec 2026, and is away without cover." in words(
        asked.last(IRO)
    )
    due = _held(asked).decisions_answer_due_at
    asked.forget()
    asked.go_to_day(date(2026, 12, 11))
    told = [one.title for who in (SERVICE_MANAGER, IRO, TEAM_MANAGER) for one in asked.inbox(who)]
    assert [one for one in told if not one.startswith("Your day")] == [], "told once"
    assert _held(asked).decisions_answer_due_at == due
    assert _held(asked).decisions_to_id == asked.cast.people[TEAM_MANAGER]
    assert "are agreed" in as_notice(asked.press(SERVICE_MANAGER, button(message, "Agree")))


def test_who_is_back_is_asked_as_before_and_the_senior_no_more(asked: Bench) -> None:
    message = sent(asked, TEAM_MANAGER)
    away(asked.engine, asked.cast, TEAM_MANAGER, date(2026, 12, 8), date(2026, 12, 8), None)
    asked.go_to_day(date(2026, 12, 9))
    theirs = sent(asked, SERVICE_MANAGER)
    assert "Only the line manager" in words(asked.press(SERVICE_MANAGER, button(theirs, "Agree")))
    assert "are agreed" in as_notice(asked.press(TEAM_MANAGER, button(message, "Agree")))
