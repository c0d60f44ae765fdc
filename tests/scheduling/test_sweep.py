"""Every due nudge is fired once with its effect, and one that fails holds up nobody."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from scheduling.sweep import SweepCounters, sweep
from storage import history, nudges
from storage.database import transaction
from storage.history import History
from storage.nudges import Nudge

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NORTH, SOUTH = "northshire", "southmoor"


def plan(engine: Engine, *subjects: str, authority: str = NORTH, due_at: datetime = NOW) -> None:
    with transaction(engine, authority) as session:
        for number, subject in enumerate(subjects):
            nudges.plan(
                session, subject=subject, rung="deadline", due_at=due_at + timedelta(microseconds=number), run_id=7
            )


def planned(engine: Engine, authority: str = NORTH) -> list[Nudge]:
    with transaction(engine, authority, writes=False) as session:
        # To mypy a column is its value.
        return list(session.exec(select(Nudge).order_by(Nudge.due_at)))  # type: ignore[arg-type]


def told(engine: Engine, authority: str = NORTH) -> list[str]:
    with transaction(engine, authority, writes=False) as session:
        # To mypy a column is its value.
        return list(session.exec(select(History.chain).order_by(History.id)))  # type: ignore[arg-type]


def tell(session: Session, nudge: Nudge, now: datetime) -> None:
    history.record(session, chain=nudge.subject, at=now, actor_id=None, what=f"{nudge.rung} {nudge.run_id}")


def fails_for(*subjects: str) -> Callable[[Session, Nudge, datetime], None]:
    def fire(session: Session, nudge: Nudge, now: datetime) -> None:
        tell(session, nudge, now)
        if nudge.subject in subjects:
            raise KeyError("a child's name")

    return fire


LATE = NOW + timedelta(minutes=1)


def test_due_nudges_of_every_authority_are_fired_once_and_others_stay(engine: Engine) -> None:
    plan(engine, "concern:1", "concern:2")
    plan(engine, "concern:3", authority=SOUTH)
    plan(engine, "concern:4", due_at=LATE + timedelta(seconds=1))
    counters = SweepCounters()
    assert sweep(engine, LATE, tell, counters=counters) is False
    assert sweep(engine, LATE, tell, counters=counters) is False
    assert sorted(told(engine)) == ["concern:1", "concern:2"]
    assert told(engine, SOUTH) == ["concern:3"]
    assert [nudge.subject for nudge in planned(engine)] == ["concern:4"]
    assert counters == SweepCounters(fired=3, failed=0)


def test_it_takes_a_batch_and_says_whether_there_is_more(engine: Engine) -> None:
    plan(engine, *(f"concern:{number}" for number in range(7)))
    assert sweep(engine, LATE, tell, batch=4) is True
    assert len(planned(engine)) == 3
    assert sweep(engine, LATE, tell, batch=4) is False
    assert planned(engine) == []


def test_a_batch_ends_early_when_it_has_lasted_long_enough(engine: Engine) -> None:
    plan(engine, *(f"concern:{number}" for number in range(5)))
    seconds = iter(range(100))
    assert sweep(engine, LATE, tell, monotonic=lambda: next(seconds) / 50) is True
    assert 1 <= len(told(engine)) < 5
    assert len(told(engine)) + len(planned(engine)) == 5


def test_a_nudge_that_fails_leaves_nothing_behind_and_the_rest_go_on(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    plan(engine, "concern:1", "concern:2", "concern:3")
    counters = SweepCounters()
    assert sweep(engine, LATE, fails_for("concern:1"), counters=counters) is False
    assert sorted(told(engine)) == ["concern:2", "concern:3"]
    assert counters == SweepCounters(fired=2, failed=1)
    assert "KeyError" in caplog.text
    assert "child" not in caplog.text
    (put_off,) = planned(engine)
    assert (put_off.subject, put_off.rung, put_off.run_id) == ("concern:1", "deadline", 7)
    assert put_off.due_at == LATE + timedelta(seconds=30)
    assert sweep(engine, put_off.due_at, tell) is False
    assert "concern:1" in told(engine)


def test_it_is_put_off_longer_each_time(engine: Engine) -> None:
    plan(engine, "concern:1")
    now, delays = LATE, []
    for _ in range(12):
        sweep(engine, now, fails_for("concern:1"))
        (nudge,) = planned(engine)
        assert len(nudge.id) <= 32
        delays.append((nudge.due_at - now).total_seconds())
        now = nudge.due_at
    assert delays[:4] == [30, 60, 120, 240]
    assert delays[-1] == 6 * 3600


def test_one_authoritys_fault_does_not_stop_the_others(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Northshire's entries cannot be written, which shows only when its transaction commits."""
    plan(engine, "concern:1")
    plan(engine, "concern:2", authority=SOUTH)

    def misrecord(session: Session, nudge: Nudge, now: datetime) -> None:
        what = "x" if nudge.authority == SOUTH else None
        # None is what the database must refuse.
        history.record(session, chain=nudge.subject, at=now, actor_id=None, what=what)  # type: ignore[arg-type]

    sweep(engine, LATE, misrecord)
    assert told(engine, SOUTH) == ["concern:2"]
    assert [nudge.subject for nudge in planned(engine)] == ["concern:1"]
    assert "a batch failed" in caplog.text


def test_a_nudge_that_forgets_the_others_of_its_subject_is_not_followed_by_them(engine: Engine) -> None:
    plan(engine, "day", "day", "concern:1")

    def morning(session: Session, nudge: Nudge, now: datetime) -> None:
        tell(session, nudge, now)
        if nudge.subject == "day":
            nudges.forget(session, "day")
            nudges.plan(session, subject="day", rung="day", due_at=now + timedelta(days=1))

    sweep(engine, LATE, morning)
    assert sorted(told(engine)) == ["concern:1", "day"]
    assert [(nudge.subject, nudge.due_at) for nudge in planned(engine)] == [("day", LATE + timedelta(days=1))]


def test_four_sweeps_at_once_fire_each_nudge_once(engine: Engine) -> None:
    plan(engine, *(f"concern:{number}" for number in range(20)))

    def keep_sweeping(_: int) -> None:
        while sweep(engine, LATE, tell, batch=3):
            pass

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(keep_sweeping, range(4)))
    while sweep(engine, LATE, tell):
        pass
    assert sorted(told(engine)) == sorted(f"concern:{number}" for number in range(20))
    assert planned(engine) == []
