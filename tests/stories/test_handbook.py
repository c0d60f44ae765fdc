"""The handbook's process over Easter: bank holidays and the clocks going forward, more time, cover, and back again."""

from datetime import date, time, timedelta

import pytest

from tests.bench import utc
from tests.cast import (
    ASSISTANT_DIRECTOR,
    IRO,
    IRO_MANAGER,
    OTHER_IRO,
    OTHER_MANAGER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from tests.screens import labels
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import News, closing, fill, log, press_in, reply, type_and_fill, words_of

pytestmark = [slowly_at_teams, pytest.mark.slowly_on_postgres]


@pytest.mark.slow
def test_over_easter_with_more_time_asked_again_closed_and_reopened(begin: Begin) -> None:
    world = begin(utc("2027-03-17", "16:30"))
    news = News(world)

    log(world, {"Start at": "Stage 1"})
    assert news.events() == {
        TEAM_MANAGER: ["Please reply to C-1"],
        SOCIAL_WORKER: ["For information: C-1 (nothing to do)"],
    }
    asked = words_of(world, TEAM_MANAGER)
    assert "Reply by 5 pm, Fri 2 Apr 2027: 10 working days, not counting 26 Mar and 29 Mar." in asked
    assert "If it is not settled, all stages end on Fri 16 Apr 2027." in asked

    # Two working days before, on the day, and nothing over the holiday.
    world.go_to_day(date(2027, 3, 30), time(17))
    assert news.since() == {}
    world.go_to_day(date(2027, 3, 31), time(9, 5))
    assert news.since() == {TEAM_MANAGER: ["Your day, Wed 31 Mar"]}
    assert "C-1 (AB-1042): reply to Ann Lee by Fri 2 Apr, stage 1." in words_of(world, TEAM_MANAGER)

    more = press_in(world, TEAM_MANAGER, world.press(TEAM_MANAGER, "Open"), "Ask for more time")
    world.submit(TEAM_MANAGER, more, {"Until": date(2027, 4, 9), "Why?": "The school is shut."})
    assert news.since() == {IRO: ["Tess Hill asks for more time for C-1"]}
    agreed = fill(world, IRO, "Agree an extension", {"Reason": "The school is shut."})
    assert "C-1: the new time to reply is 5 pm, Fri 9 Apr 2027. Told: Tess Hill, Sam Okoro." in agreed.text
    assert news.since() == {
        TEAM_MANAGER: ["More time for C-1: reply"],
        SOCIAL_WORKER: ["For information: more time for C-1 (nothing to do)"],
    }
    assert "Reply by 5 pm, Fri 9 Apr 2027: the date agreed." in words_of(world, TEAM_MANAGER)
    assert "all stages end on Fri 16 Apr 2027." in words_of(world, TEAM_MANAGER)  # the limit of all stages stays

    world.go_to_day(date(2027, 4, 2), time(17, 30))
    assert news.events() == {}
    world.go_to_day(date(2027, 4, 8), time(12))
    assert news.events() == {}
    reply(world, TEAM_MANAGER, "Partly agreed", "From May.")
    assert news.events() == {IRO: ["Tess Hill has replied to C-1"]}

    fill(world, IRO, "Ask again", {"What is still needed?": "A day, not a month."})
    assert news.events() == {
        TEAM_MANAGER: ["C-1, asked again: please reply"],
        SOCIAL_WORKER: ["For information: C-1 (nothing to do)"],
    }
    assert "Reply by 5 pm, Thu 22 Apr 2027: 10 working days." in words_of(world, TEAM_MANAGER)
    reply(world, TEAM_MANAGER, "Agreed and done", "After the holidays.")
    fill(world, IRO, "Satisfied: close", closing("Back at school."))
    news.events()
    world.go_to_day(date(2027, 4, 19), time(9, 30))
    # Once, that its copy is not on the record yet: neither its limit nor anything else speaks after it is closed.
    assert news.since() == {IRO: ["Your day, Mon 12 Apr"]}

    again = type_and_fill(world, IRO, "/concern C-1 reopen", {"Start at": "Stage 2", "Reason": "It stopped again."})
    assert "C-1 is open again, at stage 2." in again.text
    assert "All stages: 20 working days, to Tue 18 May." in again.text
    assert news.events() == {
        SERVICE_MANAGER: ["C-1 is reopened: please reply"],
        TEAM_MANAGER: ["C-1 has been reopened"],
        SOCIAL_WORKER: ["C-1 has been reopened"],
    }


@pytest.mark.slow
def test_a_cover_is_asked_in_the_place_of_a_manager_who_is_away(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2027-03-17"))
    news = News(world)
    told = world.command(TEAM_MANAGER, "/iro away 17 Mar to 31 Mar cover @mona.ruiz")
    assert "Mona Ruiz covers" in told.text

    log(world, {"Start at": "Stage 1"})
    assert news.since() == {
        OTHER_MANAGER: ["You cover for Tess Hill from Wed 17 Mar to Wed 31 Mar", "Please reply to C-1"],
        SOCIAL_WORKER: ["For information: C-1 (nothing to do)"],
    }
    assert "You are asked because you cover for Tess Hill, away until Wed 31 Mar 2027." in words_of(
        world, OTHER_MANAGER
    )
    reply(world, OTHER_MANAGER)
    assert news.since() == {IRO: ["Mona Ruiz has replied to C-1"]}
    assert "Mona Ruiz" in world.command(IRO, "/concern C-1 history").text


def test_away_without_cover_the_next_senior_person_is_asked(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2027-03-17"))
    type_and_fill(
        world, TEAM_MANAGER, "/iro away", {"First day away": date(2027, 3, 17), "Last day away": date(2027, 3, 31)}
    )
    news = News(world)
    log(world, {"Start at": "Stage 1"})
    assert news.since() == {
        SERVICE_MANAGER: ["Please reply to C-1"],
        SOCIAL_WORKER: ["For information: C-1 (nothing to do)"],
    }
    assert "away" in words_of(world, SERVICE_MANAGER)


@pytest.mark.slow
def test_the_iros_cover_acts_in_their_name_and_the_iro_hears_of_it_on_return(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2027-03-17"))
    log(world, {"Start at": "Stage 1"})
    world.command(IRO, "/iro away 18 Mar to 24 Mar cover @olu.ade")
    news = News(world)

    world.go_to_day(date(2027, 3, 19))
    reply(world, TEAM_MANAGER)
    assert news.events() == {OTHER_IRO: ["Tess Hill has replied to C-1"]}
    fill(world, OTHER_IRO, "Satisfied: close", closing("A plan."))
    assert "Olu Ade (for Ann Lee, cover named by Ann Lee): closed" in world.command(IRO, "/concern C-1 history").text
    assert world.titles(IRO_MANAGER) == ["Your day, Thu 18 Mar"], "who covers is a line of hers"
    assert world.titles(ASSISTANT_DIRECTOR) == []


def test_the_iro_manager_acts_for_an_iro_who_is_away_only_with_a_reason(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2027-03-17"))
    log(world, {"Start at": "Stage 1"})
    refused = world.command(IRO_MANAGER, "/concern C-1 close")
    assert refused.view is None
    type_and_fill(world, IRO, "/iro away", {"First day away": date(2027, 3, 17)})
    news = News(world)

    form = world.command(IRO_MANAGER, "/concern C-1 stage 2")
    world.submit(IRO_MANAGER, form, {"Reason": "It cannot wait.", "Why you act for the IRO": "Ann is away."})
    assert news.since() == {
        SERVICE_MANAGER: ["C-1 is now with you: reply"],
        TEAM_MANAGER: ["For information: C-1 is at stage 2 (nothing to do)"],
        SOCIAL_WORKER: ["For information: C-1 is at stage 2 (nothing to do)"],
        IRO: ["Iris Moss acted on C-1 while you were away"],
    }
    assert labels(world.last(IRO)) == ["Open"]


@pytest.mark.slow
def test_after_a_week_of_downtime_one_step_is_taken_and_told_once(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2027-03-17"))
    log(world, {"Start at": "Stage 1"})
    news = News(world)

    world.sleep_until(utc("2027-04-12", "03:00"))
    world.beat()
    assert news.since() == {}, "nothing of it is urgent: it waits for the opening"
    world.go_to(utc("2027-04-12", "09:00"))
    # One step, and in the morning what is left of all stages.
    heard = news.since()
    assert "C-1 (AB-1042): all stages end Fri 16 Apr; stage 1." in words_of(world, IRO_MANAGER)
    assert heard == {
        IRO: ["No reply to C-1 by Fri 2 Apr. What next?", "Your day, Mon 12 Apr"],
        IRO_MANAGER: ["Your day, Mon 12 Apr"],
        TEAM_MANAGER: ["A reply to C-1 is late", "Your day, Mon 12 Apr"],
        SERVICE_MANAGER: ["A reply to C-1 is late"],
    }
    world.wait(timedelta(hours=5))
    assert news.since() == {}
