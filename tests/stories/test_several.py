"""Three concerns at once are one message with a line for each, whose buttons work and which shrinks line by line."""

from datetime import date, time

import pytest

from tests.bench import utc
from tests.cast import IRO, SERVICE_MANAGER, SOCIAL_WORKER, TEAM_MANAGER
from tests.screens import labels, plain_text_of
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import News, log

DECIDE = ["Move to stage 2", "Agree an extension", "Record a reply", "Open"]


@pytest.mark.slow
@slowly_at_teams
def test_three_deadlines_pass_at_five_and_the_iro_answers_line_by_line(begin_briefly: Begin, platform: str) -> None:
    world = begin_briefly(utc("2026-12-07"))
    for _ in range(3):
        log(world, {"Start at": "Stage 1"})
    world.go_to_day(date(2026, 12, 21), time(16, 59))
    news = News(world)
    world.go_to_day(date(2026, 12, 21), time(17))
    assert news.since() == {
        IRO: ["No reply to C-1, C-2 and C-3 by Mon 21 Dec. What next?"],
        TEAM_MANAGER: ["Replies to C-1, C-2 and C-3 are late (Mon 21 Dec)"],
        SERVICE_MANAGER: ["Replies to C-1, C-2 and C-3 are late (Mon 21 Dec)"],
    }
    asked = world.last(IRO)
    assert labels(asked) == DECIDE * 3
    seen = world.people[IRO].press(asked, "Move to stage 2", near="C-2")
    world.submit(IRO, seen, {"Reason": "No reply came."})
    world.beat()
    assert labels(asked) == DECIDE * 2
    read = plain_text_of(asked)
    assert read.startswith("No reply to C-1 and C-3 by Mon 21 Dec. What next?")
    assert "Earlier: No reply to C-2 by Mon 21 Dec. What next?" in read
    late = next(one for one in world.inbox(TEAM_MANAGER) if plain_text_of(one).startswith("Replies to"))
    world.people[TEAM_MANAGER].press(late, "Reply", near="C-3")
    for ref in ("C-1", None):
        seen = world.people[IRO].press(asked, "Move to stage 2", near=ref)
        world.submit(IRO, seen, {"Reason": "No reply came."})
        world.beat()
    assert labels(asked) == []
    assert [line for line in plain_text_of(asked).splitlines() if line.strip()] == [
        f"Earlier: No reply to C-{number} by Mon 21 Dec. What next?" for number in (1, 2, 3)
    ]

    news.since()
    world.go_to_day(date(2026, 12, 22), time(9))
    assert news.events()[SERVICE_MANAGER] == ["C-1, C-2 and C-3 are now with you: reply"]
    assert labels(world.inbox(SERVICE_MANAGER)[-1])[:3] == ["Reply", "Open", "This needs my manager"]


@slowly_at_teams
def test_what_was_logged_in_the_evening_waits_for_one_message_at_nine(begin_briefly: Begin, platform: str) -> None:
    world = begin_briefly(utc("2026-12-04", "18:30"))
    for _ in range(3):
        log(world, {"Start at": "Informal"})
    world.go_to_day(date(2026, 12, 7), time(8, 59))
    news = News(world)
    world.go_to_day(date(2026, 12, 7), time(9))
    asked = ["Please reply to C-1, C-2 and C-3"]
    assert news.events() == {SOCIAL_WORKER: asked, TEAM_MANAGER: asked}
