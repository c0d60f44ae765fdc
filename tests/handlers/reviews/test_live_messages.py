"""Of each matter around a review a person has one message with live buttons; what is answered or sent anew shrinks."""

from datetime import date, timedelta

import pytest

from handlers.messages.of_decisions import unproven
from handlers.messages.of_reviews import sending_of
from handlers.messages.owing import about_child, owe
from handlers.messages.sending import shrunk
from handlers.office import Scene, rules_in_force
from storage import children, reviews
from storage.database import transaction
from storage.people import PersonRole
from tests.bench import Bench, button, utc
from tests.cast import AUTHORITY, BEGINNING, CHILD, IRO, IRO_MANAGER, SOCIAL_WORKER, SUPPORT, TEAM_MANAGER, away
from tests.first_lines import undated
from tests.handlers.reviews.conftest import MakeBench
from tests.handlers.reviews.decided import as_form, as_notice, decide, held_review, hold, send, sent
from tests.handlers.reviews.test_feedback import OFF, ON
from tests.handlers.steps import act, said
from tests.led import led

DECISIONS = f"{CHILD}: 1 decision to agree"
NEWS = f"{CHILD} has something new"


def live(bench: Bench, who: str) -> list[str]:
    """The titles of a person's messages whose buttons still stand."""
    person = bench.cast.people[who]
    return [undated(one.title) for one in bench.lives() if one.person_id == person and one.overtaken_at is None]


def lines(bench: Bench, who: str) -> list[str]:
    """What a person's overtaken messages shrink to, oldest first."""
    overtaken = [one for one in bench.lives() if one.person_id == bench.cast.people[who] and one.overtaken_at]
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        return [undated(shrunk(session, one).title) for one in overtaken]


@pytest.fixture
def asked(bench: Bench) -> Bench:
    """The team manager has decisions to answer, with live buttons."""
    return led(bench, _ask)


def _ask(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)
    assert live(bench, TEAM_MANAGER) == [DECISIONS]


def test_decisions_that_were_answered_shrink_to_a_line_with_the_answer(asked: Bench) -> None:
    asked.press(TEAM_MANAGER, button(sent(asked, TEAM_MANAGER), "Agree"))
    assert live(asked, TEAM_MANAGER) == []
    assert lines(asked, TEAM_MANAGER) == [f"Agreed: {DECISIONS}"]


def test_decisions_sent_anew_leave_one_live_message_and_the_old_buttons_explain_themselves(asked: Bench) -> None:
    old = sent(asked, TEAM_MANAGER)
    asked.wait(timedelta(minutes=5))
    decide(asked, "Another one.")
    send(asked)
    assert live(asked, TEAM_MANAGER) == [f"{CHILD}: 2 decisions to agree"]
    assert lines(asked, TEAM_MANAGER) == [f"Earlier: {DECISIONS}"]
    assert "have been sent anew since" in said(asked.press(TEAM_MANAGER, button(old, "Agree")))


def test_a_dispute_is_live_with_the_iro_until_the_decisions_are_sent_again(asked: Bench) -> None:
    opened = as_form(asked.press(TEAM_MANAGER, button(sent(asked, TEAM_MANAGER), "Dispute")))
    asked.submit(TEAM_MANAGER, opened, {"reason": "Too early."})
    assert lines(asked, TEAM_MANAGER) == [f"Disputed: {DECISIONS}"]
    assert live(asked, IRO) == [f"{CHILD}: Tess Hill disputes the decisions"]
    asked.wait(timedelta(minutes=5))
    send(asked)
    assert live(asked, IRO) == []
    assert lines(asked, IRO) == [f"Earlier: {CHILD}: Tess Hill disputes the decisions"]


def test_silence_that_agrees_shrinks_the_message_too(asked: Bench) -> None:
    asked.wake_on_day(date(2026, 12, 15))
    assert live(asked, TEAM_MANAGER) == []
    assert lines(asked, TEAM_MANAGER) == [f"Agreed by silence: {DECISIONS}"]


def test_each_news_is_live_until_its_own_answer_and_then_for_nobody(bench: Bench) -> None:
    held_review(bench)
    away(bench.engine, bench.cast, IRO, date(2026, 12, 7), date(2026, 12, 18))
    act(bench, SOCIAL_WORKER, f"/tell {CHILD}", kind="missing", words="A new home.")
    act(bench, SUPPORT, f"/tell {CHILD}", kind="missing", words="A new school.")
    assert live(bench, IRO_MANAGER) == [NEWS, NEWS]
    first, second = bench.inbox(IRO_MANAGER)
    bench.press(IRO_MANAGER, button(second.card, "Noted"))
    assert live(bench, IRO_MANAGER) == [NEWS]
    assert lines(bench, IRO_MANAGER) == [f"Answered: {NEWS}"]
    bench.press(IRO_MANAGER, button(first.card, "Noted"))
    assert "answered this" in said(bench.press(IRO_MANAGER, button(first.card, "Noted")))
    assert live(bench, IRO_MANAGER) == []


def test_what_is_told_of_decisions_leaves_whoever_is_asked_to_agree_them_the_answer(asked: Bench) -> None:
    """The manager who is asked leads the IROs too, and hears that the decisions wait for an answer."""
    with transaction(asked.engine, AUTHORITY) as session:
        manager = asked.cast.people[TEAM_MANAGER]
        session.add(PersonRole(person_id=manager, role="iro_manager", from_on=BEGINNING))
        scene = Scene(session=session, now=asked.now, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))
        child = children.by_reference(session, CHILD)
        assert child is not None
        assert child.id is not None
        review = reviews.last_held(session, child.id)
        assert review is not None
        owe(scene, unproven, manager, about_child(child, review, "x"), sent=sending_of(review), absent=1)
    asked.deliver()
    assert live(asked, TEAM_MANAGER) == [f"{CHILD}: the decisions wait for an answer"], "it carries the answer"
    asked.press(TEAM_MANAGER, button(asked.inbox(TEAM_MANAGER)[0].card, "Agree"))
    assert live(asked, TEAM_MANAGER) == []


def test_feedback_leaves_decisions_live_and_is_overtaken_by_later_feedback(under: MakeBench) -> None:
    bench = under(**{OFF: ON})
    held_review(bench)
    decide(bench)
    send(bench)
    give_feedback(bench)
    assert live(bench, TEAM_MANAGER) == [DECISIONS, f"Feedback on the review of {CHILD}"]
    bench.now = utc("2027-03-05")
    hold(bench, date(2027, 3, 5))
    give_feedback(bench)
    assert live(bench, TEAM_MANAGER).count(f"Feedback on the review of {CHILD}") == 1
    assert f"Earlier: Feedback on the review of {CHILD}" in lines(bench, TEAM_MANAGER)


def give_feedback(bench: Bench) -> None:
    """The IRO gives feedback on the last review."""
    opened = as_form(bench.command(IRO, f"/review {CHILD} feedback"))
    grade = next(one for one in opened.fields if one.key == "grade").choices[0].value
    assert "on its way" in as_notice(bench.submit(IRO, opened, {"good": "Clear.", "grade": grade}))
