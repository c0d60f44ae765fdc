"""Whom a stage asks, and who stands in."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from handlers.people.addressees import Found, find_addressees, in_line, line_manager, next_senior
from handlers.people.covering import cover_of
from storage import people
from storage.children import Child
from storage.database import transaction
from storage.people import Absence, Person, PersonRole
from tests.handlers.people.cast import LONG_AGO, TODAY, Cast, ident, rules

PROCEDURES = rules()


def asked(cast: Cast, *roles: str, child: Child | None = None, service: bool = False) -> list[Found]:
    return find_addressees(
        cast.session,
        PROCEDURES,
        roles=roles,
        child=None if service else child or cast.child,
        iro_id=ident(cast.iro),
        on=TODAY,
    )


def names(found: Sequence[Found]) -> list[str]:
    return [one.person.name for one in found]


def only(found: Sequence[Found]) -> Found:
    assert len(found) == 1
    return found[0]


def senior(cast: Cast, person: Person, child: Child | None = None) -> Found | None:
    return next_senior(cast.session, PROCEDURES, person_id=ident(person), child=child, iro_id=ident(cast.iro), on=TODAY)


def test_each_role_is_found_in_the_childs_own_line(cast: Cast) -> None:
    cast.hire("Other Team", "team_manager", manager=cast.service)
    found = asked(cast, "social_worker", "team_manager", "service_manager", "assistant_director")
    assert names(found) == ["Wendy Worker", "Tom Team", "Sue Service", "Alan Assistant"]
    assert [one.why for one in found] == [""] * 4
    assert [one.standing_for_id for one in found] == [None] * 4


def test_a_cover_is_asked_for_the_person_away_with_the_date(cast: Cast) -> None:
    cover = cast.hire("Cora Cover", "team_manager", manager=cast.service)
    cast.send_away(cast.team, cover, until=date(2027, 1, 4))
    found = only(asked(cast, "team_manager"))
    assert found.person.name == "Cora Cover"
    assert found.why == "covers for Tom Team, away until Mon 4 Jan 2027"
    assert found.standing_for_id == cast.team.id


def test_away_without_cover_the_next_senior_person_is_asked(cast: Cast) -> None:
    cast.send_away(cast.team)
    found = only(asked(cast, "team_manager"))
    assert (found.person.name, found.role) == ("Sue Service", "team_manager")
    assert found.why == "Tom Team is away without cover"
    assert found.standing_for_id == cast.team.id


@pytest.mark.parametrize("flaw", ["left", "away", "iro", "covers the iro"])
def test_a_cover_who_cannot_act_counts_as_no_cover(cast: Cast, flaw: str) -> None:
    cover = cast.iro if flaw == "iro" else cast.hire("Cora Cover", manager=cast.service)
    cast.send_away(cast.team, cover)
    if flaw == "left":
        cast.leave(cover)
    if flaw == "away":
        cast.send_away(cover)
    if flaw == "covers the iro":
        cast.send_away(cast.iro, cover)
    found = only(asked(cast, "team_manager"))
    assert (found.person.name, found.why) == ("Sue Service", "Tom Team is away without cover")


def test_a_missing_role_is_answered_by_the_next_more_senior_one(cast: Cast) -> None:
    cast.worker.manager_id = cast.service.id
    found = only(asked(cast, "team_manager"))
    assert (found.person.name, found.why) == ("Sue Service", "no team manager in the line")
    assert found.standing_for_id is None


def test_the_line_is_walked_past_someone_who_left(cast: Cast) -> None:
    cast.leave(cast.team)
    assert names(asked(cast, "service_manager")) == ["Sue Service"]
    found = only(asked(cast, "team_manager"))
    assert (found.person.name, found.why) == ("Sue Service", "Tom Team has left")


def test_past_a_leaver_the_role_itself_is_looked_for_further_up(cast: Cast) -> None:
    senior_team = cast.hire("Tess Team", "team_manager", manager=cast.service)
    between = cast.hire("Bess Between", "support", manager=senior_team)
    cast.team.manager_id = between.id
    cast.leave(cast.team)
    found = only(asked(cast, "team_manager"))
    assert (found.person.name, found.why) == ("Tess Team", "")


def test_a_role_that_ended_yesterday_is_not_held_today(cast: Cast) -> None:
    former = cast.hire("Fay Former", manager=cast.service)
    ended = TODAY - timedelta(days=1)
    role = PersonRole(person_id=ident(former), role="team_manager", from_on=LONG_AGO, to_on=ended)
    cast.session.add(role)
    cast.worker.manager_id = former.id
    assert only(asked(cast, "team_manager")).person.name == "Sue Service"


def test_a_manager_who_holds_the_case_is_asked_as_the_holder(cast: Cast) -> None:
    child = cast.place("AB-2000", holder=cast.team)
    found = only(asked(cast, "social_worker", child=child))
    assert (found.person.name, found.why) == ("Tom Team", "the child has no social worker")
    assert names(asked(cast, "team_manager", child=child)) == ["Tom Team"]


def test_one_person_found_for_two_roles_is_asked_once_under_the_first(cast: Cast) -> None:
    cast.send_away(cast.worker)
    found = only(asked(cast, "social_worker", "team_manager"))
    assert (found.person.name, found.role) == ("Tom Team", "social_worker")


def test_an_iro_in_the_line_is_passed_over(cast: Cast) -> None:
    cast.worker.manager_id = cast.iro.id
    cast.session.add(PersonRole(person_id=ident(cast.iro), role="team_manager", from_on=LONG_AGO))
    assert "Ivy Iro" not in names(asked(cast, "social_worker", "team_manager", "service_manager"))


def test_the_iros_own_manager_is_asked_before_other_iro_managers(cast: Cast) -> None:
    cast.hire("Ned Manager", "iro_manager")
    assert names(asked(cast, "iro_manager")) == ["Mia Manager"]
    cast.send_away(cast.iro_manager)
    assert names(asked(cast, "iro_manager")) == ["Ned Manager"]


def test_an_iro_whose_manager_holds_another_role_has_all_iro_managers(cast: Cast) -> None:
    cast.hire("Ned Manager", "iro_manager")
    cast.iro.manager_id = cast.director.id
    assert names(asked(cast, "iro_manager")) == ["Mia Manager", "Ned Manager"]


def test_a_concern_about_the_service_goes_to_everyone_with_the_role(cast: Cast) -> None:
    cast.hire("Zoe Assistant", "assistant_director", manager=cast.director)
    found = asked(cast, "assistant_director", "director", service=True)
    assert names(found) == ["Alan Assistant", "Zoe Assistant", "Dora Director"]


def test_a_role_nobody_in_the_service_holds_goes_to_the_next_senior(cast: Cast) -> None:
    cast.leave(cast.assistant)
    found = only(asked(cast, "assistant_director", service=True))
    assert (found.person.name, found.why) == ("Dora Director", "no assistant director in the service")


def test_a_role_outside_the_line_is_everyone_who_holds_it(cast: Cast) -> None:
    cast.hire("Bea Support", "support")
    cast.hire("Bob Support", "support")
    assert names(asked(cast, "support")) == ["Bea Support", "Bob Support"]


def test_nobody_at_all_is_an_empty_answer(cast: Cast) -> None:
    cast.child.holder_id = None
    assert asked(cast, "social_worker", "team_manager", "no_such_role") == []


def test_the_next_senior_is_the_line_manager_or_their_cover(cast: Cast) -> None:
    plain = senior(cast, cast.team)
    assert plain is not None
    assert (plain.person.name, plain.role, plain.why) == ("Sue Service", "service_manager", "")
    cast.send_away(cast.service, cast.hire("Cora Cover", "service_manager"))
    covered = senior(cast, cast.team)
    assert covered is not None
    assert (covered.person.name, covered.why) == ("Cora Cover", "covers for Sue Service, away")
    assert covered.standing_for_id == cast.service.id


def test_above_a_cover_comes_the_manager_of_the_person_covered(cast: Cast) -> None:
    outside = cast.hire("Olga Outside", "service_manager")
    cover = cast.hire("Cora Cover", "team_manager", manager=outside)
    cast.send_away(cast.team, cover)
    found = senior(cast, cover, cast.child)
    assert found is not None
    assert found.person.name == "Sue Service"


def test_above_the_top_there_is_nobody(cast: Cast) -> None:
    assert senior(cast, cast.director) is None


def test_the_line_manager_of_an_addressee_is_never_the_iro(cast: Cast) -> None:
    cast.team.manager_id = cast.iro.id
    found = line_manager(cast.session, PROCEDURES, ident(cast.team), ident(cast.iro), TODAY)
    assert found is not None
    assert found.person.name == "Mia Manager"


def test_managers_above_the_holder_are_in_the_line_and_others_are_not(cast: Cast) -> None:
    assert in_line(cast.session, cast.child, ident(cast.team))
    assert in_line(cast.session, cast.child, ident(cast.director))
    assert not in_line(cast.session, cast.child, ident(cast.worker))
    assert not in_line(cast.session, cast.child, ident(cast.iro_manager))
    assert in_line(cast.session, cast.place("AB-3", holder=cast.team), ident(cast.team))


ROLES = ("social_worker", *PROCEDURES.line_roles, "iro", "iro_manager", "support")
PEOPLE = 7
person = st.integers(0, PEOPLE - 1)
maybe = st.none() | person


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    managers=st.lists(maybe, min_size=PEOPLE, max_size=PEOPLE),
    roles=st.lists(st.sets(st.sampled_from(ROLES), max_size=2), min_size=PEOPLE, max_size=PEOPLE),
    left=st.sets(person, max_size=3),
    away=st.dictionaries(person, maybe, max_size=4),
    holder=person,
    iro=person,
    wanted=st.lists(st.sampled_from(ROLES), min_size=1, max_size=3),
    about_child=st.booleans(),
)
def test_whatever_the_tree_the_search_ends_and_never_asks_the_iro_a_leaver_or_someone_away(
    engine: Engine,
    *,
    managers: list[int | None],
    roles: list[set[str]],
    left: set[int],
    away: dict[int, int | None],
    holder: int,
    iro: int,
    wanted: list[str],
    about_child: bool,
) -> None:
    with transaction(engine, "local") as session:
        staff = tree(session, managers, roles, left, away)
        iro_id = ident(staff[iro])
        child = Child(reference="X", holder_id=staff[holder].id)
        found = find_addressees(
            session,
            PROCEDURES,
            roles=wanted,
            child=child if about_child else None,
            iro_id=iro_id,
            on=TODAY,
        )
        up = next_senior(session, PROCEDURES, person_id=ident(staff[holder]), child=child, iro_id=iro_id, on=TODAY)
        told = [one.person.id for one in (*found, *filter(None, [up]))]
        out = {staff[one].id for one in {*left, *away}}
        absence = people.absence_on(session, iro_id, TODAY)
        cover_id = cover_of(session, PROCEDURES, absence, TODAY) if absence is not None else None
        barred = {iro_id, cover_id} - {None}
        assert not set(told) & (out | barred)
        assert len({one.person.id for one in found}) == len(found)
        session.rollback()


def tree(
    session: Session,
    managers: list[int | None],
    roles: list[set[str]],
    left: set[int],
    away: dict[int, int | None],
) -> list[Person]:
    staff = [Person(email=f"p{n}@authority.example", name=f"Person {n}") for n in range(PEOPLE)]
    session.add_all(staff)
    session.flush()
    for n, one in enumerate(staff):
        manager = managers[n]
        one.manager_id = staff[manager].id if manager is not None else None
        one.left_on = date(2026, 12, 1) if n in left else None
        session.add_all(PersonRole(person_id=ident(one), role=role, from_on=LONG_AGO) for role in roles[n])
    for n, cover in away.items():
        cover_id = staff[cover].id if cover is not None and cover != n else None
        by = staff[n].id
        session.add(Absence(person_id=ident(staff[n]), from_on=LONG_AGO, cover_id=cover_id, set_by_id=by))
    session.flush()
    return staff
