"""The product as a process of its own, on Teams alone: killed in the middle, started again, nothing lost or doubled."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from storage.database import transaction
from storage.outbox import SenderLease
from tests.cast import CHILD, IRO, SOCIAL_WORKER, STAFF, TEAM_MANAGER, settle
from tests.first_lines import undated
from tests.stories.programs import Machine, Program, machine, own_database
from tests.stories.repeats import LOGGED, REPLY, WORRY
from tests.teams_standin import TENANT, TeamsPerson, TeamsStandIn
from tests.teams_world import APP_PASSWORD

NEEDS_REPLY = "Please reply to C-1"
WITHOUT_SLACK = {"SLACK_SIGNING_SECRET": "", "SLACK_BOT_TOKEN": "", "SLACK_API_BASE_URL": ""}


@dataclass(kw_only=True)
class AtTeams:
    """A machine whose product speaks to Teams alone."""

    engine: Engine
    machine: Machine
    teams: TeamsStandIn

    def person(self, login: str, program: Program) -> TeamsPerson:
        """A member of the cast at their screen, connected to this program."""
        user = next(user for user in self.teams.users.values() if user.email.startswith(login))
        return TeamsPerson(self.teams, program.address, user)

    def wait_until_it_waits(self, program: Program) -> None:
        """Until Teams has asked it to slow down and it has noted that: then nothing is under way."""
        for _ in range(600):
            with transaction(self.engine, None, writes=False) as session:
                noted = [held.not_before for held in session.exec(select(SenderLease)) if held.token is None]
            if any(noted):
                return
            program.ended_within(0.05)
        raise AssertionError(program.logged)

    def titles(self, login: str, program: Program) -> list[str]:
        """What a person got unasked."""
        return [undated(message.text) for message in self.person(login, program).messages]


@pytest.fixture
def anyshire(tmp_path: Path) -> Iterator[AtTeams]:
    """The service's machine, on SQLite, with Teams' settings."""
    with own_database("sqlite", tmp_path) as engine, machine(engine, tmp_path) as ours, TeamsStandIn() as teams:
        settle(engine, platform="teams")
        for login, name, *_ in STAFF:
            teams.add_user(login, name)
        (tmp_path / "token").write_text(teams.outbound_token, encoding="ascii")
        ours.settings |= WITHOUT_SLACK | {
            "TEAMS_APP_ID": teams.app_id,
            "TEAMS_APP_PASSWORD": APP_PASSWORD,
            "TEAMS_TENANT_ID": TENANT,
            "TEAMS_OPENID_URL": teams.openid_url,
            "TEAMS_TOKEN_FILE": str(tmp_path / "token"),
        }
        yield AtTeams(engine=engine, machine=ours, teams=teams)
        assert teams.violations == []


@pytest.mark.slow
def test_what_was_owed_when_it_was_killed_is_sent_once_it_runs_again(anyshire: AtTeams) -> None:
    teams = anyshire.teams
    with anyshire.machine.running() as program:
        iro = anyshire.person(IRO, program)
        for login in (IRO, TEAM_MANAGER, SOCIAL_WORKER):
            anyshire.person(login, program).install()
        form = iro.command(f"/concern {CHILD}")
        teams.fail_next("post", times=1000, retry_after=5)
        assert "C-1 is logged at stage 1" in iro.submit(form, LOGGED).text
        anyshire.wait_until_it_waits(program)
        program.kill()
    assert teams.messages_to(anyshire.person(TEAM_MANAGER, program).user) == []

    teams.faults.clear()
    with anyshire.machine.running() as program:
        teams.wait_until(lambda: bool(anyshire.titles(TEAM_MANAGER, program)), 60)
        manager = anyshire.person(TEAM_MANAGER, program)
        said = manager.submit(manager.press(manager.messages[-1], "Reply"), REPLY)
        assert "is with the IRO" in said.text
        teams.wait_until(lambda: bool(anyshire.titles(IRO, program)), 60)
        teams.wait_until(lambda: anyshire.titles(TEAM_MANAGER, program) == [f"Earlier: {NEEDS_REPLY}"], 60)
        assert anyshire.titles(SOCIAL_WORKER, program) == ["For information: C-1 (nothing to do)"]
        for secret in (APP_PASSWORD, teams.outbound_token, WORRY, CHILD, REPLY["What will happen"]):
            assert secret not in program.logged


@pytest.mark.slow
def test_what_it_cannot_start_with_it_refuses_in_one_sentence(anyshire: AtTeams) -> None:
    # The address that must be refused.
    (open_to_all,) = anyshire.machine.refused(TEAMS_ALLOW_UNAUTHENTICATED="true", HOST="0.0.0.0")  # noqa: S104
    assert open_to_all.startswith("TEAMS_ALLOW_UNAUTHENTICATED is wrong: it is refused unless HOST is this machine")
    (nothing,) = anyshire.machine.refused(TEAMS_APP_ID="")
    assert "TEAMS_APP_ID" in nothing
