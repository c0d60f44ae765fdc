"""Southwark (annual report 2017/18): mostly informal with the team manager; an IRO may bypass any stage."""

from datetime import date, time, timedelta

import pytest

from tests.bench import utc
from tests.cast import ASSISTANT_DIRECTOR, IRO, SERVICE_MANAGER, SOCIAL_WORKER, TEAM_MANAGER
from tests.screens import labels
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import News, closing, fill, log, press_in, reply, type_and_fill, words_of

pytestmark = [slowly_at_teams, pytest.mark.slowly_on_postgres]

RULES = "southwark"


@pytest.mark.slow
def test_informal_with_the_team_manager_then_straight_to_the_assistant_director_then_withdrawn(begin: Begin) -> None:
    world = begin(utc("2026-11-30"), RULES)
    news = News(world)

    log(world)
    assert news.since() == {TEAM_MANAGER: ["Please reply to C-1"]}  # and not the social worker
    assert "There is no set time to reply. The IRO will ask if it stays quiet." in words_of(world, TEAM_MANAGER)
    world.go_to_day(date(2026, 12, 3), time(11))
    assert news.since() == {}

    form = world.command(IRO, "/concern C-1 stage 3")
    assert "Asked to reply: Ada Frost (Assistant Director)." in form.text
    assert "This skips Stage 1 and Stage 2. You may; say why in the reason." in form.text
    assert world.people[IRO].choices(form, "Stage") == ["Stage 1", "Stage 2", "Stage 3"]
    assert news.since() == {}  # shown, not sent
    moved = world.submit(IRO, form, {"Reason": "The move is on Friday."})
    assert "C-1 is now at stage 3. Asked: Ada Frost." in moved.text
    assert news.since() == {
        ASSISTANT_DIRECTOR: ["C-1 is now with you: reply"],
        TEAM_MANAGER: ["For information: C-1 is at stage 3 (nothing to do)"],
        SOCIAL_WORKER: ["For information: C-1 (nothing to do)"],
    }
    assert "Reply by 11 am, Fri 4 Dec 2026" in words_of(world, ASSISTANT_DIRECTOR)
    assert "Friday" not in words_of(world, ASSISTANT_DIRECTOR)

    withdrawn = type_and_fill(
        world, IRO, "/concern C-1 withdraw", {"What changed for the child": "The move was called off."}
    )
    assert "C-1 is withdrawn. Everyone who was asked is told." in withdrawn.text
    assert news.since() == {who: ["C-1 has been withdrawn"] for who in (ASSISTANT_DIRECTOR, TEAM_MANAGER)}
    assert world.inbox(SERVICE_MANAGER) == []
    world.go_to_day(date(2026, 12, 31))
    assert news.since() == {IRO: ["Your day, Mon 7 Dec"]}, "once: is the copy on the record?"
    assert "C-1 (AB-1042) was closed on Thu 3 Dec: is the copy on the child's record?" in words_of(world, IRO)


@pytest.mark.slow
def test_a_reason_for_skipping_is_asked_for_but_never_insisted_on(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-11-30"), RULES)
    news = News(world)
    form = world.command(IRO, "/concern AB-1042")
    assert "Reason for starting here" in form.text

    log(world, {"Start at": "Stage 3"})
    assert news.since() == {
        ASSISTANT_DIRECTOR: ["Please reply to C-1"],
        SOCIAL_WORKER: ["For information: C-1 (nothing to do)"],
    }
    log(world, {"Start at": "Stage 2", "Reason for starting here": "The manager is part of it."})
    assert "The manager is part of it." in world.command(SERVICE_MANAGER, "/concern C-2").text


def test_whom_another_stage_would_ask_is_shown_before_it_is_asked(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-11-30"), RULES)
    log(world)
    news = News(world)

    form = world.command(IRO, "/concern C-1 stage 1")
    assert "Asked to reply: Tess Hill (Team manager)" in form.text.replace("Manager", "manager")
    shown = press_in(world, IRO, form, "Show whom this asks", {"Stage": "Stage 2", "Reason": "Too slow."})
    assert "Asked to reply: Sunil Rao (Service Manager)" in shown.text
    assert news.since() == {}
    assert "Too slow." in shown.text  # what was typed stays


@pytest.mark.slow
def test_informal_is_asked_about_after_10_working_days_and_may_be_closed_there(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-11-30"), RULES)
    news = News(world)
    log(world)
    news.since()

    world.go_to_day(date(2026, 12, 14), time(16, 59))
    assert news.since() == {}
    world.wait(timedelta(minutes=2))
    assert news.since() == {IRO: ["No reply to C-1 yet. What next?"]}
    assert labels(world.last(IRO)) == ["Move to stage 1", "Agree an extension", "Record a reply", "Open"]
    world.go_to_day(date(2026, 12, 15))
    news.since()
    fill(
        world,
        IRO,
        "Record a reply",
        {"Who replied?": "Tess Hill", "Answer": "Agreed and done", "What will happen": "She rang: it is done."},
    )
    assert news.since() == {
        IRO: ["Tess Hill has replied to C-1"],
        TEAM_MANAGER: ["Ann Lee has recorded your reply to C-1"],
    }
    fill(world, IRO, "Satisfied: close", closing("Seen every fortnight again."))
    assert news.since() == {TEAM_MANAGER: ["C-1 is closed"]}


def test_a_reply_to_the_informal_step_comes_back_to_the_iro_alone(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-11-30"), RULES)
    log(world)
    news = News(world)
    reply(world, TEAM_MANAGER, "Agreed, with a plan by date", "A new plan.", By=date(2026, 12, 11))
    assert news.since() == {IRO: ["Tess Hill has replied to C-1"]}
    assert "There is a plan by Fri 11 Dec 2026." in words_of(world, IRO)
