"""Searches offer people and children the person may know of, and the stages say whom they would ask."""

from handlers.people.deeds import DEEDS, SEARCHES
from handlers.people.finding import search_children, search_people
from handlers.people.showing import people_at_stages
from storage.people import Person
from tests.handlers.people.cast import TODAY, Cast, ident, rules
from tests.terms_left import as_read


def found(cast: Cast, actor: Person, query: str, kind: str) -> list[str]:
    return [choice.label for choice in search_people(cast.desk(actor), query, kind).choices]


def kids(cast: Cast, actor: Person, query: str = "") -> list[str]:
    return [choice.label for choice in search_children(cast.desk(actor), query).choices]


def test_people_are_found_by_any_part_of_their_name_or_address(cast: Cast) -> None:
    assert found(cast, cast.iro, "wend", "worker") == ["Wendy Worker (Social worker)"]
    assert found(cast, cast.iro, "WORKER wendy", "worker") == ["Wendy Worker (Social worker)"]
    assert found(cast, cast.iro, "wendy.worker@", "worker") == ["Wendy Worker (Social worker)"]
    assert found(cast, cast.iro, "nobody", "worker") == []


def test_each_search_offers_its_own_kind(cast: Cast) -> None:
    assert found(cast, cast.worker, "", "iro") == ["Ivy Iro (IRO)"]
    assert found(cast, cast.service, "", "mine") == ["Tom Team (Team manager)", "Wendy Worker (Social worker)"]
    assert "Wendy Worker (Social worker)" not in found(cast, cast.worker, "", "cover")
    assert found(cast, cast.team, "", "staff") == ["Tom Team (Team manager)", "Wendy Worker (Social worker)"]
    assert len(found(cast, cast.iro_manager, "", "staff")) == 7
    cast.leave(cast.worker)
    assert found(cast, cast.iro, "wendy", "worker") == []


def test_an_iro_sees_their_own_children_first(cast: Cast) -> None:
    other = cast.hire("Una Iro", "iro")
    cast.place("AA-1000", iro=other)
    assert kids(cast, cast.iro) == ["AB-1042", "AA-1000"]
    assert kids(cast, other) == ["AA-1000", "AB-1042"]
    assert kids(cast, cast.iro, "10") == ["AB-1042", "AA-1000"]
    assert kids(cast, cast.iro, "ab-") == ["AB-1042"]


def test_a_worker_sees_their_own_a_manager_their_lines_and_an_outsider_none(cast: Cast) -> None:
    cast.place("AA-1000", holder=cast.hire("Will Worker", "social_worker"))
    assert kids(cast, cast.worker) == ["AB-1042"]
    assert kids(cast, cast.director) == ["AB-1042"]
    assert kids(cast, cast.hire("Otto Outside", "team_manager")) == []


def test_cover_sees_the_children_of_the_person_covered(cast: Cast) -> None:
    cover = cast.hire("Cora Cover", "social_worker", manager=cast.team)
    cast.send_away(cast.worker, cover)
    assert kids(cast, cover) == ["AB-1042"]


def test_an_iro_is_offered_to_add_a_reference_that_is_not_listed(cast: Cast) -> None:
    choices = search_children(cast.desk(cast.iro), "ab-2000").choices
    assert [(one.value, one.label) for one in choices] == [("add:AB-2000", "Not listed: add AB-2000")]
    assert search_children(cast.desk(cast.worker), "ab-2000").choices == ()
    assert kids(cast, cast.iro, "AB-1042") == ["AB-1042"]


def test_signs_of_the_search_language_are_plain_letters(cast: Cast) -> None:
    assert kids(cast, cast.iro, "%") == []
    assert kids(cast, cast.iro, "_") == []


def test_the_stages_say_whom_they_would_ask_and_who_stands_in(cast: Cast) -> None:
    procedures = rules()
    cast.send_away(cast.service)
    assert procedures.informal is not None
    stages = (procedures.informal, *procedures.stages)
    lines = people_at_stages(
        cast.session, procedures, child=cast.child, iro_id=ident(cast.iro), on=TODAY, stages=stages
    )
    assert lines == [
        "Informal: Wendy Worker (social worker) or Tom Team (team manager)",
        "Stage 1: Tom Team (team manager)",
        "Stage 2: Alan Assistant (service manager; Sue Service is away without cover)",
        "Stage 3: Alan Assistant (assistant director)",
    ]


def test_a_stage_that_reaches_nobody_says_so(cast: Cast) -> None:
    cast.child.holder_id = None
    lines = people_at_stages(
        cast.session, rules(), child=cast.child, iro_id=ident(cast.iro), on=TODAY, stages=rules().stages[:1]
    )
    assert as_read(lines) == [
        "Stage 1: nobody. There is no team manager to ask; the IRO and the IRO manager would be told."
    ]


def test_every_deed_and_search_has_its_name() -> None:
    assert set(DEEDS) >= {"iro.allocate", "iro.allocate.send"}
    assert set(SEARCHES) >= {"child", "person.iro", "person.worker", "person.holder", "person.mine", "person.cover"}
