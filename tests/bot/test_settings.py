"""Settings come from the environment and .env; a wrong one is named in one line, and no secret is ever shown."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.settings import LogLevel, Settings, WrongSetting, read_settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
SECRET = "xoxb-very-secret-token"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_without_any_setting_the_defaults_hold() -> None:
    settings = read_settings()

    assert settings.database_url == "sqlite:///iro-bot.db"
    assert (settings.host, settings.port, settings.authority) == ("127.0.0.1", 3000, "local")
    assert settings.procedures == "handbook"
    assert settings.tick_seconds == 5
    assert not settings.slack_given
    assert not settings.teams_given


def test_a_dotenv_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PORT=4000\nPROCEDURES=rotherham\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "5000")

    assert (read_settings().port, read_settings().procedures) == (5000, "rotherham")


def test_an_empty_value_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    monkeypatch.setenv("ENCRYPTION_KEYS", "")

    assert read_settings().port == 3000


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "abc", "PORT is wrong: give a number from 0 to 65535."),
        ("PORT", "70000", "PORT is wrong: give a number from 0 to 65535."),
        ("DATABASE_URL", "mysql://host/name", "DATABASE_URL names mysql; it must be sqlite or postgresql+psycopg."),
        ("AUTHORITY", "Any Shire", "AUTHORITY is wrong: use small letters, digits, - and _, at most 40."),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL is wrong: write DEBUG, INFO, WARNING or ERROR."),
        ("LOG_FORMAT", "xml", "LOG_FORMAT is wrong: write text or json."),
        ("TICK_SECONDS", "0", "TICK_SECONDS is wrong: give a number of seconds above 0, at most 3600."),
        ("WORKSPACE", "maybe", "WORKSPACE is wrong: write true, false or training."),
        ("HEARTBEAT_URL", "heart", "HEARTBEAT_URL is wrong: it must be a web address"),
        ("TRUSTED_PROXIES", "10.0.0.5,proxy", "TRUSTED_PROXIES is wrong: give IP addresses or networks"),
        ("PUBLIC_URL", "http://[", "PUBLIC_URL is wrong: it must be a web address"),
        ("ENCRYPTION_KEYS", SECRET, "ENCRYPTION_KEYS holds something that is not a Fernet key"),
        ("SLACK_APP_TOKEN", SECRET, "SLACK_APP_TOKEN is wrong: it holds a bot's token"),
        ("SLACK_BOT_TOKEN", "xapp-secret", "SLACK_BOT_TOKEN is wrong: it holds an app-level token"),
        ("SLACK_CLIENT_ID", "123.456", "SLACK_CLIENT_SECRET is missing"),
        ("SLACK_ALLOWED_TEAMS", "T0ANY, anyshire", "SLACK_ALLOWED_TEAMS is wrong: give ids of Slack workspaces"),
        ("TEAMS_ALLOWED_TENANTS", "contoso.onmicrosoft.com", "TEAMS_ALLOWED_TENANTS is wrong: it must be an id"),
        ("EMAIL_DOMAINS", "council", "EMAIL_DOMAINS is wrong: give domains like council.gov.uk"),
        ("EMAIL_DOMAINS", "*", "EMAIL_DOMAINS is wrong: give domains like council.gov.uk"),
        ("EMAIL_DOMAINS", "anyshire:council.gov.uk", "EMAIL_DOMAINS is wrong: it must be an id"),
        ("TEAMS_APP_ID", "my bot", "TEAMS_APP_ID is wrong: it must be an id"),
        ("TEAMS_TENANT_ID", "contoso.onmicrosoft.com", "TEAMS_TENANT_ID is wrong: it must be an id"),
        ("TEAMS_APP_ID", "11111111-2222-4333-8444-555555555555", "TEAMS_APP_PASSWORD is missing"),
        ("TEAMS_APP_PASSWORD", SECRET, "TEAMS_APP_ID is missing"),
        ("TEAMS_OPENID_URL", "http://keys.example/openid", "TEAMS_OPENID_URL is wrong: keys are read over https"),
    ],
)
def test_a_wrong_value_is_named_in_one_line_without_the_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(WrongSetting) as wrong:
        read_settings()
    assert str(wrong.value).startswith(said)
    assert "\n" not in str(wrong.value)
    assert SECRET not in str(wrong.value)


def test_unsigned_teams_requests_are_refused_unless_only_this_machine_can_send_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEAMS_ALLOW_UNAUTHENTICATED", "true")
    assert read_settings().teams_given

    monkeypatch.setenv("HOST", "0.0.0.0")  # noqa: S104 - the address that must be refused
    with pytest.raises(WrongSetting, match="TEAMS_ALLOW_UNAUTHENTICATED is wrong"):
        read_settings()


def test_teams_is_served_for_one_tenant_whose_id_may_be_written_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAMS_APP_ID", "11111111-2222-4333-8444-555555555555")
    monkeypatch.setenv("TEAMS_APP_PASSWORD", SECRET)
    with pytest.raises(WrongSetting, match="TEAMS_TENANT_ID is missing"):
        read_settings()

    monkeypatch.setenv("TEAMS_TENANT_ID", "AAAAAAAA-BBBB-4CCC-8DDD-EEEEEEEEEEEE")
    assert read_settings().teams_tenant_id == "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
    assert read_settings().teams_given


def test_lists_are_read_with_commas_or_spaces_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    tenant = "AAAAAAAA-bbbb-4ccc-8ddd-eeeeeeeeeeee"
    monkeypatch.setenv("SLACK_ALLOWED_TEAMS", "T0ONE, E0TWO,T0THREE ")
    monkeypatch.setenv("TEAMS_ALLOWED_TENANTS", tenant)
    monkeypatch.setenv("EMAIL_DOMAINS", f"Council.gov.uk, T0ONE:one.gov.uk {tenant}:two.gov.uk")
    settings = read_settings()
    assert settings.slack_allowed_teams == "T0ONE E0TWO T0THREE"
    assert settings.teams_allowed_tenants == tenant.lower()
    assert settings.email_domains == f":council.gov.uk T0ONE:one.gov.uk {tenant.lower()}:two.gov.uk"


def test_secrets_are_not_in_what_is_printed_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    key = Fernet.generate_key().decode()
    monkeypatch.setenv("ENCRYPTION_KEYS", key)
    monkeypatch.setenv("SLACK_BOT_TOKEN", SECRET)
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://iro:hidden-word@db.example/iro")

    printed = f"{read_settings()} {read_settings()!r}"
    assert SECRET not in printed
    assert key not in printed
    assert "hidden-word" not in printed


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, False),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, False),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}, True),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, True),
        ({"SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "2", "SLACK_SIGNING_SECRET": "s"}, True),
    ],
)
def test_slack_is_served_with_a_token_and_a_proof(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], expected: bool
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    assert read_settings().slack_given is expected


def test_the_built_in_page_is_on_only_without_credentials_and_on_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert read_settings().workspace_on

    monkeypatch.setenv("HOST", "192.0.2.1")
    assert not read_settings().workspace_on
    monkeypatch.setenv("WORKSPACE", "true")
    with pytest.raises(WrongSetting, match="HOST must be this machine"):
        read_settings()


@pytest.mark.parametrize(("said", "on"), [("true", True), ("On", True), ("1", True), ("no", False), ("FALSE", False)])
def test_the_built_in_page_is_switched_in_the_words_people_use(
    monkeypatch: pytest.MonkeyPatch, said: str, on: bool
) -> None:
    monkeypatch.setenv("WORKSPACE", said)
    assert read_settings().workspace_on is on


def test_a_training_is_served_to_others_behind_a_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "192.0.2.1")
    monkeypatch.setenv("WORKSPACE", "training")
    with pytest.raises(WrongSetting, match="WORKSPACE_PASSPHRASE is missing"):
        read_settings()
    monkeypatch.setenv("WORKSPACE_PASSPHRASE", "seven12")
    with pytest.raises(WrongSetting, match="at least 8 letters"):
        read_settings()
    monkeypatch.setenv("WORKSPACE_PASSPHRASE", "two red boats")
    assert read_settings().workspace_on


@pytest.mark.parametrize("said", ["true", "training"])
def test_the_built_in_page_never_stands_beside_credentials(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-made-up")
    assert not read_settings().workspace_on
    monkeypatch.setenv("WORKSPACE", said)
    monkeypatch.setenv("WORKSPACE_PASSPHRASE", "two red boats")
    with pytest.raises(WrongSetting, match="never served beside the credentials"):
        read_settings()


def test_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().proxies == ()
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.5, 172.17.1.1/16,fd00::/8,")
    assert read_settings().proxies == ("10.0.0.5/32", "172.17.0.0/16", "fd00::/8")


def test_log_levels_may_be_written_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "debug")

    assert read_settings().log_level is LogLevel.DEBUG


def test_the_example_file_names_every_setting_and_no_other() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    named = {line.removeprefix("# ").partition("=")[0] for line in lines if "=" in line and line[:3] != "#  "}

    assert {name for name in named if name.isupper()} == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:3000"),
        ("::1", "http://[::1]:3000"),
        ("0.0.0.0", "http://127.0.0.1:3000"),  # noqa: S104 - a setting people give
        ("::", "http://[::1]:3000"),
    ],
)
def test_the_address_that_is_printed_leads_somewhere(monkeypatch: pytest.MonkeyPatch, host: str, address: str) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-made-up")
    monkeypatch.setenv("HOST", host)
    assert read_settings().address == address
