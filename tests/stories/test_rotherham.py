"""Rotherham 2011-16 (annual report 2015/16, 15.3-15.6): informal in writing, then 10 days, 5 days, 24 hours."""

from datetime import date, time

import pytest

from tests.bench import utc
from tests.cast import (
    ASSISTANT_DIRECTOR,
    CHILD,
    IRO,
    IRO_MANAGER,
    OUTSIDER,
    SERVICE_MANAGER,
    SOCIAL_WORKER,
    TEAM_MANAGER,
)
from tests.screens import plain_text_of
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import closing, last_event

pytestmark = slowly_at_teams

LOGGED = {
    "What are we worried about?": "The plan was never written up.",
    "Main reason": "Care plan not being associated",
}


@pytest.mark.slowly_on_postgres
def test_a_concern_goes_from_informal_to_stage_3_and_is_closed_by_the_iro(begin: Begin) -> None:
    world = begin(utc("2026-11-30"), "rotherham")

    form = world.command(IRO, f"/concern {CHILD}")
    logged = world.submit(IRO, form, LOGGED)
    assert "C-1 is logged informally" in logged.text
    assert world.titles(SOCIAL_WORKER) == ["Please reply to C-1"]
    assert world.titles(TEAM_MANAGER) == ["Please reply to C-1"]
    assert world.inbox(SERVICE_MANAGER) == []

    world.go_to_day(date(2026, 12, 14), time(17, 20))
    assert world.titles(IRO) == ["No reply to C-1 yet. What next?"]
    form = world.press(IRO, "Move to stage 1")
    moved = world.submit(IRO, form, {"Reason": "No reply."})
    assert "The messages go out at 9 am, Tue 15 Dec 2026. The time to reply counts from today." in moved.text
    world.go_to_day(date(2026, 12, 15), time(9))
    assert "Reply by 5 pm, Wed 30 Dec 2026: 10 working days, not counting 25 Dec and 28 Dec." in plain_text_of(
        last_event(world, TEAM_MANAGER)
    )
    assert world.titles(SOCIAL_WORKER)[-1] == "For information: C-1 is at stage 1 (nothing to do)"

    world.go_to_day(date(2026, 12, 30), time(17, 5))
    assert world.titles(IRO)[-1] == "No reply to C-1 by Wed 30 Dec. What next?"
    assert world.titles(TEAM_MANAGER)[-1] == "A reply to C-1 is late"
    assert world.titles(SERVICE_MANAGER)[-1] == "A reply to C-1 is late"
    form = world.press(IRO, "Move to stage 2")
    world.submit(IRO, form, {"Reason": "No reply at stage 1."})
    world.go_to_day(date(2026, 12, 31), time(9))
    assert "Reply by 5 pm, Thu 7 Jan 2027: 5 working days, not counting 1 Jan." in plain_text_of(
        last_event(world, SERVICE_MANAGER)
    )

    world.go_to_day(date(2027, 1, 5), time(11))
    form = world.press(SERVICE_MANAGER, "Reply")
    world.submit(SERVICE_MANAGER, form, {"Answer": "Not agreed", "What will happen": "It can wait."})
    assert world.titles(IRO)[-1] == "Sunil Rao has replied to C-1"

    world.go_to_day(date(2027, 1, 5), time(14, 15))
    form = world.press(IRO, "Not satisfied: move up")
    world.submit(IRO, form, {"Reason": "The child cannot wait."})
    asked = plain_text_of(world.last(ASSISTANT_DIRECTOR))
    assert "Reply by 2:15 pm, Wed 6 Jan 2027: 24 hours, working days only." in asked
    assert "If it is not settled, all stages end on Thu 14 Jan 2027." in asked

    world.go_to_day(date(2027, 1, 6), time(10, 40))
    form = world.press(ASSISTANT_DIRECTOR, "Reply")
    world.submit(ASSISTANT_DIRECTOR, form, {"Answer": "Agreed and done", "What will happen": "It is on file."})
    form = world.press(IRO, "Satisfied: close")
    closed = world.submit(IRO, form, closing("A plan that everyone works to."))
    assert "C-1 is closed" in closed.text
    for who in (SOCIAL_WORKER, TEAM_MANAGER, SERVICE_MANAGER, ASSISTANT_DIRECTOR):
        assert world.titles(who)[-1] == "C-1 is closed"

    world.go_to_day(date(2027, 1, 29))
    assert world.inbox(OUTSIDER) == []
    assert world.titles(IRO_MANAGER) == []
