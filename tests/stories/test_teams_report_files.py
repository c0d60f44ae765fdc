"""The annual report as a file at Teams: asked for, offered, allowed, then in that person's OneDrive and only there."""

import asyncio
import io
import json
import logging
import zipfile
from datetime import timedelta

import pytest
from sqlmodel import select

from handlers.messages.of_reports import TOLD_WITHIN
from handlers.report.offering import NO_OFFER, OFFERED_FOR
from storage.database import transaction
from storage.history import History
from storage.outbox import Outbox
from storage.people import PersonRole
from tests.bench import utc
from tests.cast import AUTHORITY, CHILD, IRO_MANAGER, OTHER_IRO, TEAM_MANAGER
from tests.slack_standin.jsontypes import Json
from tests.stories.conftest import BeginAtTeams, at_teams
from tests.stories.telling import WORRY, News, log
from tests.teams_standin import TeamsMessage, activities
from tests.teams_standin.records import CONSENT, FILE_INFO, attached
from tests.teams_world import TeamsWorld

pytestmark = at_teams
MONDAY = utc("2026-12-07")
YEAR = "2025-26"
SEND = "Send me the workbook (XLSX)"


def offered(world: TeamsWorld, who: str = IRO_MANAGER, **fault: int) -> TeamsMessage:
    """Somebody asks for the report as a file: the message that offers it, or what comes after a fault of Teams."""
    form = world.command(who, f"/iro report {YEAR}")
    said = world.people[who].press_in_view(form, SEND)
    assert "comes to you as a message" in said.text
    if fault:
        world.standin.fail_next("post", **fault)  # type: ignore[arg-type] # each of them is one of its parameters
    world.beat()
    return world.last(who)


def allow(world: TeamsWorld, message: TeamsMessage, who: str = IRO_MANAGER) -> Json:
    """They allow it, and all that follows from it is done."""
    sent = world.people[who].accept(message)
    quiet(world)
    return sent


def quiet(world: TeamsWorld) -> None:
    """Wait until the product has done all that it began."""
    assert world.service.loop is not None

    async def done() -> None:
        while running := list(world.service.threads._tasks):
            await asyncio.wait(running)

    asyncio.run_coroutine_threadsafe(done(), world.service.loop).result(30)


def files(world: TeamsWorld, who: str = IRO_MANAGER) -> dict[str, bytes]:
    return world.standin.files_of(world.people[who].user)


