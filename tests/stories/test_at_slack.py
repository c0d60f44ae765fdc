"""What only Slack has: the global shortcut, and workspaces and people that the service does not know."""

from tests.bench import utc
from tests.cast import ADMIN, CHILD, IRO, SOCIAL_WORKER, SUPPORT, TEAM_MANAGER, WORKSPACE
from tests.slack_standin import SlackPerson
from tests.stories.conftest import BeginAtSlack
from tests.stories.telling import News, log
from tests.world import SIGNING_SECRET

MONDAY = utc("2026-12-07")


def test_the_shortcut_opens_the_form_for_whoever_may_log_a_concern(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MONDAY)
    opened = world.people[IRO].shortcut("log_concern").view
    assert opened is not None
    assert opened.title == "Log a concern"
    for who in (SOCIAL_WORKER, TEAM_MANAGER, SUPPORT, ADMIN):
        assert "Concerns are logged by IROs." in world.people[who].shortcut("log_concern").text


def test_a_stranger_and_an_unknown_workspace_are_told_whom_to_ask_and_nothing_else(begin_briefly: BeginAtSlack) -> None:
    world = begin_briefly(MONDAY)
    log(world)
    news = News(world)
    world.standin.add_user("U0STRANGER", "Sly Stone", "sly@elsewhere.example", team=WORKSPACE)
    address = world.people[IRO].bot_url
    stranger = SlackPerson(world.standin, address, SIGNING_SECRET, WORKSPACE, "U0STRANGER")
    for line in ("/concern", "/concern C-1", f"/concern {CHILD}", "/concern list", "/iro help"):
        said = stranger.command(line)
        assert said.view is None
        assert said.text == (
            "I do not know you in this service yet. Ask your administrator to add you, "
            "and quote your Slack user id: U0STRANGER"
        )
    world.standin.add_workspace("T0ELSEWHERE", "xoxb-elsewhere")
    world.standin.add_user("U0FAR", "Far Away", team="T0ELSEWHERE")
    far = SlackPerson(world.standin, address, SIGNING_SECRET, "T0ELSEWHERE", "U0FAR")
    said = far.command("/concern C-1")
    assert said.text == (
        "This workspace is not connected to the service yet. "
        "Ask your administrator to connect it, and quote its id: T0ELSEWHERE"
    )
    assert news.since() == {}
