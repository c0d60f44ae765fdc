"""Who is asked themself and stands in for another who is asked owes both replies, and keeps the buttons till then."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from storage.stage_runs import Addressee
from tests.bench import Bench, button, buttons, utc, words
from tests.cast import ASSISTANT_DIRECTOR, IRO, SERVICE_MANAGER, away
from tests.databases import sqlite_engine
from tests.first_lines import undated
from tests.handlers.steps import form, leave_to_manager, people_asked, reply, said
from tests.handlers.test_overtaking import URGENT, log_urgent, standing

TODAY = date(2026, 12, 7)


@pytest.fixture
def urgent(tmp_path: Path) -> Iterator[Bench]:
    """On the immediate route each must answer; an hour later the assistant director is asked too, and covers one."""
    for engine in sqlite_engine(tmp_path):
        bench = Bench(engine, utc("2026-12-07"), URGENT)
        ref = log_urgent(bench)
        assert ref == "C-1"
        bench.wait(timedelta(hours=1))
        away(bench.engine, bench.cast, SERVICE_MANAGER, TODAY, None, ASSISTANT_DIRECTOR)
        yield bench


def part_of(bench: Bench, who: str) -> Addressee:
    return next(one for one in people_asked(bench, "C-1") if one.person_id == bench.cast.people[who])


def labels(bench: Bench, who: str) -> list[str]:
    return [one.label for one in buttons(form(bench.command(who, "/concern C-1")))]


def test_seen_is_seen_for_both(urgent: Bench) -> None:
    press = button(urgent.last(ASSISTANT_DIRECTOR), "Seen")
    assert "is marked as seen" in said(urgent.press(ASSISTANT_DIRECTOR, press))
    assert part_of(urgent, ASSISTANT_DIRECTOR).seen_at == part_of(urgent, SERVICE_MANAGER).seen_at == urgent.now
    urgent.wait(timedelta(minutes=1))
    assert "was marked as seen at 10:30 am" in said(urgent.press(ASSISTANT_DIRECTOR, press))


def test_after_the_own_reply_the_other_is_still_asked_for(urgent: Bench) -> None:
    before = standing(urgent, ASSISTANT_DIRECTOR)
    reply(urgent, ASSISTANT_DIRECTOR, "C-1")
    assert part_of(urgent, ASSISTANT_DIRECTOR).replied_at is not None
    assert part_of(urgent, SERVICE_MANAGER).replied_at is None
    assert standing(urgent, ASSISTANT_DIRECTOR) == before != []
    assert {"Reply", "Add to my reply"} <= set(labels(urgent, ASSISTANT_DIRECTOR))

    urgent.press(ASSISTANT_DIRECTOR, button(urgent.last(ASSISTANT_DIRECTOR), "Reply"))
    said(reply(urgent, ASSISTANT_DIRECTOR, "C-1"))
    assert part_of(urgent, SERVICE_MANAGER).replied_at is not None
    assert standing(urgent, ASSISTANT_DIRECTOR) == []
    assert urgent.titles(IRO)[-2:] == ["Ada Frost has replied to C-1", "Sunil Rao has replied to C-1"]


def test_what_is_added_is_added_to_the_own_reply(urgent: Bench) -> None:
    reply(urgent, ASSISTANT_DIRECTOR, "C-1")
    add = next(one for one in buttons(form(urgent.command(ASSISTANT_DIRECTOR, "/concern C-1"))) if "Add" in one.label)
    urgent.submit(ASSISTANT_DIRECTOR, form(urgent.press(ASSISTANT_DIRECTOR, add)), {"words": "And more."})
    assert urgent.titles(IRO)[-1] == "Ada Frost has added to their reply to C-1"


def test_who_passes_the_own_part_on_still_owes_the_other(urgent: Bench) -> None:
    assert "Dora King has been asked" in said(leave_to_manager(urgent, ASSISTANT_DIRECTOR, "C-1"))
    assert standing(urgent, ASSISTANT_DIRECTOR) != []
    said(reply(urgent, ASSISTANT_DIRECTOR, "C-1"))
    assert part_of(urgent, SERVICE_MANAGER).replied_at is not None
    assert standing(urgent, ASSISTANT_DIRECTOR) == []


def test_what_is_overdue_is_said_of_the_other_with_the_button(urgent: Bench) -> None:
    reply(urgent, ASSISTANT_DIRECTOR, "C-1")
    urgent.go_to_day(date(2026, 12, 8), time(10))
    told = [one.card for one in urgent.inbox(ASSISTANT_DIRECTOR) if undated(one.title) == "A reply to C-1 is late"]
    assert len(told) == 1
    assert "You stand in: please reply." in words(told[0])
    assert button(told[0], "Reply").deed == "concern.reply"
