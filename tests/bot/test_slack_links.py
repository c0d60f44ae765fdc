"""Which workspaces may be connected: those that came by a link, once, and those the settings allow; no stranger's."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.settings import Settings
from bot.slack.install_pages import INVITATION
from storage.audit import verify_all
from storage.connections import Connection
from storage.database import make_engine, transaction
from storage.encrypted import Keyring, use_keyring
from storage.history import History
from storage.invitations import Invitation
from storage.scope import every_authority
from tests.bot.test_slack_install import CLIENT_ID, CLIENT_SECRET, NOT_YET, PUBLIC, InstallWorld, said, world_of
from tests.cast import AUTHORITY, IRO, STAFF, WORKSPACE, Cast, slack_id
from tests.command_line import iro_bot
from tests.conftest import KEY
from tests.databases import sqlite_engine
from tests.slack_standin import SlackStandIn
from tests.slack_standin.payloads import app_uninstalled

STRANGER = "T0STRANGER"
ASK = (403, "A workspace is connected by a link that was made for it, and this address is none.")
OVER = (403, "This link has been used or has run out.")
REFUSED = (403, "Nobody has asked for this workspace to be connected, and nothing of it was kept.")


@pytest.fixture
def world(engine: Engine) -> Iterator[InstallWorld]:
    """On SQLite and on PostgreSQL."""
    with ExitStack() as stack:
        yield with_stranger(world_of(engine, stack))


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[InstallWorld]:
    """On SQLite alone."""
    for engine in sqlite_engine(tmp_path):
        with ExitStack() as stack:
            yield with_stranger(world_of(engine, stack))


def with_stranger(world: InstallWorld) -> InstallWorld:
    """A workspace that is nobody's we know has the app's address."""
    world.standin.add_workspace(STRANGER, "xoxb-stranger", name="Strangers")
    return world


def kept(world: InstallWorld) -> list[tuple[str, str]]:
    """Every connection there is, by authority and workspace."""
    with transaction(world.engine, None, writes=False) as session, every_authority(session):
        return [(one.authority, one.workspace) for one in session.exec(select(Connection))]


def test_without_a_link_the_page_says_whom_to_ask_and_nothing_begins(lite: InstallWorld) -> None:
    page = lite.page()
    assert said(page) == ASK
    assert "Ask the administrator of this service for a link." in page.text
    assert "slack.com/oauth" not in page.text
    assert "set-cookie" not in page.headers
    for guessed in ("x", "A" * 43, "../../etc", "%00"):
        assert said(lite.page(guessed)) == OVER


def test_a_link_works_once_however_often_it_is_looked_at(world: InstallWorld) -> None:
    link = world.invite()
    for _ in range(3):  # a mail scanner, a preview, a person
        assert world.page(link).status_code == 200
    assert world.install(link).status_code == 200
    assert kept(world) == [(AUTHORITY, WORKSPACE)]
    assert said(world.page(link)) == OVER


def test_of_two_browsers_with_one_link_the_second_connects_nothing_and_its_token_is_given_back(
    world: InstallWorld,
) -> None:
    link = world.invite()
    ours, theirs = world.open(link), world.open(link)
    assert world.come_back(ours).status_code == 200
    assert said(world.come_back(theirs, STRANGER)) == REFUSED
    assert kept(world) == [(AUTHORITY, WORKSPACE)]
    assert world.revoked() == [STRANGER]


def test_a_link_runs_out_after_a_week_also_on_the_way(lite: InstallWorld) -> None:
    link = lite.invite()
    lite.now += timedelta(days=7, seconds=-1)
    begun = lite.open(link)
    lite.now += timedelta(seconds=1)
    assert said(lite.page(link)) == OVER
    assert said(lite.come_back(begun)) == REFUSED
    assert (kept(lite), lite.revoked()) == ([], [WORKSPACE])


def test_a_link_for_one_workspace_is_for_no_other_and_waits_on(lite: InstallWorld) -> None:
    link = lite.invite(team=WORKSPACE)
    assert said(lite.install(link, STRANGER)) == REFUSED
    assert (kept(lite), lite.revoked()) == ([], [STRANGER])
    assert lite.install(link).status_code == 200
    assert kept(lite) == [(AUTHORITY, WORKSPACE)]


def test_a_connected_workspace_that_comes_again_unasked_keeps_working(lite: InstallWorld) -> None:
    """Slack gives the same token again: to revoke it would cut the connection off."""
    link = lite.invite()
    late = lite.open(link)
    lite.install(link)
    assert said(lite.come_back(late)) == REFUSED
    assert lite.revoked() == []
    assert NOT_YET not in lite.command(IRO, "/iro help").text


def test_whoever_removed_the_app_needs_a_new_link(lite: InstallWorld) -> None:
    link = lite.invite()
    lite.install(link)
    lite.people[IRO].event(app_uninstalled())
    assert said(lite.page(link)) == OVER
    assert said(lite.page()) == ASK
    assert lite.install().status_code == 200


def test_a_link_that_led_nowhere_can_be_begun_again(lite: InstallWorld) -> None:
    link = lite.invite()
    begun = lite.open(link)
    cancelled = lite.get("/slack/oauth_redirect", begun.cookie, error="access_denied", state=begun.state)
    (again,) = re.findall(r'href="([^"]+)">Begin again', cancelled.text)
    assert again == f"install?{INVITATION}={link}"
    elsewhere = lite.get("/slack/oauth_redirect", "", error="access_denied", state=begun.state)
    assert link not in elsewhere.text, "the state alone, which Slack has seen, does not give the link away"
    assert lite.install(link).status_code == 200


def test_a_token_that_slack_does_not_take_back_is_told_in_the_log(
    lite: InstallWorld, caplog: pytest.LogCaptureFixture
) -> None:
    lite.standin.fail_next("auth.revoke", error="fatal_error")
    assert said(lite.install(lite.invite(team=WORKSPACE), STRANGER)) == REFUSED
    assert f"did not take back the token of the workspace {STRANGER} (fatal_error)" in caplog.text
    assert "xoxb" not in caplog.text
    assert kept(lite) == []


def test_the_settings_may_allow_workspaces_and_organisations_by_their_ids(tmp_path: Path) -> None:
    for engine in sqlite_engine(tmp_path):
        with ExitStack() as stack:
            world = with_stranger(world_of(engine, stack, allowed_teams=f"E0WHOLE {WORKSPACE}"))
            assert said(world.install("", STRANGER)) == REFUSED
            assert (kept(world), world.revoked()) == ([], [STRANGER])
            assert world.install("").status_code == 200
            assert kept(world) == [(AUTHORITY, WORKSPACE)]
            assert world.install(world.invite(), STRANGER).status_code == 200, "a link serves beside them"


def test_what_was_connected_and_by_which_link_is_on_record(world: InstallWorld) -> None:
    world.install(world.invite("anyshire.example"))
    with transaction(world.engine, AUTHORITY, writes=False) as session:
        (entry,) = session.exec(select(History).where(History.what == "workspace connected"))
        assert verify_all(session) == []
        used = session.exec(select(Invitation)).one()
    assert entry.details == (
        f'{{"by":"link","domains":"anyshire.example","platform":"slack","workspace":"{WORKSPACE}"}}'
    )
    assert (used.used_at, used.workspace) == (world.now, WORKSPACE)


def test_a_link_connects_to_the_authority_that_made_it(lite: InstallWorld) -> None:
    link = lite.invite()
    with transaction(lite.engine, None) as session, every_authority(session):
        made = session.exec(select(Invitation)).one()
        session.delete(made)
        session.flush()
        session.add(Invitation(**(made.model_dump() | {"authority": "northmoor"})))
    assert lite.install(link).status_code == 200
    assert kept(lite) == [("northmoor", WORKSPACE)]


# ------------------------------------------------------------------ the command that makes a link


@pytest.fixture
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("ENCRYPTION_KEYS", KEY)
    monkeypatch.setenv("AUTHORITY", AUTHORITY)


@pytest.mark.usefixtures("_folder")
def test_a_link_is_made_only_where_somebody_could_open_it(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = iro_bot("slack", "invite")
    assert (refused.exit_code, refused.output) == (
        1,
        "A link needs the bot's install page: set PUBLIC_URL, SLACK_CLIENT_ID and SLACK_CLIENT_SECRET "
        "(docs/install-slack.md).\n",
    )
    monkeypatch.setenv("SLACK_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("SLACK_CLIENT_SECRET", CLIENT_SECRET)
    assert "set PUBLIC_URL (docs" in iro_bot("slack", "invite").output
    monkeypatch.setenv("PUBLIC_URL", PUBLIC)
    for wrong, words in (("--domain", "council"), ("--domain", "a b.uk"), ("--team", "anyshire")):
        refused = iro_bot("slack", "invite", wrong, words)
        assert refused.exit_code == 1
        assert refused.output.startswith(f"{words} is no ")


@pytest.mark.usefixtures("_folder")
def test_the_link_that_the_command_prints_connects_a_workspace_and_its_secret_is_kept_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = {"SLACK_CLIENT_ID": CLIENT_ID, "SLACK_CLIENT_SECRET": CLIENT_SECRET, "PUBLIC_URL": f"{PUBLIC}/"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    domains = [part for domain in ("@Anyshire.Example", "b.uk", "anyshire.example") for part in ("--domain", domain)]
    made = iro_bot("slack", "invite", *domains, "--team", WORKSPACE)
    assert made.exit_code == 0, made.output
    address, whose, recognised = made.output.splitlines()
    link = address.removeprefix(f"{PUBLIC}/slack/install?invitation=")
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", link)
    assert whose.startswith(f"It connects the workspace {WORKSPACE} to the authority {AUTHORITY}, once, until ")
    assert recognised == "People are recognised there by e-mail addresses at anyshire.example, b.uk."
    with sqlite3.connect("iro-bot.db") as raw:
        assert link not in "\n".join(raw.iterdump())
    raw.close()

    use_keyring(Keyring(KEY))
    engine, nobody = make_engine("sqlite:///iro-bot.db"), Cast(people={}, children={})
    with ExitStack() as stack:
        slack = stack.enter_context(SlackStandIn())
        for login, name, *_ in STAFF:
            slack.add_user(slack_id(login), name)
        world = InstallWorld(engine=engine, standin=slack, now=datetime.now(UTC), cast=nobody)
        world.start(stack)
        assert said(world.install(link)) == (200, "The bot is connected to Anyshire.")
        assert kept(world) == [(AUTHORITY, WORKSPACE)]
    engine.dispose()
