"""The doctor asks Teams itself for its keys, tries the bot's token, and names who has no chat with the bot yet."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.settings import Settings
from storage import addresses, people
from storage.conversations import Conversation
from storage.database import make_engine, transaction
from tests.command_line import iro_bot
from tests.teams_standin import TENANT, TeamsStandIn

STAFF = """email,name,roles,manager_email,team,teams_id
dora.king@anyshire.example,Dora King,director,,,
ann.lee@anyshire.example,Ann Lee,iro,dora.king@anyshire.example,IRO service,ann-object
"""


@pytest.fixture
def teams(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[TeamsStandIn]:
    """Two people imported, and settings that fit."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    with TeamsStandIn() as running:
        Path("token").write_text(running.outbound_token, encoding="ascii")
        monkeypatch.setenv("TEAMS_APP_ID", running.app_id)
        monkeypatch.setenv("TEAMS_TENANT_ID", TENANT)
        monkeypatch.setenv("TEAMS_OPENID_URL", running.openid_url)
        monkeypatch.setenv("TEAMS_TOKEN_FILE", "token")
        monkeypatch.setenv("ENCRYPTION_KEYS", Fernet.generate_key().decode())
        Path("staff.csv").write_text(STAFF, encoding="utf-8")
        assert iro_bot("import", "staff", "staff.csv").exit_code == 0
        yield running


def met(email: str) -> None:
    """Teams has told of a chat with this person."""
    with transaction(make_engine("sqlite:///iro-bot.db"), "local") as session:
        person = people.by_email(session, email)
        assert person is not None
        assert person.id is not None
        theirs = addresses.of_people(session, [person.id]).get(person.id, {})
        account = next(iter(theirs.values()), f"{email}-object")
        addresses.link(session, person.id, "teams", TENANT, account)
        session.add(
            Conversation(
                platform="teams",
                workspace=TENANT,
                account=account,
                conversation=f"a:{email}",
                service_url="https://smba.example/uk/",
                told_at=datetime(2026, 1, 5, tzinfo=UTC),
            )
        )


@pytest.mark.slow
@pytest.mark.usefixtures("teams")
def test_with_everything_in_place_every_line_is_good_and_slack_is_not_missed() -> None:
    met("dora.king@anyshire.example")
    met("ann.lee@anyshire.example")

    result = iro_bot("doctor")
    assert result.exit_code == 0, result.output
    for line in (
        "ok  Slack: not used here.",
        "ok  Teams keys: the keys that sign",
        "ok  Teams token: the bot can log",
    ):
        assert line in result.stdout


@pytest.mark.slow
@pytest.mark.usefixtures("teams")
def test_who_has_no_chat_with_the_bot_is_named_though_their_account_is_known() -> None:
    met("dora.king@anyshire.example")

    result = iro_bot("doctor")
    assert result.exit_code == 1
    (failed,) = [line for line in result.stdout.splitlines() if line.startswith("FAIL")]
    assert "no chat in Teams is known with ann.lee@anyshire.example." in failed


def test_keys_out_of_reach_and_a_token_that_is_not_there_are_told(
    teams: TeamsStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert teams.openid_url
    monkeypatch.setenv("TEAMS_OPENID_URL", "http://127.0.0.1:9/openid")
    monkeypatch.setenv("TEAMS_TOKEN_FILE", "nowhere")

    said = iro_bot("doctor").stdout
    assert "FAIL  Teams keys: http://127.0.0.1:9/openid gives none." in said
    assert "FAIL  Teams token: there is none to be had." in said
