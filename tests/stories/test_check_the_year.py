"""The question about a year, and an agreed date brought back, as people see them on both platforms."""

from datetime import date

import pytest

from tests.bench import utc
from tests.cast import IRO, SOCIAL_WORKER, TEAM_MANAGER
from tests.screens import Filled
from tests.stories.conftest import Begin, on_both_platforms
from tests.stories.telling import News, log, type_and_fill

REASON = "The school is closed until then."


@pytest.mark.slow
@on_both_platforms
def test_a_year_is_asked_about_once_and_a_date_agreed_is_brought_back(begin_briefly: Begin) -> None:
    world = begin_briefly(utc("2026-12-07"))
    log(world, {"Start at": "Stage 1"})
    news = News(world)
    typed: dict[str, Filled] = {"New date": date(2027, 4, 5), "Reason": REASON}
    refused = type_and_fill(world, IRO, "/concern C-1 extend", {**typed, "New date": date(2207, 4, 5)})
    assert "Give a day from 1990 to 2100: check the year." in str(refused.errors)
    asked = type_and_fill(world, IRO, "/concern C-1 extend", typed)
    assert asked.view is not None
    assert "Check the year: New date, Mon 5 Apr 2027 is more than 2 months ahead." in asked.text
    assert REASON in str(asked.view), "nothing typed is lost"
    assert news.events() == {}
    done = world.submit(IRO, asked, {"Check the year": ["Yes, Mon 5 Apr 2027 is right"]})
    assert "the new time to reply is 5 pm, Mon 5 Apr 2027" in done.text
    assert news.events() == {
        TEAM_MANAGER: ["More time for C-1: reply"],
        SOCIAL_WORKER: ["For information: more time for C-1 (nothing to do)"],
    }
    back = type_and_fill(world, IRO, "/concern C-1 extend", {"New date": date(2027, 1, 11), "Reason": "January."})
    assert "the new time to reply is 5 pm, Mon 11 Jan 2027" in back.text
    assert news.events() == {
        TEAM_MANAGER: ["Another date for C-1: reply"],
        SOCIAL_WORKER: ["For information: another date for C-1 (nothing to do)"],
    }
    history = world.command(IRO, "/concern C-1 history").text
    assert "agreed an extension (until Mon 5 Apr 2027)" in history
    assert "put an agreed date right (until Mon 11 Jan 2027, before until Mon 5 Apr 2027)" in history
