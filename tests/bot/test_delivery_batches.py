"""Messages are read, marked and written down together: few statements each, and nothing else is different by that."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session, col, select

from bot.called import Called
from bot.delivery.flights import AT_A_TIME
from bot.delivery.sending import TOGETHER
from handlers.cards import Card
from handlers.messages.knowing import know_what_is_told
from handlers.messages.sending import overtakes, render
from storage.database import transaction
from storage.outbox import Outbox, OutboxState
from storage.stage_runs import Addressee
from tests.bench import Bench, utc
from tests.bot.asked_council import ask_many, owe_again, sender_at
from tests.bot.post_office import NORTH, BlindStreet, Crash, ListedStreet, MovedClock, Office, Street
from tests.cast import AUTHORITY

A_MESSAGE = 8
"""Statements, all of them: reading, rendering, marking, and writing down what arrived and what follows from that."""
NOW = utc("2026-12-07", "10:00")
KINDS = ("moved", "extended", "overdue", "no reply", "undecided", "withdrawn", "for information", "replied")


@pytest.fixture
def office(engine: Engine) -> Office:
    office = Office(engine=engine)
    office.connect()
    return office


def test_a_message_of_twenty_takes_eight_statements_and_no_more_of_forty(engine: Engine) -> None:
    """Staff are as many as there are messages; that does not count either."""
    counted = {}
    bench, clock, street = Bench(engine, NOW), MovedClock(now=NOW), Street()
    sender = sender_at(bench, street, clock)
    for number in (TOGETHER, 2 * TOGETHER):
        ask_many(bench, number)
        before = len(street.messages)
        with heard(engine) as statements:
            asyncio.run(sender.deliver_due())
        counted[number] = len(statements)
        sent = street.messages[before:]
        assert len(sent) == number
        assert all(message.card.title.startswith("Please reply to C-") for message in sent)
        assert None not in delivered_at(bench)
        clock.move(5)
    assert counted[TOGETHER] <= A_MESSAGE * TOGETHER
    assert counted[2 * TOGETHER] <= 2 * counted[TOGETHER]


def test_what_is_written_with_others_is_what_would_be_written_alone(engine: Engine) -> None:
    bench = Bench(engine, NOW)
    ask_many(bench, 4)
    for kind in KINDS:
        owe_again(bench, kind, kind)
    with transaction(engine, AUTHORITY, writes=False) as session:
        rows = session.exec(select(Outbox).order_by(col(Outbox.id))).all()
        know_what_is_told(session, rows, NOW)
        together = [_written(session, row) for row in rows]
    alone = []
    for row in rows:
        with transaction(engine, AUTHORITY, writes=False) as session:
            alone.append(_written(session, row))
    assert alone == together
    assert {kind for kind, card, _ in alone if card is not None} >= {"needs reply", "moved", "extended"}


def test_who_dies_in_the_middle_of_a_set_doubles_and_loses_nothing(office: Office) -> None:
    """What was marked is looked up, and what did not arrive is sent."""
    keys = [f"k{one}" for one in range(12)]
    office.owe_all([(key, office.person(key)) for key in keys])
    street = Street()

    async def die(key: str) -> None:
        if int(key[1:]) >= 5:
            raise Crash

    street.on_post = die
    with pytest.raises(Crash):
        office.deliver(office.sender(street))
    assert street.keys() == keys[:5]
    assert office.row("k9").state is OutboxState.ATTEMPTED
    street.on_post = None
    office.clock.move(200)
    office.deliver_all(office.sender(street))
    assert sorted(street.keys()) == sorted(keys)
    assert {office.row(key).state for key in keys} == {OutboxState.SENT}
    assert not any(office.row(key).repeated for key in keys)


def test_answers_outlast_a_short_outage_of_the_database(office: Office) -> None:
    """It fails over all answers together and over the first alone; those of the others are kept, and that one too."""
    keys = [f"k{one}" for one in range(AT_A_TIME)]
    office.owe_all([(key, office.person(key)) for key in keys])
    street = BlindStreet()
    with outage(office.engine) as failures:

        async def break_down(_: str) -> None:
            if len(street.messages) == len(keys):
                failures.extend([ConnectionError(), ConnectionError()])

        street.on_posted = break_down
        office.deliver(office.sender(street))
        assert failures == []
    assert {office.row(key).state for key in keys} == {OutboxState.SENT}
    assert sorted(key for key, _ in office.delivered) == keys
    office.clock.move(200)
    office.deliver_all(office.sender(street))
    assert sorted(street.keys()) == keys
    assert not any("repeated" in message.card.title for message in street.messages)


def test_the_answer_of_a_message_sent_alone_outlasts_an_outage_too(office: Office) -> None:
    office.owe("a", office.person("ana", slack_id=None))
    street = ListedStreet(accounts={"ana@example.org": "U1"})
    with outage(office.engine) as failures:

        async def break_down(_: str) -> None:
            failures.append(ConnectionError())

        street.on_posted = break_down
        office.deliver(office.sender(street))
    assert (office.row("a").state, street.looked_up) == (OutboxState.SENT, [])


def test_where_nothing_can_be_looked_up_no_more_is_marked_than_is_on_its_way(office: Office) -> None:
    keys = [f"k{one}" for one in range(2 * AT_A_TIME)]
    office.owe_all([(key, office.person(key)) for key in keys])
    street = BlindStreet(before={key: [Crash()] for key in keys})
    with pytest.raises(Crash):
        office.deliver(office.sender(street))
    assert sum(office.row(key).state is OutboxState.ATTEMPTED for key in keys) <= AT_A_TIME


def test_what_follows_for_others_does_not_fail_with_one_of_them(office: Office) -> None:
    keys = [f"k{one}" for one in range(6)]
    office.owe_all([(key, office.person(key)) for key in keys])
    office.poison.add("delivered k3")
    office.deliver(office.sender(Street()))
    assert {key for key, _ in office.delivered} == {*keys} - {"k3"}
    assert {office.row(key).state for key in keys} == {OutboxState.SENT}
    assert "failed" in str(office.row("k3").failure)
    assert len(office.late) == len(keys), "each is noted once, although all were written down together at first"


def test_what_follows_may_fail_over_what_it_left_to_be_written(office: Office) -> None:
    """Left behind, it is written after the handler has ended."""
    keys = ["k0", "k1"]
    office.owe_all([(key, office.person(key)) for key in keys])
    office.leaves_unwritable.add("k0")
    street = Street()
    sender = office.sender(street)
    office.deliver(sender)
    assert [office.row(key).state for key in keys] == [OutboxState.SENT] * 2
    assert ("failed" in str(office.row("k0").failure), office.row("k1").failure) == (True, None)
    assert (street.looked_up, sender.counters.broken) == ([], 0)


def test_a_message_dropped_between_reading_and_marking_is_not_posted(office: Office) -> None:
    """The platform is asked about accounts between the two."""
    keys = [f"k{one}" for one in range(3)]
    office.owe_all([(key, office.person(key)) for key in keys])
    street = Dropping(office=office)
    office.deliver(office.sender(street))
    assert street.keys() == ["k0", "k2"]


def test_messages_that_take_long_to_write_go_some_at_a_time(office: Office) -> None:
    """Each takes 0.3 seconds, so an urgent one that is owed meanwhile waits for two of them and not for all."""
    keys = [f"k{one}" for one in range(6)]
    office.owe_all([(key, office.person(key)) for key in keys])
    late, street, seen = office.person("late"), Street(), list[str]()

    def take_long(key: str) -> None:
        seen.append(key)
        office.clock.move(0.3)

    async def owe_urgently(key: str) -> None:
        if key == "k0":
            await asyncio.to_thread(office.owe, "urgent", late, urgent=True)

    office.on_render, street.on_post = take_long, owe_urgently
    office.deliver(office.sender(street))
    assert street.keys() == ["k0", "k1", "urgent", *keys[2:]]
    assert sorted(seen) == sorted([*keys, "urgent"]), "none is written twice"


@dataclass(kw_only=True)
class Dropping(Street):
    """A platform that is asked about accounts; meanwhile a message is dropped."""

    office: Office

    @property
    def called(self) -> Called:
        return Called(name=self.name, label="Slack", takes_for_closed=True)

    async def check(self, *, workspace: str, address: str) -> None:
        """Every account is open."""
        with transaction(self.office.engine, NORTH) as session:
            row = session.exec(select(Outbox).where(Outbox.key == "k1")).one()
            row.state = OutboxState.DROPPED
            session.add(row)


def _written(session: Session, row: Outbox) -> tuple[str, Card | None, bool]:
    card = render(session, row, NOW)
    return row.kind, card, card is not None and overtakes(session, row, card, NOW)


def delivered_at(bench: Bench) -> Sequence[object]:
    """When it was proved of each that the message arrived."""
    with transaction(bench.engine, AUTHORITY, writes=False) as session:
        return session.exec(select(Addressee.delivered_at)).all()


@contextmanager
def outage(engine: Engine) -> Iterator[list[Exception]]:
    """Each error in the list is what the database answers once."""
    failures: list[Exception] = []

    def fail(*_: object) -> None:
        if failures:
            raise failures.pop(0)

    event.listen(engine, "before_cursor_execute", fail)
    yield failures
    event.remove(engine, "before_cursor_execute", fail)


@contextmanager
def heard(engine: Engine) -> Iterator[Sequence[str]]:
    """Every statement sent while it lasts."""
    found: list[str] = []

    def hear(*given: object) -> None:
        found.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", hear)
    yield found
    event.remove(engine, "before_cursor_execute", hear)
