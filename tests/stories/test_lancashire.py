"""Lancashire (report of 2013): problem resolution with team managers and senior managers, for children in our care."""

from datetime import date, time

import pytest

from tests.bench import utc
from tests.cast import (
    ASSISTANT_DIRECTOR,
    DIRECTOR,
    IRO,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from tests.screens import labels
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import News, fill, last_event, log, press_in, reply, type_and_fill, words_of

pytestmark = [slowly_at_teams, pytest.mark.slowly_on_postgres]

RULES = "lancashire"


@pytest.mark.slow
def test_silence_of_team_and_senior_managers_brings_it_to_the_top_and_beside_it_to_cafcass(begin: Begin) -> None:
    world = begin(utc("2026-11-02"), RULES)
    news = News(world)

    log(world, {"Start at": "Stage 1"})
    assert news.events() == {
        TEAM_MANAGER: ["Please reply to C-1"],
        SOCIAL_WORKER: ["For information: C-1 (nothing to do)"],
    }
    assert "Ann Lee (IRO) has raised a concern. Child in our care AB-1042, stage 1." in words_of(world, TEAM_MANAGER)

    world.go_to_day(date(2026, 11, 16), time(17, 5))
    assert news.events() == {
        IRO: ["No reply to C-1 by Mon 16 Nov. What next?"],
        TEAM_MANAGER: ["A reply to C-1 is late"],
        SERVICE_MANAGER: ["A reply to C-1 is late"],
    }
    world.go_to_day(date(2026, 11, 17))
    form = world.press(IRO, "Move to stage 2", last_event(world, IRO))
    assert "Asked to reply: Sunil Rao (Senior manager)." in form.text
    world.submit(IRO, form, {"Reason": "No reply."})
    news.events()
    world.go_to_day(date(2026, 11, 24), time(17, 5))
    assert news.events() == {
        IRO: ["No reply to C-1 by Tue 24 Nov. What next?"],
        SERVICE_MANAGER: ["A reply to C-1 is late"],
        ASSISTANT_DIRECTOR: ["A reply to C-1 is late"],
    }
    world.go_to_day(date(2026, 11, 25))
    fill(world, IRO, "Move to stage 3", {"Reason": "No reply again."})
    assert news.events() == {
        ASSISTANT_DIRECTOR: ["C-1 is now with you: reply"],
        SERVICE_MANAGER: ["For information: C-1 is at stage 3 (nothing to do)"],
        TEAM_MANAGER: ["For information: C-1 is at stage 3 (nothing to do)"],
        SOCIAL_WORKER: ["For information: C-1 is at stage 3 (nothing to do)"],
    }
    assert "Reply by 9:30 am, Thu 26 Nov 2026: 24 hours, working days only." in words_of(world, ASSISTANT_DIRECTOR)


@pytest.mark.slow
def test_at_the_top_stage_the_iro_is_offered_cafcass_legal_advice_or_asking_again(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-11-24", "10:00"), RULES)
    log(world, {"Start at": "Stage 3"})
    news = News(world)

    world.go_to_day(date(2026, 11, 25), time(10, 1))
    assert news.events() == {
        IRO: ["No reply to C-1 by 10 am, Wed 25 Nov. What next?"],
        ASSISTANT_DIRECTOR: ["A reply to C-1 is late"],
        DIRECTOR: ["A reply to C-1 is late"],
    }
    assert labels(world.last(IRO)) == [
        "Note a Cafcass referral",
        "Legal advice",
        "Ask again",
        "Agree an extension",
        "Record a reply",
        "Open",
    ]
    kept = fill(world, IRO, "Note a Cafcass referral", {"Note": "Sent by the secure address."})
    assert "Nothing was sent to Cafcass from here, and the open stage goes on." in kept.text
    assert news.since() == {}

    top = world.command(IRO, "/concern C-1 stage")
    assert "C-1 stands at the top stage." in top.text
    again = press_in(world, IRO, top, "Ask again")
    world.submit(IRO, again, {"What is still needed?": "A date."})
    assert news.since() == {
        ASSISTANT_DIRECTOR: ["C-1, asked again: please reply"],
        SOCIAL_WORKER: ["For information: C-1 (nothing to do)"],
    }
    reply(world, ASSISTANT_DIRECTOR)
    assert news.since() == {IRO: ["Ada Frost has replied to C-1"]}
    type_and_fill(world, IRO, "/concern C-1 cafcass", {"What was done?": "Contact with Cafcass", "Note": "They ring."})
    assert news.since() == {}
