"""The table of who may do what: whole, with every place of it held by whom it names, in the situations that make it."""

from collections.abc import Callable
from datetime import date

import pytest

from handlers.cards import Button
from handlers.rights import Place, child_standing, standing
from handlers.rights.deciding import WHY_NOT
from handlers.rights.table import TABLE, May, When
from storage import children, concerns
from storage.database import transaction
from tests.bench import Bench, button
from tests.cast import (
    ASSISTANT_DIRECTOR,
    AUTHORITY,
    CHILD,
    DIRECTOR,
    IRO,
    IRO_MANAGER,
    OTHER_IRO,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    STAFF,
    SUPPORT,
    TEAM_MANAGER,
    away,
)
from tests.handlers.steps import also_asked, desk_of, field, form, logged, said

OF_CONCERNS = tuple(May)[: [*May].index(May.SEE_REVIEWS)]
LONG_AGO, TODAY, LAST = date(2026, 10, 1), date(2026, 12, 7), date(2026, 12, 18)


def test_every_act_has_places_and_a_refusal_and_every_place_and_condition_is_used() -> None:
    assert set(TABLE) == set(May)
    assert all(TABLE.values())
    assert {place for row in TABLE.values() for place in row} == set(Place)
    assert {when for row in TABLE.values() for when in row.values()} == set(When)
    assert set(WHY_NOT) == set(May) - {May.SEE_IT_EXISTS, May.SEE_REVIEWS}


@pytest.mark.parametrize("what", May)
def test_nobody_does_anything_to_what_they_may_not_see(what: May) -> None:
    sees = TABLE[May.SEE_IT_EXISTS if what in OF_CONCERNS else May.SEE_REVIEWS]
    for place, when in TABLE[what].items():
        by_reference_alone = (what, place) == (May.NOTE_ON_RECORD, Place.SUPPORT)
        if place not in (Place.ASKED, Place.ASKED_TO_ADD) and not by_reference_alone:  # they have a part
            assert sees[place] in (When.ALWAYS, when) or when in (When.TIME_OVER, When.EMPTY_FOR_LONG), place


def _as_usual(bench: Bench) -> None:
    logged(bench)


def _iro_names_a_cover(bench: Bench) -> None:
    logged(bench)
    away(bench.engine, bench.cast, IRO, TODAY, LAST, OTHER_IRO)


def _another_names_the_cover(bench: Bench) -> None:
    logged(bench)
    away(bench.engine, bench.cast, IRO, TODAY, LAST, OTHER_IRO, by=IRO_MANAGER)


def _others_are_away(bench: Bench) -> None:
    logged(bench)
    away(bench.engine, bench.cast, IRO_MANAGER, TODAY, LAST, OTHER_IRO)
    away(bench.engine, bench.cast, SOCIAL_WORKER, TODAY, LAST)
    away(bench.engine, bench.cast, TEAM_MANAGER, TODAY, LAST)


def _iro_was_asked(bench: Bench) -> None:
    also_asked(bench, logged(bench), IRO, "iro")


def _worker_is_asked_to_add(bench: Bench) -> None:
    asked = form(bench.press(TEAM_MANAGER, Button(label="", deed="concern.pass", subject=logged(bench))))
    bench.submit(TEAM_MANAGER, asked, {"person": str(bench.cast.people[SOCIAL_WORKER])})


def _drafted_by(who: str) -> Callable[[Bench], None]:
    def draft(bench: Bench) -> None:
        away(bench.engine, bench.cast, IRO, TODAY, LAST, OTHER_IRO, by=IRO_MANAGER)
        opened = form(bench.command(who, f"/concern {CHILD}"))
        bench.press(who, button(opened, "Save draft"), {"child": field(opened, "child").initial, "worries": "W"})

    return draft


