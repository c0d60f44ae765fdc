"""Searches offer people and children the person may know of, and the stages say whom they would ask."""

from bot.teams.searching import meant_by
from handlers.absences.deeds import DEEDS
from handlers.cards import Choice
from handlers.figures.period import Period
from handlers.figures.splitting import of_team
from handlers.namesakes import names_apart, person_label
from handlers.people.finding import search_children, search_people, who_is_meant
from handlers.people.searches import SEARCHES
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
    assert set(DEEDS) >= {"iro.away", "iro.back"}
    assert set(SEARCHES) >= {"child", "person.iro", "person.worker", "person.holder", "person.mine", "person.cover"}


# those who look alike, and names as anybody types them


def namesake(cast: Cast, email: str, team: str = "North", name: str = "Ann Lee", role: str = "social_worker") -> Person:
    person = cast.hire(f"{name} {email}", role, manager=cast.team)
    person.name, person.email, person.team = name, email, team
    cast.session.add(person)
    cast.session.flush()
    return person


def test_two_who_look_alike_are_told_apart_by_team_and_then_by_address(cast: Cast) -> None:
    namesake(cast, "ann.lee@a.example")
    assert found(cast, cast.iro, "ann lee", "worker") == ["Ann Lee (Social worker, North)"]
    namesake(cast, "ann.lee@b.example", team="South")
    assert found(cast, cast.iro, "ann lee", "worker") == [
        "Ann Lee (Social worker, North)",
        "Ann Lee (Social worker, South)",
    ]
    namesake(cast, "ann.lee2@a.example", name="Ánn Lee")
    assert found(cast, cast.iro, "ann.lee2", "worker") == ["Ánn Lee (Social worker, North; ann.lee2)"]
    assert found(cast, cast.iro, "ann lee", "worker")[0] == "Ann Lee (Social worker, North; ann.lee)"
    namesake(cast, "ann.lee@c.example")
    assert sorted(found(cast, cast.iro, "ann lee", "worker")) == [
        "Ann Lee (Social worker, North; ann.lee@a.example)",
        "Ann Lee (Social worker, North; ann.lee@c.example)",
        "Ann Lee (Social worker, South)",
        "Ánn Lee (Social worker, North; ann.lee2)",
    ]


def test_no_label_is_cut_so_that_two_are_alike(cast: Cast) -> None:
    long = "Maximiliana Featherstonehaugh-Cholmondeley of Higher Bebington and Wirral"
    for number in range(6):
        longest = f"{'maximiliana.featherstonehaugh' * 2}.{'x' * number}{'cholmondeley' * 8}"
        namesake(
            cast, f"{longest}@a{number}.example", team="Looked after children, north-west " * 2, name=long + str(number)
        )
        namesake(
            cast, f"{number}{longest}@a.example", team=f"{'Looked after children, north ' * 2}{number}", name="Al Ng"
        )
    for kind in ("worker", "cover", "staff"):
        labels = found(cast, cast.iro_manager, "", kind)
        assert len(set(labels)) == len(labels) >= 12
        assert max(map(len, labels)) <= 75


def test_every_picker_and_the_form_it_begins_with_tell_people_apart(cast: Cast) -> None:
    twins = [
        namesake(cast, f"{local}@a.example", role=role)
        for role in ("social_worker", "iro")
        for local in (f"a.{role}", f"b.{role}")
    ]
    for kind, asker in (
        ("worker", cast.iro),
        ("iro", cast.worker),
        ("cover", cast.worker),
        ("mine", cast.team),
        ("staff", cast.team),
    ):
        labels = found(cast, asker, "ann", kind)
        assert len(labels) == len(set(labels)) >= 2, kind
    assert [person_label(cast.desk(cast.iro), one).rpartition("; ")[2] for one in twins] == [
        "a.social_worker)",
        "b.social_worker)",
        "a.iro)",
        "b.iro)",
    ]
    names = names_apart(cast.desk(cast.iro), [ident(cast.iro), *map(ident, twins[:2])])
    assert list(names.values()) == [
        "Ivy Iro",
        "Ann Lee (Social worker, North; a.social_worker)",
        "Ann Lee (Social worker, North; b.social_worker)",
    ]


NAMES = {
    "Siobhán O'Brien": ("O\u2019Brien", "o\u02bcbrien", "OBRIEN", "o brien", "siobhan o`brien", "Siobha\u0301n"),
    "Zo\u00eb Lloyd": ("Zoe\u0308 Ll", "zoe lloyd", "ZO\u00cb L", "  zo\u00eb   lloyd ", "lloyd zoe", "zoelloyd"),
    "Chloe\u0308 Pye": ("chlo\u00eb", "chloe pye"),
    "Ed Smith\u2011Jones": (
        "smith-jones",
        "smith\u2013jones",
        "smith\u2010jones",
        "smith jones",
        "smithjones",
        "Smith\u2212Jones",
    ),
    "Al Mac Donald": ("macdonald", "mac donald", "Mac\u200bDonald"),
    "Łukasz Bjørnstad": ("lukasz", "bjornstad", "BJØRNSTAD"),
}


def test_a_name_is_found_however_it_is_typed_in_pickers_and_after_a_command(cast: Cast) -> None:
    for number, name in enumerate(NAMES):
        namesake(cast, f"p{number}@a.example", name=name)
    for name, typed in NAMES.items():
        for words in typed:
            assert found(cast, cast.iro, words, "worker") == [f"{name} (Social worker, North)"], words
            assert [one.name for one in who_is_meant(cast.desk(cast.iro), f"@{words.strip()}")] == [name], words
    assert (
        meant_by("zoe lloyd", [Choice(value="1", label="Zo\u00eb Lloyd (IRO)"), Choice(value="2", label="A (IRO)")])
        == "1"
    )


def test_a_childs_reference_is_found_with_any_dash_or_none(cast: Cast) -> None:
    for typed in (
        "ab\u20111042",
        "AB\u20131042",
        "ab 1042",
        "ab1042",
        "b\u20111",
        "\uff21\uff22-1042",
        "AB-\u200b1042",
    ):
        assert kids(cast, cast.iro, typed) == ["AB-1042"], typed
        assert kids(cast, cast.worker, typed) == ["AB-1042"], typed
    assert kids(cast, cast.iro, "-") == []
    (new,) = search_children(cast.desk(cast.iro), "ab\u20132000").choices
    assert (new.value, new.label) == ("add:AB-2000", "Not listed: add AB-2000")
    assert meant_by("AB", [Choice(value="1", label="AB-1042")]) == ""
    assert meant_by("ab\u20111042", [Choice(value="1", label="AB-1042")]) == "1"


def test_a_team_is_found_however_it_is_typed(cast: Cast) -> None:
    namesake(cast, "x@a.example", team="St Mary's \u2011 Caf\u00e9")
    scene = cast.desk(cast.iro_manager)
    period = Period(first=TODAY, last=TODAY)
    for typed in ("St Mary's \u2011 Caf\u00e9", "st mary\u2019s - cafe", "ST MARYS CAFE"):
        assert of_team(scene, period, typed).whose.team == "St Mary's \u2011 Caf\u00e9"
