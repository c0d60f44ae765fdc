"""Each clock a concern can stand under, run to its end once: who owes what, until when, and who hears of it."""

from datetime import date, time, timedelta

import pytest

from scheduling.procedures import shipped_text
from tests.bench import utc
from tests.cast import (
    ASSISTANT_DIRECTOR,
    CHILD,
    DIRECTOR,
    IRO,
    IRO_MANAGER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from tests.screens import Filled, labels
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import News, closing, fill, log, press_in, reply, type_and_fill, words_of

pytestmark = slowly_at_teams

MONDAY = utc("2026-11-02")


def rules(*changes: tuple[str, str]) -> str:
    """The handbook's procedures with some words changed."""
    text = shipped_text("handbook")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return text


@pytest.mark.slow
def test_a_draft_has_no_clock_and_is_named_after_five_working_days(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    form = world.command(IRO, f"/concern {CHILD}")
    press_in(world, IRO, form, "Save draft", {"What are we worried about?": "Something."})
    news = News(world)
    world.go_to_day(date(2026, 11, 8), time(23))
    assert news.since() == {}
    world.go_to_day(date(2026, 11, 10), time(23))
    assert news.since() == {IRO: ["Your day, Mon 9 Nov", "Your day, Tue 10 Nov"]}


@pytest.mark.slow
def test_an_informal_concern_is_asked_about_after_ten_working_days(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world)
    news = News(world)
    world.go_to_day(date(2026, 11, 16), time(16, 59))
    assert news.since() == {}
    world.go_to_day(date(2026, 11, 16), time(17))
    assert news.since() == {IRO: ["No reply to C-1 yet. What next?"]}
    # Five working days later still undecided: the IRO manager is told, and nobody it was raised with.
    world.go_to_day(date(2026, 11, 23), time(17))
    assert news.events() == {IRO_MANAGER: ["C-1: no decision since"]}


@pytest.mark.slow
def test_an_informal_concern_with_a_clock_is_asked_about_when_it_passes(begin_briefly: Begin) -> None:
    informal = 'name = "Informal"\naddressees = ["social_worker", "team_manager"]\n'
    world = begin_briefly(MONDAY, rules((informal, f'{informal}reply_within = "3 working days"\n')))
    news = News(world)
    log(world)
    news.since()
    assert "Reply by 5 pm, Thu 5 Nov 2026: 3 working days." in words_of(world, TEAM_MANAGER)
    world.go_to_day(date(2026, 11, 5), time(17))
    heard = news.events()
    assert heard[IRO] == ["No reply to C-1 by Thu 5 Nov. What next?"]
    assert heard[TEAM_MANAGER] == heard[SOCIAL_WORKER] == ["A reply to C-1 is late"]


@pytest.mark.slow
def test_a_stage_that_prompts_asks_the_iro_and_stays(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 2"})
    news = News(world)
    world.go_to_day(date(2026, 11, 9), time(17))
    assert news.events() == {
        IRO: ["No reply to C-1 by Mon 9 Nov. What next?"],
        SERVICE_MANAGER: ["A reply to C-1 is late"],
        ASSISTANT_DIRECTOR: ["A reply to C-1 is late"],
    }
    assert "Stage 2" in world.command(IRO, "/concern C-1").text
    # Nobody decides: the IRO manager after five working days.
    world.go_to_day(date(2026, 11, 16), time(17))
    heard = news.events()
    assert heard.pop(IRO_MANAGER) == ["C-1: no decision since"]
    assert heard == {}


@pytest.mark.slow
def test_a_stage_that_escalates_moves_by_itself_and_says_so_to_all(begin_briefly: Begin) -> None:
    stage_1 = 'reply_within = "10 working days"\nhours_rule = "next working day, same time"\non_no_reply = "prompt"'
    world = begin_briefly(MONDAY, rules((stage_1, stage_1.replace("prompt", "escalate"))))
    log(world, {"Start at": "Stage 1"})
    news = News(world)
    world.go_to_day(date(2026, 11, 16), time(17))
    heard = news.events()
    assert heard == {
        IRO: ["C-1 has moved to stage 2 by itself"],
        SERVICE_MANAGER: ["C-1 is now with you: reply"],
        TEAM_MANAGER: ["A reply to C-1 is late"],
        SOCIAL_WORKER: ["For information: C-1 is at stage 2 (nothing to do)"],
    }
    assert "Reply by 5 pm, Mon 23 Nov 2026: 5 working days." in words_of(world, SERVICE_MANAGER)
    # The next stage prompts: one step, and the IRO decides.
    world.go_to_day(date(2026, 11, 23), time(17))
    assert "No reply to C-1 by Mon 23 Nov. What next?" in news.events()[IRO]


@pytest.mark.slow
def test_where_each_is_asked_the_stage_waits_for_all_of_them(begin_briefly: Begin) -> None:
    stage_2 = 'addressees = ["service_manager"]\nanswer = "any"'
    each = 'addressees = ["service_manager", "assistant_director"]\nanswer = "each"'
    world = begin_briefly(MONDAY, rules((stage_2, each)))
    log(world, {"Start at": "Stage 2"})
    news = News(world)
    reply(world, SERVICE_MANAGER)
    assert news.since() == {IRO: ["Sunil Rao has replied to C-1"]}
    assert "Still awaited: Ada Frost." in words_of(world, IRO)
    world.go_to_day(date(2026, 11, 9), time(17))
    assert news.events() == {
        IRO: ["No reply to C-1 by Mon 9 Nov. What next?"],
        ASSISTANT_DIRECTOR: ["A reply to C-1 is late"],
        DIRECTOR: ["A reply to C-1 is late"],
    }


@pytest.mark.slow
def test_a_reply_without_a_verdict_is_named_daily_then_told_to_the_iro_manager(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 3"})
    reply(world, ASSISTANT_DIRECTOR)
    news = News(world)
    world.go_to_day(date(2026, 11, 9), time(16, 59))
    assert news.since() == {IRO: [f"Your day, {day} Nov" for day in ("Tue 3", "Wed 4", "Thu 5", "Fri 6", "Mon 9")]}
    world.go_to_day(date(2026, 11, 9), time(17))
    assert news.since() == {IRO_MANAGER: ["C-1: no decision since"]}
    assert labels(world.last(IRO_MANAGER)) == ["Open"]
    assert "A reply came on Mon 2 Nov 2026. Ann Lee (IRO) has not decided what comes next." in words_of(
        world, IRO_MANAGER
    )


@pytest.mark.slow
def test_a_plan_by_date_comes_back_to_the_iro_on_its_date(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    plan: dict[str, Filled] = {"By": date(2026, 11, 6)}
    reply(world, TEAM_MANAGER, "Agreed, with a plan by date", "A plan.", **plan)
    news = News(world)
    world.go_to_day(date(2026, 11, 6), time(16, 59))
    assert news.events() == {}, "who promised it is reminded in the morning"
    world.go_to_day(date(2026, 11, 6), time(17))
    assert news.since() == {IRO: ["C-1: the plan was due by Fri 6 Nov. Is it done?"]}
    assert labels(world.last(IRO)) == ["Read the reply", "Not done: move up", "New date", "Done: close"]
    fill(world, IRO, "New date", {"New date": date(2026, 11, 10), "Reason": "The carer was ill."})
    world.go_to_day(date(2026, 11, 10), time(17))
    assert news.events() == {
        TEAM_MANAGER: ["C-1: your plan is now due by Tue 10 Nov"],
        IRO: ["C-1: the plan was due by Tue 10 Nov. Is it done?"],
    }
    world.go_to_day(date(2026, 11, 11))
    fill(world, IRO, "Not done: move up", {"Reason": "Still not."})
    assert news.events()[SERVICE_MANAGER] == ["C-1 is now with you: reply"]


@pytest.mark.slow
def test_whoever_promised_a_plan_says_it_is_done_before_its_date(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    reply(world, TEAM_MANAGER, "Agreed, with a plan by date", "A plan.", By=date(2026, 11, 6))
    news = News(world)
    type_and_fill(
        world,
        TEAM_MANAGER,
        "/concern C-1 reply",
        {"What do you want to add?": "Done.", "The plan": ["The plan is done"]},
    )
    assert news.since() == {IRO: ["Tess Hill says the plan for C-1 is done"]}
    assert labels(world.last(IRO)) == ["Read the reply", "Not satisfied: move up", "Ask again", "Satisfied: close"]
    world.go_to_day(date(2026, 11, 6), time(18))
    assert news.events() == {}


def test_the_immediate_route_is_seen_within_the_hour_with_the_telephone_line(begin_briefly: Begin) -> None:
    route = (
        '\n[immediate]\naddressees = ["service_manager"]\nseen_within = "1 hour"\nreply_within = "4 hours"\n'
        'hours_rule = "clock"\nsource = "A test"\nchecked_by = "nobody"\n'
        '[immediate.telephone]\nname = "Duty service manager"\nnumber = "01234 567890"\n\n[total_limit]'
    )
    world = begin_briefly(utc("2026-11-07", "22:00"), rules(("\n[total_limit]", route)))
    asked = log(world, {"Risk of significant harm": ["Yes: use the immediate route"]})
    assert "Telephone as well: Duty service manager, 01234 567890." in asked.text
    world.submit(IRO, asked, {})
    news = News(world)
    assert words_of(world, SERVICE_MANAGER).startswith("Urgent C-1: press Seen by 11 pm\n")
    world.go_to(utc("2026-11-07", "23:00"))
    unseen = ["C-1 not seen: telephone now"]
    assert news.since() == {
        ASSISTANT_DIRECTOR: ["Urgent C-1: press Seen"],
        IRO: unseen,
        IRO_MANAGER: unseen,
    }
    assert "Telephone Duty service manager, 01234 567890." in words_of(world, ASSISTANT_DIRECTOR)
    world.press(ASSISTANT_DIRECTOR, "Seen")
    world.go_to(utc("2026-11-08", "01:59"))
    heard = news.since()
    assert heard == {}, heard
    # The reply was due by 2 am on Sunday: what is urgent is told at any hour.
    world.go_to(utc("2026-11-08", "02:00"))
    assert news.events() == {
        IRO: ["No reply to C-1 by 2 am, Sun 8 Nov. What next?"],
        SERVICE_MANAGER: ["A reply to C-1 is late"],
        ASSISTANT_DIRECTOR: ["A reply to C-1 is late"],
        DIRECTOR: ["A reply to C-1 is late"],
    }


@pytest.mark.slow
def test_the_limit_of_all_stages_runs_from_the_first_formal_stage_and_no_extension_moves_it(
    begin_briefly: Begin,
) -> None:
    world = begin_briefly(MONDAY)
    log(world)
    world.wait(timedelta(days=2))
    type_and_fill(world, IRO, "/concern C-1 stage 1", {"Reason": "Formally now."})  # Wednesday 4 November
    assert "If it is not settled, all stages end on Wed 2 Dec 2026." in words_of(world, TEAM_MANAGER)
    type_and_fill(world, IRO, "/concern C-1 extend", {"New date": date(2026, 12, 18), "Reason": "Agreed."})
    news = News(world)
    world.go_to_day(date(2026, 11, 25), time(9))
    near = ["Your day, Wed 25 Nov"]
    assert news.since() == {IRO: near, IRO_MANAGER: near}
    assert "C-1 (AB-1042): all stages end Wed 2 Dec; stage 1, with Tess Hill." in words_of(world, IRO_MANAGER)
    world.go_to_day(date(2026, 12, 2), time(17))
    passed = ["All stages of C-1 ended"]
    assert news.events() == {IRO: passed, IRO_MANAGER: passed}


@pytest.mark.slow
def test_the_iro_is_asked_once_three_months_later_whether_it_lasted(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 1"})
    type_and_fill(world, IRO, "/concern C-1 close", closing("Back at school."))
    news = News(world)
    world.go_to_day(date(2026, 11, 20))
    world.sleep_until(utc("2027-01-25"))
    world.go_to_day(date(2027, 2, 1), time(23))
    assert news.events() == {}
    world.go_to_day(date(2027, 2, 2), time(9))
    assert news.since() == {IRO: ["Your day, Tue 2 Feb"]}
    assert "C-1 was closed three months ago: did the change last?" in words_of(world, IRO)
    form = world.press(IRO, "Answer")
    assert "What changed for the child: Back at school." in form.text
    world.submit(IRO, form, {"Did it last?": "Yes, it lasted"})
    world.go_to_day(date(2027, 2, 9), time(9))
    assert news.since() == {}


@pytest.mark.slow
def test_nothing_is_ever_sent_to_cafcass_and_nothing_closes_by_itself(begin_briefly: Begin) -> None:
    world = begin_briefly(MONDAY)
    log(world, {"Start at": "Stage 3"})
    world.go_to_day(date(2026, 11, 12))
    assert "No reply in time: the IRO decides what happens next" in world.command(IRO, "/concern C-1").text
    assert "cafcass" not in world.command(IRO, "/concern C-1 history").text.lower()
