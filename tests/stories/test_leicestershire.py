"""Leicestershire (annual report 2022/23): quality assurance alerts, informal and formal, at Reviews of Arrangements."""

from datetime import date, time

import pytest

from tests.bench import utc
from tests.cast import ASSISTANT_DIRECTOR, IRO, SERVICE_MANAGER, SOCIAL_WORKER, TEAM_MANAGER
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import News, closing, fill, log, reply, words_of

pytestmark = [slowly_at_teams, pytest.mark.slowly_on_postgres]

RULES = "leicestershire"


@pytest.mark.slow
def test_an_alert_goes_from_the_informal_to_the_formal_process_and_is_closed(begin: Begin) -> None:
    world = begin(utc("2026-12-21"), RULES)
    news = News(world)

    log(world, {"What is working well?": "The carers are steady.", "Raised at": "Review"})
    assert news.since() == {
        SOCIAL_WORKER: ["Please reply to C-1"],
        TEAM_MANAGER: ["Please reply to C-1"],
    }
    assert "Ann Lee (IRO) has raised a QA alert. Child in care AB-1042, informal QA process." in words_of(
        world, TEAM_MANAGER
    )
    assert "steady" not in words_of(world, TEAM_MANAGER)
    opened = world.press(TEAM_MANAGER, "Open")
    assert "What is working well?\nThe carers are steady." in opened.text
    assert "Raised at\nReview" in opened.text

    reply(world, SOCIAL_WORKER, "Not agreed", "It is not needed.")
    assert news.since() == {IRO: ["Sam Okoro has replied to C-1"]}  # one of the two is enough
    fill(world, IRO, "Not satisfied: move up", {"Reason": "It is needed."})
    assert news.since() == {
        TEAM_MANAGER: ["C-1 is now with you: reply"],
        SOCIAL_WORKER: ["For information: C-1 is at stage 1 (nothing to do)"],
    }
    asked = words_of(world, TEAM_MANAGER)
    assert "Child in care AB-1042, formal QA process, stage 1." in asked
    assert "Reply by 5 pm, Thu 7 Jan 2027: 10 working days, not counting 25 Dec, 28 Dec and 1 Jan." in asked
    assert "If it is not settled, all stages end on Thu 21 Jan 2027." in asked

    world.go_to_day(date(2027, 1, 6), time(16))
    assert news.events() == {}
    reply(world, TEAM_MANAGER, "Agreed, with a plan by date", "A new assessment.", By=date(2027, 1, 15))
    assert news.events() == {IRO: ["Tess Hill has replied to C-1"]}

    world.go_to_day(date(2027, 1, 15), time(17, 5))
    assert news.events() == {IRO: ["C-1: the plan was due by Fri 15 Jan. Is it done?"]}
    world.go_to_day(date(2027, 1, 18))
    news.since()
    fill(world, IRO, "Done: close", closing("The assessment is with the court."))
    assert news.since() == {SOCIAL_WORKER: ["C-1 is closed"], TEAM_MANAGER: ["C-1 is closed"]}
    assert [title for title in world.titles(SERVICE_MANAGER) if not title.startswith("Your day")] == []
    assert world.inbox(ASSISTANT_DIRECTOR) == []


def test_the_procedures_in_words_say_what_the_report_does_not_state(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-12-21"), RULES)
    shown = world.command(IRO, "/iro procedures").text
    assert "Leicestershire" in shown
    assert "handbook" in shown.lower()
