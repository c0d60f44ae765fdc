"""The annual report as a file at Slack: asked for, made, and once in that person's own conversation, and only there."""

import io
import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from docx import Document
from sqlmodel import select

from storage.database import transaction
from storage.history import History
from storage.outbox import Outbox, OutboxState
from storage.people import PersonRole
from tests.bench import utc
from tests.bot.reading_documents import everything_in
from tests.cast import (
    ADMIN,
    AUTHORITY,
    CHILD,
    IRO,
    IRO_MANAGER,
    OTHER_CHILD,
    SOCIAL_WORKER,
    TEAM_MANAGER,
    leave,
    slack_id,
)
from tests.screens import Filled
from tests.slack_standin import SCOPES, NotOnScreen, SlackFile
from tests.stories.canaries import CANARY, Canaries, outside_of_forms
from tests.stories.conftest import BeginAtSlack
from tests.stories.repeats import repeating, rows
from tests.stories.telling import News, log, press_in, type_and_fill, words_of
from tests.world import World

MONDAY = utc("2026-12-07")
YEAR = "2025-26"
DOCX, BOOK = "Send me the document (DOCX)", "Send me the workbook (XLSX)"
COMING = "The report is being made and comes to you as a message."
NAME = "annual-report-2025-26-internal-20261207-093000"
SETTLED = timedelta(minutes=3)
"""By then a file without an answer has been looked up."""


def ask(world: World, who: str = IRO_MANAGER, label: str = BOOK, year: str = YEAR) -> None:
    """Somebody asks for the report as a file."""
    said = press_in(world, who, world.command(who, f"/iro report {year}"), label)
    assert COMING in said.text


def files(world: World, who: str = IRO_MANAGER) -> Sequence[SlackFile]:
    return world.standin.files_of(slack_id(who))


def taken(world: World) -> list[str]:
    """What was taken out, as the history has it."""
    with transaction(world.engine, AUTHORITY, writes=False) as session:
        found = session.exec(select(History).where(History.what == "took a report")).all()
        return [one.details for one in found]


@pytest.mark.slow
def test_whoever_asks_gets_the_report_in_their_own_conversation_and_nobody_else_hears(begin: BeginAtSlack) -> None:
    world = begin(MONDAY)
    news = News(world)
    ask(world, IRO_MANAGER, DOCX)
    (file,) = files(world)
    assert file.name == f"{NAME}.docx"
    assert file.content is not None
    assert "IRO annual report 2025-26" in [one.text for one in Document(io.BytesIO(file.content)).paragraphs]
    words = words_of(world, IRO_MANAGER)
    assert words.startswith("Annual report 2025-26: the whole service\nIt is for use inside the service.")
    assert taken(world) == ['{"report":"2025-26 internal docx"}']
    world.wait(timedelta(hours=1))
    assert set(news.since()) == {IRO_MANAGER}
    assert [one.user for one in world.standin.files] == [slack_id(IRO_MANAGER)]


@pytest.mark.slow
def test_nothing_that_anybody_wrote_is_in_the_file_or_around_it(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MONDAY)
    say = Canaries()
    log(world, {"What are we worried about?": say("worry"), "Start at": "Stage 1"})
    praise: dict[str, Filled] = {
        "Member of staff": "Sam Okoro",
        "What was done well, and what it changed": say("praise"),
        "Annual report": ["May be quoted in the annual report: I have asked those concerned"],
    }
    type_and_fill(world, IRO, "/praise", praise)
    for who in (IRO_MANAGER, IRO, TEAM_MANAGER):
        ask(world, who, BOOK, "2026-27")
    texts = [everything_in(one.content or b"") for one in world.standin.files]
    assert len(texts) == 3
    for text in texts:
        assert "2026-27" in text
        for reference in (CHILD, OTHER_CHILD):
            assert reference not in text
        assert not re.search(r"\bC-\d", text)
    assert [where for where, text in outside_of_forms(world) if CANARY.search(text)] == []


@pytest.mark.slow
def test_a_double_click_and_a_repeat_by_slack_send_one_file(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MONDAY)
    form = world.command(IRO_MANAGER, f"/iro report {YEAR}")
    with repeating(world, IRO_MANAGER, times=2) as slack:
        world.people[IRO_MANAGER].press_in_view(form, BOOK)
        slack.again()
    again = world.people[IRO_MANAGER].command(f"/iro report {YEAR}")
    assert "is being made already" in world.people[IRO_MANAGER].press_in_view(again, BOOK).text
    world.beat()
    after = world.command(IRO_MANAGER, f"/iro report {YEAR}")
    assert "was sent to you a moment ago" in press_in(world, IRO_MANAGER, after, BOOK).text
    world.wait(SETTLED)
    assert len(files(world)) == 1
    assert len(taken(world)) == 1
    ask(world)
    assert len(files(world)) == 2, "later they may want it anew"


