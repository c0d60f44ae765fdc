"""A file to one person in Slack: three steps, nobody sees it before the last, and each refusal told apart."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import pytest
from aiohttp import web

from bot.delivery.port import FileRefused, FindsFiles, Posted, PostsFiles, Unanswered, Undeliverable
from bot.documents.made import File
from bot.slack import uploads
from bot.slack.clients import SlackClients
from bot.slack.platform import SlackPlatform
from handlers.cards import Card, Line
from tests.slack_standin import SCOPES, SlackStandIn

T = TypeVar("T")
E = TypeVar("E", bound=Exception)
TEAM = "T0ANYSHIRE"
WHO = "U0ANNLEE"
NAME = "annual-report-2025-26-internal-20261121-181507.docx"
REPORT = File(name=NAME, media_type="application/x", content=b"PK" + bytes(range(256)) * 9)
CARD = Card(title="Annual report 2025-26: <R&D>", lines=(Line(text="It quotes nobody."),), attached="x")


@pytest.fixture(scope="module")
def standin() -> Iterator[SlackStandIn]:
    with SlackStandIn() as running:
        yield running


@pytest.fixture
def slack(standin: SlackStandIn) -> SlackStandIn:
    for recorded in (standin.messages, standin.calls, standin.violations, standin.files):
        recorded.clear()
    standin.opened.clear()
    standin.faults.clear()
    standin.history_shows_files = True
    standin.upload_root = standin.root_url
    standin.add_workspace(TEAM, "xoxb-standin")
    standin.add_user(WHO, "Ann Lee")
    return standin


def using(slack: SlackStandIn, story: Callable[[SlackPlatform], Awaitable[T]]) -> T:
    async def token_of(workspace: str) -> str | None:
        return "xoxb-standin" if workspace == TEAM else None

    async def run() -> T:
        clients = SlackClients(slack.base_url)
        try:
            return await story(SlackPlatform(clients, token_of))
        finally:
            await clients.stop()

    return asyncio.run(run())


async def hand_over(platform: SlackPlatform) -> str:
    return await platform.hand_over(workspace=TEAM, file=REPORT)


async def send(platform: SlackPlatform) -> Posted:
    handed = await hand_over(platform)
    return await platform.post_file(workspace=TEAM, address=WHO, card=CARD, key="k", file=REPORT, handed=handed)


def fault(slack: SlackStandIn, kind: type[E]) -> E:
    with pytest.raises(kind) as caught:
        using(slack, send)
    return caught.value


def test_the_person_gets_the_file_with_the_cards_words_and_nobody_else_does(slack: SlackStandIn) -> None:
    slack.add_user("U0BENCOX", "Ben Cox")
    posted = using(slack, send)
    (file,) = slack.files_of(WHO)
    assert (file.name, file.content) == (NAME, REPORT.content)
    assert (posted.file, posted.message) == (NAME, file.id)
    (message,) = slack.messages_to(WHO)
    assert message.text == f"Annual report 2025-26: &lt;R&amp;D&gt;\nIt quotes nobody.\n{NAME}"
    assert slack.files_of("U0BENCOX") == []
    assert slack.violations == []


def test_a_file_handed_over_is_seen_by_nobody(slack: SlackStandIn) -> None:
    using(slack, hand_over)
    assert [call.method for call in slack.calls] == ["files.getUploadURLExternal", "upload"]
    assert slack.messages == []


def test_slack_is_a_platform_for_files() -> None:
    async def no_token(_workspace: str) -> str | None:
        return None

    platform = SlackPlatform(SlackClients(), no_token)
    assert isinstance(platform, PostsFiles)
    assert isinstance(platform, FindsFiles)


@pytest.mark.parametrize("shown", [True, False])
def test_a_file_is_found_again_by_its_name_whether_slack_shows_files_or_not(slack: SlackStandIn, shown: bool) -> None:
    async def story(platform: SlackPlatform) -> tuple[Posted | None, Posted | None]:
        await send(platform)
        found = await platform.find_file(workspace=TEAM, address=WHO, name=NAME)
        other = await platform.find_file(workspace=TEAM, address=WHO, name=NAME.replace("181507", "181508"))
        return found, other

    slack.history_shows_files = shown
    found, other = using(slack, story)
    (message,) = slack.messages_to(WHO)
    assert found == Posted(channel=message.channel, message=message.ts, file=NAME)
    assert other is None


@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "files.completeUploadExternal"])
@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("missing_scope", "it lacks files:write"),
        ("file_uploads_disabled", "settings of this Slack workspace"),
        ("file_upload_size_restricted", "as large as this one"),
        ("storage_limit_reached", "no room left"),
        ("not_in_channel", "no direct conversation"),
        ("channel_not_found", "no direct conversation"),
        ("invalid_arguments", "refused the form"),
    ],
)
def test_what_keeps_files_back_lets_messages_go(slack: SlackStandIn, step: str, error: str, words: str) -> None:
    slack.fail_next(step, error=error)
    assert words in fault(slack, FileRefused).reason
    assert slack.messages == []


def test_an_app_installed_with_the_old_scopes_is_told_so(slack: SlackStandIn) -> None:
    slack.workspace().scopes = SCOPES - {"files:write"}
    assert "it lacks files:write" in fault(slack, FileRefused).reason


def test_a_file_too_large_for_the_workspace_or_for_us_is_refused(
    slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.workspace().largest_file = len(REPORT.content) - 1
    assert "as large as this one" in fault(slack, FileRefused).reason
    slack.workspace().largest_file = len(REPORT.content)
    slack.fail_next("upload", status=413)
    assert fault(slack, FileRefused).reason == uploads.TOO_LARGE
    monkeypatch.setattr(uploads, "LARGEST_FILE", 10)
    slack.calls.clear()
    assert fault(slack, FileRefused).reason == uploads.TOO_LARGE
    assert slack.calls == []


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "account_inactive"])
def test_a_token_that_is_refused_concerns_the_whole_workspace(slack: SlackStandIn, error: str) -> None:
    slack.workspace().token_error = error
    assert fault(slack, Undeliverable).workspace


@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "files.completeUploadExternal"])
def test_slack_asks_to_wait(slack: SlackStandIn, step: str) -> None:
    slack.fail_next(step, retry_after=7)
    told = fault(slack, Undeliverable)
    assert (told.retry_after, told.permanent, told.workspace) == (7, False, False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "fails"),
    [
        ("files.getUploadURLExternal", {"drop_request": True}),
        ("files.getUploadURLExternal", {"drop_reply": True}),
        ("files.getUploadURLExternal", {"status": 503}),
        ("files.getUploadURLExternal", {"error": "fatal_error"}),
        ("upload", {"drop_request": True}),
        ("upload", {"drop_reply": True}),
        ("upload", {"status": 500}),
        ("upload", {"status": 302}),
        ("files.completeUploadExternal", {"error": "file_not_found"}),
        ("files.completeUploadExternal", {"error": "file_update_failed"}),
    ],
)
def test_what_fails_before_the_file_is_shown_is_tried_again(
    slack: SlackStandIn, step: str, fails: dict[str, Any]
) -> None:
    slack.fail_next(step, **fails)
    told = fault(slack, Undeliverable)
    assert (told.permanent, told.workspace) == (False, False)
    assert slack.messages == []


@pytest.mark.parametrize("fails", [{"drop_reply": True}, {"drop_request": True}, {"status": 502}])
def test_without_an_answer_to_the_last_step_nobody_knows(slack: SlackStandIn, fails: dict[str, Any]) -> None:
    slack.fail_next("files.completeUploadExternal", **fails)
    fault(slack, Unanswered)


@pytest.mark.parametrize(
    ("place", "api", "safe"),
    [
        ("https://files.slack.com/upload/v1/abc", "https://slack.com/api/", True),
        ("http://files.slack.com/upload/v1/abc", "https://slack.com/api/", False),
        ("ftp://files.slack.com/upload/v1/abc", "https://slack.com/api/", False),
        ("file:///etc/passwd", "https://slack.com/api/", False),
        ("/upload/v1/abc", "https://slack.com/api/", False),
        ("", "https://slack.com/api/", False),
        ("http://127.0.0.1:9/upload", "http://127.0.0.1:9/api/", True),
        ("https://files.slack.com/upload", "http://127.0.0.1:9/api/", True),
    ],
)
def test_bytes_go_over_https_alone_but_to_a_stand_in(place: str, api: str, safe: bool) -> None:
    assert uploads.is_safe(place, api) is safe


def test_no_bytes_go_to_an_unsafe_address(slack: SlackStandIn) -> None:
    slack.upload_root = "ftp://127.0.0.1"
    assert fault(slack, Undeliverable).reason == uploads.NO_PLACE
    assert slack.calls_of("upload") == []


def test_no_further_address_is_followed_and_no_token_goes_along(slack: SlackStandIn) -> None:
    came: list[tuple[str, bool]] = []

    async def elsewhere(request: web.Request) -> web.Response:
        came.append((request.path.split("/")[1], "Authorization" in request.headers))
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    async def story(platform: SlackPlatform) -> None:
        application = web.Application()
        application.router.add_post("/{rest:.*}", elsewhere)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.upload_root = f"http://127.0.0.1:{runner.addresses[0][1]}"
        with pytest.raises(Undeliverable):
            await hand_over(platform)
        await runner.cleanup()

    using(slack, story)
    assert came == [("upload", False)]


def test_an_address_out_of_reach_holds_up_no_message(slack: SlackStandIn) -> None:
    slack.upload_root = "http://127.0.0.1:9"
    told = fault(slack, Undeliverable)
    assert (told.reason, told.workspace) == (uploads.NOT_REACHED, False)


def test_the_stand_in_takes_each_step_once_and_in_order(slack: SlackStandIn) -> None:
    async def story(platform: SlackPlatform) -> None:
        with pytest.raises(Undeliverable):  # nothing was uploaded under this id
            await platform.post_file(workspace=TEAM, address=WHO, card=CARD, key="k", file=REPORT, handed="F000000001")
        handed = await hand_over(platform)
        given = {"workspace": TEAM, "address": WHO, "card": CARD, "key": "k", "file": REPORT, "handed": handed}
        await platform.post_file(**given)  # type: ignore[arg-type]  # each of them is one of its parameters
        with pytest.raises(Undeliverable):
            await platform.post_file(**given)  # type: ignore[arg-type]  # each of them is one of its parameters

    using(slack, story)
    assert len(slack.files_of(WHO)) == 1


def test_the_stand_in_refuses_conversations_that_were_not_opened_and_ids_of_people(slack: SlackStandIn) -> None:
    async def story(platform: SlackPlatform) -> None:
        clients = SlackClients(slack.base_url)
        client = clients.client("xoxb-standin")
        for channel in (slack.workspace().direct_channel(WHO), WHO):
            handed = await hand_over(platform)
            with pytest.raises(FileRefused):
                await uploads.show(client, channel, CARD, REPORT, handed)
        await clients.stop()

    using(slack, story)
    assert slack.messages == []


def test_the_stand_in_keeps_the_length_to_the_bytes_and_an_address_for_a_while() -> None:
    moment = [1000.0]
    with SlackStandIn(clock=lambda: moment[0]) as slack:
        slack.add_user(WHO, "Ann Lee")
        place = using(slack, hand_over)
        assert place
        moment[0] += 601
        late = slack.files[-1]
        late.content, late.issued = None, 0.0

        async def again(platform: SlackPlatform) -> None:
            session = platform._clients.session
            async with session.post(f"{slack.root_url}/upload/v1/{late.secret}", data=b"x") as answer:
                assert answer.status == 410

        using(slack, again)


def test_the_rates_of_the_file_methods_are_those_of_tier_four() -> None:
    with SlackStandIn(enforce_rates=True, clock=lambda: 1000.0) as slack:
        slack.add_user(WHO, "Ann Lee")

        async def story(platform: SlackPlatform) -> None:
            client = platform._clients.client("xoxb-standin")
            for _ in range(100):
                await client.files_getUploadURLExternal(filename="x", length=1)
            with pytest.raises(Undeliverable) as caught:
                await hand_over(platform)
            assert caught.value.retry_after

        using(slack, story)


def test_a_file_into_a_conversation_that_was_kept_and_is_gone_is_worth_another_try(slack: SlackStandIn) -> None:
    async def story(platform: SlackPlatform) -> tuple[Undeliverable, Posted]:
        given = {"workspace": TEAM, "address": WHO, "card": CARD, "key": "k", "file": REPORT}
        await platform.post_file(**given, handed=await hand_over(platform))  # type: ignore[arg-type]
        handed = await hand_over(platform)
        slack.fail_next("files.completeUploadExternal", error="channel_not_found")
        with pytest.raises(Undeliverable) as caught:
            await platform.post_file(**given, handed=handed)  # type: ignore[arg-type]
        return caught.value, await platform.post_file(**given, handed=handed)  # type: ignore[arg-type]

    refused, posted = using(slack, story)
    assert refused.gone
    assert posted.file == NAME
    assert len(slack.files_of(WHO)) == 2
