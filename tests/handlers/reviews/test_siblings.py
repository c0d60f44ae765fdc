"""Brothers and sisters at one meeting: booked together, recorded one after the other, by day, time and place alone."""

from datetime import date

import pytest

from handlers.cards import Errors, Form
from handlers.requests import Value
from storage.children import Capacity, allocate
from storage.database import transaction
from storage.reviews import ReviewState
from tests.bench import Bench, button, buttons
from tests.cast import AUTHORITY, IRO, OTHER_CHILD, OTHER_IRO, OUTSIDER, SOCIAL_WORKER, SUPPORT
from tests.handlers.reviews.decided import HELD
from tests.handlers.reviews.steps import child_of, do, in_care, last_held_of, open_review_of, shown, story
from tests.handlers.steps import field, form, notice, said

BOOKED = {"booked_for": "2027-01-05", "time": "2.30 pm", "place": "School", "wish": "Quetzal outside."}


@pytest.fixture
def siblings(bench: Bench) -> Bench:
    """Two children of one IRO and one worker, whose first reviews are due on 7 and 11 January 2027."""
    in_care(bench, "2026-12-07")
    in_care(bench, "2026-12-09", OTHER_CHILD)
    give(bench, OTHER_CHILD, SOCIAL_WORKER)
    return bench


def give(bench: Bench, reference: str, who: str, capacity: Capacity = Capacity.HOLDER) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        allocate(session, session.merge(child_of(bench, reference)), capacity, bench.cast.people[who], bench.now.date())


def opened(bench: Bench, label: str, who: str = IRO) -> Form:
    return form(bench.press(who, button(shown(bench, who), label)))


def offered(answer: Form) -> list[str]:
    return [choice.label for one in answer.fields if one.key == "also" for choice in one.choices]


@pytest.mark.parametrize("who", [IRO, SOCIAL_WORKER, SUPPORT])
def test_a_tick_books_the_other_for_the_same_day_time_and_place(who: str, siblings: Bench) -> None:
    assert offered(opened(siblings, "Book", who)) == ["AB-2077, due Mon 11 Jan 2027"]
    told = said(do(siblings, "Book", who, also=(OTHER_CHILD,), **BOOKED))
    assert told == "The review of AB-1042 is booked for Tue 5 Jan 2027, 2:30 pm. So is that of AB-2077."
    review = open_review_of(siblings, OTHER_CHILD)
    assert (review.state, review.booked_for, review.booked_time) == (ReviewState.BOOKED, date(2027, 1, 5), "14:30")
    assert (review.place_kind, review.childs_wish) == ("School", None)
    assert [one.what for one in story(siblings, OTHER_CHILD)].count("review booked") == 1
    assert offered(opened(siblings, "Move", who)) == []


def test_without_a_tick_the_other_stays_as_it_was(siblings: Bench) -> None:
    do(siblings, "Book", **BOOKED)
    assert open_review_of(siblings, OTHER_CHILD).state is ReviewState.DUE


def test_it_is_offered_for_no_other_iro_holder_or_month_and_never_to_who_may_not(siblings: Bench) -> None:
    give(siblings, OTHER_CHILD, OUTSIDER)
    assert offered(opened(siblings, "Book")) == []
    give(siblings, OTHER_CHILD, SOCIAL_WORKER)
    give(siblings, OTHER_CHILD, OTHER_IRO, Capacity.IRO)
    assert offered(opened(siblings, "Book")) == []
    give(siblings, OTHER_CHILD, IRO, Capacity.IRO)
    in_care(siblings, "2026-06-01", OTHER_CHILD, last_review_on=date(2026, 9, 7))
    assert offered(opened(siblings, "Book")) == []


def test_what_changed_meanwhile_books_neither(siblings: Bench) -> None:
    kept = opened(siblings, "Book")
    give(siblings, OTHER_CHILD, OUTSIDER)
    wrong = siblings.submit(IRO, kept, {**BOOKED, "also": (OTHER_CHILD,)})
    assert isinstance(wrong, Errors)
    assert [*wrong.by_field] == ["also"]
    assert open_review_of(siblings).state is ReviewState.DUE


@pytest.mark.slow
def test_what_is_ticked_at_one_that_was_held_opens_next_with_the_day_and_how(siblings: Bench) -> None:
    siblings.go_to_day(date(2027, 1, 6))
    assert offered(opened(siblings, "Record as held")) == ["AB-2077, due Mon 11 Jan"]
    held: dict[str, Value] = {**HELD, "held_on": "2027-01-05", "also": (OTHER_CHILD,)}
    given = notice(siblings.submit(IRO, opened(siblings, "Record as held"), held))
    assert buttons(given)[0].label == "Record AB-2077 too"
    assert open_review_of(siblings, OTHER_CHILD).state is ReviewState.DUE
    again = form(siblings.press(IRO, buttons(given)[0]))
    assert again.title == "Held: AB-2077"
    assert [field(again, key).initial for key in ("held_on", "held_how")] == ["2027-01-05", "in person"]
    assert [field(again, key).initial for key in ("participation", "chaired", "took_part")] == ["", "no", ()]
    siblings.submit(IRO, again, {"participation": "PN1"})
    assert last_held_of(siblings, OTHER_CHILD).held_on == date(2027, 1, 5)
    assert notice(siblings.press(OUTSIDER, buttons(given)[0])).refused
