"""Every view says when a concern was first raised: through the informal stage, reopening, and in another's place."""

import json
from datetime import date, timedelta

import pytest

from handlers.cards import Errors
from storage import children
from storage.children import Capacity
from storage.database import transaction
from tests.bench import Bench, button, words
from tests.cast import (
    AUTHORITY,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_WORKER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from tests.handlers.steps import act, close, concern, entries, field, form, logged, move, reason, said


def shows(bench: Bench, ref: str, who: str = IRO) -> str:
    return words(form(bench.command(who, f"/concern {ref}")))


def another(bench: Bench, place: int = 1) -> str:
    """Log a concern on the same child for another reason."""
    opened = form(bench.command(IRO, f"/concern {CHILD}"))
    return logged(bench, main_reason=field(opened, "main_reason").choices[place].value)


def supersede(bench: Bench, ref: str, by: str) -> str:
    return said(close(bench, ref, outcome="superseded", superseded_by=by.removeprefix("C-")))


@pytest.mark.slow
def test_the_view_and_the_list_say_it_through_moves_and_reopening(bench: Bench) -> None:
    ref = logged(bench, 0)
    bench.wait(timedelta(days=7))
    move(bench, ref, 1)
    close(bench, ref)
    bench.wait(timedelta(days=7))
    act(bench, IRO, f"/concern {ref} reopen", reason="It came back.")
    for who in (IRO, TEAM_MANAGER, IRO_MANAGER):
        assert "First raised Mon 7 Dec." in shows(bench, ref, who)
    assert "First raised Mon 7 Dec." in shows(bench, ref, SOCIAL_WORKER)
    for who in (IRO, TEAM_MANAGER):
        assert "first raised Mon 7 Dec" in words(bench.command(who, "/concern list"))


def test_of_another_year_it_says_the_year(bench: Bench) -> None:
    ref = logged(bench)
    bench.wake_on_day(date(2027, 1, 11))
    assert "First raised Mon 7 Dec 2026." in shows(bench, ref)
    assert "first raised Mon 7 Dec 2026" in words(bench.command(IRO, "/concern list"))


def test_a_draft_is_not_raised_yet(bench: Bench) -> None:
    opened = form(bench.command(IRO, f"/concern {CHILD}"))
    bench.press(
        IRO, button(opened, "Save draft"), {"child": field(opened, "child").initial, "main_reason": reason(opened)}
    )
    assert "aised" not in words(bench.command(IRO, "/concern list drafts"))


# ------------------------------------------------------------------ in the place of another


def test_the_concern_that_takes_the_place_of_another_counts_from_when_that_was_raised(bench: Bench) -> None:
    first = logged(bench)
    bench.wait(timedelta(days=7))
    second = another(bench)
    assert "First raised Mon 14 Dec." in shows(bench, second)
    assert "is closed" in supersede(bench, first, second)
    assert "First raised Mon 7 Dec. It takes the place of C-1." in shows(bench, second)
    assert "C-2 takes its place." in shows(bench, first)
    assert concern(bench, second).raised_at == bench.now
    assert [one.what for one in entries(bench, second)].count("took the place of another concern") == 1
    assert json.loads(next(one for one in entries(bench, first) if one.what == "closed").details)["concern"] == 2
    assert "first raised Mon 7 Dec" in words(bench.command(IRO, "/concern list"))


@pytest.mark.slow
def test_it_is_carried_through_a_chain_and_survives_reopening(bench: Bench) -> None:
    first = logged(bench)
    bench.wait(timedelta(days=7))
    second = another(bench, 1)
    supersede(bench, first, second)
    bench.wait(timedelta(days=1))
    third = another(bench, 2)
    supersede(bench, second, third)
    assert "First raised Mon 7 Dec. It takes the place of C-2." in shows(bench, third)
    act(bench, IRO, f"/concern {first} reopen", reason="It stands on its own after all.")
    assert "takes its place" not in shows(bench, first)
    assert "It takes the place of" not in shows(bench, second)


def test_which_concern_takes_its_place_has_to_be_said_where_there_is_one(bench: Bench) -> None:
    first, second = logged(bench), another(bench)
    asked = close(bench, first, outcome="superseded")
    assert isinstance(asked, Errors)
    assert asked.by_field == {"superseded_by": "Choose the concern that takes its place, or none of these."}
    opened = field(form(bench.command(IRO, f"/concern {first} close")), "superseded_by")
    assert [one.label for one in opened.choices] == [
        f"{second}: Implementation of the care plan",
        "None of these",
    ]
    supersede(bench, first, "none")
    assert concern(bench, second).first_raised_at is None


def test_a_concern_alone_on_its_child_is_closed_as_superseded_without_a_question(bench: Bench) -> None:
    first = logged(bench)
    logged(bench, about=OTHER_CHILD)
    assert "superseded_by" not in {one.key for one in form(bench.command(IRO, f"/concern {first} close")).fields}
    assert "is closed" in said(close(bench, first, outcome="superseded"))


def test_with_another_outcome_the_choice_is_left_aside(bench: Bench) -> None:
    first, second = logged(bench), another(bench)
    said(close(bench, first, superseded_by=second.removeprefix("C-")))
    assert concern(bench, second).first_raised_at is None
    assert concern(bench, first).superseded_by is None


def test_whoever_may_not_know_of_the_other_concern_does_not_read_its_reference(bench: Bench) -> None:
    first = logged(bench, 0)
    with transaction(bench.engine, AUTHORITY) as session:
        child = children.by_reference(session, CHILD)
        assert child is not None
        children.allocate(session, child, Capacity.HOLDER, bench.cast.people[OTHER_WORKER], bench.now.date())
    second = another(bench)
    supersede(bench, first, second)
    assert "C-2 takes its place." in shows(bench, first, SERVICE_MANAGER)
    assert "C-2" not in shows(bench, first, SOCIAL_WORKER)


# ------------------------------------------------------------------ ages and files


@pytest.mark.slow
def test_ages_count_from_then(bench: Bench) -> None:
    first = logged(bench)
    bench.wait(timedelta(days=14))
    supersede(bench, first, another(bench))
    assert "C-2: first raised Mon 7 Dec, 10 working days, " in words(bench.command(IRO_MANAGER, "/caseload"))


def test_the_copy_for_the_record_says_it(bench: Bench) -> None:
    first = logged(bench)
    bench.wait(timedelta(days=7))
    second = another(bench)
    supersede(bench, first, second)
    copied = form(bench.command(IRO, f"/concern {second} file"))
    assert "First raised: Mon 7 Dec 2026. It takes the place of C-1." in "\n".join(
        str(one.initial) for one in copied.fields
    )
