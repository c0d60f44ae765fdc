"""Messages with a file: made and handed over first, shown once, and never at the cost of other messages."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery.attaching import GIVEN_UP, NO_FILES
from bot.delivery.port import FileRefused, Unanswered, Undeliverable
from storage import addresses
from storage.database import transaction
from storage.outbox import OutboxState
from tests.bot.post_office import NORTH, BlindStreet, Crash, FileStreet, Office, Street
from tests.databases import sqlite_engine


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    for engine in sqlite_engine(tmp_path):
        office = Office(engine=engine)
        office.connect()
        yield office


def words(street: Street, key: str) -> str:
    (message,) = [one for one in street.messages if one.key == key]
    return "\n".join([message.card.title, *(line.text for line in message.card.lines)])


def test_the_file_is_shown_once_to_the_person_and_noted_on_the_message(office: Office) -> None:
    name = office.owe_report("k", office.person("ann"))
    street = FileStreet()
    sender = office.sender(street)
    office.deliver_all(sender)
    assert street.shown == [("U-ann", name)]
    assert street.messages == []
    row = office.row("k")
    assert row.state is OutboxState.SENT
    assert f'"file": "{name}"' in row.details
    assert [key for key, _ in office.delivered] == ["k"]


def test_it_is_drawn_off_the_event_loop_before_the_attempt_is_marked(office: Office) -> None:
    office.owe_report("k", office.person("ann"))
    street = FileStreet(hand_faults=[Crash()])
    with pytest.raises(Crash):
        office.deliver(office.sender(street))
    assert office.row("k").state is OutboxState.OWED
    assert office.drawn_in
    assert threading.main_thread().name not in office.drawn_in


def test_a_platform_without_files_sends_a_plain_message_that_names_the_other_ways(office: Office) -> None:
    office.owe_report("k", office.person("ann"))
    street = Street()
    office.deliver_all(office.sender(street))
    said = words(street, "k")
    assert NO_FILES in said
    assert "/iro report 2025-26" in said
    assert [one.deed for one in street.messages[0].card.buttons] == ["iro.report", "iro.figures"]
    assert '"file"' not in office.row("k").details
    assert office.drawn_in == [], "what nobody takes is not drawn"


@pytest.mark.parametrize("where", ["hand_faults", "file_faults"])
def test_a_file_that_is_refused_becomes_a_message_that_says_why(office: Office, where: str) -> None:
    office.owe_report("k", office.person("ann"))
    office.owe("next", office.person("ben"))
    street = FileStreet()
    getattr(street, where).append(FileRefused("It lacks files:write."))
    office.deliver_all(office.sender(street))
    assert "It lacks files:write." in words(street, "k")
    assert sorted(street.keys()) == ["k", "next"]
    assert street.shown == []
    assert (office.row("k").state, office.row("k").attempts) == (OutboxState.SENT, 1)
    assert office.sender(street).counters.failed == 0


@pytest.mark.parametrize("poison", ["gather k", "draw k"])
def test_a_file_that_cannot_be_made_holds_up_nobody_and_ends_in_a_sentence(office: Office, poison: str) -> None:
    office.poison.add(poison)
    office.owe_report("k", office.person("ann"))
    office.owe("next", office.person("ben"))
    street = FileStreet()
    sender = office.sender(street)
    office.deliver(sender)
    assert street.keys() == ["next"]
    office.deliver_all(sender)
    assert GIVEN_UP in words(street, "k")
    assert street.shown == []


def test_a_file_that_the_platform_does_not_take_is_tried_again_and_then_given_up(office: Office) -> None:
    office.owe_report("k", office.person("ann"))
    street = FileStreet(hand_faults=[Undeliverable("Not now.") for _ in range(2)])
    sender = office.sender(street)
    office.deliver_all(sender)
    assert len(street.shown) == 1
    office.owe_report("k2", office.person("ben"))
    street.hand_faults = [Undeliverable("Not now.") for _ in range(99)]
    began = office.clock.now
    office.deliver_all(sender)
    assert GIVEN_UP in words(street, "k2")
    assert office.clock.now - began < timedelta(minutes=15)


def test_being_asked_to_wait_with_a_file_lets_messages_go(office: Office) -> None:
    office.owe_report("k", office.person("ann"))
    office.owe("next", office.person("ben"))
    street = FileStreet(hand_faults=[Undeliverable("Slower.", retry_after=20)])
    sender = office.sender(street)
    office.deliver(sender)
    assert street.keys() == ["next"]
    assert sender.next_due() == office.clock.now + timedelta(seconds=20)
    office.deliver_all(sender)
    assert len(street.shown) == 1


def test_a_workspace_at_fault_waits_with_everything(office: Office) -> None:
    office.owe_report("k", office.person("ann"))
    office.owe("next", office.person("ben"))
    street = FileStreet(hand_faults=[Undeliverable("No token.", workspace=True)])
    street.closed["T1"] = Undeliverable("No token.", workspace=True)
    sender = office.sender(street)
    office.deliver(sender)
    assert street.keys() == []
    street.closed.clear()
    office.deliver_all(sender)
    assert street.keys() == ["next"]
    assert len(street.shown) == 1


@pytest.mark.parametrize("arrived", [True, False])
def test_without_an_answer_the_file_is_looked_up_and_shown_once(office: Office, arrived: bool) -> None:
    name = office.owe_report("k", office.person("ann"))
    lost: list[BaseException] = [Unanswered("gone")]
    street = FileStreet(file_losses=lost) if arrived else FileStreet(file_faults=lost)
    sender = office.sender(street)
    office.deliver(sender)
    assert sender.next_due() == office.clock.now + timedelta(seconds=120), "it may still be accepted late"
    office.deliver_all(sender)
    assert street.shown == [("U-ann", name)]
    assert name in street.looked_up
    assert office.row("k").state is OutboxState.SENT
    assert f'"file": "{name}"' in office.row("k").details
    assert (sender.counters.ambiguous, sender.counters.found) == (1, int(arrived))


@pytest.mark.parametrize("arrived", [True, False])
def test_a_process_killed_while_it_sends_neither_loses_nor_doubles_the_file(office: Office, arrived: bool) -> None:
    name = office.owe_report("k", office.person("ann"))
    street = FileStreet()
    (street.file_losses if arrived else street.file_faults).append(Crash())
    with pytest.raises(Crash):
        office.deliver(office.sender(street))
    assert office.row("k").state is OutboxState.ATTEMPTED
    office.deliver_all(office.sender(street))
    assert street.shown == [("U-ann", name)]


def test_someone_no_longer_entitled_is_not_told_it_was_not_sent_when_it_was(office: Office) -> None:
    name = office.owe_report("k", office.person("ann"))
    street = FileStreet(file_losses=[Unanswered("gone")])
    sender = office.sender(street)
    office.deliver(sender)
    office.hidden.add("k")  # no longer needed, as far as the rendering goes
    office.deliver_all(sender)
    assert street.shown == [("U-ann", name)]
    assert street.messages == []
    assert office.row("k").state is OutboxState.SENT


def test_where_files_cannot_be_looked_up_it_is_sent_once_more_and_marked(office: Office) -> None:
    office.owe_report("k", office.person("ann"))

    class BlindFiles(FileStreet, BlindStreet):
        pass

    street = BlindFiles(file_losses=[Unanswered("gone")])
    office.deliver_all(office.sender(street))
    assert len(street.shown) == 2
    assert office.row("k").repeated


def test_it_goes_to_the_platform_it_was_asked_for_on(office: Office) -> None:
    office.connect("M1", platform="teams")
    person = office.person("ann", teams_id="A-ann", prefers="teams")
    slack, teams = FileStreet(name="slack"), FileStreet(name="teams")
    office.owe_report("k1", person, on="slack")
    office.clock.move(1)
    office.owe_report("k2", person, on="teams")
    office.owe("plain", person)
    office.deliver_all(office.sender(slack, teams))
    assert [address for address, _ in slack.shown] == ["U-ann"]
    assert [address for address, _ in teams.shown] == ["A-ann"]
    assert teams.keys("M1") == ["plain"]


def test_without_an_account_there_any_more_it_goes_where_the_person_is(office: Office) -> None:
    office.connect("M1", platform="teams")
    person = office.person("ann", teams_id="A-ann")
    office.owe_report("k", person, on="slack")
    with transaction(office.engine, NORTH) as session:
        addresses.unlink(session, person, "slack", "T1")
    slack, teams = FileStreet(name="slack"), FileStreet(name="teams")
    office.deliver_all(office.sender(slack, teams))
    assert (len(slack.shown), len(teams.shown)) == (0, 1)


def test_someone_who_has_left_gets_no_file(office: Office) -> None:
    office.owe_report("k", office.person("ann", left_on=(office.clock.now - timedelta(days=2)).date()))
    street = FileStreet()
    office.deliver_all(office.sender(street))
    assert (street.shown, street.messages) == ([], [])
    assert office.row("k").state is OutboxState.FAILED
    assert office.drawn_in == []
