"""What goes as one message arrives once, whatever fails on the way, and each of its rows has its own fate."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.delivery.port import Unanswered, Undeliverable
from handlers.cards import Card
from storage import outbox
from storage.database import transaction
from storage.live_messages import overtake
from storage.outbox import Outbox, OutboxState
from tests.bot.post_office import NORTH, START, BlindStreet, Crash, Office, Street

KEYS = ("a", "b", "c")


@pytest.fixture
def office(engine: Engine) -> Office:
    """Three messages to one person, about three concerns, that go together."""
    office = Office(engine=engine)
    office.connect()
    ana = office.person("ana")
    office.owe("a", ana, concern_id=office.concern(ana), kind="quiet")
    for number, key in enumerate(KEYS[1:], 13):
        join(office, key, number)
    return office


def join(office: Office, key: str, number: int) -> None:
    first = office.row("a")
    concern_id = office.concern(first.person_id, number)
    office.owe(key, first.person_id, concern_id=concern_id, kind="quiet", bundle_id=first.id)


def states(office: Office) -> list[OutboxState]:
    return [office.row(key).state for key in KEYS]


def lines(card: Card) -> list[str]:
    return [line.text for line in card.lines]


def test_they_arrive_as_one_message_and_each_is_proved(office: Office) -> None:
    street = Street()
    sender = office.sender(street)
    office.deliver_all(sender)
    (message,) = street.messages
    assert (message.key, lines(message.card)) == ("a", ["About a", "About b", "About c"])
    assert [len(line.buttons) for line in message.card.lines] == [1, 1, 1]
    assert {(office.row(key).state, office.row(key).message, office.row(key).sent_at) for key in KEYS} == {
        (OutboxState.SENT, "m1", START)
    }
    assert office.delivered == [(key, START) for key in KEYS]
    assert [(live.subject, live.title, live.message) for live in office.lives()] == [
        (f"concern:{office.row(key).concern_id}", f"About {key}", "m1") for key in KEYS
    ]
    assert sender.counters.sent == 3


def test_killed_between_posting_and_marking_nothing_is_lost_or_doubled(office: Office) -> None:
    street = Street(after={"a": [Crash()]})
    with pytest.raises(Crash):
        office.deliver(office.sender(street))
    assert set(states(office)) == {OutboxState.ATTEMPTED}
    office.clock.move(200)
    office.deliver_all(office.sender(street))
    assert (street.looked_up, street.keys()) == (["a"], ["a"])
    assert set(states(office)) == {OutboxState.SENT}
    assert office.delivered == [(key, START) for key in KEYS]
    assert [live.message for live in office.lives()] == ["m1"] * 3


def test_killed_before_posting_all_of_it_is_sent(office: Office) -> None:
    street = Street(before={"a": [Crash()]})
    with pytest.raises(Crash):
        office.deliver(office.sender(street))
    office.clock.move(200)
    office.deliver_all(office.sender(street))
    assert [lines(message.card) for message in street.messages] == [["About a", "About b", "About c"]]
    assert set(states(office)) == {OutboxState.SENT}


def test_one_that_joins_while_the_message_is_written_goes_with_it(office: Office) -> None:
    def joined(key: str) -> None:
        if key == "c":
            office.on_render = None
            join(office, "d", 20)

    office.on_render = joined
    street = Street()
    office.deliver_all(office.sender(street))
    assert [lines(message.card) for message in street.messages] == [[f"About {key}" for key in "abcd"]]
    assert office.row("d").state is OutboxState.SENT


def test_one_that_joins_in_a_transaction_that_ends_late_goes_with_it_too(office: Office) -> None:
    """The attempt waits for it, and on PostgreSQL does not overlook what it could not see when it began to wait."""
    ana, begun = office.row("a").person_id, threading.Event()
    concern_id = office.concern(ana, 20)

    def join_slowly() -> None:
        with transaction(office.engine, NORTH) as session:
            first, *_ = outbox.joinable(session, "quiet", [ana], START - timedelta(hours=1), START, 7)
            session.add(
                Outbox(
                    authority=NORTH,
                    key="d",
                    kind="quiet",
                    person_id=ana,
                    concern_id=concern_id,
                    owed_at=START,
                    bundle_id=first.id,
                )
            )
            session.flush()
            begun.set()
            time.sleep(0.2)

    late = threading.Thread(target=join_slowly)

    def joined(key: str) -> None:
        if key == "c":
            office.on_render = None
            late.start()
            assert begun.wait(10)

    office.on_render = joined
    street = Street()
    office.deliver_all(office.sender(street))
    late.join()
    assert [lines(message.card) for message in street.messages] == [[f"About {key}" for key in "abcd"]]


def test_one_that_joins_what_is_just_dropped_is_sent(office: Office) -> None:
    def joined(key: str) -> None:
        if key == "c":
            office.on_render = None
            join(office, "d", 20)

    office.hidden, office.on_render = set(KEYS), joined
    street = Street()
    office.deliver_all(office.sender(street))
    assert street.keys() == ["d"]
    assert set(states(office)) == {OutboxState.DROPPED}


def test_what_is_no_longer_needed_is_left_out_even_the_first(office: Office) -> None:
    office.hidden.add("a")
    street = Street()
    sender = office.sender(street)
    office.deliver_all(sender)
    assert [(one.key, lines(one.card)) for one in street.messages] == [("b", ["About b", "About c"])]
    assert states(office) == [OutboxState.DROPPED, OutboxState.SENT, OutboxState.SENT]
    assert (sender.counters.dropped, sender.counters.sent) == (1, 2)


def test_where_one_is_left_it_is_as_it_would_be_alone(office: Office) -> None:
    office.hidden |= {"a", "b"}
    street = Street()
    office.deliver_all(office.sender(street))
    (message,) = street.messages
    assert (message.card.title, message.card.lines, len(message.card.buttons)) == ("About c", (), 1)


def test_where_none_is_needed_nothing_is_sent(office: Office) -> None:
    office.hidden |= set(KEYS)
    street = Street()
    office.deliver_all(office.sender(street))
    assert street.messages == []
    assert set(states(office)) == {OutboxState.DROPPED}


def test_one_that_cannot_be_written_keeps_the_others_from_nothing(office: Office) -> None:
    office.poison.add("b")
    street = Street()
    office.deliver_all(office.sender(street), until=60)
    assert [lines(message.card) for message in street.messages] == [["About a", "About c"]]
    assert states(office) == [OutboxState.SENT, OutboxState.OWED, OutboxState.SENT]
    office.poison.clear()
    office.deliver_all(office.sender(street))
    assert street.keys() == ["a", "b"]


def test_refused_for_good_each_is_told_of(office: Office) -> None:
    street = Street(before={"a": [Undeliverable("Gone.", permanent=True)]})
    sender = office.sender(street)
    office.deliver_all(sender)
    assert set(states(office)) == {OutboxState.FAILED}
    assert office.undeliverable == [(key, "Gone.") for key in KEYS]
    assert sender.counters.failed == 3


def test_put_off_they_stay_together(office: Office) -> None:
    street = Street(before={"a": [Undeliverable("Not now."), Undeliverable("Slow down.", retry_after=5)]})
    office.deliver_all(office.sender(street))
    assert [lines(message.card) for message in street.messages] == [["About a", "About b", "About c"]]
    assert set(states(office)) == {OutboxState.SENT}


def test_where_nobody_can_tell_it_is_sent_once_more_and_marked(office: Office) -> None:
    street = BlindStreet(after={"a": [Unanswered()]})
    office.deliver_all(office.sender(street))
    assert [message.card.title for message in street.messages] == ["About a", "About a (repeated)"]
    assert set(states(office)) == {OutboxState.SENT}


def test_only_what_is_overtaken_shrinks(office: Office) -> None:
    street = Street()
    sender = office.sender(street)
    office.deliver_all(sender)
    for key, shown in (("b", ["About a", "Earlier: About b", "About c"]), ("a", None), ("c", None)):
        with transaction(office.engine, NORTH) as session:
            overtake(session, f"concern:{office.row(key).concern_id}", START)
        office.deliver_all(sender)
        if shown is not None:
            assert [[line.text for line in card.lines] for card in street.redrawn] == [shown]
            assert [len(line.buttons) for line in street.redrawn[-1].lines] == [1, 0, 1]
    assert [(place, title) for place, title in street.updated] == [
        ("m1", "About a"),
        ("m1", "About c"),
        ("m1", "Earlier: About a"),
    ]
    assert lines(street.redrawn[1]) == ["", "Earlier: About a", "Earlier: About b"]
    assert lines(street.redrawn[2]) == ["Earlier: About b", "Earlier: About c"]
    assert [live.shrunk_at for live in office.lives()] == [START] * 3
