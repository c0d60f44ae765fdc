"""A workspace is written to at the pace its platform takes: evenly, no slower than it must be, and with room kept."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine

from bot.called import Called
from bot.delivery.port import Posted, Undeliverable
from bot.delivery.sender import Sender
from bot.slack.declaration import SLACK
from bot.teams.declaration import TEAMS
from handlers.cards import Card
from storage import addresses
from storage.database import transaction
from tests.bot.post_office import NORTH, START, MovedClock, Office, Street
from tests.slack_standin.rates import METHOD_TIERS, POSTS_PER_WORKSPACE, TIERS, WINDOW_SECONDS
from tests.slack_standin.rates import RateLimits as SlackLimits
from tests.teams_standin.rates import RateLimits as TeamsLimits

BURST = 600
LEAST = BURST * WINDOW_SECONDS / POSTS_PER_WORKSPACE


@dataclass(kw_only=True)
class Limited(Street):
    """A platform that enforces a stand-in's limits and keeps when what came."""

    clock: MovedClock
    limits: SlackLimits | TeamsLimits
    kind: Called
    came: dict[str, datetime] = field(default_factory=dict)
    refused: int = 0

    @property
    def called(self) -> Called:
        return self.kind

    async def post(self, *, workspace: str, address: str, card: Card, key: str) -> Posted:
        method = "chat.postMessage" if self.kind is SLACK else "post"
        wait = self.limits.seconds_to_wait(workspace, method, f"D-{address}")
        if wait is not None:
            self.refused += 1
            raise Undeliverable("Slow down.", retry_after=wait)
        self.came[key] = self.clock.now
        return await super().post(workspace=workspace, address=address, card=card, key=key)

    async def check(self, *, workspace: str, address: str) -> None:
        """Every account is open."""
        wait = self.limits.seconds_to_wait(workspace, "users.info", None) if isinstance(self.limits, SlackLimits) else 0
        if wait:
            self.refused += 1
            raise Undeliverable("Slow down.", retry_after=wait)


def at_slack(clock: MovedClock) -> Limited:
    return Limited(clock=clock, limits=SlackLimits(clock.monotonic), kind=SLACK)


@pytest.fixture
def office(engine: Engine) -> Office:
    office = Office(engine=engine)
    office.connect()
    return office


@pytest.fixture
def staff(office: Office) -> list[int]:
    return [office.person(f"p{number}") for number in range(40)]


def owe_many(office: Office, staff: list[int], number: int) -> None:
    office.owe_all([(f"k{one}", staff[one % len(staff)]) for one in range(number)])


def delivered_all(office: Office, sender: Sender) -> float:
    """Deliver until nothing waits; gives the seconds that took."""
    office.deliver_all(sender, until=3600)
    return (office.clock.now - START).total_seconds()


@pytest.mark.slow
def test_a_burst_goes_out_evenly_and_slack_never_has_to_ask(office: Office, staff: list[int]) -> None:
    street = at_slack(office.clock)
    owe_many(office, staff, BURST)
    took = delivered_all(office, office.sender(street))
    assert len(street.came) == BURST
    assert street.refused == 0
    assert took <= 1.1 * LEAST
    moments = sorted(street.came.values())
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert max(gaps) <= timedelta(seconds=2), "never a silence"


@pytest.mark.slow
def test_the_first_morning_of_many_asks_of_each_account_whether_it_is_open_no_faster_than_slack_answers(
    office: Office,
) -> None:
    street, number = at_slack(office.clock), 250
    office.owe_all([(f"k{one}", office.person(f"p{one}")) for one in range(number)])
    took = delivered_all(office, office.sender(street))
    assert (len(street.came), street.refused) == (number, 0)
    assert took <= 1.15 * number * WINDOW_SECONDS / TIERS[METHOD_TIERS["users.info"]]


