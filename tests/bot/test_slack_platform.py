"""Delivery to Slack: one attempt, and every way it can fail told apart."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import TypeVar

import pytest

from bot.delivery.port import Platform, Posted, Unanswered, Undeliverable
from bot.slack.clients import SlackClients
from bot.slack.platform import PAGE, PAGES, SlackPlatform, carried
from handlers.cards import Button, Card
from tests.slack_standin import SlackStandIn

T = TypeVar("T")
TEAM = "T0ANYSHIRE"
CARD = Card(title="Please reply to C-12", buttons=(Button(label="Reply", deed="concern.reply"),))


@pytest.fixture(scope="module")
def standin() -> Iterator[SlackStandIn]:
    with SlackStandIn() as running:
        yield running


@pytest.fixture
def slack(standin: SlackStandIn) -> SlackStandIn:
    for recorded in (standin.messages, standin.calls, standin.violations):
        recorded.clear()
    standin.faults.clear()
    standin.workspace().token_error = None
    standin.add_user("U1", "Ian Iro")
    return standin


def using(base_url: str, story: Callable[[SlackPlatform], Awaitable[T]]) -> T:
    async def token_of(workspace: str) -> str | None:
        return "xoxb-standin" if workspace == TEAM else None

    async def run() -> T:
        clients = SlackClients(base_url)
        try:
            return await story(SlackPlatform(clients, token_of))
        finally:
            await clients.stop()

    return asyncio.run(run())


async def post(platform: Platform, key: str = "k-1", workspace: str = TEAM) -> Posted:
    return await platform.post(workspace=workspace, address="U1", card=CARD, key=key)


def test_a_message_goes_to_the_person_directly_with_its_key(slack: SlackStandIn) -> None:
    posted = using(slack.base_url, post)
    (message,) = slack.messages_to("U1")
    assert (posted.channel, posted.message) == (message.channel, message.ts)
    assert message.metadata == {"event_type": "iro_bot", "event_payload": {"key": carried("k-1")}}
    assert "k-1" not in str(message.metadata)
    assert slack.violations == []


def test_no_conversation_is_opened_to_post_and_once_to_look_messages_up(slack: SlackStandIn) -> None:
    async def twice(platform: SlackPlatform) -> list[Posted | None]:
        first = await platform.find(workspace=TEAM, address="U1", key="k-1")
        return [first, await post(platform, "k-1"), await post(platform, "k-2")]

    using(slack.base_url, post)
    assert slack.calls_of("conversations.open") == []
    slack.messages.clear()
    assert using(slack.base_url, twice)[0] is None
    assert len(slack.calls_of("conversations.open")) == 1
    assert len(slack.messages_to("U1")) == 2


def test_a_message_is_redrawn_in_its_place(slack: SlackStandIn) -> None:
    async def shrink(platform: SlackPlatform) -> None:
        posted = await post(platform)
        await platform.update(workspace=TEAM, posted=posted, card=Card(title="C-12 is closed"))

    using(slack.base_url, shrink)
    (message,) = slack.messages_to("U1")
    assert message.text == "C-12 is closed"
    assert not any(block["type"] == "actions" for block in message.blocks)


@pytest.mark.parametrize("key", ["C-12/3/rung:2@7", "ein Schlüssel mit Leerzeichen", "k" * 200])
def test_a_message_is_found_again_by_its_key(slack: SlackStandIn, key: str) -> None:
    async def story(platform: SlackPlatform) -> tuple[Posted, Posted | None, Posted | None]:
        never = await platform.find(workspace=TEAM, address="U1", key=key)
        for number in range(3):
            await post(platform, f"other-{number}")
        posted = await post(platform, key)
        return posted, await platform.find(workspace=TEAM, address="U1", key=key), never

    posted, found, never = using(slack.base_url, story)
    assert found == posted
    assert never is None
    assert len(carried(key)) <= 100


def test_a_reply_that_was_lost_is_unanswered_and_can_be_looked_up(slack: SlackStandIn) -> None:
    slack.fail_next("chat.postMessage", drop_reply=True)

    async def story(platform: SlackPlatform) -> Posted | None:
        with pytest.raises(Unanswered):
            await post(platform)
        return await platform.find(workspace=TEAM, address="U1", key="k-1")

    assert using(slack.base_url, story) is not None
    assert len(slack.messages_to("U1")) == 1


def test_in_a_conversation_of_years_the_newest_messages_are_looked_through(slack: SlackStandIn) -> None:
    """Whatever dates they bear; what is not among them did not arrive, so that the message can go out at last."""
    using(slack.base_url, post)
    (first,) = slack.messages
    slack.messages += [replace(first, ts=f"{number}.000000", metadata=None) for number in range(1, PAGE * PAGES)]
    first.ts = "0.000001"

    async def story(platform: SlackPlatform) -> Posted | None:
        return await platform.find(workspace=TEAM, address="U1", key="k-1")

    assert using(slack.base_url, story) is not None
    slack.messages.append(replace(first, ts="9999999.000000", metadata=None))
    assert using(slack.base_url, story) is None
    assert len(slack.calls_of("conversations.history")) == 2 * PAGES
    assert all("oldest" not in call.args for call in slack.calls_of("conversations.history"))


def fault(slack: SlackStandIn, workspace: str = TEAM) -> Undeliverable:
    async def story(platform: SlackPlatform) -> Undeliverable:
        with pytest.raises(Undeliverable) as caught:
            await post(platform, workspace=workspace)
        return caught.value

    return using(slack.base_url, story)


@pytest.mark.parametrize("error", ["fatal_error", "internal_error"])
def test_an_error_of_slacks_own_leaves_us_not_knowing(slack: SlackStandIn, error: str) -> None:
    slack.fail_next("chat.postMessage", error=error)
    with pytest.raises(Unanswered):
        using(slack.base_url, post)


def test_a_server_error_leaves_us_not_knowing(slack: SlackStandIn) -> None:
    slack.fail_next("chat.postMessage", status=503)
    with pytest.raises(Unanswered):
        using(slack.base_url, post)


def test_a_limit_says_how_long_to_wait(slack: SlackStandIn) -> None:
    slack.fail_next("chat.postMessage", retry_after=7)
    limited = fault(slack)
    assert (limited.permanent, limited.workspace, limited.retry_after) == (False, False, 7)
    assert len(slack.calls_of("chat.postMessage")) == 1


@pytest.mark.parametrize("error", ["channel_not_found", "cannot_dm_bot", "messages_tab_disabled", "invalid_blocks"])
def test_some_refusals_are_for_good(slack: SlackStandIn, error: str) -> None:
    slack.fail_next("chat.postMessage", error=error)
    refused = fault(slack)
    assert (refused.permanent, refused.workspace) == (True, False)
    assert refused.reason.endswith((".", ")"))


def test_a_leaver_cannot_be_reached_for_good(slack: SlackStandIn) -> None:
    slack.add_user("U1", "Ian Iro", deactivated=True)
    left = refused_check(slack)
    assert left.permanent
    assert "deactivated" in left.reason


def refused_check(slack: SlackStandIn) -> Undeliverable:
    async def story(platform: SlackPlatform) -> Undeliverable:
        with pytest.raises(Undeliverable) as caught:
            await platform.check(workspace=TEAM, address="U1")
        return caught.value

    return using(slack.base_url, story)


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "account_inactive", "missing_scope"])
def test_some_refusals_concern_the_whole_workspace(slack: SlackStandIn, error: str) -> None:
    slack.fail_next("chat.postMessage", error=error)
    refused = fault(slack)
    assert (refused.permanent, refused.workspace) == (False, True)


def test_a_workspace_without_a_token_is_at_fault_itself(slack: SlackStandIn) -> None:
    assert fault(slack, workspace="T0ELSE").workspace
    assert slack.calls == []


def test_what_broke_before_the_message_was_handed_over_is_certain(slack: SlackStandIn) -> None:
    slack.fail_next("users.info", 2, drop_request=True)
    broken = refused_check(slack)
    assert (broken.permanent, broken.workspace) == (False, False)
    assert slack.messages == []


def test_nobody_listening_is_certain_too() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/api/"

        async def story(platform: SlackPlatform) -> Undeliverable:
            with pytest.raises(Undeliverable) as caught:
                await post(platform)
            return caught.value

        assert not using(address, story).permanent


def test_a_message_that_is_gone_cannot_be_redrawn(slack: SlackStandIn) -> None:
    async def story(platform: SlackPlatform) -> Undeliverable:
        posted = await post(platform)
        gone = Posted(channel=posted.channel, message="1.000001")
        with pytest.raises(Undeliverable) as caught:
            await platform.update(workspace=TEAM, posted=gone, card=CARD)
        return caught.value

    assert using(slack.base_url, story).permanent
