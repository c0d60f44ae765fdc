"""What a watchdog is told of delivery: how late messages leave, what platforms answer, since when something waits."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.delivery.backlog import oldest_undelivered
from bot.delivery.port import FileRefused, Unanswered, Undeliverable
from bot.delivery.watch import BOUNDS, Fault, Lateness
from storage.database import transaction
from storage.scope import every_authority
from tests.bot.post_office import START, FileStreet, Office, Street


@pytest.fixture
def office(engine: Engine) -> Office:
    office = Office(engine=engine)
    office.connect()
    return office


def test_lateness_is_counted_from_when_a_message_might_have_gone(office: Office) -> None:
    """One is held for an hour and then leaves at once; the platform refuses another for half a minute."""
    office.owe("held", office.person("ana"), held_until=START + timedelta(hours=1))
    office.owe("late", office.person("bo"))
    street = Street(before={"late": [Undeliverable("Not now.")]})
    sender = office.sender(street)
    office.deliver_all(sender)
    late = sender.watch.lateness
    assert street.keys() == ["late", "held"]
    assert (late.sent, late.total) == (2, 30.0)
    assert (late.quantile(0.0), late.quantile(0.99)) == (0.0, 30.0)
    assert late.counts[0] == late.counts[BOUNDS.index(30.0)] == 1


def test_before_anything_was_sent_there_is_no_lateness() -> None:
    late = Lateness()
    assert (late.sent, late.quantile(0.5)) == (0, None)
    late.add(timedelta(days=1))
    assert late.counts[-1] == 1


def test_what_a_platform_answers_is_counted_by_its_kind(office: Office) -> None:
    faults: dict[str, list[BaseException]] = {
        "a": [Undeliverable("Slow down.", retry_after=0)],
        "b": [Undeliverable("Gone.", gone=True)],
        "c": [Unanswered()],
        "d": [Undeliverable("No.", permanent=True)],
        "e": [Undeliverable("Revoked.", workspace=True)],
    }
    for key in faults:
        office.owe(key, office.person(key))
    office.owe_report("f", office.person("f"))
    street = FileStreet(before=faults, file_faults=[FileRefused("No files.")])
    sender = office.sender(street)
    office.deliver_all(sender)
    assert {fault for platform, fault in sender.watch.faults if platform == "slack"} == {*Fault}


def test_the_oldest_that_might_have_gone_is_named_and_what_is_held_is_not(office: Office) -> None:
    street = Street(closed={"T1": Undeliverable("Revoked.", workspace=True)})
    office.owe("held", office.person("ana"), held_until=START + timedelta(hours=1))
    assert oldest(office) is None
    office.clock.move(60)
    office.owe("a", office.person("bo"))
    office.deliver(office.sender(street))
    assert oldest(office) == START + timedelta(minutes=1)
    office.clock.move(3600)
    assert oldest(office) == START + timedelta(minutes=1)
    street.closed.clear()
    office.deliver_all(office.sender(street))
    assert oldest(office) is None


def oldest(office: Office) -> object:
    with transaction(office.engine, None, writes=False) as session, every_authority(session):
        return oldest_undelivered(session, office.clock.now)