def words_in(content: bytes) -> str:
    """All that a workbook holds."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def taken(world: TeamsWorld) -> int:
    """How often it is on record that a report was taken out."""
    with transaction(world.engine, AUTHORITY, writes=False) as session:
        return len(session.exec(select(History).where(History.what == "took a report")).all())


def read(world: TeamsWorld, message: TeamsMessage, who: str = IRO_MANAGER) -> str:
    return world.people[who].read(message)


def chat(world: TeamsWorld, who: str = IRO_MANAGER) -> list[TeamsMessage]:
    return world.standin.chat_of(world.people[who].user)


@pytest.mark.slow
def test_a_report_is_offered_and_lies_in_the_onedrive_of_whoever_allowed_it(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    news = News(world)
    message = offered(world)
    asked = attached(message.activity, CONSENT)
    assert asked is not None
    assert asked["name"] == "annual-report-2025-26-internal-20261207-093000.xlsx"
    assert read(world, message).splitlines()[0].startswith("Annual report 2025-26: the whole service. It is for use")
    assert (files(world), taken(world)) == ({}, 0)

    allow(world, message)
    ((name, content),) = files(world).items()
    assert name == asked["name"]
    assert "2025-26" in words_in(content)
    assert CHILD not in words_in(content)
    assert taken(world) == 1
    assert read(world, message) == f"{name} is in your OneDrive, in the folder Applications."
    shown = attached(chat(world)[-1].activity, FILE_INFO)
    assert shown is not None
    assert shown["name"] == name
    world.wait(TOLD_WITHIN + timedelta(minutes=1))
    assert set(news.since()) == {IRO_MANAGER}
    assert len(world.inbox(IRO_MANAGER)) == 2


@pytest.mark.slow
def test_nothing_of_the_file_and_not_its_place_is_in_any_message_row_or_log(
    begin_briefly: BeginAtTeams, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for package in ("bot", "handlers", "scheduling", "storage"):
        caplog.set_level(logging.DEBUG, package)
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    world.standin.fail_next("upload", status=403)
    allow(world, offered(world))
    allow(world, offered(world))
    ((_, content),) = files(world).items()
    for private in (CHILD, "C-1", WORRY):
        assert private not in words_in(content)
    told = json.dumps([one.versions for one in chat(world)])
    for private in (CHILD, WORRY, "tempauth"):
        assert private not in told
        assert private not in caplog.text
    with transaction(world.engine, AUTHORITY, writes=False) as session:
        kept = "".join(row.details for row in session.exec(select(Outbox)).all())
    assert "tempauth" not in kept
    assert "sharepoint" not in kept


@pytest.mark.slow
def test_a_file_that_is_declined_is_given_to_nobody_and_can_be_asked_for_again(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    message = offered(world)
    world.people[IRO_MANAGER].decline(message)
    quiet(world)
    assert read(world, message) == (
        "You declined the annual report 2025-26, and nothing was given out. /iro report 2025-26 offers it again."
    )
    assert (files(world), taken(world)) == ({}, 0)
    world.people[IRO_MANAGER].accept(message, version=0)
    quiet(world)
    assert "You have answered this already. You declined" in chat(world)[-1].text
    assert files(world) == {}
    allow(world, offered(world))
    assert len(files(world)) == 1


@pytest.mark.slow
def test_clicking_twice_gives_one_file_and_says_where_it_is(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    message = offered(world)
    allow(world, message)
    known = len(chat(world))
    world.people[IRO_MANAGER].accept(message, version=0)
    quiet(world)
    (said,) = chat(world)[known:]
    assert said.text.startswith("You have answered this already. annual-report-2025-26-internal-")
    assert (len(files(world)), taken(world)) == (1, 1)


def test_asking_again_at_once_makes_no_second_offer(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    message = offered(world)
    form = world.command(IRO_MANAGER, f"/iro report {YEAR}")
    said = world.people[IRO_MANAGER].press_in_view(form, SEND)
    assert said.text == "The report was offered to you a moment ago: look into your messages from this app."
    world.beat()
    assert [one.id for one in chat(world) if attached(one.activity, CONSENT)] == [message.id]


@pytest.mark.slow
def test_an_answer_that_teams_sends_again_does_nothing_and_says_nothing(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    sent = allow(world, offered(world))
    known = [list(one.versions) for one in chat(world)]
    world.people[IRO_MANAGER].consent(sent)
    quiet(world)
    assert [list(one.versions) for one in chat(world)] == known
    assert (len(files(world)), taken(world)) == (1, 1)


@pytest.mark.slow
def test_the_question_asks_no_more_even_if_teams_does_not_say_which_message_it_was(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    message, person = offered(world), world.people[IRO_MANAGER]
    asked = attached(message.activity, CONSENT)
    assert asked is not None
    address, place = world.standin.place_for(person.user, str(asked["name"]))
    upload = activities.upload_info(place, address)
    person.consent(activities.consented(person.activity("invoke"), asked["content"]["acceptContext"], "", upload))
    quiet(world)
    assert "is in your OneDrive" in read(world, message)
    assert [attached(one.activity, FILE_INFO) is not None for one in chat(world)[-2:]] == [False, True]


def test_an_offer_is_over_after_a_day(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    message = offered(world)
    world.now += OFFERED_FOR + timedelta(minutes=1)
    allow(world, message)
    assert read(world, message) == NO_OFFER
    assert (files(world), taken(world)) == ({}, 0)


@pytest.mark.slow
def test_nobody_takes_what_was_offered_to_somebody_else(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    message, thief = offered(world), world.people[OTHER_IRO]
    asked = attached(message.activity, CONSENT)
    assert asked is not None
    address, place = world.standin.place_for(thief.user, str(asked["name"]))
    upload = activities.upload_info(place, address)
    thief.consent(activities.consented(thief.activity("invoke"), asked["content"]["acceptContext"], "", upload))
    quiet(world)
    assert files(world, OTHER_IRO) == {}
    assert [one.text for one in chat(world, OTHER_IRO)] == [NO_OFFER]
    assert taken(world) == 0
    allow(world, message)
    assert len(files(world)) == 1


def test_whoever_may_no_longer_have_it_is_told_so_and_gets_no_file(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    message = offered(world)
    with transaction(world.engine, AUTHORITY) as session:
        manager = world.cast.people[IRO_MANAGER]
        for role in session.exec(select(PersonRole).where(PersonRole.person_id == manager)).all():
            session.delete(role)
    allow(world, message)
    assert "Figures are for IROs" in read(world, message)
    assert (files(world), taken(world)) == ({}, 0)


@pytest.mark.slow
def test_what_is_taken_holds_what_that_person_may_see_now(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    message = offered(world, TEAM_MANAGER)
    assert "your part of the line" in read(world, message, TEAM_MANAGER)
    allow(world, message, TEAM_MANAGER)
    assert len(files(world, TEAM_MANAGER)) == 1
    assert files(world) == {}


@pytest.mark.slow
@pytest.mark.parametrize("fault", [{"status": 403}, {"status": 507}, {"drop_reply": True}], ids=str)
def test_a_file_that_onedrive_does_not_take_is_said_in_one_sentence(
    begin_briefly: BeginAtTeams, fault: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.teams.uploading.PAUSE_SECONDS", 0.0)
    world = begin_briefly(MONDAY)
    message = offered(world)
    world.standin.fail_next("upload", 3, **fault)  # type: ignore[arg-type] # each of them is one of its parameters
    allow(world, message)
    said = read(world, message)
    assert "could not be put into your OneDrive" in said or "Nobody can tell whether" in said
    assert said.endswith("/iro report 2025-26 offers it again.")
    known = len(chat(world))
    world.wait(TOLD_WITHIN + timedelta(minutes=1))
    assert len(chat(world)) == known
    assert taken(world) == 0


def test_a_place_that_is_none_of_microsofts_gets_nothing(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    message, person = offered(world), world.people[IRO_MANAGER]
    asked = attached(message.activity, CONSENT)
    assert asked is not None
    _, place = world.standin.place_for(person.user, str(asked["name"]))
    for address in ("https://evil.example/up", "http://10.0.0.1/up", "https://sharepoint.com.evil.example/up"):
        upload = activities.upload_info(place, address)
        sent = activities.consented(person.activity("invoke"), asked["content"]["acceptContext"], message.id, upload)
        person.consent(sent)
        quiet(world)
        assert "a place for this file that I do not write to" in read(world, message)
    assert taken(world) == 0


@pytest.mark.slow
def test_an_offer_whose_receipt_was_lost_is_not_made_again_once_it_is_answered(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    message = offered(world, drop_reply=True)
    assert attached(message.activity, CONSENT) is not None
    allow(world, message)
    assert len(files(world)) == 1
    world.wait(timedelta(minutes=30))
    asked = [one for one in chat(world) if attached(one.versions[0], CONSENT)]
    assert [one.id for one in asked] == [message.id]
    world.people[IRO_MANAGER].accept(message, version=0)
    quiet(world)
    assert chat(world)[-1].text.startswith("You have answered this already.")


@pytest.mark.slow
def test_an_offer_whose_receipt_was_lost_is_made_once_more_and_one_answer_counts(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    first = offered(world, drop_reply=True)
    world.wait(timedelta(minutes=30))
    second = world.last(IRO_MANAGER)
    assert "(repeated)" in read(world, second)
    allow(world, second)
    allow(world, first)
    assert (len(files(world)), taken(world)) == (1, 1)


def test_whoever_was_not_told_how_it_ended_is_told_within_minutes(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    message = offered(world)
    world.standin.fail_next("update", status=500)
    world.standin.fail_next("post", 2, status=500)
    allow(world, message)
    assert len(files(world)) == 1
    assert len(world.inbox(IRO_MANAGER)) == 1
    world.wait(TOLD_WITHIN + timedelta(minutes=1))
    assert "is in your OneDrive" in read(world, world.last(IRO_MANAGER))
    known = len(world.inbox(IRO_MANAGER))
    world.wait(timedelta(hours=1))
    assert len(world.inbox(IRO_MANAGER)) == known


def test_a_bot_stopped_in_the_middle_says_afterwards_that_nobody_can_tell(
    begin_briefly: BeginAtTeams, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = begin_briefly(MONDAY)
    message = offered(world)

    async def stopped(*_: object) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr("bot.teams.uploading.put", stopped)
    allow(world, message)
    world.wait(TOLD_WITHIN + timedelta(minutes=1))
    told = read(world, world.last(IRO_MANAGER))
    assert "Nobody can tell whether annual-report-2025-26-internal-" in told
    assert world.people[IRO_MANAGER].press(world.last(IRO_MANAGER), "Ask for it again").view is not None
    world.people[IRO_MANAGER].accept(message, version=0)
    quiet(world)
    assert chat(world)[-1].text.startswith("You have answered this already. Nobody can tell whether")
    assert files(world) == {}
    assert taken(world) == 0


@pytest.mark.slow
def test_teams_that_does_not_let_a_file_be_offered_gets_a_message_with_the_other_ways(
    begin_briefly: BeginAtTeams,
) -> None:
    world = begin_briefly(MONDAY)
    message = offered(world, status=400)
    assert message.text == "The annual report 2025-26 could not be sent as a file"
    assert "upload the app's present package" in read(world, message)
    assert attached(offered(world).activity, CONSENT) is not None, "once that is mended it can be asked for at once"
