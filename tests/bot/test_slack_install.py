"""The install page, in a browser: a workspace is added through Slack, works, leaves and comes back."""

import logging
import re
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import Engine, text
from sqlmodel import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.commands.running import ready
from bot.compose import Service
from bot.connecting import Connected, ConnectedElsewhere, connection_of
from bot.delivery.timing import Timing
from bot.settings import Settings
from bot.slack.declaration import SLACK
from bot.slack.install import authorize_address, installation_of
from bot.slack.installed import connect
from storage.connections import Connection
from storage.database import transaction
from storage.invitations import VALID_FOR, Invitation, digest_of
from storage.outbox import SenderLease
from storage.scope import every_authority
from tests.bench import utc
from tests.cast import AUTHORITY, BOT_TOKEN, IRO, STAFF, TEAM_MANAGER, WORKSPACE, settle, slack_id
from tests.databases import sqlite_engine
from tests.slack_standin import SlackPerson, SlackStandIn
from tests.slack_standin.payloads import app_uninstalled
from tests.slack_standin.serving import served
from tests.stories.telling import log
from tests.world import SIGNING_SECRET, World

PUBLIC = "https://concerns.anyshire.example"
CLIENT_ID, CLIENT_SECRET = "123.456", "a made-up client secret"
NOT_YET = "This workspace is not connected to the service yet."
NOW = utc("2026-12-07")
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass(frozen=True, kw_only=True)
class Begun:
    """An installation as the browser has it on the way to Slack."""

    asked: dict[str, list[str]]
    cookie: str

    @property
    def state(self) -> str:
        return self.asked["state"][0]


@dataclass
class InstallWorld(World):
    """The product without any bot token, and a browser."""

    api: str = ""
    public_url: str = PUBLIC
    allowed_teams: str = ""
    email_domains: str = ""
    address: str = field(init=False)

    def start(self, stack: ExitStack) -> None:
        settings = Settings(
            authority=AUTHORITY,
            slack_signing_secret=SecretStr(SIGNING_SECRET),
            slack_client_id=CLIENT_ID,
            slack_client_secret=SecretStr(CLIENT_SECRET),
            slack_api_base_url=self.api or self.standin.base_url,
            slack_allowed_teams=self.allowed_teams,
            email_domains=self.email_domains,
            public_url=self.public_url,
        )
        self.service = Service(
            settings,
            self.engine,
            clock=lambda: self.now,
            monotonic=self._seconds,
            ticking=False,
            timing=Timing(pace=0),
            patience=self.patience,
        )
        self.address = stack.enter_context(served(self.service.web))
        for login, *_ in STAFF:
            self.people[login] = SlackPerson(self.standin, self.address, SIGNING_SECRET, WORKSPACE, slack_id(login))

    def get(self, path: str, cookie: str = "", **given: str) -> httpx2.Response:
        """A page as a browser asks for it."""
        headers = {"Cookie": f"slack_install={cookie}"} if cookie else {}
        with httpx2.Client(verify=NO_TLS, trust_env=False) as browser:
            return browser.get(f"{self.address}{path}", params=given, headers=headers)

    def invite(self, *domains: str, team: str = "") -> str:
        """The administrator makes a link; gives its secret."""
        secret = token_urlsafe(32)
        with transaction(self.engine, AUTHORITY) as session:
            session.add(
                Invitation(
                    digest=digest_of(secret),
                    platform="slack",
                    team=team,
                    domains=" ".join(domains),
                    made_at=self.now,
                    expires_at=self.now + VALID_FOR,
                )
            )
        return secret

    def page(self, link: str = "") -> httpx2.Response:
        """The install page, by a link or by its bare address."""
        return self.get("/slack/install", **({"invitation": link} if link else {}))

    def open(self, link: str | None = None) -> Begun:
        """Open the install page by a link, a new one unless it is given."""
        page = self.page(self.invite("anyshire.example") if link is None else link)
        (link,) = re.findall(r'href="([^"]+)">Add to Slack', page.text)
        (cookie,) = re.findall(r"slack_install=([^;]+)", page.headers["set-cookie"])
        return Begun(asked=parse_qs(urlsplit(unescape(link)).query), cookie=cookie)

    def come_back(self, begun: Begun, team: str = WORKSPACE, **given: str) -> httpx2.Response:
        """Come back from Slack, with a good code unless something else is given."""
        answered = {"code": self.standin.new_oauth_code(team), "state": begun.state} | given
        return self.get("/slack/oauth_redirect", begun.cookie, **answered)

    def install(self, link: str | None = None, team: str = WORKSPACE) -> httpx2.Response:
        return self.come_back(self.open(link), team)

    def revoked(self) -> list[str | None]:
        """The workspaces whose token was given back."""
        return [call.team for call in self.standin.calls_of("auth.revoke")]

    def connection(self, workspace: str = WORKSPACE) -> tuple[str, str] | None:
        found = connection_of(self.engine, SLACK, workspace)
        return (found.authority, found.token) if found is not None else None


