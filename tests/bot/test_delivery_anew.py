"""An address that is gone: found once more, tried once more, and nothing lost or doubled on the way."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from bot.called import Called
from bot.delivery.port import Unanswered, Undeliverable
from storage import addresses
from storage.addresses import Address
from storage.database import transaction
from storage.history import History
from storage.outbox import Outbox, OutboxState
from tests.bot.post_office import NORTH, Crash, ListedStreet, Office, Street

GONE = "Nobody is there any more."
DAY = 24 * 3600.0


@dataclass(kw_only=True)
class MovedStreet(ListedStreet):
    """A platform on which accounts close; one that `takes_for_closed` takes messages to them all the same."""

    takes_for_closed: bool = False
    closed_accounts: set[str] = field(default_factory=set)
    check_faults: list[BaseException] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)

    @property
    def called(self) -> Called:
        return Called(name=self.name, label="Slack", takes_for_closed=self.takes_for_closed)

    async def check(self, *, workspace: str, address: str) -> None:
        self.checked.append(address)
        if self.check_faults:
            raise self.check_faults.pop(0)
        if address in self.closed_accounts:
            raise Undeliverable("The account is closed.", gone=True)


@pytest.fixture
def office(engine: Engine) -> Office:
    office = Office(engine=engine)
    office.connect()
    return office


def gone(times: int = 1) -> dict[str, list[BaseException]]:
    """The first message is refused so often, since its address is gone."""
    return {"a": [Undeliverable(GONE, gone=True) for _ in range(times)]}


def posted(street: Street) -> list[tuple[str, str, str]]:
    return [(one.key, one.address, one.card.title) for one in street.messages]


def account(office: Office, platform: str = "slack") -> str | None:
    with transaction(office.engine, NORTH, writes=False) as session:
        return session.exec(select(Address.account).where(Address.platform == platform)).one_or_none()


def test_it_is_tried_once_more_where_the_person_still_is_and_never_a_third_time(office: Office) -> None:
    ana = office.person("ana")
    office.owe("a", ana)
    street = MovedStreet(before=gone())
    office.deliver_all(office.sender(street))
    assert posted(street) == [("a", "U-ana", "About a")]
    assert office.row("a").attempts == 1, "the refused try is none"

    office.owe("b", ana)
    street.before = {"b": [Undeliverable(GONE, gone=True) for _ in range(9)]}
    sender = office.sender(street)
    office.deliver_all(sender)
    assert len(street.before["b"]) == 7
    assert (office.row("b").state, office.undeliverable) == (OutboxState.FAILED, [("b", GONE)])
    assert (sender.counters.failed, account(office)) == (1, "U-ana")


@pytest.mark.parametrize("found", ["U-anew", "U-ana", None])
def test_another_account_of_the_same_address_takes_the_place_of_the_closed_one(
    office: Office, found: str | None
) -> None:
    office.owe("a", office.person("ana"))
    street = MovedStreet(before=gone(), closed_accounts={"U-ana"})
    street.accounts = {"ana@example.org": found} if found else {}
    office.deliver_all(office.sender(street))
    if found != "U-anew":
        assert (posted(street), account(office)) == ([], "U-ana"), "whoever comes back is known"
        assert office.undeliverable == [("a", "The account is closed.")]
        return
    assert (posted(street), account(office)) == ([("a", "U-anew", "About a")], "U-anew")
    with transaction(office.engine, NORTH, writes=False) as session:
        assert [one.what for one in session.exec(select(History))] == ["linked anew to Slack"]


def test_whoever_is_known_elsewhere_too_is_told_there(office: Office) -> None:
    office.connect("M1", platform="teams")
    office.owe("a", office.person("ana", teams_id="M-ana"))
    slack, teams = MovedStreet(closed_accounts={"U-ana"}, before=gone()), Street(name="teams")
    office.deliver_all(office.sender(slack, teams))
    assert (posted(slack), posted(teams)) == ([], [("a", "M-ana", "About a")])
    assert (account(office), office.undeliverable) == (None, [])


def test_killed_between_forgetting_and_sending_again_nothing_is_lost_or_marked_as_repeated(office: Office) -> None:
    office.owe("a", office.person("ana"))
    street = MovedStreet(before=gone(2), check_faults=[Crash()])
    with pytest.raises(Crash):
        office.deliver(office.sender(street))
    assert (office.row("a").state, posted(street)) == (OutboxState.OWED, [])
    office.clock.move(121)  # the lease of the one killed runs out
    street.closed_accounts, street.accounts = {"U-ana"}, {"ana@example.org": "U-anew"}
    office.deliver_all(office.sender(street))
    assert posted(street) == [("a", "U-anew", "About a")]
    assert office.delivered == [("a", office.row("a").sent_at)]


def test_a_second_try_without_an_answer_is_looked_up_and_not_sent_again(office: Office) -> None:
    office.owe("a", office.person("ana"))
    street = MovedStreet(before=gone(), after={"a": [Unanswered()]})
    office.deliver_all(office.sender(street))
    assert (len(street.messages), street.looked_up, office.row("a").state) == (1, ["a"], OutboxState.SENT)


def test_what_cannot_be_asked_just_now_waits(office: Office) -> None:
    office.owe("a", office.person("ana"))
    street = MovedStreet(before=gone(), check_faults=[Undeliverable("Not now.")])
    sender = office.sender(street)
    office.deliver(sender)
    assert (office.row("a").state, posted(street)) == (OutboxState.OWED, [])
    office.deliver_all(sender)
    assert posted(street) == [("a", "U-ana", "About a")]


def test_where_closed_accounts_are_written_to_it_is_asked_once_a_day_whether_one_is_open(office: Office) -> None:
    ana = office.person("ana")
    street = MovedStreet(takes_for_closed=True)
    for key, seconds in (("a", 0.0), ("b", DAY - 60), ("c", 60.0)):
        office.clock.move(seconds)
        office.owe(key, ana)
        office.deliver_all(office.sender(street))
    assert (street.keys(), street.checked) == (["a", "b", "c"], ["U-ana", "U-ana"])

    street.closed_accounts = {"U-ana"}
    office.clock.move(DAY)
    office.owe("d", ana)
    office.deliver_all(office.sender(street))
    assert (street.keys(), office.undeliverable) == (["a", "b", "c"], [("d", "The account is closed.")])
    street.closed_accounts = set()
    office.owe("e", ana)
    office.deliver_all(office.sender(street))
    assert street.keys() == ["a", "b", "c", "e"], "a closed account is asked about each time"


def test_what_is_found_to_have_been_posted_to_a_closed_account_proves_nothing(office: Office) -> None:
    office.owe("a", office.person("ana"))
    street = MovedStreet(takes_for_closed=True, after={"a": [Unanswered()]})
    sender = office.sender(street)
    office.deliver(sender)
    street.closed_accounts = {"U-ana"}
    office.clock.move(DAY)
    office.deliver_all(sender)
    assert (office.delivered, office.row("a").state, len(street.messages)) == ([], OutboxState.FAILED, 1)


def test_a_message_in_doubt_goes_out_marked_once_its_reader_has_an_account_again(office: Office) -> None:
    def hourly(_session: Session, _row: Outbox, now: datetime) -> datetime:
        return now + timedelta(hours=1)

    ana = office.person("ana")
    office.owe("a", ana)
    street = MovedStreet(takes_for_closed=True, after={"a": [Unanswered()]})
    sender = office.sender(street, look_again=hourly)
    office.deliver(sender)
    street.closed_accounts = {"U-ana"}
    office.clock.move(DAY)
    office.deliver(sender)
    assert (office.row("a").state, len(street.messages), len(office.undeliverable)) == (OutboxState.FAILED, 1, 1)
    with transaction(office.engine, NORTH) as session:
        assert addresses.link_anew(session, ana, "slack", "T1", "U-ana-anew")
    office.clock.move(3600)
    office.deliver_all(sender)
    assert [one.card.title for one in street.messages] == ["About a", "About a (repeated)"]
    assert street.messages[-1].address == "U-ana-anew"
    assert (office.row("a").state, len(office.undeliverable)) == (OutboxState.SENT, 1)


def test_whoever_is_not_reached_is_looked_for_again_and_what_they_missed_comes_in_order(office: Office) -> None:
    def hourly(_: Session, row: Outbox, now: datetime) -> datetime | None:
        return None if row.key == "gone for good" else now + timedelta(hours=1)

    ana = office.person("ana", slack_id=None)
    keys = ("a", "gone for good", "b", "needed no more")
    for key in keys:
        office.owe(key, ana)
    street = MovedStreet()
    sender = office.sender(street, look_again=hourly)
    office.deliver(sender)
    assert [key for key, _ in office.undeliverable] == list(keys)
    office.clock.move(3600)
    office.deliver(sender)
    assert (len(office.undeliverable), sender.counters.failed) == (4, 4), "told of once"

    office.hidden = {"needed no more"}
    with transaction(office.engine, NORTH) as session:
        addresses.link(session, ana, "slack", "T1", "U-ana")
    office.deliver(sender)
    assert street.keys() == []
    office.clock.move(3600)
    office.deliver_all(sender)
    assert street.keys() == ["a", "b"]
    assert [office.row(key).state.value for key in keys] == ["sent", "failed", "sent", "dropped"]
    assert {office.row(key).look_again_at for key in keys} == {None}
    assert max(office.late) < timedelta(minutes=1), "since its reader was looked for, not since it was owed"
