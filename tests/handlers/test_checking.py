"""Before a start IROs and line managers check their children; what is wrong comes to the IRO managers, and no more."""

from datetime import date

import pytest

from handlers import checking
from handlers.cards import Answer, Button, Card, Line
from handlers.rights import May, child_standing, may
from storage import children
from storage.child_checks import ChildCheck
from storage.children import Capacity, Child
from storage.database import transaction
from tests.bench import Bench, buttons, words
from tests.cast import (
    AUTHORITY,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_WORKER,
    OUTSIDER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
    leave,
)
from tests.handlers.steps import act, desk_of, rows, said


def card(answer: Answer) -> Card:
    assert isinstance(answer, Card), answer
    return answer


def page(bench: Bench, who: str) -> Card:
    return card(bench.command(who, "/iro check"))


def line_of(shown: Card, reference: str) -> Line:
    return next(one for one in shown.lines if one.text.startswith(f"{reference}: IRO"))


def say(bench: Bench, who: str, label: str, reference: str = CHILD) -> Card:
    found = next(one for one in line_of(page(bench, who), reference).buttons if one.label == label)
    return card(bench.press(who, found))


def wrong(bench: Bench, who: str = IRO_MANAGER) -> list[str]:
    """What the IRO manager's day says of it."""
    shown = card(bench.command(who, "/iro day"))
    return [one.text for one in shown.lines if "says that" in one.text]


def test_an_iro_sees_their_children_and_a_line_manager_those_of_the_team(bench: Bench) -> None:
    shown = page(bench, IRO)
    assert shown.title == "Check your children: 2 of 2 to go"
    assert [one.text for one in shown.lines] == [
        f"{CHILD}: IRO Ann Lee, worker Sam Okoro.",
        f"{OTHER_CHILD}: IRO Ann Lee, worker Will Dean.",
    ]
    assert [one.label for one in buttons(shown)] == [
        *("Right", "Wrong worker", "Not mine") * 2,
        "All the rest are right",
    ]
    assert page(bench, TEAM_MANAGER).title == "Check your children: 1 of 1 to go"
    assert say(bench, TEAM_MANAGER, "Right").title == "Check your children: answered"
    for who in (OTHER_IRO, SERVICE_MANAGER, SOCIAL_WORKER, SUPPORT, IRO_MANAGER):
        assert "none of yours to check" in said(bench.command(who, "/iro check"))


def test_an_answer_is_kept_and_can_be_changed(bench: Bench) -> None:
    shown = say(bench, IRO, "Wrong worker")
    assert shown.title == "Check your children: 1 of 2 to go"
    assert shown.lines[0].text == f"{CHILD}: wrong worker. The IRO manager reads it in their day."
    assert shown.lines[1].text.startswith(OTHER_CHILD)
    assert "You said: wrong worker, Mon 7 Dec." in line_of(shown, CHILD).text
    assert [one.label for one in line_of(shown, CHILD).buttons] == ["Right", "Not mine"]
    say(bench, IRO, "Right")
    assert [(one.answer, one.answered_on) for one in rows(bench, ChildCheck)] == [("right", date(2026, 12, 7))]
    assert wrong(bench) == []


def test_all_the_rest_are_right_at_once_and_what_was_said_stays(bench: Bench) -> None:
    say(bench, IRO, "Not mine", OTHER_CHILD)
    shown = card(bench.press(IRO, next(one for one in buttons(page(bench, IRO)) if one.deed == "iro.check.rest")))
    assert shown.title == "Check your children: all 2 answered"
    assert "You said: right" in line_of(shown, CHILD).text
    assert "You said: not mine" in line_of(shown, OTHER_CHILD).text
    assert "All the rest are right" not in [one.label for one in buttons(shown)]


@pytest.mark.slow
def test_what_is_wrong_is_a_line_of_the_iro_manager_until_it_is_allocated(bench: Bench) -> None:
    say(bench, TEAM_MANAGER, "Wrong worker")
    say(bench, IRO, "Not mine", OTHER_CHILD)
    assert bench.told == []
    bench.go_to_day(date(2026, 12, 8))
    assert {one.to for one in bench.told} == {IRO_MANAGER}
    assert wrong(bench) == [
        f"{CHILD}: Tess Hill says that Sam Okoro is the wrong worker.",
        f"{OTHER_CHILD}: Ann Lee says that the child has another IRO.",
    ]
    assert [one.label for one in bench.last(IRO_MANAGER).lines[0].buttons] == ["Allocate"]
    bench.forget()
    act(bench, IRO_MANAGER, f"/iro allocate {CHILD}", holder=str(bench.cast.people[OTHER_WORKER]))
    assert len(wrong(bench)) == 1
    act(bench, IRO_MANAGER, f"/iro allocate {OTHER_CHILD}", iro=str(bench.cast.people[OTHER_IRO]))
    assert wrong(bench) == []
    assert "says that" not in words(bench.command(TEAM_MANAGER, "/iro day"))


