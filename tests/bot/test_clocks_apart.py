"""This machine's clock and a platform's may be hours apart: no message is doubled or lost by that, and it is shown."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import Engine

from bot.offsets import Offset
from bot.slack.clients import SlackClients
from bot.slack.platform import SlackPlatform, carried
from storage.outbox import OutboxState
from tests.bot.post_office import START, Office
from tests.slack_standin import SlackStandIn

TEAM = "T0ANYSHIRE"
APART = [timedelta(minutes=2), timedelta(minutes=-2), timedelta(hours=2), timedelta(hours=-2)]


@pytest.mark.parametrize("ahead", APART, ids=str)
def test_no_answer_that_is_lost_doubles_a_message_however_far_the_clocks_are_apart(
    engine: Engine, ahead: timedelta
) -> None:
    """Slack dates what it has by its own clock. Of five messages one loses its answer, and one never arrives."""
    office = Office(engine=engine)
    office.connect(TEAM)
    keys = [f"k{number}" for number in range(5)]
    for key in keys:
        office.owe(key, office.person(key, slack_id=f"U{key}"))

    def theirs() -> float:
        return (office.clock.now + ahead).timestamp()

    with SlackStandIn(clock=theirs) as slack:
        for key in keys:
            slack.add_user(f"U{key}", key)
        slack.fail_next("chat.postMessage", drop_reply=True)
        slack.fail_next("chat.postMessage", drop_request=True)
        offset = asyncio.run(deliver_all(office, slack))
        stood = sorted((message.metadata or {})["event_payload"]["key"] for message in slack.messages)
    assert stood == sorted(map(carried, keys))
    assert {office.row(key).state for key in keys} == {OutboxState.SENT}
    assert offset.ahead is not None
    assert abs(offset.ahead - ahead) <= timedelta(seconds=1)


async def deliver_all(office: Office, slack: SlackStandIn) -> Offset:
    """Everything that waits, at the moments at which the sender wants to be called."""

    async def token_of(_: str) -> str:
        return "xoxb-standin"

    offset = Offset(office.clock)
    clients = SlackClients(slack.base_url, offset)
    sender = office.sender(SlackPlatform(clients, token_of))
    try:
        await sender.deliver_due()
        while (due := sender.next_due()) is not None and due < START + timedelta(hours=1):
            office.clock.move(max((due - office.clock.now).total_seconds(), 0.0))
            await sender.deliver_due()
    finally:
        await clients.stop()
    return offset


def test_an_answer_without_a_date_says_nothing() -> None:
    offset = Offset(lambda: datetime(2026, 3, 2, 9, tzinfo=UTC))
    for said in (None, "", "yesterday"):
        offset.heard(said)
    assert offset.ahead is None
    offset.heard(httpx.Headers({"Date": "Mon, 02 Mar 2026 09:02:00 GMT"})["date"])
    assert offset.ahead == timedelta(minutes=2, seconds=0.5)
