"""Messages go out in their order, urgent ones first, and no workspace waits for another."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.called import Called
from bot.delivery.backlog import Backlog, backlog
from bot.delivery.port import Posted, Undeliverable
from bot.delivery.sending import TOGETHER
from bot.delivery.timing import Timing
from handlers.cards import Card
from handlers.messages.of_mornings import your_day
from storage import addresses
from storage.database import transaction
from storage.outbox import OutboxState
from storage.scope import every_authority
from tests.bot.post_office import NORTH, START, Office, Street


@pytest.fixture
def office(engine: Engine) -> Office:
    return Office(engine=engine)


def test_a_message_is_sent_once_and_its_place_kept(office: Office) -> None:
    office.connect()
    office.owe("a", office.person("ana"))
    street = Street()
    sender = office.sender(street)
    assert office.deliver(sender) is False
    assert office.deliver(sender) is False
    assert [(m.address, m.card.title) for m in street.messages] == [("U-ana", "About a")]
    row = office.row("a")
    assert (row.state, row.sent_at, row.attempts, row.not_before) == (OutboxState.SENT, START, 1, None)
    assert (row.platform, row.workspace, row.channel, row.message) == ("slack", "T1", "D-U-ana", "m1")
    assert office.delivered == [("a", START)]
    assert (sender.counters.sent, sender.next_due()) == (1, None)


def test_urgent_messages_go_first_then_the_others_in_order(office: Office) -> None:
    office.connect()
    for key in ("a", "b", "c", "d"):
        office.owe(key, office.person(key), urgent=key in "cd")
    street = Street()
    office.deliver(office.sender(street))
    assert street.keys() == ["c", "d", "a", "b"]


def test_an_urgent_message_owed_meanwhile_goes_after_the_few_that_are_on_their_way(office: Office) -> None:
    office.connect()
    late = office.person("late")
    office.owe_all([(f"k{one}", office.person(f"p{one}")) for one in range(TOGETHER + 5)])

    async def owe_urgently(key: str) -> None:
        if key == "k0":
            await asyncio.to_thread(office.owe, "urgent", late, urgent=True)

    street = Street(on_post=owe_urgently)
    office.deliver(office.sender(street))
    assert street.keys().index("urgent") == TOGETHER


def test_a_message_without_an_answer_holds_up_neither_urgent_ones_nor_others(office: Office) -> None:
    """Two hang; what is owed meanwhile leaves, and what hangs is written down when it has its answer."""
    office.connect()
    for key in ("hangs", "hangs too", "a"):
        office.owe(key, office.person(key))
    late, others = office.person("late"), [office.person(f"p{one}") for one in range(3)]

    async def story() -> None:
        answered = asyncio.Event()

        async def hang(key: str) -> None:
            if key.startswith("hangs"):
                await answered.wait()

        street = Street(on_post=hang)
        lane = asyncio.create_task(office.sender(street, timing=Timing(together=0.05)).deliver_due())
        await until(lambda: street.keys() == ["a"], lane)
        await asyncio.to_thread(office.owe, "urgent", late, urgent=True)
        for number, person in enumerate(others):
            await asyncio.to_thread(office.owe, f"b{number}", person)
        await until(lambda: len(street.keys()) == 5, lane)
        assert street.keys()[:2] == ["a", "urgent"]
        states = [office.row(key).state for key in ("hangs", "a")]
        assert states == [OutboxState.ATTEMPTED, OutboxState.SENT]
        answered.set()
        await lane

    asyncio.run(story())
    assert {office.row(key).state for key in ("hangs", "hangs too", "urgent", "b2")} == {OutboxState.SENT}


def test_what_is_heard_of_the_workspace_while_a_turn_ends_holds_too(office: Office) -> None:
    """One is told to wait for five seconds; another, on its way meanwhile, for a minute."""
    office.connect()
    for key in ("hangs", "a"):
        office.owe(key, office.person(key))
    refusals = {"hangs": 60, "a": 5}
    street = Street(before={key: [Undeliverable("Slow down.", retry_after=wait)] for key, wait in refusals.items()})
    sender = office.sender(street, timing=Timing(together=0.05))

    async def story() -> None:
        answered = asyncio.Event()

        async def hang(key: str) -> None:
            if key == "hangs":
                await answered.wait()

        street.on_post = hang
        lane = asyncio.create_task(sender.deliver_due())
        await until(lambda: not street.before["a"], lane)
        await asyncio.wait({lane}, timeout=0.2)
        answered.set()
        await lane

    asyncio.run(story())
    assert sender.next_due() == START + timedelta(seconds=60)
    office.clock.move(59)
    office.deliver(office.sender(street))
    assert street.keys() == []
    office.clock.move(1)
    office.deliver(sender)
    assert sorted(street.keys()) == ["a", "hangs"]


@dataclass(kw_only=True)
class SlowStreet(Street):
    """A platform that is asked whether accounts are open, and takes five seconds to answer about some."""

    office: Office
    slow: set[str]
    came: dict[str, datetime] = field(default_factory=dict)

    @property
    def called(self) -> Called:
        return Called(name=self.name, label="Slack", takes_for_closed=True)

    async def check(self, *, workspace: str, address: str) -> None:
        """Every account is open."""
        if address in self.slow:
            self.office.clock.move(5)

    async def post(self, *, workspace: str, address: str, card: Card, key: str) -> Posted:
        self.came[key] = self.office.clock.now
        return await super().post(workspace=workspace, address=address, card=card, key=key)


@pytest.mark.parametrize("is_known", [True, False])
def test_an_urgent_message_waits_for_no_answer_about_others(office: Office, is_known: bool) -> None:
    office.connect()
    office.owe_all([(key, office.person(key)) for key in ("a", "b")])
    urgent = office.person("urgent")
    office.owe("urgent", urgent, urgent=True)
    if is_known:
        with transaction(office.engine, NORTH) as session:
            addresses.are_open(session, {urgent: "U-urgent"}, "slack", "T1", START)
    street = SlowStreet(office=office, slow={"U-a"})
    office.deliver_all(office.sender(street))
    assert street.came["urgent"] == START
    assert sorted(street.keys()) == ["a", "b", "urgent"]


async def until(holds: Callable[[], bool], lane: asyncio.Task[bool]) -> None:
    """Wait for it while the lane is at work."""
    for _ in range(500):
        if holds():
            return
        await asyncio.wait({lane}, timeout=0.01)
    raise AssertionError("It never came to that.")


def test_what_somebody_did_goes_before_what_fell_due_and_that_before_the_mornings_of_many(office: Office) -> None:
    office.connect()
    for number in range(2):
        office.owe(f"morning{number}", office.person(f"m{number}"), kind=your_day.name)
    for number in range(2):
        office.owe(f"due{number}", office.person(f"d{number}"), held_until=START)
    office.owe("act", office.person("ana"))
    office.owe("urgent", office.person("bo"), urgent=True)
    street = Street()
    office.deliver(office.sender(street))
    assert street.keys() == ["urgent", "act", "due0", "due1", "morning0", "morning1"]


def test_one_person_gets_a_message_a_second_and_others_do_not_wait_for_that(office: Office) -> None:
    office.connect()
    ana, bo = office.person("ana"), office.person("bo")
    for key, person in (("a1", ana), ("a2", ana), ("a3", ana), ("b1", bo)):
        office.owe(key, person)
    street = Street()
    sender = office.sender(street)
    office.deliver(sender)
    assert street.keys() == ["a1", "b1"]
    assert sender.next_due() == START + timedelta(seconds=1)
    office.deliver_all(sender)
    assert street.keys() == ["a1", "b1", "a2", "a3"]
    assert office.row("a3").sent_at == START + timedelta(seconds=2)


def test_more_than_a_page_of_messages_to_one_person_does_not_hide_the_others(office: Office) -> None:
    office.connect()
    ana, bo = office.person("ana"), office.person("bo")
    for number in range(60):
        office.owe(f"a{number}", ana)
    office.owe("b", bo)
    street = Street()
    office.deliver(office.sender(street))
    assert street.keys() == ["a0", "b"]


def test_a_limited_workspace_waits_as_long_as_asked_and_the_other_goes_on(office: Office) -> None:
    office.connect("T1")
    office.connect("T2", authority="southmoor")
    for key in ("a", "b"):
        office.owe(key, office.person(key))
        office.owe(key, office.person(key, authority="southmoor"), authority="southmoor")
    street = Street(closed={"T1": Undeliverable("Slack asked to slow down.", retry_after=30)})
    sender = office.sender(street)
    office.deliver(sender)
    assert (street.keys("T1"), street.keys("T2")) == ([], ["a", "b"])
    assert (office.row("a").state, office.row("a").attempts) == (OutboxState.OWED, 0)
    assert sender.next_due() == START + timedelta(seconds=30)
    street.closed.clear()
    office.clock.move(29)
    office.deliver(office.sender(street))
    assert street.keys("T1") == []
    office.clock.move(1)
    office.deliver(sender)
    assert street.keys("T1") == ["a", "b"]


def test_a_slow_workspace_does_not_hold_up_another(office: Office) -> None:
    office.connect("T1")
    office.connect("T2", authority="southmoor")
    office.owe("slow", office.person("ana"))
    office.owe("quick", office.person("bo", authority="southmoor"), authority="southmoor")

    async def story() -> None:
        answered, quick = asyncio.Event(), asyncio.Event()

        async def hang(key: str) -> None:
            if key == "slow":
                await answered.wait()
            elif key == "later":
                quick.set()

        street = Street(on_post=hang)
        sender = office.sender(street)
        first = asyncio.create_task(sender.deliver_due())
        while not street.keys("T2"):
            await asyncio.wait({first}, timeout=0.01)
        bo = await asyncio.to_thread(office.person, "cy", authority="southmoor")
        await asyncio.to_thread(office.owe, "later", bo, authority="southmoor")
        assert await sender.deliver_due() is False
        await asyncio.wait_for(quick.wait(), 5)
        await asyncio.to_thread(office.owe, "behind", await asyncio.to_thread(office.person, "dee"))
        assert await sender.deliver_due() is False
        assert street.keys("T1") == []
        answered.set()
        await first
        assert street.keys("T1") == ["slow", "behind"], "the busy lane was told to look again"

    asyncio.run(story())


def test_a_message_no_longer_needed_is_dropped(office: Office) -> None:
    office.connect()
    office.owe("a", office.person("ana"))
    office.hidden.add("a")
    street = Street()
    sender = office.sender(street)
    office.deliver(sender)
    assert street.messages == []
    assert (office.row("a").state, sender.counters.dropped) == (OutboxState.DROPPED, 1)


def test_without_a_workspace_messages_wait_and_are_counted(office: Office) -> None:
    office.connect("T2", authority="southmoor")
    office.owe("a", office.person("ana"))
    street = Street()
    office.deliver(office.sender(street))
    assert street.messages == []
    with transaction(office.engine, None, writes=False) as session, every_authority(session):
        assert backlog(session, {"slack"}) == Backlog(waiting=1, stranded=1, oldest_owed_at=START, failures={})
    office.connect("T1")
    office.deliver(office.sender(street))
    assert street.keys() == ["a"]


def test_a_sender_told_to_stop_ends_after_the_message_it_is_at(office: Office) -> None:
    office.connect()
    for key in ("a", "b"):
        office.owe(key, office.person(key))
    street = Street()
    sender = office.sender(street)

    async def stop(_: str) -> None:
        sender.stop()

    street.on_post = stop
    assert office.deliver(sender) is True
    assert street.keys() == ["a"]
    assert [office.row(key).state for key in "ab"] == [OutboxState.SENT, OutboxState.OWED]
    street.on_post = None
    office.deliver(office.sender(street))
    assert street.keys() == ["a", "b"], "the lease was given back"
