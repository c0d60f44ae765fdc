"""Who leaves by a staff file, or loses a role by it: the result names everything that waits on nobody then (A20)."""

import pytest

from handlers.imports import import_staff
from scheduling.procedures import parse_procedures, shipped_text
from storage.database import transaction
from tests.bench import Bench
from tests.cast import (
    AUTHORITY,
    IRO,
    OTHER_CHILD,
    OTHER_MANAGER,
    OTHER_WORKER,
    SOCIAL_WORKER,
    STAFF,
    SUPPORT,
    TEAM_MANAGER,
)
from tests.handlers.reviews.decided import decide, held_review, send
from tests.handlers.steps import DONE, act, logged
from tests.led import led
from tests.terms_left import as_read

RULES = parse_procedures(shipped_text("handbook"), "procedures.toml")


def taken_in(bench: Bench, without: str = "", **roles: str) -> list[str]:
    """The staff file again: without somebody, or with other roles of somebody; what it says to look at."""
    rows = ["email,name,roles,manager_email,team"]
    for login, name, held, manager, team in STAFF:
        if login != without:
            word = roles.get(login.replace(".", "_"), ";".join(held))
            above = "" if manager in (None, without) else f"{manager}@anyshire.example"
            rows.append(f"{login}@anyshire.example,{name},{word},{above},{team}")
    with transaction(bench.engine, AUTHORITY) as session:
        text = "\n".join(rows)
        done = import_staff(session, RULES, text, bench.now.date(), bench.now, leavers=True)
        return [*as_read(done.notes)]


@pytest.fixture
def at_work(bench: Bench) -> Bench:
    """C-1 asks Tess, C-2 Will and Mona, who answered; a review's decision went to Tess and is for Sam by name."""
    return led(bench, _set_to_work)


def _set_to_work(bench: Bench) -> None:
    held_review(bench)
    decide(bench, owner=str(bench.cast.people[SOCIAL_WORKER]), role="")
    send(bench)
    assert logged(bench, 1) == "C-1"
    assert logged(bench, 0, about=OTHER_CHILD) == "C-2"
    act(bench, OTHER_MANAGER, "/concern C-2 reply", answer=DONE, words="It is done.")
    taken_in(bench)


@pytest.mark.parametrize(
    ("leaver", "named"),
    [
        (
            TEAM_MANAGER,
            [
                "C-1 waits for a reply from Tess Hill, who has left.",
                "Decisions from the review of AB-1042 wait for an answer from Tess Hill, who has left.",
            ],
        ),
        (
            SOCIAL_WORKER,
            [
                "Sam Okoro still holds the cases of 1 child: allocate them anew.",
                "Decisions from reviews of AB-1042 are to be seen to by Sam Okoro, who has left.",
                "Review tasks of AB-1042 wait for Sam Okoro, who has left.",
            ],
        ),
        (
            IRO,
            [
                "Ann Lee is still the IRO of 2 children: allocate them anew.",
                "C-2 waits for a decision by the IRO, Ann Lee, who has left.",
                "Review tasks of AB-1042 wait for Ann Lee, who has left.",
            ],
        ),
        (OTHER_WORKER, ["Will Dean still holds the cases of 1 child: allocate them anew."]),
        (OTHER_MANAGER, []),
        (SUPPORT, []),
    ],
)
def test_a_leaver_is_named_with_everything_that_waits(at_work: Bench, leaver: str, named: list[str]) -> None:
    assert taken_in(at_work, leaver) == named
    assert taken_in(at_work, leaver) == [], "the same file again changes nothing"


def test_a_role_that_ends_is_named_too_unless_another_fills_the_place(at_work: Bench) -> None:
    ended = "whose role Team manager has ended"
    assert taken_in(at_work, tess_hill="social_worker") == [
        f"C-1 waits for a reply from Tess Hill, {ended}.",
        f"Decisions from the review of AB-1042 wait for an answer from Tess Hill, {ended}.",
    ]
    assert taken_in(at_work, tess_hill="team_manager;support") == []
    assert taken_in(at_work, sam_okoro="team_manager") == [], "whoever manages may hold a case"
    assert taken_in(at_work, ann_lee="support") == [
        "Ann Lee is still the IRO of 2 children: allocate them anew.",
        "C-2 waits for a decision by the IRO, Ann Lee, whose role IRO has ended.",
        "Review tasks of AB-1042 wait for Ann Lee, whose role IRO has ended.",
    ]
