"""A message whose answer is lost is looked up before it is sent again, and two senders never send the same one."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.delivery import lease
from bot.delivery.lanes import Lane
from bot.delivery.port import Unanswered, Undeliverable
from bot.delivery.timing import Timing
from storage import addresses
from storage.connections import Connection
from storage.database import transaction
from storage.outbox import OutboxState
from tests.bot.post_office import NORTH, START, BlindStreet, Crash, Office, Street

LANE = Lane(authority=NORTH, platform="slack", workspace="T1")


@pytest.fixture
def office(engine: Engine) -> Office:
    office = Office(engine=engine)
    office.connect()
    return office


def crash(office: Office, street: Street) -> None:
    """Send with a process that is killed on the way."""
    with pytest.raises(Crash):
        office.deliver(office.sender(street))


def test_killed_between_posting_and_marking_it_is_found_and_not_sent_again(office: Office) -> None:
    ana = office.person("ana")
    office.owe("a", ana, concern_id=office.concern(ana))
    street = Street(after={"a": [Crash()]})
    crash(office, street)
    assert office.row("a").state is OutboxState.ATTEMPTED
    office.clock.move(44)
    sender = office.sender(street)
    office.deliver(sender)
    assert (street.looked_up, street.keys()) == ([], ["a"]), "it may still be accepted late"
    office.deliver_all(sender)
    assert (street.looked_up, street.keys()) == (["a"], ["a"])
    row = office.row("a")
    assert (row.state, row.message, row.sent_at) == (OutboxState.SENT, "m1", START)
    assert office.delivered == [("a", START)], "it was delivered when it was posted, not when it was found"
    assert (sender.counters.found, sender.counters.repeated) == (1, 0)
    assert [live.message for live in office.lives()] == ["m1"]


def test_killed_before_posting_it_is_sent_without_a_mark(office: Office) -> None:
    office.owe("a", office.person("ana"))
    street = Street(before={"a": [Crash()]})
    crash(office, street)
    office.clock.move(200)
    office.deliver(office.sender(street))
    assert [(message.key, message.card.title) for message in street.messages] == [("a", "About a")]


def test_an_unanswered_message_lets_the_others_go_on_and_is_looked_up_later(office: Office) -> None:
    for key in ("a", "b", "c"):
        office.owe(key, office.person(key))
    street = Street(after={"a": [Unanswered()]}, before={"b": [Unanswered()]})
    sender = office.sender(street)
    office.deliver(sender)
    assert street.keys() == ["a", "c"]
    assert sender.next_due() == START + timedelta(seconds=45)
    office.deliver_all(sender)
    assert street.keys() == ["a", "c", "b"]
    assert (sender.counters.ambiguous, sender.counters.found, sender.counters.repeated) == (2, 1, 0)


def test_where_nothing_can_be_looked_up_it_is_sent_once_more_and_marked(office: Office) -> None:
    office.owe("a", office.person("ana"))
    street = BlindStreet(after={"a": [Unanswered()]})
    sender = office.sender(street)
    office.deliver_all(sender)
    assert [message.card.title for message in street.messages] == ["About a", "About a (repeated)"]
    assert office.row("a").repeated
    assert (sender.counters.sent, sender.counters.repeated, street.looked_up) == (1, 1, [])


def test_a_repeat_that_has_to_wait_is_still_marked(office: Office) -> None:
    office.owe("a", office.person("ana"))
    street = BlindStreet(after={"a": [Unanswered()]})
    sender = office.sender(street)
    office.deliver(sender)
    street.before["a"] = [Undeliverable("Slow down.", retry_after=5), Undeliverable("Not now.")]
    office.deliver_all(sender)
    assert [message.card.title for message in street.messages] == ["About a", "About a (repeated)"]


def test_without_an_answer_twice_it_is_not_sent_a_third_time(office: Office) -> None:
    office.owe("a", office.person("ana"))
    street = BlindStreet(after={"a": [Unanswered(), Unanswered()]})
    office.deliver_all(office.sender(street))
    assert len(street.messages) == 2
    assert office.row("a").state is OutboxState.FAILED
    assert [reason for _, reason in office.undeliverable] == [
        "The platform gave no answer twice: nobody knows whether the message arrived."
    ]


def test_a_doubtful_message_is_not_sent_while_it_cannot_be_looked_up(office: Office) -> None:
    office.owe("a", office.person("ana"))
    faults = [Undeliverable("Later."), Undeliverable("Slow down.", retry_after=60)]
    street = Street(after={"a": [Unanswered()]}, find_faults=list(faults))
    office.deliver_all(office.sender(street))
    assert (street.looked_up, street.keys()) == (["a"] * 3, ["a"])
    assert office.row("a").state is OutboxState.SENT


@pytest.mark.slow
def test_a_doubtful_message_that_can_never_be_looked_up_fails_in_the_end(office: Office) -> None:
    office.owe("a", office.person("ana"))
    faults = [Undeliverable("Later.") for _ in range(99)]
    street = Street(before={"a": [Unanswered()]}, find_faults=list(faults))
    office.deliver_all(office.sender(street), until=60 * 3600)
    assert street.messages == []
    assert office.undeliverable == [("a", "Nobody can tell whether it arrived: Later.")]


def test_a_message_attempted_in_a_removed_workspace_goes_out_marked_in_the_next(office: Office) -> None:
    ana = office.person("ana")
    office.owe("a", ana)
    street = Street(after={"a": [Unanswered()]})
    office.deliver(office.sender(street))
    with transaction(office.engine, NORTH) as session:
        session.exec(select(Connection)).one().removed_at = START
        addresses.link(session, ana, "slack", "T2", "U-ana-there")
    office.connect("T2")
    office.clock.move(60)
    office.deliver(office.sender(street))
    there = [(m.address, m.card.title) for m in street.messages if m.workspace == "T2"]
    assert there == [("U-ana-there", "About a (repeated)")]


def test_a_message_found_late_gives_way_to_a_later_one(office: Office) -> None:
    ana = office.person("ana")
    concern = office.concern(ana)
    street = Street(after={"first": [Unanswered()]})
    sender = office.sender(street)
    office.owe("first", ana, concern_id=concern)
    office.deliver(sender)
    office.clock.move(10)
    office.owe("second", ana, concern_id=concern)
    office.deliver(sender)
    office.deliver_all(sender)
    assert street.updated == [("m1", "Earlier: About first")]
    assert [live.message for live in office.lives() if live.overtaken_at is None] == ["m2"]


def test_mere_news_posted_meanwhile_leaves_a_message_found_late_its_buttons(office: Office) -> None:
    ana = office.person("ana")
    concern = office.concern(ana)
    office.mere_news.add("news")
    street = Street(after={"asked": [Unanswered()]})
    sender = office.sender(street)
    office.owe("asked", ana, concern_id=concern)
    office.deliver(sender)
    office.clock.move(10)
    office.owe("news", ana, concern_id=concern)
    office.deliver_all(sender)
    assert street.updated == []
    assert [live.title for live in office.lives() if live.overtaken_at is None] == ["About news", "About asked"]


@pytest.mark.parametrize("fault", ["overtakes second", ""])
def test_a_message_that_may_ask_less_than_the_one_before_takes_nothing_away(office: Office, fault: str) -> None:
    """It is mere news, or nobody can tell since a handler fails over it; it goes out all the same."""
    ana = office.person("ana")
    concern = office.concern(ana)
    (office.poison if fault else office.mere_news).add(fault or "second")
    street = Street()
    for key in ("first", "second"):
        office.owe(key, ana, concern_id=concern)
    office.deliver_all(office.sender(street))
    assert (street.keys(), street.updated) == (["first", "second"], [])
    office.owe("third", ana, concern_id=concern)
    office.deliver_all(office.sender(street))
    assert [title for _, title in street.updated] == ["Earlier: About first", "Earlier: About second"]


def test_a_clock_put_back_does_not_make_the_newest_message_the_older_one(office: Office) -> None:
    ana = office.person("ana")
    concern = office.concern(ana)
    street = Street()
    sender = office.sender(street)
    office.owe("first", ana, concern_id=concern)
    office.deliver(sender)
    office.clock.now -= timedelta(hours=2)
    office.clock.seconds += 10
    office.owe("second", ana, concern_id=concern)
    office.deliver_all(sender)
    assert street.updated == [("m1", "Earlier: About first")]


def test_two_senders_on_one_store_send_every_message_once(office: Office) -> None:
    keys = [f"k{number}" for number in range(12)]
    for key in keys:
        office.owe(key, office.person(key))

    async def give_way(_: str) -> None:
        for _turn in range(5):
            await asyncio.to_thread(int)

    street = Street(on_post=give_way)
    senders = [office.sender(street), office.sender(street)]

    async def both() -> None:
        await asyncio.gather(*(sender.deliver_due() for sender in senders))

    asyncio.run(both())
    for sender in senders:
        office.deliver_all(sender)
    assert sorted(street.keys()) == sorted(keys)
    assert sum(sender.counters.sent for sender in senders) == len(keys)


def test_a_leased_workspace_is_left_alone_until_the_lease_runs_out(office: Office) -> None:
    office.owe("a", office.person("ana"))
    with transaction(office.engine, None) as session:
        assert lease.take(session, LANE, "another", START, 120)
    street = Street()
    sender = office.sender(street)
    office.clock.move(119)
    office.deliver(sender)
    assert street.messages == []
    assert sender.next_due() == START + timedelta(seconds=120)
    office.clock.move(1)
    office.deliver(sender)
    assert street.keys() == ["a"]


def test_a_sender_stopped_for_half_its_lease_before_posting_posts_nothing_more(office: Office) -> None:
    """The pause falls between rendering and posting, as if the process had been suspended there."""
    for key in ("a", "b"):
        office.owe(key, office.person(key))

    def stop(key: str) -> None:
        office.clock.stopped_for = 61.0 if key == "b" else 0.0

    office.on_render = stop
    street = Street()
    sender = office.sender(street)
    assert office.deliver(sender) is True
    assert street.keys() == []
    assert [(office.row(key).state, office.row(key).attempts) for key in "ab"] == [(OutboxState.OWED, 0)] * 2
    office.on_render = None
    office.deliver(sender)
    assert street.keys() == ["a", "b"]


def test_a_sender_whose_workspace_was_taken_over_stops(office: Office) -> None:
    """It is stopped after posting for longer than its lease; another sender finds the message and sends the rest."""
    for key in ("a", "b"):
        office.owe(key, office.person(key))
    street = Street()
    first, second = office.sender(street), office.sender(street)

    async def stop(key: str) -> None:
        if key == "a":
            office.clock.move(121)
            await second.deliver_due()
            person = await asyncio.to_thread(office.person, "cy")
            await asyncio.to_thread(office.owe, "c", person)

    street.on_posted = stop
    assert office.deliver(first) is True
    assert street.keys() == ["a", "b"]
    assert (first.counters.sent, second.counters.sent, second.counters.found) == (0, 2, 1)
    assert office.row("c").state is OutboxState.OWED
    office.deliver(first)
    assert street.keys() == ["a", "b", "c"]


def test_a_short_lease_is_renewed_before_every_post(office: Office) -> None:
    for key in ("a", "b", "c"):
        office.owe(key, office.person(key))

    async def take_long(_: str) -> None:
        office.clock.move(40)

    street = Street(on_post=take_long)
    sender = office.sender(street, timing=Timing(lease=60))
    assert office.deliver(sender) is False
    assert street.keys() == ["a", "b", "c"]
