"""Acts at the edge of Teams: whose form it was, what is typed into searches, and answers that come late."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.teams import searching
from bot.teams.text import size
from bot.threads import ANSWER_WITHIN_SECONDS
from handlers.cards import Choice
from storage import addresses
from storage.children import Child
from storage.concerns import Concern
from storage.conversations import Conversation
from storage.database import transaction
from storage.encrypted import Keyring, use_keyring
from storage.history import History
from tests.at_work import teams_of
from tests.cast import (
    AUTHORITY,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    OTHER_IRO,
    SOCIAL_WORKER,
    TEAM_MANAGER,
    forget_account,
)
from tests.conftest import KEY
from tests.databases import sqlite_engine
from tests.screens import Filled
from tests.slack_standin.jsontypes import Json
from tests.teams_standin import TENANT, Seen, activities
from tests.teams_standin.cards import inputs
from tests.teams_standin.limits import ACTIVITY_BYTES
from tests.teams_standin.rendering import held_by, label_of
from tests.teams_world import TeamsWorld, teams_world

NOW = datetime(2026, 1, 12, 9, 30, tzinfo=UTC)
WORRY = "The plan was never written up."
LONGER_THAN_PEOPLE_WAIT = 2.6


@pytest.fixture
def world(tmp_path: Path) -> Iterator[TeamsWorld]:
    for engine in sqlite_engine(tmp_path):
        with teams_world(engine, NOW, patience=ANSWER_WITHIN_SECONDS) as made:
            yield made


def sent(world: TeamsWorld, who: str, data: Json) -> Json:
    """What a dialog's press is answered with."""
    person = world.people[who]
    value = activities.fetched(data)
    return person.invoke(activities.invoke(person.activity("invoke"), "task/submit", value))


def pressed(card: Json, words: str) -> Json:
    """What the action of those words carries."""
    found = [one for one in every_action(card) if one["title"] == words]
    data: Json = found[0]["data"]
    return data


def every_action(card: Json) -> Iterator[Json]:
    yield from card.get("actions", [])
    for part in card["body"]:
        yield from part.get("actions", [])


def test_nobody_is_shown_the_form_of_another(world: TeamsWorld) -> None:
    opened = world.command(IRO, f"/concern {CHILD}")
    world.people[IRO].press_in_view(opened, "Save draft", {"What are we worried about?": WORRY})
    seen = world.command(IRO, "/concern C-1")
    assert seen.view is not None
    assert WORRY in seen.text
    answer = json.dumps(sent(world, OTHER_IRO, pressed(seen.view.card, "Log") | {"worries": "Words of my own."}))
    assert "too old to be sent" in answer
    assert "Words of my own." in answer
    assert WORRY not in answer


def test_a_form_is_sent_as_it_was_drawn_whatever_comes_back_with_it(world: TeamsWorld) -> None:
    seen = world.command(IRO, "/concern")
    assert seen.view is not None
    data = pressed(seen.view.card, "Log") | {"child": CHILD, "worries": WORRY, "main_reason": "resources"}
    data |= {"start_at": "0", "action": "iro.allocate.send"}
    assert "is logged" in json.dumps(sent(world, IRO, data))


def test_a_form_left_open_for_days_comes_back_with_what_was_typed_to_be_sent_again(world: TeamsWorld) -> None:
    seen = world.command(IRO, f"/concern {CHILD}")
    world.now += timedelta(days=2)
    after = world.people[IRO].submit(seen, {"What are we worried about?": WORRY, "Main reason": "Resources"})
    assert "too old to be sent" in after.text
    assert WORRY in after.text
    with transaction(world.engine, AUTHORITY, writes=False) as session:
        assert session.exec(select(Concern)).all() == []
    assert "C-1 is logged" in world.people[IRO].submit(after, {}).text


def test_a_search_is_answered_when_the_form_is_sent_where_it_is_clear(world: TeamsWorld) -> None:
    seen = world.command(IRO, "/concern")
    after = world.submit(IRO, seen, {"Child reference": OTHER_CHILD, "What are we worried about?": WORRY})
    assert "Child reference" not in after.errors
    asked = world.command(IRO, "/concern")
    unclear = world.submit(IRO, asked, {"Child reference": "AB", "What are we worried about?": WORRY})
    assert unclear.view is not None
    assert "Choose one of those found below." in unclear.text
    assert WORRY in unclear.text
    assert "AB-1042" in unclear.text


