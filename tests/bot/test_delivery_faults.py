"""What platforms refuse: some messages later, some never, some workspaces not before someone mends them."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.delivery.backlog import backlog
from bot.delivery.port import Unanswered, Undeliverable
from bot.delivery.timing import Timing
from storage import addresses
from storage.connections import Connection
from storage.database import transaction
from storage.outbox import OutboxState, SenderLease
from storage.scope import every_authority
from tests.bot.post_office import NORTH, START, ListedStreet, Office, Street

LATER = "Slack cannot be reached from here."


@pytest.fixture
def office(engine: Engine) -> Office:
    office = Office(engine=engine)
    office.connect()
    return office


def test_a_message_refused_for_good_fails_and_the_reason_is_handed_on(office: Office) -> None:
    office.owe("a", office.person("ana"))
    office.owe("b", office.person("bo"))
    street = Street(before={"a": [Undeliverable("x" * 400, permanent=True)]})
    sender = office.sender(street)
    office.deliver_all(sender)
    row = office.row("a")
    assert (row.state, row.failure) == (OutboxState.FAILED, "x" * 300)
    assert office.undeliverable == [("a", "x" * 300)]
    assert street.keys() == ["b"]
    assert (sender.counters.failed, sender.counters.sent) == (1, 1)


def test_a_message_that_cannot_go_now_is_overtaken_and_goes_later(office: Office) -> None:
    office.owe("a", office.person("ana"))
    office.owe("b", office.person("bo"))
    street = Street(before={"a": [Undeliverable(LATER), Undeliverable(LATER)]})
    sender = office.sender(street)
    office.deliver(sender)
    assert street.keys() == ["b"]
    assert sender.next_due() == office.row("a").not_before == START + timedelta(seconds=30)
    office.deliver_all(sender)
    assert street.keys() == ["b", "a"]
    assert office.row("a").sent_at == START + timedelta(seconds=30 + 60)


@pytest.mark.slow
def test_after_a_day_of_trying_it_fails_and_is_said(office: Office) -> None:
    office.owe("a", office.person("ana"))
    street = Street(before={"a": [Undeliverable(LATER) for _ in range(100)]})
    office.deliver_all(office.sender(street), until=60 * 3600)
    row = office.row("a")
    assert (row.state, row.attempts) == (OutboxState.FAILED, 30)
    assert timedelta(hours=20) < office.clock.now - START < timedelta(hours=28)
    assert office.undeliverable == [("a", LATER)]
    assert street.messages == []


def test_retries_are_spread_by_chance() -> None:
    timing = Timing()
    assert timing.retry_in(3, 0.0) == timedelta(seconds=90)
    assert timing.retry_in(3, 1.0) == timedelta(seconds=150)
    assert timing.retry_in(29, 0.5) == timedelta(hours=1)


def test_three_failures_in_a_row_let_the_workspace_rest(office: Office) -> None:
    keys = ("a", "b", "c", "d")
    for key in keys:
        office.owe(key, office.person(key))
    street = Street(closed={"T1": Undeliverable(LATER)})
    sender = office.sender(street)
    office.deliver(sender)
    assert [office.row(key).attempts for key in keys] == [1, 1, 1, 0]
    assert sender.next_due() == START + timedelta(seconds=30)


def test_a_revoked_token_makes_the_whole_workspace_wait_until_it_is_mended(office: Office) -> None:
    office.owe("a", office.person("ana"))
    office.owe("b", office.person("bo"))
    street = Street(closed={"T1": Undeliverable("The bot token has been revoked.", workspace=True)})
    sender = office.sender(street)
    office.deliver_all(sender, until=3000)
    assert [(office.row(key).state, office.row(key).attempts) for key in "ab"] == [(OutboxState.OWED, 0)] * 2
    with transaction(office.engine, None, writes=False) as session, every_authority(session):
        failures = backlog(session, {"slack"}).failures
    assert failures == {("slack", "T1"): "The bot token has been revoked."}
    street.closed.clear()
    office.clock.move(300)
    office.deliver(sender)
    assert street.keys() == ["a", "b"]
    with transaction(office.engine, None, writes=False) as session, every_authority(session):
        assert backlog(session, {"slack"}).failures == {}


def test_whoever_has_left_is_not_written_to_and_that_is_said(office: Office) -> None:
    office.owe("gone", office.person("ana", left_on=START.date() - timedelta(days=1)))
    office.owe("last", office.person("bo", left_on=START.date()))
    street = Street()
    office.deliver(office.sender(street))
    assert street.keys() == ["last"]
    assert office.undeliverable == [("gone", "This person has left the service.")]


def test_an_unknown_account_is_looked_up_by_email_and_kept(office: Office) -> None:
    ana = office.person("ana", slack_id=None)
    office.owe("a", ana)
    street = ListedStreet(accounts={"ana@example.org": "U77"})
    office.deliver(office.sender(street))
    assert [message.address for message in street.messages] == ["U77"]
    with transaction(office.engine, NORTH, writes=False) as session:
        assert addresses.account_of(session, ana, "slack", "T1") == "U77"


@pytest.mark.parametrize("kind", [ListedStreet, Street])
def test_whoever_has_no_account_cannot_be_reached(office: Office, kind: type[Street]) -> None:
    office.owe("a", office.person("ana", slack_id=None))
    street = kind()
    office.deliver(office.sender(street))
    assert street.messages == []
    assert office.undeliverable == [("a", "This person has no Slack account linked.")]


def test_an_account_that_is_someone_elses_is_not_taken(office: Office) -> None:
    office.person("bo", slack_id="U1")
    office.owe("a", office.person("ana", slack_id=None))
    street = ListedStreet(accounts={"ana@example.org": "U1"})
    office.deliver(office.sender(street))
    assert street.messages == []
    assert office.undeliverable == [("a", "This person has no Slack account linked.")]


def test_people_are_reached_on_the_platform_they_prefer_or_have(office: Office) -> None:
    office.connect("M1", platform="teams")
    for name, given in (
        ("both", {"teams_id": "M-both", "prefers": "teams"}),
        ("undecided", {"teams_id": "M-undecided"}),
        ("teams-only", {"slack_id": None, "teams_id": "M-teams-only"}),
        ("unlinked", {"slack_id": None}),
    ):
        office.owe(name, office.person(name, **given))
    slack, teams = Street(), ListedStreet(name="teams", accounts={"unlinked@example.org": "M-unlinked"})
    sender = office.sender(slack, teams)
    office.deliver_all(sender)
    assert slack.keys("T1") == ["undecided"]
    assert {message.key: message.address for message in teams.messages} == {
        "both": "M-both",
        "teams-only": "M-teams-only",
        "unlinked": "M-unlinked",
    }
    assert office.undeliverable == []


def test_a_message_that_cannot_be_written_does_not_block_the_line(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.owe("secret", office.person("ana"))
    office.owe("b", office.person("bo"))
    office.poison.add("secret")
    street = Street()
    sender = office.sender(street)
    office.deliver(sender)
    assert street.keys() == ["b"]
    assert "KeyError" in caplog.text
    assert "secret" not in caplog.text
    office.poison.clear()
    office.deliver_all(sender)
    assert street.keys() == ["b", "secret"]


@pytest.mark.parametrize(
    ("poison", "refusals", "state"),
    [
        ("delivered a", [], OutboxState.SENT),
        ("undeliverable a", [Undeliverable("No.", permanent=True)], OutboxState.FAILED),
    ],
)
def test_what_follows_may_fail_without_a_second_message(
    office: Office, poison: str, refusals: list[BaseException], state: OutboxState
) -> None:
    office.owe("a", office.person("ana"))
    office.poison.add(poison)
    street = Street(before={"a": list(refusals)})
    sender = office.sender(street)
    office.deliver_all(sender)
    office.clock.move(3600)
    office.deliver_all(sender)
    assert office.row("a").state is state
    assert "failed" in str(office.row("a").failure) or "Nobody could be told" in str(office.row("a").failure)
    assert len(street.messages) == (1 if state is OutboxState.SENT else 0)


def test_an_overtaken_message_is_shrunk_after_everything_else_is_sent(office: Office) -> None:
    ana = office.person("ana")
    concern = office.concern(ana)
    street = Street()
    sender = office.sender(street)
    office.owe("first", ana, concern_id=concern)
    office.deliver(sender)
    office.clock.move(10)
    office.owe("second", ana, concern_id=concern)
    office.owe("other", office.person("bo"))
    seen: list[int] = []

    async def watch(_: str) -> None:
        seen.append(len(street.updated))

    street.on_post = watch
    office.deliver(sender)
    assert street.updated == [("m1", "Earlier: About first")]
    assert seen == [0, 0]
    first, second = office.lives()
    assert (first.overtaken_at, first.shrunk_at) == (office.clock.now, office.clock.now)
    assert (second.title, second.message, second.overtaken_at) == ("About second", "m2", None)
    office.deliver(sender)
    assert len(street.updated) == 1


@pytest.mark.parametrize(
    ("faults", "after_seconds", "updates"),
    [
        ([Undeliverable("Gone.", permanent=True)], 0, 0),
        ([Undeliverable("Slow down.", retry_after=7)], 7, 1),
        ([Undeliverable("Later.")], 30, 1),
        ([Undeliverable("Later.") for _ in range(9)], 150, 0),
    ],
)
def test_a_message_that_cannot_be_shrunk_is_tried_again_or_left(
    office: Office, faults: list[BaseException], after_seconds: float, updates: int
) -> None:
    ana = office.person("ana")
    concern = office.concern(ana)
    street = Street(update_faults=list(faults))
    sender = office.sender(street)
    for key in ("first", "second"):
        office.owe(key, ana, concern_id=concern)
    office.deliver_all(sender, until=1)
    begun = office.clock.now
    office.deliver_all(sender)
    assert office.clock.now - begun == timedelta(seconds=after_seconds)
    assert len(street.updated) == updates
    assert office.lives()[0].shrunk_at is not None


def test_the_lease_is_given_back_at_the_end(office: Office) -> None:
    office.owe("a", office.person("ana"))
    office.deliver(office.sender(Street()))
    with transaction(office.engine, None, writes=False) as session:
        held = session.exec(select(SenderLease)).one()
    assert (held.token, held.until) == (None, None)


def test_a_removed_workspace_is_not_written_to(office: Office) -> None:
    office.owe("a", office.person("ana"))
    with transaction(office.engine, NORTH) as session:
        connection = session.exec(select(Connection)).one()
        connection.removed_at = START
        session.add(connection)
    street = Street()
    office.deliver(office.sender(street))
    assert street.messages == []
    assert office.row("a").state is OutboxState.OWED


@pytest.mark.slow
def test_a_look_up_waits_with_the_workspace_and_is_not_held_against_the_message(office: Office) -> None:
    office.owe("a", office.person("ana"))
    street = Street(before={"a": [Unanswered()]})
    sender = office.sender(street)
    office.deliver(sender)
    street.find_faults = [Undeliverable("Revoked.", workspace=True) for _ in range(50)]
    office.deliver_all(sender, until=100 * 3600)
    assert (office.undeliverable, street.keys()) == ([], ["a"])


@pytest.mark.slow
def test_finding_an_account_waits_with_the_workspace(office: Office) -> None:
    office.owe("a", office.person("ana", slack_id=None))
    street = ListedStreet(accounts={"ana@example.org": "U1"})
    faults = [Undeliverable("Revoked.", workspace=True) for _ in range(50)]
    street.list_faults = list(faults)
    office.deliver_all(office.sender(street), until=100 * 3600)
    assert (office.undeliverable, street.keys()) == ([], ["a"])


def test_what_fails_is_one_line_however_often_it_is_tried(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    office.owe("a", office.person("ana"))
    office.poison.add("a")
    sender = office.sender(Street())
    office.deliver_all(sender, until=1800)
    assert sender.counters.postponed > 3
    assert caplog.messages == ["delivery: rendering failed with KeyError"]