def test_others_are_refused_and_another_s_form_is_not_before_them(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MONDAY)
    form = world.command(IRO_MANAGER, f"/iro report {YEAR}")
    for who in (SOCIAL_WORKER, ADMIN):
        with pytest.raises(NotOnScreen):
            world.people[who].press_in_view(form, BOOK)
        assert "Figures are for IROs" in world.command(who, f"/iro report {YEAR}").text
    assert rows(world, Outbox) == []


def test_whose_role_ended_between_asking_and_sending_gets_a_sentence(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MONDAY)
    form = world.command(TEAM_MANAGER, f"/iro report {YEAR}")
    world.people[TEAM_MANAGER].press_in_view(form, BOOK)
    with transaction(world.engine, AUTHORITY) as session:
        person = world.cast.people[TEAM_MANAGER]
        for held in session.exec(select(PersonRole).where(PersonRole.person_id == person)):
            session.delete(held)
    world.beat()
    assert words_of(world, TEAM_MANAGER).startswith("The annual report 2025-26 was not sent\nFigures are for IROs")
    assert (world.standin.files, taken(world)) == ([], [])


def test_who_left_between_asking_and_sending_gets_nothing_and_nobody_is_told(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MONDAY)
    form = world.command(TEAM_MANAGER, f"/iro report {YEAR}")
    world.people[TEAM_MANAGER].press_in_view(form, BOOK)
    leave(world.engine, world.cast, TEAM_MANAGER, (MONDAY - timedelta(days=3)).date())
    news = News(world)
    world.beat()
    assert news.since() == {}
    assert world.standin.files == []
    assert [one.state for one in rows(world, Outbox)] == [OutboxState.FAILED]


@pytest.mark.slow
def test_an_app_with_the_old_scopes_says_so_and_everything_else_goes_on(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MONDAY)
    world.standin.workspace().scopes = SCOPES - {"files:write"}
    ask(world)
    words = words_of(world, IRO_MANAGER)
    assert words.startswith("The annual report 2025-26 could not be sent as a file\nThe app was installed")
    assert "it lacks files:write" in words
    log(world, {"Start at": "Stage 1"})
    assert world.titles(TEAM_MANAGER) == ["Please reply to C-1"]
    assert taken(world) == []
    tables = world.press(IRO_MANAGER, "See the tables here")
    assert "Concerns by month" in tables.text
    other = world.press(IRO_MANAGER, "Other ways to the report")
    assert "https://concerns.anyshire.example/file/" in other.text

    world.standin.workspace().scopes = SCOPES
    assert COMING in press_in(world, IRO_MANAGER, other, BOOK).text
    assert len(files(world)) == 1


def test_a_file_too_big_for_the_workspace_becomes_a_sentence(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MONDAY)
    world.standin.workspace().largest_file = 1000
    ask(world)
    assert "does not take files as large as this one" in words_of(world, IRO_MANAGER)
    assert files(world) == []


@pytest.mark.parametrize("shown", [True, False])
@pytest.mark.parametrize("fault", ["drop_reply", "drop_request"])
def test_when_slack_does_not_answer_it_is_looked_up_and_there_is_one_file(
    begin_briefly: BeginAtSlack, fault: str, shown: bool
) -> None:
    world = begin_briefly(MONDAY)
    world.standin.history_shows_files = shown
    # The fault is one of its parameters.
    world.standin.fail_next("files.completeUploadExternal", **{fault: True})  # type: ignore[arg-type]
    ask(world)
    world.now += timedelta(seconds=60)
    world.beat()
    assert len(files(world)) == (1 if fault == "drop_reply" else 0), "it may still be accepted late"
    world.now += SETTLED
    world.beat()
    assert [one.name for one in files(world)] == [f"{NAME}.xlsx"]
    assert len(taken(world)) == 1
    assert [one.state for one in rows(world, Outbox)] == [OutboxState.SENT]


@pytest.mark.slow
@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "upload"])
def test_an_upload_that_breaks_is_made_again_and_holds_up_no_message(begin_briefly: BeginAtSlack, step: str) -> None:
    world = begin_briefly(MONDAY)
    world.standin.fail_next(step, drop_request=True)
    ask(world)
    assert files(world) == []
    log(world, {"Start at": "Stage 1"})
    assert world.titles(TEAM_MANAGER) == ["Please reply to C-1"]
    world.now += timedelta(minutes=2)
    world.beat()
    assert len(files(world)) == 1


@pytest.mark.slow
def test_where_files_are_never_taken_the_person_hears_of_it_within_the_hour(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MONDAY)
    world.standin.fail_next("upload", times=99, status=503)
    ask(world)
    for _ in range(20):
        world.now += timedelta(minutes=3)
        world.beat()
    (message,) = world.inbox(IRO_MANAGER)
    assert "the chat did not take the file" in words_of(world, IRO_MANAGER)
    assert message.files == []


def test_the_edition_for_publication_says_that_it_may_be_published(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MONDAY)
    ask(world, IRO_MANAGER, f"{BOOK}, to publish")
    (file,) = files(world)
    assert file.name == "annual-report-2025-26-public-20261207-093000.xlsx"
    assert "For publication" in everything_in(file.content or b"")
    assert "this edition may be published" in words_of(world, IRO_MANAGER)