def world_of(engine: Engine, stack: ExitStack, **given: str) -> InstallWorld:
    """An authority whose workspace has not installed the bot."""
    cast = settle(engine)
    with transaction(engine, AUTHORITY) as session:
        session.delete(session.exec(select(Connection)).one())
    standin = stack.enter_context(SlackStandIn())
    for login, name, *_ in STAFF:
        standin.add_user(slack_id(login), name, f"{login}@anyshire.example")
    # Each is a field of the world.
    made = InstallWorld(engine=engine, standin=standin, now=NOW, cast=cast, **given)  # type: ignore[arg-type]
    made.start(stack)
    return made


@pytest.fixture
def world(engine: Engine) -> Iterator[InstallWorld]:
    """On SQLite and on PostgreSQL."""
    with ExitStack() as stack:
        yield world_of(engine, stack)


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[InstallWorld]:
    """On SQLite alone."""
    for engine in sqlite_engine(tmp_path):
        with ExitStack() as stack:
            yield world_of(engine, stack)


def said(page: httpx2.Response) -> tuple[int, str]:
    """The status, and the sentence; every page says what to do next."""
    sentences = re.findall(r"<p>([^<]+)</p>", page.text)
    assert len(sentences) == 2, page.text
    assert "Traceback" not in page.text
    return page.status_code, unescape(sentences[0])


# ------------------------------------------------------------------ it works


def test_after_installing_commands_are_answered_and_messages_arrive(world: InstallWorld) -> None:
    assert NOT_YET in world.command(IRO, "/iro help").text

    assert said(world.install()) == (200, "The bot is connected to Anyshire.")

    assert world.connection() == (AUTHORITY, BOT_TOKEN)
    assert NOT_YET not in world.command(IRO, "/iro help").text
    log(world, {"Start at": "Stage 1"})
    assert world.titles(TEAM_MANAGER) == ["Please reply to C-1"]
    assert world.standin.violations == []


def test_an_uninstalled_workspace_is_forgotten_and_a_reinstall_brings_it_back(world: InstallWorld) -> None:
    world.install()
    form = world.command(IRO, "/concern AB-1042")
    reason = world.people[IRO].choices(form, "Main reason")[0]
    world.people[IRO].event(app_uninstalled())
    assert world.connection() is None
    assert NOT_YET in world.command(IRO, "/iro help").text

    world.install()
    worry = {"What are we worried about?": "No plan.", "Main reason": reason, "Start at": "Stage 1"}
    world.submit(IRO, form, worry)

    assert world.connection() == (AUTHORITY, BOT_TOKEN)
    assert world.titles(TEAM_MANAGER) == ["Please reply to C-1"]


def test_what_waits_while_the_app_is_out_is_sent_after_the_reinstall(lite: InstallWorld) -> None:
    lite.install()
    form = lite.command(IRO, "/concern AB-1042")
    reason = lite.people[IRO].choices(form, "Main reason")[0]
    assert form.view is not None
    lite.people[IRO].submit(
        form.view, {"What are we worried about?": "No plan.", "Main reason": reason, "Start at": "Stage 1"}
    )
    lite.people[IRO].event(app_uninstalled())
    lite.beat()
    assert lite.titles(TEAM_MANAGER) == []

    lite.install()
    lite.beat()
    assert lite.titles(TEAM_MANAGER) == ["Please reply to C-1"]


