"""What others did around a review stands in one morning, once, for those it concerns; whoever did it is not told."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, event
from sqlmodel import select

from handlers.reviews.near import near_to
from handlers.reviews.told_lines import told_lines
from storage import children, people
from storage.children import Capacity, Child
from storage.database import transaction
from storage.decisions import Decision
from tests.bench import Bench, button, utc, words
from tests.cast import (
    AUTHORITY,
    BEGINNING,
    CHILD,
    IRO,
    OTHER_IRO,
    OTHER_WORKER,
    OUTSIDER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
    away,
)
from tests.handlers.reviews.decided import as_form, decide, held_review, send, sent
from tests.handlers.reviews.steps import do, in_care, scene_of
from tests.handlers.reviews.test_day_lines import morning

TUESDAY, WEDNESDAY = date(2026, 12, 8), date(2026, 12, 9)


def others_silent(bench: Bench, *told: str) -> bool:
    """Nobody but these read a morning since the last was asked for."""
    return {one.to for one in bench.told if one.title.startswith("Your day")} <= set(told)


def test_who_told_the_iro_reads_the_answer_once(bench: Bench) -> None:
    in_care(bench, "2026-12-07")
    told = {"kind": "missing", "words": "yak-canary"}
    bench.submit(SOCIAL_WORKER, as_form(bench.command(SOCIAL_WORKER, f"/tell {CHILD}")), told)
    bench.press(IRO, button(bench.last(IRO), "Noted"))
    text = morning(bench, SOCIAL_WORKER, TUESDAY)
    assert f"{CHILD}: you told the IRO on Mon 7 Dec that something changed; Ann Lee has noted it." in text
    assert "yak-canary" in words(bench.press(SOCIAL_WORKER, button(bench.last(SOCIAL_WORKER), "Open")))
    assert others_silent(bench, SOCIAL_WORKER)
    assert morning(bench, SOCIAL_WORKER, WEDNESDAY) == ""


def test_who_was_on_leave_reads_on_the_first_morning_back_what_was_told_meanwhile(bench: Bench) -> None:
    in_care(bench, "2026-12-07")
    bench.submit(
        SOCIAL_WORKER, as_form(bench.command(SOCIAL_WORKER, f"/tell {CHILD}")), {"kind": "missing", "words": "Gone."}
    )
    away(bench.engine, bench.cast, SOCIAL_WORKER, TUESDAY, date(2026, 12, 10))
    bench.press(IRO, button(bench.last(IRO), "Noted"))
    assert morning(bench, SOCIAL_WORKER, date(2026, 12, 10)) == ""
    assert "Ann Lee has noted it." in morning(bench, SOCIAL_WORKER, date(2026, 12, 11))
    assert "Ann Lee has noted it." not in morning(bench, SOCIAL_WORKER, date(2026, 12, 14))


def test_the_iro_reads_that_the_decisions_are_agreed_and_the_manager_does_not(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)
    bench.press(TEAM_MANAGER, button(sent(bench, TEAM_MANAGER), "Agree"))
    text = morning(bench, IRO, TUESDAY)
    assert f"{CHILD}: Tess Hill agreed the decisions of the review of Mon 7 Dec." in text
    assert "canary" not in text
    assert others_silent(bench, IRO)
    assert "agreed the decisions" not in morning(bench, IRO, WEDNESDAY)


def test_the_iros_cover_reads_it_for_them(bench: Bench) -> None:
    held_review(bench)
    decide(bench)
    send(bench)
    bench.press(TEAM_MANAGER, button(sent(bench, TEAM_MANAGER), "Agree"))
    away(bench.engine, bench.cast, IRO, TUESDAY, None, OTHER_IRO)
    assert "of Mon 7 Dec (for Ann Lee)." in morning(bench, OTHER_IRO, TUESDAY)


def test_a_booking_moved_close_to_the_day_is_told_to_all_it_concerns_but_who_moved_it(bench: Bench) -> None:
    in_care(bench, "2026-11-16")
    do(bench, "Book", SUPPORT, booked_for="2026-12-11", time="10:00")
    bench.go_to_day(TUESDAY)
    do(bench, "Move", SOCIAL_WORKER, booked_for="2026-12-14", reason="Other")
    line = f"{CHILD}: Sam Okoro moved the review from Fri 11 Dec to Mon 14 Dec, 10 am"
    assert line in morning(bench, IRO, WEDNESDAY)
    assert any(line in words(one.card) for one in bench.inbox(SUPPORT))
    assert not any("moved the review" in words(one.card) for one in bench.inbox(SOCIAL_WORKER))
    assert bench.inbox(OUTSIDER) == []
    assert "moved the review" not in morning(bench, IRO, date(2026, 12, 10))


def test_one_booked_in_good_time_is_not_told_but_a_change_close_to_the_day_is(bench: Bench) -> None:
    in_care(bench, "2026-12-07")  # to be booked by Mon 14 Dec
    do(bench, "Book", SUPPORT, booked_for="2026-12-16")
    assert "booked the review" not in morning(bench, IRO, TUESDAY)
    do(bench, "Move", SUPPORT, booked_for="2026-12-16", time="10:00")
    assert "Bea Shaw changed the booking of the review for Wed 16 Dec, 10 am." in morning(bench, IRO, WEDNESDAY)


def test_a_review_booked_late_is_told(bench: Bench) -> None:
    in_care(bench, "2026-11-16")  # to be booked by Mon 23 Nov
    do(bench, "Book", SUPPORT, booked_for="2026-12-11")
    assert "Bea Shaw booked the review for Fri 11 Dec." in morning(bench, IRO, TUESDAY)
    assert any("booked the review" in words(one.card) for one in bench.inbox(SOCIAL_WORKER))
    assert bench.inbox(SUPPORT) == []


def test_a_day_of_another_century_takes_no_other_line_with_it(bench: Bench) -> None:
    held_review(bench)
    decide(bench, role="", owner=str(bench.cast.people[OTHER_WORKER]))
    send(bench)
    bench.press(TEAM_MANAGER, button(sent(bench, TEAM_MANAGER), "Agree"))
    with transaction(bench.engine, AUTHORITY) as session:
        decision = session.exec(select(Decision)).one()
        decision.due_on = date(2207, 6, 2)
        session.add(decision)
    assert "agreed the decisions" in morning(bench, IRO, TUESDAY)


@pytest.mark.slow
def test_a_morning_asks_no_more_of_the_database_for_more_that_is_told(bench: Bench) -> None:
    asked = []
    for number in range(2):
        for reference in (f"AB-5{number}{each}" for each in range(1 + 4 * number)):
            with transaction(bench.engine, AUTHORITY) as session:
                child = Child(authority=AUTHORITY, reference=reference)
                session.add(child)
                session.flush()
                children.allocate(session, child, Capacity.IRO, bench.cast.people[IRO], BEGINNING)
                children.allocate(session, child, Capacity.HOLDER, bench.cast.people[SOCIAL_WORKER], BEGINNING)
            everything_told(bench, reference)
        with transaction(bench.engine, AUTHORITY, writes=False) as session, heard(bench.engine) as statements:
            scene = replace(scene_of(bench, session), now=utc("2026-12-08"))
            people.know_day(session, TUESDAY)
            assert len([*told_lines(near_to(scene, None))]) >= 4 * (1 + 4 * number)
        asked.append(len(statements))
    assert asked[0] == asked[1]


def test_a_morning_on_which_nothing_is_new_asks_once_of_each_kind_and_no_more(bench: Bench) -> None:
    everything_told(bench, CHILD)
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        scene = replace(scene_of(bench, session), now=utc("2026-12-21"))
        people.know_day(session, date(2026, 12, 21))
        near = near_to(scene, bench.cast.people[IRO])
        people.get(session, bench.cast.people[IRO])
        with heard(bench.engine) as statements:
            assert [*told_lines(near)] == []
    assert len(statements) == len(("the morning before", "news", "decisions agreed", "bookings", "by name"))


def everything_told(bench: Bench, reference: str) -> None:
    """News answered, a review booked late, one held whose decisions are agreed, and one of them somebody's by name."""
    held_review(bench, reference)
    form = as_form(bench.command(IRO, f"/review {reference} decisions"))
    owner = str(bench.cast.people[OTHER_WORKER])
    bench.submit(IRO, form, {"what": "A.", "owner": owner, "due_on": "2027-01-29"})
    form = as_form(bench.command(IRO, f"/review {reference} decisions"))
    bench.press(IRO, button(form, "Send to the manager"))
    bench.press(TEAM_MANAGER, button(sent(bench, TEAM_MANAGER), "Agree"))
    told = {"kind": "missing", "words": "A."}
    bench.submit(SOCIAL_WORKER, as_form(bench.command(SOCIAL_WORKER, f"/tell {reference}")), told)
    bench.press(IRO, button(bench.last(IRO), "Noted"))
    do(bench, "Book", SUPPORT, reference, booked_for="2026-12-10")
    do(bench, "Move", SUPPORT, reference, booked_for="2026-12-11", reason="Other")


