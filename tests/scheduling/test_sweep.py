"""Every due nudge is fired once with its effect, and one that fails holds up nobody."""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from scheduling.sweep import LEASE, Fire, Sweep, SweepCounters
from storage import authorities, history, nudges
from storage.authorities import Authority
from storage.database import transaction
from storage.history import History
from storage.nudges import Due, Nudge

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NORTH, SOUTH = "northshire", "southmoor"


def plan(engine: Engine, *subjects: str, authority: str = NORTH, due_at: datetime = NOW) -> None:
    with transaction(engine, authority) as session:
        if authorities.find(session, authority) is None:
            session.add(Authority(key=authority, name="", procedures_name="", procedures_digest="", created_at=due_at))
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


One = Callable[[Session, Due, datetime], None]


def each(one: One) -> Fire:
    """Every nudge of a set by itself, none passed over."""

    def fire(session: Session, due: Sequence[Due], now: datetime) -> Collection[Due]:
        for nudge in due:
            one(session, nudge, now)
        return ()

    return fire


@each
def tell(session: Session, nudge: Due, now: datetime) -> None:
    history.record(session, chain=nudge.subject, at=now, actor_id=None, what=f"{nudge.rung} {nudge.run_id}")


def fails_for(*subjects: str) -> Fire:
    @each
    def fire(session: Session, nudge: Due, now: datetime) -> None:
        tell(session, [nudge], now)
        if nudge.subject in subjects:
            raise KeyError("a child's name")

    return fire


def sweep(engine: Engine, now: datetime, fire: Fire, counters: SweepCounters | None = None) -> bool:
    """One turn after the other, until nothing is left that can go now."""
    one = Sweep(engine, fire, counters=counters)
    while one.turn(now):
        pass
    return False


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


def test_it_takes_a_set_and_says_whether_there_is_more(engine: Engine) -> None:
    plan(engine, *(f"concern:{number}" for number in range(17)))
    one = Sweep(engine, tell)
    assert one.turn(LATE) is True
    assert len(planned(engine)) == 7
    assert one.turn(LATE) is False
    assert planned(engine) == []


def test_a_set_is_as_large_as_fits_in_its_time(engine: Engine) -> None:
    """The clock of this test says that each nudge takes a millisecond. Of eighty the clock is looked at after fifty."""
    plan(engine, *(f"concern:{number}" for number in range(200)))
    sizes: list[int] = []
    seconds = [0.0]

    def fire(session: Session, due: Sequence[Due], now: datetime) -> Collection[Due]:
        sizes.append(len(due))
        seconds[0] += len(due) / 1024
        return tell(session, due, now)

    one = Sweep(engine, fire, monotonic=lambda: seconds[0])
    while one.turn(LATE):
        pass
    assert sizes[:5] == ([10, 20, 40, 40, 40] if engine.dialect.name == "sqlite" else [10, 20, 40, 50, 30])
    assert len(told(engine)) == 200


def test_two_of_one_subject_never_go_together(engine: Engine) -> None:
    plan(engine, "concern:1", "concern:1", "concern:2", "concern:1")
    sets: list[list[str]] = []

    def fire(session: Session, due: Sequence[Due], now: datetime) -> Collection[Due]:
        sets.append([one.subject for one in due])
        return tell(session, due, now)

    sweep(engine, LATE, fire)
    assert sets == [["concern:1", "concern:2"], ["concern:1"], ["concern:1"]]


def test_what_somebody_is_at_work_at_stays_due_and_the_rest_go_on(engine: Engine) -> None:
    plan(engine, *(f"concern:{number}" for number in range(30)))
    busy = {f"concern:{number}" for number in range(15)}

    def fire(session: Session, due: Sequence[Due], now: datetime) -> Collection[Due]:
        tell(session, [one for one in due if one.subject not in busy], now)
        return [one for one in due if one.subject in busy]

    one = Sweep(engine, fire)
    assert sum(one.turn(LATE) for _ in range(5)) < 5
    assert {nudge.subject for nudge in planned(engine)} == busy
    assert all(nudge.first_due_at is None for nudge in planned(engine)), "nothing failed"
    busy.clear()
    sweep(engine, LATE, fire)
    assert sorted(told(engine)) == sorted(f"concern:{number}" for number in range(30))


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
    assert (put_off.first_due_at, put_off.failures) == (NOW, 1), "it stays as late as it was"
    assert (put_off.subject, put_off.rung, put_off.run_id) == ("concern:1", "deadline", 7)
    assert put_off.due_at == LATE + timedelta(seconds=30)
    assert sweep(engine, put_off.due_at, tell) is False
    assert "concern:1" in told(engine)


