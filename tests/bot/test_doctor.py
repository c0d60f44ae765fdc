"""The doctor asks Slack itself: about the token, and about everyone whose account is not known yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.clock import real_clock
from bot.settings import Settings
from storage.connections import Connection
from storage.database import make_engine, transaction
from storage.encrypted import Keyring, use_keyring
from tests.command_line import iro_bot
from tests.slack_standin import SCOPES, SlackStandIn

TOKEN = "xoxb-standin"
STAFF = """email,name,roles,manager_email,team
dora.king@anyshire.example,Dora King,director,,
ann.lee@anyshire.example,Ann Lee,iro,dora.king@anyshire.example,IRO service
"""


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SlackStandIn]:
    """A workspace in which Ann Lee has an account, two people imported, and settings that fit."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    with SlackStandIn() as running:
        running.add_workspace("T0ANYSHIRE", TOKEN, name="Anyshire")
        running.add_user("U0ANNLEE", "Ann Lee", "ann.lee@anyshire.example")
        monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
        monkeypatch.setenv("SLACK_SIGNING_SECRET", "signing")
        monkeypatch.setenv("SLACK_API_BASE_URL", running.base_url)
        monkeypatch.setenv("ENCRYPTION_KEYS", Fernet.generate_key().decode())
        Path("staff.csv").write_text(STAFF, encoding="utf-8")
        assert iro_bot("import", "staff", "staff.csv").exit_code == 0
        yield running


def test_with_everything_in_place_every_line_is_good_and_it_ends_with_0(slack: SlackStandIn) -> None:
    slack.add_user("U0DORAKING", "Dora King", "dora.king@anyshire.example")

    result = iro_bot("doctor")
    assert result.exit_code == 0, result.output
    assert all(line.startswith("ok ") for line in result.stdout.splitlines())
    assert "Slack: connected to Anyshire." in result.stdout


def test_who_has_no_account_under_their_address_is_named(slack: SlackStandIn) -> None:
    result = iro_bot("doctor")

    assert result.exit_code == 1
    failed = [line for line in result.stdout.splitlines() if line.startswith("FAIL")]
    assert len(failed) == 1
    assert "no chat account is known of dora.king@anyshire.example." in failed[0]
    assert slack.calls_of("chat.postMessage") == []


def test_who_has_not_confirmed_their_address_there_is_named_too(slack: SlackStandIn) -> None:
    slack.add_user("U0DORAKING", "Dora King", "dora.king@anyshire.example", vouched_for=False)
    assert "FAIL  people: no chat account is known of dora.king@anyshire.example." in iro_bot("doctor").stdout


@pytest.mark.slow
def test_a_token_that_slack_refuses_is_told_without_showing_it(
    slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-yesterday")

    result = iro_bot("doctor")
    assert result.exit_code == 1
    assert "FAIL  Slack: it refuses the token (invalid_auth)." in result.stdout
    assert "xoxb-of-yesterday" not in result.output
    assert slack.calls_of("users.lookupByEmail") == []


def test_a_slack_out_of_reach_is_told(slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    assert slack.base_url
    monkeypatch.setenv("SLACK_API_BASE_URL", "http://127.0.0.1:9/api/")

    assert "FAIL  Slack: http://127.0.0.1:9/api/ does not answer." in iro_bot("doctor").stdout


def test_an_app_installed_with_fewer_scopes_is_told_with_what_fails(slack: SlackStandIn) -> None:
    slack.workspace().scopes = SCOPES - {"files:write"}

    result = iro_bot("doctor")
    assert result.exit_code == 1
    (line,) = [one for one in result.stdout.splitlines() if "lacks" in one]
    assert line.startswith("FAIL  Slack: the app in Anyshire lacks files:write: reports cannot be sent as files.")
    assert "Slack: connected to Anyshire." in result.stdout
    assert "no chat account is known of dora.king@anyshire.example." in result.stdout, "the rest is examined too"


@pytest.mark.slow
def test_a_workspace_of_the_install_page_is_asked_too(slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    slack.add_workspace("T0NORTH", "xoxb-north", name="North").scopes = SCOPES - {"im:history"}
    settings = Settings()
    use_keyring(Keyring(settings.encryption_keys.get_secret_value()))
    engine = make_engine(settings.database_url)
    with transaction(engine, settings.authority) as session:
        session.add(
            Connection(platform="slack", workspace="T0NORTH", bot_token="xoxb-north", installed_at=real_clock())
        )
    engine.dispose()
    use_keyring(None)

    told = iro_bot("doctor").stdout
    assert "FAIL  Slack: the app in North lacks im:history: some things fail. Install the app again" in told
    assert "xoxb" not in told
    assert "FAIL  Slack: the workspace T0NORTH was connected without a link. Name it in SLACK_ALLOWED_TEAMS" in told


def test_a_tenant_that_the_settings_no_longer_name_is_told(slack: SlackStandIn) -> None:
    settings = Settings()
    engine = make_engine(settings.database_url)
    with transaction(engine, settings.authority) as session:
        session.add(Connection(platform="teams", workspace="a-former-tenant", installed_at=real_clock()))
    engine.dispose()
    assert "FAIL  Teams: the tenant a-former-tenant is connected and no longer named" in iro_bot("doctor").stdout


@pytest.mark.slow
def test_whose_word_is_taken_about_addresses_is_told_and_fails_nothing(
    slack: SlackStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert iro_bot("import", "staff", "staff.csv").exit_code == 0
    settings = Settings()
    use_keyring(Keyring(settings.encryption_keys.get_secret_value()))
    engine = make_engine(settings.database_url)
    with transaction(engine, settings.authority) as session:
        own = settings.slack_bot_token.get_secret_value()
        for workspace, token, link in (("T0OWN", own, None), ("T0LINK", None, ""), ("T0GOOD", None, "good.example")):
            session.add(
                Connection(
                    platform="slack",
                    workspace=workspace,
                    bot_token=token,
                    link_domains=link,
                    installed_at=real_clock(),
                )
            )
    engine.dispose()
    use_keyring(None)

    told = [line for line in iro_bot("doctor").stdout.splitlines() if line.startswith("WARN")]
    assert told == [
        "WARN  Slack: T0OWN is believed about every address on the staff list. "
        "Set EMAIL_DOMAINS to your own domains to narrow that.",
        "WARN  Slack: nobody is recognised by e-mail in T0LINK. "
        "Set EMAIL_DOMAINS for it, or give the people's ids in the staff file.",
    ]
    monkeypatch.setenv("EMAIL_DOMAINS", "elsewhere.example,T0LINK:link.example")
    lines = iro_bot("doctor").stdout.splitlines()
    assert [line for line in lines if line.startswith("WARN")] == []
    assert slack.calls_of("users.lookupByEmail"), "asked while every address was believed"
    before = len(slack.calls_of("users.lookupByEmail"))
    assert any("no chat account is known of" in line for line in lines)
    iro_bot("doctor")
    assert len(slack.calls_of("users.lookupByEmail")) == before, "and not asked about addresses that are not"
