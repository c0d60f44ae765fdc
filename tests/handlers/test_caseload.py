"""`/caseload`: one screen, by role; load against the range, and age with a colour that numbers never have."""

from datetime import date

import pytest

from handlers.cards import Card
from handlers.figures.caseload_table import caseload
from handlers.figures.open_table import open_by_age
from handlers.figures.period import Period
from handlers.figures.tables import Tone
from handlers.office import Scene, rules_in_force
from storage.children import Capacity, Child, allocate
from storage.database import transaction
from storage.people import Person, PersonRole
from tests.bench import Bench, button, words
from tests.cast import (
    ASSISTANT_DIRECTOR,
    AUTHORITY,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    OTHER_MANAGER,
    SERVICE_MANAGER,
    TEAM_MANAGER,
    away,
)
from tests.handlers.steps import form, logged

DECEMBER = Period(first=date(2026, 4, 1), last=date(2026, 12, 31))


def screen(bench: Bench, who: str) -> str:
    answer = bench.command(who, "/caseload")
    assert isinstance(answer, Card)
    return words(answer)


def test_an_iro_sees_their_own_load_against_the_range(bench: Bench) -> None:
    text = screen(bench, IRO)
    assert "Ann Lee: 2 children, 1 full-time, 2 for each (below the range of 50 to 70)." in text
    assert "Olu Ade" not in text
    assert "No concern is open." in text


def test_the_iro_manager_sees_the_service_by_name(bench: Bench) -> None:
    text = screen(bench, IRO_MANAGER).splitlines()
    assert [line.partition(":")[0] for line in text[1:4]] == ["Ann Lee", "Olu Ade", "Together"]


def test_a_manager_sees_their_part_of_the_line(bench: Bench) -> None:
    logged(bench, about=OTHER_CHILD)
    assert "1 child in care in your part of the line." in screen(bench, TEAM_MANAGER)
    assert "No concern is open." in screen(bench, TEAM_MANAGER)
    assert "Open concerns: 1." in screen(bench, OTHER_MANAGER)
    assert "2 children in care" in screen(bench, SERVICE_MANAGER)
    assert "C-1" not in screen(bench, TEAM_MANAGER)


@pytest.mark.slow
def test_age_has_a_colour_and_the_number_beside_it_has_none(bench: Bench) -> None:
    logged(bench)
    bench.go_to_day(date(2026, 12, 23))
    logged(bench, about=OTHER_CHILD)
    text = screen(bench, IRO_MANAGER)
    assert "Open concerns: 2. 1 within time, \N{LARGE ORANGE CIRCLE} 1 overdue." in text
    assert "\N{LARGE ORANGE CIRCLE} C-1: first raised Mon 7 Dec, 12 working days, overdue." in text
    bench.wake_on_day(date(2027, 2, 1))
    assert "\N{LARGE RED CIRCLE} C-1: first raised Mon 7 Dec 2026, " in screen(bench, IRO_MANAGER)


def test_the_tones_are_on_the_cells_that_tell_of_age(bench: Bench) -> None:
    logged(bench)
    bench.wake_on_day(date(2027, 2, 1))
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        scene = Scene(session=session, now=bench.now, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))
        rows, tones = open_by_age(scene, DECEMBER)
    assert tones == {(1, "over_limit"): Tone.OLD, (1, "oldest_days"): Tone.OLD}
    assert rows[1]["over_limit"] == 1


def test_children_count_with_the_officer_they_had_at_the_end_and_changes_with_the_new_one(bench: Bench) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        child = session.get(Child, bench.cast.children[CHILD])
        assert child is not None
        allocate(session, child, Capacity.IRO, bench.cast.people[OTHER_IRO], date(2026, 6, 1))
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        scene = Scene(session=session, now=bench.now, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))
        now = {row["iro"]: (row["children"], row["changes_of_iro"]) for row in caseload(scene, DECEMBER)}
        before = caseload(scene, Period(first=date(2026, 4, 1), last=date(2026, 5, 31)))
    assert now == {"Ann Lee": (1, 0), "Olu Ade": (1, 1)}
    assert [(row["children"], row["changes_of_iro"]) for row in before] == [(2, 0), (0, 0)]
    assert list(before[0]) == ["iro", "children", "fte", "children_per_fte", "range", "changes_of_iro"]


def test_working_time_is_left_out_for_a_part_of_the_children(bench: Bench) -> None:
    opened = form(bench.press(TEAM_MANAGER, button(form(bench.command(TEAM_MANAGER, "/iro figures")), "Caseload")))
    assert "Ann Lee: Children 1" in words(opened)
    assert "Full-time" not in words(opened)


def test_the_quarterly_summary_is_offered_on_the_first_working_day_of_a_quarter(bench: Bench) -> None:
    who = SERVICE_MANAGER
    logged(bench, stage=2)
    bench.wake_on_day(date(2027, 1, 4))  # the first working day after Friday, 1 January
    card = next(one.card for one in reversed(bench.inbox(who)) if one.title.startswith("Your day"))
    line = next(one for one in card.lines if "summary of 2026-27 Q3" in one.text)
    assert not any(sign.isdigit() for sign in line.text.replace("2026-27 Q3", ""))

    read = words(bench.press(who, line.buttons[0]))
    assert "2026-27 Q3" in read
    assert "What concerns were about" in read
    assert "Open concerns by age" in read

    bench.forget()
    bench.go_to_day(date(2027, 1, 5))
    assert all("summary of" not in words(one.card) for one in bench.inbox(who))


def test_others_are_not_offered_the_summary(bench: Bench) -> None:
    logged(bench)
    bench.wake_on_day(date(2027, 1, 4))
    for who in (TEAM_MANAGER, IRO_MANAGER, IRO, ASSISTANT_DIRECTOR):
        assert all("summary of" not in words(one.card) for one in bench.inbox(who)), who


def test_a_service_manager_without_anything_in_the_quarter_is_offered_nothing(bench: Bench) -> None:
    bench.go_to_day(date(2027, 1, 4))
    assert bench.told == []


def test_nobody_is_measured_by_children_they_do_not_have(bench: Bench) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        for reference in (CHILD, OTHER_CHILD):
            child = session.get(Child, bench.cast.children[reference])
            assert child is not None
            child.left_care_on = date(2026, 11, 1)
            session.add(child)

    assert screen(bench, IRO_MANAGER).splitlines()[1:4] == [
        "Ann Lee: no children, 1 full-time.",
        "Olu Ade: no children, 1 full-time.",
        "Together: no children, 2 full-time equivalents.",
    ]
    assert "No child is in care in your part of the line." in screen(bench, TEAM_MANAGER)


def test_all_together_are_not_measured_where_somebody_with_children_has_no_working_time(bench: Bench) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        officer = session.get(Person, bench.cast.people[IRO])
        assert officer is not None
        officer.fte = 0.0
        session.add(officer)

    assert screen(bench, IRO_MANAGER).splitlines()[1:4] == [
        "Ann Lee: 2 children, 0 full-time.",
        "Olu Ade: no children, 1 full-time.",
        "Together: 2 children, 1 full-time equivalent.",
    ]


def test_an_iro_who_covers_a_manager_sees_both_parts_without_a_measure(bench: Bench) -> None:
    with transaction(bench.engine, AUTHORITY) as session:
        session.add(PersonRole(person_id=bench.cast.people[IRO], role="team_manager", from_on=date(2026, 1, 1)))
    away(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 7), None, IRO)

    assert "Ann Lee: 2 children." in screen(bench, IRO)
