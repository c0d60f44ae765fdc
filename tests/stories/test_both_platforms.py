"""One authority with people at Slack and at Teams: each is told where they prefer, and what one does the other sees."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from storage import people
from storage.database import transaction
from tests.bench import utc
from tests.cast import (
    AUTHORITY,
    BOT_TOKEN,
    IRO,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    STAFF,
    TEAM_MANAGER,
    WORKSPACE,
    settle,
    slack_id,
)
from tests.databases import sqlite_engine
from tests.screens import Message, Person, Seen, plain_text_of
from tests.slack_standin import SlackPerson, SlackStandIn
from tests.stories.telling import News, closing, log, reply, type_and_fill
from tests.teams_standin import TeamsPerson, TeamsStandIn
from tests.teams_world import shown_at_teams, teams_settings
from tests.world import SIGNING_SECRET, Scene, Shown, shown_at_slack

AT_TEAMS = (TEAM_MANAGER, SERVICE_MANAGER)
NEEDS_REPLY = "Please reply to C-1"


@dataclass(kw_only=True)
class TwoPlatforms(Scene[Seen, Message]):
    """Everybody has an account on both and sits at the one they prefer."""

    slack: SlackStandIn
    teams: TeamsStandIn
    people: dict[str, SlackPerson | TeamsPerson] = field(default_factory=dict)
    elsewhere: dict[str, SlackPerson | TeamsPerson] = field(default_factory=dict)

    def inbox(self, who: str) -> list[Message]:
        """Every message a person got, wherever it came."""
        return [*self.people[who].messages, *self.elsewhere[who].messages]

    def shown(self) -> Iterator[Shown]:
        """All that was ever shown to anybody, at either."""
        yield from shown_at_slack(self.slack)
        yield from shown_at_teams(self.teams)

    def start(self, stack: ExitStack, token_file: Path) -> None:
        """Serve one product for both, and seat everybody twice."""
        both = teams_settings(self.teams, token_file).model_copy(
            update={
                "slack_signing_secret": SecretStr(SIGNING_SECRET),
                "slack_bot_token": SecretStr(BOT_TOKEN),
                "slack_api_base_url": self.slack.base_url,
            }
        )
        address = self.serve(stack, both)
        for login, name, *_ in STAFF:
            self.slack.add_user(slack_id(login), name, f"{login}@anyshire.example")
            at_slack = SlackPerson(self.slack, address, SIGNING_SECRET, WORKSPACE, slack_id(login))
            at_teams = TeamsPerson(self.teams, address, self.teams.add_user(login, name))
            at_teams.install()
            here, there = (at_teams, at_slack) if login in AT_TEAMS else (at_slack, at_teams)
            self.people[login], self.elsewhere[login] = here, there


@pytest.fixture
def world(tmp_path: Path) -> Iterator[TwoPlatforms]:
    """The managers prefer Teams; the others have said nothing, or Slack."""
    for engine in sqlite_engine(tmp_path):
        cast = settle(engine, platform="both")
        _prefer(engine, [cast.people[login] for login in AT_TEAMS], "teams")
        _prefer(engine, [cast.people[IRO]], "slack")
        with ExitStack() as stack:
            slack, teams = stack.enter_context(SlackStandIn()), stack.enter_context(TeamsStandIn())
            made = TwoPlatforms(engine=engine, now=utc("2026-12-07"), cast=cast, slack=slack, teams=teams)
            made.start(stack, tmp_path / "token")
            made.beat()
            yield made
            assert [*slack.violations, *teams.violations] == []


def _prefer(engine: Engine, person_ids: list[int], platform: str) -> None:
    with transaction(engine, AUTHORITY) as session:
        for person_id in person_ids:
            person = people.get(session, person_id)
            assert person is not None
            person.prefers = platform
            session.add(person)


@pytest.mark.slow
def test_each_is_told_where_they_prefer_and_nowhere_else(world: TwoPlatforms) -> None:
    log(world, {"Start at": "Stage 1"})
    assert [one.text for one in world.people[TEAM_MANAGER].messages] == [f"{NEEDS_REPLY} by Mon 21 Dec"]
    assert [one.text for one in world.people[SOCIAL_WORKER].messages] == ["For information: C-1 (nothing to do)"]
    world.go_to_day(date(2026, 12, 21), time(17))
    assert world.titles(TEAM_MANAGER)[-1] == "A reply to C-1 is late"
    assert world.titles(SERVICE_MANAGER) == ["A reply to C-1 is late"]
    assert world.titles(IRO)[-1] == "No reply to C-1 by Mon 21 Dec. What next?"
    assert [who for who, person in world.elsewhere.items() if person.messages] == []


def test_what_happens_on_one_platform_is_seen_on_the_other(world: TwoPlatforms) -> None:
    log(world, {"Start at": "Stage 1"})
    first, news = world.last(TEAM_MANAGER), News(world)
    assert "is with the IRO" in reply(world, TEAM_MANAGER).text
    assert news.since() == {IRO: ["Tess Hill has replied to C-1"]}
    assert plain_text_of(first) == f"Earlier: {NEEDS_REPLY} by Mon 21 Dec"
    type_and_fill(world, IRO, "/concern C-1 close", closing())
    assert news.since() == {TEAM_MANAGER: ["C-1 is closed"]}


@pytest.mark.slow
def test_a_person_is_the_same_on_both_screens(world: TwoPlatforms) -> None:
    log(world, {"Start at": "Stage 1"})
    here: Person = world.people[TEAM_MANAGER]
    there: Person = world.elsewhere[TEAM_MANAGER]
    assert here.command("/concern list").text == there.command("/concern list").text
    form = there.command("/concern C-1 reply")
    said = there.submit(form, {"Answer": "Agreed and done", "What will happen": "It is done."})
    assert "is with the IRO" in said.text
    world.beat()
    assert world.titles(TEAM_MANAGER) == [f"Earlier: {NEEDS_REPLY}"]
    again = here.command("/concern C-1 reply")
    assert again.view is not None
    assert again.view.title == "Add to my reply"


@pytest.mark.slow
def test_a_report_comes_to_the_screen_on_which_it_was_asked_for(world: TwoPlatforms) -> None:
    at_teams: Person = world.people[TEAM_MANAGER]
    at_slack: Person = world.elsewhere[TEAM_MANAGER]
    for person in (at_slack, at_teams):
        asked = person.command("/iro report 2025-26")
        assert "comes to you as a message" in person.press_in_view(asked, "Send me the workbook (XLSX)").text
        world.beat()
        world.now += timedelta(minutes=2)
    assert len(world.slack.files_of(slack_id(TEAM_MANAGER))) == 1
    assert len(world.elsewhere[TEAM_MANAGER].messages) == 1
    (offered,) = world.people[TEAM_MANAGER].messages
    assert "your part of the line" in plain_text_of(offered)
