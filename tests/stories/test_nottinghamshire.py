"""Nottinghamshire (annual report 2022/23, 21-25): social worker, team manager, then a few at stage 3; harm at once."""

from datetime import date, time, timedelta

import pytest

from tests.bench import utc
from tests.cast import (
    ASSISTANT_DIRECTOR,
    IRO,
    IRO_MANAGER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from tests.screens import Filled, labels
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import News, closing, fill, log, press_in, reply, type_and_fill, words_of

pytestmark = [slowly_at_teams, pytest.mark.slowly_on_postgres]

RULES = "nottinghamshire"
HARM: dict[str, Filled] = {"Start at": "Stage 1", "Risk of significant harm": ["Yes: use the immediate route"]}


@pytest.mark.slow
def test_a_concern_goes_to_the_social_worker_then_the_team_manager_then_stage_3(begin: Begin) -> None:
    world = begin(utc("2026-11-30"), RULES)
    news = News(world)

    logged = log(world, {"Start at": "Stage 1"})
    assert "C-1 is logged at stage 1. Asked to reply: Sam Okoro." in logged.text
    assert news.events() == {
        SOCIAL_WORKER: ["Please reply to C-1"],
        TEAM_MANAGER: ["For information: C-1 (nothing to do)"],
    }
    assert "Reply by 5 pm, Mon 14 Dec 2026: 10 working days." in words_of(world, SOCIAL_WORKER)

    world.go_to_day(date(2026, 12, 14), time(16, 59))
    assert news.events() == {}
    world.go_to_day(date(2026, 12, 14), time(17, 1))
    assert news.events() == {
        IRO: ["No reply to C-1 by Mon 14 Dec. What next?"],
        SOCIAL_WORKER: ["A reply to C-1 is late"],
        TEAM_MANAGER: ["A reply to C-1 is late"],
    }

    world.go_to_day(date(2026, 12, 15))
    fill(world, IRO, "Move to stage 2", {"Reason": "No reply."})
    assert news.events() == {
        TEAM_MANAGER: ["C-1 is now with you: reply"],
        SOCIAL_WORKER: ["For information: C-1 is at stage 2 (nothing to do)"],
    }
    assert "Reply by 5 pm, Tue 22 Dec 2026: 5 working days." in words_of(world, TEAM_MANAGER)
    fill(world, TEAM_MANAGER, "This needs my manager", {"Why does it need your manager?": "It needs money."})
    assert news.events() == {
        SERVICE_MANAGER: ["C-1 is now yours: reply"],
        IRO: ["C-1 is now with Sunil Rao"],
    }
    assert "Reply by 5 pm, Tue 22 Dec 2026" in words_of(world, SERVICE_MANAGER)
    reply(world, SERVICE_MANAGER, "Partly agreed", "Half of it.")
    assert news.events() == {IRO: ["Sunil Rao has replied to C-1"]}

    fill(world, IRO, "Not satisfied: move up", {"Reason": "Half is too little."})
    assert news.events() == {
        SERVICE_MANAGER: ["C-1 is now with you: reply"],
        SOCIAL_WORKER: ["For information: C-1 is at stage 3 (nothing to do)"],
        TEAM_MANAGER: ["For information: C-1 is at stage 3 (nothing to do)"],
    }
    assert "Reply by 9:30 am, Wed 16 Dec 2026: 24 hours, working days only." in words_of(world, SERVICE_MANAGER)
    reply(world, SERVICE_MANAGER)
    fill(world, IRO, "Satisfied: close", closing("A plan.", "Partly resolved"))
    news.events()
    world.wait(timedelta(days=9))
    assert news.since() == {IRO: ["Your day, Thu 17 Dec"]}  # once, that its copy is not on the record yet


@pytest.mark.slow
def test_a_risk_of_significant_harm_goes_to_two_managers_at_once_on_a_saturday_night(begin: Begin) -> None:
    world = begin(utc("2026-11-28", "23:30"), RULES)
    news = News(world)

    asked = log(world, HARM)
    assert "Sunil Rao (Children's Service Manager), Iris Moss (ICS Service Manager)" in asked.text
    assert news.since() == {}  # nothing before it is confirmed
    sent = world.submit(IRO, asked, {})
    assert "C-1 is logged as urgent" in sent.text
    assert news.since() == {
        SERVICE_MANAGER: ["Urgent C-1: press Seen"],
        IRO_MANAGER: ["Urgent C-1: press Seen"],
    }
    assert labels(world.last(SERVICE_MANAGER)) == ["Seen", "Reply", "Open"]
    assert words_of(world, SERVICE_MANAGER).startswith("Urgent C-1: press Seen by 12:30 am, Sun 29 Nov\n")
    assert "harm" not in words_of(world, SERVICE_MANAGER).lower()

    seen = world.press(IRO_MANAGER, "Seen")
    assert "C-1 is marked as seen. It still needs your reply." in seen.text
    world.wait(timedelta(minutes=59))
    assert news.since() == {}
    world.wait(timedelta(minutes=2))
    assert news.since() == {
        ASSISTANT_DIRECTOR: ["Urgent C-1: press Seen"],
        IRO: ["C-1 not seen: telephone now"],
        IRO_MANAGER: ["C-1 not seen: telephone now"],
    }
    assert "Not yet seen by Sunil Rao. Telephone them now." in words_of(world, ASSISTANT_DIRECTOR)
    assert "Not yet seen by Sunil Rao. Telephone them now." in words_of(world, IRO)
    world.press(ASSISTANT_DIRECTOR, "Seen")
    world.press(SERVICE_MANAGER, "Seen")
    world.wait(timedelta(hours=20))
    assert news.since() == {}


@pytest.mark.slow
def test_the_immediate_route_waits_for_each_of_the_two(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-12-01", "10:00"), RULES)
    news = News(world)
    world.submit(IRO, log(world, HARM), {})
    news.since()

    reply(world, SERVICE_MANAGER)
    assert news.since() == {IRO: ["Sunil Rao has replied to C-1"]}
    assert "Still awaited: Iris Moss." in words_of(world, IRO)
    world.press(IRO_MANAGER, "Seen")
    world.go_to_day(date(2026, 12, 2), time(10, 1))
    assert news.events() == {
        IRO: ["No reply to C-1 by 10 am, Wed 2 Dec. What next?"],
        IRO_MANAGER: ["A reply to C-1 is late"],
        "dora.king": ["A reply to C-1 is late"],
    }


@pytest.mark.slow
def test_legal_advice_is_the_iros_alone_until_shared(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-12-01"), RULES)
    log(world, {"Start at": "Stage 1"})
    news = News(world)

    kept = type_and_fill(world, IRO, "/concern C-1 legal", {"Note": "Counsel says wait."})
    assert "The note is kept with C-1. The open stage goes on beside it." in kept.text
    assert news.since() == {}
    assert "Counsel says wait." in world.command(IRO, "/concern C-1").text
    for who in (IRO_MANAGER, SOCIAL_WORKER, TEAM_MANAGER):
        assert "Counsel" not in world.command(who, "/concern C-1").text
        assert "legal" not in world.command(who, "/concern C-1 history").text.lower()

    press_in(world, IRO, world.command(IRO, "/concern C-1"), "Share notes with ICS Service Manager")
    assert "Counsel says wait." in world.command(IRO_MANAGER, "/concern C-1").text
    assert "Counsel" not in world.command(SOCIAL_WORKER, "/concern C-1").text


def test_a_concern_about_another_agency_names_whom_to_speak_to_there(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-12-01"), RULES)
    news = News(world)
    contact = "Dr Jo Vale, jo.vale@nhs.example, 0115 496 0000"

    log(world, {"Start at": "Stage 1", "Another agency": "Health", "Contact at the agency": contact})
    assert news.since() == {
        SOCIAL_WORKER: ["Please reply to C-1"],
        TEAM_MANAGER: ["For information: C-1 (nothing to do)"],
    }
    assert "Vale" not in words_of(world, SOCIAL_WORKER)
    opened = world.press(SOCIAL_WORKER, "Open")
    assert "Another agency\nHealth" in opened.text
    assert contact in opened.text