HELD: dict[str, tuple[Callable[[Bench], None], dict[Place, set[str]]]] = {
    "as usual": (
        _as_usual,
        {
            Place.IRO: {IRO},
            Place.COVER: set(),
            Place.DEPUTY: set(),
            Place.IRO_MANAGER: {IRO_MANAGER},
            Place.MANAGER_BY_OWN_WORD: {IRO_MANAGER},
            Place.WORKER: {SOCIAL_WORKER},
            Place.FOR_WORKER: set(),
            Place.LINE: {TEAM_MANAGER, SERVICE_MANAGER, ASSISTANT_DIRECTOR, DIRECTOR},
            Place.HOLDERS_MANAGER: {TEAM_MANAGER},
            Place.SUPPORT: {SUPPORT},
            Place.ASKED: {TEAM_MANAGER},
            Place.ASKED_TO_ADD: set(),
            Place.PART: {TEAM_MANAGER, SOCIAL_WORKER},
            Place.IRO_ASKED: set(),
            Place.DRAFTER: set(),
        },
    ),
    "the IRO names a cover": (
        _iro_names_a_cover,
        {Place.IRO: {IRO, OTHER_IRO}, Place.COVER: set(), Place.DEPUTY: {IRO_MANAGER}},
    ),
    "another names the cover": (
        _another_names_the_cover,
        {Place.IRO: {IRO}, Place.COVER: {OTHER_IRO}, Place.DEPUTY: {IRO_MANAGER}},
    ),
    "others are away": (
        _others_are_away,
        {
            Place.IRO_MANAGER: {IRO_MANAGER, OTHER_IRO},
            Place.MANAGER_BY_OWN_WORD: {IRO_MANAGER, OTHER_IRO},
            Place.WORKER: {SOCIAL_WORKER},
            Place.FOR_WORKER: {SERVICE_MANAGER},
            Place.HOLDERS_MANAGER: {TEAM_MANAGER, SERVICE_MANAGER},
        },
    ),
    "the IRO was asked": (
        _iro_was_asked,
        {Place.IRO_ASKED: {IRO}, Place.DEPUTY: {IRO_MANAGER}, Place.ASKED: {IRO, TEAM_MANAGER}},
    ),
    "the worker is asked to add": (
        _worker_is_asked_to_add,
        {Place.ASKED_TO_ADD: {SOCIAL_WORKER}, Place.ASKED: {TEAM_MANAGER}},
    ),
    "the IRO manager drafts": (_drafted_by(IRO_MANAGER), {Place.DRAFTER: {IRO_MANAGER}, Place.COVER: {OTHER_IRO}}),
    "the cover drafts": (_drafted_by(OTHER_IRO), {Place.DRAFTER: {OTHER_IRO}, Place.PART: set()}),
}


@pytest.mark.parametrize("name", HELD)
def test_who_holds_each_place(name: str, bench: Bench) -> None:
    happens, held = HELD[name]
    happens(bench)
    found: dict[Place, set[str]] = {place: set() for place in held}
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        about, child = concerns.by_number(session, 1), children.by_reference(session, CHILD)
        assert about is not None
        assert child is not None
        for login, *_ in STAFF:
            desk = desk_of(bench, session, login)
            to_both = standing(desk, about), child_standing(desk, child)
            for place in held:
                if any(who.holds(place) for who in to_both):
                    found[place].add(login)
    assert found == held


def test_the_situations_hold_every_place() -> None:
    assert {place for _, held in HELD.values() for place, by in held.items() if by} == set(Place)


def test_a_draft_that_is_not_theirs_does_not_exist_for_who_acts_in_the_iros_place(bench: Bench) -> None:
    opened = form(bench.command(IRO, f"/concern {CHILD}"))
    bench.press(IRO, button(opened, "Save draft"), {"child": field(opened, "child").initial, "worries": "W"})
    away(bench.engine, bench.cast, IRO, LONG_AGO, None, OTHER_IRO, by=IRO_MANAGER)
    for who in (OTHER_IRO, IRO_MANAGER):
        for word in ("record", "close", "withdraw", "move", "history", "file"):
            assert said(bench.command(who, f"/concern C-1 {word}")).startswith("There is no C-1 here"), (who, word)
