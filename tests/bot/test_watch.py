"""The watch sees what waits, what fails and what is silent, in both databases, and says so once."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.settings import Settings
from bot.watch.reading import Clocks, Seen
from bot.watch.trouble import Kind, troubles
from bot.watch.watch import Watch
from scheduling.stamps import Stamp
from scheduling.troubles import Troubles
from storage import nudges
from storage.beats import Beat
from storage.database import make_engine, transaction
from storage.outbox import Outbox, OutboxState
from tests.bench import utc
from tests.cast import AUTHORITY, IRO, Cast, settle
from tests.databases import sqlite_engine

NOW = utc("2026-12-07", "10:00")
NOTHING = Seen(at=NOW)
SETTINGS = Settings.model_construct(late_after_seconds=120, unsent_after_minutes=15)


@dataclass
class Signs:
    """Loops that give those signs."""

    stamps: Sequence[Stamp] = ()
    begun: bool = True


@dataclass
class Time:
    """A clock that the test moves."""

    now: datetime = NOW
    stopped: list[str] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()


def watch(engine: Engine, time: Time, *platforms: str) -> Watch:
    clocks = Clocks(machine=time, believed=time, day=time, monotonic=time.seconds)
    return Watch(engine, SETTINGS, clocks, platforms, fresh_seconds=0)


def kinds(found: Watch, time: Time) -> list[str]:
    """What is wrong but what a made-up clock and a database without revisions bring with them."""
    return [one.kind for one in found.round(Signs()) if one.kind not in (Kind.CLOCK, Kind.SCHEMA)]


def owe(engine: Engine, cast: Cast, **columns: object) -> None:
    """Owe the IRO one message."""
    with transaction(engine, AUTHORITY) as session:
        row = Outbox(key="a key", kind="your day", person_id=cast.people[IRO], owed_at=NOW)
        for column, value in columns.items():
            setattr(row, column, value)
        session.add(row)


def test_a_nudge_that_failed_is_as_late_as_it_ever_was(engine: Engine) -> None:
    settle(engine)
    time = Time()
    with transaction(engine, AUTHORITY) as session:
        nudges.plan(session, subject="day", rung="day", due_at=NOW + timedelta(hours=1))
        (planned,) = session.exec(select(nudges.Nudge))
        planned.first_due_at, planned.failures = NOW, 3
    found = watch(engine, time)
    assert kinds(found, time) == []
    time.now = NOW + timedelta(seconds=121)
    assert kinds(found, time) == [Kind.OVERDUE]
    (late,) = found.seen().due
    assert (late.overdue.due, late.overdue.failing, late.names) == (1, 1, ["the morning"])


@pytest.mark.parametrize(
    ("columns", "waits"),
    [
        ({}, 20),
        ({"state": OutboxState.ATTEMPTED, "attempts": 2, "not_before": NOW + timedelta(hours=2)}, 20),
        ({"held_until": NOW + timedelta(minutes=10)}, 10),
        ({"held_until": NOW + timedelta(hours=1)}, 0),
        ({"not_before": NOW + timedelta(hours=1)}, 0),
        ({"look_again_at": NOW + timedelta(minutes=12), "owed_at": NOW - timedelta(days=3)}, 8),
        ({"state": OutboxState.FAILED}, 0),
    ],
    ids=["owed", "put off", "held till lately", "held", "for later", "looked for again", "given up"],
)
def test_a_message_waits_from_when_it_could_go(engine: Engine, columns: dict[str, object], waits: int) -> None:
    owe(engine, settle(engine), **columns)
    assert watch(engine, Time(NOW + timedelta(minutes=20))).seen().unsent_for == timedelta(minutes=waits)


def test_messages_that_wait_are_first_to_be_looked_at_and_then_keep_it_from_being_ready(engine: Engine) -> None:
    owe(engine, settle(engine), failure="Slack answered with an error of its own (503).")
    time = Time(NOW + timedelta(minutes=2))
    found = watch(engine, time, "slack")
    assert kinds(found, time) == [Kind.UNSENT]
    assert not [one for one in found.found(Signs()) if one.kind is Kind.UNSENT and one.keeps]
    time.now = NOW + timedelta(minutes=16)
    (late,) = [one for one in found.found(Signs()) if one.kind is Kind.UNSENT and one.keeps]
    assert late.whose == AUTHORITY
    assert "1 message waits that could go, the first since 10 am, Mon 7 Dec 2026." in late.said


def test_a_database_that_is_gone_or_takes_nothing_is_said(tmp_path: Path) -> None:
    time = Time()
    gone = watch(make_engine("postgresql+psycopg://postgres@127.0.0.1:1/nowhere"), time)  # nothing listens there
    assert kinds(gone, time) == [Kind.DATABASE]
    for engine in sqlite_engine(tmp_path):
        found = watch(engine, time)
        assert kinds(found, time) == []
        with transaction(engine, None, writes=False) as session:
            assert [one.at for one in session.exec(select(Beat))] == [NOW]
        time.now += timedelta(minutes=1)
        engine.dispose()
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only=ON")
        assert kinds(found, time) == [Kind.WRITES]


def test_a_loop_without_a_sign_or_an_end_is_named() -> None:
    time = Time()
    silent, failing, sound = (Stamp(name, time, time.seconds) for name in ("silent", "failing", "sound"))
    for second in range(400):
        time.now = NOW + timedelta(seconds=second)
        with sound.turn():
            pass
        with pytest.raises(ValueError, match="no end"), failing.turn():
            raise ValueError("no end")
    signs = Signs((silent, failing, sound))
    found = troubles(NOTHING, signs, SETTINGS, refused=False)
    assert [(one.kind, one.whose) for one in found] == [(Kind.LOOP, "silent"), (Kind.LOOP, "failing")]


def test_a_trouble_is_said_once_and_each_hour_and_when_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    time = Time()
    told = Troubles(time.seconds, logging.getLogger("bot"))
    for minute in range(130):
        time.now = NOW + timedelta(minutes=minute)
        told.look({"slack": "Slack does not answer."})
    told.look({})
    told.look({})
    assert caplog.messages == [
        "Slack does not answer.",
        "Slack does not answer. (met 61 times in 60 minutes)",
        "Slack does not answer. (met 121 times in 120 minutes)",
        "Over, after 129 minutes and met 130 times: Slack does not answer.",
    ]


def test_a_trouble_that_was_not_met_for_long_begins_anew(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody says of what fails now and then when it is over."""
    time = Time()
    told = Troubles(time.seconds, logging.getLogger("bot"))
    for hours in (0, 6, 12, 24):
        time.now = NOW + timedelta(hours=hours)
        told.met("It failed.")
    assert caplog.messages == [
        "It failed.",
        "It failed. (met 2 times in 360 minutes)",
        "It failed. (met 3 times in 720 minutes)",
        "It failed.",
    ]
