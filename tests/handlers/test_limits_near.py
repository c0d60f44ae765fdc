"""The end of all stages stands in the mornings of those who hear of it, and asks the database by person."""

from datetime import date

import pytest

from handlers.day.limits import limits_near
from handlers.office import Scene, rules_in_force
from scheduling.ladder import Rung
from storage import nudges, people
from storage.database import transaction
from storage.stage_runs import Addressee, Part
from tests.bench import Bench, utc, words
from tests.cast import AUTHORITY, DIRECTOR, IRO, IRO_MANAGER, OTHER_IRO, SOCIAL_WORKER, TEAM_MANAGER, away
from tests.handlers.reviews.test_told_lines import heard
from tests.handlers.steps import PLAN, concern, happened, logged, planned, reply

NEAR = date(2027, 1, 5)
LINE = "all stages end Thu 7 Jan"


def with_a_plan_until_february(bench: Bench) -> str:
    """A concern of which nothing but the end of all stages comes in January."""
    ref = logged(bench)
    reply(bench, TEAM_MANAGER, ref, PLAN, plan_by="2027-02-26")
    bench.forget()
    return ref


def readers(bench: Bench) -> set[str]:
    """Who reads of the end of all stages on the morning of the fifth of January."""
    bench.wake_on_day(NEAR)
    return {one.to for one in bench.told if one.title.startswith("Your day") and LINE in words(one.card)}


def ask_the_manager(bench: Bench, ref: str) -> None:
    """The IRO manager was asked to reply herself, and so hears of it in no other's place."""
    with transaction(bench.engine, AUTHORITY) as session:
        about = concern(bench, ref)
        asked = Addressee(
            authority=AUTHORITY,
            run_id=about.run_id or 0,
            concern_id=about.id or 0,
            person_id=bench.cast.people[IRO_MANAGER],
            part=Part.ADDRESSED,
            role="iro_manager",
            added_at=bench.now,
        )
        session.add(asked)


def test_whose_only_line_it_is_has_a_morning_for_it(bench: Bench) -> None:
    with_a_plan_until_february(bench)
    assert readers(bench) == {IRO, IRO_MANAGER}
    assert [line.text for line in bench.last(IRO).lines] == ["C-1 (AB-1042): all stages end Thu 7 Jan; stage 1."]
    assert bench.inbox(TEAM_MANAGER) == []


def test_the_iros_cover_reads_it_for_them(bench: Bench) -> None:
    with_a_plan_until_february(bench)
    away(bench.engine, bench.cast, IRO, NEAR, None, OTHER_IRO)
    assert readers(bench) == {OTHER_IRO, IRO_MANAGER}


def test_who_is_above_reads_it_where_no_iro_manager_can_be_reached(bench: Bench) -> None:
    with_a_plan_until_february(bench)
    away(bench.engine, bench.cast, IRO_MANAGER, NEAR, None)
    assert readers(bench) == {IRO, DIRECTOR}


def test_another_iro_reads_it_in_the_absent_iros_place_where_the_iro_manager_was_asked(bench: Bench) -> None:
    ask_the_manager(bench, with_a_plan_until_february(bench))
    away(bench.engine, bench.cast, IRO, NEAR, None)
    assert readers(bench) == {IRO_MANAGER, OTHER_IRO}


def asked_for(bench: Bench, who: str) -> tuple[int, int]:
    """How many lines the person has, and how many statements they took."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        rules = rules_in_force(session, AUTHORITY)
        scene = Scene(session=session, now=utc("2027-01-05"), authority=AUTHORITY, rules=rules)
        people.know_day(session, NEAR)
        people.managed(session)
        for person_id in bench.cast.people.values():
            people.get(session, person_id)
        with heard(bench.engine) as statements:
            return len(limits_near(scene, bench.cast.people[who])), len(statements)


@pytest.mark.slow
def test_it_asks_nothing_for_who_cannot_hear_of_it_and_little_for_who_does(bench: Bench) -> None:
    for number in (1, 4):
        for _ in range(number):
            logged(bench)
        found = 1 if number == 1 else 5
        assert asked_for(bench, SOCIAL_WORKER) == (0, 0)
        assert asked_for(bench, OTHER_IRO) == (0, 3), "of others' concerns nothing is asked, however many there are"
        assert asked_for(bench, IRO_MANAGER) == (found, 4)
        assert asked_for(bench, IRO) == (found, 5), "and of all their own at once, whether they were asked there"


def test_no_nudge_is_planned_for_it_and_one_of_an_earlier_version_passes_by(bench: Bench) -> None:
    ref = logged(bench)
    assert Rung.LIMIT_NEAR not in {one.rung for one in planned(bench, ref)}
    with transaction(bench.engine, AUTHORITY) as session:
        subject = f"concern:{concern(bench, ref).id}"
        nudges.plan(session, subject=subject, rung=Rung.LIMIT_NEAR, due_at=utc("2026-12-07", "10:00"))
    before = happened(bench, ref)
    bench.forget()
    bench.go_to(utc("2026-12-07", "11:00"))
    assert (bench.told, happened(bench, ref)) == ([], before)
    assert Rung.LIMIT_NEAR not in {one.rung for one in planned(bench, ref)}