def test_the_beginning_of_a_reference_is_not_taken_for_the_only_child_it_fits(world: TeamsWorld) -> None:
    for typed in (OTHER_CHILD[:-1], OTHER_CHILD[:-2]):
        asked = world.command(IRO, "/concern")
        filled = {"What are we worried about?": WORRY, "Main reason": "Resources"}
        unclear = world.submit(IRO, asked, {"Child reference": typed, **filled})
        assert unclear.errors == {"Child reference": "Choose one of those found below."}


def test_what_is_not_found_is_said_once(world: TeamsWorld) -> None:
    asked = world.command(IRO, "/concern")
    refused = world.submit(IRO, asked, {"Child reference": "nobody", "What are we worried about?": WORRY})
    assert refused.view is not None
    assert world.people[IRO].read(refused.view).count("Nothing was found") == 1


@pytest.mark.parametrize(("typed", "meant"), [("Ann  lee", "1"), ("ann lee (iro)", "1"), ("Ann", ""), ("Jo", "")])
def test_a_name_may_be_typed_without_what_stands_in_brackets(typed: str, meant: str) -> None:
    matches = (Choice(value="1", label="Ann Lee (IRO)"), Choice(value="2", label="Joann Lee (IRO)"))
    assert searching.meant_by(typed, matches) == meant
    assert searching.meant_by("Joann", matches[1:]) == "2"


def test_of_very_many_found_it_is_said_that_there_are_more(world: TeamsWorld) -> None:
    with transaction(world.engine, AUTHORITY) as session:
        session.add_all(Child(authority=AUTHORITY, reference=f"ZX-{number}") for number in range(3000, 3030))
    seen = world.command(IRO_MANAGER, "/concern")
    assert len(world.people[IRO_MANAGER].suggest(seen, "Child reference", "ZX")) == 12
    assert seen.view is not None
    assert "There are more than these: type more of it." in world.people[IRO_MANAGER].read(seen.view)


def test_finding_keeps_what_is_typed_and_a_new_reference_is_never_added_by_itself(world: TeamsWorld) -> None:
    seen = world.command(IRO, "/concern")
    world.people[IRO].fill(seen, {"Child reference": "AB-7000", "What are we worried about?": WORRY})
    found = world.people[IRO].press_in_view(seen, "Find")
    assert "Not listed: add AB-7000" in found.text
    assert WORRY in found.text
    refused = world.submit(IRO, found, {"Main reason": "Resources"})
    assert "Choose one of those found below." in refused.text


def test_what_is_typed_over_a_choice_found_before_is_what_counts(world: TeamsWorld) -> None:
    seen = world.command(IRO, "/concern")
    unclear = world.submit(IRO, seen, {"Child reference": "AB", "What are we worried about?": WORRY})
    assert unclear.view is not None
    chosen = {"Found for Child reference": CHILD, "Child reference": OTHER_CHILD, "Main reason": "Resources"}
    logged = world.submit(IRO, unclear, chosen)
    assert "C-1 is logged" in logged.text
    with transaction(world.engine, AUTHORITY) as session:
        assert session.exec(select(Concern)).one().child_id == world.cast.children[OTHER_CHILD]


def test_an_error_of_ours_keeps_what_is_typed(world: TeamsWorld) -> None:
    seen = world.command(IRO, f"/concern {CHILD}")
    use_keyring(None)
    sorry = world.people[IRO].submit(seen, {"What are we worried about?": WORRY, "Main reason": "Resources"})
    assert "Sorry, something went wrong on our side." in sorry.text
    assert WORRY in sorry.text
    use_keyring(Keyring(KEY))
    assert "C-1 is logged" in world.submit(IRO, sorry, {}).text


def test_what_is_only_read_has_pages_that_turn(world: TeamsWorld) -> None:
    long = "The plan was never written up and nobody visits. " * 55
    fields = ("What are we worried about?", "What is working well?", "Impact on the child")
    typed = dict.fromkeys((*fields, "What needs to happen, and by when?"), long)
    logging = world.command(IRO, f"/concern {CHILD}")
    world.submit(IRO, logging, {**typed, "Main reason": "Drift and delay", "Start at": "Stage 1"})
    person = world.people[TEAM_MANAGER]
    opened = person.press(world.last(TEAM_MANAGER), "Open")
    assert opened.view is not None
    answer = sent(world, TEAM_MANAGER, pressed(opened.view.card, "More"))
    assert "Page 2 of 2" in json.dumps(answer["task"]["value"]["card"])


def long_words(label: str) -> str:
    return " ".join(f"{label} {number}." for number in range(1000))[:2890].strip()


