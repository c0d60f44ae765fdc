"""Lancashire (report of 2013): problem resolution with team managers and senior managers, for children in our care."""

from datetime import date, time

import pytest

from tests.bench import utc
from tests.cast import (
    ASSISTANT_DIRECTOR,
    DIRECTOR,
    IRO,
    IRO_MANAGER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from tests.screens import labels
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import News, fill, log, press_in, reply, type_and_fill, words_of

pytestmark = [slowly_at_teams, pytest.mark.slowly_on_postgres]

RULES = "lancashire"


def test_silence_of_team_and_senior_managers_brings_it_to_the_top_and_beside_it_to_cafcass(begin: Begin) -> None:
    world = begin(utc("2026-11-02"), RULES)
    news = News(world)

    log(world, {"Start at": "Stage 1"})
    assert news.events() == {
        TEAM_MANAGER: ["Concern C-1 needs your reply"],
        SOCIAL_WORKER: ["Concern C-1: for information"],
    }
    assert "Child in our care AB-1042 · Stage 1 · IRO: Ann Lee" in words_of(world, TEAM_MANAGER)

    world.go_to_day(date(2026, 11, 16), time(17, 5))
    assert news.events() == {
        IRO: ["No reply to C-1 by 5 pm, Mon 16 Nov 2026"],
        TEAM_MANAGER: ["Overdue: C-1"],
        SERVICE_MANAGER: ["Overdue: C-1"],
    }
    form = world.press(IRO, "Move to stage 2")
    assert "Asked to reply: Sunil Rao (Senior manager)." in form.text
    world.submit(IRO, form, {"Reason": "No reply."})
    news.events()
    world.go_to_day(date(2026, 11, 23), time(17, 5))
    assert news.events() == {
        IRO: ["C-1: 5 working days left of all stages", "No reply to C-1 by 5 pm, Mon 23 Nov 2026"],
        IRO_MANAGER: ["C-1: 5 working days left of all stages"],
        SERVICE_MANAGER: ["Overdue: C-1"],
        ASSISTANT_DIRECTOR: ["Overdue: C-1"],
    }
    fill(world, IRO, "Move to stage 3", {"Reason": "No reply again."})
    assert news.events() == {
        ASSISTANT_DIRECTOR: ["C-1 has moved to stage 3"],
        SERVICE_MANAGER: ["C-1 has moved to stage 3: for information"],
        TEAM_MANAGER: ["C-1 has moved to stage 3: for information"],
        SOCIAL_WORKER: ["C-1 has moved to stage 3: for information"],
    }
    assert "Reply by 9 am, Wed 25 Nov 2026 (24 hours, working days only)" in words_of(world, ASSISTANT_DIRECTOR)


def test_at_the_top_stage_the_iro_is_offered_cafcass_legal_advice_or_asking_again(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-11-24", "10:00"), RULES)
    log(world, {"Start at": "Stage 3"})
    news = News(world)

    world.go_to_day(date(2026, 11, 25), time(10, 1))
    assert news.events() == {
        IRO: ["No reply to C-1 by 10 am, Wed 25 Nov 2026"],
        ASSISTANT_DIRECTOR: ["Overdue: C-1"],
        DIRECTOR: ["Overdue: C-1"],
    }
    assert labels(world.last(IRO)) == [
        "Refer to Cafcass",
        "Legal advice",
        "Ask again",
        "Agree an extension",
        "Record a reply",
        "Open",
    ]
    kept = fill(world, IRO, "Refer to Cafcass", {"Note": "Sent by the secure address."})
    assert "Nothing was sent to Cafcass from here, and the open stage goes on." in kept.text
    assert news.since() == {}

    top = world.command(IRO, "/concern C-1 stage")
    assert "C-1 stands at the top stage." in top.text
    again = press_in(world, IRO, top, "Ask again")
    world.submit(IRO, again, {"What is still needed?": "A date."})
    assert news.since() == {
        ASSISTANT_DIRECTOR: ["Concern C-1 needs your reply"],
        SOCIAL_WORKER: ["Concern C-1: for information"],
    }
    reply(world, ASSISTANT_DIRECTOR)
    assert news.since() == {IRO: ["Reply to C-1 from Ada Frost"]}
    type_and_fill(world, IRO, "/concern C-1 cafcass", {"What was done?": "Contact with Cafcass", "Note": "They ring."})
    assert news.since() == {}
