"""An IRO who was set away by somebody else: the IRO manager acts openly, and nothing of the IRO's own opens."""

from datetime import date

import pytest

from tests.bench import utc
from tests.cast import CHILD, IRO, IRO_MANAGER, OTHER_IRO, SERVICE_MANAGER, SOCIAL_WORKER, SUPPORT, TEAM_MANAGER
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import WORRY, News, last_event, log, press_in, type_and_fill

pytestmark = [slowly_at_teams, pytest.mark.slowly_on_postgres]


def test_the_iro_manager_acts_with_a_reason_and_the_iro_is_told(begin: Begin) -> None:
    world = begin(utc("2026-12-07"))
    log(world, {"Start at": "Stage 1"})
    drafting = world.command(IRO, f"/concern {CHILD}")
    press_in(world, IRO, drafting, "Save draft", {"What are we worried about?": WORRY})
    days = {"First day away": date(2026, 12, 7), "Last day away": date(2026, 12, 18)}
    news = News(world)
    set_away = type_and_fill(world, SUPPORT, "/iro away", {"Who is away?": "Ann Lee", "Who covers?": "Olu Ade", **days})
    assert "did not enter this, so drafts and notes stay closed" in set_away.text
    covering = "You cover for Ann Lee from Mon 7 Dec to Fri 18 Dec"
    assert news.since() == {IRO: ["Olu Ade was set as your cover"], OTHER_IRO: [covering]}
    set_as_away = last_event(world, IRO)

    for who in (IRO_MANAGER, OTHER_IRO):
        assert "There is no C-2 here" in world.command(who, "/concern C-2").text
    moved = {"Reason": "No answer came.", "Why you act for the IRO": "Ann is ill."}
    assert "C-1 is now at stage 2" in type_and_fill(world, IRO_MANAGER, "/concern C-1 stage 2", moved).text
    told = "Iris Moss acted on C-1 while you were away"
    assert news.since() == {
        IRO: [told],
        SERVICE_MANAGER: ["C-1 is now with you: reply"],
        TEAM_MANAGER: ["For information: C-1 is at stage 2 (nothing to do)"],
        SOCIAL_WORKER: ["For information: C-1 is at stage 2 (nothing to do)"],
    }
    assert "away for over 20 working days" in world.command(IRO_MANAGER, "/concern C-1 close").text

    here = world.press(IRO, "I am here", set_as_away)
    assert here.text == "Noted: you are here, and what is yours comes to you. Olu Ade is told."
    assert "not away" in world.command(IRO_MANAGER, f"/concern {CHILD}").text
    assert news.since() == {OTHER_IRO: ["You no longer cover for Ann Lee"]}