LONG_FIELDS = (
    "What are we worried about?",
    "What is working well?",
    "Impact on the child",
    "What needs to happen, and by when?",
)


def shown(seen: Seen) -> dict[str, str]:
    """What the long fields before the person hold."""
    assert seen.view is not None
    return {label_of(one): held_by(one, {}) for one in inputs(seen.view.card) if label_of(one) in LONG_FIELDS}


def test_more_than_teams_shows_at_once_is_kept_and_none_of_it_lost(world: TeamsWorld) -> None:
    person = world.people[IRO]
    typed: dict[str, Filled] = {label: long_words(label) for label in LONG_FIELDS}
    form = person.command(f"/concern {CHILD}")
    refused = person.submit(form, typed)  # no main reason
    assert refused.errors["Main reason"] == "Please fill this in."
    assert size(refused.view.card if refused.view else {}) <= ACTIVITY_BYTES
    assert "More is typed here than Teams shows at once" in refused.text
    before = shown(refused)
    assert 0 < len(before) < len(LONG_FIELDS)
    hidden = next(label for label in LONG_FIELDS if label not in before)
    assert f"{len(long_words(hidden)):,} letters, kept as you typed them" in refused.text

    person.fill(refused, {next(iter(before)): "Shorter now."})
    seen = person.press_in_view(refused, "Show it", near=hidden)
    assert shown(seen)[hidden] == long_words(hidden)
    changed = {hidden: "Written anew.", "Main reason": "Resources"}
    assert "is logged" in world.submit(IRO, seen, changed).text
    with transaction(world.engine, AUTHORITY, writes=False) as session:
        (concern,) = session.exec(select(Concern)).all()
    kept = (concern.worries, concern.working_well, concern.impact, concern.needs)
    expected = {
        **{label: long_words(label) for label in LONG_FIELDS},
        next(iter(before)): "Shorter now.",
        hidden: "Written anew.",
    }
    assert kept == tuple(expected[label] for label in LONG_FIELDS)


def test_what_is_kept_of_a_long_form_outlives_a_restart_and_is_its_persons_alone(world: TeamsWorld) -> None:
    person = world.people[IRO]
    typed: dict[str, Filled] = {label: long_words(label) for label in LONG_FIELDS}
    refused = person.submit(person.command(f"/concern {CHILD}"), typed)
    teams_of(world.service).edge._drawings._forms.clear()
    assert refused.view is not None
    data = pressed(refused.view.card, "Log") | {"main_reason": "resources", "start_at": "0"}
    assert "too old to be sent" in json.dumps(sent(world, OTHER_IRO, data))
    assert "is logged" in world.submit(IRO, refused, {"Main reason": "Resources"}).text


def test_a_form_that_is_only_offered_is_not_recorded_as_read(world: TeamsWorld) -> None:
    world.submit(
        IRO,
        world.command(IRO, f"/concern {CHILD}"),
        {"What are we worried about?": WORRY, "Main reason": "Resources"},
    )
    person = world.people[IRO]
    person.delivery.send(activities.typed(person.activity("message"), "concern C-1"))
    with transaction(world.engine, AUTHORITY, writes=False) as session:
        assert "read" not in session.exec(select(History.what)).all()
        assert len(session.exec(select(Concern)).all()) == 1


def test_somebody_who_gets_the_app_is_recognised_without_having_written(world: TeamsWorld) -> None:
    forget_account(world.engine, world.cast, SOCIAL_WORKER)
    world.people[SOCIAL_WORKER].install()
    eventually(lambda: known(world, SOCIAL_WORKER) == world.people[SOCIAL_WORKER].user.aad_object_id)


def test_an_uninstalled_app_is_remembered(world: TeamsWorld) -> None:
    world.people[IRO].uninstall()
    with transaction(world.engine, AUTHORITY, writes=False) as session:
        account = world.people[IRO].user.aad_object_id
        (row,) = session.exec(select(Conversation).where(Conversation.account == account)).all()
        assert row.removed_at == world.now


def told(world: TeamsWorld) -> list[str]:
    person = world.people[IRO]
    return [person.read(message) for message in world.standin.chat_of(person.user)]


def known(world: TeamsWorld, login: str) -> str | None:
    with transaction(world.engine, AUTHORITY, writes=False) as session:
        return addresses.account_of(session, world.cast.people[login], "teams", TENANT)


def eventually(so: Callable[[], bool]) -> None:
    """Wait for what is done after the answer."""
    for _ in range(500):
        if so():
            return
        time.sleep(0.01)
    raise AssertionError("it never came")
