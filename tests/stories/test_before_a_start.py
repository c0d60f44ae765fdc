"""Before a council starts: children are checked, and disputes that were open are carried on, with their clocks."""

from datetime import date, time

import pytest

from handlers.history_import import import_history
from handlers.office import Scene, rules_in_force
from storage.database import transaction
from tests.bench import utc
from tests.cast import AUTHORITY, CHILD, IRO, IRO_MANAGER, SERVICE_MANAGER, SOCIAL_WORKER, TEAM_MANAGER
from tests.screens import Filled, labels
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import WORRY, News, fill, reply, words_of
from tests.world import AnyWorld

PAST = f"""reference,child,raised_on,raised_by,informal_on,stage_1_on
OLD-8,{CHILD},2026-11-09,ann.lee@anyshire.example,2026-11-09,2026-11-16
"""


def bring_in(world: AnyWorld) -> None:
    """Import what was open, as an administrator does."""
    with transaction(world.engine, AUTHORITY) as session:
        rules = rules_in_force(session, AUTHORITY)
        import_history(Scene(session=session, now=world.now, authority=AUTHORITY, rules=rules), PAST)


@pytest.mark.slow
@slowly_at_teams
def test_an_open_dispute_is_carried_on_asked_and_chased(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-12-07"))
    bring_in(world)
    news = News(world)
    world.go_to_day(date(2026, 12, 8))
    assert news.since() == {IRO: ["Your day, Tue 8 Dec"]}
    assert "raised before: stage 1 since Mon 16 Nov. Nobody is asked until you carry it on." in words_of(world, IRO)
    given: dict[str, Filled] = {"Asked on": "2026-11-18", "Reply wanted by": "2026-12-09", "What it says": WORRY}
    assert "C-1 is carried on at stage 1. Asked: Tess Hill." in fill(world, IRO, "Carry on", given).text
    assert news.since() == {
        TEAM_MANAGER: ["C-1, raised before: please reply"],
        SOCIAL_WORKER: ["For information: C-1 (nothing to do)"],
    }
    assert WORRY not in words_of(world, TEAM_MANAGER)
    assert "carries it on from before" in words_of(world, TEAM_MANAGER)
    world.go_to_day(date(2026, 12, 9), time(17))
    heard = news.events()
    assert heard[IRO] == ["No reply to C-1 by Wed 9 Dec. What next?"]
    assert set(heard) == {IRO, TEAM_MANAGER, SERVICE_MANAGER}
    assert "is with the IRO" in reply(world, TEAM_MANAGER).text
    world.go_to_day(date(2026, 12, 10))
    assert news.events() == {IRO: ["Tess Hill has replied to C-1"]}


@slowly_at_teams
def test_children_are_checked_and_what_is_wrong_comes_to_the_iro_manager(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-12-07"))
    news = News(world)
    assert "2 of 2 to go" in world.command(IRO, "/iro check").text
    shown = world.command(TEAM_MANAGER, "/iro check")
    assert "1 of 1 to go" in shown.text
    pressed = world.press(TEAM_MANAGER, "Wrong worker", shown.message)
    assert f"{CHILD}: wrong worker. The IRO manager reads it in their day." in pressed.text
    assert news.since() == {}
    world.go_to_day(date(2026, 12, 8))
    assert news.since() == {IRO_MANAGER: ["Your day, Tue 8 Dec"]}
    assert f"{CHILD}: Tess Hill says that Sam Okoro is the wrong worker." in words_of(world, IRO_MANAGER)
    assert "Allocate" in labels(world.last(IRO_MANAGER))
