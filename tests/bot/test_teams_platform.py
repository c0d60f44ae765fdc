"""Delivery to Teams: one attempt, and every way it can fail told apart."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
import requests
from sqlalchemy import Engine

from bot.delivery.port import FileRefused, Posted, PostsFiles, Unanswered, Undeliverable
from bot.documents.made import File
from bot.teams import faults
from bot.teams.chats import Chats
from bot.teams.clouds import cloud_of, first_address, may_be_called
from bot.teams.connector import LOGIN_SECONDS, Chat, Connector, Credentials, NotLoggedIn
from bot.teams.library import PUBLIC
from bot.teams.platform import TeamsPlatform
from bot.teams.rates import Rates, TooFast, Windows
from bot.teams.running import connect_tenant
from handlers.cards import Button, Card
from handlers.office import Office
from tests.bot.post_office import BlindStreet
from tests.bot.post_office import Office as PostOffice
from tests.cast import AUTHORITY, settle
from tests.databases import sqlite_engine
from tests.teams_standin import TENANT, TeamsStandIn
from tests.teams_standin.records import TeamsUser

T = TypeVar("T")
CARD = Card(title="Please reply to C-12", buttons=(Button(label="Reply", deed="concern.reply"),))
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    yield from sqlite_engine(tmp_path)


class Bench:
    """The platform over a database, at a stand-in with one person."""

    def __init__(self, engine: Engine, standin: TeamsStandIn, token: Path) -> None:
        settle(engine, platform="teams")
        connect_tenant(engine, AUTHORITY, TENANT, NOW)
        token.write_text(standin.outbound_token, encoding="ascii")
        self.standin = standin
        self.user: TeamsUser = standin.add_user("ian.iro", "Ian Iro")
        self.chats = Chats(Office(engine=engine, clock=lambda: NOW), "")
        self._token = token

    def chat(self, service_url: str = "") -> Chat:
        return Chat(
            tenant=TENANT,
            conversation=self.standin.personal_chat(self.user).id,
            service_url=service_url or self.standin.service_url,
            bot=f"28:{self.standin.app_id}",
            member=self.user.id,
            account=self.user.aad_object_id,
        )

    def met(self, service_url: str = "") -> None:
        """Teams has told of the chat with the person."""
        self.chats.opened(self.chat(service_url))

    def using(self, story: Callable[[TeamsPlatform], Awaitable[T]]) -> T:
        credentials = Credentials(
            app_id=self.standin.app_id, password="", tenant=TENANT, token_file=self._token, cloud=PUBLIC, trial=True
        )

        async def run() -> T:
            connector = Connector(credentials)
            try:
                return await story(TeamsPlatform(connector, self.chats, lambda: f"28:{self.standin.app_id}"))
            finally:
                await connector.stop()

        return asyncio.run(run())

    async def post(self, platform: TeamsPlatform) -> Posted:
        return await platform.post(workspace=TENANT, address=self.user.aad_object_id, card=CARD, key="k")

    def operations(self) -> list[str]:
        return [call.operation for call in self.standin.calls]


@pytest.fixture
def bench(engine: Engine, tmp_path: Path) -> Iterator[Bench]:
    with TeamsStandIn() as standin:
        yield Bench(engine, standin, tmp_path / "token")
        assert standin.violations == []


def refusal(bench: Bench) -> Undeliverable:
    with pytest.raises(Undeliverable) as refused:
        bench.using(bench.post)
    return refused.value


def test_a_message_goes_to_the_chat_that_teams_told_of(bench: Bench) -> None:
    bench.met()
    posted = bench.using(bench.post)
    (message,) = bench.standin.messages_to(bench.user)
    assert (posted.channel, posted.message, message.text) == (message.conversation, message.id, CARD.title)
    assert bench.operations() == ["post"]


def test_a_chat_that_is_not_there_is_opened_where_teams_permits_it(bench: Bench) -> None:
    other = bench.standin.add_user("other", "Other")
    bench.chats.opened(
        Chat(
            tenant=TENANT,
            conversation="a:other",
            service_url=bench.standin.service_url,
            account=other.aad_object_id,
        )
    )
    bench.using(bench.post)
    bench.using(bench.post)
    assert bench.operations() == ["create", "post", "post"]


@pytest.mark.parametrize("gone", [False, True])
def test_who_has_not_the_app_is_refused_for_good(bench: Bench, gone: bool) -> None:
    other = bench.standin.add_user("other", "Other")
    bench.chats.opened(
        Chat(
            tenant=TENANT,
            conversation="a:other",
            service_url=bench.standin.service_url,
            account=other.aad_object_id,
        )
    )
    bench.user.installed, bench.user.gone = False, gone
    refused = refusal(bench)
    assert (refused.permanent, refused.reason) == (True, faults.NOT_INSTALLED)


def test_who_took_the_app_out_is_asked_for_a_new_chat_the_next_time(bench: Bench) -> None:
    bench.met()
    bench.user.installed = False
    assert refusal(bench).reason == faults.NOT_INSTALLED
    bench.user.installed = True
    bench.using(bench.post)
    assert bench.operations() == ["post", "create", "post"]


def test_a_tenant_in_which_nobody_has_the_app_waits_for_an_administrator(bench: Bench) -> None:
    refused = refusal(bench)
    assert (refused.workspace, refused.reason) == (True, faults.NO_ADDRESS)
    assert bench.operations() == []


def test_an_address_over_plain_http_elsewhere_is_never_called(bench: Bench) -> None:
    bench.met("http://connector.example/uk/")
    assert refusal(bench).workspace
    assert bench.operations() == []


@pytest.mark.parametrize("status", [412, 503])
def test_teams_may_ask_to_wait(bench: Bench, status: int) -> None:
    bench.met()
    bench.standin.fail_next("post", status=status)
    assert refusal(bench).retry_after == faults.RETRY_AFTER_SECONDS


def test_how_long_to_wait_is_taken_from_teams(bench: Bench) -> None:
    bench.met()
    bench.standin.fail_next("post", retry_after=17)
    assert refusal(bench).retry_after == 17


@pytest.mark.parametrize("status", [500, 502, 504])
def test_after_a_gateways_error_teams_asks_again_and_nobody_knows(bench: Bench, status: int) -> None:
    bench.met()
    bench.standin.fail_next("post", status=status)
    with pytest.raises(Unanswered) as unknown:
        bench.using(bench.post)
    assert unknown.value.asks_again


def test_a_connection_that_breaks_leaves_us_not_knowing(bench: Bench) -> None:
    bench.met()
    bench.standin.fail_next("post", drop_reply=True)
    with pytest.raises(Unanswered) as unknown:
        bench.using(bench.post)
    assert not unknown.value.asks_again


def test_a_secret_that_is_refused_stops_the_tenant_until_it_is_mended(bench: Bench) -> None:
    bench.met()
    bench.standin.token_error = 401
    refused = refusal(bench)
    assert (refused.workspace, refused.permanent, refused.reason) == (True, False, faults.NOT_ACCEPTED)


def test_a_login_that_cannot_be_reached_is_asked_again_soon(bench: Bench, tmp_path: Path) -> None:
    bench.met()
    (tmp_path / "token").unlink()
    refused = refusal(bench)
    assert (refused.workspace, refused.reason) == (True, faults.NO_LOGIN)
    assert refused.retry_after == faults.UNREACHABLE_SECONDS
    assert bench.operations() == []


def test_no_call_of_the_login_waits_for_ever(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[object] = []

    def unreached(*_: object, timeout: object = None, **__: object) -> requests.Response:
        waits.append(timeout)
        raise requests.ConnectionError

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", unreached)
    credentials = Credentials(
        app_id=bench.standin.app_id, password="x", tenant=TENANT, token_file=None, cloud=PUBLIC, trial=True
    )
    with pytest.raises(NotLoggedIn) as failed:
        asyncio.run(Connector(credentials).log_in())
    assert not failed.value.refused
    assert waits
    assert all(isinstance(one, float) and 0 < one < LOGIN_SECONDS for one in waits)


@pytest.mark.parametrize(
    ("gives_files", "content", "said"),
    [(False, b"a report", "does not let apps give files"), (True, b"", "larger than Teams takes")],
)
def test_what_teams_would_not_take_is_said_before_anybody_is_asked(
    bench: Bench, gives_files: bool, content: bytes, said: str
) -> None:
    file = File(name="report.docx", media_type="text/plain", content=content)

    async def handed(platform: TeamsPlatform) -> str:
        there = TeamsPlatform(platform._connector, bench.chats, lambda: "", gives_files=gives_files)
        assert isinstance(there, PostsFiles)
        return await there.hand_over(workspace=TENANT, file=file)

    with pytest.raises(FileRefused, match=said):
        bench.using(handed)
    assert bench.operations() == []


def test_a_person_who_blocked_the_bot_cannot_be_reached(bench: Bench) -> None:
    bench.met()
    bench.user.blocked = True
    assert refusal(bench).reason == faults.BLOCKED


def test_a_message_without_an_id_is_posted_and_never_changed(bench: Bench) -> None:
    bench.met()
    bench.standin.fail_next("post", no_id=True)
    posted = bench.using(bench.post)
    assert posted.message == ""
    with pytest.raises(Undeliverable) as refused:
        bench.using(lambda platform: platform.update(workspace=TENANT, posted=posted, card=CARD))
    assert refused.value.permanent
    assert bench.operations() == ["post"]


def test_a_message_is_changed_in_place_and_one_that_is_gone_is_left(bench: Bench) -> None:
    bench.met()
    posted = bench.using(bench.post)
    shrunk = Card(title="Earlier: Concern C-12")
    bench.using(lambda platform: platform.update(workspace=TENANT, posted=posted, card=shrunk))
    (message,) = bench.standin.messages_to(bench.user)
    assert (len(message.versions), message.text) == (2, shrunk.title)
    gone = Posted(channel=posted.channel, message="999")
    with pytest.raises(Undeliverable) as refused:
        bench.using(lambda platform: platform.update(workspace=TENANT, posted=gone, card=shrunk))
    assert refused.value.permanent


def test_an_address_is_that_of_someone_who_got_the_app_before_the_staff_list(bench: Bench) -> None:
    bench.met()
    bench.chats.known_by(AUTHORITY, bench.chat(), bench.user.aad_object_id, ("ian.iro@anyshire.example",))

    async def story(platform: TeamsPlatform) -> tuple[str | None, str | None]:
        known = await platform.address_of(workspace=TENANT, email="Ian.Iro@anyshire.example")
        return known, await platform.address_of(workspace=TENANT, email="nobody@anyshire.example")

    assert bench.using(story) == (bench.user.aad_object_id, None)
    assert bench.operations() == []


def test_an_address_is_looked_up_in_a_team_that_has_the_app(bench: Bench) -> None:
    team = bench.standin.channel()
    bench.chats.opened(Chat(tenant=TENANT, conversation=team.id, service_url=bench.standin.service_url))

    async def story(platform: TeamsPlatform) -> tuple[str | None, str | None]:
        known = await platform.address_of(workspace=TENANT, email="ian.iro@anyshire.example")
        return known, await platform.address_of(workspace=TENANT, email="nobody@anyshire.example")

    assert bench.using(story) == (bench.user.aad_object_id, None)


def test_addresses_are_called_over_tls_or_on_this_machine_in_a_trial() -> None:
    assert may_be_called("https://smba.trafficmanager.net/uk/", trial=False)
    assert may_be_called("http://127.0.0.1:5000/uk/", trial=True)
    for refused in ("http://127.0.0.1:5000/", "http://x.example/", "ftp://x.example/", "https://a@x.example/", "", "x"):
        assert not may_be_called(refused, trial=False)
    assert not may_be_called("http://x.example/", trial=True)
    assert first_address(cloud_of("")).startswith("https://smba.")
    assert first_address(cloud_of("https://keys.example/openid")) == ""


def test_the_pace_keeps_to_each_limit() -> None:
    seconds = [0.0]
    windows = Windows(((2, 1.0), (3, 10.0)), lambda: seconds[0])
    for moment, wait in ((0.0, 0.0), (0.1, 0.0), (0.2, 0.8), (1.0, 0.0), (1.5, 8.5)):
        seconds[0] = moment
        assert windows.wait() == pytest.approx(wait)
        if not wait:
            windows.count()
    seconds[0] = 11.0
    assert windows.idle


def test_a_limit_that_lasts_is_said_instead_of_waited_for() -> None:
    async def story() -> None:
        rates = Rates(per_conversation=((1, 3600.0),))
        await rates.turn(TENANT, "a:one")
        await rates.turn(TENANT, "a:another")
        await rates.turn(TENANT, "a:one")

    with pytest.raises(TooFast):
        asyncio.run(story())


def test_what_teams_asks_for_again_is_sent_until_it_arrives_and_marked(engine: Engine) -> None:
    office = PostOffice(engine=engine)
    office.connect()
    office.owe("a", office.person("ana"))
    street = BlindStreet(before={"a": [Unanswered("502", asks_again=True), Unanswered("504", asks_again=True)]})
    sender = office.sender(street)
    office.deliver_all(sender)
    assert [message.card.title.endswith("(repeated)") for message in street.messages] == [True]
    assert (sender.counters.ambiguous, sender.counters.repeated, sender.counters.sent) == (2, 1, 1)
    assert office.row("a").attempts == 3
