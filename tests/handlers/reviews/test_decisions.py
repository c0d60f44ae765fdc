"""Decisions of a held review: made one by one, checked for personal detail, sent, and marked as done."""

from collections.abc import Callable
from datetime import date

import pytest

from handlers.cards import Errors, Notice
from storage.decisions import Decision, DecisionState
from storage.outbox import Outbox
from tests.bench import Bench, button, buttons, words
from tests.cast import (
    CHILD,
    IRO,
    OTHER_MANAGER,
    OTHER_WORKER,
    OUTSIDER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
    away,
)
from tests.handlers.reviews.decided import (
    CANARY,
    as_form,
    as_notice,
    decide,
    everything_sent,
    held_review,
    rows,
    send,
    sent,
)
from tests.handlers.reviews.steps import in_care, last_held_of, story, tasks_of


def test_nothing_is_decided_before_a_review_is_held(bench: Bench) -> None:
    in_care(bench, "2026-11-16")
    assert "held yet" in as_notice(bench.command(IRO, f"/review {CHILD} decisions"))


def test_each_decision_is_kept_and_there_is_room_for_the_next(bench: Bench) -> None:
    held_review(bench)
    decide(bench, "First.")
    opened = decide(bench, "Second.", role="iro")
    assert "1. Social worker, by Fri 29 Jan 2027 First." in words(opened)
    assert "2. IRO, by Fri 29 Jan 2027 Second." in words(opened)
    assert all(one.initial == "" for one in opened.fields if one.key == "what")