@pytest.mark.slow
def test_a_workspace_that_waited_for_a_good_token_waits_no_longer(lite: InstallWorld) -> None:
    lite.install()
    lite.standin.fail_next("chat.postMessage", error="token_revoked")
    log(lite, {"Start at": "Stage 1"})
    assert lite.titles(TEAM_MANAGER) == []
    with transaction(lite.engine, None, writes=False) as session:
        assert session.exec(select(SenderLease.not_before)).one() is not None

    lite.install()
    lite.standin.faults = type(lite.standin.faults)()
    lite.beat()
    assert lite.titles(TEAM_MANAGER) == ["Please reply to C-1"]


def test_the_token_lies_encrypted(world: InstallWorld) -> None:
    world.install()
    with world.engine.connect() as connection:
        (stored,) = connection.execute(text("SELECT bot_token FROM connections")).scalars()
    assert BOT_TOKEN not in stored


def test_a_bot_with_a_client_id_and_no_bot_token_is_ready_to_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in {"SIGNING_SECRET": "s", "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": "c"}.items():
        monkeypatch.setenv(f"SLACK_{name}", value)
    monkeypatch.setenv("ENCRYPTION_KEYS", Fernet.generate_key().decode())
    assert ready().slack_given


# ------------------------------------------------------------------ what Slack is asked for


def test_slack_is_asked_for_the_manifests_scopes_and_told_where_to_send_the_browser(lite: InstallWorld) -> None:
    page = lite.page(lite.invite())
    asked = lite.open().asked
    assert page.text.count("https://slack.com/oauth/v2/authorize?") == 1
    assert set(asked["scope"][0].split(",")) == {
        "chat:write", "commands", "files:write", "im:history", "im:write", "users:read", "users:read.email",
    }  # fmt: skip
    assert (asked["client_id"], asked["redirect_uri"]) == ([CLIENT_ID], [f"{PUBLIC}/slack/oauth_redirect"])
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"


def test_the_cookie_is_kept_from_scripts_and_from_plain_http(lite: InstallWorld) -> None:
    marks = lite.page(lite.invite()).headers["set-cookie"].lower().split("; ")[1:]
    assert {"httponly", "secure", "samesite=lax", "max-age=600"} <= set(marks)


