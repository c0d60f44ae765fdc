"""A decision not done by the next review readies a concern for the IRO, and says how often that has happened."""

from datetime import date

import pytest

from storage import concerns
from storage.concerns import Concern, ConcernState
from storage.database import transaction
from storage.decisions import Decision, DecisionState
from tests.bench import Bench, button, words
from tests.cast import AUTHORITY, CHILD, IRO, SOCIAL_WORKER
from tests.handlers.reviews.decided import (
    CANARY,
    as_form,
    decide,
    everything_sent,
    held_review,
    hold,
    rows,
)
from tests.handlers.reviews.steps import all_reviews

SECOND = date(2027, 3, 4)
THIRD = date(2027, 9, 2)


def test_an_undone_decision_readies_one_draft_under_its_category(on_both: Bench) -> None:
    held_review(on_both)
    decide(on_both)
    on_both.wake_on_day(SECOND)
    hold(on_both, SECOND)
    (decision,) = rows(on_both, Decision)
    (draft,) = rows(on_both, Concern)
    second = next(one for one in all_reviews(on_both) if one.held_on == SECOND)
    assert (decision.state, decision.times_undone) == (DecisionState.NOT_DONE, 1)
    assert (decision.settled_at_review_id, decision.concern_id) == (second.id, draft.id)
    assert (draft.state, draft.iro_id) == (ConcernState.DRAFT, on_both.cast.people[IRO])
    with transaction(on_both.engine, AUTHORITY, writes=False) as session:
        (reason,) = concerns.reasons_of(session, draft.id or 0)
    assert (reason.reason, reason.main) == ("review_decisions_not_done", True)
    assert CANARY in (draft.worries or "")
    assert "twice" not in (draft.worries or "")


@pytest.mark.slow
def test_the_draft_is_in_the_list_and_in_the_next_morning(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    bench.wake_on_day(SECOND)
    hold(bench, SECOND)
    assert "C-1" in words(bench.command(IRO, "/concern list drafts"))
    bench.forget()
    bench.wake_on_day(date(2027, 3, 5))
    assert "C-1 is ready as a draft: decisions about AB-1042 were not done." in words(bench.last(IRO))
    assert CANARY not in everything_sent(bench)
    assert "C-1" not in words(bench.command(SOCIAL_WORKER, "/concern C-1")).replace("no C-1", "")
    bench.wake_on_day(date(2027, 3, 12))
    assert words(bench.last(IRO)).count("C-1") == 1


def test_the_draft_can_be_logged_as_it_stands(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    bench.wake_on_day(SECOND)
    hold(bench, SECOND)
    opened = as_form(bench.command(IRO, "/concern C-1"))
    assert "C-1 is logged" in words(bench.submit(IRO, opened, {}))


def test_the_same_decision_undone_twice_says_so(on_both: Bench) -> None:
    held_review(on_both)
    decide(on_both)
    on_both.wake_on_day(SECOND)
    hold(on_both, SECOND)
    opened = as_form(on_both.command(IRO, f"/review {CHILD} decisions"))
    again = next(one for one in opened.fields if one.key == "again")
    on_both.submit(IRO, opened, {"again": (again.choices[0].value,), "due_on": "2027-05-01"})
    first, repeat = rows(on_both, Decision)
    assert (repeat.repeats_id, repeat.times_undone, repeat.words) == (first.id, 1, CANARY)
    assert all(one.key != "again" for one in as_form(on_both.command(IRO, f"/review {CHILD} decisions")).fields)
    on_both.wake_on_day(THIRD)
    hold(on_both, THIRD)
    assert rows(on_both, Decision)[1].times_undone == 2
    drafts = rows(on_both, Concern)
    assert len(drafts) == 2
    assert "It has now been found not done twice." in (drafts[1].worries or "")


@pytest.mark.slow
def test_several_undone_decisions_make_one_draft_that_names_each(bench: Bench) -> None:
    held_review(bench)
    for number in range(12):
        decide(bench, f"Number {number}: " + "x" * 700)
    bench.wake_on_day(SECOND)
    hold(bench, SECOND)
    (draft,) = rows(bench, Concern)
    assert len(draft.worries or "") <= 2900
    assert all(f"Number {number}:" in (draft.worries or "") for number in range(10))


def test_what_is_done_or_dropped_readies_nothing(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    opened = decide(bench, "Another.")
    marking = as_form(bench.press(IRO, button(opened, "Mark as done")))
    one, other = (choice.value for choice in marking.fields[-1].choices)
    bench.submit(IRO, marking, {"done": (one,), "not_needed": (other,)})
    bench.wake_on_day(SECOND)
    hold(bench, SECOND)
    assert rows(bench, Concern) == []


def test_a_decision_whose_day_is_to_come_stays_open(bench: Bench) -> None:
    held_review(bench)
    decide(bench, by="2027-06-01")
    bench.wake_on_day(SECOND)
    hold(bench, SECOND)
    assert rows(bench, Concern) == []
    assert rows(bench, Decision)[0].state is DecisionState.OPEN
    bench.wake_on_day(THIRD)
    hold(bench, THIRD)
    assert len(rows(bench, Concern)) == 1
