"""Who may do what about a child's reviews: every act against the whole cast, covers, and outsiders."""

from datetime import date

import pytest

from tests.bench import Bench, button, buttons, words
from tests.cast import (
    ADMIN,
    CHILD,
    DIRECTOR,
    IRO,
    IRO_MANAGER,
    OTHER_IRO,
    OTHER_MANAGER,
    OTHER_WORKER,
    OUTSIDER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    STAFF,
    SUPPORT,
    TEAM_MANAGER,
    away,
    join_team,
)
from tests.handlers.reviews.steps import do, in_care, last_held_of, open_review_of, shown, story
from tests.handlers.steps import form, said
from tests.led import led

HELD = {"held_how": "in person", "participation": "PN1"}
BOOKS = {IRO, IRO_MANAGER, SOCIAL_WORKER, SUPPORT}
STEERS = {IRO}
LINE = {TEAM_MANAGER, SERVICE_MANAGER, "ada.frost", DIRECTOR}
SEES = BOOKS | LINE
EVERYONE = [row[0] for row in STAFF]
MAY = {
    "book": BOOKS,
    "papers": BOOKS,
    "hold": STEERS,
    "adjourn": STEERS,
    "forward": STEERS,
    "contact": STEERS,
    "seen": STEERS,
    "midway": STEERS,
    "record": STEERS,
    "sent": {IRO, IRO_MANAGER, SUPPORT},
    "track": {IRO, IRO_MANAGER, SUPPORT},
}


@pytest.fixture
def held(bench: Bench) -> Bench:
    """A child with one review held here, and the next due on 7 June 2027."""
    return led(bench, _hold)


def _hold(bench: Bench) -> None:
    in_care(bench, "2024-01-08", last_review_on=date(2026, 7, 1))
    do(bench, "Record as held", **HELD)


@pytest.mark.slow
def test_every_act_is_open_to_those_of_the_table_and_to_nobody_else(held: Bench) -> None:
    held.wake_on_day(date(2026, 12, 8))
    unknown = "There is no AB-1042 here that you can open."
    for word, allowed in MAY.items():
        for who in EVERYONE:
            answer = held.command(who, f"/review {CHILD} {word}")
            if who in allowed:
                assert form(answer).submit, (word, who)
            elif who in SEES:
                assert unknown not in said(answer), (word, who)
            else:
                assert said(answer).startswith(unknown), (word, who)


def test_each_sees_buttons_for_what_they_may_do_and_no_others(held: Bench) -> None:
    labels = {who: {one.label for one in buttons(shown(held, who))} for who in SEES}
    assert {who for who in SEES if "Book" in labels[who]} == BOOKS
    assert {who for who in SEES if "Record as held" in labels[who]} == STEERS
    assert {who for who in SEES if "Record sent" in labels[who]} == {IRO, IRO_MANAGER, SUPPORT}
    assert {who for who in SEES if "Tell the IRO" in labels[who]} == SEES - {IRO}


@pytest.mark.parametrize("who", [OUTSIDER, OTHER_IRO, OTHER_WORKER, OTHER_MANAGER, ADMIN])
def test_to_others_the_child_does_not_exist(held: Bench, who: str) -> None:
    known = said(held.command(who, f"/review {CHILD}"))
    unknown = said(held.command(who, "/review AB-9999"))
    assert known.replace(CHILD, "AB-9999") == unknown


def test_a_press_and_a_submission_of_an_outsider_are_refused_alike(held: Bench) -> None:
    pressed = button(shown(held), "Book")
    opened = form(held.press(IRO, pressed))
    assert "There is no AB-1042" in said(held.press(OUTSIDER, pressed))
    assert "There is no AB-1042" in said(held.submit(OUTSIDER, opened, {"booked_for": "2027-05-04"}))
    assert open_review_of(held).booked_for is None


def test_a_cover_does_what_the_iro_may_and_it_is_recorded_for_them(held: Bench) -> None:
    assert "There is no" in said(held.command(OTHER_IRO, f"/review {CHILD}"))
    away(held.engine, held.cast, IRO, date(2026, 12, 7), date(2026, 12, 18), OTHER_IRO)
    do(held, "Contact", OTHER_IRO)
    do(held, "Book", OTHER_IRO, booked_for="2027-05-04")
    for what in ("monitoring contact", "review booked"):
        (entry,) = [one for one in story(held) if one.what == what]
        assert (entry.actor_id, entry.for_id) == (held.cast.people[OTHER_IRO], held.cast.people[IRO])


def test_the_iro_manager_holds_reviews_only_while_the_iro_is_away(held: Bench) -> None:
    assert "Only the child's IRO" in said(held.command(IRO_MANAGER, f"/review {CHILD} hold"))
    away(held.engine, held.cast, IRO, date(2026, 12, 8), date(2026, 12, 18))
    held.wake_on_day(date(2026, 12, 8))
    do(held, "Record as held", IRO_MANAGER, **HELD)
    entry = [one for one in story(held) if one.what == "review held"][-1]
    assert (entry.actor_id, entry.for_id) == (held.cast.people[IRO_MANAGER], held.cast.people[IRO])
    assert last_held_of(held).iro_id == held.cast.people[IRO]


def test_an_iro_manager_books_in_their_own_right(held: Bench) -> None:
    do(held, "Book", IRO_MANAGER, booked_for="2027-05-04")
    (entry,) = [one for one in story(held) if one.what == "review booked"]
    assert entry.for_id is None


def test_a_workers_cover_books_for_the_worker(held: Bench) -> None:
    join_team(held.engine, held.cast, OTHER_WORKER, "North team")
    away(held.engine, held.cast, SOCIAL_WORKER, date(2026, 12, 7), date(2026, 12, 18), OTHER_WORKER)
    do(held, "Book", OTHER_WORKER, booked_for="2027-05-04")
    (entry,) = [one for one in story(held) if one.what == "review booked"]
    assert entry.for_id == held.cast.people[SOCIAL_WORKER]
    held.wake_on_day(date(2026, 12, 21))
    assert "There is no" in said(held.command(OTHER_WORKER, f"/review {CHILD}"))


def test_the_list_shows_each_their_own_children(held: Bench) -> None:
    held.wake_on_day(date(2027, 5, 25))
    seeing = {who for who in EVERYONE if CHILD in words(held.command(who, "/review"))}
    assert seeing == SEES