def test_the_code_goes_to_slack_with_the_secret_beside_it_and_neither_into_the_log(
    lite: InstallWorld, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    begun = lite.open()
    lite.come_back(begun)
    lite.come_back(lite.open(), code="a-bad-code")
    good, bad = lite.standin.calls_of("oauth.v2.access")
    assert good.args["redirect_uri"] == f"{PUBLIC}/slack/oauth_redirect"
    assert CLIENT_SECRET not in str(good.args)
    # what the browser of this test and the stand-in log themselves is not the product's
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    logged = "\n".join(ours)
    assert f"workspace {WORKSPACE} has been connected" in logged
    secrets = (good.args["code"], bad.args["code"], BOT_TOKEN, CLIENT_SECRET, begun.state)
    assert [one for one in secrets if str(one) in logged] == []


def test_people_allow_it_at_slack_or_govslack_whatever_answers_the_api() -> None:
    assert authorize_address("https://slack-gov.com/api/") == "https://slack-gov.com/oauth/v2/authorize"
    assert authorize_address("http://127.0.0.1:9/api/") == "https://slack.com/oauth/v2/authorize"


# ------------------------------------------------------------------ it fails


def test_cancelling_changes_nothing(lite: InstallWorld) -> None:
    page = lite.get("/slack/oauth_redirect", lite.open().cookie, error="access_denied", state="x")
    assert said(page) == (200, "The installation was cancelled in Slack, and nothing was changed.")
    other = lite.get("/slack/oauth_redirect", error="<script>")
    assert said(other) == (400, "Slack did not let the installation go on, and nothing was changed.")
    assert "<script>" not in other.text
    assert lite.connection() is None


OVER = (
    400,
    "This installation was begun more than ten minutes ago or in another browser, or has been used already.",
)


def test_a_state_works_once(world: InstallWorld) -> None:
    begun = world.open()
    assert world.come_back(begun).status_code == 200
    assert said(world.come_back(begun)) == OVER
    assert len(world.standin.calls_of("oauth.v2.access")) == 1


def test_a_state_works_once_across_processes_on_one_database(world: InstallWorld) -> None:
    begun = world.open()
    world.come_back(begun)
    with ExitStack() as stack:
        world.start(stack)
        assert said(world.come_back(begun)) == OVER
        assert world.install().status_code == 200


def test_a_state_works_for_ten_minutes(lite: InstallWorld) -> None:
    begun, late = lite.open(), lite.open()
    lite.now += timedelta(minutes=9, seconds=59)
    assert lite.come_back(begun).status_code == 200
    lite.now += timedelta(seconds=2)
    assert said(lite.come_back(late)) == OVER


def test_a_state_is_of_this_browser_and_of_our_making(lite: InstallWorld) -> None:
    ours, theirs = lite.open(), lite.open()
    forged = Fernet(Fernet.generate_key()).encrypt(b"1").decode().rstrip("=")
    for state, cookie in (
        (theirs.state, ours.cookie),
        (ours.state, ""),
        ("", ""),
        (forged, forged),
        (ours.state[:-4] + "AAAA", ours.state[:-4] + "AAAA"),
    ):
        assert said(lite.come_back(Begun(asked={"state": [state]}, cookie=cookie))) == OVER
    assert lite.standin.calls_of("oauth.v2.access") == []
    assert lite.connection() is None
    assert lite.come_back(ours).status_code == 200


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        ("invalid_code", 400, "Slack did not accept the code it gave for this installation"),
        ("code_already_used", 400, "Slack did not accept the code it gave for this installation"),
        ("bad_client_secret", 500, "Slack does not accept how this bot is set up"),
        ("bad_redirect_uri", 500, "Slack does not accept how this bot is set up"),
        ("fatal_error", 502, "Slack did not answer"),
    ],
)
def test_a_refusal_of_slack_is_told_with_its_mend(lite: InstallWorld, error: str, status: int, sentence: str) -> None:
    lite.standin.fail_next("oauth.v2.access", error=error)
    told = said(lite.install())
    assert told[0] == status
    assert told[1].startswith(sentence)
    assert lite.connection() is None


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop_request": True}, {"retry_after": 30}])
def test_a_slack_that_is_down_is_told_and_the_next_try_works(lite: InstallWorld, fault: dict[str, int]) -> None:
    # Each of them is one of its parameters.
    lite.standin.fail_next("oauth.v2.access", **fault)  # type: ignore[arg-type]
    assert said(lite.install()) == (502, "Slack did not answer, and nothing was changed.")
    assert lite.install().status_code == 200


def test_a_missing_code_is_told(lite: InstallWorld) -> None:
    assert said(lite.come_back(lite.open(), code=""))[0] == 400


def test_without_a_table_to_write_to_there_is_an_apology_with_a_number(
    lite: InstallWorld, caplog: pytest.LogCaptureFixture
) -> None:
    begun = lite.open()
    with lite.engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("DROP TABLE connections"))
    page = lite.come_back(begun)
    assert said(page) == (500, "Sorry, something went wrong on our side, and the workspace is not connected.")
    (number,) = re.findall(r"this number: ([0-9A-F]{6})", page.text)
    assert f"incident={number}" in caplog.text


@pytest.mark.parametrize("kind", ["page", "text"])
def test_something_else_that_answers_in_slacks_place_is_told(tmp_path: Path, kind: str) -> None:
    async def login(_: Request) -> Response:
        return PlainTextResponse("Log in", media_type="text/html" if kind == "page" else "text/plain")

    not_slack = Starlette(routes=[Route("/api/oauth.v2.access", login, methods=["POST"])])
    for engine in sqlite_engine(tmp_path):
        with ExitStack() as stack:
            api = f"{stack.enter_context(served(not_slack))}/api/"
            assert said(world_of(engine, stack, api=api).install())[0] == 502


# ------------------------------------------------------------------ whose workspace


def other_authority(engine: Engine, workspace: str = WORKSPACE) -> None:
    with transaction(engine, "northmoor") as session:
        session.add(
            Connection(
                authority="northmoor", platform="slack", workspace=workspace, bot_token="xoxb-theirs", installed_at=NOW
            )
        )


def test_a_workspace_of_another_authority_stays_there(world: InstallWorld) -> None:
    other_authority(world.engine)
    page = world.install()
    assert said(page) == (
        409,
        "This workspace is already connected to another authority of this service, and stays there.",
    )
    assert "northmoor" not in page.text
    assert world.connection() == ("northmoor", "xoxb-theirs")


