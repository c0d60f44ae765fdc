"""People change while a concern runs: a manager leaves on day 2 of 10, and another marries."""

from datetime import date

import pytest

from bot.workspace.seats import key_of
from handlers.imports import import_staff
from handlers.office import rules_in_force
from storage import people
from storage.database import transaction
from tests.bench import utc
from tests.cast import AUTHORITY, IRO, SERVICE_MANAGER, TEAM_MANAGER, leave, slack_id
from tests.page_world import PageWorld
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import WORRY, News, log, reply, words_of
from tests.teams_standin.state import aad_id
from tests.world import AnyWorld

MARRIED, UNMARRIED = "tess.ryder@anyshire.example", "tess.hill@anyshire.example"
KNOWN_BY = {
    "slack": "the same Slack account",
    "teams": "the same Teams account",
    "page": "previous_email says so",  # where nobody has an account
}


@slowly_at_teams
def test_a_manager_leaves_on_day_2_of_10_and_the_next_senior_is_asked_by_the_morning(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-12-07"))
    log(world, {"Start at": "Stage 1"})
    leave(world.engine, world.cast, TEAM_MANAGER, date(2026, 12, 8))
    news = News(world)
    world.go_to_day(date(2026, 12, 8))
    assert news.since() == {}
    world.go_to_day(date(2026, 12, 9))
    asked = "C-1 is now yours: reply"
    assert news.events() == {SERVICE_MANAGER: [asked], IRO: ["C-1 is now with Sunil Rao"]}
    assert "Tess Hill has left, so you are asked in their place. The date stays." in words_of(world, SERVICE_MANAGER)
    assert "C-1 is with the IRO" in reply(world, SERVICE_MANAGER).text
    assert news.events() == {IRO: ["Sunil Rao has replied to C-1"]}


@pytest.mark.slow
@slowly_at_teams
def test_a_married_name_in_the_staff_file_changes_the_address_and_nothing_else(
    begin_briefly: Begin, platform: str
) -> None:
    world = begin_briefly(utc("2026-12-07"))
    log(world, {"Start at": "Stage 1"})
    news = News(world)
    assert marry(world, platform) == [f"Tess Hill ({UNMARRIED}) is Tess Ryder ({MARRIED}) now: {KNOWN_BY[platform]}."]
    assert news.since() == {}
    with transaction(world.engine, AUTHORITY, writes=False) as session:
        tess = people.by_email(session, MARRIED)
        assert tess is not None
        assert tess.id == world.cast.people[TEAM_MANAGER]
    assert WORRY in world.command(TEAM_MANAGER, "/concern C-1").text
    assert "Tess Ryder" in world.command(IRO, "/concern C-1").text
    world.go_to_day(date(2026, 12, 17))
    assert "C-1" in words_of(world, TEAM_MANAGER)
    news.since()
    assert "C-1 is with the IRO" in reply(world, TEAM_MANAGER).text
    assert news.since() == {IRO: ["Tess Ryder has replied to C-1"]}


def marry(world: AnyWorld, platform: str) -> list[str]:
    """Bring in a staff file in which she has another address and name; what the result says of it."""
    ids = {"slack": f"{slack_id(TEAM_MANAGER)},,", "teams": f",{aad_id(TEAM_MANAGER)},", "page": f",,{UNMARRIED}"}
    row = f"{MARRIED},Tess Ryder,team_manager,,North team,{ids[platform]}"
    with transaction(world.engine, AUTHORITY) as session:
        rules = rules_in_force(session, AUTHORITY)
        text = f"email,name,roles,manager_email,team,slack_id,teams_id,previous_email\n{row}"
        result = import_staff(session, rules, text, world.now.date(), world.now)
    if isinstance(world, PageWorld):  # a seat is found by its address
        world.people[TEAM_MANAGER].account, world.people[TEAM_MANAGER].seat = MARRIED, key_of(MARRIED)
    return [*result.renamed]