@pytest.mark.slow
def test_an_urgent_message_goes_at_once_in_the_middle_of_a_burst(office: Office, staff: list[int]) -> None:
    street = at_slack(office.clock)
    sender = office.sender(street)
    owe_many(office, staff, 120)
    office.deliver_all(sender, until=4)
    assert 40 <= len(street.came) < 120
    late = office.person("late")
    owed_at = office.clock.now
    office.owe("urgent", late, urgent=True)
    office.deliver(sender)
    assert street.came["urgent"] == owed_at
    assert delivered_all(office, sender) > 0
    assert (len(street.came), street.refused) == (121, 0)


def test_room_is_kept_for_urgent_ones_and_other_workspaces_are_not_held(office: Office, staff: list[int]) -> None:
    """Urgent ones alone may use the whole minute."""
    office.connect("T2", authority="southmoor")
    street = at_slack(office.clock)
    sender = office.sender(street)
    owe_many(office, staff, 60)
    for number in range(3):
        office.owe(f"there{number}", office.person(f"q{number}", authority="southmoor"), authority="southmoor")
    office.deliver(sender)
    assert SLACK.takes is not None
    assert len(street.keys("T1")) == SLACK.takes.at_once
    assert len(street.keys("T2")) == 3
    office.owe_all([(f"u{one}", office.person(f"u{one}")) for one in range(20)], urgent=True)
    office.deliver(sender)
    assert {one for one in street.came if one.startswith("u")} == {f"u{one}" for one in range(20)}
    delivered_all(office, sender)
    assert street.refused == 0


@pytest.mark.slow
def test_two_processes_write_at_the_pace_of_one(office: Office, staff: list[int]) -> None:
    """The one that has begun goes on; when it is gone, the other takes over."""
    street = at_slack(office.clock)
    first, second = office.sender(street), office.sender(street)
    owe_many(office, staff, 120)
    for _ in range(20):
        for sender in (first, second):
            office.deliver(sender)
        office.clock.move(0.25)
    assert SLACK.takes is not None
    assert SLACK.takes.at_once < len(street.came) < SLACK.takes.at_once + 30
    assert (street.refused, second.counters.sent) == (0, 0)
    due = second.next_due()
    assert due is not None
    assert due - office.clock.now < timedelta(seconds=10)
    office.clock.move((due - office.clock.now).total_seconds())
    office.deliver(second)
    assert second.counters.sent > 0


def test_who_takes_over_knows_what_was_posted_within_the_minute(office: Office) -> None:
    """Bursts of urgent ones, from one process after the other: each by itself is within what Slack takes."""
    street = at_slack(office.clock)
    assert SLACK.takes is not None
    number = SLACK.takes.most * 2 // 5
    people = {office.person(name): f"U-{name}" for name in (f"p{one}" for one in range(number))}
    with transaction(office.engine, NORTH) as session:
        addresses.are_open(session, people, "slack", "T1", START)
    for turn in range(3):
        office.owe_all([(f"u{turn} {one}", one) for one in people], urgent=True)
        office.deliver(office.sender(street))
        office.clock.move(1)
    assert street.refused == 0
    assert len(street.came) == SLACK.takes.most
    delivered_all(office, office.sender(street))
    assert (len(street.came), street.refused) == (3 * number, 0)


def test_a_tenant_of_teams_is_written_to_within_its_second(office: Office, staff: list[int]) -> None:
    office.connect("M1", platform="teams", authority="southmoor")
    people = [
        office.person(f"t{one}", authority="southmoor", slack_id=None, teams_id=f"M{one}", prefers="teams")
        for one in range(60)
    ]
    street = Limited(clock=office.clock, limits=TeamsLimits(office.clock.monotonic), kind=TEAMS)
    office.owe_all([(f"k{one}", people[one]) for one in range(60)], authority="southmoor")
    assert delivered_all(office, office.sender(street)) <= 3
    assert (len(street.came), street.refused) == (60, 0)