def test_a_child_with_another_worker_since_is_to_be_answered_anew(bench: Bench) -> None:
    say(bench, IRO, "Right")
    act(bench, IRO_MANAGER, f"/iro allocate {CHILD}", holder=str(bench.cast.people[OTHER_WORKER]))
    assert page(bench, IRO).title == "Check your children: 2 of 2 to go"


def test_not_mine_of_a_manager_is_about_the_team(bench: Bench) -> None:
    say(bench, TEAM_MANAGER, "Not mine")
    assert wrong(bench) == [f"{CHILD}: Tess Hill says that the child is not of their team (worker: Sam Okoro)."]


def test_more_than_a_page(bench: Bench) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        for number in range(3001, 3010):
            child = Child(authority=AUTHORITY, reference=f"AB-{number}")
            session.add(child)
            session.flush()
            children.allocate(session, child, Capacity.IRO, bench.cast.people[IRO], date(2026, 1, 5))
    first = page(bench, IRO)
    assert (first.title, len(first.lines)) == ("Check your children: 11 of 11 to go", checking.PAGE)
    second = card(bench.press(IRO, next(one for one in buttons(first) if one.label == "More")))
    assert len(second.lines) == 3
    assert "More" not in [one.label for one in buttons(second)]


@pytest.mark.parametrize("deed", ["right", "wrong_worker", "not_mine"])
def test_to_anyone_else_the_child_does_not_exist(deed: str, bench: Bench) -> None:
    for who in (OUTSIDER, OTHER_IRO):
        there, nowhere = (
            said(bench.press(who, Button(label="", deed=f"iro.check.{deed}", subject=one)))
            for one in (CHILD, "AB-9999")
        )
        assert there.replace(CHILD, "AB-9999") == nowhere
    refusal = said(bench.press(SOCIAL_WORKER, Button(label="", deed=f"iro.check.{deed}", subject=CHILD)))
    assert refusal == f"{CHILD} is checked before a start by its IRO and by the worker's managers."
    assert rows(bench, ChildCheck) == []


def test_no_right_is_gained_or_lost_by_it(bench: Bench) -> None:
    before = _rights(bench)
    say(bench, IRO, "Not mine")
    say(bench, TEAM_MANAGER, "Wrong worker")
    assert _rights(bench) == before


def _rights(bench: Bench) -> set[tuple[str, May]]:
    found = set()
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        child = children.by_reference(session, CHILD)
        assert child is not None
        for who in bench.cast.people:
            standing = child_standing(desk_of(bench, session, who), child)
            found |= {(who, one) for one in (May.SEE_REVIEWS, May.CHAIR, May.BOOK, May.CHECK) if may(standing, one)}
    return found


def test_a_child_who_has_left_care_is_not_asked_about(bench: Bench) -> None:
    say(bench, IRO, "Wrong worker")
    with transaction(bench.engine, AUTHORITY) as session:
        child = children.by_reference(session, CHILD)
        assert child is not None
        child.left_care_on = date(2026, 12, 7)
        session.add(child)
    assert wrong(bench) == []
    assert page(bench, IRO).title == "Check your children: 1 of 1 to go"


def test_the_day_offers_it_while_a_start_lies_ahead(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "iro.check" not in [one.deed for one in buttons(card(bench.command(IRO, "/iro day")))]
    monkeypatch.setattr("handlers.day.day.is_offered", lambda *_: True)
    assert "iro.check" in [one.deed for one in buttons(card(bench.command(IRO, "/iro day")))]


def test_without_an_iro_manager_nobody_is_named(bench: Bench) -> None:
    say(bench, IRO, "Wrong worker")
    leave(bench.engine, bench.cast, IRO_MANAGER, date(2026, 12, 7))
    bench.go_to_day(date(2026, 12, 8))
    assert "says that" not in "".join(words(one.card) for one in bench.told)
