"""Good practice over signed HTTP on both platforms: who is told, who reads it, and nobody else hears a word."""

from datetime import date

import pytest

from tests.bench import utc
from tests.cast import (
    ADMIN,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_IRO,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    SUPPORT,
    TEAM_MANAGER,
    away,
)
from tests.screens import Filled
from tests.stories.canaries import CANARY, Canaries, outside_of_forms
from tests.stories.conftest import Begin, on_both_platforms
from tests.stories.telling import News, type_and_fill, words_of
from tests.world import AnyWorld

pytestmark = on_both_platforms

MONDAY = utc("2026-12-07")
TO, WHO, SERVICE = "To whom?", "Member of staff", "Carer's service or partner"
WORDS = "What was done well, and what it changed"
TOLD = "Good practice recognised"


@pytest.fixture
def world(begin_briefly: Begin) -> AnyWorld:
    return begin_briefly(MONDAY)


def test_a_worker_and_their_manager_hear_of_it_and_alone_read_it(world: AnyWorld) -> None:
    say, news = Canaries(), News(world)
    sent = type_and_fill(world, IRO, "/praise", {WHO: "Sam Okoro", WORDS: say("praise")})
    assert "Sent. Sam Okoro and Tess Hill will be told" in sent.text
    assert news.since() == {SOCIAL_WORKER: [TOLD], TEAM_MANAGER: [TOLD]}

    for who, whose in ((SOCIAL_WORKER, "your work"), (TEAM_MANAGER, "the work of Sam Okoro")):
        assert f"From Ann Lee (IRO): {whose}." in words_of(world, who)
        read = world.press(who, "Open")
        assert say.of["praise"] in read.text
        assert "Not to be quoted." in read.text
    assert news.since() == {}
    assert [where for where, text in outside_of_forms(world) if CANARY.search(text)] == []


def test_a_carer_s_service_is_recorded_and_the_staff_named_pass_it_on(world: AnyWorld) -> None:
    news = News(world)
    filled: dict[str, Filled] = {
        TO: "A carer's service",
        WHO: "Tess Hill",
        SERVICE: "Bluebell Fostering",
        WORDS: "A calm half term.",
    }
    type_and_fill(world, IRO, "/praise", filled)
    assert news.since() == {TEAM_MANAGER: [TOLD], SERVICE_MANAGER: [TOLD]}
    assert "the work of a carer's service, for you to pass on" in words_of(world, TEAM_MANAGER)
    assert "Bluebell" not in words_of(world, TEAM_MANAGER)
    assert "about Bluebell Fostering" in world.press(TEAM_MANAGER, "Open").text

    partner: dict[str, Filled] = {TO: "A partner (health, school, police ...)", SERVICE: "Health", WORDS: "On time."}
    assert "so nobody is told" in type_and_fill(world, IRO, "/praise", partner).text
    assert news.since() == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("filled", "field"),
    [
        ({WORDS: "Well done."}, WHO),
        ({WHO: "Sam Okoro", WORDS: f"For {CHILD}, at last."}, WORDS),
        ({WHO: "Sam Okoro", WORDS: "NHS number 943 476 5919"}, WORDS),
        ({TO: "A carer's service", WORDS: "Well done."}, SERVICE),
        ({WHO: "Sam Okoro", SERVICE: "Bluebell Fostering", WORDS: "Well done."}, SERVICE),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    world: AnyWorld, filled: dict[str, Filled], field: str
) -> None:
    news = News(world)
    refused = type_and_fill(world, IRO, "/praise", filled)

    assert list(refused.errors) == [field]
    assert news.since() == {}
    mended: dict[str, Filled] = {TO: "A worker", WHO: "Sam Okoro", SERVICE: "", WORDS: "Well done."}
    assert "Sent." in world.submit(IRO, refused, mended).text


@pytest.mark.slow
def test_who_sends_it_is_called_by_their_own_role(world: AnyWorld) -> None:
    type_and_fill(world, IRO_MANAGER, "/praise", {WHO: "Sam Okoro", WORDS: "Well done."})
    assert "From Iris Moss (IRO manager): your work." in words_of(world, SOCIAL_WORKER)

    away(world.engine, world.cast, IRO, date(2026, 12, 7), None, OTHER_IRO)
    type_and_fill(world, OTHER_IRO, "/praise", {WHO: "Sam Okoro", WORDS: "Well done."})
    assert "From Olu Ade (IRO): your work." in words_of(world, SOCIAL_WORKER)


def test_others_are_refused_and_words_after_the_command_are_taken_by_nobody(world: AnyWorld) -> None:
    for who in (SOCIAL_WORKER, TEAM_MANAGER, SUPPORT, ADMIN):
        assert "recognised by IROs and their manager" in world.command(who, "/praise").text
    typed = world.command(OTHER_IRO, "/praise Sam did so well by Kim")
    assert typed.view is None
    assert "taken only in forms" in typed.text
    assert typed.buttons == ["Open"]
