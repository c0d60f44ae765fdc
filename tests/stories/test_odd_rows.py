"""A row from before its day was looked at, or that makes no sense: shown or said, named, and it stops no other."""

import logging
from collections.abc import Iterator
from datetime import date, datetime

import httpx2
import pytest

from bot.doctor_rows import examine_rows
from handlers.undrawn import CANNOT_BE_SHOWN
from scheduling.working_days import at_local
from storage import concerns, nudges, stage_runs
from storage.concerns import Concern
from storage.database import transaction
from storage.stage_runs import StageRun
from tests.bench import utc
from tests.cast import AUTHORITY, IRO, TEAM_MANAGER
from tests.screens import Filled
from tests.stories.conftest import Begin, slowly_at_teams
from tests.stories.telling import WORRY, log, type_and_fill, words_of
from tests.world import AnyWorld

STAGE_1: dict[str, Filled] = {"Start at": "Stage 1"}
FAR = date(2207, 6, 2)


def change(world: AnyWorld, which: int, **columns: object) -> None:
    """Change the stage run of a concern behind the product's back, or the concern where the column is its own."""
    with transaction(world.engine, AUTHORITY) as session:
        concern = concerns.by_number(session, which)
        assert concern is not None
        run = stage_runs.get(session, concern.run_id or 0)
        assert run is not None
        for column, value in columns.items():
            row: Concern | StageRun = run if column in StageRun.model_fields else concern
            setattr(row, column, value)
            session.add(row)
        if "due_at" in columns:
            nudges.forget(session, f"concern:{concern.id}")


def warned(world: AnyWorld) -> list[str]:
    """What readiness says beside "ready"."""
    return list(world.service.housekeeping.warnings(world.now))


def lines_of_doctor(world: AnyWorld, now: datetime) -> Iterator[str]:
    return (str(one) for one in examine_rows(world.engine, AUTHORITY, now))


@pytest.mark.slow
@slowly_at_teams
def test_a_date_of_another_century_is_shown_named_and_put_right(begin: Begin) -> None:
    world = begin(utc("2026-12-07"))
    log(world, STAGE_1)
    log(world, STAGE_1)
    assert warned(world) == []
    assert list(lines_of_doctor(world, world.now)) == ["ok  concerns: all that are open can be shown."]
    change(world, 1, due_at=at_local(FAR, world.now.time()), extensions=1)
    listed = world.command(IRO, "/concern list").text
    assert "Tue 2 Jun 2207" in listed
    assert "C-2" in listed
    shown = world.command(IRO, "/concern C-1")
    assert "Tue 2 Jun 2207 (date agreed). Check the year." in shown.text
    assert WORRY in shown.text
    assert warned(world) == [
        'C-1 is to be replied to by Tue 2 Jun 2207. Its IRO puts the date right with "Agree an extension".'
    ]
    assert "iro_bot_odd_rows 1" in httpx2.get(f"{world.people[IRO].bot_url}/metrics", trust_env=False).text
    assert any(line.startswith("FAIL  concerns: C-1 is to be replied") for line in lines_of_doctor(world, world.now))
    world.sleep_until(utc("2026-12-21"))
    assert "C-2 (AB-1042): reply to Ann Lee by 5 pm today" in words_of(world, TEAM_MANAGER)
    type_and_fill(world, IRO, "/concern C-1 extend", {"New date": date(2027, 1, 8), "Reason": "2027 was meant."})
    assert "Reply by 5 pm, Fri 8 Jan 2027 (date agreed)" in world.command(IRO, "/concern C-1").text
    assert warned(world) == []


@slowly_at_teams
def test_what_makes_no_sense_is_said_in_its_place_and_takes_no_other_with_it(
    begin_briefly: Begin, caplog: pytest.LogCaptureFixture
) -> None:
    world = begin_briefly(utc("2026-12-07"))
    log(world, STAGE_1)
    log(world, STAGE_1)
    log(world, STAGE_1)
    change(world, 1, number=99)
    change(world, 2, procedures_digest="of no text")
    caplog.set_level(logging.INFO)
    shown = world.command(IRO, "/concern C-1")
    assert f"A part of C-1 {CANNOT_BE_SHOWN}" in shown.text
    assert WORRY in shown.text
    assert "Close" in shown.buttons
    world.sleep_until(utc("2026-12-21"))
    morning = words_of(world, TEAM_MANAGER)
    assert f"C-2 {CANNOT_BE_SHOWN}" in morning
    assert "C-3 (AB-1042): reply to Ann Lee by 5 pm today" in morning
    listed = world.command(IRO, "/concern list").text
    assert "C-1" in listed
    assert "C-3" in listed
    assert {line.split()[0].rstrip(":") for line in warned(world)} >= {"C-1", "C-2"}
    doctor = "\n".join(lines_of_doctor(world, world.now))
    assert "FAIL  concerns: C-2 cannot be shown whole." in doctor
    said = [record.getMessage() for record in caplog.records if "cannot be drawn" in record.getMessage()]
    assert any(line.startswith(f"C-2 of {AUTHORITY} cannot be drawn: Refused at ") for line in said)
    assert WORRY not in caplog.text
