"""A reviewing officer's concern as a team manager meets it in the Microsoft 365 Agents Playground."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from shutil import which

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright
from sqlmodel import select

from bot.settings import Settings
from scheduling.procedures import shipped_text
from storage import addresses
from storage.connections import Connection
from storage.database import transaction
from tests.bench import utc
from tests.cast import AUTHORITY, IRO, TEAM_MANAGER, known_as, settle
from tests.databases import sqlite_engine
from tests.e2e.playground import Playground, playground
from tests.e2e.preparing import CHROMIUM
from tests.slack_standin.jsontypes import Json
from tests.stories.programs import free_port
from tests.stories.telling import log
from tests.teams_standin import TENANT, Seen, TeamsMessage, TeamsPerson, TeamsStandIn
from tests.teams_standin.records import Conversation, TeamsUser
from tests.teams_world import shown_at_teams
from tests.world import Scene, Shown

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT = 20_000
ROUTE = """
[immediate]
addressees = ["team_manager"]
seen_within = "1 hour"
reply_within = "4 hours"
hours_rule = "clock"
source = "A test"
checked_by = "nobody"
[immediate.telephone]
name = "Duty manager"
number = "01234 567890"

[total_limit]"""


@dataclass(kw_only=True)
class Playroom(Scene[Seen, TeamsMessage]):
    """The team manager sits at the Playground, the IRO at the stand-in: two clients of one served bot."""

    standin: TeamsStandIn
    people: dict[str, TeamsPerson] = field(default_factory=dict)

    def inbox(self, who: str) -> list[TeamsMessage]:
        """What a person at the stand-in got."""
        return self.people[who].messages

    def shown(self) -> Iterator[Shown]:
        """All that was ever shown at the stand-in; the Playground keeps its own."""
        return shown_at_teams(self.standin)


class AtPlayground(TeamsPerson):
    """The person whom the Playground lets act. It opens no dialogs, so what is done in them is sent from here."""

    def __init__(self, standin: TeamsStandIn, bot_url: str, user: TeamsUser, play: Playground) -> None:
        super().__init__(standin, bot_url, user)
        self._chat = Conversation(id=play.config["personalChat"]["id"], tenant=user.tenant, user=user.aad_object_id)
        self._service_url = play.service_url

    @property
    def chat(self) -> Conversation:
        """Their chat with the bot at the Playground."""
        return self._chat

    def activity(self, kind: str, chat: Conversation | None = None) -> Json:
        """An activity of this person's, answered at the Playground."""
        return super().activity(kind, chat) | {"serviceUrl": self._service_url}


class Chat:
    """The chat in the browser, as one reads and uses it, and the messages that came into it."""

    def __init__(self, page: Page, shots: Path) -> None:
        self.page = page
        self.shots = shots
        self.came: list[Json] = []
        page.on("websocket", lambda socket: socket.on("framereceived", self._heard))

    def open(self, address: str) -> None:
        """Load the page and wait until one can type."""
        self.page.goto(address)
        expect(self._composer).to_be_visible(timeout=WAIT)

    def type(self, words: str) -> None:
        """Type into the composer and send."""
        self._composer.click()
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")

    def press(self, words: str) -> None:
        """Press the last button with these words."""
        self.page.get_by_role("button", name=words, exact=True).last.click()

    def shows(self, words: str) -> None:
        """Wait until these words stand in the chat."""
        expect(self.page.get_by_text(words).last).to_be_visible(timeout=WAIT)

    def photograph(self, name: str) -> None:
        """Keep what is on the screen."""
        self.page.screenshot(path=self.shots / f"{name}.png")

    def message(self, title: str, reader: TeamsPerson) -> TeamsMessage:
        """The message of that title, with the buttons as they came over the wire."""
        (found,) = [one for one in self.came if title in json.dumps(one.get("attachments"))]
        where, who = reader.chat, reader.user.aad_object_id
        return TeamsMessage(
            tenant=where.tenant, conversation=where.id, user=who, id=str(found["messageId"]), versions=[found]
        )

    @property
    def _composer(self) -> Locator:
        return self.page.locator("div[role=textbox][contenteditable=true]").last

    def _heard(self, frame: str | bytes) -> None:
        told = json.loads(frame)
        if told.get("action") == "createMessage":
            self.came.append(told["message"])


