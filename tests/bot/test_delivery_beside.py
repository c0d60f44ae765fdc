"""What is found out about a message, or made ready for it, takes its time beside the others and holds up none."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.called import Called
from bot.delivery.beside import AT_A_TIME
from bot.delivery.port import Posted
from bot.delivery.sending import TOGETHER
from bot.documents.made import File
from handlers.cards import Card
from storage.database import transaction
from storage.outbox import Outbox, OutboxState
from tests.bot.post_office import NORTH, START, FileStreet, ListedStreet, Message, Office, Street
from tests.bot.test_delivery_order import until


@dataclass(kw_only=True)
class HeldStreet(FileStreet, ListedStreet):
    """A platform that answers questions about these only when it is let go: keys, e-mail addresses, accounts, files."""

    held: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    asks_for_accounts: bool = False

    @property
    def called(self) -> Called:
        return Called(name=self.name, label="Slack", takes_for_closed=self.asks_for_accounts)

    async def _answers(self, about: str) -> None:
        self.asked.append(about)
        if about in self.held:
            await self.let_go.wait()

    async def find(self, *, workspace: str, address: str, key: str) -> Posted | None:
        await self._answers(key)
        return await super().find(workspace=workspace, address=address, key=key)

    async def address_of(self, *, workspace: str, email: str) -> str | None:
        await self._answers(email)
        return await super().address_of(workspace=workspace, email=email)

    async def check(self, *, workspace: str, address: str) -> None:
        """Every account is open."""
        await self._answers(address)

    async def hand_over(self, *, workspace: str, file: File) -> str:
        await self._answers("file")
        return await super().hand_over(workspace=workspace, file=file)


@pytest.fixture
def office(engine: Engine) -> Office:
    office = Office(engine=engine)
    office.connect()
    return office


def unanswered(office: Office, *keys: str) -> None:
    """Messages whose answers were lost, to people of the same names, long enough ago to be looked up."""
    for key in keys:
        office.owe(key, office.person(key))
    with transaction(office.engine, NORTH) as session:
        for row in session.exec(select(Outbox)):
            row.state, row.attempts, row.attempted_at = OutboxState.ATTEMPTED, 1, START - timedelta(minutes=1)
            row.platform, row.workspace = "slack", "T1"


def held_up(office: Office, street: HeldStreet, *urgent_for: int, waits_for: str = "") -> list[str]:
    """What leaves while the platform is silent, in its order; then it answers, and the lane comes to its end."""

    async def story() -> list[str]:
        street.let_go = asyncio.Event()
        lane = asyncio.create_task(office.sender(street).deliver_due())
        await until(lambda: bool(street.held.intersection(street.asked)), lane)
        for person_id in urgent_for:
            await asyncio.to_thread(office.owe, f"urgent {person_id}", person_id, urgent=True)
        wanted = {f"urgent {one}" for one in urgent_for} | ({waits_for} if waits_for else set())
        await until(lambda: wanted <= set(street.keys()), lane)
        meanwhile = street.keys()
        street.let_go.set()
        await lane
        return meanwhile

    return asyncio.run(story())


@pytest.mark.parametrize("arrived", [True, False])
def test_a_look_up_that_hangs_holds_up_nobody_and_not_its_own_reader(office: Office, arrived: bool) -> None:
    unanswered(office, "ana")
    ana = office.row("ana").person_id
    office.owe("own", office.person("bo"))
    street = HeldStreet(held={"ana"})
    if arrived:
        street.messages.append(Message(workspace="T1", address="U-ana", key="ana", card=Card(title="About ana")))
    meanwhile = held_up(office, street, office.person("cy"), ana)
    assert "own" in meanwhile
    assert ("ana" in meanwhile) is arrived
    office.deliver_all(office.sender(street))
    assert street.keys().count("ana") == 1
    assert office.row("ana").state is OutboxState.SENT


def test_what_has_not_arrived_is_written_anew_and_not_asked_again(office: Office) -> None:
    """Its look-up took long: what it says is read once more, and may be needed no longer."""
    unanswered(office, "ana", "bo")
    street = HeldStreet(held={"ana", "bo"})
    rendered = list[str]()
    office.on_render = rendered.append

    async def story() -> None:
        street.let_go = asyncio.Event()
        lane = asyncio.create_task(office.sender(street).deliver_due())
        await until(lambda: {"ana", "bo"} <= set(street.asked), lane)
        office.clock.move(12)
        office.hidden.add("bo")
        street.let_go.set()
        await lane

    asyncio.run(story())
    assert (street.keys(), sorted(street.asked)) == (["ana"], ["ana", "bo"])
    assert office.row("bo").state is OutboxState.DROPPED
    assert rendered.count("ana") > 1


def test_however_many_look_ups_hang_others_go_and_few_are_begun(office: Office) -> None:
    keys = [f"k{number}" for number in range(TOGETHER + 5)]
    unanswered(office, *keys)
    office.owe("own", office.person("bo"))
    street = HeldStreet(held={*keys})
    cy = office.person("cy")
    begun: list[int] = []

    async def count(_: str) -> None:
        begun.append(len(street.asked))

    street.on_post = count
    meanwhile = held_up(office, street, cy, waits_for="own")
    assert set(meanwhile) == {"own", f"urgent {cy}"}
    assert max(begun[:2]) <= AT_A_TIME
    assert sorted(street.keys()) == sorted([*meanwhile, *keys])


def test_an_address_that_is_looked_for_holds_up_nobody(office: Office) -> None:
    office.owe("ana", office.person("ana", slack_id=None))
    street = HeldStreet(held={"ana@example.org"}, accounts={"ana@example.org": "U-ana"})
    held_up(office, street, office.person("cy"))
    assert street.keys()[1:] == ["ana"]


def test_a_question_whether_an_account_is_open_holds_up_nobody(office: Office) -> None:
    office.owe("ana", office.person("ana"))
    street = HeldStreet(held={"U-ana"}, asks_for_accounts=True)
    held_up(office, street, office.person("cy"))
    assert street.keys()[1:] == ["ana"]
    assert street.asked.count("U-ana") == 1


def test_a_file_that_is_handed_over_holds_up_nobody(office: Office) -> None:
    name = office.owe_report("report", office.person("ana"))
    street = HeldStreet(held={"file"})
    held_up(office, street, office.person("cy"))
    assert street.shown == [("U-ana", name)]


def test_told_to_stop_it_breaks_off_what_it_finds_out(office: Office) -> None:
    unanswered(office, "ana")
    street = HeldStreet(held={"ana"})
    sender = office.sender(street)

    async def story() -> None:
        street.let_go = asyncio.Event()
        lane = asyncio.create_task(sender.deliver_due())
        await until(lambda: street.asked == ["ana"], lane)
        sender.stop()
        await asyncio.wait_for(lane, 5)

    asyncio.run(story())
    assert (street.keys(), office.row("ana").state) == ([], OutboxState.ATTEMPTED)
    office.deliver_all(office.sender(Street()))
    assert office.row("ana").state is OutboxState.SENT
