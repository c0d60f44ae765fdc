"""A concern logged at Teams from where somebody is writing: the form in one step, and not a word said in that chat."""

import pytest
from sqlmodel import select

from storage.conversations import Conversation
from storage.database import transaction
from storage.scope import every_authority
from tests.bench import utc
from tests.cast import CHILD, IRO, SOCIAL_WORKER, TEAM_MANAGER
from tests.stories.conftest import BeginAtTeams, at_teams
from tests.stories.telling import WORRY, News
from tests.teams_standin import TeamsPerson
from tests.teams_world import TeamsWorld

pytestmark = at_teams
MONDAY = utc("2026-12-07")
ACTION = "Log a concern"


def colleagues_chat_is_untouched(world: TeamsWorld) -> bool:
    """Whether the bot neither called nor remembers the chat in which somebody was writing."""
    chat = world.standin.colleagues_chat(world.people[IRO].user.tenant)
    with transaction(world.engine, None, writes=False) as session, every_authority(session):
        known = {one.conversation for one in session.exec(select(Conversation))}
    return chat.id not in known and not any("unq.gbl.spaces" in one.path for one in world.standin.calls)


@pytest.mark.slow
def test_the_form_opens_in_one_step_and_what_is_sent_is_logged(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    news, person = News(world), world.people[IRO]
    form = person.compose(ACTION)
    assert form.view is not None
    assert form.view.title == "Log a concern"
    assert any(CHILD in one for one in person.suggest(form, "Child reference", CHILD[:5]))
    typed = {"What are we worried about?": WORRY, "Start at": "Stage 1"}
    typed["Main reason"] = person.choices(form, "Main reason")[0]
    wrong = world.submit(IRO, form, typed | {"Child reference": "AB-9999"})
    assert wrong.view is form.view, wrong.text
    form = person.compose(ACTION)
    seen = world.submit(IRO, form, typed | {"Child reference": CHILD})
    if "press log again" in seen.text.casefold():
        seen = world.submit(IRO, form, {})
    assert "C-1" in seen.text
    assert [*news.since()] == [TEAM_MANAGER, SOCIAL_WORKER]
    assert colleagues_chat_is_untouched(world)


def test_who_may_not_log_is_told_so_in_the_dialog_alone(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MONDAY)
    assert "log" in world.people[TEAM_MANAGER].compose(ACTION).text
    assert world.people[TEAM_MANAGER].view is None
    user = world.standin.add_user("sly.stone", "Sly Stone", "sly@elsewhere.example")
    stranger = TeamsPerson(world.standin, world.people[IRO].bot_url, user)
    assert stranger.compose(ACTION).text.startswith("I do not know you in this service yet.")
    assert colleagues_chat_is_untouched(world)