def test_a_workspace_that_another_authority_let_go_may_be_connected(world: InstallWorld) -> None:
    other_authority(world.engine)
    world.people[IRO].event(app_uninstalled())
    assert world.connection() is None
    assert world.install().status_code == 200
    assert world.connection() == (AUTHORITY, BOT_TOKEN)


def test_connecting_refuses_by_itself_and_keeps_one_row(engine: Engine) -> None:
    connect(engine, AUTHORITY, "T1", "xoxb-1", NOW)
    connect(engine, AUTHORITY, "T1", "xoxb-2", NOW)
    with pytest.raises(ConnectedElsewhere):
        connect(engine, "northmoor", "T1", "xoxb-3", NOW)
    assert connection_of(engine, SLACK, "T1") == Connected(authority=AUTHORITY, token="xoxb-2")
    with transaction(engine, None, writes=False) as session, every_authority(session):
        assert len(session.exec(select(Connection)).all()) == 1


def test_a_bot_token_of_another_authoritys_workspace_is_told_in_the_log_and_moves_nothing(
    lite: InstallWorld, caplog: pytest.LogCaptureFixture
) -> None:
    other_authority(lite.engine)
    settings = lite.service.settings.model_copy(update={"slack_bot_token": SecretStr(BOT_TOKEN)})
    service = Service(settings, lite.engine, clock=lambda: NOW, ticking=False)
    with served(service.web):
        assert "set AUTHORITY to that one" in caplog.text
    assert lite.connection() == ("northmoor", "xoxb-theirs")


ORGANISATION = {  # api.slack.com/enterprise/apps/reference
    "ok": True,
    "access_token": "xoxb-XXXX",
    "token_type": "bot",
    "team": None,
    "enterprise": {"id": "E1XXX", "name": "Starship <&> Co"},
    "is_enterprise_install": True,
    "authed_user": {"id": "WXXXX", "access_token": "xoxp-XXXX"},
}


def test_an_organisation_is_connected_as_a_whole(tmp_path: Path) -> None:
    proofs: list[str] = []

    async def access(request: Request) -> Response:
        proofs.append(request.headers["authorization"])
        return JSONResponse(ORGANISATION)

    slack = Starlette(routes=[Route("/api/oauth.v2.access", access, methods=["POST"])])
    for engine in sqlite_engine(tmp_path):
        with ExitStack() as stack:
            world = world_of(engine, stack, api=f"{stack.enter_context(served(slack))}/api/")
            assert said(world.install()) == (200, "The bot is connected to Starship <&> Co.")
            assert world.connection("E1XXX") == (AUTHORITY, "xoxb-XXXX")
    assert proofs == [f"Basic {b64encode(f'{CLIENT_ID}:{CLIENT_SECRET}'.encode()).decode()}"]


def test_a_workspace_inside_an_organisation_is_connected_by_itself() -> None:
    found = installation_of(ORGANISATION | {"team": {"id": "T1", "name": "One"}, "is_enterprise_install": False})
    assert found is not None
    assert (found.workspace, found.organisation) == ("T1", False)
    assert "xoxb" not in repr(found)


@pytest.mark.parametrize(
    "lacking",
    [{"access_token": None}, {"token_type": "user"}, {"expires_in": 43200}, {"enterprise": None}],
)
def test_an_answer_without_a_lasting_bot_token_connects_nothing(lacking: dict[str, object]) -> None:
    assert installation_of(ORGANISATION | lacking) is None


def test_without_a_client_id_there_is_no_install_page(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        service = Service(Settings(slack_signing_secret=SecretStr("s")), engine, ticking=False)
        with served(service.web) as address, httpx2.Client(verify=NO_TLS, trust_env=False) as browser:
            assert browser.get(f"{address}/slack/install").status_code == 404


def test_without_a_public_url_slack_takes_the_apps_own_address(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        with ExitStack() as stack:
            world = world_of(engine, stack, public_url="")
            assert "redirect_uri" not in world.open().asked
            assert "secure" not in world.page(world.invite()).headers["set-cookie"].lower()
            assert world.install().status_code == 200
            assert "redirect_uri" not in world.standin.calls_of("oauth.v2.access")[0].args
