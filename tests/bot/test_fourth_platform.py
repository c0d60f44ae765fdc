"""A fourth platform needs a folder of its own and one line in `bot/platforms.py`: here is one, small, and all of it."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine
from sqlmodel import select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import platforms
from bot.called import Called
from bot.compose import Service
from bot.connecting import Connected, connect
from bot.declaration import Declaration
from bot.delivery.lanes import Lane
from bot.delivery.port import Posted
from bot.delivery.timing import Timing
from bot.offering import offer
from bot.reception import acts
from bot.reception.port import AnswersInTime, Outcome
from bot.running import House, Measured, Running
from bot.settings import Settings, Workspace
from handlers.cards import Answer, Button, Card, Form, Notice
from handlers.dispatch import DEEDS
from storage import addresses, people
from storage.addresses import Address
from storage.connections import Connection
from storage.database import make_engine, transaction
from storage.history import History
from tests.cast import AUTHORITY, CHILD, IRO, SOCIAL_WORKER, TEAM_MANAGER, Cast, settle
from tests.command_line import iro_bot
from tests.databases import sqlite_engine
from tests.slack_standin.serving import served
from tests.stories.test_slow import held_up

NOW = datetime(2026, 12, 7, 9, 30, tzinfo=UTC)
BOARD = Called(name="board", label="Board", place="hall", place_id="number", account_id="peg")
HALL = "H1"
LOGGED = {"worries": "The plan was never written up.", "main_reason": "resources", "start_at": "1"}
Shown = dict[str, Any]

# ---------------------------------------------------------------- the platform: what would stand in a folder of bot/


@dataclass(frozen=True, kw_only=True)
class Act(acts.Act):
    """Something done at a peg of the board."""

    called = BOARD

    is_form: bool = False

    @property
    def is_press(self) -> bool:
        return not self.command

    @property
    def filled_in(self) -> bool:
        return self.is_form


class Board(Running, AnswersInTime[Act, Shown]):
    """A notice board in a hall, where every peg is somebody's."""

    called = BOARD

    def __init__(self, house: House) -> None:
        self._house = house
        self.platform = self
        self.patience = house.patience or 3.0
        self.pegs: dict[str, list[Card]] = {}
        self.came_late: list[Shown] = []

    @property
    def routes(self) -> Sequence[Route]:
        return (Route("/board", self._acted, methods=["POST"]),)

    async def start(self, now: datetime) -> None:
        lane = Lane(authority=self._house.settings.authority, platform=BOARD.name, workspace=HALL)
        await asyncio.to_thread(connect, self._house.office.engine, lane, now)
        await asyncio.to_thread(self._house.bind)

    def measured(self) -> Sequence[Measured]:
        return (Measured(name="board_pegs", says="Pegs with a message.", value=len(self.pegs)),)

    async def _acted(self, request: Request) -> Response:
        return JSONResponse(await self._house.reception.serve(self, Act(**await request.json())))

    # what the reception asks

    async def addresses_of(self, act: Act, connected: Connected) -> Sequence[str]:
        return (f"{act.account}@anyshire.example",)

    async def shown(self, act: Act, outcome: Outcome, began: float) -> Shown:
        return drawn(outcome.answer)

    async def still_working(self, act: Act, waiting: Outcome, began: float) -> Shown:
        return drawn(waiting.answer)

    async def late(self, act: Act, outcome: Outcome) -> None:
        answer = outcome.answer
        if isinstance(answer, Form):
            answer = offer(answer, self._house.reception.held(act, answer))
        self.came_late.append(drawn(answer))

    # what delivery asks

    async def post(self, *, workspace: str, address: str, card: Card, key: str) -> Posted:
        self.pegs.setdefault(address, []).append(card)
        return Posted(channel=address, message=str(len(self.pegs[address]) - 1))

    async def update(self, *, workspace: str, posted: Posted, card: Card) -> None:
        self.pegs[posted.channel][int(posted.message)] = card

    async def find(self, *, workspace: str, address: str, key: str) -> Posted | None:
        return None

    async def address_of(self, *, workspace: str, email: str) -> str | None:
        return email.partition("@")[0]


class BoardDeclaration(Declaration):
    called = BOARD

    def is_given(self, settings: Settings) -> bool:
        return True

    def is_own(self, settings: Settings, found: Connection) -> bool:
        return found.workspace == HALL

    def begin(self, house: House) -> Running:
        return Board(house)


