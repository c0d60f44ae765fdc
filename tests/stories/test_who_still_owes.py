"""Whoever still owes a deed on a concern finds it before them, whatever they were told since."""

from datetime import date, timedelta

import pytest

from tests.bench import utc
from tests.cast import ASSISTANT_DIRECTOR, DIRECTOR, IRO, IRO_MANAGER, SERVICE_MANAGER, TEAM_MANAGER
from tests.screens import first_line, labels
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import News, closing, fill, last_event, log, reply, words_of
from tests.stories.test_nottinghamshire import HARM


@pytest.mark.slow
@slowly_at_teams
def test_on_the_immediate_route_whoever_is_awaited_keeps_seen_and_reply(begin: Begin) -> None:
    """The service manager and the IRO manager are asked, and an hour later neither has seen it."""
    world = begin(utc("2026-11-30"), "nottinghamshire")
    news = News(world)
    world.submit(IRO, log(world, HARM), {})
    assert set(news.events()) == {SERVICE_MANAGER, IRO_MANAGER}
    world.wait(timedelta(hours=1))
    heard = news.events()
    assert heard[IRO] == ["C-1 not seen: telephone now"]
    assert "Not yet seen by Sunil Rao and Iris Moss." in words_of(world, IRO)
    assert heard[IRO_MANAGER] == ["Urgent C-1: press Seen"]
    assert "Not yet seen by Sunil Rao." in words_of(world, IRO_MANAGER)
    assert SERVICE_MANAGER not in heard
    for who in (SERVICE_MANAGER, IRO_MANAGER, ASSISTANT_DIRECTOR, DIRECTOR):
        assert labels(world.last(who)) == ["Seen", "Reply", "Open"], who
    assert world.titles(IRO_MANAGER)[0] == "Earlier: Urgent C-1: press Seen"

    for who in (SERVICE_MANAGER, ASSISTANT_DIRECTOR, DIRECTOR):
        world.press(who, "Seen")
    world.wait(timedelta(hours=1))
    assert IRO_MANAGER not in news.events(), "she alone has not seen it: nobody tells her of herself"
    assert labels(world.last(IRO_MANAGER)) == ["Seen", "Reply", "Open"]
    reply(world, IRO_MANAGER)


@slowly_at_teams
def test_the_end_of_all_stages_leaves_the_iro_what_can_be_decided(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-11-30"))
    log(world, {"Start at": "Stage 1"})
    world.go_to_day(date(2026, 12, 1))
    reply(world, TEAM_MANAGER, "Not agreed", "It can wait.")
    decision = ["Read the reply", "Not satisfied: move up", "Ask again", "Satisfied: close"]
    assert labels(world.last(IRO)) == decision
    world.sleep_until(utc("2026-12-31", "08:00"))
    assert "All stages of C-1 ended" not in world.titles(IRO), "nobody is told before opening"
    world.sleep_until(utc("2026-12-31", "09:00"))
    assert first_line(last_event(world, IRO)) == "All stages of C-1 ended"
    assert labels(last_event(world, IRO)) == decision
    assert labels(last_event(world, IRO_MANAGER)) == ["Open"]
    fill(world, IRO, "Satisfied: close", closing())
    assert "C-1 is closed" in world.titles(TEAM_MANAGER)
