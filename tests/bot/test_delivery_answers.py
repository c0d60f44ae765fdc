"""What platforms answer is counted by its kind, for the metrics."""

import pytest
from sqlalchemy import Engine

from bot.delivery.faults import Fault
from bot.delivery.port import FileRefused, Unanswered, Undeliverable
from tests.bot.post_office import FileStreet, Office


@pytest.fixture
def office(engine: Engine) -> Office:
    office = Office(engine=engine)
    office.connect()
    return office


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
    assert {fault for platform, fault in sender.faults if platform == "slack"} == {*Fault}