@pytest.fixture
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the screenshots go; the folder is named at the end."""
    return tmp_path_factory.mktemp("screenshots")


@pytest.fixture
def page() -> Iterator[Page]:
    """A page of the system's own Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which(CHROMIUM), args=FLAGS)
        yield browser.new_page(viewport={"width": 1300, "height": 1000})
        browser.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[tuple[Playroom, Playground]]:
    """The served bot without proof of identity, as it is tried out on one's own machine."""
    port = free_port()
    with ExitStack() as stack:
        (engine,) = sqlite_engine(tmp_path)
        standin = stack.enter_context(TeamsStandIn())
        rules = shipped_text("handbook").replace("\n[total_limit]", ROUTE, 1)
        cast = settle(engine, rules, platform="teams")
        room = Playroom(engine=engine, standin=standin, now=utc("2026-12-07"), cast=cast)
        (tmp_path / "token").write_text(standin.outbound_token, encoding="ascii")
        address = room.serve(
            stack,
            Settings(
                authority=AUTHORITY,
                teams_app_id=standin.app_id,
                teams_token_file=tmp_path / "token",
                teams_allow_unauthenticated=True,
            ),
        )
        play = stack.enter_context(playground(port, address, tmp_path))
        seat(room, play, address)
        yield room, play


def seat(room: Playroom, play: Playground, address: str) -> None:
    """The IRO at the stand-in and the manager at the Playground, both of the Playground's tenant."""
    tenant, her = play.config["tenantId"], play.config["currentUser"]
    manager = room.standin.add_user(TEAM_MANAGER, "Tess Hill", tenant=tenant)
    manager.id, manager.aad_object_id = her["id"], her["aadObjectId"]
    room.people[TEAM_MANAGER] = AtPlayground(room.standin, address, manager, play)
    room.people[IRO] = TeamsPerson(room.standin, address, room.standin.add_user(IRO, "Ann Lee", tenant=tenant))
    with transaction(room.engine, AUTHORITY) as session:
        session.exec(select(Connection)).one().workspace = tenant
        for login in (IRO, TEAM_MANAGER):
            ident = room.cast.people[login]
            addresses.unlink(session, ident, "teams", TENANT)
            known_as(session, ident, tenant, teams=room.people[login].user.aad_object_id)
    room.people[IRO].install()


def test_a_command_a_card_a_nudge_a_button_and_a_reply(
    room: tuple[Playroom, Playground], page: Page, shots: Path
) -> None:
    world, play = room
    manager, chat = world.people[TEAM_MANAGER], Chat(page, shots)
    chat.open(play.address)

    chat.type("iro help")
    chat.shows("Words about a child are taken in forms only")
    chat.photograph("1-a-command")

    log(world, {"Start at": "Stage 1"})
    chat.shows("Please reply to C-1")
    chat.photograph("2-a-message-with-buttons")

    world.go_to_day(date(2026, 12, 21), time(17))
    chat.shows("Your reply to C-1 is late (Mon 21 Dec)")
    chat.shows("Earlier: Please reply to C-1 by Mon 21 Dec")
    chat.photograph("3-a-nudge-and-the-earlier-message-shrunk")

    world.go_to_day(date(2026, 12, 22))
    form = manager.press(chat.message("Your reply to C-1 is late", manager), "Reply")
    said = manager.submit(form, {"Answer": "Agreed and done", "What will happen": "It is done."})
    assert "Your reply to C-1 is with the IRO." in said.text
    world.beat()
    assert world.titles(IRO)[-1] == "Tess Hill has replied to C-1"
    chat.shows("Earlier: Your reply to C-1 is late (Mon 21 Dec)")
    chat.photograph("4-replied")

    world.submit(IRO, log(world, {"Risk of significant harm": ["Yes: use the immediate route"]}), {})
    chat.shows("Urgent C-2: press Seen")
    chat.press("Seen")
    chat.shows("It still needs your reply.")
    chat.photograph("5-a-button")
