"""Good practice is recognised by IROs; those it is for hear that it was, and read the words in a form."""

from datetime import date

import pytest

from handlers.cards import Answer, Errors, Form
from handlers.figures.making import figures
from handlers.figures.period import Period
from handlers.office import Scene, rules_in_force
from storage.database import transaction
from storage.history import History
from storage.praise import Praise, PraiseTo
from tests.bench import Bench, button, words
from tests.cast import (
    ADMIN,
    AUTHORITY,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_IRO,
    OTHER_MANAGER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
    away,
    leave,
)
from tests.handlers.steps import form, rows, said

WORDS = "Quetzal direct work, and the plan moved at last."


def praise(bench: Bench, who: str = IRO, to: str | None = SOCIAL_WORKER, **typed: str | tuple[str, ...]) -> Answer:
    given = {"words": WORDS, **({"person": str(bench.cast.people[to])} if to else {}), **typed}
    return bench.submit(who, form(bench.command(who, "/praise")), given)


def test_a_worker_and_their_manager_are_told_and_read_the_words_in_a_form(bench: Bench) -> None:
    assert said(praise(bench)) == "Sent. Sam Okoro and Tess Hill will be told, and read it here."

    for who, whose in ((SOCIAL_WORKER, "your work"), (TEAM_MANAGER, "the work of Sam Okoro")):
        told = bench.last(who)
        assert told.title == "Good practice recognised"
        assert f"From Ann Lee (IRO): {whose}." in words(told)
        assert "Quetzal" not in words(told)
        assert button(told, "Open").subject == ""
        assert WORDS in words(bench.press(who, button(told, "Open")))
    assert {one.what for one in rows(bench, History) if one.chain == "praise:1"} == {"good practice recognised", "read"}


@pytest.mark.parametrize("who", [OTHER_MANAGER, SERVICE_MANAGER, OTHER_IRO, ADMIN, SUPPORT])
def test_nobody_else_reads_it_or_learns_that_it_is_there(bench: Bench, who: str) -> None:
    praise(bench)
    opened = button(bench.last(SOCIAL_WORKER), "Open")
    assert said(bench.press(who, opened)) == "There is nothing of that kind here that you can open."
    assert bench.inbox(who) == []


def test_the_iro_manager_may_praise_and_read(bench: Bench) -> None:
    praise(bench, IRO_MANAGER)
    assert WORDS in words(bench.press(IRO_MANAGER, button(bench.last(SOCIAL_WORKER), "Open")))


@pytest.mark.parametrize("who", [SOCIAL_WORKER, TEAM_MANAGER, SUPPORT, ADMIN])
def test_others_do_not_praise(bench: Bench, who: str) -> None:
    assert "recognised by IROs and their manager" in said(bench.command(who, "/praise"))


def test_a_cover_praises_in_their_own_name_and_one_who_cannot_cover_does_not(bench: Bench) -> None:
    away(bench.engine, bench.cast, IRO, bench.now.date(), None, OTHER_IRO)
    praise(bench, OTHER_IRO, TEAM_MANAGER)
    (kept,) = rows(bench, Praise)
    assert (kept.by_id, kept.for_id) == (bench.cast.people[OTHER_IRO], None)
    away(bench.engine, bench.cast, IRO, bench.now.date(), None, SOCIAL_WORKER)
    assert "recognised by IROs and their manager" in said(bench.command(SOCIAL_WORKER, "/praise"))


def test_a_carer_s_service_and_a_partner_are_recorded_and_staff_alone_told(bench: Bench) -> None:
    partner = PraiseTo.PARTNER.value
    assert "nobody is told" in said(praise(bench, to=None, recipient=partner, to_name="Health visitors"))
    assert bench.told == []

    service = PraiseTo.CARERS_SERVICE.value
    praise(bench, to=TEAM_MANAGER, recipient=service, to_name="Bluebell Fostering")
    told = words(bench.last(TEAM_MANAGER))
    assert "the work of a carer's service, for you to pass on" in told
    assert "Bluebell" not in told
    opened = words(bench.press(TEAM_MANAGER, button(bench.last(TEAM_MANAGER), "Open")))
    assert "about Bluebell Fostering" in opened
    assert bench.titles(SERVICE_MANAGER) == ["Good practice recognised"]


def test_the_manager_told_is_one_who_is_here(bench: Bench) -> None:
    leave(bench.engine, bench.cast, TEAM_MANAGER, date(2026, 12, 1))
    praise(bench)
    assert bench.titles(SERVICE_MANAGER) == ["Good practice recognised"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"person": ""}, "person"),
        ({"words": ""}, "words"),
        ({"words": f"What was done for {CHILD} was good."}, "words"),
        ({"recipient": "partner", "to_name": ""}, "to_name"),
        ({"recipient": "everybody"}, "recipient"),
        ({"to_name": "Bluebell Fostering"}, "to_name"),
        ({"recipient": "partner", "to_name": "x" * 121}, "to_name"),
        ({"words": "x" * 2001}, "words"),
        ({"words": "The NHS number is 943 476 5919."}, "words"),
    ],
)
def test_what_is_missing_or_never_taken_is_said_beside_its_field(
    bench: Bench, typed: dict[str, str], field: str
) -> None:
    answer = praise(bench, **typed)
    assert isinstance(answer, Errors)
    assert set(answer.by_field) == {field}
    assert rows(bench, Praise) == []


def test_personal_detail_is_asked_about_and_nobody_praises_themself(bench: Bench) -> None:
    asked = praise(bench, words="Ring 0161 496 0123 to hear more.")
    assert isinstance(asked, Form)
    assert "phone number" in words(asked)
    own = praise(bench, to=IRO)
    assert isinstance(own, Errors)
    assert "Choose somebody else" in own.by_field["person"]


def test_it_counts_by_the_team_and_the_quarter(bench: Bench) -> None:
    praise(bench)
    praise(bench, quotable=("yes",))
    praise(bench, to=None, recipient="partner", to_name="Health visitors")
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        scene = Scene(session=session, now=bench.now, authority=AUTHORITY, rules=rules_in_force(session, AUTHORITY))
        made = figures(scene, Period(first=date(2026, 4, 1), last=date(2027, 3, 31)))
    assert made.tables["good_practice"] == [
        {"team": "North team", "quarter": "2026-27 Q3", "number": 2},
        {"team": "not recorded", "quarter": "2026-27 Q3", "number": 1},
    ]
    assert made.printed["good_practice"].rows[-1] == {"team": "total", "quarter": None, "number": 3}
    assert [one.quotable for one in rows(bench, Praise)] == [False, True, False]


def test_words_after_the_command_are_refused_with_a_button_to_the_form(bench: Bench) -> None:
    refused = bench.command(IRO, "/praise Sam did well by Kim")
    assert "taken only in forms" in said(refused)
    # A notice with buttons.
    assert form(bench.press(IRO, button(refused, "Open"))).title == "Recognise good practice"  # type: ignore[arg-type]