@contextmanager
def heard(engine: Engine) -> Iterator[list[str]]:
    """Every statement sent while it lasts."""
    found: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def test_the_owner_of_a_decision_hears_of_it_once_it_is_sent_and_of_a_change(bench: Bench) -> None:
    held_review(bench)
    for what in ("First.", "Second."):
        decide(bench, what, role="", owner=str(bench.cast.people[OTHER_WORKER]))
    assert morning(bench, OTHER_WORKER, TUESDAY) == ""
    send(bench)
    text = morning(bench, OTHER_WORKER, WEDNESDAY)
    assert f"{CHILD}: 2 decisions of the review are now yours to see to, the first by Fri 29 Jan 2027." in text
    assert "First." in words(bench.press(OTHER_WORKER, button(bench.last(OTHER_WORKER), "Open")))
    opened = as_form(bench.command(IRO, f"/review {CHILD} decisions"))
    bench.submit(IRO, as_form(bench.press(IRO, button(opened, "Change"))), {"due_on": "2027-01-22"})
    assert morning(bench, OTHER_WORKER, date(2026, 12, 10)) == ""
    send(bench)
    assert "a decision of the review is now yours to see to, to be done by Fri 22 Jan 2027." in morning(
        bench, OTHER_WORKER, date(2026, 12, 11)
    )