def test_what_fails_is_one_line_however_often_it_is_met(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    subjects = [f"concern:{number}" for number in range(5)]
    plan(engine, *subjects)
    seconds = [0.0]
    one = Sweep(engine, fails_for(*subjects), monotonic=lambda: seconds[0])
    for minutes in (1, 2, 30, 70):
        seconds[0] = minutes * 60.0
        while one.turn(NOW + timedelta(minutes=minutes)):
            pass
    line = "sweep: the rung deadline failed with KeyError (northshire)"
    assert caplog.messages == [line, f"{line} (met 16 times in 69 minutes)"]


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

    @each
    def misrecord(session: Session, nudge: Due, now: datetime) -> None:
        what = "x" if nudge.subject == "concern:2" else None
        # None is what the database must refuse.
        history.record(session, chain=nudge.subject, at=now, actor_id=None, what=what)  # type: ignore[arg-type]

    sweep(engine, LATE, misrecord)
    assert told(engine, SOUTH) == ["concern:2"]
    assert [(nudge.subject, nudge.failures) for nudge in planned(engine)] == [("concern:1", 1)]
    assert "the rung deadline failed" in caplog.text


def test_a_nudge_that_forgets_the_others_of_its_subject_is_not_followed_by_them(engine: Engine) -> None:
    plan(engine, "day", "day", "concern:1")

    @each
    def morning(session: Session, nudge: Due, now: datetime) -> None:
        tell(session, [nudge], now)
        if nudge.subject == "day":
            nudges.forget(session, "day")
            nudges.plan(session, subject="day", rung="day", due_at=now + timedelta(days=1))

    sweep(engine, LATE, morning)
    assert sorted(told(engine)) == ["concern:1", "day"]
    assert [(nudge.subject, nudge.due_at) for nudge in planned(engine)] == [("day", LATE + timedelta(days=1))]


def test_four_sweeps_at_once_fire_each_nudge_once(engine: Engine) -> None:
    plan(engine, *(f"concern:{number}" for number in range(80)))

    def keep_sweeping(_: int) -> None:
        sweep(engine, LATE, tell)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(keep_sweeping, range(4)))
    sweep(engine, LATE, tell)
    assert sorted(told(engine)) == sorted(f"concern:{number}" for number in range(80))
    assert planned(engine) == []


def test_a_morning_is_begun_by_one_and_once_more_when_that_one_is_gone(engine: Engine) -> None:
    plan(engine, "day", "concern:1")
    begun: list[datetime] = []

    def begin(engine: Engine, authority: str, due: Due, now: datetime) -> None:
        begun.append(due.since)
        Sweep(engine, tell, morning=begin).turn(now)  # another process looks meanwhile: to it nothing is due but this
        if len(begun) == 1:
            raise InterruptedError

    one = Sweep(engine, tell, morning=begin)
    one.turn(LATE)
    assert told(engine) == ["concern:1"]
    (left,) = planned(engine)
    assert (left.subject, left.first_due_at, left.failures) == ("day", NOW, 1)
    one.turn(left.due_at)
    assert begun == [NOW, NOW], "as late as it was"
    assert planned(engine) == []


def test_a_morning_whose_process_is_gone_is_as_late_as_it_is(engine: Engine) -> None:
    plan(engine, "day")
    with transaction(engine, NORTH) as session:
        (one,) = nudges.claim(session, LATE, 10).due
        leased = nudges.lease(session, one, LATE + LEASE)
    with transaction(engine, NORTH, writes=False) as session:
        assert nudges.due_of_authorities(session, LATE) == []
        assert nudges.failing_of_authorities(session) == [], "it has not failed"
        assert [since for _, since, _ in nudges.due_of_authorities(session, leased.due_at)] == [NOW]


def test_one_that_failed_and_is_gone_by_then_is_not_planned_again(engine: Engine) -> None:
    """It took effect in another process, or somebody's act dropped it, before it could be put off."""
    plan(engine, "concern:1")
    (one,) = planned(engine)
    due = Due(**{name: getattr(one, name) for name in Due._fields})
    with transaction(engine, NORTH) as session:
        nudges.done(session, [due])
    with transaction(engine, NORTH) as session:
        nudges.put_off(session, due, LATE)
    assert planned(engine) == []


def test_what_waits_for_a_lock_has_not_failed(engine: Engine) -> None:
    plan(engine, "concern:1")

    class HeldByAnother(Exception):
        sqlstate = "55P03"

    def fire(session: Session, due: Sequence[Due], now: datetime) -> Collection[Due]:
        raise OperationalError("", {}, HeldByAnother())

    one = Sweep(engine, fire)
    assert one.turn(LATE) is False
    (left,) = planned(engine)
    assert (left.due_at, left.failures, one.counters.failed) == (NOW, 0, 0)


def test_what_is_dear_after_much_that_was_cheap_keeps_the_lock_no_longer(engine: Engine) -> None:
    plan(engine, *(f"concern:{number}" for number in range(1200)))
    seconds, lasted = [0.0], list[float]()

    def fire(session: Session, due: Sequence[Due], now: datetime) -> Collection[Due]:
        dear = [one for one in due if int(one.subject.partition(":")[2]) >= 600]
        seconds[0] += len(dear) / 500
        lasted.append(seconds[0])
        return ()

    sweep = Sweep(engine, fire, monotonic=lambda: seconds[0])
    longest, before = 0.0, 0.0
    while sweep.turn(LATE):
        longest, before = max(longest, seconds[0] - before), seconds[0]
    assert planned(engine) == []
    assert longest <= 0.15