def drawn(answer: Answer) -> Shown:
    """An answer as the board's own data."""
    if isinstance(answer, Form):
        filled = {one.key: one.initial for one in answer.fields if one.initial}
        sent = {"deed": answer.deed, "subject": answer.subject, "run": answer.run, "context": dict(answer.context)}
        return {"says": answer.title, "form": sent | {"values": filled}}
    if isinstance(answer, Notice):
        return {"says": answer.text, "presses": [_press(button) for button in answer.buttons]}
    return {"says": getattr(answer, "title", "") or str(answer)}


def _press(button: Button) -> Shown:
    return {"label": button.label, "deed": button.deed, "subject": button.subject, "run": button.run}


# ---------------------------------------------------------------- the one line, and the people at the board


@pytest.fixture(autouse=True)
def one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a line more in `bot/platforms.py` does."""
    monkeypatch.setattr(platforms, "PLATFORMS", (*platforms.PLATFORMS, BoardDeclaration()))


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()


@dataclass
class Hall:
    """The product with the board at work, and what somebody does at it."""

    engine: Engine
    cast: Cast
    service: Service
    url: str
    clock: Clock
    keys: int = 0

    @property
    def board(self) -> Board:
        running = self.service.running["board"]
        assert isinstance(running, Board)
        return running

    def act(self, who: str, **what: object) -> Shown:
        self.keys += 1
        sent = {"workspace": HALL, "account": who, "key": f"board:{self.keys}", "deed": "command", **what}
        answer = httpx2.post(f"{self.url}/board", json=sent, timeout=30)
        assert answer.status_code == 200, answer.text
        self.beat()
        shown: Shown = answer.json()
        return shown

    def types(self, who: str, line: str) -> Shown:
        command, _, words = line.partition(" ")
        return self.act(who, command=command, words=words)

    def sends(self, who: str, form: Shown, **filled: str) -> Shown:
        return self.act(who, **{**form["form"], "values": {**form["form"]["values"], **filled}, "is_form": True})

    def presses(self, who: str, shown: Shown, label: str) -> Shown:
        (button,) = [one for one in shown["presses"] if one["label"] == label]
        name, _, words = button["subject"].partition(" ") if button["deed"] == "command" else ("", "", "")
        acted = {name: value for name, value in button.items() if name != "label"}
        return self.act(who, **(acted | {"command": name, "words": words}))

    def beat(self) -> None:
        assert self.service.loop is not None
        asyncio.run_coroutine_threadsafe(self.service.beat(), self.service.loop).result(30)

    def titles(self, who: str) -> list[str]:
        return [card.title for card in self.board.pegs.get(who, [])]


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    for engine in sqlite_engine(tmp_path):
        cast = settle(engine, platform="page")
        clock = Clock()
        service = Service(
            Settings(authority=AUTHORITY, workspace=Workspace.OFF),
            engine,
            clock=clock,
            monotonic=clock.seconds,
            ticking=False,
            timing=Timing(pace=0),
            patience=20,
        )
        with ExitStack() as stack:
            url = stack.enter_context(served(service.web))
            yield Hall(engine=engine, cast=cast, service=service, url=url, clock=clock)


def wait_until(what: Callable[[], object], seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.02)


# ---------------------------------------------------------------- all of it works there


@pytest.mark.slow
def test_a_concern_is_logged_told_answered_and_seen_there(hall: Hall) -> None:
    form = hall.types(IRO, f"concern {CHILD}")
    assert "C-1 is logged at stage 1" in hall.sends(IRO, form, **LOGGED)["says"]
    assert hall.titles(TEAM_MANAGER) == ["Please reply to C-1 by Mon 21 Dec"]
    reply = hall.types(TEAM_MANAGER, "concern C-1 reply")
    assert "is with the IRO" in hall.sends(TEAM_MANAGER, reply, answer="agreed and done", words="It is done.")["says"]
    assert hall.titles(IRO) == ["Tess Hill has replied to C-1"]
    assert hall.titles(TEAM_MANAGER) == ["Earlier: Please reply to C-1 by Mon 21 Dec"]
    assert set(hall.board.pegs) == {IRO, TEAM_MANAGER, SOCIAL_WORKER}
    metrics = httpx2.get(f"{hall.url}/metrics").text
    assert "iro_bot_board_pegs 3" in metrics


def test_people_are_recognised_once_by_the_address_it_vouches_for(hall: Hall) -> None:
    for _ in range(2):
        assert hall.types(IRO, "iro help")["says"] == "What you can do"
    with transaction(hall.engine, AUTHORITY, writes=False) as session:
        (known,) = session.exec(select(Address).where(Address.platform == "board")).all()
        linked = session.exec(select(History).where(History.what == "linked to Board")).all()
    assert (known.workspace, known.account, known.person_id) == (HALL, IRO, hall.cast.people[IRO])
    assert len(linked) == 1


def test_strangers_and_other_halls_are_told_by_its_own_names_for_things(hall: Hall) -> None:
    assert hall.types("mallory", "iro help")["says"].endswith("and quote your peg: mallory")
    elsewhere = hall.act(IRO, workspace="H2", command="iro", words="help")["says"]
    assert elsewhere.startswith("This hall is not connected to the service yet.")
    assert elsewhere.endswith("and quote its number: H2")
    assert hall.board.pegs == {}


def test_a_hall_that_takes_the_bot_out_is_forgotten(hall: Hall) -> None:
    assert hall.service.loop is not None
    forgetting = hall.service.reception.forget(BOARD, HALL)
    asyncio.run_coroutine_threadsafe(forgetting, hall.service.loop).result(10)
    assert "is not connected" in hall.types(IRO, "iro help")["says"]


@pytest.mark.slow
def test_a_late_answer_follows_and_its_form_opens_at_the_next_press(hall: Hall) -> None:
    hall.types(IRO, "iro help")
    hall.board.patience = 0.2
    with held_up(hall.engine, 0.8):
        waiting = hall.act(IRO, deed="concern.new", subject=CHILD)
    assert waiting["says"] == "Still working on it: the answer follows."
    wait_until(lambda: hall.board.came_late)
    hall.board.patience = 20
    (late,) = hall.board.came_late
    assert late["says"] == "“Log a concern” is ready."
    form = hall.presses(IRO, late, "Open")
    assert form["form"]["deed"] == "concern.log"
    assert "C-1 is logged" in hall.sends(IRO, form, **LOGGED)["says"]


def test_words_that_were_kept_open_for_a_day_and_for_their_writer_alone(hall: Hall) -> None:
    hall.types(IRO, "iro help")
    hall.types(TEAM_MANAGER, "iro help")
    act = Act(workspace=HALL, account=IRO, key="board:words", deed="concern.log", is_form=True)
    typed = Form(deed="concern.log", title="Log a concern", submit="Log", fields=())

    async def kept() -> Button:
        return hall.service.reception.held(act, typed)

    assert hall.service.loop is not None
    opens = asyncio.run_coroutine_threadsafe(kept(), hall.service.loop).result(10)
    press = {"deed": opens.deed, "subject": opens.subject}
    for _ in range(2):
        assert hall.act(IRO, **press)["says"] == "Log a concern"
    assert "kept for a day, which is over" in hall.act(TEAM_MANAGER, **press)["says"]
    hall.clock.now += timedelta(days=1, minutes=1)
    assert "kept for a day, which is over" in hall.act(IRO, **press)["says"]


def test_a_fault_of_ours_is_an_apology_there_too(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DEEDS, "concern.new", lambda *_: 1 / 0)
    assert "Sorry, something went wrong on our side." in hall.act(IRO, deed="concern.new", subject=CHILD)["says"]


@pytest.mark.slow
def test_the_doctor_and_the_staff_list_name_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("ENCRYPTION_KEYS", Fernet.generate_key().decode())
    Path("staff.csv").write_text(
        "email,name,roles,manager_email,team\n"
        "dora.king@anyshire.example,Dora King,director,,\n"
        "ann.lee@anyshire.example,Ann Lee,iro,dora.king@anyshire.example,IRO service\n",
        encoding="utf-8",
    )
    assert typed("import", "staff", "staff.csv")[0] == 0
    with transaction(make_engine("sqlite:///iro-bot.db"), "local") as session:
        session.add(Connection(platform="board", workspace=HALL, installed_at=NOW))
        ann = people.by_email(session, "ann.lee@anyshire.example")
        assert ann is not None
        assert ann.id is not None
        addresses.link(session, ann.id, "board", HALL, "ann.lee")
    code, told = typed("doctor")
    assert code == 1
    assert "WARN  Board: H1 is believed about every address on the staff list." in told
    assert "FAIL  people: no account in Board is known of dora.king@anyshire.example." in told
    assert f"Board: ann.lee (in {HALL})" in typed("people", "show", "ann.lee@anyshire.example")[1]


def typed(*arguments: str) -> tuple[int, str]:
    result = iro_bot(*arguments)
    return result.exit_code, result.output