def test_a_decision_may_be_a_persons(bench: Bench) -> None:
    held_review(bench)
    decide(bench, role="", owner=str(bench.cast.people[SUPPORT]))
    (kept,) = rows(bench, Decision)
    assert (kept.owner_id, kept.owner_role, kept.state) == (bench.cast.people[SUPPORT], "", DecisionState.OPEN)


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({"what": ""}, "what"),
        ({"owner_role": ""}, "owner"),
        ({"owner_role": "king"}, "owner_role"),
        ({"owner": "9999"}, "owner"),
        ({"due_on": ""}, "due_on"),
        ({"due_on": "2026-12-01"}, "due_on"),
        ({"due_on": "2099-01-29"}, "due_on"),
        ({"what": "NHS number 943 476 5919"}, "what"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(bench: Bench, typed: dict[str, str], beside: str) -> None:
    held_review(bench)
    opened = as_form(bench.command(IRO, f"/review {CHILD} decisions"))
    given = {"what": CANARY, "owner_role": "social_worker", "due_on": "2027-01-29", **typed}
    if not given["what"]:
        given = {"what": ""}
    answer = bench.submit(IRO, opened, given)
    assert isinstance(answer, Errors), answer
    assert beside in answer.by_field
    assert rows(bench, Decision) == []


def test_what_looks_like_detail_is_asked_about_and_may_stay(bench: Bench) -> None:
    held_review(bench)
    opened = as_form(bench.command(IRO, f"/review {CHILD} decisions"))
    given = {"what": "Ring 01709 382121.", "owner_role": "iro", "due_on": "2027-01-29"}
    again = as_form(bench.submit(IRO, opened, given))
    assert "personal detail" in words(again)
    assert rows(bench, Decision) == []
    bench.submit(IRO, again, {"kept_because": "It is the office."})
    assert len(rows(bench, Decision)) == 1


@pytest.mark.parametrize("who", [SOCIAL_WORKER, TEAM_MANAGER, SUPPORT])
def test_only_the_iro_decides(bench: Bench, who: str) -> None:
    held_review(bench)
    opened = as_form(bench.command(IRO, f"/review {CHILD} decisions"))
    given = {"what": CANARY, "owner_role": "iro", "due_on": "2027-01-29"}
    assert isinstance(bench.submit(who, opened, given), Notice)
    assert rows(bench, Decision) == []


def test_the_line_manager_is_asked_with_no_word_of_what_was_decided(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    assert "Tess Hill" in send(bench)
    message = sent(bench, TEAM_MANAGER)
    assert message.title == f"{CHILD}: 1 decision to agree by Mon 14 Dec"
    assert [one.label for one in buttons(message)] == ["Read", "Agree", "Dispute"]
    assert "If you do not answer by 5 pm, Mon 14 Dec 2026, they count as agreed." in words(message)
    assert tasks_of(bench, last_held_of(bench))["decisions"].done_on == bench.now.date()


def test_what_is_still_typed_is_kept_when_sending(bench: Bench) -> None:
    held_review(bench)
    opened = decide(bench, "First.")
    typed = {"what": "Second.", "owner_role": "iro", "due_on": "2027-01-29"}
    bench.press(IRO, button(opened, "Send to the manager"), typed)
    assert [one.words for one in rows(bench, Decision)] == ["First.", "Second."]
    assert "2 decisions" in words(sent(bench, TEAM_MANAGER))


def test_wrong_words_are_not_sent_and_stay_in_the_form(bench: Bench) -> None:
    held_review(bench)
    opened = decide(bench, "First.")
    again = as_form(bench.press(IRO, button(opened, "Send to the manager"), {"what": "Second."}))
    assert "Say who sees to it" in words(again)
    assert "Second." in words(again)
    assert bench.inbox(TEAM_MANAGER) == []


def test_a_second_press_sends_nothing(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)
    assert "Nothing new is to be sent" in send(bench)
    assert len([one for one in rows(bench, Outbox) if one.kind == "decisions"]) == 1


def test_a_decision_added_later_is_sent_again(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)
    bench.go_to_day(bench.now.date().replace(day=8))
    decide(bench, "One more.")
    send(bench)
    assert "2 decisions" in words(sent(bench, TEAM_MANAGER))
    assert last_held_of(bench).decisions_answer is None


def test_a_manager_who_is_away_is_stood_in_for(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    away(bench.engine, bench.cast, TEAM_MANAGER, bench.now.date(), None, OTHER_MANAGER)
    assert "Mona Ruiz (covers for Tess Hill" in send(bench)
    message = sent(bench, OTHER_MANAGER)
    assert "in place of Tess Hill" in words(message)
    assert "are agreed" in as_notice(bench.press(OTHER_MANAGER, button(message, "Agree")))


def test_away_without_cover_the_next_senior_is_asked(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    away(bench.engine, bench.cast, TEAM_MANAGER, bench.now.date(), None)
    send(bench)
    assert "in place of Tess Hill" in words(sent(bench, SERVICE_MANAGER))


def test_reading_is_for_those_entitled_and_recorded(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)
    press = button(sent(bench, TEAM_MANAGER), "Read")
    for who in (TEAM_MANAGER, SOCIAL_WORKER, SERVICE_MANAGER, IRO):
        assert CANARY in words(bench.press(who, press)), who
    assert [one.what for one in story(bench)].count("decisions read") == 4
    for who in (OTHER_WORKER, OUTSIDER):
        assert "There is no AB-1042" in as_notice(bench.press(who, press)), who
    assert CANARY not in words(bench.press(SUPPORT, press))


def test_an_owner_outside_the_line_sees_and_marks_their_own_alone(bench: Bench) -> None:
    held_review(bench)
    decide(bench, "For the worker.")
    decide(bench, role="", owner=str(bench.cast.people[OTHER_WORKER]))
    send(bench)
    opened = as_form(bench.command(OTHER_WORKER, f"/review {CHILD} decisions"))
    assert CANARY in words(opened)
    assert "For the worker." not in words(opened)
    assert [one.key for one in opened.fields if one.choices] == ["done"]
    theirs = opened.fields[-1].choices[0].value
    assert "1 decision" in as_notice(bench.submit(OTHER_WORKER, opened, {"done": (theirs,)}))
    states = {one.words: one.state for one in rows(bench, Decision)}
    assert states == {"For the worker.": DecisionState.OPEN, CANARY: DecisionState.DONE}


def test_the_iro_marks_what_is_no_longer_needed(bench: Bench) -> None:
    held_review(bench)
    opened = decide(bench)
    marking = as_form(bench.press(IRO, button(opened, "Mark as done")))
    value = marking.fields[-1].choices[0].value
    both = bench.submit(IRO, marking, {"done": (value,), "not_needed": (value,)})
    assert isinstance(both, Errors)
    bench.submit(IRO, marking, {"not_needed": (value,)})
    (kept,) = rows(bench, Decision)
    assert (kept.state, kept.settled_on) == (DecisionState.NO_LONGER_NEEDED, bench.now.date())
    assert "before you" in as_notice(bench.submit(IRO, marking, {"done": (value,)}))
    assert rows(bench, Decision)[0].state is DecisionState.NO_LONGER_NEEDED


def test_no_message_and_no_plain_row_ever_holds_a_word_of_it(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)
    bench.go_to_day(bench.now.date().replace(day=20))
    assert CANARY not in everything_sent(bench)
    assert not any(CANARY in f"{one.details} {one.key}" for one in rows(bench, Outbox))
    assert not any(CANARY in one.details for one in story(bench))
    with bench.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT words FROM decisions").scalars().all()
    assert kept
    assert not any(CANARY in str(one) for one in kept)


@pytest.mark.slow
def test_a_hidden_reference_is_in_no_message(under: Callable[..., Bench]) -> None:
    bench = under(**{"show = true": "show = false"})
    held_review(bench)
    decide(bench)
    send(bench)
    assert sent(bench, TEAM_MANAGER).title == "A child in care: 1 decision to agree by Mon 14 Dec"
    bench.go_to_day(date(2026, 12, 20))
    assert CHILD not in everything_sent(bench)
