"""Nothing happens twice at Teams either: not when it repeats itself, not when people click twice."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest

from storage.concerns import Concern
from storage.replies import Reply
from tests.bench import utc
from tests.cast import CHILD, IRO, TEAM_MANAGER
from tests.screens import Filled
from tests.slack_standin.jsontypes import Json
from tests.stories.conftest import BeginAtTeams, at_teams
from tests.stories.repeats import LOGGED, REPLY, at_once, effects, log_at_stage_1, rows, told_another_date
from tests.teams_standin.delivery import Delivery
from tests.teams_world import TeamsWorld

pytestmark = at_teams
MORNING = utc("2026-11-30")
Twist = Callable[[Json, int], Json]


class Repeating(Delivery):
    """Carries what a person does to the bot, several times at once, and remembers it for later repeats."""

    def __init__(self, usual: Delivery, times: int, twist: Twist) -> None:
        self.address = usual.address
        self._usual = usual
        self._times = times
        self._twist = twist
        self.sent: list[Json] = []
        self.answers: list[Json] = []

    def send(self, activity: Json) -> Json:
        """The first of the answers."""
        self.sent.append(activity)
        each = [partial(self._usual.send, self._twist(activity, number)) for number in range(self._times)]
        self.answers = at_once(*each)
        return self.answers[0]

    def again(self) -> Json:
        """The answer to the last thing sent, sent once more with the same id."""
        return self._usual.send(self.sent[-1])


def the_same(activity: Json, _number: int) -> Json:
    return activity


def another_click(activity: Json, number: int) -> Json:
    return activity | {"id": f"{activity['id']}{number}"}


@contextmanager
def repeating(world: TeamsWorld, who: str, times: int = 1, twist: Twist = the_same) -> Iterator[Repeating]:
    """Let everything this person does meanwhile be remembered, or arrive several times at once."""
    person = world.people[who]
    usual, person.delivery = person.delivery, Repeating(person.delivery, times, twist)
    try:
        yield person.delivery
    finally:
        person.delivery = usual


def test_a_command_that_teams_repeats_is_answered_once_and_has_no_second_effect(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MORNING)
    log_at_stage_1(world)
    with repeating(world, IRO, times=3) as teams:
        known = len(world.standin.chat_of(world.people[IRO].user))
        assert "You are away" in world.command(IRO, "/iro away 21 Dec to 4 Jan cover olu.ade").text
        before = effects(world)
        teams.again()
    world.beat()
    assert effects(world) == before
    assert len(world.standin.chat_of(world.people[IRO].user)) == known + 1


def test_a_form_that_arrives_several_times_at_once_is_taken_once(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MORNING)
    form = world.command(IRO, f"/concern {CHILD}")
    with repeating(world, IRO, times=3) as teams:
        assert "C-1 is logged at stage 1" in world.submit(IRO, form, LOGGED).text
        assert all(answer == teams.answers[0] for answer in teams.answers)
        before = effects(world)
        world.wait(timedelta(hours=3))
        assert teams.again() == teams.answers[0]
    assert len(rows(world, Concern)) == 1
    assert effects(world) == before
    assert world.titles(TEAM_MANAGER) == ["Please reply to C-1"]


@pytest.mark.slow
def test_clicking_several_times_on_sending_a_form_sends_it_once(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MORNING)
    log_at_stage_1(world)
    form = world.press(TEAM_MANAGER, "Reply")
    with repeating(world, TEAM_MANAGER, times=4, twist=another_click):
        assert "is with the IRO" in world.submit(TEAM_MANAGER, form, REPLY).text
    assert len(rows(world, Reply)) == 1
    assert world.titles(IRO) == ["Tess Hill has replied to C-1"]


@pytest.mark.slow
def test_clicking_several_times_on_a_button_has_one_effect(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(MORNING)
    told_another_date(world)
    with repeating(world, TEAM_MANAGER, times=4, twist=another_click):
        world.press(TEAM_MANAGER, "Done")
    assert world.titles(IRO).count("Tess Hill says the plan for C-1 is done") == 1


def test_a_button_answered_in_place_may_be_pressed_several_times(begin_briefly: BeginAtTeams) -> None:
    world = begin_briefly(utc("2026-12-25", "03:00"), "nottinghamshire")
    form = world.command(IRO, f"/concern {CHILD}")
    harm: dict[str, Filled] = {
        "What are we worried about?": "No plan.",
        "Risk of significant harm": ["Yes: use the immediate route"],
    }
    reason = world.people[IRO].choices(form, "Main reason")[0]
    world.submit(IRO, world.submit(IRO, form, {**harm, "Main reason": reason}), {})
    with repeating(world, "sunil.rao", times=3, twist=another_click):
        before = effects(world)["History"]
        world.press("sunil.rao", "Seen")
    assert effects(world)["History"] == before + 1
